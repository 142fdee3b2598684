"""On random small counties the forecast and a second, plain one agree."""

from datetime import date
from fractions import Fraction
from math import ceil

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from teacherreg.coverage import Coverage
from teacherreg.settings import Settings

from . import plain_ahead
from .conftest import County
from .test_agreement import counties, holding, shared

__all__ = ["shared"]

ON = [date(2025, 3, 1), date(2025, 8, 31), date(2025, 9, 1)]
# on either side of the 1 Septembers of 2025 to 2028, by one schedule or another
BIRTHS = [
    *(f"{year}-{month:02}" for year in (1962, 1965, 1966, 1968) for month in (5, 6, 7, 8, 9)),
    *(f"{year}-{month:02}-15" for year in (1970, 1971, 1976, 1977) for month in (4, 6, 8, 9)),
    None,
]

# each asks of several days, each day thrice or more
quick = settings(deadline=None, max_examples=20, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def ageing(draw: st.DrawFn) -> County:
    """A random county whose people have a birth, a sex and a rank."""
    county = draw(counties())
    for teacher in county.rows["teacher"]:
        teacher["birth_date"] = draw(st.sampled_from(BIRTHS))
        teacher["sex"] = draw(st.sampled_from(["1", "2", "2", "9", None]))
    for post in county.rows["post"]:
        post["staff_category"] = draw(st.sampled_from(["full_time_teacher", "logistics", None]))
        post["professional_rank"] = draw(
            st.sampled_from(["senior_teacher", "first_grade_teacher", None])
        )
    return county


@quick
@given(
    county=ageing(), on=st.sampled_from(ON), leave=st.sampled_from(["early", "statutory", "late"])
)
def test_the_forecast_agrees(shared: Engine, county: County, on: date, leave: str) -> None:
    with holding(shared, county) as engine:
        forecast = Coverage(engine, Settings({})).forecast(on=on, years=3, leave=leave)
    expected = plain_ahead.forecast(county, on, 3, leave)
    found = [{name: getattr(year, name) for name in expected[0]} for year in forecast.years]
    assert found == expected
    for year, cells in zip(forecast.years, forecast.cells, strict=True):
        assert sum(cell.missing or 0 for cell in cells) == year.missing
        assert sum(cell.holders for cell in cells) == year.holders
    growth = forecast.growth
    assert sum(growth.each_year) == growth.missing == forecast.years[-1].missing
    assert max(growth.each_year) - min(growth.each_year) <= 1


@quick
@given(county=ageing(), on=st.sampled_from(ON))
def test_who_leaves_at_the_usual_rate_is_taken_from_every_unit(
    shared: Engine, county: County, on: date
) -> None:
    with holding(shared, county) as engine:
        tenth = Settings({"forecast.leave_percent_per_year": 10})
        forecast = Coverage(engine, tenth).forecast(on=on, years=3)
    for year, cells in zip(forecast.years, forecast.cells, strict=True):
        left = Fraction(9, 10) ** year.year
        lacking = [
            Fraction((cell.required or 0) - cell.holders * left)
            for cell in cells
            if not cell.outside
        ]
        assert year.missing == ceil(sum(max(Fraction(0), lack) for lack in lacking))
        assert year.expected_holders == year.holders * left
        assert year.missing >= year.missing_dated


@quick
@given(county=ageing(), on=st.sampled_from(ON))
def test_without_births_it_is_the_gaps_of_those_days(
    shared: Engine, county: County, on: date
) -> None:
    for teacher in county.rows["teacher"]:
        teacher["birth_date"] = None
    with holding(shared, county) as engine:
        coverage = Coverage(engine, Settings({}))
        forecast = coverage.forecast(on=on, years=2)
        gaps = [coverage.gaps(on=year.on) for year in forecast.years]
    assert forecast.cells == [answer.cells for answer in gaps]
    assert [
        (year.students, year.holders, year.required, year.missing) for year in forecast.years
    ] == [
        (sums.students, sums.holders, sums.required, sums.missing)
        for sums in (answer.totals for answer in gaps)
    ]
