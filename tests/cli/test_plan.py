"""Asking for a rotation plan and for honours from the command line, in every form."""

import csv
import io
import json
import stat
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from scipy.optimize import OptimizeResult
from sqlmodel import SQLModel

from teacherreg import database
from teacherreg.cli import frame
from teacherreg.coverage import transport

PLAN = ("coverage", "plan", "--on", "2026-09-01")
HONOURS = ("coverage", "honours", "--on", "2026-09-01")


@pytest.fixture
def county(run, tmp_path: Path):  # type: ignore[no-untyped-def]
    """One school with 3 holders that needs 1, one without any that needs 2; 20 km between."""
    assert run("init", "--county", "640199", "--name", "青禾县").exit_code == frame.EXIT_DONE
    engine = database.open_existing(tmp_path / "registry.db")
    school = {"county_code": "640199", "school_type": "primary_school"}
    enrolment = {"stage": "primary", "school_year": "2026-2027"}
    post = {
        **{"stage": "primary", "subject": "chinese", "is_full_time_teacher": True},
        **{"attachment": "home", "status": "100", "starts_on": date(2018, 9, 1)},
    }
    award = {"title_kind": "backbone_teacher", "level": "county", "is_term_by_rule": False}
    rows = {
        "school": [
            school | {"id": 1, "name": "实验小学", "township": "城关镇"},
            school | {"id": 2, "name": "沙沟小学", "township": "沙沟乡"},
        ],
        "enrolment": [
            enrolment | {"school_id": 1, "students": 80},
            enrolment | {"school_id": 2, "students": 160},
        ],
        "teacher": [{"id": number, "name": f"=王{number}"} for number in range(1, 6)],
        "post": [
            post | {"teacher_id": number, "school_id": 1 if number < 4 else 2}
            for number in range(1, 6)
        ],
        "title_award": [
            award | {"teacher_id": number, "awarded_on": date(2024, 9, 1)} for number in (1, 2, 3)
        ],
    }
    with engine.begin() as connection:
        for name, some in rows.items():
            connection.execute(SQLModel.metadata.tables[name].insert(), some)
    engine.dispose()
    (tmp_path / "ways.csv").write_text("乡镇,到,公里\n沙沟乡,城关镇,20\n", encoding="gbk")
    return run


def test_a_plan_is_told_in_words(county) -> None:  # type: ignore[no-untyped-def]
    ran = county(*PLAN, "--distances", "ways.csv", "--most-moves", "1", lang="zh")
    assert (ran.exit_code, ran.err) == (frame.EXIT_DONE, "")
    lines = [" ".join(line.split()) for line in ran.out.splitlines()]
    assert "=王1 实验小学 沙沟小学 小学 语文 20" in lines
    assert "调动 1 人，全县缺额由 2 人减为 1 人；有缺额的学校学段由 1 个减为 1 个。" in lines
    assert any(line.startswith("已证明最优") and "20 公里" in line for line in lines)
    assert "小学还缺 1 人：富余 2 人，其中可以调动 2 人。" in lines
    assert any("应交流 1 人" in line and line.endswith("已达到。") for line in lines)
    english = county(*PLAN)
    assert "Proved optimal" in english.out
    assert "2 ways in all" in english.out


def test_a_plan_is_one_json_document(county) -> None:  # type: ignore[no-untyped-def]
    document = json.loads(county(*PLAN, "--distances", "ways.csv", "--format", "json").out)
    assert [(move["name"], move["to_school"], move["distance"]) for move in document["moves"]] == [
        ("=王1", "沙沟小学", 20),
        ("=王2", "沙沟小学", 20),
    ]
    assert document["bound"] == {
        "most_closed": 2,
        "distance": 40,
        "least_distance": 40,
        "is_proved": True,
    }
    assert document["totals"]["missing_after"] == 0


def test_by_school_nobody_is_named(county) -> None:  # type: ignore[no-untyped-def]
    for form in ("table", "json", "csv"):
        ran = county(*PLAN, "--by-school", "--format", form, lang="zh")
        assert ran.exit_code == frame.EXIT_DONE
        assert "王" not in ran.out
        assert "沙沟小学" in ran.out


def test_the_moves_are_a_file_for_the_office(county, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    for name in ("plan.csv", "plan.xlsx"):
        ran = county(*PLAN, "--out", name, lang="zh")
        assert (ran.exit_code, ran.out) == (frame.EXIT_DONE, "")
    heading, first, second = csv.reader(
        io.StringIO((tmp_path / "plan.csv").read_bytes().decode("utf-8-sig"))
    )
    assert {"姓名", "流出学校", "流入学校", "学段", "学科", "路程"} <= set(heading)
    assert first[heading.index("姓名")] == "'=王1"
    assert (second[heading.index("流入学校")], second[heading.index("学段")]) == (
        "沙沟小学",
        "小学",
    )
    sheet = openpyxl.load_workbook(tmp_path / "plan.xlsx")["交流方案"]
    assert sheet["A2"].value == "=王1"
    assert sheet["A2"].data_type == "s"


@pytest.mark.parametrize("form", ["txt", "json", "csv", "xlsx"])
def test_a_file_that_names_persons_belongs_to_its_owner_alone(  # type: ignore[no-untyped-def]
    county, tmp_path: Path, form: str
) -> None:
    assert county(*PLAN, "--out", f"moves.{form}").exit_code == frame.EXIT_DONE
    assert county(*PLAN, "--by-school", "--out", f"schools.{form}").exit_code == frame.EXIT_DONE
    usual = tmp_path / "usual"
    usual.touch()
    assert stat.S_IMODE((tmp_path / f"moves.{form}").stat().st_mode) == 0o600
    assert (tmp_path / f"schools.{form}").stat().st_mode == usual.stat().st_mode


def test_nothing_to_do_is_told_with_its_reason(county) -> None:  # type: ignore[no-untyped-def]
    ran = county("coverage", "plan", "--on", "2020-01-01")
    assert ran.exit_code == frame.EXIT_DONE
    assert "no number of students" in ran.out
    county("settings", "set", "rotation.years_limit", "9")
    assert "在校年限不足 3 人" in county(*PLAN, lang="zh").out


def test_out_of_time_the_bound_is_told(county, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    solved, calls = transport._solved, []

    def late(*arguments: Any, are_whole: bool) -> OptimizeResult:
        calls.append(are_whole)
        if len(calls) == 1:
            return solved(*arguments, are_whole=are_whole)
        return OptimizeResult(status=1, x=None, fun=None, mip_dual_bound=None)

    monkeypatch.setattr(transport, "_solved", late)
    assert (
        "时间已到，未能证明最优：缺额减少 2 人，理论上至多 2 人；总路程 40 公里，"
        "减少同样多时理论上至少 0 公里。" in county(*PLAN, "--distances", "ways.csv", lang="zh").out
    )


def test_honours_are_told_in_words_and_numbers(county) -> None:  # type: ignore[no-untyped-def]
    ran = county(*HONOURS, "--count", "3", lang="zh")
    assert ran.exit_code == frame.EXIT_DONE
    assert "沙沟小学 沙沟乡 小学 2 0 2 2 2 0 2" in [
        " ".join(line.split()) for line in ran.out.splitlines()
    ]
    assert "全县缺额由 2 人减为 0 人" in ran.out
    assert "其余 1 个名额放在哪里都不会再减少缺额。" in ran.out
    document = json.loads(county(*HONOURS, "--count", "1", "--format", "json").out)
    assert (document["placed"], document["totals"]["missing_after"]) == (1, 1)
    assert [(place["school"], place["honours"]) for place in document["places"]] == [
        ("沙沟小学", 1)
    ]


@pytest.mark.parametrize(
    ("words", "exit_code", "said"),
    [
        pytest.param(("plan", "--distances", "no.csv"), 1, "no.csv", id="missing file"),
        pytest.param(("plan", "--distances", "bad.csv"), 1, "row 2", id="unknown township"),
        pytest.param(("plan", "--most-moves", "0"), 2, "--most-moves", id="no moves"),
        pytest.param(
            ("plan", "--standard", "ningxia-2027-county"), 1, "each school and stage", id="unit"
        ),
        pytest.param(("honours",), 2, "--count", id="no count"),
        pytest.param(
            ("honours", "--count", "1", "--standard", "quality-balance-2017-pe-art"),
            1,
            "counts no titles",
            id="no titles",
        ),
    ],
)
def test_wrong_questions_are_refused_in_a_line_or_two(  # type: ignore[no-untyped-def]
    county, tmp_path: Path, words: tuple[str, ...], exit_code: int, said: str
) -> None:
    (tmp_path / "bad.csv").write_text("乡镇,到\n沙沟乡,何处\n", encoding="utf-8")
    ran = county("coverage", *words)
    assert (ran.exit_code, ran.out) == (exit_code, "")
    assert said in ran.err
    assert len(ran.err.strip().splitlines()) <= 2
