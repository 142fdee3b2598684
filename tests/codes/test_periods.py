"""Months are added by the calendar, and terms of titles end on the days that the rules give."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from teacherreg.codes import add_months, term_end

DAYS = st.dates(date(1949, 10, 1), date(2199, 12, 31))


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
