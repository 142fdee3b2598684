"""What the registry knows of persons as of a day, as far as the rules look at it.

What was decided, awarded or recorded as happening after the day is not known on it. A
yearly review that tells no day of its own is known from the first day of the next year.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, NamedTuple, TypeVar

from sqlalchemy import ColumnElement, Connection, Row, Select, or_, select
from sqlmodel import SQLModel

from teacherreg.conduct.sanctions import SanctionState, sanctions_of
from teacherreg.development.hours import hours_of
from teacherreg.models import (
    Attachment,
    ConductRecord,
    Post,
    RecordKind,
    Review,
    ReviewKind,
    School,
    Teacher,
)
from teacherreg.settings import Settings
from teacherreg.titles.held import titles_of

TEACHER, POST, SCHOOL, REVIEW, CONDUCT = (
    SQLModel.metadata.tables[str(model.__tablename__)]
    for model in (Teacher, Post, School, Review, ConductRecord)
)

Fact = TypeVar("Fact")

_LISTED: Final = 500  # numbers in one statement: a database takes only so many


class PostFacts(NamedTuple):
    """A post of the day."""

    school: str
    is_home: bool
    status: str
    is_full_time_teacher: bool
    professional_rank: str | None


class TitleFacts(NamedTuple):
    """An award, with its state on the day and the last day of its term (None: no term)."""

    kind: str
    level: str | None
    state: str
    term_ends_on: date | None


class YearlyResult(NamedTuple):
    """The result of a year's review."""

    year: int
    result: str


class Hours(NamedTuple):
    """Tenths of hours of training in the window of five years."""

    tenths: int
    needed_tenths: int
    short_tenths: int


@dataclass(frozen=True)
class Facts:
    """What is known of one person; every list may be empty."""

    teacher_id: int
    name: str
    staff_no: str | None
    birth_date: str | None  # 1985-03-15, or 1985-03
    work_started_on: date | None
    posts: Sequence[PostFacts]  # of the day, home posts first
    titles: Sequence[TitleFacts]
    sanctions: Sequence[SanctionState]
    ethics_reviews: Sequence[YearlyResult]
    annual_reviews: Sequence[YearlyResult]
    hours: Hours | None  # None: not asked for

    @property
    def school(self) -> str | None:
        """The school of the home post, else of any post."""
        return self.posts[0].school if self.posts else None


def facts_of(
    connection: Connection,
    settings: Settings,
    on: date,
    teacher_ids: Collection[int] | None = None,
    *,
    with_hours: bool = False,
) -> list[Facts]:
    """Gather what is known of persons on a day.

    Args:
        connection: The registry.
        settings: Sanctions and hours are counted by them.
        on: The day.
        teacher_ids: Of whom; None: of everybody on record.
        with_hours: Whether the hours of training are asked for.

    Returns:
        One for each person, by number.
    """
    posts = _grouped(_posts(connection, on, teacher_ids))
    titles = _grouped(_titles(connection, on, teacher_ids))
    sanctions = _grouped(
        (state.teacher_id, state) for state in sanctions_of(connection, settings, on, teacher_ids)
    )
    ethics = _grouped(_ethics_reviews(connection, on, teacher_ids))
    annual = _grouped(_annual_reviews(connection, on, teacher_ids))
    hours = dict(_hours(connection, settings, on, teacher_ids)) if with_hours else {}
    asked = select(*(TEACHER.c[name] for name in _OF_A_PERSON)).order_by(TEACHER.c.id)
    return [
        Facts(
            teacher_id=row.id,
            name=row.name,
            staff_no=row.staff_no,
            birth_date=row.birth_date,
            work_started_on=row.work_started_on,
            posts=posts[row.id],
            titles=titles[row.id],
            sanctions=sanctions[row.id],
            ethics_reviews=ethics[row.id],
            annual_reviews=annual[row.id],
            hours=hours.get(row.id),
        )
        for row in _rows(connection, asked, TEACHER.c.id, teacher_ids)
    ]


_OF_A_PERSON: Final = ("id", "name", "staff_no", "birth_date", "work_started_on")


def _posts(
    connection: Connection, on: date, ids: Collection[int] | None
) -> Iterator[tuple[int, PostFacts]]:
    asked = (
        select(
            POST.c.teacher_id,
            SCHOOL.c.name,
            (POST.c.attachment == Attachment.HOME.value).label("is_home"),
            POST.c.status,
            POST.c.is_full_time_teacher,
            POST.c.professional_rank,
        )
        .join(SCHOOL, SCHOOL.c.id == POST.c.school_id)
        .where(
            or_(POST.c.starts_on.is_(None), POST.c.starts_on <= on),
            or_(POST.c.ends_on.is_(None), POST.c.ends_on >= on),
        )
        .order_by(POST.c.attachment, POST.c.starts_on.desc().nulls_last(), POST.c.id.desc())
    )
    for row in _rows(connection, asked, POST.c.teacher_id, ids):
        yield (
            row.teacher_id,
            PostFacts(
                row.name,
                bool(row.is_home),
                row.status,
                row.is_full_time_teacher,
                row.professional_rank,
            ),
        )


def _titles(
    connection: Connection, on: date, ids: Collection[int] | None
) -> Iterator[tuple[int, TitleFacts]]:
    columns = ("teacher_id", "title_kind", "level", "state", "term_ends_on")
    for row in titles_of(connection, on, ids).select(columns).iter_rows():
        yield row[0], TitleFacts(*row[1:])


def _ethics_reviews(
    connection: Connection, on: date, ids: Collection[int] | None
) -> Iterator[tuple[int, YearlyResult]]:
    table = CONDUCT.c
    asked = select(
        table.teacher_id, table.year, table.result, table.decided_on.label("told_on")
    ).where(
        table.record_kind == RecordKind.REVIEW.value,
        or_(table.annulled_on.is_(None), table.annulled_on > on),
    )
    yield from _known(_rows(connection, asked, table.teacher_id, ids), on)


def _annual_reviews(
    connection: Connection, on: date, ids: Collection[int] | None
) -> Iterator[tuple[int, YearlyResult]]:
    table = REVIEW.c
    asked = select(
        table.teacher_id, table.year, table.result, table.reviewed_on.label("told_on")
    ).where(table.review_kind == ReviewKind.ANNUAL.value)
    yield from _known(_rows(connection, asked, table.teacher_id, ids), on)


def _known(rows: Iterator[Row[Any]], on: date) -> Iterator[tuple[int, YearlyResult]]:
    """Leave out what was not known on the day."""
    for row in rows:
        if (row.told_on or date(row.year + 1, 1, 1)) <= on:
            yield row.teacher_id, YearlyResult(row.year, row.result)


def _hours(
    connection: Connection, settings: Settings, on: date, ids: Collection[int] | None
) -> Iterator[tuple[int, Hours]]:
    columns = ("teacher_id", "tenths", "needed_tenths", "short_tenths")
    for row in hours_of(connection, settings, on, ids).select(columns).iter_rows():
        yield row[0], Hours(*row[1:])


def _rows(
    connection: Connection,
    asked: Select[Any],
    number: ColumnElement[int],
    ids: Collection[int] | None,
) -> Iterator[Row[Any]]:
    if ids is None:
        yield from connection.execute(asked)
        return
    listed = sorted(ids)
    for start in range(0, len(listed), _LISTED):
        some = listed[start : start + _LISTED]
        yield from connection.execute(asked.where(number.in_(some)))


def _grouped(pairs: Iterable[tuple[int, Fact]]) -> defaultdict[int, list[Fact]]:
    grouped: defaultdict[int, list[Fact]] = defaultdict(list)
    for teacher_id, value in pairs:
        grouped[teacher_id].append(value)
    return grouped
