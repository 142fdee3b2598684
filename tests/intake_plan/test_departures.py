"""Complete rosters: who is missing, and who is never taken for missing."""

import shutil
from dataclasses import replace
from datetime import date

import polars as pl
import pytest

from teacherreg import database
from teacherreg.errors import IntakeError, UsageError
from teacherreg.intake.plan import plan_reading
from teacherreg.intake.problems import Problem
from teacherreg.intake.read import WHO
from teacherreg.intake.undo import undo
from teacherreg.settings import Settings
from tests.intake_plan.conftest import Importer

ONE, TWO, RED = "青禾县第一小学", "青禾县第二小学", "红山九年制学校"
ID_A, ID_B, ID_C = "640199198503150012", "640199198802290023", "640199197001010030"
NEXT_YEAR = date(2027, 9, 1)


def person(name, number, school=ONE, **more):
    return {"name": name, "id_number": number, "school_name": school, "stage": "primary"} | more


ZHANG = person("张伟", ID_A, school_joined_on=date(2010, 9, 1), birth_date="1985-03-15")
LI = person("李芳", ID_B)
WANG = person("王芳", ID_C, TWO)


@pytest.fixture(scope="module")
def staffed_file(county_file, tmp_path_factory):
    """Two people at one school, one at another; one of the two has a title."""
    path = tmp_path_factory.mktemp("staffed") / "registry.db"
    shutil.copyfile(county_file, path)
    engine = database.open_existing(path)
    county = Importer(engine)
    county("teachers", [ZHANG, LI, WANG])
    county(
        "titles",
        [{"name": "张伟", "id_number": ID_A, "title_kind": "backbone_teacher", "level": "county",
          "awarded_on": date(2025, 9, 1)}],
    )  # fmt: skip
    engine.dispose()
    return path


@pytest.fixture
def staffed(staffed_file, registry_path):
    shutil.copyfile(staffed_file, registry_path)
    engine = database.open_existing(registry_path)
    yield Importer(engine)
    engine.dispose()


def full(county, rows, **options):
    return county.plan("teachers", rows, full=True, on=NEXT_YEAR, **options)


def missing(plan):
    return [(d.name, d.school, d.ends_on) for d in plan.departures]


def test_whoever_is_missing_is_listed_with_school_since_when_and_titles(staffed):
    plan = full(staffed, [LI])
    assert plan.is_empty  # listed, not ended
    assert plan.needs_attention
    (gone,) = plan.departures
    assert (gone.name, gone.school, gone.since) == ("张伟", ONE, "2010-09-01")
    assert gone.titles == (("backbone_teacher", "county"),)
    assert gone.attachment == "home"
    document = plan.to_document()
    assert document["departed"] == {"listed": 1, "ended": 0}
    assert document["departures"] == [
        {
            "teacher": 1,
            "name": "张伟",
            "id_number": "640199********0012",
            "staff_no": None,
            "birth_date": "1985-03-15",
            "school": ONE,
            "attachment": "home",
            "since": "2010-09-01",
            "titles": [{"title_kind": "backbone_teacher", "level": "county"}],
            "listed_at": [],
            "in_doubt": False,
            "ends_on": None,
        }
    ]


def test_without_full_nobody_is_missing(staffed):
    plan = staffed.plan("teachers", [LI], on=NEXT_YEAR)
    assert plan.departures == []
    assert "departures" not in plan.to_document()


def test_posts_are_ended_only_when_that_is_asked_and_undo_restores_them(staffed):
    before = staffed.everything()
    plan = full(staffed, [LI], allow_departures=1)
    assert missing(plan) == [("张伟", ONE, "2027-08-31")]
    batch = staffed("teachers", [LI], full=True, allow_departures=1, on=NEXT_YEAR)
    assert staffed.post("张伟")[0]["ends_on"] == date(2027, 8, 31)
    assert full(staffed, [LI]).departures == []
    undo(staffed.engine, batch.id, by="tester")
    assert staffed.everything() == before


@pytest.mark.parametrize("most", [0, 1])
def test_more_departures_than_allowed_end_nobody(staffed, most):
    before = staffed.everything()
    rows = [person("赵新", None, ONE)]
    with pytest.raises(IntakeError) as error:
        full(staffed, rows, allow_departures=most)
    assert error.value.code == "departures-too-many"
    assert f"{ONE} 2" in str(error.value)
    assert staffed.everything() == before
    assert len(full(staffed, rows, allow_departures=2).departures) == 2


def test_a_school_that_the_file_does_not_name_is_untouched(staffed):
    plan = full(staffed, [ZHANG, LI], allow_departures=9)
    assert plan.departures == []
    assert [
        str(n.parameters["schools"]) for n in plan.notices if n.code == "schools-without-rows"
    ] == [TWO]


def test_whoever_is_listed_at_another_school_has_moved_and_is_not_missing(staffed):
    moved = ZHANG | {"school_name": TWO, "school_joined_on": None}
    plan = full(staffed, [LI, WANG, moved], allow_departures=0)
    assert plan.departures == []
    staffed("teachers", [LI, WANG, moved], full=True, on=NEXT_YEAR)
    assert [(p["school"], p["ends_on"]) for p in staffed.post("张伟")] == [
        (ONE, date(2027, 8, 31)),
        (TWO, None),
    ]


def test_a_visiting_post_that_is_no_longer_listed_is_a_departure_of_its_own(staffed):
    visit = ZHANG | {"school_name": TWO, "school_joined_on": None}
    staffed("teachers", [ZHANG, visit])
    plan = full(staffed, [ZHANG, LI, WANG], allow_departures=1)
    (gone,) = plan.departures
    assert (gone.name, gone.school, gone.attachment, gone.listed_at) == (
        "张伟", TWO, "visiting", (ONE,),
    )  # fmt: skip
    staffed("teachers", [ZHANG, LI, WANG], full=True, allow_departures=1, on=NEXT_YEAR)
    assert [(p["attachment"], p["ends_on"]) for p in staffed.post("张伟")] == [
        ("home", None),
        ("visiting", date(2027, 8, 31)),
    ]


def test_a_row_without_school_is_about_the_school_that_is_known(staffed):
    assert full(staffed, [ZHANG | {"school_name": None}, LI]).departures == []


def test_whoever_left_or_joins_on_the_day_is_not_missing(staffed):
    staffed("teachers", [ZHANG | {"status": "301"}], on=date(2027, 3, 1))
    staffed("teachers", [person("赵新", None, ONE, school_joined_on=NEXT_YEAR)])
    assert full(staffed, [LI]).departures == []


def test_whoever_is_in_a_row_that_planning_rejects_is_not_missing(staffed, codes):
    rows = [LI, ZHANG | {"school_name": "没有的学校"}]
    plan = full(staffed, rows, allow_departures=9)
    assert (3, "school-unknown-no-nearest") in codes(plan)
    assert plan.departures == []


def unread(staffed, make_reading, refused, code="id-checksum", rows=(LI,), **options):
    """Plan a full roster in which one row was refused while it was read."""
    reading = make_reading("teachers", list(rows))
    row = dict.fromkeys(WHO) | {"file": "名单.xlsx", "sheet": "Sheet1", "row": 9} | refused
    problem = Problem("名单.xlsx", "Sheet1", 9, None, code, "error", None, {})
    reading = replace(
        reading,
        refused=pl.DataFrame([row], schema=reading.refused.schema),
        problems=[problem],
        rows_read=reading.rows_read + 1,
        rows_rejected=1,
    )
    options = {"settings": Settings({}), "on": NEXT_YEAR, "full": True} | options
    return plan_reading(staffed.engine, reading, **options)


@pytest.mark.parametrize(
    "refused",
    [
        pytest.param({"id_number": ID_A, "school_name": ONE}, id="by number"),
        pytest.param({"id_number": f" {ID_A[:6]} {ID_A[6:]} "}, id="by a number badly written"),
        pytest.param({"name": "张伟", "id_number": "640199198503150013"}, id="by name"),
        pytest.param({"name": "張偉", "birth_date": "1985-03"}, id="by name in other characters"),
    ],
)
def test_whoever_is_in_a_row_that_was_not_read_is_not_missing(staffed, make_reading, refused):
    plan = unread(staffed, make_reading, refused, allow_departures=9)
    assert plan.departures == []


def test_a_namesake_born_otherwise_does_not_hide_a_departure(staffed, make_reading):
    refused = {"name": "张伟", "birth_date": "1970-01", "school_name": ONE}
    assert missing(unread(staffed, make_reading, refused)) == [("张伟", ONE, None)]


@pytest.mark.parametrize(
    ("refused", "code"),
    [
        pytest.param({"school_name": ONE}, "name-missing", id="a row without name or number"),
        pytest.param({"name": "男", "school_name": ONE}, "row-shifted", id="a row that slipped"),
        pytest.param({"name": "12", "school_name": None}, "name-unreadable", id="of any school"),
    ],
)
def test_where_a_row_may_mean_anybody_nobody_is_ended(staffed, make_reading, refused, code):
    plan = unread(staffed, make_reading, refused, code, allow_departures=9)
    assert missing(plan) == [("张伟", ONE, None)]
    assert plan.departures[0].in_doubt
    assert plan.is_empty
    assert "departures-in-doubt" in [problem.code for problem in plan.problems]


def test_a_row_that_may_mean_anybody_of_another_school_is_no_doubt_here(staffed, make_reading):
    plan = unread(staffed, make_reading, {"school_name": TWO}, "name-missing", allow_departures=9)
    assert missing(plan) == [("张伟", ONE, "2027-08-31")]


def test_people_in_doubt_do_not_count_against_what_is_allowed(staffed, make_reading):
    plan = unread(staffed, make_reading, {"school_name": ONE}, "name-missing", allow_departures=0)
    assert missing(plan) == [("张伟", ONE, None)]


@pytest.mark.parametrize(
    "code",
    ["sheet-not-read", "sheet-hidden", "second-table", "tables-side-by-side", "file-skipped"],
)
def test_where_a_table_was_not_read_nobody_is_ended(staffed, make_reading, code):
    reading = make_reading("teachers", [LI])
    problem = Problem("名单.xlsx", "旧表", None, None, code, "warning", None, {})
    plan = plan_reading(
        staffed.engine,
        replace(reading, problems=[problem]),
        settings=Settings({}),
        on=NEXT_YEAR,
        full=True,
        allow_departures=9,
    )
    assert missing(plan) == [("张伟", ONE, None)]


def test_where_each_school_numbers_its_staff_a_refused_row_hides_its_own_only(county, make_reading):
    by_school = Settings({"roster.staff_no_scope": "school"})
    rows = [person("张伟", None, ONE, staff_no="7"), person("李芳", None, TWO, staff_no="7")]
    others = [person("王一", None, ONE), person("王二", None, TWO)]
    county("teachers", [*rows, *others], settings=by_school)
    refused = {"staff_no": "7", "name": "某某某", "school_name": ONE}
    plan = unread(county, make_reading, refused, rows=others, settings=by_school)
    assert missing(plan) == [("李芳", TWO, None)]


def test_a_school_that_shrinks_by_more_than_the_county_allows_is_told(staffed):
    plan = full(staffed, [LI])
    (problem,) = [p for p in plan.problems if p.code == "school-shrinks"]
    assert problem.row is None
    assert problem.severity == "warning"
    assert "2" in problem.message
    assert "50" in problem.message
    patient = Settings({"roster.change_percent": 50})
    assert "school-shrinks" not in [p.code for p in full(staffed, [LI], settings=patient).problems]


def test_a_school_that_grows_is_told(staffed):
    new = [person(f"赵{c}", None, TWO) for c in "一二"]
    plan = full(staffed, [ZHANG, LI, WANG, *new])
    (notice,) = [n for n in plan.notices if n.code == "schools-grow"]
    assert str(notice.parameters["schools"]) == f"{TWO} 1 → 3"


@pytest.mark.parametrize(
    ("kind", "options", "code"),
    [
        ("titles", {"full": True}, "full-not-teachers"),
        ("teachers", {"allow_departures": 3}, "departures-need-full"),
        ("teachers", {"full": True, "allow_departures": -1}, "departures-below-zero"),
    ],
)
def test_options_that_make_no_sense_are_refused(county, kind, options, code):
    with pytest.raises(UsageError) as error:
        county.plan(kind, [ZHANG], **options)
    assert error.value.code == code


def test_a_small_file_of_a_large_county_tells_the_same(county):
    crowd = [person(f"王{chr(0x4E00 + n)}", None, RED) for n in range(20)]
    county("teachers", [*crowd, ZHANG, LI])
    assert missing(full(county, [LI])) == [("张伟", ONE, None)]
