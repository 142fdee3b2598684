"""Titles written as free text."""

import pytest

from teacherreg.intake.titles_text import read_titles

LEVELS = {"市": "prefecture", "市级": "prefecture", "区级": "province", "区": "province"}


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("自治区级骨干教师", [("province", "backbone_teacher", None, None)]),
        ("市级学科带头人", [("prefecture", "subject_leader", None, None)]),
        ("全国模范教师", [("national", "model_teacher", None, None)]),
        (
            "2019年县级骨干教师、2021年市级学科带头人",
            [
                ("county", "backbone_teacher", 2019, None),
                ("prefecture", "subject_leader", 2021, None),
            ],
        ),
        ("区级骨干", [("province", "backbone_teacher", None, None)]),
        ("无", []),
        ("/", []),
        ("市骨干(语文)", [("prefecture", "backbone_teacher", None, "chinese")]),
        ("县级青年骨干教师", [("county", "young_backbone_teacher", None, None)]),
        ("青禾县骨干教师（2022年）", [("county", "backbone_teacher", 2022, None)]),
        ("市级小学语文学科带头人", [("prefecture", "subject_leader", None, "chinese")]),
        ("骨干教师", [(None, "backbone_teacher", None, None)]),
        ("骨干教师（县级）", [("county", "backbone_teacher", None, None)]),
        ("特级教师", [("province", "special_grade_teacher", None, None)]),
        ("2020.09县名师", [("county", "master_teacher", 2020, None)]),
        ("省级名师工作室主持人", [("province", "studio_leader", None, None)]),
        ("校级 教坛新秀", [("school", "rising_teacher", None, None)]),
        ("县级骨干教师\n市级骨干教师", [("county", "backbone_teacher", None, None),
                                    ("prefecture", "backbone_teacher", None, None)]),
        ("好人好事", [(None, None, None, None)]),
    ],
)  # fmt: skip
def test_reads_level_kind_year_and_subject(
    written: str, expected: list[tuple[str | None, str | None, int | None, str | None]]
) -> None:
    read = read_titles(written, LEVELS)
    assert [(one.level, one.kind, one.year, one.subject) for one in read] == expected


def test_who_is_trained_for_a_title_does_not_hold_it() -> None:
    (one,) = read_titles("省级骨干教师培养对象", LEVELS)
    assert one.is_candidate


def test_a_column_headed_by_a_title_holds_levels_alone() -> None:
    (one,) = read_titles("县级", LEVELS, "backbone_teacher")
    assert (one.level, one.kind) == ("county", "backbone_teacher")
