"""How sanctions stand on a day: their states, last days and effects."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlmodel import Session

from teacherreg.codes import add_months
from teacherreg.conduct.rules import sanction_rule
from teacherreg.conduct.sanctions import Decision, SanctionState, State, sanctions_of, states_of
from teacherreg.models import ConductRecord, Teacher
from teacherreg.settings import Settings

SETTINGS = Settings({})


def day(text: str) -> date:
    return date.fromisoformat(text)


def decided(number: int, kind: str, decided_on: str, **facts: Any) -> Decision:
    """Make a decision with the version and the last day that an import would store."""
    rule = sanction_rule(kind, day(decided_on))
    stored: dict[str, Any] = {
        "rule_version": rule.rule_version if rule else None,
        "ends_on": rule.ends_on(day(decided_on)) if rule else None,
    }
    stored |= {k: day(v) if isinstance(v, str) and k != "rule_version" else v
               for k, v in facts.items()}  # fmt: skip
    return Decision(number, 1, kind, day(decided_on), **stored)


def stands(
    on: str, *decisions: Decision, settings: Mapping[str, Any] = SETTINGS
) -> list[tuple[str, str | None]]:
    states = states_of(decisions, settings, day(on))
    return [(one.state.value, one.ends_on.isoformat() if one.ends_on else None) for one in states]


WARNING = decided(1, "warning", "2024-03-15")


@pytest.mark.parametrize(
    ("on", "state"),
    [
        pytest.param("2024-03-15", "in_force", id="from the day of the decision"),
        pytest.param("2024-09-15", "in_force", id="on the last day"),
        pytest.param("2024-09-16", "expired_unreleased", id="the day after"),
    ],
)
def test_a_sanction_is_in_force_through_its_last_day(on: str, state: str) -> None:
    assert stands(on, WARNING) == [(state, "2024-09-15")]


def test_nobody_knows_of_a_sanction_before_its_decision() -> None:
    assert stands("2024-03-14", WARNING) == []


@pytest.mark.parametrize(
    ("on", "state"),
    [
        pytest.param("2024-07-31", "in_force", id="the day before the release"),
        pytest.param("2024-08-01", "released", id="on the day of the release"),
        pytest.param("2025-01-01", "released", id="long after"),
    ],
)
def test_a_sanction_released_early_ends_on_that_day(on: str, state: str) -> None:
    released = decided(1, "warning", "2024-03-15", released_on="2024-08-01")
    assert stands(on, released) == [(state, "2024-09-15")]


def test_a_county_may_take_the_end_of_the_period_for_the_release() -> None:
    by_itself = Settings({"sanctions.auto_release": True})
    assert stands("2024-09-15", WARNING, settings=by_itself)[0][0] == "in_force"
    assert stands("2024-09-16", WARNING, settings=by_itself)[0][0] == "released"


EXTENDED = decided(1, "warning", "2024-03-15", extended_on="2024-09-10", extended_to="2024-12-15")


@pytest.mark.parametrize(
    ("on", "state", "last_day"),
    [
        pytest.param("2024-09-09", "in_force", "2024-09-15", id="nobody knew yet"),
        pytest.param("2024-09-10", "extended", "2024-12-15", id="from the day it was extended"),
        pytest.param("2024-12-15", "extended", "2024-12-15", id="the new last day"),
        pytest.param("2024-12-16", "expired_unreleased", "2024-12-15", id="over"),
    ],
)
def test_an_extended_sanction_runs_to_its_new_last_day(on: str, state: str, last_day: str) -> None:
    assert stands(on, EXTENDED) == [(state, last_day)]


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("2024-06-30", [("in_force", "2024-09-15")]),
        ("2024-07-01", [("annulled", None)]),
        ("2030-01-01", [("annulled", None)]),
    ],
)
def test_an_annulled_decision_counts_until_the_day_it_is_annulled(
    on: str, expected: list[tuple[str, str | None]]
) -> None:
    annulled = decided(1, "warning", "2024-03-15", annulled_on="2024-07-01")
    assert stands(on, annulled) == expected


def test_a_new_sanction_adds_its_months_to_what_remains() -> None:
    # 2024-06-15: three months of the warning remain, and twelve of the demerit
    second = decided(2, "demerit", "2024-06-15")
    assert stands("2024-07-01", WARNING, second) == [
        ("in_force", "2024-09-15"),
        ("in_force", "2025-09-15"),
    ]


def test_the_months_of_a_third_join_those_of_the_second() -> None:
    # demerit to 2025-09-15 (see above), and six months from there
    others = decided(2, "demerit", "2024-06-15"), decided(3, "warning", "2025-09-15")
    assert stands("2025-09-15", WARNING, *others)[2] == ("in_force", "2026-03-15")


def test_what_is_over_adds_nothing() -> None:
    second = decided(2, "warning", "2024-09-16")  # the day after the last
    assert stands("2024-10-01", WARNING, second)[1] == ("in_force", "2025-03-16")
    released = decided(1, "warning", "2024-03-15", released_on="2024-06-01")
    third = decided(2, "warning", "2024-06-15")
    assert stands("2024-10-01", released, third)[1] == ("in_force", "2024-12-15")


def test_a_release_after_the_second_decision_shortens_only_the_first() -> None:
    first = decided(1, "warning", "2024-03-15", released_on="2024-08-01")
    second = decided(2, "demerit", "2024-06-15")
    assert stands("2024-08-01", first, second) == [
        ("released", "2024-09-15"),
        ("in_force", "2025-09-15"),
    ]


def test_an_extension_known_by_the_second_decision_is_part_of_what_remains() -> None:
    # extended to 2024-12-15 before; six months from there
    assert stands("2024-10-01", EXTENDED, decided(2, "warning", "2024-10-01"))[1] == (
        "in_force",
        "2025-06-15",
    )


def test_two_sanctions_together_last_at_most_48_months() -> None:
    # reductions of 24 months: a month after the first, 23 + 24 = 47 months; on the same day of
    # the third, 46 + 24 = 70, of which 48 from 2024-04-10
    three = (
        decided(1, "post_grade_reduction", "2024-01-10"),
        decided(2, "post_grade_reduction", "2024-02-10"),
        decided(3, "post_grade_reduction", "2024-04-10"),
    )
    assert [end for _, end in stands("2024-05-01", *three)] == [
        "2026-01-10",
        "2028-01-10",
        "2028-04-10",
    ]


def test_leap_days_and_month_ends_are_added_by_the_calendar() -> None:
    # warning of 31 August 2023 ends on 29 February 2024; twelve months from there
    first, second = decided(1, "warning", "2023-08-31"), decided(2, "demerit", "2023-10-31")
    assert [end for _, end in stands("2023-11-01", first, second)] == ["2024-02-29", "2025-02-28"]


def test_where_the_day_before_ends_a_period_the_next_begins_on_the_following_day() -> None:
    settings = Settings({"sanctions.end_rule": "day_before"})
    first = decided(1, "warning", "2024-03-15", ends_on="2024-09-14")
    second = decided(2, "demerit", "2024-06-15", ends_on="2025-06-14")
    assert stands("2024-07-01", first, second, settings=settings)[1] == ("in_force", "2025-09-14")


def test_of_several_decided_on_one_day_only_the_heaviest_is_carried_out() -> None:
    both = decided(1, "warning", "2024-03-15"), decided(2, "demerit", "2024-03-15")
    assert stands("2024-04-01", *both) == [("no_period", None), ("in_force", "2025-03-15")]
    states = states_of(both, SETTINGS, day("2024-04-01"))
    assert states[0].effects == ()


def test_when_the_heavier_is_annulled_the_lighter_is_carried_out() -> None:
    light = decided(1, "warning", "2024-03-15")
    heavy = decided(2, "demerit", "2024-03-15", annulled_on="2024-05-01")
    assert stands("2024-05-01", light, heavy) == [("in_force", "2024-09-15"), ("annulled", None)]


def test_the_last_day_that_a_decision_on_several_acts_names_stands() -> None:
    # two demerits judged together: from 12 to 24 months, here 18
    assert stands("2024-04-01", decided(1, "demerit", "2024-03-15", ends_on="2025-09-15")) == [
        ("in_force", "2025-09-15")
    ]
    too_long = decided(1, "demerit", "2024-03-15", ends_on="2029-03-15")
    assert stands("2024-04-01", too_long) == [("in_force", "2028-03-15")]


def test_party_discipline_stands_beside_a_sanction_and_adds_nothing() -> None:
    party = decided(2, "party_warning", "2024-03-15")
    assert stands("2024-04-01", WARNING, party) == [
        ("in_force", "2024-09-15"),
        ("in_force", "2025-03-15"),
    ]
    assert stands("2025-03-16", party) == [("ended", "2025-03-15")]  # it ends by itself


def test_an_annulled_decision_adds_nothing_to_a_later_one() -> None:
    first = decided(1, "warning", "2024-03-15", annulled_on="2024-08-01")
    second = decided(2, "demerit", "2024-06-15")
    assert stands("2024-07-31", first, second)[1] == ("in_force", "2025-09-15")
    assert stands("2024-08-01", first, second)[1] == ("in_force", "2025-06-15")


@pytest.mark.parametrize("kind", ["dismissal", "criticism", "admonition"])
def test_what_has_no_period_has_no_last_day(kind: str) -> None:
    assert stands("2026-01-01", decided(1, kind, "2024-03-15")) == [("no_period", None)]


def effects(on: str, *decisions: Decision) -> set[tuple[str, str, str | None, str, str]]:
    return {
        (one.what, one.limit, one.until.isoformat() if one.until else None, one.document,
         one.article)
        for state in states_of(decisions, SETTINGS, day(on))
        for one in state.effects
    }  # fmt: skip


PROVISIONS_2012, PROVISIONS_2023 = "人社部、监察部令第18号", "人社部发〔2023〕58号"


def test_a_demerit_of_2022_follows_the_provisions_of_2012() -> None:
    demerit = decided(1, "demerit", "2022-05-20")
    assert demerit.rule_version == "staff_2012"
    assert effects("2022-06-01", demerit) == {
        ("nomination", "", "2023-05-21", "local", ""),
        ("title_review", "", "2023-05-21", "local", ""),
        ("annual_grade", "not_qualified", "2023-05-21", PROVISIONS_2012, "第七条"),
        ("promotion", "", "2023-05-21", PROVISIONS_2012, "第七条"),
        ("professional_rank_review", "", "2023-05-21", PROVISIONS_2012, "第八条"),
    }


def test_a_demerit_of_2024_follows_the_provisions_of_2023() -> None:
    demerit = decided(1, "demerit", "2024-05-31")
    assert demerit.rule_version == "staff_2023"
    assert effects("2024-06-01", demerit) == {
        ("nomination", "", "2025-06-01", "local", ""),
        ("title_review", "", "2025-06-01", "local", ""),
        ("annual_grade", "no_grade", "2025-01-01", PROVISIONS_2023, ""),
        ("promotion", "", "2025-06-01", PROVISIONS_2023, ""),
        ("professional_rank_review", "", "2025-06-01", PROVISIONS_2023, ""),
    }
    assert {what for what, *_ in effects("2025-01-01", demerit)} == {
        "nomination", "title_review", "promotion", "professional_rank_review",
    }  # fmt: skip
    assert effects("2025-06-01", demerit) == set()


def test_a_reduction_of_grade_touches_two_yearly_reviews_though_it_is_released() -> None:
    reduced = decided(1, "post_grade_reduction", "2024-02-29", released_on="2025-03-01")
    assert effects("2025-03-01", reduced) == {
        ("annual_grade", "no_grade", "2026-01-01", PROVISIONS_2023, "")
    }


def test_a_warning_bars_a_manager_from_a_rank_but_not_a_teacher() -> None:
    teacher = decided(1, "warning", "2024-03-15")
    manager = decided(1, "warning", "2024-03-15", rule_version="manager_2020")
    law = ("公职人员政务处分法", "第二十条")
    assert ("professional_rank_review", "", "2024-09-16", *law) in effects("2024-04-01", manager)
    assert "professional_rank_review" not in {one[0] for one in effects("2024-04-01", teacher)}


def test_what_ran_out_without_a_release_bars_nothing() -> None:
    assert effects("2025-01-01", WARNING) == set()


def test_a_dismissal_ends_the_employment_for_good() -> None:
    found = effects("2040-01-01", decided(1, "dismissal", "2024-03-15"))
    assert found == {("employment", "", None, PROVISIONS_2023, "")}


def test_an_early_release_ends_what_the_period_barred() -> None:
    released = decided(1, "warning", "2024-03-15", released_on="2024-08-01")
    assert "nomination" in {one[0] for one in effects("2024-07-31", released)}
    assert "nomination" not in {one[0] for one in effects("2024-08-01", released)}


KINDS = st.sampled_from(["warning", "demerit", "post_grade_reduction", "dismissal"])
DAYS = st.dates(date(2013, 1, 1), date(2030, 1, 1))
MADE = st.lists(st.tuples(KINDS, DAYS), min_size=1, max_size=5, unique_by=lambda one: one[1])


@given(MADE)
def test_a_period_is_never_shorter_than_its_own_nor_longer_than_48_months(
    made: list[tuple[str, date]],
) -> None:
    decisions = [
        decided(number, kind, when.isoformat()) for number, (kind, when) in enumerate(made)
    ]
    for one, state in zip(
        decisions, states_of(decisions, SETTINGS, day("2031-01-01")), strict=True
    ):
        if one.ends_on is None:
            assert state.ends_on is None
        else:
            assert state.ends_on is not None
            assert one.ends_on - timedelta(days=4) <= state.ends_on
            assert state.ends_on <= add_months(one.decided_on, 48)


@given(MADE, DAYS)
def test_one_more_sanction_never_frees_anybody_sooner(
    made: list[tuple[str, date]], on: date
) -> None:
    decisions = [
        decided(number, kind, when.isoformat()) for number, (kind, when) in enumerate(made)
    ]

    def barred(some: list[Decision]) -> bool:
        return any(one.effects for one in states_of(some, SETTINGS, on))

    assert barred(decisions) or not barred(decisions[1:])


@pytest.fixture
def two_people(engine: Engine) -> Engine:
    warned = {"record_kind": "sanction", "sanction_kind": "warning", "rule_version": "staff_2023"}
    with Session(engine) as session:
        for number, name in ((1, "张三"), (2, "李四")):
            session.add(Teacher(id=number, name=name, unmapped={}))
        session.flush()
        for number, person, month, facts in (
            (1, 2, 3, {}),
            (2, 1, 4, {"appeal_result": "annulled", "appeal_decided_on": date(2024, 6, 1)}),
            (3, 1, 5, {"appeal_result": "upheld", "appeal_decided_on": date(2024, 6, 1)}),
        ):
            session.add(
                ConductRecord(
                    id=number,
                    teacher_id=person,
                    decided_on=date(2024, month, 15),
                    ends_on=date(2024, month + 6, 15),
                    person_category="staff",
                    **warned,
                    **facts,
                )
            )
        session.add(
            ConductRecord(teacher_id=1, record_kind="review", year=2023, result="excellent")
        )
        session.commit()
    return engine


def asked(engine: Engine, on: str, **of: Any) -> list[SanctionState]:
    with engine.connect() as connection:
        return sanctions_of(connection, SETTINGS, day(on), **of)


def test_the_registry_is_asked_for_everybody_or_for_some(two_people: Engine) -> None:
    everybody = asked(two_people, "2024-05-20")
    assert [(one.teacher_id, one.record_id) for one in everybody] == [(1, 2), (1, 3), (2, 1)]
    assert [one.record_id for one in asked(two_people, "2024-05-20", teacher_ids=[2])] == [1]
    assert asked(two_people, "2024-05-20", teacher_ids=[]) == []
    assert [one.record_id for one in asked(two_people, "2024-05-20", teacher_ids=range(2, 3000))] \
        == [1]  # fmt: skip
    assert everybody[2].document == PROVISIONS_2023
    assert (everybody[2].category, everybody[2].person_category) == ("disciplinary", "staff")


def test_an_appeal_that_annuls_a_decision_ends_it_and_frees_the_later_one(
    two_people: Engine,
) -> None:
    # before: five months of the first remain on 15 May, and six more
    before = {one.record_id: one for one in asked(two_people, "2024-05-31", teacher_ids=[1])}
    assert (before[2].state, before[3].ends_on) == (State.IN_FORCE, date(2025, 4, 15))
    after = {one.record_id: one for one in asked(two_people, "2024-06-01", teacher_ids=[1])}
    assert (after[2].state, after[3].state) == (State.ANNULLED, State.IN_FORCE)
    assert after[3].ends_on == date(2024, 11, 15)
