"""Cases, sessions of warning and supervisors: what is new, what changes, what is told."""

from datetime import date

import pytest

from teacherreg.intake.undo import undo

ONE, TWO = "青禾县第一小学", "青禾县第二小学"
CASE = {"case_no": "2026-01", "topic": "有偿补课", "circulated_on": date(2026, 4, 1)}
ITEM = {"case_no": "2026-01", "item": "各校自查", "due_on": date(2026, 6, 30)}
SESSION = {"held_on": date(2026, 4, 10), "topic": "有偿补课", "organiser": "县教育局"}
TERM = {"name": "张伟", "school_name": ONE, "team": "督导组", "starts_on": date(2025, 9, 1)}


@pytest.fixture
def people(county):
    county(
        "teachers",
        [
            {"name": "张伟", "school_name": ONE},
            {"name": "欧阳小雪", "school_name": TWO},
        ],
    )
    return county


def test_a_case_with_two_things_to_mend_is_one_case(county):
    county("cases", [CASE | ITEM, ITEM | {"item": "完善制度"}])
    (case,) = county.rows("ethics_case")
    items = county.rows("corrective_item")
    assert (case["case_no"], case["topic"]) == ("2026-01", "有偿补课")
    assert [(row["ethics_case_id"], row["item"]) for row in items] == [
        (case["id"], "各校自查"),
        (case["id"], "完善制度"),
    ]


def test_the_same_again_is_nothing_new_and_a_closing_is_added(county):
    county("cases", [CASE | ITEM])
    assert county.plan("cases", [CASE | ITEM]).is_empty
    plan = county.plan("cases", [ITEM | {"closed_on": date(2026, 6, 20)}])
    assert [(c.table, c.new) for c in plan.changes] == [
        ("corrective_item", {"closed_on": "2026-06-20"})
    ]
    assert plan.counts.changed == 1


def test_undoing_takes_cases_and_items_away(county):
    batch = county("cases", [CASE | ITEM])
    assert batch.id is not None
    undo(county.engine, batch.id, by="tester")
    assert county.rows("ethics_case") == county.rows("corrective_item") == []


def test_a_new_case_says_what_it_is_about(county, codes):
    assert codes(county.plan("cases", [ITEM])) == [(2, "cell-missing")]
    assert codes(county.plan("cases", [ITEM, CASE])) == []  # another row says it


def test_a_case_that_names_a_teacher_is_told_without_the_name(people):
    plan = people.plan("cases", [CASE | {"topic": "欧阳小雪老师有偿补课"}])
    (problem,) = plan.problems
    assert (problem.code, problem.severity) == ("case-names-somebody", "warning")
    assert "欧阳小雪" not in str(plan.to_document())
    assert "欧阳小雪" not in problem.in_full


def test_a_session_points_at_its_case(county, codes):
    county("cases", [CASE])
    county("sessions", [SESSION | {"case_no": "2026-01", "expected": 120, "attended": 117}])
    (held,) = county.rows("education_session")
    assert (held["ethics_case_id"], held["expected"], held["attended"]) == (1, 120, 117)
    assert county.plan("sessions", [SESSION | {"case_no": "2026-01"}]).is_empty
    plan = county.plan("sessions", [SESSION | {"case_no": "2026-09"}])
    assert codes(plan) == [(2, "case-unknown")]


def test_sessions_of_one_day_by_two_schools_are_two(county):
    county("sessions", [SESSION, SESSION | {"organiser": "一小"}])
    assert len(county.rows("education_session")) == 2


def test_a_supervisor_has_a_term_for_a_school_or_for_the_county(people):
    people("supervisors", [TERM | {"supervised_school": "青禾县第二小学"}, TERM])
    whole, school = sorted(people.rows("supervision"), key=lambda row: row["school_id"] or 0)
    assert (whole["school_id"], school["school_id"]) == (None, 2)
    ended = TERM | {"ends_on": date(2026, 8, 31)}
    assert [c.new for c in people.plan("supervisors", [ended]).changes] == [
        {"ends_on": "2026-08-31"}
    ]


def test_a_supervised_school_must_be_known(people, codes):
    plan = people.plan("supervisors", [TERM | {"supervised_school": "没有的学校"}])
    assert [code for _, code in codes(plan)] == ["school-unknown-here-no-nearest"]
