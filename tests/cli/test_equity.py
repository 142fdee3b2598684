"""Asking for equity from the command line: what explains it, in every form and both languages."""

import csv
import io
import json
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from sqlmodel import SQLModel

from teacherreg import database
from teacherreg.cli import frame
from teacherreg.shipped import shipped as data

ASK = ("coverage", "equity", "--on", "2026-09-01")
SCHOOLS = (  # name, pupils, holders, locality, township: 12 holders for 1,000 pupils
    ("=城关一小", 300, 6, "city", "城关镇"),
    ("城关二小", 300, 3, "city", "城关镇"),
    ("河湾小学", 200, 2, "town", "河湾镇"),
    ("红崖小学", 100, 1, "rural", "红崖乡"),
    ("柳泉小学", 100, 0, "rural", "红崖乡"),
)


@pytest.fixture
def county(run, tmp_path: Path):  # type: ignore[no-untyped-def]
    """Five primary schools; CV is 0.5, exactly."""
    assert run("init", "--county", "640199", "--name", "青禾县").exit_code == frame.EXIT_DONE
    schools = list(enumerate(SCHOOLS, start=1))
    homes = [number for number, (_, _, holders, _, _) in schools for _ in range(holders)]
    people = list(enumerate(homes, start=1))
    rows = {
        "school": [
            {"id": number, "county_code": "640199", "name": name, "locality": locality,
             "township": township}
            for number, (name, _, _, locality, township) in schools
        ],
        "enrolment": [
            {"school_id": number, "stage": "primary", "school_year": "2026-2027",
             "students": students}
            for number, (_, students, _, _, _) in schools
        ],
        "teacher": [{"id": person, "name": f"王{person}"} for person, _ in people],
        "post": [
            {"teacher_id": person, "school_id": school, "stage": "primary", "status": "100",
             "is_full_time_teacher": True, "attachment": "home"}
            for person, school in people
        ],
        "title_award": [
            {"teacher_id": person, "title_kind": "backbone_teacher", "level": "county",
             "awarded_on": date(2024, 9, 1), "is_term_by_rule": False}
            for person, _ in people
        ],
    }  # fmt: skip
    engine = database.open_existing(tmp_path / "registry.db")
    with engine.begin() as connection:
        for name, some in rows.items():
            connection.execute(SQLModel.metadata.tables[name].insert(), some)
    engine.dispose()
    return run


def test_under_the_coefficients_stands_what_they_mean(county) -> None:  # type: ignore[no-untyped-def]
    """Theil: ½ ln 5/3 + ½ ln 5/6 = 0.164; Gini: 3000 / (1000 · 12)."""
    ran = county(*ASK, lang="zh")
    assert (ran.exit_code, ran.err) == (frame.EXIT_DONE, "")
    lines = [" ".join(line.split()) for line in ran.out.splitlines()]
    assert "小学 5 1000 12 1.20 0.500 0.500 是 0.250 0.164" in lines
    for sentence in (
        "对小学县级以上骨干教师的差异影响最大的 3 所学校："
        "=城关一小（每百名 2.00 人，高于平均，占 53.3%）、"
        "柳泉小学（每百名 0.00 人，低于平均，占 40.0%）、"
        "城关二小（每百名 1.00 人，低于平均，占 3.3%）。",
        "小学每百名学生拥有的县级以上骨干教师：城区 1.50 人、镇区 1.00 人、乡村 0.50 人。"
        "乡村相当于城区的 33%。",
        "初中县级以上骨干教师：不足两所学校，无法计算。",
    ):
        assert sentence in lines


def test_the_best_move_is_told_where_the_limit_is_missed_or_it_is_asked_for(county) -> None:  # type: ignore[no-untyped-def]
    told = (
        "若从=城关一小调 1 名县级以上骨干教师到柳泉小学，小学的差异系数由 0.500 降到 0.255。"
        "=城关一小调出后仍达到该项标准。"
    )
    assert f"{told}调动前已在限值 0.50 以内。" in county(*ASK, "--best-move", lang="zh").out
    assert told not in county(*ASK, lang="zh").out
    shipped = (data("data/standards") / "quality-balance-2017-backbone.toml").read_text("utf-8")
    Path("own.toml").write_text(shipped.replace("= 0.50", "= 0.30"), "utf-8")
    out = county(*ASK, "--standard", "own.toml", lang="zh").out
    assert f"{told}要降到限值 0.30 以内，至少要调动 1 人。" in out


@pytest.mark.parametrize(
    ("words", "key", "first"),
    [
        pytest.param(("--by", "school"), "contributions", {"school": "=城关一小"}, id="school"),
        pytest.param(("--by", "locality"), "groups", {"locality": "city"}, id="locality"),
        pytest.param(("--by", "township"), "groups", {"township": "红崖乡"}, id="township"),
        pytest.param(("--best-move",), "moves", {"to_school": "柳泉小学"}, id="move"),
    ],
)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_each_list_has_every_form(  # type: ignore[no-untyped-def]
    county, tmp_path: Path, words: tuple[str, ...], key: str, first: dict[str, str], lang: str
) -> None:
    document = json.loads(county(*ASK, *words, "--format", "json").out)
    assert document["indicators"][0]["cv"] == 0.5
    assert first.items() <= document[key][0].items()
    for name in ("list.csv", "list.xlsx", "list.txt"):
        ran = county(*ASK, *words, "--out", name, lang=lang)
        assert (ran.exit_code, ran.out, ran.err) == (frame.EXIT_DONE, "", "")
    text = (tmp_path / "list.csv").read_text("utf-8-sig")
    heading, *rows = csv.reader(io.StringIO(text))
    assert len(rows) == len(document[key])
    (sheet,) = openpyxl.load_workbook(tmp_path / "list.xlsx").worksheets
    assert [cell.value for cell in sheet[1]] == heading
    codes = {"city", "primary", "backbone_per_100_students", "true", *document[key][0]}
    assert codes.isdisjoint({*heading, *(cell for row in rows for cell in row)})
    assert (tmp_path / "list.txt").read_text("utf-8").strip()


def test_a_share_of_each_school_is_told_in_percent(county) -> None:  # type: ignore[no-untyped-def]
    lines = county(*ASK, "--by", "school", lang="zh").out.splitlines()
    assert next(" ".join(line.split()) for line in lines if "2.00" in line) == (
        "小学 =城关一小 300 6 2.00 是 53.3%"
    )


def test_schools_without_pupils_are_said_in_words(run) -> None:  # type: ignore[no-untyped-def]
    run("init", "--county", "640199", "--name", "青禾县")
    for words in ((), ("--by", "school"), ("--by", "locality"), ("--best-move",)):
        ran = run(*ASK, *words)
        assert ran.exit_code == frame.EXIT_DONE
        assert "Primary, backbone teachers at county level and up: fewer than two" in ran.out
        assert "0.00" not in ran.out


def test_several_standards_name_their_indicator(county, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    (shipped,) = [
        one
        for one in json.loads(county("coverage", "standards", "--format", "json").out)
        if one["id"] == "quality-balance-2017-backbone"
    ]
    ran = county(*ASK, "--standard", "all", "--standard", shipped["id"], "--format", "json")
    document = json.loads(ran.out)
    assert shipped["id"] in document["standards"]
    assert len(set(document["standards"])) == len(document["standards"])
    assert len(document["indicators"]) == 2 * len(document["standards"])


@pytest.mark.parametrize(
    ("words", "exit_code", "said"),
    [
        pytest.param(("--by", "school", "--best-move"), 2, "not both", id="two lists"),
        pytest.param(("--by", "subject"), 2, "locality", id="unknown list"),
        pytest.param(("--standard", "all", "--standard", "nothing"), 1, "nothing", id="standard"),
        pytest.param(
            ("--standard", "ningxia-2027-county"), 1, "of the students", id="not of students"
        ),
    ],
)
def test_wrong_questions_are_refused_in_a_line_or_two(  # type: ignore[no-untyped-def]
    county, words: tuple[str, ...], exit_code: int, said: str
) -> None:
    ran = county(*ASK, *words)
    assert (ran.exit_code, ran.out) == (exit_code, "")
    assert said in ran.err
    assert len(ran.err.strip().splitlines()) <= 2
