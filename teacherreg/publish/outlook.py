"""The county in time, for the public file: past years, and years to come if nobody acts."""

from collections.abc import Iterator
from typing import Final

from teacherreg.coverage.forecast import Forecast
from teacherreg.coverage.trend import Trend
from teacherreg.publish.tables import Row, Table

YEARS_BACK: Final = 5
YEARS_AHEAD: Final = 10

TREND = Table(
    "trend",
    {
        "id": int,
        "day": str,
        "missing": int,
        "required": int,
        "holders": int,
        "schools": int,
        "schools_short": int,
        "students": int,
    },
    label="day",
    sort="day",
    sortable=("missing", "required", "holders", "students"),
)
FORECAST = Table(
    "forecast",
    {
        "id": int,
        "day": str,
        "missing": int,
        "missing_renewed": int,
        "required": int,
        "holders": int,
        "retiring": int,
        "terms_ending": int,
        "students": int,
    },
    label="day",
    sort="day",
    sortable=("missing", "missing_renewed", "holders", "retiring", "terms_ending"),
)


def trend_rows(trend: Trend) -> Iterator[Row]:
    """Give a row for each year of which the registry knows the figure, numbered by the year."""
    for year in trend.years:
        if year.reason is None:
            day = year.on.isoformat()
            yield (year.on.year, day, *(getattr(year, name) for name in _after_day(TREND)))


def forecast_rows(forecast: Forecast) -> Iterator[Row]:
    """Give a row for each day, numbered by the year; today's is row 0."""
    for year in forecast.years:
        number = year.on.year if year.year else 0
        yield (
            number,
            year.on.isoformat(),
            *(getattr(year, name) for name in _after_day(FORECAST)),
        )


def _after_day(table: Table) -> list[str]:
    return list(table.columns)[2:]
