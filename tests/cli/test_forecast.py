"""Asking for the forecast and the trend from the command line, in every form."""

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

FORECAST = ("coverage", "forecast", "--years", "3", "--on", "2026-11-25")


@pytest.fixture
def county(run, tmp_path: Path):  # type: ignore[no-untyped-def]
    """A school of 150 pupils with two holders: one's term ends in 2027, one retires in 2029."""
    assert run("init", "--county", "640199", "--name", "青禾县").exit_code == frame.EXIT_DONE
    engine = database.open_existing(tmp_path / "registry.db")
    rows = {
        "school": [{"id": 1, "county_code": "640199", "name": "=实验小学", "township": "城关镇"}],
        "enrolment": [
            {"school_id": 1, "stage": "primary", "school_year": "2026-2027", "students": 150}
        ],
        "teacher": [  # a man of May 1967 goes 8 months after May 2027: in January 2028
            {"id": 1, "name": "王一", "sex": "1", "birth_date": "1980-01-01"},
            {"id": 2, "name": "王二", "sex": "1", "birth_date": "1967-05-01"},
        ],
        "post": [
            {
                "teacher_id": number,
                "school_id": 1,
                "stage": "primary",
                "is_full_time_teacher": True,
                "attachment": "home",
                "status": "100",
            }
            for number in (1, 2)
        ],
        "title_award": [
            {
                "teacher_id": number,
                "title_kind": "backbone_teacher",
                "level": "county",
                "awarded_on": date(2024, 9, 1),
                "term_ends_on": ends_on,
                "is_term_by_rule": False,
            }
            for number, ends_on in ((1, date(2027, 8, 31)), (2, None))
        ],
    }
    with engine.begin() as connection:
        for name, some in rows.items():
            connection.execute(SQLModel.metadata.tables[name].insert(), some)
    engine.dispose()


def test_leaders_read_what_comes_in_chinese(run, county: None) -> None:  # type: ignore[no-untyped-def]
    ran = run(*FORECAST, "--target-year", "2028", lang="zh")
    assert (ran.exit_code, ran.err) == (frame.EXIT_DONE, "")
    assert "如果不采取措施，缺额将由现在的 0 人变为 2029-09-01 的 2 人。" in ran.out
    assert "其间 1 人退休，1 人任期届满无人续聘；符合标准的教师由 2 人变为 0 人。" in ran.out
    assert "如果任期届满的都续聘，2029-09-01 缺 1 人" in ran.out
    assert "要在 2028-09-01 补齐缺额，共须培养 2 人：每年 1 人" in ran.out
    assert "没有计入因调出、辞职等离开的人" in ran.out
    line = next(line for line in ran.out.splitlines() if line.startswith(" 2028-09-01"))
    assert line.split()[1:] == ["150", "0", "1", "0", "2", "2", "1", "2", "1"]


def test_every_form_gives_the_same_years(run, county: None, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    document = json.loads(run(*FORECAST, "--format", "json").out)
    assert [(year["on"], year["holders"], year["missing"]) for year in document["years"]] == [
        ("2026-11-25", 2, 0),
        ("2027-09-01", 1, 1),
        ("2028-09-01", 0, 2),
        ("2029-09-01", 0, 2),
    ]
    assert document["growth"] == {"on": "2029-09-01", "missing": 2, "each_year": [1, 1, 0]}
    assert [cell["missing"] for cell in document["cells"]] == [0, 1, 2, 2]
    rows = list(csv.DictReader(io.StringIO(run(*FORECAST, "--format", "csv").out.lstrip("\ufeff"))))
    assert [row["Year no."] for row in rows] == ["0", "1", "2", "3"]
    assert run(*FORECAST, "--out", "years.xlsx").exit_code == frame.EXIT_DONE
    sheet = openpyxl.load_workbook(tmp_path / "years.xlsx").active
    assert sheet is not None
    assert sheet.max_row == 5


def test_cells_have_a_column_for_each_year(run, county: None) -> None:  # type: ignore[no-untyped-def]
    ran = run(*FORECAST, "--by", "school,stage")
    line = next(line for line in ran.out.splitlines() if "实验小学" in line)
    assert line.split()[-4:] == ["0", "1", "2", "2"]
    assert "2027" in ran.out
    cells = run(*FORECAST, "--by", "township", "--format", "csv", lang="zh").out.splitlines()
    assert len(cells) == 5
    assert "乡镇" in cells[0]


def test_the_usual_rate_is_explained(run, county: None) -> None:  # type: ignore[no-untyped-def]
    assert run("settings", "set", "forecast.leave_percent_per_year", "10").exit_code == 0
    ran = run(*FORECAST, lang="zh")
    assert "另按每年有 10% 因调出、辞职等离开计" in ran.out
    assert "0.10" in ran.out  # in 2027, 10 % of the one who is left


def test_pupils_come_from_a_file(run, county: None, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    """A title above the table, GBK as Chinese Excel writes it."""
    text = "各校学生数预测\n学校,学段,学年,学生数\n=实验小学,小学,2028-2029,420\n,,,\n"
    (tmp_path / "pupils.csv").write_bytes(text.encode("gbk"))
    document = json.loads(run(*FORECAST, "--pupils", "pupils.csv", "--format", "json").out)
    assert [year["students"] for year in document["years"]] == [150, 150, 420, 420]
    ran = run(*FORECAST, "--pupils", "pupils.csv", lang="zh")
    assert "学生数按文件 pupils.csv" in ran.out
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["学校", "学段", "学年", "学生数"])
    sheet.append(["=实验小学", "小学", "2028-2029", 420])
    sheet["A2"].data_type = "s"
    book.save(tmp_path / "pupils.xlsx")
    document = json.loads(run(*FORECAST, "--pupils", "pupils.xlsx", "--format", "json").out)
    assert [year["students"] for year in document["years"]] == [150, 150, 420, 420]


def test_a_wrong_file_of_pupils_is_refused_with_its_row(  # type: ignore[no-untyped-def]
    run, county: None, tmp_path: Path
) -> None:
    (tmp_path / "pupils.csv").write_text(
        "表\n学校,学段,学年,学生数\n=实验小学,小学,2027-2028,9\n某校,小学,2027-2028,9\n", "utf-8"
    )
    ran = run(*FORECAST, "--pupils", "pupils.csv", lang="zh")
    assert ran.exit_code == frame.EXIT_REFUSED
    assert "学生数文件第 4 行：登记库里没有学校“某校”。" in ran.err
    (tmp_path / "folder").mkdir()
    for name, words in (("nowhere.csv", "找不到文件 nowhere.csv"), ("folder", "folder 打不开")):
        ran = run(*FORECAST, "--pupils", name, lang="zh")
        assert (ran.exit_code, words in ran.err) == (frame.EXIT_REFUSED, True)
    (tmp_path / "empty.csv").write_text("", "utf-8")
    assert run(*FORECAST, "--pupils", "empty.csv").exit_code == frame.EXIT_REFUSED


def test_the_trend_says_what_is_unknown(run, county: None) -> None:  # type: ignore[no-untyped-def]
    ask = ("coverage", "trend", "--years", "3", "--on", "2026-11-25")
    ran = run(*ask, lang="zh")
    assert ran.exit_code == frame.EXIT_DONE
    assert "没有该学年的学生数" in ran.out
    assert "有 2 年的缺额不知道（空白不是 0）" in ran.out
    years = json.loads(run(*ask, "--format", "json").out)["years"]
    assert [(year["on"], year["missing"]) for year in years] == [
        ("2024-09-01", None),
        ("2025-09-01", None),
        ("2026-09-01", 0),
    ]


def test_an_empty_registry_has_nothing_to_foresee(run) -> None:  # type: ignore[no-untyped-def]
    assert run("init", "--county", "640199", "--name", "青禾县").exit_code == frame.EXIT_DONE
    ran = run(*FORECAST, lang="zh")
    assert "登记库里还没有小学、初中的学校或教师" in ran.out
    assert run("coverage", "trend", "--years", "2", lang="zh").exit_code == frame.EXIT_DONE
