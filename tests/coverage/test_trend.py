"""The figure of past years, and which of them nobody can know."""

from collections.abc import Callable
from datetime import date

import pytest

from teacherreg.coverage import Coverage
from teacherreg.errors import UsageError

from .conftest import County

Ask = Callable[..., Coverage]


def test_each_year_has_its_own_pupils_posts_and_titles(ask: Ask, county: County) -> None:
    """2023: nobody is in service; 2024: no pupils on file; 2025: one of two is a holder yet."""
    school = county.school("甲校", {"primary": 200}, school_year="2025-2026")
    county.enrol(school, "primary", 301, "2026-2027")
    county.enrol(school, "primary", 90, "2023-2024")
    county.title(county.teacher(school, starts_on=date(2024, 9, 1)))
    county.title(county.teacher(school, starts_on=date(2024, 9, 1)), awarded_on=date(2026, 9, 1))
    trend = ask().trend(on=date(2026, 11, 25), years=4)
    assert [
        (row.on.year, row.students, row.holders, row.required, row.missing, row.reason)
        for row in trend.years
    ] == [
        (2023, 90, None, None, None, "no_posts"),
        (2024, None, 1, None, None, "no_enrolment"),
        (2025, 200, 1, 2, 1, None),
        (2026, 301, 2, 4, 2, None),
    ]
    assert [(row.schools, row.schools_short) for row in trend.years[2:]] == [(1, 1), (1, 1)]
    assert trend.to_polars()["missing"].to_list() == [None, None, 1, 2]


def test_the_newest_year_is_that_of_the_day(ask: Ask, county: County) -> None:
    coverage = ask()
    for on, first in ((date(2026, 8, 31), 2024), (date(2026, 9, 1), 2025)):
        trend = coverage.trend(on=on, years=2)
        assert [row.on for row in trend.years] == [date(first, 9, 1), date(first + 1, 9, 1)]


def test_a_figure_that_is_not_of_pupils_needs_none(ask: Ask, county: County) -> None:
    county.title(county.teacher(county.school("甲校")))
    (year,) = ask().trend("ningxia-2027-county", on=date(2026, 9, 1), years=1).years
    assert (year.students, year.holders, year.required, year.missing) == (None, 1, 1, 0)


def test_rotation_is_asked_of_the_end_of_the_school_year(ask: Ask, county: County) -> None:
    county.teacher(county.school("甲校"))
    years = ask().trend("quality-balance-2017-rotation", on=date(2026, 9, 1), years=2).years
    assert [(row.on, row.school_year) for row in years] == [
        (date(2025, 8, 31), "2024-2025"),
        (date(2026, 8, 31), "2025-2026"),
    ]
    assert [row.schools_short for row in years] == [None, None]  # the county is the unit


def test_years_before_the_calendar_or_after_it_are_refused(ask: Ask) -> None:
    with pytest.raises(UsageError) as before:
        ask().trend(on=date(9, 9, 1), years=10)
    assert before.value.code == "forecast-calendar"
    assert len(ask().trend(on=date(10, 9, 1), years=10).years) == 10
    with pytest.raises(UsageError):
        ask().forecast(on=date(9999, 9, 1), years=1)
