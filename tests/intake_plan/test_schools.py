"""Lists of schools: what is new, what changes, and pupils by school year."""

from datetime import date

import pytest

from teacherreg.intake.plans.schools import school_year
from teacherreg.intake.undo import undo

ONE = {"school_name": "青禾县第一小学", "school_code": "2164000001"}


def stored(importer, table, *columns):
    return [tuple(row[column] for column in columns) for row in importer.rows(table)]


def test_a_new_school_has_its_names_stages_and_pupils(county):
    one, two, red = county.rows("school")
    assert (one["name"], one["school_type"], one["locality"]) == (
        "青禾县第一小学",
        "primary_school",
        "town",
    )
    assert one["county_code"] == "640199"
    assert stored(county, "school_alias", "school_id", "name") == [(1, "一小"), (1, "县一小")]
    assert stored(county, "school_stage", "school_id", "stage") == [
        (one["id"], "primary"),
        (two["id"], "primary"),
        (red["id"], "primary"),
        (red["id"], "junior"),
    ]
    assert stored(county, "enrolment", "school_id", "stage", "school_year", "students") == [
        (1, "primary", "2026-2027", 800),
        (3, "primary", "2026-2027", 120),
        (3, "junior", "2026-2027", 90),
    ]


def test_the_same_list_again_changes_nothing(county):
    rows = [
        {"school_name": "青禾县第一小学", "short_name": "一小、县一小", "primary_students": 800}
    ]
    plan = county.plan("schools", rows)
    assert plan.is_empty
    assert plan.counts.unchanged == 1


def test_pupils_of_a_later_year_are_added_and_of_the_same_year_corrected(county):
    counts = {"school_name": "青禾县第一小学", "primary_students": 812}
    county("schools", [counts])
    county("schools", [counts | {"primary_students": 790, "school_year": "2027-2028"}])
    assert stored(county, "enrolment", "school_id", "school_year", "students")[0] == (
        1,
        "2026-2027",
        812,
    )
    assert stored(county, "enrolment", "school_id", "school_year", "students")[-1] == (
        1,
        "2027-2028",
        790,
    )


def test_pupils_show_a_stage_that_the_type_does_not_tell(county):
    county("schools", [{"school_name": "青禾县第二小学", "kindergarten_children": 60}])
    assert (2, "kindergarten") in stored(county, "school_stage", "school_id", "stage")


def test_a_stage_without_pupils_that_was_never_recorded_is_not_recorded(county):
    county("schools", [{"school_name": "河西小学", "primary_students": 30, "junior_students": 0}])
    assert stored(county, "enrolment", "stage", "students")[-1] == ("primary", 30)
    assert (4, "junior") not in stored(county, "school_stage", "school_id", "stage")


def test_a_school_found_by_its_code_gets_its_new_name_and_keeps_the_old_as_alias(county):
    county("schools", [ONE])
    county("schools", [ONE | {"school_name": "青禾县实验小学"}])
    assert county.rows("school")[0]["name"] == "青禾县实验小学"
    assert (1, "青禾县第一小学") in stored(county, "school_alias", "school_id", "name")
    assert county.plan("schools", [ONE | {"school_name": "青禾县实验小学"}]).is_empty


def test_a_code_and_a_name_of_two_schools_are_a_fault(county, codes):
    county("schools", [ONE])
    plan = county.plan("schools", [ONE | {"school_name": "青禾县第二小学"}])
    assert codes(plan) == [(2, "school-two")]


def test_a_code_that_another_row_has_taken_is_a_fault(county, codes):
    plan = county.plan("schools", [ONE, ONE | {"school_name": "河西小学"}])
    assert codes(plan) == [(3, "school-two")]
    plan = county.plan("schools", [ONE, ONE | {"school_name": "青禾县第二小学"}])
    assert codes(plan) == [(3, "school-two")]


def test_an_old_and_a_new_name_of_one_school_in_one_list_are_a_fault(county, codes):
    county("schools", [ONE])
    plan = county.plan("schools", [ONE | {"school_name": "青禾县实验小学"}, ONE])
    assert codes(plan) == [(3, "school-twice")]


def test_a_school_may_be_written_by_its_short_name(county):
    county("schools", [{"school_name": "一小", "township": "城关镇"}])
    assert len(county.rows("school")) == 3
    assert county.rows("school")[0]["name"] == "青禾县第一小学"


def test_a_teaching_point_finds_its_parent_in_the_same_list(importer):
    point = {
        "school_name": "河西教学点",
        "school_type": "teaching_point",
        "parent_school": "河西小学",
    }
    importer("schools", [point, {"school_name": "河西小学"}])
    assert stored(importer, "school", "name", "parent_school_id") == [
        ("河西教学点", 2),
        ("河西小学", None),
    ]


@pytest.mark.parametrize(
    ("parent", "code"),
    [
        pytest.param("东山小学", "parent-school-unknown", id="unknown"),
        pytest.param("青禾县第二小学", "parent-school-itself", id="itself"),
    ],
)
def test_a_parent_that_cannot_be_is_a_warning(county, codes, parent, code):
    row = {"school_name": "青禾县第二小学", "parent_school": parent, "township": "城关镇"}
    plan = county.plan("schools", [row])
    assert codes(plan) == [(2, code)]
    county("schools", [row])
    assert stored(county, "school", "parent_school_id", "township")[1] == (None, "城关镇")


def test_a_row_for_each_stage_of_a_school_is_one_school(importer, codes):
    rows = [
        {"school_name": "红山学校", "primary_students": 100},
        {"school_name": "红山学校", "junior_students": 80},
    ]
    assert codes(importer.plan("schools", rows)) == []
    importer("schools", rows)
    assert stored(importer, "enrolment", "stage", "students") == [("primary", 100), ("junior", 80)]
    assert len(importer.rows("school")) == 1


def test_a_row_for_each_school_year_is_counted_by_what_it_brings(importer):
    row = {"school_name": "青禾县第一小学", "primary_students": 800}
    rows = [row | {"school_year": f"{year}-{year + 1}"} for year in (2026, 2025, 2024)]
    counts = importer.plan("schools", rows).counts
    assert (counts.added, counts.changed, counts.unchanged) == (1, 2, 0)
    importer("schools", rows[:2])
    counts = importer.plan("schools", rows).counts
    assert (counts.added, counts.changed, counts.unchanged) == (0, 1, 2)


def test_two_rows_of_a_school_that_contradict_are_a_fault(importer, codes):
    rows = [
        {"school_name": "红山学校", "primary_students": 100},
        {"school_name": "红山学校", "primary_students": 90},
    ]
    plan = importer.plan("schools", rows)
    assert codes(plan) == [(3, "school-twice")]
    assert plan.counts.to_document() == {
        "read": 2,
        "added": 1,
        "changed": 0,
        "unchanged": 0,
        "rejected": 1,
    }


@pytest.mark.parametrize(
    ("on", "year"),
    [
        (date(2026, 8, 31), "2025-2026"),
        (date(2026, 9, 1), "2026-2027"),
        (date(2027, 1, 1), "2026-2027"),
    ],
)
def test_a_school_year_begins_on_the_first_of_september(on, year):
    assert school_year(on) == year


A, B, C = "2164000001", "2164000002", "2164000003"
FIRST, SECOND, RED = "青禾县第一小学", "青禾县第二小学", "红山九年制学校"


def coded(school, code, **more):
    return {"school_name": school, "school_code": code} | more


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_codes_that_were_mixed_up_can_be_put_right_and_taken_back(county, codes, order):
    county("schools", [coded(FIRST, B), coded(SECOND, A)])
    before = county.everything()
    right = [coded(FIRST, A), coded(SECOND, B)]
    rows = [right[place] for place in order]
    plan = county.plan("schools", rows)
    assert (codes(plan), plan.counts.changed) == ([], 2)
    batch = county("schools", rows)
    held = dict(stored(county, "school", "name", "code"))
    assert (held[FIRST], held[SECOND]) == (A, B)
    assert county.plan("schools", rows).is_empty
    undo(county.engine, batch.id, by="tester")
    assert county.everything() == before


def test_a_code_that_its_school_gives_up_may_go_to_another(county, codes):
    county("schools", [coded(FIRST, B)])
    plan = county.plan("schools", [coded(FIRST, A), coded(SECOND, B)])
    assert (codes(plan), plan.counts.changed) == ([], 2)


def test_a_code_is_not_free_where_its_school_cannot_have_the_other(county, codes):
    county("schools", [coded(FIRST, A), coded(SECOND, B), coded(RED, C)])
    plan = county.plan("schools", [coded(FIRST, C), coded(SECOND, A)])  # C stays with the third
    assert codes(plan) == [(2, "school-two"), (3, "school-two")]
    assert plan.is_empty


def test_a_code_is_not_free_where_the_row_that_gives_it_up_is_refused(county, codes):
    county("schools", [coded(FIRST, A, short_name="一小")])
    rows = [
        {"school_name": "一小", "township": "甲镇"},
        coded(FIRST, C, township="乙镇"),
        coded(SECOND, A),
    ]
    plan = county.plan("schools", rows)
    assert codes(plan) == [(3, "school-twice"), (4, "school-two")]
    assert [(change.who, change.new) for change in plan.changed()] == [
        (FIRST, {"township": "甲镇"})
    ]
