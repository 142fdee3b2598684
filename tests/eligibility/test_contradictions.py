"""`check`: each contradiction is found, and what only looks like one is not."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import date
from typing import Any

import pytest

from teacherreg.contradictions import CODES
from teacherreg.errors import UsageError
from teacherreg.locale import LANGUAGES, sentences, speaking
from teacherreg.settings import known

Case = Callable[[Any], None]
DAY = date(2026, 9, 1)


def found(county: Any, on: date = DAY) -> list[str]:
    return [one.code for one in county.registry.check(on=on).found]


def sanctioned(county: Any, decided_on: str = "2026-03-10", **more: Any) -> int:
    person: int = county.person()
    county.sanction(person, "demerit", decided_on, **{"ends_on": "2027-03-10"} | more)
    return person


def serving_after_dismissal(county: Any) -> None:
    county.sanction(county.person(), "dismissal", "2026-03-10")


def title_under_sanction(county: Any) -> None:
    county.title(sanctioned(county), term_ends_on="2027-08-31")


def release_before_decision(county: Any) -> None:
    """Such a row is refused, unless another program wrote it."""
    person = county.person()
    with closing(sqlite3.connect(county.engine.url.database)) as other:
        other.execute("PRAGMA ignore_check_constraints = ON")
        other.execute(
            "INSERT INTO conduct_record (teacher_id, record_kind, sanction_kind, decided_on,"
            " released_on, ends_on, rule_version) VALUES (?, 'sanction', 'warning', '2026-03-10',"
            " '2026-03-01', '2026-09-10', 'staff_2023')",
            (person,),
        )
        other.commit()


def sanction_not_in_rules(county: Any) -> None:
    row = {"ends_on": "2027-09-10", "rule_version": "manager_2020", "person_category": "staff"}
    county.sanction(county.person(), "major_demerit", "2026-03-10", **row)


def review(county: Any, person: int, year: int, result: str, **more: Any) -> None:
    row = {"review_kind": "annual", "year": year, "result": result}
    county.add("review", teacher_id=person, **row | more)


def grade_against_sanction(county: Any) -> None:
    person = county.person()
    county.sanction(person, "warning", "2025-03-10", ends_on="2025-09-10", released_on="2025-09-11")
    review(county, person, 2025, "excellent")


def passed_despite_ethics(county: Any) -> None:
    person = county.person()
    county.add(
        "conduct_record", teacher_id=person, record_kind="review", year=2025, result="unqualified"
    )
    review(county, person, 2025, "qualified")


def lower_title_missing(county: Any) -> None:
    county.title(county.person(), "prefecture", term_ends_on="2027-08-31")


def term_missing(county: Any) -> None:
    county.title(county.person())


def home_posts_overlap(county: Any) -> None:
    person = county.person(starts_on="2026-08-31")
    county.add(
        "post",
        teacher_id=person,
        school_id=2,
        attachment="home",
        status="100",
        ends_on="2026-08-31",
    )


def stage_not_of_school(county: Any) -> None:
    county.add("school_stage", school_id=1, stage="primary")
    county.person(stage="junior")


def rotated(county: Any, **post: Any) -> None:
    person = county.person()
    row = {"from_school_id": 1, "to_school_id": 2, "starts_on": "2025-09-01"}
    county.add("rotation", teacher_id=person, **row, ends_on="2027-07-31")
    if post:
        county.add("post", teacher_id=person, school_id=2, attachment="visiting", **post)


def rotation_without_post(county: Any) -> None:
    rotated(county)


def pair(county: Any, mentor: int, mentee: int, **more: Any) -> None:
    row = {"starts_on": "2025-09-01"}
    county.add("mentoring", teacher_id=mentor, mentee_id=mentee, **row | more)


def mentor_gone(county: Any) -> None:
    pair(county, county.person(ends_on="2026-08-31"), county.person())


def mentee_gone(county: Any) -> None:
    pair(county, county.person(), county.person(status="301"))


CASES: dict[str, Case] = {
    "serving-after-dismissal": serving_after_dismissal,
    "title-under-sanction": title_under_sanction,
    "release-before-decision": release_before_decision,
    "sanction-not-in-rules": sanction_not_in_rules,
    "grade-against-sanction": grade_against_sanction,
    "passed-despite-ethics": passed_despite_ethics,
    "lower-title-missing": lower_title_missing,
    "term-missing": term_missing,
    "home-posts-overlap": home_posts_overlap,
    "stage-not-of-school": stage_not_of_school,
    "rotation-without-post": rotation_without_post,
    "mentor-gone": mentor_gone,
    "mentee-gone": mentee_gone,
}


def test_every_code_has_a_case_here_and_words_and_a_cure_in_both_languages() -> None:
    assert tuple(CASES) == CODES
    for lang in LANGUAGES:
        for part in ("said", "cure"):
            start = f"contradictions.{part}."
            named = {key.removeprefix(start) for key in sentences(lang) if key.startswith(start)}
            assert named == set(CODES)


@pytest.mark.parametrize("code", CODES)
def test_a_contradiction_is_found_and_told_with_its_cure(county: Any, code: str) -> None:
    CASES[code](county)
    answer = county.registry.check(on=DAY)
    assert [one.code for one in answer.found] == [code]
    assert answer.totals == {code: 1}
    for lang in LANGUAGES:
        with speaking(lang):
            (one,) = answer.to_document()["contradictions"]
            assert one["teacher"] == "张三"
            assert one["message"]
            assert one["cure"]
            assert {"table", "id"} == set(one["records"][0]) if one["records"] else True
    # a year and more before, nothing of it had happened (a home post of the day may still)
    if code not in {"stage-not-of-school", "term-missing", "lower-title-missing"}:
        assert found(county, date(2024, 12, 31)) == []


def test_a_sound_registry_has_none(county: Any) -> None:
    person = county.person(starts_on="2020-08-01", ends_on="2026-08-31", work_started_on=None)
    county.add(
        "post",
        teacher_id=person,
        school_id=2,
        attachment="home",
        status="100",
        stage="primary",
        starts_on="2026-09-01",
    )
    county.title(person, awarded_on="2020-09-01", term_ends_on="2023-08-31")
    county.title(person, "prefecture", awarded_on="2024-09-01", term_ends_on="2027-08-31")
    county.sanction(person, "warning", "2023-03-10", ends_on="2023-09-10", released_on="2023-09-11")
    review(county, person, 2023, "qualified")
    review(county, person, 2024, "excellent")
    pair(county, person, county.person())
    assert found(county) == []


@pytest.mark.parametrize(
    ("effect", "done", "is_found"),
    [
        pytest.param("flag", None, True, id="not reviewed"),
        pytest.param("flag", "review", False, id="reviewed since"),
        pytest.param("flag", "suspended", False, id="suspended instead"),
        pytest.param("suspend", "review", True, id="reviewed, to be suspended"),
        pytest.param("suspend", "suspended", False, id="suspended"),
        pytest.param("revoke", "suspended", True, id="suspended, to be revoked"),
        pytest.param("revoke", "revoked", False, id="revoked"),
    ],
)
def test_what_a_sanction_does_to_a_title_is_for_the_county_to_say(
    county: Any, effect: str, done: str | None, is_found: bool
) -> None:
    county.registry.change_setting("titles.sanction_effect", effect)
    person = sanctioned(county)
    county.title(person, term_ends_on="2027-08-31")
    if done == "review":
        own = {"review_kind": "title", "title_kind": "subject_leader", "level": "county"}
        review(county, person, 2026, "qualified", reviewed_on="2026-05-01", **own)
    elif done:
        county.add(
            "title_event",
            teacher_id=person,
            title_kind="subject_leader",
            level="county",
            event=done,
            happened_on="2026-05-01",
        )
    assert found(county) == (["title-under-sanction"] if is_found else [])
    if effect == "flag" and done:
        assert found(county, date(2026, 4, 30)) == ["title-under-sanction"]


@pytest.mark.parametrize(
    ("kind", "version", "decided_on", "ends_on", "year", "result", "is_found"),
    [
        ("warning", "staff_2023", "2025-03-10", "2025-09-10", 2025, "excellent", True),
        ("warning", "staff_2023", "2025-03-10", "2025-09-10", 2025, "qualified", False),
        ("warning", "staff_2023", "2024-10-10", "2025-04-10", 2025, "excellent", False),
        ("demerit", "staff_2023", "2025-03-10", "2026-03-10", 2025, "qualified", True),
        ("demerit", "staff_2023", "2025-03-10", "2026-03-10", 2025, "no_grade", False),
        ("post_grade_reduction", "staff_2023", "2024-03-10", "2026-03-10", 2025, "qualified", True),
        ("demerit", "staff_2012", "2022-03-10", "2023-03-10", 2022, "qualified", True),
        ("demerit", "staff_2012", "2022-03-10", "2023-03-10", 2022, "basically_qualified", False),
        ("demerit", "staff_2012", "2022-03-10", "2023-03-10", 2023, "qualified", False),
    ],
)
def test_grades_follow_the_rules_of_the_decision(
    county: Any,
    kind: str,
    version: str,
    decided_on: str,
    ends_on: str,
    year: int,
    result: str,
    is_found: bool,
) -> None:
    person = county.person()
    released = {"released_on": ends_on}
    county.sanction(person, kind, decided_on, ends_on=ends_on, rule_version=version, **released)
    review(county, person, year, result)
    assert found(county) == (["grade-against-sanction"] if is_found else [])


def test_a_grade_is_not_known_before_its_year_is_over(county: Any) -> None:
    person = county.person()
    county.sanction(person, "warning", "2026-03-10", ends_on="2026-09-10")
    review(county, person, 2026, "excellent")
    assert found(county, date(2026, 12, 30)) == []
    assert found(county, date(2026, 12, 31)) == ["grade-against-sanction"]


def test_what_was_annulled_later_contradicts_no_grade(county: Any) -> None:
    person = county.person()
    county.sanction(person, "warning", "2025-03-10", ends_on="2025-09-10", annulled_on="2026-02-01")
    review(county, person, 2025, "excellent")
    assert found(county, date(2026, 1, 31)) == ["grade-against-sanction"]
    assert found(county, date(2026, 2, 1)) == []


def test_a_post_at_the_other_school_on_the_day_is_enough(county: Any) -> None:
    rotated(county, status="101", starts_on="2026-07-31")
    assert found(county) == []


def test_a_post_that_ended_before_the_day_is_not(county: Any) -> None:
    rotated(county, status="101", starts_on="2025-09-01", ends_on="2026-08-31")
    assert found(county) == ["rotation-without-post"]


def test_a_rotation_that_is_over_is_left_alone(county: Any) -> None:
    rotated(county)
    assert found(county, date(2027, 8, 1)) == []


def test_a_mentoring_that_ended_and_a_person_who_never_had_a_post_are_left_alone(
    county: Any,
) -> None:
    gone = county.person(ends_on="2026-08-31")
    pair(county, gone, county.person(), ends_on="2026-08-31")
    pair(county, county.nobody(), county.person())
    assert found(county) == []


def test_the_ladder_is_not_asked_for_where_the_county_does_not(county: Any) -> None:
    lower_title_missing(county)
    county.registry.change_setting("eligibility.lower_level", "no")
    assert found(county) == []


def test_one_code_is_looked_for_alone_and_an_unknown_one_is_refused(county: Any) -> None:
    term_missing(county)
    mentor_gone(county)
    assert county.registry.check(on=DAY, codes=["term-missing"]).totals == {"term-missing": 1}
    with pytest.raises(UsageError, match="mentor-gone"):
        county.registry.check(on=DAY, codes=["mentor"])


def test_nothing_that_is_said_tells_what_a_decision_was(county: Any) -> None:
    for case in (title_under_sanction, grade_against_sanction, serving_after_dismissal):
        case(county)
    county.add("school_stage", school_id=1, stage="primary")
    with speaking("zh"):
        told = str(county.registry.check(on=DAY).to_document())
    assert "记过" not in told
    assert "警告" not in told
    assert "640199" not in told


def test_the_settings_that_cures_name_are_there() -> None:
    assert {"titles.sanction_effect", "eligibility.lower_level"} <= set(known())
