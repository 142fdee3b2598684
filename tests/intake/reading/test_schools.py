"""School lists with enrolment."""

from typing import Any

import pytest

from tests.intake.reading.made import codes

HEADER = (
    "学校名称,学校标识码,学校简称,乡镇,城乡类型,学校类型,上级学校,学年,"
    "小学学生数,初中学生数,高中学生数,幼儿数\n"
)


def test_reads_a_school_list(read: Any) -> None:
    text = HEADER + (
        "青禾县第一小学,6401990001,一小、实验小学,城关镇,城区,小学,,2026-2027,812,,,\n"
        "沙沟教学点,,,沙沟乡,乡村,教学点,沙沟小学,2026—2027学年,12.0,,,8人\n"
    )
    reading = read("schools", text)
    assert reading.problems == []
    fields = ("school_code", "short_name", "locality", "school_type", "parent_school",
              "school_year", "primary_students", "kindergarten_children")  # fmt: skip
    assert reading.rows.select(fields).rows() == [
        ("6401990001", "一小、实验小学", "city", "primary_school", None, "2026-2027", 812, None),
        (None, None, "rural", "teaching_point", "沙沟小学", "2026-2027", 12, 8),
    ]


@pytest.mark.parametrize(
    ("written", "year"),
    [
        ("2024-2025", "2024-2025"),
        ("2024—2025学年", "2024-2025"),
        ("2024学年", "2024-2025"),
        ("24-25", "2024-2025"),
        ("2024~2025学年度", "2024-2025"),
        ("2024", "2024-2025"),
    ],
)
def test_reads_school_years(read: Any, written: str, year: str) -> None:
    reading = read("schools", f"学校名称,学年,小学学生数\n一小,{written},5\n")
    assert (reading.rows["school_year"].to_list(), reading.problems) == ([year], [])


@pytest.mark.parametrize(
    ("header", "written", "code"),
    [
        ("学年", "2024-2026", "school-year-unreadable"),
        ("学年", "今年", "school-year-unreadable"),
        ("小学学生数", "很多", "number-unreadable"),
        ("小学学生数", "-5", "number-unreadable"),
        ("小学学生数", "4.5", "number-unreadable"),
        ("小学学生数", "13900000001", "number-unreadable"),
        pytest.param("小学学生数", "9" * 5_000, "number-unreadable", id="no end of digits"),
        ("学校标识码", "123", "school-code-form"),
        ("城乡类型", "月球", "code-unknown"),
        ("学校类型", "中心校", "code-assumed"),
    ],
)
def test_warns_of_what_it_cannot_read(read: Any, header: str, written: str, code: str) -> None:
    reading = read("schools", f"学校名称,乡镇,{header}\n一小,城关镇,{written}\n")
    assert codes(reading) == [(2, code, "warning")]


def test_a_school_without_a_name_is_rejected(read: Any) -> None:
    reading = read("schools", "学校名称,乡镇,小学学生数\n,城关镇,5\n")
    assert codes(reading) == [(2, "school-name-missing", "error")]


def test_pupils_in_one_column_go_where_stage_or_type_say(read: Any) -> None:
    text = (
        "学校名称,学段,学校类型,在校学生数\n一小,小学,,800\n二中,,初级中学,600\n"
        "九年校,,九年一贯制学校,900\n"
    )
    reading = read("schools", text)
    assert reading.rows.select("primary_students", "junior_students").rows() == [
        (800, None), (None, 600), (None, None),
    ]  # fmt: skip
    assert codes(reading) == [(4, "students-without-stage", "warning")]


def test_totals_of_a_school_list_are_skipped(read: Any) -> None:
    text = "学校名称,乡镇,小学学生数\n一小,城关镇,5\n合计,,5\n"
    assert (read("schools", text).skipped, read("schools", text).rows_read) == ({"total": 1}, 1)
