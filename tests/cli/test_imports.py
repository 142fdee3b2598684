"""Importing from the command line: preview, question, exit codes, JSON, report, undo."""

import json
import sqlite3
from pathlib import Path

import openpyxl
import pytest

from teacherreg.cli import imports as commands
from teacherreg.codes.columns import column_of
from teacherreg.intake.kinds import KINDS

SCHOOLS = """学校名称,学校简称,学校类型,小学学生数
青禾县第一小学,一小,小学,800
青禾县第二小学,,小学,450
"""
TEACHERS = """姓名,身份证件号,学校名称,任教学科,职称,手机号,备注2
张伟,640199198503150012,一小,数学,一级教师,13800001234,书法
李芳,640199198802290023,青禾县第二小学,语文,高级教师,,
"""
BAD_ROW = "赵敏,640199198503150013,一小,语文,,13911112222,\n"
NUMBER = "640199198503150012"


@pytest.fixture
def registry(run, tmp_path):
    """A registry with two schools, and a roster of two teachers in teachers.csv."""
    assert run("init", "--county", "640199", "--name", "青禾县").exit_code == 0
    (tmp_path / "schools.csv").write_text(SCHOOLS, encoding="utf-8")
    (tmp_path / "teachers.csv").write_text(TEACHERS, encoding="utf-8")
    assert run("import", "schools", "schools.csv", "--yes").exit_code == 0
    return tmp_path / "registry.db"


def count(registry: Path, table: str) -> int:
    with sqlite3.connect(registry) as connection:
        return connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]


def test_where_nobody_can_be_asked_the_plan_is_shown_and_nothing_written(run, registry):
    ran = run("import", "teachers", "teachers.csv")
    assert ran.exit_code == 1
    assert "2 read, 2 added" in ran.out
    assert "--yes" in ran.err
    assert count(registry, "teacher") == 0


def test_a_problem_of_a_whole_sheet_says_nothing_of_rows_that_are_imported(run, registry, tmp_path):
    (tmp_path / "two.csv").write_text(
        "姓名,学校名称,姓名,学校名称\n张伟,一小,李芳,一小\n赵敏,三小,,\n", encoding="utf-8"
    )
    ran = run("import", "teachers", "two.csv", "--dry-run")
    assert "warning tables-side-by-side (1)\n" in ran.err
    assert "error school-unknown (1; the row is not imported)\n" in ran.err


def test_a_warning_of_a_row_that_is_rejected_does_not_say_that_it_is_imported(
    run, registry, tmp_path
):
    bad = BAD_ROW.replace("13911112222", "139")
    (tmp_path / "bad.csv").write_text(TEACHERS + bad, encoding="utf-8")
    ran = run("import", "teachers", "bad.csv", "--dry-run")
    assert "error id-checksum (1; the row is not imported)\n" in ran.err
    assert "warning phone-unreadable (1)\n" in ran.err


@pytest.mark.parametrize(("answer", "code", "teachers"), [("y\n", 0, 2), ("n\n", 1, 0)])
def test_at_a_terminal_a_person_is_asked(run, registry, monkeypatch, answer, code, teachers):
    monkeypatch.setattr(commands, "can_ask", lambda: True)
    ran = run("import", "teachers", "teachers.csv", answer=answer)
    assert ran.exit_code == code
    assert count(registry, "teacher") == teachers


def test_yes_writes_without_asking(run, registry):
    ran = run("import", "teachers", "teachers.csv", "--yes")
    assert ran.exit_code == 0
    assert "Import 2 is done" in ran.out
    assert "Columns without a field of their own" in ran.err
    assert count(registry, "teacher") == 2


def test_a_dry_run_writes_nothing(run, registry):
    ran = run("import", "teachers", "teachers.csv", "--dry-run", "--yes", "--format", "json")
    document = json.loads(ran.out)
    assert (ran.exit_code, document["batch"], document["dry_run"]) == (0, None, True)
    assert count(registry, "teacher") == 0


def test_the_same_file_again_is_told_of_and_changes_nothing(run, registry):
    run("import", "teachers", "teachers.csv", "--yes")
    ran = run("import", "teachers", "teachers.csv")
    assert ran.exit_code == 0
    assert "same file" in ran.err
    assert "nothing to write" in ran.err
    assert "2 unchanged" in ran.out


def test_json_is_one_document_with_masked_numbers(run, registry, tmp_path):
    with (tmp_path / "teachers.csv").open("a", encoding="utf-8") as file:
        file.write(BAD_ROW)
    ran = run("import", "teachers", "teachers.csv", "--yes", "--format", "json")
    assert ran.exit_code == 3
    document = json.loads(ran.out)
    assert document["batch"] == 2
    assert document["kind"] == "teachers"
    assert document["rows"] == {
        "read": 3,
        "added": 2,
        "changed": 0,
        "unchanged": 0,
        "rejected": 1,
    }
    assert document["columns"]["备注2"] is None
    assert document["columns"]["身份证件号"] == "id_number"
    (problem,) = document["problems"]
    assert (problem["row"], problem["column"], problem["code"], problem["severity"]) == (
        4,
        "身份证件号",
        "id-checksum",
        "error",
    )
    assert problem["value"] == "640199********0013"
    assert "640199198503150013" not in ran.out + ran.err


def test_changes_show_old_and_new_values_and_mask_numbers(run, registry, tmp_path):
    run("import", "teachers", "teachers.csv", "--yes")
    changed = TEACHERS.replace("13800001234", "13900005678").replace("一级", "高级")
    (tmp_path / "teachers.csv").write_text(changed, encoding="utf-8")
    ran = run("import", "teachers", "teachers.csv", "--dry-run", lang="zh")
    assert "手机号：138****1234 → 139****5678" in ran.out
    assert "职称：一级教师 → 高级教师" in ran.out


def test_the_report_lists_the_problems_with_whole_values(run, registry, tmp_path):
    with (tmp_path / "teachers.csv").open("a", encoding="utf-8") as file:
        file.write(BAD_ROW)
    ran = run("import", "teachers", "teachers.csv", "--dry-run", "--report", "out.xlsx")
    assert ran.exit_code == 3
    sheet = openpyxl.load_workbook(tmp_path / "out.xlsx").active
    (row,) = [row for row in sheet.iter_rows(values_only=True) if row[9] == "id-checksum"]
    assert row[:7] == (
        *("B4", "error", "teachers.csv", None, 4, "身份证件号", "640199198503150013"),
    )
    assert "check digit" in row[7]


def test_a_report_into_no_folder_is_refused_before_anything_is_written(run, registry):
    ran = run("import", "teachers", "teachers.csv", "--yes", "--report", "nowhere/out.xlsx")
    assert ran.exit_code == 1
    assert count(registry, "teacher") == 0


def test_a_report_never_replaces_the_file_that_it_is_about(run, registry, tmp_path):
    ran = run("import", "teachers", "teachers.csv", "--report", "teachers.csv")
    assert ran.exit_code == 1
    assert (tmp_path / "teachers.csv").read_text(encoding="utf-8") == TEACHERS


@pytest.mark.parametrize("name", ["report.csv", "report"])
def test_a_workbook_is_written_under_no_name_that_hides_it(run, registry, tmp_path, name):
    ran = run("import", "teachers", "teachers.csv", "--yes", "--report", name, lang="zh")
    assert (ran.exit_code, ran.err.splitlines()[0]) == (2, f"{name} 的扩展名不对，应是 .xlsx。")
    assert run("template", "teachers", name).exit_code == 2
    assert not (tmp_path / name).exists()
    assert count(registry, "teacher") == 0


@pytest.mark.parametrize("school", ["三小", "县文化馆"])
def test_a_school_that_is_not_known_is_named_with_those_like_it_if_any(run, registry, school):
    ran = run("import", "teachers", "teachers.csv", "--school", school, lang="zh")
    assert ran.exit_code == 1
    assert "相近的有：\n" not in ran.err
    assert ran.err.startswith(f"登记库里没有学校“{school}”")


def test_a_report_replaces_an_older_report_and_nothing_else(run, registry, tmp_path):
    (tmp_path / "mine.xlsx").write_bytes(b"mine")
    roster = openpyxl.Workbook()
    roster.save(tmp_path / "roster.xlsx")
    for name in ("mine.xlsx", "roster.xlsx"):
        before = (tmp_path / name).read_bytes()
        ran = run("import", "teachers", "teachers.csv", "--dry-run", "--report", name)
        assert (ran.exit_code, (tmp_path / name).read_bytes()) == (1, before)
    for _again in range(2):
        ran = run("import", "teachers", "teachers.csv", "--dry-run", "--report", "new.xlsx")
        assert ran.exit_code == 0
    openpyxl.load_workbook(tmp_path / "new.xlsx").save(tmp_path / "new.xlsx")  # corrected
    ran = run("import", "teachers", "teachers.csv", "--dry-run", "--report", "new.xlsx")
    assert ran.exit_code == 0


def test_school_and_add_schools(run, registry, tmp_path):
    (tmp_path / "few.csv").write_text("姓名,任教学科,手机号\n王强,语文,\n", encoding="utf-8")
    unknown = run("import", "teachers", "few.csv", "--yes", "--school", "河西小学")
    assert unknown.exit_code == 1
    assert "河西小学" in unknown.err
    made = run("import", "teachers", "few.csv", "--yes", "--school", "河西小学", "--add-schools")
    assert made.exit_code in {0, 3}
    assert count(registry, "school") == 3


def test_several_files_are_one_batch(run, registry, tmp_path):
    one, two = TEACHERS.splitlines()[1:]
    header = TEACHERS.splitlines()[0]
    (tmp_path / "a.csv").write_text(f"{header}\n{one}\n", encoding="utf-8")
    (tmp_path / "b.csv").write_text(f"{header}\n{two}\n", encoding="utf-8")
    assert run("import", "teachers", "a.csv", "b.csv", "--yes").exit_code == 0
    shown = json.loads(run("imports", "show", "2", "--format", "json").out)
    assert [file["name"] for file in shown["files"]] == ["a.csv", "b.csv"]
    assert all(len(file["sha256"]) == 64 for file in shown["files"])
    assert shown["tables"] == [
        {"table": "teacher", "added": 2, "changed": 0},
        {"table": "post", "added": 2, "changed": 0},
    ]


def test_imports_are_listed_shown_and_taken_back(run, registry):
    run("import", "teachers", "teachers.csv", "--yes")
    listed = json.loads(run("imports", "list", "--format", "json").out)
    assert [batch["batch"] for batch in listed] == [2, 1]
    assert listed[0]["imported_at"].endswith("+00:00")
    assert "Teachers" in run("imports", "list").out
    shown = run("imports", "show", "2")
    assert "SHA-256" in shown.out
    assert NUMBER not in shown.out
    refused = run("imports", "undo", "1")
    assert refused.exit_code == 1
    assert "2" in refused.err
    undone = run("imports", "undo", "2")
    assert undone.exit_code == 0
    assert "4 rows removed" in undone.out
    assert count(registry, "teacher") == 0


def test_what_an_import_changed_is_shown_row_by_row_with_old_and_new_value(run, registry, tmp_path):
    run("import", "teachers", "teachers.csv", "--yes")
    changed = TEACHERS.replace("13800001234", "13900005678").replace("一级", "高级")
    (tmp_path / "later.csv").write_text(changed, encoding="utf-8")
    run("import", "teachers", "later.csv", "--yes", "--on", "2027-09-01")
    shown = run("imports", "show", "3", lang="zh").out
    assert "later.csv" in shown
    assert "张伟（人员）  手机号：138****1234 → 139****5678" in shown
    assert "张伟（任职）  结束日期：（空） → 2027-08-31" in shown
    assert "张伟（任职）  学校：青禾县第一小学；学段：小学；学科：数学" in shown
    assert "13800001234" not in shown
    document = json.loads(run("imports", "show", "3", "--format", "json").out)
    assert [(one["action"], one["table"], one["who"]) for one in document["changes"]] == [
        ("change", "teacher", "张伟"),
        ("change", "post", "张伟"),
        ("add", "post", "张伟"),
    ]
    assert document["changes"][0]["old"] == {"phone": "138****1234"}
    assert document["changes"][0]["new"] == {"phone": "139****5678"}
    assert document["changes"][2]["new"]["school"] == "青禾县第一小学"


def test_a_long_import_is_shown_folded_and_whole_if_asked(run, registry, tmp_path):
    header = TEACHERS.splitlines()[0] + "\n"
    people = [
        f"王{name},,一小,语文,,1390000{n:04},\n"
        for n, name in enumerate("伟芳娜敏静丽强磊军洋" * 3)
    ]
    people = [
        line.replace(",,一小", f",,{'一小' if n < 10 else '青禾县第二小学'}", 1)
        for n, line in enumerate(people[:20])
    ]
    text = header.replace("身份证件号", "教职工号") + "".join(
        line.replace(",,", f",{n},", 1) for n, line in enumerate(people)
    )
    (tmp_path / "many.csv").write_text(text, encoding="utf-8")
    assert run("import", "teachers", "many.csv", "--yes").exit_code == 0
    folded = run("imports", "show", "2").out
    assert folded.count("(person)") + folded.count("(post)") == 20
    assert "… 20 more; --all lists every one" in folded
    whole = run("imports", "show", "2", "--all").out
    assert whole.count("(person)") == whole.count("(post)") == 20
    assert "more" not in whole


def test_who_took_an_import_back_and_when_is_shown(run, registry):
    run("import", "teachers", "teachers.csv", "--yes")
    tried = run("imports", "undo", "2", "--dry-run", lang="zh")
    assert tried.exit_code == 0
    assert tried.out == "撤销第 2 次导入将删除 4 条、恢复 0 条。这是预览，什么也没有改动。\n"
    assert count(registry, "teacher") == 2
    run("imports", "undo", "2")
    assert "（已撤销）" in run("imports", "show", "2", lang="zh").out
    assert "\n已由 " in run("imports", "show", "2", lang="zh").out
    assert run("imports", "show", "2", lang="zh").out.endswith("新增的记录已随撤销删除。\n")


def test_two_titles_in_one_cell_are_two_records_and_none_is_unchanged(run, registry, tmp_path):
    run("import", "teachers", "teachers.csv", "--yes")
    text = "姓名,学校名称,称号\n张伟,一小,2019年县级骨干教师、2021年市级学科带头人\n"
    (tmp_path / "titles.csv").write_text(text, encoding="utf-8")
    for options, counts in ((("--yes",), (2, 2, 0)), (("--dry-run",), (2, 0, 2))):
        ran = run("import", "titles", "titles.csv", *options, "--format", "json")
        rows = json.loads(ran.out)["rows"]
        assert (rows["read"], rows["added"], rows["unchanged"]) == counts


def test_a_former_name_is_shown_under_its_own_header(run, registry, tmp_path):
    run("import", "teachers", "teachers.csv", "--yes")
    (tmp_path / "later.csv").write_text(TEACHERS.replace("张伟", "张炜"), encoding="utf-8")
    ran = run("import", "teachers", "later.csv", "--dry-run", "--report", "report.xlsx", lang="zh")
    assert "张伟  姓名：张伟 → 张炜；曾用名：（空） → 张伟\n" in ran.out
    changes = openpyxl.load_workbook(tmp_path / "report.xlsx")["将要变更"].iter_rows(
        values_only=True
    )
    assert ("曾用名", "（空）", "张伟") in [row[3:6] for row in changes]


def test_what_could_not_be_read_is_told_apart_from_what_was_taken(run, registry, tmp_path):
    run("import", "teachers", "teachers.csv", "--yes")
    (tmp_path / "later.csv").write_text(TEACHERS.replace("数学", "养蜂"), encoding="utf-8")
    ran = run("import", "teachers", "later.csv", "--dry-run", lang="zh")
    assert "张伟  原填：任教学科：（空） → 养蜂\n" in ran.out


def test_an_undo_in_whose_way_later_imports_stand_says_which_rows_of_whom(run, registry, tmp_path):
    run("import", "teachers", "teachers.csv", "--yes")
    (tmp_path / "later.csv").write_text(TEACHERS.replace("书法", "绘画"), encoding="utf-8")
    run("import", "teachers", "later.csv", "--yes")
    ran = run("imports", "undo", "2", lang="zh")
    assert ran.exit_code == 1
    first, second, third = ran.err.splitlines()
    assert first == "第 2 次导入之后，又有导入改动了同样的记录，没有撤销："
    assert second.startswith("  第 3 次导入（教师，later.csv，")
    assert second.endswith("）：张伟（人员）")
    assert "（第 3 次）：teacherreg imports undo" in third
    assert count(registry, "teacher") == 2


def test_an_old_file_again_is_told_apart_from_one_that_changes_nothing(run, registry, tmp_path):
    run("import", "teachers", "teachers.csv", "--yes")
    (tmp_path / "later.csv").write_text(TEACHERS.replace("书法", "绘画"), encoding="utf-8")
    run("import", "teachers", "later.csv", "--yes")
    ran = run("import", "teachers", "teachers.csv", "--dry-run", lang="zh")
    assert "与第 2 次导入" in ran.err
    assert "再导入会把其中不同的内容改回旧的" in ran.err
    assert "改回旧的" not in run("import", "teachers", "later.csv", lang="zh").err


def test_before_the_first_import_there_is_nothing_to_list(run):
    run("init", "--county", "640199", "--name", "青禾县")
    assert "Nothing has been imported" in run("imports", "list").out


@pytest.mark.parametrize("words", [("show", "9"), ("undo", "9")])
def test_an_unknown_import_is_refused(run, registry, words):
    assert run("imports", *words).exit_code == 1


def test_what_a_conduct_record_says_is_on_no_screen(run, registry, tmp_path):
    run("import", "teachers", "teachers.csv", "--yes")
    header = "姓名,身份证件号,记录类别,处分类别,决定日期,事由\n"
    row = f"张伟,{NUMBER},处分,警告,2024-03-15,"
    (tmp_path / "c.csv").write_text(f"{header}{row}某甲事由\n", encoding="utf-8")
    first = run("import", "conduct", "c.csv", "--yes")
    (tmp_path / "c.csv").write_text(f"{header}{row}某乙事由\n", encoding="utf-8")
    second = run("import", "conduct", "c.csv", "--yes")
    shown = run("imports", "show", "4")
    for ran in (first, second, shown):
        assert ran.exit_code == 0
        assert "事由" not in (ran.out + ran.err).replace("事由：", "")
    assert "***" in second.out


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_template_has_headers_lists_and_an_example_that_is_skipped(
    run, registry, tmp_path, kind, lang
):
    assert run("template", kind, "t.xlsx", lang=lang).exit_code == 0
    book = openpyxl.load_workbook(tmp_path / "t.xlsx")
    sheet = book.worksheets[0]
    headers = [cell.value for cell in sheet[1]]
    fields = [field for field in KINDS[kind].fields if not field.is_aid]
    labels = [column_of(kind, field.name).label(lang) for field in fields]
    assert [header.removesuffix("*") for header in headers] == labels
    assert sheet.freeze_panes == "B2"
    assert {cell.number_format for cell in sheet[2]} == {"@"}
    coded = sum(bool(field.code_table) for field in fields)
    assert len(sheet.data_validations.dataValidation) >= coded
    assert (coded > 0) == (kind != "supervisors")  # whose columns are all free
    imported = run("import", kind, "t.xlsx", "--format", "json")
    assert (imported.exit_code, imported.out) == (1, "")
    assert "nobody filled in: it holds no record" in imported.err


def test_a_template_that_was_filled_in_imports_without_a_problem(run, registry, tmp_path):
    run("template", "teachers", "t.xlsx")
    book = openpyxl.load_workbook(tmp_path / "t.xlsx")
    sheet = book.worksheets[0]
    place = {cell.value.removesuffix("*"): cell.column for cell in sheet[1]}
    cells = {"Name": "张伟", "ID number": NUMBER, "School": "一小", "Staff number": "007"}
    for label, value in cells.items():
        sheet.cell(3, place[label], value)
    book.save(tmp_path / "t.xlsx")
    ran = run("import", "teachers", "t.xlsx", "--yes", "--format", "json")
    assert ran.exit_code == 0
    assert json.loads(ran.out)["rows"]["added"] == 1
    with sqlite3.connect(registry) as connection:
        assert connection.execute("SELECT staff_no FROM teacher").fetchone() == ("007",)


def test_a_template_replaces_no_file(run, registry, tmp_path):
    (tmp_path / "t.xlsx").write_text("mine")
    ran = run("template", "teachers", "t.xlsx")
    assert ran.exit_code == 1
    assert (tmp_path / "t.xlsx").read_text() == "mine"
