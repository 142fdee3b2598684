"""Training, reviews, mentoring and rotations: what is new, what changes, what is refused."""

from datetime import date

import pytest

from teacherreg.errors import RegistryError
from teacherreg.intake.undo import undo

ONE, TWO, RED = "青禾县第一小学", "青禾县第二小学", "红山九年制学校"
ID_A, ID_B = "640199198503150012", "640199198802290023"
COURSE = {"name": "张伟", "id_number": ID_A, "project": "县级研修", "ends_on": date(2026, 7, 18)}
PAIR = {
    "mentor_name": "张伟",
    "mentor_id_number": ID_A,
    "mentee_name": "李芳",
    "mentee_id_number": ID_B,
    "starts_on": date(2025, 9, 1),
}
STAY = {
    "name": "张伟",
    "from_school": ONE,
    "to_school": TWO,
    "starts_on": date(2025, 9, 1),
}


@pytest.fixture
def people(county):
    """Two people of two schools, one of them without any number beside the other's."""
    county(
        "teachers",
        [
            {"name": "张伟", "id_number": ID_A, "school_name": ONE},
            {"name": "李芳", "id_number": ID_B, "school_name": TWO},
            {"name": "王强", "school_name": ONE},
        ],
    )
    return county


def test_hours_are_kept_in_tenths_and_a_correction_changes_the_same_course(people):
    people("training", [COURSE | {"hours": 45}])
    assert [row["tenths_of_hours"] for row in people.rows("training")] == [45]
    plan = people.plan("training", [COURSE | {"hours": 72 * 10, "organiser": "县教研室"}])
    assert [(c.old, c.new) for c in plan.changed()] == [
        (
            {"tenths_of_hours": 45, "organiser": None},
            {"tenths_of_hours": 720, "organiser": "县教研室"},
        )
    ]
    assert people.plan("training", [COURSE | {"hours": 45}]).is_empty


def test_the_same_course_in_another_year_is_another(people):
    people(
        "training", [COURSE | {"hours": 45}, COURSE | {"hours": 45, "ends_on": date(2025, 7, 1)}]
    )
    assert len(people.rows("training")) == 2


def test_the_last_result_of_a_review_counts_and_its_title_tells_it_from_others(people):
    annual = {"name": "张伟", "id_number": ID_A, "year": 2025, "review_kind": "annual"}
    of_title = annual | {
        "review_kind": "title",
        "title_kind": "backbone_teacher",
        "level": "county",
    }
    people("reviews", [annual | {"result": "qualified"}, of_title | {"result": "excellent"}])
    people("reviews", [annual | {"result": "excellent"}])
    found = [(r["review_kind"], r["title_kind"], r["result"]) for r in people.rows("review")]
    assert found == [
        ("annual", None, "excellent"),
        ("title", "backbone_teacher", "excellent"),
    ]


def test_a_pair_is_known_by_both_and_its_first_day(people):
    batch = people("mentoring", [PAIR])
    (row,) = people.rows("mentoring")
    assert (row["teacher_id"], row["mentee_id"]) == (1, 2)
    plan = people.plan("mentoring", [PAIR | {"ends_on": date(2026, 8, 31), "aim": "县级骨干"}])
    assert (plan.counts.changed, plan.counts.added) == (1, 0)
    again = people.plan("mentoring", [PAIR | {"starts_on": date(2026, 9, 1)}])
    assert again.counts.added == 1
    undo(people.engine, batch.id, by="tester")
    assert people.rows("mentoring") == []


def test_a_mentee_without_a_school_is_looked_for_at_the_mentors(people, codes):
    numberless = {"mentee_id_number": None, "mentor_school": ONE}
    plan = people.plan("mentoring", [PAIR | numberless | {"mentee_name": "王强"}])
    assert (codes(plan), plan.counts.added) == ([], 1)
    plan = people.plan("mentoring", [PAIR | numberless])
    assert codes(plan) == [(2, "person-elsewhere")]
    assert plan.problems[0].value == "李芳"


def test_nobody_is_his_own_mentor(people, codes):
    itself = {"mentee_name": "张伟", "mentee_id_number": ID_A}
    plan = people.plan("mentoring", [PAIR | itself])
    assert (codes(plan), plan.is_empty) == ([(2, "mentor-oneself")], True)


def test_a_rotation_finds_who_has_no_number_at_the_school_of_before(people, codes):
    people("rotations", [STAY])
    (row,) = people.rows("rotation")
    assert (row["teacher_id"], row["from_school_id"], row["to_school_id"]) == (1, 1, 2)
    plan = people.plan("rotations", [STAY | {"name": "李芳"}])
    assert codes(plan) == [(2, "person-elsewhere")]


def test_the_end_of_a_rotation_is_added_to_it(people):
    people("rotations", [STAY])
    plan = people.plan("rotations", [STAY | {"ends_on": date(2026, 7, 31)}])
    assert [(c.old, c.new) for c in plan.changed()] == [
        ({"ends_on": None}, {"ends_on": "2026-07-31"})
    ]


@pytest.mark.parametrize(
    ("other", "code"),
    [
        ({"to_school": "河西小学"}, "school-unknown-here"),
        ({"to_school": ONE}, "rotation-same-school"),
    ],
)
def test_a_rotation_leads_from_one_known_school_to_another(people, codes, other, code):
    plan = people.plan("rotations", [STAY | other])
    assert (codes(plan), plan.is_empty) == ([(2, code)], True)


def test_people_and_schools_do_not_go_while_records_stand_on_them(people):
    mentoring = people("mentoring", [PAIR])
    with pytest.raises(RegistryError) as caught:
        undo(people.engine, 2, by="tester")
    assert f"import {mentoring.id} (Mentoring" in caught.value.message
    undo(people.engine, mentoring.id, by="tester")
    undo(people.engine, 2, by="tester")
    assert people.rows("teacher") == []
