"""Asking for reach and the pipeline from the command line, in every form and both languages."""

import csv
import io
import json
import stat
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from sqlmodel import SQLModel

from teacherreg import database
from teacherreg.cli import frame

REACH = ("coverage", "reach", "--on", "2026-09-01")
PIPELINE = ("coverage", "pipeline", "--on", "2026-09-01")
PEOPLE = (  # school, subject, holds a title
    (1, "music", True),
    (1, "music", False),
    (2, "music", False),
    (2, "chinese", False),
    (2, None, False),
)


@pytest.fixture
def county(run, tmp_path: Path):  # type: ignore[no-untyped-def]
    """Two primary schools: at 城关一小 a master of music, who leads a studio."""
    assert run("init", "--county", "640199", "--name", "青禾县").exit_code == frame.EXIT_DONE
    people = list(enumerate(PEOPLE, start=1))
    rows = {
        "school": [
            {"id": number, "county_code": "640199", "name": name, "township": "城关镇"}
            for number, name in ((1, "=城关一小"), (2, "城关二小"))
        ],
        "enrolment": [
            {"school_id": 2, "stage": "primary", "school_year": "2026-2027", "students": 150}
        ],
        "teacher": [
            {"id": number, "name": f"王{number}", "staff_no": f"00{number}"} for number, _ in people
        ],
        "post": [
            {"teacher_id": number, "school_id": school, "stage": "primary", "subject": subject,
             "status": "100", "is_full_time_teacher": True, "attachment": "home"}
            for number, (school, subject, _) in people
        ],
        "title_award": [
            {"teacher_id": number, "title_kind": "backbone_teacher", "level": "county",
             "awarded_on": date(2024, 9, 1), "is_term_by_rule": False}
            for number, (_, _, holds) in people if holds
        ],
        "mentoring": [
            {"teacher_id": 1, "mentee_id": 3, "studio": "音乐名师工作室",
             "starts_on": date(2025, 9, 1)}
        ],
    }  # fmt: skip
    engine = database.open_existing(tmp_path / "registry.db")
    with engine.begin() as connection:
        for name, some in rows.items():
            connection.execute(SQLModel.metadata.tables[name].insert(), some)
    engine.dispose()
    return run


def test_reach_is_told_in_sentences(county) -> None:  # type: ignore[no-untyped-def]
    ran = county(*REACH, "--by", "school", lang="zh")
    assert (ran.exit_code, ran.err) == (frame.EXIT_DONE, "")
    lines = [" ".join(line.split()) for line in ran.out.splitlines()]
    assert "城关二小 3 0 0 1 0 0 0 2" in " ".join(lines).replace("城关镇 ", "")
    for sentence in (
        "在岗专任教师 5 人，其中骨干教师 1 人；其余 4 人中，2 人（50.0%）有骨干教师带动："
        "本校同学科 1 人、工作室 1 人、师徒结对 0 人、交流轮岗 0 人、集团内 0 人；"
        "还有 2 人没有骨干教师带动。",
        "没有人带动的教师中，有 1 人没有登记学段或学科（含“其他”“无”），无法判断是否与骨干教师"
        "同学科，只按工作室和师徒结对计算。请在花名册中补齐后再看。",
    ):
        assert sentence in lines
    english = county(*REACH).out
    assert "Of the other 4, 2 (50.0%) are reached" in " ".join(english.split())


def test_each_master_is_told_with_the_schools(county) -> None:  # type: ignore[no-untyped-def]
    ran = county(*REACH, "--per-master", "--format", "csv", lang="zh")
    (row,) = csv.DictReader(io.StringIO(ran.out.removeprefix("\ufeff")))
    assert (row["姓名"], row["带动人数"], row["工作室（人）"]) == ("王1", "2", "1")
    assert row["被带动教师所在学校"] == "'=城关一小；城关二小"
    shown = county(*REACH, "--per-master")
    assert (shown.exit_code, shown.err) == (frame.EXIT_DONE, "")
    assert "王1" in shown.out
    document = json.loads(county(*REACH, "--per-master", "--format", "json").out)
    assert document["masters"][0]["schools"] == ["=城关一小", "城关二小"]


def test_reach_in_json_names_the_titles_that_count(county) -> None:  # type: ignore[no-untyped-def]
    ran = county(*REACH, "--title-kinds", "骨干教师、学科带头人", "--format", "json")
    document = json.loads(ran.out)
    assert document["title_kinds"] == ["backbone_teacher", "subject_leader"]
    assert document["totals"]["none"] == 2
    assert sum(cell["teachers"] for cell in document["cells"]) == 5


def test_a_county_without_masters_says_so(run) -> None:  # type: ignore[no-untyped-def]
    run("init", "--county", "640199", "--name", "青禾县")
    assert run(*REACH).out.startswith("No full-time teacher is in service")
    assert run(*REACH, "--per-master").out.startswith("Nobody holds such a title")
    assert run(*PIPELINE).out.startswith("The standard counts no school")
    assert "nobody is close" in " ".join(run(*PIPELINE, "--people").out.split())


@pytest.mark.parametrize("more", [(), ("--people",), ("--by", "school,subject")])
def test_the_pipeline_comes_in_every_form(  # type: ignore[no-untyped-def]
    county, more: tuple[str, ...], tmp_path: Path
) -> None:
    for lang in ("zh", "en"):
        shown = county(*PIPELINE, *more, lang=lang)
        assert (shown.exit_code, shown.err) == (frame.EXIT_DONE, "")
        assert "城关二小" in shown.out
    out = tmp_path / "pipeline.xlsx"
    assert county(*PIPELINE, *more, "--out", str(out), lang="zh").exit_code == frame.EXIT_DONE
    sheet = openpyxl.load_workbook(out).active
    headings = [cell.value for cell in sheet[1]]
    assert all(not heading.isascii() for heading in headings)
    document = json.loads(county(*PIPELINE, *more, "--format", "json").out)
    assert ("people" in document) == ("--people" in more)
    assert document["totals"] == {
        "missing": 2, "units": 1, "ready": 3, "close": 0, "titled": 0, "nobody": 0, "coming": True,
    }  # fmt: skip


def test_the_pipeline_is_told_in_sentences(county) -> None:  # type: ignore[no-untyped-def]
    lines = [" ".join(line.split()) for line in county(*PIPELINE, lang="zh").out.splitlines()]
    assert (
        "有缺额的共 1 处，缺 2 人；那里现在可以申报的 3 人，只差一两项的 0 人，"
        "其中 0 人已有其他称号（如校级骨干）；0 处后继无人。"
    ) in lines


def test_candidates_of_one_name_are_told_apart_by_their_staff_numbers(county) -> None:  # type: ignore[no-untyped-def]
    document = json.loads(county(*PIPELINE, "--people", "--format", "json").out)
    numbers = [one["staff_no"] for one in document["people"] if one["staff_no"]]
    assert numbers
    shown = county(*PIPELINE, "--people", lang="zh").out
    assert "工号" in shown
    assert all(number in shown.split() for number in numbers)


def test_a_standard_without_titles_is_refused(county) -> None:  # type: ignore[no-untyped-def]
    for command in (REACH, PIPELINE):
        ran = county(*command, "--standard", "quality-balance-2017-pe-art", lang="zh")
        assert ran.exit_code != frame.EXIT_DONE
        assert "不是按称号计算的" in ran.err


@pytest.mark.parametrize(
    "question",
    [(*REACH, "--per-master"), (*PIPELINE, "--people")],
    ids=["masters", "candidates"],
)
@pytest.mark.parametrize("form", ["json", "csv", "xlsx"])
def test_a_file_that_names_persons_belongs_to_its_owner_alone(  # type: ignore[no-untyped-def]
    county, tmp_path: Path, question: tuple[str, ...], form: str
) -> None:
    out = tmp_path / f"people.{form}"
    assert county(*question, "--out", str(out)).exit_code == frame.EXIT_DONE
    assert stat.S_IMODE(out.stat().st_mode) == 0o600


def test_master_teachers_can_be_drawn_but_no_list_of_candidates(county, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    chart = tmp_path / "masters.svg"
    assert county(*REACH, "--per-master", "--chart", str(chart)).exit_code == frame.EXIT_DONE
    assert stat.S_IMODE(chart.stat().st_mode) == 0o600  # it names them too
    assert "王1 · =城关一小" in chart.read_text(encoding="utf-8")
    refused = county(*PIPELINE, "--people", "--chart", str(tmp_path / "people.svg"))
    assert refused.exit_code == frame.EXIT_USAGE
    assert "list of persons" in refused.err
    assert not (tmp_path / "people.svg").exists()
