"""Complete rosters, folders, templates and exports, as an officer meets them on the screen."""

import json
import shutil
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from teacherreg import Registry

HEADER = "姓名,教职工号,学校名称,学段\n"
ONE, TWO = "青禾县第一小学", "青禾县第二小学"


def roster(path: Path, people: dict[str, str], school: str = ONE) -> None:
    path.parent.mkdir(exist_ok=True)
    rows = "".join(f"{name},{number},{school},小学\n" for name, number in people.items())
    path.write_text(HEADER + rows, encoding="utf-8")


@pytest.fixture(scope="module")
def made(tmp_path_factory, empty_registry):
    """A folder with a county of two schools and the rosters that filled it."""
    folder = tmp_path_factory.mktemp("county")
    shutil.copyfile(empty_registry, folder / "registry.db")
    schools = folder / "schools.csv"
    schools.write_text(f"学校名称,学校类型\n{ONE},小学\n{TWO},小学\n", "utf-8")
    roster(folder / "in" / "一.csv", {"张伟": "01", "李芳": "02", "王芳": "03"})
    roster(folder / "in" / "二.csv", {"赵一": "04"}, TWO)
    with Registry.open(folder / "registry.db") as registry:
        for kind, files in (("schools", schools), ("teachers", folder / "in")):
            registry.apply(registry.plan_import(kind, files, on=date(2026, 9, 1)))
    return folder


@pytest.fixture
def county(run, made, tmp_path):
    """A copy of that folder, in which commands run."""
    return shutil.copytree(made, tmp_path, dirs_exist_ok=True)


def test_a_folder_is_one_import_that_is_taken_back_at_once(run, county):
    batches = json.loads(run("imports", "list", "--format", "json").out)
    assert [(batch["kind"], batch["rows_added"]) for batch in batches] == [
        ("teachers", 4),
        ("schools", 2),
    ]
    shown = json.loads(run("imports", "show", "2", "--format", "json").out)
    assert [file["name"] for file in shown["files"]] == ["一.csv", "二.csv"]
    assert run("imports", "undo", "2").exit_code == 0
    assert "Nobody fits" in run("teacher", "find", "张伟").out


def test_the_same_said_of_many_files_is_folded_on_the_screen_alone(run, county):
    for number in range(8):
        roster(county / "more" / f"{number}.csv", {f"赵{number}": f"9{number}"})
    ran = run("import", "teachers", "more", "--yes")
    again = run("import", "teachers", "more", "--dry-run")
    assert again.err.count("is the same file") == 5
    assert "… 3 more like these; --report writes all" in again.err
    assert "more like these" not in ran.err
    document = json.loads(run("import", "teachers", "more", "--dry-run", "--format", "json").out)
    assert [notice["code"] for notice in document["notices"]] == ["file-again"] * 8


def full(run, *options, lang="en"):
    return run(
        "import", "teachers", "full.csv", "--full", "--on", "2027-09-01", *options, lang=lang
    )


def test_whoever_is_missing_is_shown_and_stays_until_somebody_says_so(run, county):
    roster(county / "full.csv", {"张伟": "01"})
    shown = full(run, "--yes")
    assert shown.exit_code == 3
    assert "李芳" in shown.out
    assert "王芳" in shown.out
    assert "张伟" not in shown.out
    assert "--allow-departures 2" in shown.out
    assert "()" not in shown.out
    document = json.loads(full(run, "--dry-run", "--format", "json").out)
    assert document["departed"] == {"listed": 2, "ended": 0}
    assert [(d["name"], d["school"], d["ends_on"]) for d in document["departures"]] == [
        ("李芳", ONE, None),
        ("王芳", ONE, None),
    ]


def test_never_more_people_leave_than_allowed(run, county):
    roster(county / "full.csv", {"张伟": "01"})
    refused = full(run, "--yes", "--allow-departures", "1", lang="zh")
    assert refused.exit_code == 1
    assert "2 人" in refused.err
    assert "Traceback" not in refused.err
    assert json.loads(run("imports", "list", "--format", "json").out)[0]["batch"] == 2
    done = full(run, "--yes", "--allow-departures", "2", "--format", "json")
    document = json.loads(done.out)
    assert document["departed"] == {"listed": 2, "ended": 2}
    assert {d["ends_on"] for d in document["departures"]} == {"2027-08-31"}
    assert "2027-08-31" in run("teacher", "show", "02").out
    assert "2027-08-31" not in run("teacher", "show", "04").out  # of a school not in the file
    assert run("imports", "undo", str(document["batch"])).exit_code == 0
    assert "2027-08-31" not in run("teacher", "show", "02").out


@pytest.mark.parametrize("options", [("--allow-departures", "3"), ("--allow-departures", "-1")])
def test_departures_need_a_complete_roster_and_a_number(run, county, options):
    assert run("import", "teachers", "in", *options).exit_code == 2


def test_a_visit_is_told_from_a_move_by_a_remark_and_shown_as_one(run, county):
    rows = f"姓名,教职工号,学校名称,学段,备注\n张伟,01,{TWO},小学,走教\n李芳,02,{TWO},小学,\n"
    (county / "two.csv").write_text(rows, encoding="utf-8")
    ran = run("import", "teachers", "two.csv", "--yes", "--on", "2027-09-01")
    assert ran.exit_code == 0
    assert f"李芳 {ONE}" in ran.err  # who came from a school that the file does not hold
    assert f"张伟 {ONE}" not in ran.err
    shown = run("teacher", "show", "01", lang="zh").out
    assert "[" not in shown
    assert f"{TWO} · 外来" in shown
    assert "2027-08-31" not in shown
    assert "2027-08-31" in run("teacher", "show", "02").out


def test_files_that_cannot_be_read_are_all_named(run, county):
    (county / "in" / "坏.xlsx").write_bytes(b"PK\x03\x04 cut off")
    (county / "in" / "空.csv").write_bytes(b"")
    refused = run("import", "teachers", "in", "--yes", lang="zh")
    assert refused.exit_code == 1
    assert "坏.xlsx" in refused.err
    assert "空.csv" in refused.err
    assert "--skip-unreadable" in refused.err
    going_on = run("import", "teachers", "in", "--yes", "--skip-unreadable", "--format", "json")
    assert going_on.exit_code == 3
    problems = json.loads(going_on.out)["problems"]
    assert [problem["code"] for problem in problems] == ["file-skipped"] * 2


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_an_export_imports_again_and_says_that_nothing_changes(run, county, lang, ending):
    for kind in ("schools", "teachers"):
        out = f"out-{kind}.{ending}"
        ran = run("export", kind, out, lang=lang)
        assert ran.exit_code == 0
        assert out in ran.out
        again = run("import", kind, out, "--format", "json", "--yes", lang=lang)
        assert again.exit_code == 0
        document = json.loads(again.out)
        assert document["rows"]["read"] == document["rows"]["unchanged"] > 0
        assert document["batch"] is None


def test_an_export_of_nothing_is_refused(run, county):
    ran = run("export", "titles", "t.xlsx", lang="zh")
    assert ran.exit_code == 1
    assert not (county / "t.xlsx").exists()


def test_a_template_may_offer_the_schools_of_the_registry(run, county):
    assert run("template", "teachers", "t.xlsx", "--with-schools", lang="zh").exit_code == 0
    codes = openpyxl.load_workbook(county / "t.xlsx")["代码"]
    columns = {column[1].value: [cell.value for cell in column[2:4]] for column in codes.columns}
    assert columns["已登记的学校"] == [ONE, TWO]


def test_each_school_numbers_its_own_staff_once_the_county_says_so(run, county):
    roster(county / "own.csv", {"钱二": "01"}, TWO)
    assert run("import", "teachers", "own.csv", "--yes").exit_code == 3
    assert run("settings", "set", "roster.staff_no_scope", "school").exit_code == 0
    done = run("import", "teachers", "own.csv", "--yes", "--format", "json")
    assert json.loads(done.out)["rows"]["added"] == 1
    assert "钱二" in run("teacher", "show", f"01@{TWO}").out
