"""Titles whose term ends soon, and what their holders still owe by then.

A commendation has no term and owes nothing, so it is never among them. Who has left
service is not asked for anything either.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Final, TypeAlias

import polars as pl
from sqlalchemy import ColumnElement, Connection, Table, select
from sqlmodel import SQLModel

from teacherreg.codes import add_months, code_table
from teacherreg.errors import UsageError
from teacherreg.models import Review, ReviewKind, School, Teacher
from teacherreg.posts import post_of_the_day
from teacherreg.settings import Settings
from teacherreg.titles.duties import Count, Done, done_by, duty_counts
from teacherreg.titles.held import IN_FORCE, SUSPENDED, titles_of

Hours: TypeAlias = Callable[[Connection, Settings, date, Collection[int] | None], pl.DataFrame]

TEACHER: Final[Table] = SQLModel.metadata.tables[str(Teacher.__tablename__)]
SCHOOL: Final[Table] = SQLModel.metadata.tables[str(School.__tablename__)]
REVIEW: Final[Table] = SQLModel.metadata.tables[str(Review.__tablename__)]

UNQUALIFIED: Final = "unqualified"  # a code of ``review_results``
LONGEST_MONTHS: Final = 600

Reviewed: TypeAlias = tuple[int, str | None, str | None, str]  # year, kind, level, result


@dataclass(frozen=True)
class Due:
    """One title whose term ends, and what is short.

    Attributes:
        teacher_id: The holder's number in the registry.
        name: The holder's name.
        staff_no: The holder's staff number.
        school: Where the holder works on the day.
        title_kind: A code of ``title_kinds``.
        level: A code of ``levels``.
        subject: A code of ``subjects``.
        state: ``in_force`` or ``suspended``.
        term_began_on: First day of the term: of the last renewal, else of the award.
        term_ends_on: Its last day.
        duties: What is owed and what was done.
        short_tenths: Tenths of hours of training that are missing in five years.
        unqualified_years: Years of the term in which a review of the title was unqualified.
        is_to_be_cancelled: So many of them in a row that the title is to be cancelled.
    """

    teacher_id: int
    name: str
    staff_no: str | None
    school: str
    title_kind: str
    level: str | None
    subject: str | None
    state: str
    term_began_on: date
    term_ends_on: date
    duties: tuple[Count, ...]
    short_tenths: int
    unqualified_years: tuple[int, ...]
    is_to_be_cancelled: bool

    @property
    def duties_short(self) -> Sequence[Count]:
        """What is owed and was not done."""
        return [count for count in self.duties if count.short]

    @property
    def is_in_order(self) -> bool:
        """Whether nothing is short."""
        return not (self.duties_short or self.short_tenths or self.unqualified_years)

    def to_document(self) -> dict[str, Any]:
        """Give it for JSON, days as ISO 8601 text."""
        document = {name: value for name, value in asdict(self).items() if name != "duties"}
        days = {name: value.isoformat() for name, value in document.items()
                if isinstance(value, date)}  # fmt: skip
        hours = {"training_hours_short": document.pop("short_tenths") / 10}
        years = {"unqualified_years": list(self.unqualified_years)}
        duties = [
            {
                "duty": count.owed,
                "from": count.first.isoformat(),
                "to": count.last.isoformat(),
                "needed": count.needed,
                "done": count.done,
                "short": count.short,
            }
            for count in self.duties
        ]
        return document | days | hours | years | {"in_order": self.is_in_order, "duties": duties}


def titles_due(
    connection: Connection,
    settings: Settings,
    within_months: int,
    on: date,
    hours_of: Hours,
    *,
    also_in_order: bool = False,
) -> list[Due]:
    """List the titles whose term ends within some months, and for which something is short.

    Args:
        connection: The registry.
        settings: The county's.
        within_months: The months, counted from the day; its last day is the same day then.
        on: The day as of which it is asked.
        hours_of: Counts hours of training (`teacherreg.development.hours.hours_of`).
        also_in_order: List those too for which nothing is short.

    Returns:
        The titles, the first to end first.

    Raises:
        UsageError: If the months are below 0 or more than fifty years.
    """
    if not 0 <= within_months <= LONGEST_MONTHS:
        raise UsageError("due-months", most=LONGEST_MONTHS)
    until = last_day(on, within_months)
    commendations = code_table("title_kinds").where("category", "commendation")
    ending = titles_of(connection, on).filter(
        pl.col("state").is_in([IN_FORCE, SUSPENDED]),
        pl.col("term_ends_on").is_between(on, until),
        ~pl.col("title_kind").is_in(commendations),
    )
    ending = ending.join(_staff(connection, on), "teacher_id").sort(
        "term_ends_on", "school", "name", "award_id"
    )
    people = ending["teacher_id"].unique().to_list()
    hours = hours_of(connection, settings, on, people)
    short = dict(hours.select("teacher_id", "short_tenths").iter_rows())
    done, reviewed = done_by(connection, on, people), _reviews(connection, on, people)
    every = [
        _due(row, settings, on, short.get(row["teacher_id"], 0),
             done.get(row["teacher_id"], Done()), reviewed.get(row["teacher_id"], []))
        for row in ending.iter_rows(named=True)
    ]  # fmt: skip
    return [due for due in every if also_in_order or not due.is_in_order]


def last_day(on: date, within_months: int) -> date:
    """Give the last day on which a term may end to be among those asked for."""
    try:
        return add_months(on, within_months)
    except OverflowError:
        return date.max


def _due(
    row: Mapping[str, Any],
    settings: Settings,
    on: date,
    short_tenths: int,
    done: Done,
    reviewed: Sequence[Reviewed],
) -> Due:
    began_on, ends_on = row["term_began_on"], row["term_ends_on"]
    results = {
        year: result
        for year, kind, level, result in reviewed
        if kind in (None, row["title_kind"])
        and (level is None or level == row["level"])
        and began_on.year <= year <= ends_on.year
    }
    unqualified = tuple(year for year, result in results.items() if result == UNQUALIFIED)
    most = settings.number("titles.fail_years_to_cancel")
    named = ("teacher_id", "name", "staff_no", "school", "title_kind", "level", "subject", "state")
    return Due(
        **{name: row[name] for name in named},
        term_began_on=began_on,
        term_ends_on=ends_on,
        duties=tuple(duty_counts(row["title_kind"], began_on, ends_on, done, settings, on)),
        short_tenths=short_tenths,
        unqualified_years=unqualified,
        is_to_be_cancelled=any(
            all(first + more in unqualified for more in range(most)) for first in unqualified
        ),
    )


def _staff(connection: Connection, on: date) -> pl.DataFrame:
    """Name those who belong to a school on a day, be they away for a time."""
    post = post_of_the_day(on)
    left = code_table("person_status").where("group", "left")
    asked = (
        select(TEACHER.c.id, TEACHER.c.name, TEACHER.c.staff_no, SCHOOL.c.name.label("school"))
        .join(post, post.c.teacher_id == TEACHER.c.id)
        .join(SCHOOL, SCHOOL.c.id == post.c.school_id)
        .where(post.c.status.not_in(left))
    )
    schema = {"teacher_id": pl.Int64(), "name": pl.String(), "staff_no": pl.String(),
              "school": pl.String()}  # fmt: skip
    rows = [tuple(row) for row in connection.execute(asked)]
    return pl.DataFrame(rows, schema=schema, orient="row")


def _reviews(
    connection: Connection, on: date, people: Collection[int]
) -> dict[int, list[Reviewed]]:
    """Give the reviews of titles that are known on a day, by person, in order of years.

    A review without a day is known from the beginning of its year on.
    """
    told: ColumnElement[bool] = (REVIEW.c.reviewed_on <= on) | (
        REVIEW.c.reviewed_on.is_(None) & (REVIEW.c.year <= on.year)
    )
    columns = [REVIEW.c[name] for name in ("year", "title_kind", "level", "result")]
    asked = (
        select(REVIEW.c.teacher_id, *columns)
        .where(REVIEW.c.review_kind == ReviewKind.TITLE.value, told)
        .order_by(REVIEW.c.year, REVIEW.c.title_kind.nulls_first(), REVIEW.c.level.nulls_first())
    )
    wanted = set(people)
    found: dict[int, list[Reviewed]] = {}
    for teacher_id, *review in connection.execute(asked):
        if teacher_id in wanted:
            found.setdefault(teacher_id, []).append(tuple(review))
    return found
