"""The report: the officer's own sheet again, marked; corrected there, it imports as it is."""

from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter

from teacherreg.errors import IntakeError
from teacherreg.intake.apply import apply
from teacherreg.intake.plan import Plan, plan_import
from teacherreg.intake.report import write_report
from teacherreg.locale import speaking
from teacherreg.settings import Settings

DAY = date(2026, 9, 1)
RED, YELLOW = "FFFFC7CE", "FFFFEB9C"
GOOD, WRONG = "640199198503150012", "640199198503150013"  # the last digit must be 2
OTHER = "640199198802290023"
HEADER = ["序号", "姓名", "身份证件号", "性别", "任教学科", "备注"]
ROWS = [
    ["青禾县第一小学教师花名册"],
    HEADER,
    [1, "张伟", WRONG, "男", "语文", "=1+1"],
    [2, "李芳", OTHER, "男", "数学", None],  # a woman by her number
    [],
    [3, "王强", None, "男", "茶艺", "返聘"],
    ["合计", 3],
]


@pytest.fixture
def roster(tmp_path: Path) -> Path:
    """A sheet named after its school: a merged title, a hidden row, a real day, a total."""
    path = tmp_path / "rosters" / "花名册.xlsx"
    path.parent.mkdir()
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False}) as book:
        sheet = book.add_worksheet("第一小学")
        for place, row in enumerate(ROWS):
            sheet.write_row(place, 0, row)
        sheet.merge_range(0, 0, 0, 5, ROWS[0][0])
        sheet.set_row(3, None, None, {"hidden": True})
        book.add_worksheet("说明").write(0, 0, "填表要求")
    return path


@pytest.fixture
def planned(county: Any) -> Any:
    def plan(*paths: Path, kind: str = "teachers", **options: Any) -> Plan:
        return plan_import(county.engine, kind, paths, settings=Settings({}), on=DAY, **options)

    return plan


@pytest.fixture
def report(planned: Any, roster: Path, tmp_path: Path) -> Path:
    out = tmp_path / "report.xlsx"
    with speaking("zh"):
        write_report(planned(roster), out)
    return out


def test_bad_cells_are_coloured_and_say_what_is_wrong(report: Path) -> None:
    sheet = openpyxl.load_workbook(report)["第一小学"]
    assert sheet["C3"].fill.fgColor.rgb == RED
    assert sheet["C3"].value == WRONG
    assert "校验位不对" in sheet["C3"].comment.text
    assert sheet["D4"].fill.fgColor.rgb == YELLOW
    assert "性别" in sheet["D4"].comment.text
    assert sheet["B3"].fill.fill_type is None
    assert sheet["B3"].comment is None


def test_the_own_sheet_stands_as_it_stood(report: Path) -> None:
    book = openpyxl.load_workbook(report)
    sheet = book["第一小学"]
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [
        row + [None] * (6 - len(row)) for row in ROWS
    ]
    assert [str(merged) for merged in sheet.merged_cells.ranges] == ["A1:F1"]
    assert sheet.row_dimensions[4].hidden
    assert sheet["F3"].data_type == "s"  # what begins like a formula is none
    assert sheet.column_dimensions["C"].number_format == "@"  # a number typed in keeps its digits
    assert "说明" not in book.sheetnames


def test_the_list_of_problems_leads_to_the_cells(report: Path) -> None:
    sheet = openpyxl.load_workbook(report)["检查问题"]
    rows = {cell[9].value: cell for cell in sheet.iter_rows() if cell[0].hyperlink}
    assert rows["id-checksum"][0].hyperlink.location == "'第一小学'!C3"
    assert rows["id-checksum"][1].value == "错误"
    assert rows["id-checksum"][6].value == WRONG
    assert rows["id-sex"][0].hyperlink.location == "'第一小学'!D4"
    assert rows["code-unknown"][0].hyperlink.location == "'第一小学'!E6"
    assert all(cell[8].value for cell in rows.values())  # each says what to do


def test_what_would_change_is_listed_with_old_and_new(
    county: Any, planned: Any, roster: Path, tmp_path: Path
) -> None:
    first = {"name": "李芳", "id_number": OTHER, "sex": "2", "subject": "chinese"}
    county("teachers", [first | {"school_name": "一小"}], on=date(2025, 9, 1))
    with speaking("zh"):
        write_report(planned(roster), tmp_path / "r.xlsx")
        sheet = openpyxl.load_workbook(tmp_path / "r.xlsx")["将要变更"]
        lines = [[cell.value for cell in row][:6] for row in sheet.iter_rows()]
    assert ["变更", "李芳", "任职", "学科", "语文", "数学"] in lines
    added = [line for line in lines if line[:3] == ["新增", "王强", "人员"]]
    assert len(added) == 1
    assert "性别：男" in added[0][5]


def test_corrected_there_it_imports_as_it_is(
    county: Any, planned: Any, roster: Path, report: Path
) -> None:
    book = openpyxl.load_workbook(report)
    sheet = book["第一小学"]
    sheet["C3"], sheet["D4"], sheet["E6"] = GOOD, "女", "音乐"
    book.save(report)
    plan = planned(report)
    assert [problem.code for problem in plan.problems] == ["rows-hidden"]
    assert plan.counts.to_document() == {
        "read": 3, "added": 3, "changed": 0, "unchanged": 0, "rejected": 0,
    }  # fmt: skip
    apply(county.engine, plan, by="tester")
    assert {post["school"] for post in county.post("张伟")} == {"青禾县第一小学"}


def test_a_report_of_no_problems_says_so_and_imports(
    county: Any, planned: Any, tmp_path: Path
) -> None:
    csv, out = tmp_path / "一小.csv", tmp_path / "out.xlsx"
    csv.write_text(f"姓名,身份证件号,性别\n张伟,{GOOD},男\n", encoding="utf-8")
    with speaking("en"):
        plan = planned(csv, school="一小")
        write_report(plan, out)
    first = openpyxl.load_workbook(out).worksheets[0]
    assert "No problems were found." in {cell.value for row in first.iter_rows() for cell in row}
    assert planned(out, school="一小").counts == plan.counts


def test_a_school_known_by_the_name_of_the_file_is_known_by_the_tab(
    planned: Any, tmp_path: Path
) -> None:
    """The report gathers sixty files: what only a file's name said must not get lost."""
    for school, name in (("青禾县第一小学", "张伟"), ("青禾县第二小学", "李芳")):
        rows = f"姓名,性别,任教学科\n{name},男,书法课\n"
        (tmp_path / f"{school}花名册.csv").write_text(rows, encoding="utf-8")
    files = sorted(tmp_path.glob("*.csv"))
    plan = planned(*files)
    write_report(plan, tmp_path / "report.xlsx")
    again = planned(tmp_path / "report.xlsx")
    assert again.counts == plan.counts
    schools = [row["school_id"] for row in again._ledger.added[1].rows.frame.iter_rows(named=True)]
    assert len(set(schools)) == 2


def test_a_file_changed_meanwhile_is_not_reported_on(
    planned: Any, roster: Path, tmp_path: Path
) -> None:
    plan = planned(roster)
    roster.write_bytes(roster.read_bytes() + b"\0")
    with pytest.raises(IntakeError) as caught:
        write_report(plan, tmp_path / "report.xlsx")
    assert caught.value.code == "file-changed"
    assert not (tmp_path / "report.xlsx").exists()
