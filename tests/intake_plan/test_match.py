"""Who is who, and which school is meant."""

import pytest

from teacherreg.intake.places import Place, Places
from teacherreg.intake.undo import undo
from teacherreg.locale import speaking

ONE, TWO, RED = "青禾县第一小学", "青禾县第二小学", "红山九年制学校"
# Made up, of an area that does not exist; the last character is the right one.
ID_A, ID_B = "640199198503150012", "640199198802290023"


def person(name="张伟", school=ONE, **more):
    return {"name": name, "school_name": school, "stage": "primary"} | more


def test_a_number_finds_the_person_under_any_name_and_school(county):
    county("teachers", [person(id_number=ID_A)])
    plan = county.plan("teachers", [person("张玮", TWO, id_number=ID_A)])
    assert plan.counts.changed == 1
    assert plan.counts.added == 0


def test_the_staff_number_finds_the_person_where_no_id_number_is_given(county):
    county("teachers", [person(id_number=ID_A, staff_no="007")])
    county("teachers", [person(staff_no="007", id_number=None, phone="13800001234")])
    (teacher,) = county.rows("teacher")
    assert (teacher["id_number"], teacher["phone"]) == (ID_A, "13800001234")


def test_name_and_school_find_the_person_where_no_number_is_given(county):
    county("teachers", [person(id_number=ID_A)])
    assert county.plan("teachers", [person()]).is_empty
    assert county.plan("teachers", [person(school="一小")]).is_empty


def test_a_number_is_added_to_whoever_had_none(county):
    county("teachers", [person()])
    county("teachers", [person(id_number=ID_A, staff_no="007")])
    (teacher,) = county.rows("teacher")
    assert (teacher["id_number"], teacher["staff_no"]) == (ID_A, "007")


def test_one_name_under_two_numbers_is_two_persons(county):
    county("teachers", [person(id_number=ID_A)])
    county("teachers", [person(id_number=ID_B)])
    assert len(county.rows("teacher")) == 2


def test_a_name_that_fits_two_is_no_guess_and_names_both_without_numbers(county, codes):
    county("teachers", [person(id_number=ID_A, birth_date="1985-03-15"), person(id_number=ID_B)])
    plan = county.plan("teachers", [person(phone="13800001234")])
    assert codes(plan) == [(2, "person-ambiguous")]
    message = plan.problems[0].message
    assert "number 1" in message
    assert "number 2" in message
    assert "1985-03" in message
    assert ID_A not in message
    assert plan.counts.rejected == 1
    with speaking("zh"):
        assert "编号 1" in plan.problems[0].message


def test_the_birth_date_tells_two_of_one_name_apart(county):
    county(
        "teachers",
        [person(id_number=ID_A, birth_date="1985-03-15"),
         person(id_number=ID_B, birth_date="1988-02-29")],
    )  # fmt: skip
    plan = county.plan("teachers", [person(birth_date="1988-02", phone="13800001234")])
    assert [change.row_id for change in plan.changed()] == [2]


def test_another_birth_date_is_another_person(county):
    county("teachers", [person(birth_date="1985-03-15")])
    county("teachers", [person(birth_date="1990-01-01")])
    assert len(county.rows("teacher")) == 2
    assert county.plan("teachers", [person(birth_date="1990-01")]).is_empty


def test_a_name_without_its_dot_is_the_same_name(county):
    county("teachers", [person("买买提·艾力")])
    assert county.plan("teachers", [person("买买提艾力")]).is_empty


def test_id_number_and_staff_number_of_two_persons_are_a_fault(county, codes):
    county("teachers", [person(id_number=ID_A), person("李芳", staff_no="007")])
    plan = county.plan("teachers", [person(id_number=ID_A, staff_no="007")])
    assert codes(plan) == [(2, "numbers-disagree")]
    assert "李芳" in plan.problems[0].message


def test_a_staff_number_that_belongs_to_another_number_is_a_fault(county, codes):
    county("teachers", [person(id_number=ID_A, staff_no="007")])
    plan = county.plan("teachers", [person("李芳", id_number=ID_B, staff_no="007")])
    assert codes(plan) == [(2, "staff-no-taken")]
    assert ID_A not in plan.problems[0].message


def test_one_staff_number_under_two_id_numbers_of_a_file_is_a_fault(county, codes):
    rows = [person(id_number=ID_A, staff_no="007"), person("李芳", id_number=ID_B, staff_no="007")]
    plan = county.plan("teachers", rows)
    assert codes(plan) == [(3, "staff-no-twice")]
    assert "row 2" in plan.problems[0].message


@pytest.mark.parametrize("number", [ID_A, None])
def test_one_staff_number_under_two_names_of_a_file_is_a_fault(county, codes, number):
    rows = [person(id_number=number, staff_no="007"), person("李芳", staff_no="007", school=TWO)]
    assert codes(county.plan("teachers", rows)) == [(3, "staff-no-twice")]


def test_a_staff_number_of_a_refused_row_makes_nobody_of_two_people(county, codes):
    rows = [
        person("王强", staff_no="2"),
        person("李芳", id_number=ID_B, staff_no="1", school=TWO),
        person("李芳", id_number=ID_B, staff_no="2"),
    ]
    assert codes(county.plan("teachers", rows)) == [(4, "staff-no-twice")]
    county("teachers", rows)
    known = [(one["name"], one["id_number"], one["staff_no"]) for one in county.rows("teacher")]
    assert known == [("王强", None, "2"), ("李芳", ID_B, "1")]


def test_staff_numbers_that_were_mixed_up_can_be_put_right_and_taken_back(county, codes):
    county(
        "teachers",
        [person(id_number=ID_A, staff_no="007"), person("李芳", id_number=ID_B, staff_no="008")],
    )
    before = county.everything()
    right = [
        person(id_number=ID_A, staff_no="008", phone="13800001234"),
        person("李芳", id_number=ID_B, staff_no="007"),
    ]
    assert codes(county.plan("teachers", right)) == []
    batch = county("teachers", right)
    assert [teacher["staff_no"] for teacher in county.rows("teacher")] == ["008", "007"]
    undo(county.engine, batch.id, by="tester")
    assert county.everything() == before


def test_a_staff_number_that_its_owner_gives_up_may_go_to_a_new_person(county):
    county("teachers", [person(id_number=ID_A, staff_no="007")])
    rows = [person("李芳", id_number=ID_B, staff_no="007"), person(id_number=ID_A, staff_no="008")]
    county("teachers", rows)
    assert [teacher["staff_no"] for teacher in county.rows("teacher")] == ["008", "007"]


def test_two_rows_of_one_name_and_school_cannot_be_told_apart(county, codes):
    rows = [person(subject="chinese"), person(subject="physics")]
    plan = county.plan("teachers", rows)
    assert codes(plan) == [(2, "person-repeated"), (3, "person-repeated")]
    assert plan.is_empty


def test_the_same_row_twice_is_one_person(county, codes):
    plan = county.plan("teachers", [person(), person()])
    assert codes(plan) == []
    county("teachers", [person(), person()])
    assert len(county.rows("teacher")) == 1


def test_birth_dates_tell_apart_two_rows_of_one_name_and_school(county):
    county("teachers", [person(birth_date="1985-03-15"), person(birth_date="1990-01-01")])
    assert len(county.rows("teacher")) == 2


def test_a_row_without_number_joins_the_one_with_a_number_of_the_same_file(county):
    rows = [person(id_number=ID_A), person(phone="13800001234")]
    county("teachers", rows)
    (teacher,) = county.rows("teacher")
    assert teacher["id_number"] == ID_A


def test_a_staff_number_joins_the_row_that_has_both_numbers(county):
    rows = [person(staff_no="007"), person(id_number=ID_A, staff_no="007", school=TWO)]
    county("teachers", rows)
    (teacher,) = county.rows("teacher")
    assert (teacher["id_number"], teacher["staff_no"]) == (ID_A, "007")


def test_two_rows_that_claim_one_person_of_the_registry_are_a_fault(county, codes):
    county("teachers", [person(id_number=ID_A)])
    rows = [person(school=TWO, id_number=ID_A), person(subject="physics")]
    plan = county.plan("teachers", rows)
    assert codes(plan) == [(3, "person-repeated")]


def test_without_school_a_new_person_is_no_use(county, codes):
    plan = county.plan("teachers", [person(school=None, id_number=ID_A)])
    assert codes(plan) == [(2, "school-missing")]


def test_without_school_a_known_person_stays_where_he_is(county):
    county("teachers", [person(id_number=ID_A)])
    assert county.plan("teachers", [person(school=None, id_number=ID_A)]).is_empty


def test_a_small_file_asks_for_its_own_people_only_and_finds_them(county):
    others = [person(f"王{chr(0x4E00 + n)}", staff_no=f"T{n}") for n in range(30)]
    county("teachers", [*others, person(id_number=ID_A, staff_no="007")])
    for row in (person(), person(school=None, staff_no="007"), person(school=TWO, id_number=ID_A)):
        plan = county.plan("teachers", [row])
        assert plan.counts.added == 0
        assert not plan.problems


def test_an_unknown_school_is_an_error_that_offers_the_nearest(county, codes):
    plan = county.plan("teachers", [person(school="第一小学校")])
    assert codes(plan) == [(2, "school-unknown")]
    assert ONE in plan.problems[0].message
    assert plan.problems[0].column == "学校名称"


def test_an_unknown_school_is_made_where_that_is_asked_for(county, codes):
    rows = [person(school="河西小学"), person("李芳", school="河西 小学")]
    plan = county.plan("teachers", rows, add_schools=True)
    assert codes(plan) == []
    assert plan.counts.added == 2
    assert [notice.code for notice in plan.notices] == ["schools-made"]
    county("teachers", rows, add_schools=True)
    assert [school["name"] for school in county.rows("school")][3:] == ["河西小学"]


def test_rows_without_school_take_the_one_that_is_named_for_all(county):
    county("teachers", [person(school=None), person("李芳", school=TWO)], school="一小")
    assert county.post("张伟")[0]["school"] == ONE
    assert county.post("李芳")[0]["school"] == TWO


PLACES = Places(
    "青禾县",
    [
        Place(1, "青禾县第一小学", code="2164000001", township="城关镇"),
        Place(2, "青禾县第二小学"),
        Place(3, "城关镇中心小学", township="城关镇"),
        Place(4, "河西镇中心小学", township="河西镇"),
        Place(5, "红山九年制学校"),
        Place(6, "青禾实验中学"),
    ],
    [(1, "一小"), (2, "二小"), (3, "中心校"), (4, "中心校")],
)


@pytest.mark.parametrize(
    ("written", "school_id", "how"),
    [
        pytest.param("青禾县第一小学", 1, "exact", id="its own name"),
        pytest.param(" 青禾县　第一小学 ", 1, "exact", id="with spaces"),
        pytest.param("一小", 1, "exact", id="an alias"),
        pytest.param("2164000001", 1, "exact", id="its code"),
        pytest.param("第一小学", 1, "exact", id="without the county"),
        pytest.param("县第一小学", 1, "exact", id="without the county's name"),
        pytest.param("城关镇第一小学", 1, "part", id="after its township"),
        pytest.param("宁夏青禾县第二小学", 2, "part", id="after province and county"),
        pytest.param("青禾县第一小学（东校区）", 1, "exact", id="a campus in brackets"),
        pytest.param("青禾县第一小学(东校区)", 1, "exact", id="a campus in other brackets"),
        pytest.param("青禾县城关镇中心小学", 3, "part", id="after the county"),
        pytest.param("红山九年制", 5, "part", id="the one that begins so"),
        pytest.param("中心小学", None, "several", id="two townships have one"),
        pytest.param("中心校", None, "several", id="an alias of two"),
        pytest.param("东山镇中心小学", None, "unknown", id="of a township that has none"),
        pytest.param("红山县第一小学", None, "unknown", id="of another county"),
        pytest.param("一", None, "unknown", id="too short"),
    ],
)
def test_a_written_name_means_a_school(written, school_id, how):
    meant = PLACES.resolve(written)
    assert (meant.school_id, meant.how) == (school_id, how)


def test_what_fits_several_schools_names_them():
    assert PLACES.resolve("中心校").names == ("城关镇中心小学", "河西镇中心小学")


def test_an_unknown_name_is_answered_with_the_nearest():
    assert PLACES.resolve("青禾县第三小学").names[:2] == ("青禾县第二小学", "青禾县第一小学")


def test_a_row_of_another_file_is_named_with_its_file(county):
    rows = [person(subject="chinese"), person(subject="physics", file="二.xlsx")]
    first, second = county.plan("teachers", rows).problems
    assert "row 3 of 二.xlsx" in first.message
    assert "row 2 of 名单.xlsx" in second.message


def test_of_two_rows_at_one_school_the_one_with_the_number_counts(county, codes):
    rows = [person(phone="13800001234"), person(id_number=ID_A, phone="13900005678")]
    plan = county.plan("teachers", rows)
    assert codes(plan) == [(2, "person-twice")]
    county("teachers", rows)
    (teacher,) = county.rows("teacher")
    assert (teacher["id_number"], teacher["phone"]) == (ID_A, "13900005678")
    assert county.plan("teachers", rows).is_empty
