"""A folder of rosters is one batch: one plan, one report, one undo."""

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from teacherreg import Registry
from teacherreg.errors import IntakeError
from teacherreg.intake.folders import gather, natural_order
from teacherreg.intake.report import write_report
from tests.intake.workbooks.conftest import DAY, id_number

SIXTY = [f"青禾县第{number}小学" for number in range(1, 61)]
HEADER = ["姓名", "身份证件号", "学校名称", "任教学科"]


def roster(path: Path, people: int, *, first: int, school: str | None, sheets: int = 1) -> Path:
    """Write the roster of one school; without a name of it, no column says which it is."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with xlsxwriter.Workbook(path) as book:
        for place in range(sheets):
            sheet = book.add_worksheet(f"表{place}")
            columns = HEADER if school else [h for h in HEADER if h != "学校名称"]
            sheet.write_row(0, 0, columns)
            for row in range(people):
                number = first + place * people + row
                cells = {
                    "姓名": f"人{chr(0x4E00 + number)}",
                    "身份证件号": id_number(number),
                    "学校名称": school,
                    "任教学科": "语文",
                }
                sheet.write_row(row + 1, 0, [cells[column] for column in columns])
    return path


@pytest.fixture(scope="module")
def made(tmp_path_factory, empty_registry) -> Path:
    """A registry of sixty schools, to copy."""
    path = tmp_path_factory.mktemp("sixty") / "registry.db"
    shutil.copyfile(empty_registry, path)
    schools = path.with_name("schools.csv")
    rows = "".join(f"{name},小学\n" for name in SIXTY)
    schools.write_text("学校名称,学校类型\n" + rows, encoding="utf-8")
    with Registry.open(path) as registry:
        registry.apply(registry.plan_import("schools", schools, on=DAY))
    return path


@pytest.fixture
def county(made, tmp_path) -> Iterator[Registry]:
    """A registry of sixty schools."""
    shutil.copyfile(made, tmp_path / "registry.db")
    with Registry.open(tmp_path / "registry.db") as registry:
        yield registry


def everybody(registry: Registry) -> list[str]:
    return [person.name for person in registry.find_teachers("人")]


def test_sixty_schools_are_one_batch_one_report_and_one_undo(county, tmp_path):
    folder = tmp_path / "各校花名册"
    for place, school in enumerate(SIXTY):
        roster(folder / f"{place + 1}.xlsx", 2, first=2 * place, school=school)
    plan = county.plan_import("teachers", folder, on=DAY)
    assert [file.name for file in plan.files] == [f"{number}.xlsx" for number in range(1, 61)]
    assert (plan.counts.read, plan.counts.added, plan.problems) == (120, 120, [])
    write_report(plan, tmp_path / "report.xlsx")
    assert openpyxl.load_workbook(tmp_path / "report.xlsx").sheetnames
    batch = county.apply(plan)
    _batch, files = county.batch(batch.id)
    assert len(files) == 60
    again = county.plan_import("teachers", folder, on=DAY)
    assert again.is_empty
    assert [notice.code for notice in again.notices].count("file-again") == 60
    county.undo(batch.id)
    assert everybody(county) == []


def test_rosters_that_name_no_school_are_of_the_one_that_file_or_folder_is_called_by(
    county, tmp_path
):
    folder = tmp_path / "报送"
    roster(folder / "青禾县第1小学教师花名册（2025年最终版）.xlsx", 2, first=0, school=None)
    roster(folder / "第2小学" / "花名册.xlsx", 2, first=2, school=None)
    roster(folder / "第3小学" / "花名册.xlsx", 2, first=4, school=None)
    roster(folder / "第3小学" / "第4小学.xlsx", 2, first=6, school=None)
    plan = county.plan_import("teachers", folder, on=DAY)
    told = {n.parameters["file"]: n.parameters["school"] for n in plan.notices}
    assert told == {
        "青禾县第1小学教师花名册（2025年最终版）.xlsx": SIXTY[0],
        "第2小学/花名册.xlsx": SIXTY[1],
        "第3小学/花名册.xlsx": SIXTY[2],
        "第3小学/第4小学.xlsx": SIXTY[3],  # the file's own name goes before its folder's
    }
    assert (plan.counts.added, plan.problems) == (8, [])


def test_a_name_that_is_part_of_a_school_only_is_not_taken_for_it(county, tmp_path):
    roster(tmp_path / "in" / "小学.xlsx", 1, first=0, school=None)
    roster(tmp_path / "in" / "红山第1小学.xlsx", 1, first=1, school=None)
    plan = county.plan_import("teachers", tmp_path / "in", on=DAY)
    assert [problem.code for problem in plan.problems] == ["school-missing"] * 2
    whole = county.plan_import("teachers", tmp_path / "in", on=DAY, school="第5小学")
    assert (whole.counts.added, whole.problems) == (2, [])


def test_the_school_that_the_officer_names_goes_before_the_name_of_the_file(county, tmp_path):
    path = roster(tmp_path / "第1小学.xlsx", 1, first=0, school=None)
    county.apply(county.plan_import("teachers", path, on=DAY, school="第5小学"))
    assert [person.school for person in county.find_teachers("人")] == [SIXTY[4]]


def test_the_same_file_twice_is_read_once(county, tmp_path):
    path = roster(tmp_path / "in" / "a.xlsx", 2, first=0, school=SIXTY[0])
    shutil.copy(path, tmp_path / "in" / "副本a.xlsx")
    plan = county.plan_import("teachers", tmp_path / "in", path, on=DAY)
    assert (plan.counts.read, len(plan.files)) == (2, 1)
    assert [(n.code, n.parameters["file"]) for n in plan.notices] == [("file-twice", "副本a.xlsx")]


def broken(folder: Path) -> None:
    """Put files into a folder that nobody can read as rosters."""
    folder.mkdir(exist_ok=True)
    (folder / "坏的.xlsx").write_bytes(b"PK\x03\x04 cut off")
    (folder / "没有表头.csv").write_text("甲\n乙\n", encoding="utf-8")
    (folder / "压缩.rar").write_bytes(b"Rar!\x1a\x07\x01\x00")


def test_files_that_cannot_be_read_are_all_named_at_once(county, tmp_path):
    roster(tmp_path / "in" / "a.xlsx", 2, first=0, school=SIXTY[0])
    broken(tmp_path / "in")
    with pytest.raises(IntakeError) as error:
        county.plan_import("teachers", tmp_path / "in", on=DAY)
    assert error.value.code == "files-unreadable"
    for name in ("坏的.xlsx", "没有表头.csv", "压缩.rar"):
        assert name in str(error.value)
    assert "a.xlsx" not in str(error.value).replace("坏的.xlsx", "")


def test_they_can_be_left_out_and_are_problems_then(county, tmp_path):
    roster(tmp_path / "in" / "a.xlsx", 2, first=0, school=SIXTY[0])
    broken(tmp_path / "in")
    plan = county.plan_import("teachers", tmp_path / "in", on=DAY, skip_unreadable=True)
    assert plan.counts.added == 2
    assert [(p.file, p.code) for p in plan.problems] == [
        ("压缩.rar", "file-skipped"),
        ("坏的.xlsx", "file-skipped"),
        ("没有表头.csv", "file-skipped"),
    ]
    assert all(problem.message for problem in plan.problems)


def test_where_no_file_can_be_read_leaving_them_out_does_not_help(county, tmp_path):
    broken(tmp_path / "in")
    with pytest.raises(IntakeError) as error:
        county.plan_import("teachers", tmp_path / "in", on=DAY, skip_unreadable=True)
    assert error.value.code == "files-unreadable"


def test_one_file_alone_says_its_own_reason(county, tmp_path):
    broken(tmp_path / "in")
    with pytest.raises(IntakeError) as error:
        county.plan_import("teachers", tmp_path / "in" / "压缩.rar", on=DAY)
    assert error.value.code == "file-archive"


def test_a_complete_roster_in_files_ends_nobody_while_one_is_unreadable(county, tmp_path):
    folder = tmp_path / "in"
    roster(folder / "a.xlsx", 2, first=0, school=SIXTY[0])
    roster(folder / "b.xlsx", 2, first=2, school=SIXTY[0])
    county.apply(county.plan_import("teachers", folder, on=DAY))
    (folder / "b.xlsx").write_bytes(b"PK\x03\x04 cut off")
    later = date(2027, 9, 1)
    options = {"on": later, "full": True, "allow_departures": 9, "skip_unreadable": True}
    plan = county.plan_import("teachers", folder, **options)
    assert [(d.in_doubt, d.ends_on) for d in plan.departures] == [(True, None), (True, None)]
    (folder / "b.xlsx").unlink()
    plan = county.plan_import("teachers", folder, **options)
    assert [d.ends_on for d in plan.departures] == ["2027-08-31"] * 2


def test_what_is_no_roster_is_passed_over_and_named_unless_a_program_left_it(tmp_path):
    for name in (
        "a.xlsx", "~$a.xlsx", ".~b.et", ".DS_Store", "Thumbs.db", "通知.docx", "图/扫描.JPG",
        "图/__MACOSX/x.xlsx", "b.csv.tmp", "c.et", "d.wps",
    ):  # fmt: skip
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    gathered = gather([tmp_path])
    assert [file.name for file in gathered.files] == ["a.xlsx", "c.et"]
    assert sorted(gathered.passed_over) == ["d.wps", "图/扫描.JPG", "通知.docx"]


def test_a_folder_without_rosters_is_refused(tmp_path):
    (tmp_path / "通知.docx").write_text("x")
    with pytest.raises(IntakeError) as error:
        gather([tmp_path])
    assert error.value.code == "folder-without-rosters"


def test_files_of_one_name_are_told_apart_by_their_folders(tmp_path):
    paths = []
    for name in ("一小/语文/花名册.xlsx", "二小/语文/花名册.xlsx", "三小/名单.xlsx"):
        paths.append(tmp_path / name)
        paths[-1].parent.mkdir(parents=True)
        paths[-1].write_text(name)
    names = [file.name for file in gather(paths).files]
    assert names == ["一小/语文/花名册.xlsx", "二小/语文/花名册.xlsx", "名单.xlsx"]
    folders = [file.name for file in gather([tmp_path / "一小", tmp_path / "二小"]).files]
    assert folders == ["一小/语文/花名册.xlsx", "二小/语文/花名册.xlsx"]


def test_a_folder_that_leads_back_into_itself_is_searched_once(tmp_path):
    (tmp_path / "a.csv").write_text("x")
    (tmp_path / "again").symlink_to(tmp_path, target_is_directory=True)
    assert [file.name for file in gather([tmp_path]).files] == ["a.csv"]


def test_files_come_in_the_order_in_which_people_count():
    names = ["第10小学.xlsx", "第2小学.xlsx", "第１小学.xlsx"]
    assert sorted(names, key=natural_order) == ["第１小学.xlsx", "第2小学.xlsx", "第10小学.xlsx"]
