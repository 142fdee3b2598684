"""Periods of sanctions and terms of titles end on the days that the rules give."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from teacherreg.codes import add_months, sanction_rule, term_end
from teacherreg.codes.sanction_rules import StaffCategory

DAYS = st.dates(date(1949, 10, 1), date(2199, 12, 31))


@pytest.mark.parametrize(
    ("decided_on", "kind", "category", "version", "months", "last_day"),
    [
        ("2024-03-15", "warning", "staff", "staff_2023", 6, "2024-09-15"),
        ("2023-08-31", "warning", "staff", "staff_2012", 6, "2024-02-29"),
        ("2024-08-31", "warning", "staff", "staff_2023", 6, "2025-02-28"),
        ("2024-05-31", "demerit", "staff", "staff_2023", 12, "2025-05-31"),
        ("2024-02-29", "post_grade_reduction", "staff", "staff_2023", 24, "2026-02-28"),
        ("2024-08-30", "major_demerit", "manager", "manager_2020", 18, "2026-02-28"),
        ("2024-03-15", "dismissal", "staff", "staff_2023", None, None),
    ],
)
def test_a_sanction_ends_on_the_same_day_months_later(
    decided_on: str,
    kind: str,
    category: StaffCategory,
    version: str,
    months: int | None,
    last_day: str | None,
) -> None:
    day = date.fromisoformat(decided_on)
    rule = sanction_rule(kind, day, category)
    assert rule is not None
    assert (rule.rule_version, rule.months) == (version, months)
    ends_on = rule.ends_on(day)
    assert (ends_on.isoformat() if ends_on else None) == last_day


@pytest.mark.parametrize(
    ("decided_on", "kind", "category", "version"),
    [
        pytest.param("2012-08-31", "warning", "staff", None, id="before any rule"),
        pytest.param("2012-09-01", "warning", "staff", "staff_2012", id="first day of 2012"),
        pytest.param("2023-11-05", "warning", "staff", "staff_2012", id="last day of 2012"),
        pytest.param("2023-11-06", "warning", "staff", "staff_2023", id="first day of 2023"),
        pytest.param("2020-06-30", "removal", "staff", "staff_2012", id="manager under 2012"),
        pytest.param("2020-07-01", "removal", "staff", "manager_2020", id="manager since 2020"),
        pytest.param("2024-01-01", "warning", "manager", "manager_2020", id="manager"),
        pytest.param("2019-01-01", "warning", "manager", "staff_2012", id="manager before 2020"),
        pytest.param(
            "2018-11-07", "warning", "private", "teacher_2014", id="private, last of 2014"
        ),
        pytest.param("2018-11-08", "warning", "private", "teacher_2018", id="private, since 2018"),
        pytest.param("2018-11-07", "criticism", "staff", None, id="handling before its rule"),
        pytest.param("2018-11-08", "criticism", "staff", "teacher_2018", id="handling"),
        pytest.param("2023-12-31", "party_warning", "staff", None, id="party, before 2024"),
        pytest.param("2024-01-01", "party_warning", "staff", "party_2023", id="party, since 2024"),
        pytest.param("2016-01-01", "rank_reduction", "staff", "teacher_2014", id="rank, 2014"),
        pytest.param("2019-01-01", "rank_reduction", "staff", None, id="rank, gone since"),
    ],
)
def test_a_decision_falls_under_the_rules_of_its_day(
    decided_on: str, kind: str, category: StaffCategory, version: str | None
) -> None:
    rule = sanction_rule(kind, date.fromisoformat(decided_on), category)
    assert (rule.rule_version if rule else None) == version


def test_a_disqualification_lasts_two_years_unless_the_decision_says_more() -> None:
    rule = sanction_rule("disqualification", date(2024, 3, 15))
    assert rule is not None
    assert rule.ends_on(date(2024, 3, 15)) == date(2026, 3, 15)


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(KeyError):
        sanction_rule("exile", date(2024, 1, 1))


@pytest.mark.parametrize(
    ("awarded_on", "years", "last_day"),
    [
        pytest.param(date(2022, 9, 1), 3, date(2025, 8, 31), id="day before the anniversary"),
        pytest.param(date(2021, 3, 1), 5, date(2026, 2, 28), id="a month counts from its first"),
        pytest.param(date(2023, 1, 1), 3, date(2025, 12, 31), id="a calendar year"),
        pytest.param(date(2020, 2, 29), 4, date(2024, 2, 28), id="leap day to leap day"),
        pytest.param(date(2024, 2, 29), 3, date(2027, 2, 28), id="leap day to a common year"),
    ],
)
def test_a_term_ends_before_the_anniversary(awarded_on: date, years: int, last_day: date) -> None:
    assert term_end(awarded_on, years) == last_day


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2023, 1, 31), 1, date(2023, 2, 28)),
        (date(2024, 12, 15), 1, date(2025, 1, 15)),
        (date(2024, 3, 31), -1, date(2024, 2, 29)),
        (date(2024, 8, 30), 18, date(2026, 2, 28)),
    ],
)
def test_months_are_added_by_the_calendar(day: date, months: int, later: date) -> None:
    assert add_months(day, months) == later


def test_a_day_beyond_the_calendar_is_refused() -> None:
    with pytest.raises(OverflowError):
        add_months(date(9999, 12, 1), 1)


@given(DAYS, st.integers(0, 480))
def test_a_day_moves_by_whole_months(day: date, months: int) -> None:
    later = add_months(day, months)
    assert (later.year - day.year) * 12 + later.month - day.month == months
    is_clamped = (later + timedelta(days=1)).day == 1 and later.day < day.day
    assert later.day == day.day or is_clamped


@given(DAYS, st.integers(1, 10))
def test_the_next_term_begins_when_one_is_over(day: date, years: int) -> None:
    next_day = term_end(day, years) + timedelta(days=1)
    assert next_day.year == day.year + years
    assert (next_day.month, next_day.day) in {(day.month, day.day), (3, 1)}
