"""`eligibility`: one person or all, in words, JSON or CSV."""

import csv
import json
import stat
from pathlib import Path
from typing import Any

import pytest

# Made-up people; the day of each decision and the last day of its period by hand.
PEOPLE = """教职工号,姓名,学校名称,学段,职称,教职工类别
T001,张三,青禾县第一小学,小学,高级教师,专任教师
T002,李四,青禾县第一小学,小学,一级教师,专任教师
"""
CONDUCT = """教职工号,姓名,记录类别,处分类别,决定日期,事由
T001,张三,处分,记过,2026-03-10,有偿补课
"""
ASK = ("eligibility", "T001", "学科带头人", "--level", "县级", "--on", "2026-09-01")


@pytest.fixture
def county(run: Any, tmp_path: Path) -> Path:
    """A registry with two people, one of whom is under a sanction by import 3."""
    assert run("init", "--county", "640199", "--name", "青禾县").exit_code == 0
    for kind, text in (("teachers", PEOPLE), ("conduct", CONDUCT)):
        file = tmp_path / f"{kind}.csv"
        file.write_text(text, encoding="utf-8-sig")
        options = ("--add-schools",) if kind == "teachers" else ()
        done = run("import", kind, str(file), "--yes", "--on", "2026-01-01", *options)
        assert done.exit_code in {0, 3}, done.err
    return tmp_path


def answer(run: Any, *words: str) -> dict[str, Any]:
    ran = run(*words, "--format", "json")
    assert (ran.exit_code, ran.err) == (0, "")
    document: dict[str, Any] = json.loads(ran.out)
    return document


@pytest.mark.usefixtures("county")
def test_an_officer_reads_the_verdict_and_each_reason_with_its_source(run: Any) -> None:
    ran = run(*ASK, lang="zh")
    assert ran.exit_code == 0
    heading, verdict, reasons, first, rules = ran.out.splitlines()
    assert heading == "张三（青禾县第一小学）申报县级学科带头人称号的资格，截至 2026-09-01"
    assert verdict == "不能申报；按现在登记的情况，2027-03-11 起可以申报。"
    assert (reasons, first) == (
        "原因：",
        "  1. 2026-03-10 作出的“记过”决定，执行至 2027-03-10（期限按人社部发〔2023〕58号）。"
        "2027-03-11 起不再受此限制。依据：本县规定。",
    )
    assert rules.startswith("所用规则：2026.1/")
    assert "有偿补课" not in ran.out  # what it was about is no reason, and stays where it is


@pytest.mark.usefixtures("county")
def test_all_are_told_in_a_table_as_json_and_in_a_file_for_its_owner(
    run: Any, county: Path
) -> None:
    asked = ("eligibility", "--all", "特级教师", "--level", "省级", "--on", "2026-09-01")
    shown = run(*asked, lang="zh")
    assert "共 2 人，其中 0 人可以申报。" in shown.out
    assert "职称不够" in shown.out
    document = answer(run, *asked)
    assert [one["teacher"] for one in document["people"]] == ["张三", "李四"]
    assert document["people"][1]["missing"][0]["need"] == "senior_teacher"

    done = run(*asked, "--out", "names.csv", lang="zh")
    assert done.exit_code == 0
    file = county / "names.csv"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    first, *_ = csv.DictReader(file.read_text("utf-8-sig").splitlines())
    assert (first["姓名"], first["可以申报"]) == ("张三", "否")
    printed = run(*asked, "--format", "csv", lang="zh").out
    assert printed.lstrip("\ufeff").splitlines() == file.read_text("utf-8-sig").splitlines()


@pytest.mark.usefixtures("county")
@pytest.mark.parametrize(
    ("words", "exit_code", "said"),
    [
        (("T001",), 2, "who and which title"),
        (("--all", "T001", "学科带头人"), 2, "the title alone"),
        (("T001", "学科带头人", "--format", "csv"), 2, "add --all"),
        (("T001", "学科头人"), 2, "no title"),
        (("T001", "学科带头人", "--level", "高级"), 2, "no level"),
        (("T009", "学科带头人"), 1, "no such person"),
        (("T001", "学科带头人", "--rules", "none.toml"), 1, "none.toml"),
        (("--all", "学科带头人", "--out", "none/names.csv"), 2, "none"),
    ],
)
def test_what_cannot_be_asked_is_refused(
    run: Any, words: tuple[str, ...], exit_code: int, said: str
) -> None:
    ran = run("eligibility", *words)
    assert (ran.exit_code, ran.out) == (exit_code, "")
    assert said in ran.err


@pytest.mark.usefixtures("county")
@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("zh", "out 是文件夹，不能写成文件。"),
        ("en", "out is a folder and cannot be written as a file."),
    ],
)
def test_a_folder_cannot_be_written_as_a_file(run: Any, county: Path, lang: str, said: str) -> None:
    (county / "out").mkdir()
    for asked in (("eligibility", "--all", "学科带头人"), ("coverage", "gaps")):
        ran = run(*asked, "--out", "out", lang=lang)
        assert (ran.exit_code, ran.out) == (2, "")
        assert ran.err.splitlines()[0] == said
