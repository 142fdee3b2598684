"""Asking for gaps and equity from the command line, in every form."""

import csv
import io
import json
from datetime import date
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from rich.console import Console
from sqlmodel import SQLModel

from teacherreg import database
from teacherreg.cli import frame
from teacherreg.cli.answers import table_of
from teacherreg.shipped import shipped

BACKBONE = "quality-balance-2017-backbone"
ASK = ("coverage", "gaps", "--standard", BACKBONE, "--on", "2026-09-01")


@pytest.fixture
def county(run, tmp_path: Path):  # type: ignore[no-untyped-def]
    """Two schools: one needs 9 holders and has 1, one needs 1 and has 1."""
    assert run("init", "--county", "640199", "--name", "青禾县").exit_code == frame.EXIT_DONE
    engine = database.open_existing(tmp_path / "registry.db")
    rows = {
        "school": [
            {"id": 1, "county_code": "640199", "name": "=实验小学", "township": "城关镇"},
            {"id": 2, "county_code": "640199", "name": "沙沟中学", "township": "沙沟乡"},
        ],
        "enrolment": [
            {"school_id": 1, "stage": "primary", "school_year": "2026-2027", "students": 812},
            {"school_id": 2, "stage": "junior", "school_year": "2026-2027", "students": 60},
        ],
        "teacher": [{"id": 1, "name": "王一"}, {"id": 2, "name": "王二"}],
        "post": [
            {
                "teacher_id": number,
                "school_id": number,
                "stage": stage,
                "subject": "chinese",
                "is_full_time_teacher": True,
                "attachment": "home",
                "status": "100",
            }
            for number, stage in ((1, "primary"), (2, "junior"))
        ],
        "title_award": [
            {
                "teacher_id": number,
                "title_kind": "backbone_teacher",
                "level": "county",
                "awarded_on": date(2024, 9, 1),
                "is_term_by_rule": False,
            }
            for number in (1, 2)
        ],
    }
    with engine.begin() as connection:
        for name, some in rows.items():
            connection.execute(SQLModel.metadata.tables[name].insert(), some)
    engine.dispose()
    return run


def test_gaps_are_one_json_document(county) -> None:  # type: ignore[no-untyped-def]
    ran = county(*ASK, "--by", "school,stage", "--format", "json")
    assert (ran.exit_code, ran.err) == (frame.EXIT_DONE, "")
    document = json.loads(ran.out)
    assert document["by"] == ["school", "stage"]
    assert [(cell["school"], cell["stage"], cell["missing"]) for cell in document["gaps"]] == [
        ("=实验小学", "primary", 8),
        ("沙沟中学", "junior", 0),
    ]
    assert {key: document["totals"][key] for key in ("holders", "required", "missing")} == {
        "holders": 2,
        "required": 10,
        "missing": 8,
    }


def test_gaps_are_a_table_for_people(county) -> None:  # type: ignore[no-untyped-def]
    ran = county(*ASK, lang="zh")
    assert ran.exit_code == frame.EXIT_DONE
    assert "教督〔2017〕6号" in ran.out
    assert "应有 10 人，现有 2 人，缺 8 人；按标准计算的 2 所学校中，1 所有缺额。" in ran.out
    lines = [line for line in ran.out.splitlines() if "小学" in line or "中学" in line]
    assert [" ".join(line.split()) for line in lines] == [
        "=实验小学 城关镇 小学 812 1 1 0.12 9 8 否",
        "沙沟中学 沙沟乡 初中 60 1 1 1.67 1 0 是",
    ]


def test_by_subject_the_table_says_that_no_figure_is_set(county) -> None:  # type: ignore[no-untyped-def]
    ran = county(*ASK, "--by", "subject")
    assert "The standard sets no figure for a subject" in ran.out
    ran = county(*ASK, "--by", "subject", "--format", "json")
    (cell,) = json.loads(ran.out)["gaps"]
    assert cell["subject"] == "chinese"
    assert (cell["teachers"], cell["holders"]) == (2, 2)
    assert (cell["required"], cell["missing"], cell["meets"]) == (None, None, None)


def test_the_suffix_of_the_file_says_the_form(county, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    for name in ("gaps.csv", "gaps.xlsx", "gaps.json", "gaps.txt"):
        ran = county(*ASK, "--out", name, lang="zh")
        assert (ran.exit_code, ran.out) == (frame.EXIT_DONE, "")
    text = (tmp_path / "gaps.csv").read_bytes()
    assert text.startswith(b"\xef\xbb\xbf")
    heading, first, _ = csv.reader(io.StringIO(text.decode("utf-8-sig")))
    assert heading[:3] == ["学校", "学校标识码", "学校类型"]
    assert first[heading.index("学校")] == "'=实验小学"
    assert first[heading.index("学段")] == "小学"
    assert first[heading.index("缺额（人）")] == "8"
    sheet = openpyxl.load_workbook(tmp_path / "gaps.xlsx")["缺口"]
    assert sheet["A2"].value == "=实验小学"
    assert sheet["A2"].data_type == "s"
    assert json.loads((tmp_path / "gaps.json").read_text("utf-8"))["totals"]["missing"] == 8
    assert "缺 8 人" in (tmp_path / "gaps.txt").read_text("utf-8")


def test_equity_is_told_with_its_limit(county) -> None:  # type: ignore[no-untyped-def]
    ran = county("coverage", "equity", "--on", "2026-09-01", "--format", "json")
    primary, junior = json.loads(ran.out)["indicators"]
    assert (primary["stage"], primary["limit"], junior["limit"]) == ("primary", 0.5, 0.45)
    assert (primary["cv"], primary["meets"]) == (None, None)
    assert "fewer than two schools" in county("coverage", "equity").out


def test_a_past_day_has_its_own_answer(county) -> None:  # type: ignore[no-untyped-def]
    ran = county("coverage", "gaps", "--on", "2024-08-31", "--format", "json")
    document = json.loads(ran.out)
    assert document["totals"]["holders"] == 0
    assert {cell["outside"] for cell in document["gaps"]} == {"no_enrolment"}
    assert "number of students" in county("coverage", "gaps", "--on", "2024-08-31").out


def test_an_empty_registry_says_what_to_do(run) -> None:  # type: ignore[no-untyped-def]
    run("init", "--county", "640199", "--name", "青禾县")
    assert "Import them first" in run("coverage", "gaps").out
    assert json.loads(run("coverage", "gaps", "--format", "json").out)["gaps"] == []


def test_standards_are_listed_and_explained(run) -> None:  # type: ignore[no-untyped-def]
    for lang, words in (("zh", "每百名学生至少 1 人"), ("en", "at least 1 for each 100 students")):
        ran = run("coverage", "standards", lang=lang)
        assert ran.exit_code == frame.EXIT_DONE
        for expected in (BACKBONE, "教督〔2017〕6号", "0.45", words, "85%"):
            assert expected in ran.out
    known = json.loads(run("coverage", "standards", "--format", "json").out)
    (standard,) = [one for one in known if one["id"] == BACKBONE]
    assert standard["cv_limits"] == {"primary": 0.5, "junior": 0.45}
    assert standard["per_100_students"] == 1


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_one_standard_or_a_folder_of_a_countys_own_is_explained(  # type: ignore[no-untyped-def]
    run, tmp_path: Path, lang: str
) -> None:
    one = run("coverage", "standards", "quality-balance-2017-pe-art", lang=lang)
    assert one.exit_code == frame.EXIT_DONE
    assert "0.9" in one.out
    assert "2017-backbone" not in one.out
    text = shipped("data/standards/subject-leader-in-reach.toml").read_text("utf-8")
    folder = tmp_path / "standards"
    folder.mkdir()
    (folder / "own.toml").write_text(text.replace("subject-leader-in-reach", "own"), "utf-8")
    for name in ("standards", "standards/own.toml"):
        ran = run("coverage", "standards", name, lang=lang)
        assert ran.exit_code == frame.EXIT_DONE
        assert ran.out.startswith("own\n")
    assert run("coverage", "standards", "nothing").exit_code == frame.EXIT_REFUSED


def test_every_shipped_standard_can_be_asked_in_every_form(county) -> None:  # type: ignore[no-untyped-def]
    known = json.loads(county("coverage", "standards", "--format", "json").out)
    for standard in (one["id"] for one in known):
        for form, lang in (("table", "zh"), ("csv", "en"), ("json", "zh")):
            ran = county("coverage", "gaps", "--standard", standard, "--format", form,
                         "--on", "2026-09-01", lang=lang)  # fmt: skip
            assert (ran.exit_code, ran.err) == (frame.EXIT_DONE, ""), standard
            assert "{" not in ran.out or form == "json"


def test_by_level_who_holds_no_title_is_named_so(county) -> None:  # type: ignore[no-untyped-def]
    ran = county(*ASK, "--by", "level,sex", lang="zh")
    assert "县级" in ran.out
    assert "一人持有几个级别" in ran.out
    assert "应有 10 人" in ran.out


def test_the_verdict_tells_who_is_out_and_what_is_not_computed(county, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    ran = county("coverage", "verdict", "--on", "2026-09-01", lang="zh")
    assert (ran.exit_code, ran.err) == (frame.EXIT_DONE, "")
    for words in ("未达标的不止一项", "参加判断的学校学段 2 个", "另外 4 项须另行核对", "85%"):
        assert words in ran.out
    document = json.loads(county("coverage", "verdict", "--format", "json").out)
    assert [row["school"] for row in document["schools"]] == ["=实验小学", "沙沟中学"]
    county("coverage", "verdict", "--out", "verdict.csv", lang="zh")
    heading, first, _ = csv.reader(
        io.StringIO((tmp_path / "verdict.csv").read_bytes().decode("utf-8-sig"))
    )
    assert first[heading.index("骨干缺额（人）")] == "8"
    assert first[heading.index("尚有可能达标")] == "否"
    county("coverage", "verdict", "--out", "verdict.xlsx", lang="en")
    assert openpyxl.load_workbook(tmp_path / "verdict.xlsx").sheetnames == ["Verdict"]


@pytest.mark.parametrize(
    ("words", "exit_code", "said"),
    [
        pytest.param(("gaps", "--by", "colour"), 2, "school, stage, township", id="dimension"),
        pytest.param(("gaps", "--standard", "nothing"), 1, BACKBONE, id="standard"),
        pytest.param(("gaps", "--standard", "no.toml"), 1, "no.toml", id="missing file"),
        pytest.param(("gaps", "--format", "pdf"), 2, "table json csv xlsx", id="form"),
        pytest.param(("gaps", "--on", "yesterday"), 2, "2026-09-01", id="day"),
        pytest.param(("gaps", "--out", "nowhere/gaps.csv"), 2, "nowhere", id="folder"),
    ],
)
def test_wrong_questions_are_refused_in_a_line_or_two(  # type: ignore[no-untyped-def]
    county, words: tuple[str, ...], exit_code: int, said: str
) -> None:
    ran = county("coverage", *words)
    assert (ran.exit_code, ran.out) == (exit_code, "")
    assert said in ran.err
    assert len(ran.err.strip().splitlines()) <= 2


@pytest.mark.parametrize(
    "words",
    [
        "gaps",
        "equity",
        "equity --by school",
        "equity --best-move",
        "verdict",
        "forecast --years 3",
        "trend --years 3",
        "reach",
        "pipeline",
        "plan",
        "honours --count 1",
    ],
)
def test_an_answer_can_be_drawn_as_well(run, county, words: str) -> None:  # type: ignore[no-untyped-def]
    asked = f"{words} --on 2026-09-01 --format json --chart out.svg"
    ran = run("coverage", *asked.split())
    assert ran.exit_code == frame.EXIT_DONE
    assert json.loads(ran.out)["on"] == "2026-09-01"
    assert "out.svg" in ran.err
    assert Path("out.svg").read_text(encoding="utf-8").startswith("<svg")


def test_a_chart_that_cannot_be_drawn_is_refused_before_anything_is_asked(run, county) -> None:  # type: ignore[no-untyped-def]
    ran = run(*ASK, "--chart", "out.pdf")
    assert ran.exit_code == frame.EXIT_USAGE
    assert "out.pdf" in ran.err
    assert "svg, png, html" in ran.err
    ran = run(*ASK, "--chart", "nowhere/out.svg")
    assert ran.exit_code == frame.EXIT_USAGE
    assert "nowhere" in ran.err


def test_a_day_before_the_registry_has_a_verdict_of_nothing(run, county) -> None:  # type: ignore[no-untyped-def]
    ran = run("coverage", "verdict", "--on", "1990-01-01")
    assert ran.exit_code == frame.EXIT_DONE
    assert "not computable" in ran.out


@pytest.mark.parametrize("command", ["forecast", "trend"])
@pytest.mark.parametrize("years", ["0", "-3", "41"])
def test_years_must_be_some_and_not_too_many(run, county, command: str, years: str) -> None:  # type: ignore[no-untyped-def]
    ran = run("coverage", command, "--years", years)
    assert ran.exit_code == frame.EXIT_USAGE
    assert "40" in ran.err


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (100 * 14 / 1401, "0.99"),  # 0.9993 is not 1: the school misses somebody
        (100 * 9 / 1001, "0.89"),  # 0.8991 is not 0.9
        (1.0, "1.00"),
        (100 / 60, "1.67"),
        (4.2, "4.20"),
    ],
)
def test_a_value_just_below_a_figure_does_not_read_as_reaching_it(value: float, shown: str) -> None:
    frame_of_one = pl.DataFrame({"per_100_students": [value]})
    console = Console(width=80)
    with console.capture() as capture:
        console.print(table_of(frame_of_one, ""))
    assert shown in capture.get().split()


def test_a_file_whose_name_says_another_form_is_refused(county, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    for name in ("gaps.pdf", "gaps.svg", "缺口.xls"):
        ran = county(*ASK, "--out", name, lang="zh")
        assert (ran.exit_code, ran.out) == (frame.EXIT_USAGE, "")
        assert name in ran.err
        assert ".xlsx" in ran.err
        assert not (tmp_path / name).exists()
    assert county(*ASK, "--out", "gaps.dat", "--format", "csv").exit_code == frame.EXIT_DONE
    assert county(*ASK, "--out", "缺口 表.txt").exit_code == frame.EXIT_DONE


def test_dimensions_may_be_parted_by_commas_of_any_width(county) -> None:  # type: ignore[no-untyped-def]
    narrow = county("coverage", "gaps", "--by", "township,stage", "--format", "json").out
    for by in ("township，stage", "township、stage", " township , stage"):
        assert county("coverage", "gaps", "--by", by, "--format", "json").out == narrow
        reached = county("coverage", "reach", "--by", by, "--format", "json")
        assert json.loads(reached.out)["by"] == ["township", "stage"]


@pytest.mark.parametrize("standard", ["subject-leader-in-reach", "quality-balance-2017-training"])
def test_only_backbone_teachers_are_called_so_in_a_file(county, standard: str) -> None:  # type: ignore[no-untyped-def]
    ran = county("coverage", "gaps", "--standard", standard, "--format", "csv", lang="zh")
    heading = ran.out.splitlines()[0]
    assert "应有（人）" in heading
    assert "骨干" not in heading


def test_of_no_school_nobody_says_that_nothing_is_missing(county) -> None:  # type: ignore[no-untyped-def]
    for command in (("pipeline",), ("honours", "--count", "2"), ("plan",), ("forecast",)):
        ran = county("coverage", *command, "--on", "1990-01-01", lang="zh")
        assert ran.exit_code == frame.EXIT_DONE
        assert "标准没有计入任何学校" in ran.out
        assert "没有缺额" not in ran.out
