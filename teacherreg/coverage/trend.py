"""The same figure on the 1 September of each past year, from the dated rows.

A year says what the registry can know of it: where it holds no pupils of that school year,
or nobody in service, the figure is unknown and not 0. Rotation is counted over a school
year, so it is asked of the year's last day, the day before.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final

import polars as pl
from sqlalchemy import Connection, select

from teacherreg.coverage.asked import Question, school_year_of
from teacherreg.coverage.cells import count
from teacherreg.coverage.figures import OF_STUDENTS
from teacherreg.coverage.standard import Standard
from teacherreg.coverage.tables import ENROLMENT
from teacherreg.coverage.units import judge, total_of

NO_ENROLMENT: Final = "no_enrolment"
NO_POSTS: Final = "no_posts"


@dataclass(frozen=True, slots=True)
class TrendYear:
    """The county on a day; None is unknown.

    Attributes:
        on: The day, a 1 September; for a standard on rotation the 31 August before.
        school_year: The school year of the day.
        students: Pupils at the stages of the standard, if it asks for a figure of them.
        holders: Persons whom the standard counts.
        required, missing: As in the gaps of the day.
        schools: Schools that the standard counts.
        schools_short: Those of them that miss somebody; None where no unit is of one school.
        reason: Why the figure is unknown: no pupils on file, or no posts.
    """

    on: date
    school_year: str
    students: int | None
    holders: int | None
    required: int | None
    missing: int | None
    schools: int | None
    schools_short: int | None
    reason: str | None = None


@dataclass(frozen=True)
class Trend:
    """The figure year by year, the oldest first."""

    on: date
    standard: Standard
    years: list[TrendYear]

    def to_polars(self) -> pl.DataFrame:
        """Give a row for each year; what is unknown is null."""
        rows = [[getattr(year, name) for name in TrendYear.__slots__] for year in self.years]
        return pl.DataFrame(rows, _SCHEMA, orient="row")

    def to_document(self) -> dict[str, Any]:
        """Give the answer as JSON."""
        return {
            "on": self.on.isoformat(),
            "standard": self.standard.id,
            "years": [row | {"on": row["on"].isoformat()} for row in self.to_polars().to_dicts()],
        }


def look_back(connection: Connection, question: Question, days: Sequence[date]) -> Trend:
    """Ask the same of each of some 1 Septembers."""
    if question.standard.is_about_rotation:
        days = [day - timedelta(days=1) for day in days]
    enrolled = set(
        connection.scalars(
            select(ENROLMENT.c.school_year)
            .where(ENROLMENT.c.stage.in_(question.standard.stages))
            .distinct()
        )
    )
    years = [_year(connection, replace(question, on=day), enrolled) for day in days]
    return Trend(question.on, question.standard, years)


def _year(connection: Connection, question: Question, enrolled: set[str]) -> TrendYear:
    standard = question.standard
    year = school_year_of(question.on)
    counts = count(connection, question)
    total = total_of(judge(standard, counts))
    has_pupils = year in enrolled
    has_posts = any(row.persons for row in counts)
    needs_pupils = standard.figure.kind in OF_STUDENTS
    reason = (
        NO_POSTS if not has_posts else NO_ENROLMENT if needs_pupils and not has_pupils else None
    )
    is_known = reason is None
    return TrendYear(
        on=question.on,
        school_year=year,
        students=total.students if has_pupils and needs_pupils else None,
        holders=total.holders if has_posts else None,
        required=total.required if is_known else None,
        missing=total.missing if is_known else None,
        schools=total.schools if is_known else None,
        schools_short=total.schools_short if is_known and "school" in standard.unit else None,
        reason=reason,
    )


_SCHEMA: Final[dict[str, Any]] = {
    "on": pl.Date,
    "school_year": pl.String,
    **dict.fromkeys(
        ("students", "holders", "required", "missing", "schools", "schools_short"), pl.Int64
    ),
    "reason": pl.String,
}
