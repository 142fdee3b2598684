"""The same person under another name, spelling or number."""

import json
from datetime import date

import pytest
from sqlmodel import Session

from teacherreg.errors import RegistryError
from teacherreg.intake.undo import undo
from teacherreg.people import identify
from teacherreg.settings import Settings

ONE, TWO, RED = "青禾县第一小学", "青禾县第二小学", "红山九年制学校"
ID_A, ID_B = "640199198503150012", "640199198802290023"
NEXT_YEAR = date(2027, 9, 1)
BY_SCHOOL = Settings({"roster.staff_no_scope": "school"})


def person(name="张伟", school=ONE, **more):
    return {"name": name, "school_name": school, "stage": "primary"} | more


def names(county):
    return [teacher["name"] for teacher in county.rows("teacher")]


def test_a_new_name_is_told_and_the_former_one_kept_and_found_again(county, codes):
    county("teachers", [person(id_number=ID_A)])
    batch = county("teachers", [person("张玮", id_number=ID_A)])
    (teacher,) = county.rows("teacher")
    assert (teacher["name"], teacher["unmapped"]) == ("张玮", {"曾用名": "张伟"})
    plan = county.plan("teachers", [person(phone="13900001234")])  # the name of before
    assert plan.counts.added == 0
    assert [(change.row_id, change.new["name"]) for change in plan.changed()] == [(1, "张伟")]
    undo(county.engine, batch.id, by="tester")
    (teacher,) = county.rows("teacher")
    assert (teacher["name"], teacher["unmapped"]) == ("张伟", None)


def test_a_former_name_that_the_row_tells_finds_the_person(county, codes):
    county("teachers", [person()])
    told = person("张玮", unmapped=json.dumps({"曾用名": "张伟"}, ensure_ascii=False))
    plan = county.plan("teachers", [told])
    assert codes(plan) == [(2, "name-differs")]
    assert plan.counts.added == 0
    county("teachers", [told])
    assert names(county) == ["张玮"]


@pytest.mark.parametrize(
    ("known", "written", "stored"),
    [
        pytest.param("買買提·艾力", "买买提·艾力", "买买提·艾力", id="simplified"),
        pytest.param("張偉", "张伟", "张伟", id="simplified without dot"),
        pytest.param("张伟", "張偉", "張偉", id="traditional: the last roster counts"),
        pytest.param("买买提艾力", "买买提·艾力", "买买提·艾力", id="a dot is more exact"),
        pytest.param("买买提·艾力", "买买提艾力", "买买提·艾力", id="no dot is no news"),
    ],
)
def test_another_spelling_is_the_same_person_and_no_former_name(county, known, written, stored):
    county("teachers", [person(known)])
    plan = county.plan("teachers", [person(written)])
    assert plan.counts.added == 0
    assert [p.code for p in plan.problems] == ["name-spelling"] * (known != stored)
    county("teachers", [person(written)])
    (teacher,) = county.rows("teacher")
    assert (teacher["name"], teacher["unmapped"]) == (stored, None)


def test_a_new_name_under_a_staff_number_needs_a_birth_date_or_the_former_name(county, codes):
    county("teachers", [person(staff_no="007", birth_date="1985-03-15")])
    married = person("张玮", staff_no="007")
    assert codes(county.plan("teachers", [married])) == [(2, "staff-no-taken")]
    plan = county.plan("teachers", [married | {"birth_date": "1985-03"}])
    assert codes(plan) == [(2, "name-differs")]
    assert plan.counts.changed == 1
    plan = county.plan("teachers", [married | {"unmapped": '{"曾用名": "张伟"}'}])
    assert codes(plan) == [(2, "name-differs")]


def test_somebody_new_with_name_and_birth_date_of_another_school_is_told(county, codes):
    county("teachers", [person(birth_date="1985-03-15", staff_no="007")])
    moved = person(school=TWO, birth_date="1985-03")
    plan = county.plan("teachers", [moved])
    assert codes(plan) == [(2, "possible-transfer")]
    assert plan.counts.added == 1  # told, not guessed
    assert ONE in plan.problems[0].message
    strict = Settings({"roster.possible_transfer": "reject"})
    plan = county.plan("teachers", [moved], settings=strict)
    assert (plan.counts.added, plan.counts.rejected) == (0, 1)
    assert plan.is_empty


@pytest.mark.parametrize(
    "other",
    [
        pytest.param({"birth_date": "1985-04-15"}, id="born otherwise"),
        pytest.param({"birth_date": "1985-03-15", "staff_no": "008"}, id="another staff number"),
        pytest.param({}, id="no birth date"),
    ],
)
def test_a_namesake_whom_something_tells_apart_is_no_news(county, codes, other):
    county("teachers", [person(birth_date="1985-03-15", staff_no="007")])
    assert codes(county.plan("teachers", [person(school=TWO) | other])) == []


def test_two_new_people_of_one_name_and_day_are_told_and_both_entered(county, codes):
    rows = [person(birth_date="1985-03-15"), person(school=TWO, birth_date="1985-03-15")]
    plan = county.plan("teachers", rows)
    assert codes(plan) == [(2, "possibly-same"), (3, "possibly-same")]
    assert plan.counts.added == 2


def test_each_school_may_number_its_own_staff(county, codes):
    rows = [person(staff_no="007"), person("李芳", TWO, staff_no="007")]
    assert codes(county.plan("teachers", rows)) == [(3, "staff-no-twice")]
    county("teachers", rows, settings=BY_SCHOOL)
    kept = [teacher["staff_no"] for teacher in county.rows("teacher")]
    assert kept == [f"007@{ONE}", f"007@{TWO}"]
    phones = [row | {"phone": f"1390000000{n}", "name": row["name"]} for n, row in enumerate(rows)]
    plan = county.plan("teachers", phones, settings=BY_SCHOOL)
    assert [(c.who, c.new) for c in plan.changed()] == [
        ("张伟", {"phone": "13900000000"}),
        ("李芳", {"phone": "13900000001"}),
    ]
    assert plan.counts.added == 0


def test_a_number_of_a_school_may_be_written_with_the_school(county):
    county("teachers", [person(staff_no="007")], settings=BY_SCHOOL)
    written = person(staff_no="007@一小", phone="13900001234")
    plan = county.plan("teachers", [written], settings=BY_SCHOOL)
    assert [change.new for change in plan.changed()] == [{"phone": "13900001234"}]


def test_a_school_that_numbers_its_staff_may_be_renamed(county):
    county("schools", [{"school_name": ONE, "school_code": "2164000001"}])
    county("teachers", [person(staff_no="007")], settings=BY_SCHOOL)
    county("schools", [{"school_name": "青禾县实验小学", "school_code": "2164000001"}])
    row = person("张伟", "青禾县实验小学", staff_no="007")
    plan = county.plan("teachers", [row], settings=BY_SCHOOL)
    assert plan.counts.added == 0
    assert [change.new for change in plan.changed()] == [{"staff_no": "007@青禾县实验小学"}]


def test_the_scope_of_staff_numbers_may_be_changed_and_changed_back(county):
    row = person(staff_no="007")
    county("teachers", [row])
    before = county.everything()
    for settings, kept in ((BY_SCHOOL, f"007@{ONE}"), (Settings({}), "007")):
        plan = county.plan("teachers", [row], settings=settings)
        assert (plan.counts.added, plan.counts.changed) == (0, 1)
        assert not plan.problems
        county("teachers", [row], settings=settings)
        assert [teacher["staff_no"] for teacher in county.rows("teacher")] == [kept]
        assert county.plan("teachers", [row], settings=settings).is_empty
    assert county.everything() == before


def test_titles_find_their_people_by_school_and_staff_number(county, codes):
    rows = [person(staff_no="007"), person("李芳", TWO, staff_no="007")]
    county("teachers", rows, settings=BY_SCHOOL)
    title = {"title_kind": "backbone_teacher", "level": "county", "awarded_on": date(2024, 9, 1)}
    given = title | {"staff_no": "007", "school_name": TWO}
    county("titles", [given], settings=BY_SCHOOL)
    assert [award["teacher_id"] for award in county.rows("title_award")] == [2]
    nowhere = title | {"staff_no": "007", "name": "李芳"}
    plan = county.plan("titles", [nowhere], settings=BY_SCHOOL)
    assert codes(plan) == [(2, "person-needs-school")]


def test_a_visitor_keeps_the_staff_number_of_home(county):
    rows = [
        person(id_number=ID_A, staff_no="007"),
        person(school=TWO, id_number=ID_A, staff_no="045"),
    ]
    county("teachers", rows, settings=BY_SCHOOL)
    (teacher,) = county.rows("teacher")
    assert teacher["staff_no"] == f"007@{ONE}"
    for some in (rows, rows[::-1], rows[1:]):
        assert county.plan("teachers", some, settings=BY_SCHOOL, on=NEXT_YEAR).is_empty


def test_a_transfer_brings_the_staff_number_of_the_new_school(county):
    county("teachers", [person(id_number=ID_A, staff_no="007")], settings=BY_SCHOOL)
    moved = person(school=TWO, id_number=ID_A, staff_no="045")
    county("teachers", [moved], settings=BY_SCHOOL, on=NEXT_YEAR)
    (teacher,) = county.rows("teacher")
    assert teacher["staff_no"] == f"045@{TWO}"
    assert [post["school"] for post in county.post("张伟")] == [ONE, TWO]


def test_a_staff_number_of_two_schools_names_nobody_on_the_command_line(county):
    rows = [
        person(staff_no="007"),
        person("李芳", TWO, staff_no="007"),
        person("王芳", staff_no="8"),
    ]
    county("teachers", rows, settings=BY_SCHOOL)
    with Session(county.engine) as session:
        assert identify(session, "8").name == "王芳"
        assert identify(session, f"007@{TWO}").name == "李芳"
        with pytest.raises(RegistryError, match="李芳") as error:
            identify(session, "007")
    assert error.value.code == "teacher-several"


def test_many_numbers_of_two_people_ask_whether_each_school_has_its_own(county):
    county("teachers", [person(f"王{c}", staff_no=n) for c, n in zip("一二三", "123", strict=True)])
    others = [person(f"李{c}", TWO, staff_no=n) for c, n in zip("一二三", "123", strict=True)]
    plan = county.plan("teachers", others)
    assert [n.code for n in plan.notices if n.code.startswith("staff")] == [
        "staff-numbers-by-school"
    ]
    assert plan.counts.rejected == 3
    assert county.plan("teachers", others, settings=BY_SCHOOL).counts.added == 3


def test_a_row_without_number_for_somebody_who_moved_away_is_no_guess(county, codes):
    county("teachers", [person(school=TWO, id_number=ID_A)])
    rows = [person(school=ONE, id_number=ID_A), person(school=TWO)]
    plan = county.plan("teachers", rows)
    assert codes(plan) == [(3, "person-repeated")]  # the only one of that name there, until now
    county("teachers", rows)
    again = county.plan("teachers", rows)
    assert codes(again) == [(3, "person-repeated")]
    assert (again.is_empty, again.counts.rejected) == (True, 1)
    alone = county.plan("teachers", rows[1:])
    assert codes(alone) == [(2, "person-was-here")]
    (problem,) = alone.problems
    assert "张伟 (青禾县第一小学, number 1)" in problem.message
    assert (alone.is_empty, alone.counts.rejected) == (True, 1)


def test_a_namesake_of_somebody_who_moved_away_comes_with_a_number_or_another_birth_date(county):
    born = {"birth_date": "1985-03-15"}
    county("teachers", [person(school=TWO, id_number=ID_A, **born)])
    county("teachers", [person(school=ONE, id_number=ID_A, **born)], on=NEXT_YEAR)
    for other in ({"id_number": ID_B}, {"staff_no": "9"}, {"birth_date": "1990-01-01"}):
        plan = county.plan("teachers", [person(school=TWO, **other)], on=NEXT_YEAR)
        assert (plan.counts.added, plan.counts.rejected) == (1, 0)


def test_that_somebody_left_is_no_news_the_second_time_though_a_visit_goes_on(county, codes):
    county("teachers", [person(school=ONE), person(school=TWO, staff_no="1", id_number=ID_A)])
    county("teachers", [person(school=RED, id_number=ID_A, status="101", stage="junior")])
    left = [person(school=TWO, status="301")]
    plan = county.plan("teachers", left, on=NEXT_YEAR)
    assert (plan.counts.changed, codes(plan)) == (1, [])
    county("teachers", left, on=NEXT_YEAR)
    again = county.plan("teachers", left, on=NEXT_YEAR)
    assert (again.is_empty, codes(again)) == (True, [])


def test_that_a_visitor_left_is_no_news_the_second_time(county, codes):
    county("teachers", [person(school=ONE, id_number=ID_A)])
    county("teachers", [person(school=RED, id_number=ID_A, status="101", stage="junior")])
    left = [person(school=RED, status="301", stage="junior")]
    county("teachers", left, on=NEXT_YEAR)
    again = county.plan("teachers", left, on=NEXT_YEAR)
    assert (again.is_empty, codes(again)) == (True, [(2, "left-elsewhere")])
    home, *visits = county.post("张伟")
    assert (home["school"], home["ends_on"]) == (ONE, None)
    assert {post["school"] for post in visits} == {RED}
    assert all(post["ends_on"] for post in visits)


def twice(county, codes, rows, **options):
    """Apply rows, and tell the problems; the second time they change nothing."""
    plan = county.plan("teachers", rows, **options)
    county("teachers", rows, **options)
    again = county.plan("teachers", rows, **options)
    assert again.is_empty, list(again.changes)
    assert again.counts.rejected == plan.counts.rejected
    return codes(plan)


def test_a_namesake_without_number_where_the_numbered_one_was_is_no_guess_twice(county, codes):
    known = person(id_number=ID_A)
    county("teachers", [known, known, known, known | {"school_name": TWO}, known])
    rows = [known, known, known, known, person(school=TWO)]
    assert twice(county, codes, rows, on=NEXT_YEAR) == [(6, "person-repeated")]
    assert len(county.rows("teacher")) == 1


def test_a_school_put_right_on_the_same_day_is_remembered_for_namesakes(county, codes):
    county("teachers", [person(school=TWO, id_number=ID_A, school_joined_on=date(2026, 9, 1))])
    rows = [person(school=ONE, id_number=ID_A), person(school=TWO)]
    assert twice(county, codes, rows) == [(3, "person-repeated")]
    assert [post["school"] for post in county.post("张伟")] == [ONE]


def test_people_of_one_former_name_in_a_file_are_taken_for_one_both_times(county, codes):
    told = {"unmapped": '{"曾用名": "李芳"}'}
    rows = [person(id_number=ID_A, **told), person("李芳")]
    assert twice(county, codes, rows) == [(3, "person-twice")]
    assert names(county) == ["张伟"]


def test_what_nobody_can_tell_of_one_row_refuses_all_rows_of_that_number(county, codes):
    county("teachers", [person(school=ONE)])
    rows = [person(id_number=ID_B), person(id_number=ID_A), person(school=TWO, id_number=ID_A)]
    assert twice(county, codes, rows) == [(n, "person-repeated") for n in (2, 3, 4)]
    assert [post["school"] for post in county.post("张伟")] == [ONE]


def test_a_number_that_the_file_adds_to_somebody_tells_a_namesake_apart_at_once(county, codes):
    county("teachers", [person(staff_no="1")])
    rows = [person(school=TWO, staff_no="1", id_number=ID_A), person(school=TWO, id_number=ID_B)]
    assert twice(county, codes, rows) == []
    assert [one["id_number"] for one in county.rows("teacher")] == [ID_A, ID_B]


def test_a_row_beside_a_number_that_may_mean_a_namesake_of_the_registry_is_no_guess(county, codes):
    county("teachers", [person(staff_no="7")])
    rows = [person(staff_no="2"), person(phone="13900001234")]
    assert twice(county, codes, rows) == [(3, "person-repeated")]
    assert [(one["staff_no"], one["phone"]) for one in county.rows("teacher")] == [
        ("7", None),
        ("2", None),
    ]


def test_a_former_name_that_a_roster_tells_again_does_not_push_out_another(county):
    county("teachers", [person(id_number=ID_A)])
    rows = [person("张玮", id_number=ID_A, unmapped='{"曾用名": "张苇"}')]
    county("teachers", rows)
    (teacher,) = county.rows("teacher")
    assert set(teacher["unmapped"]["曾用名"].split("、")) == {"张苇", "张伟"}
    assert county.plan("teachers", rows).is_empty


def test_whoever_serves_again_elsewhere_visits_the_school_that_he_left(county, codes):
    county("teachers", [person(id_number=ID_A, status="301")])
    rows = [person(id_number=ID_A), person(school=TWO, id_number=ID_A, status="100")]
    assert twice(county, codes, rows, on=NEXT_YEAR) == [(2, "person-two-schools")]
    open_posts = [p for p in county.post("张伟") if p["ends_on"] is None]
    assert {(p["school"], p["attachment"]) for p in open_posts} == {
        (TWO, "home"),
        (ONE, "visiting"),
    }


def test_that_somebody_missing_left_another_school_is_no_news(county, codes):
    county("teachers", [person(id_number=ID_A)])
    rows = [person(id_number=ID_B), person(school=TWO, id_number=ID_A, status="301")]
    options = {"on": NEXT_YEAR, "full": True, "allow_departures": 1}
    assert twice(county, codes, rows, **options) == [(3, "left-elsewhere")]


def test_who_may_be_meant_by_a_row_that_fits_two_is_not_given_to_another_row(county, codes):
    county("teachers", [person(school=ONE), person(school=TWO)])
    rows = [
        person(school=TWO, id_number=ID_A),
        person(school=ONE, id_number=ID_A),
        person(school=TWO, id_number=ID_B),
    ]
    found = [(2, "person-ambiguous"), (3, "person-ambiguous"), (4, "person-repeated")]
    assert twice(county, codes, rows) == found
    assert county.plan("teachers", rows[2:]).counts.changed == 1  # alone it is certain
