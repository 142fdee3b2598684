"""What the registry knows of persons as of a day, as far as the rules look at it.

What was decided, awarded or recorded as happening after the day is not known on it. A
yearly review that tells no day of its own is known from the first day of the next year.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import Any, Final, NamedTuple, TypeVar

from sqlalchemy import ColumnElement, Connection, Select, and_, or_, select
from sqlmodel import SQLModel

from teacherreg.conduct.sanctions import SanctionState, sanctions_of
from teacherreg.development.hours import hours_of
from teacherreg.eligibility.rules import Rule
from teacherreg.models import ConductRecord, Post, RecordKind, Review, ReviewKind, School, Teacher
from teacherreg.settings import Settings
from teacherreg.titles.held import titles_of

TEACHER, POST, SCHOOL, REVIEW, CONDUCT = (
    SQLModel.metadata.tables[str(model.__tablename__)]
    for model in (Teacher, Post, School, Review, ConductRecord)
)

Fact = TypeVar("Fact")

ASKED_BY_NUMBER: Final = 500  # for more persons it is faster to read everybody's facts
_READ_AT_ONCE: Final = 1_000


class PostFacts(NamedTuple):
    """A post of the day."""

    school: str
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


class Facts(NamedTuple):
    """What is known of one person; every list may be empty."""

    teacher_id: int
    name: str
    staff_no: str | None
    birth_date: str | None  # 1985-03-15, or 1985-03
    work_started_on: date | None
    posts: Sequence[PostFacts]  # of the day, home posts first
    titles: Sequence[TitleFacts]
    sanctions: Sequence[SanctionState]
    ethics_reviews: Sequence[YearlyResult]  # with a result that the rules look for
    annual_reviews: Sequence[YearlyResult]
    hours: Hours | None  # None: not asked for

    @property
    def school(self) -> str | None:
        """The school of the home post, else of any post."""
        return self.posts[0].school if self.posts else None


def facts_of(
    connection: Connection,
    settings: Settings,
    rules: Collection[Rule],
    on: date,
    teacher_ids: Collection[int] | None = None,
) -> Iterator[Facts]:
    """Gather what is known of persons on a day, by one statement for each kind of fact.

    Args:
        connection: The registry.
        settings: Sanctions and hours are counted by them.
        rules: Of reviews, only results that these look for are read; hours, if one does.
        on: The day.
        teacher_ids: Of whom; None: of everybody on record.

    Returns:
        One for each person, by number.
    """
    wanted = None if teacher_ids is None else frozenset(teacher_ids)
    ids = wanted if wanted is None or len(wanted) <= ASKED_BY_NUMBER else None
    awards = titles_of(connection, on, ids).select(_OF_A_TITLE).iter_rows()
    titles = _grouped(TitleFacts, awards)
    states = sanctions_of(connection, settings, on, ids)
    sanctions = {number: list(own) for number, own in groupby(states, attrgetter("teacher_id"))}
    failed = [_results(rules, which, settings) for which in ("ethics_review", "annual_review")]
    ethics = _grouped(YearlyResult, _rows(connection, _ethics_reviews(on, failed[0]), ids))
    annual = _grouped(YearlyResult, _rows(connection, _annual_reviews(on, failed[1]), ids))
    is_asked = any(rule.looks_at == "training_hours" for rule in rules)
    hours = _hours(connection, settings, on, ids) if is_asked else {}
    for person, rows in groupby(_rows(connection, _people(on), ids), itemgetter(*range(5))):
        number, name, staff_no, born, started = person
        if wanted is None or number in wanted:
            yield Facts(
                number,
                name,
                staff_no,
                born,
                started,
                posts=[PostFacts(*row[5:]) for row in rows if row[5] is not None],
                titles=titles.get(number, ()),
                sanctions=sanctions.get(number, ()),
                ethics_reviews=ethics.get(number, ()),
                annual_reviews=annual.get(number, ()),
                hours=hours.get(number),
            )


_OF_A_TITLE: Final = ("teacher_id", "title_kind", "level", "state", "term_ends_on")
_OF_HOURS: Final = ("teacher_id", "tenths", "needed_tenths", "short_tenths")


def _people(on: date) -> Select[Any]:
    """Ask for everybody with each post of the day, home posts first; who has none is in one row."""
    is_of_the_day = and_(
        POST.c.teacher_id == TEACHER.c.id,
        or_(POST.c.starts_on.is_(None), POST.c.starts_on <= on),
        or_(POST.c.ends_on.is_(None), POST.c.ends_on >= on),
    )
    return (
        select(
            TEACHER.c.id,
            TEACHER.c.name,
            TEACHER.c.staff_no,
            TEACHER.c.birth_date,
            TEACHER.c.work_started_on,
            SCHOOL.c.name,
            POST.c.status,
            POST.c.is_full_time_teacher,
            POST.c.professional_rank,
        )
        .outerjoin(POST, is_of_the_day)
        .outerjoin(SCHOOL, SCHOOL.c.id == POST.c.school_id)
        .order_by(
            TEACHER.c.id,
            POST.c.attachment,
            POST.c.starts_on.desc().nulls_last(),
            POST.c.id.desc(),
        )
    )


def _ethics_reviews(on: date, results: Collection[str]) -> Select[Any]:
    table = CONDUCT.c
    return select(table.teacher_id, table.year, table.result).where(
        table.record_kind == RecordKind.REVIEW.value,
        table.result.in_(results),
        or_(table.annulled_on.is_(None), table.annulled_on > on),
        _is_known(table.decided_on, table.year, on),
    )


def _annual_reviews(on: date, results: Collection[str]) -> Select[Any]:
    table = REVIEW.c
    return select(table.teacher_id, table.year, table.result).where(
        table.review_kind == ReviewKind.ANNUAL.value,
        table.result.in_(results),
        _is_known(table.reviewed_on, table.year, on),
    )


def _results(rules: Iterable[Rule], looked_at: str, settings: Settings) -> set[str]:
    """Name the results of a kind of review that some rule looks for."""
    asked = (rule.figure("results", settings) for rule in rules if rule.looks_at == looked_at)
    return set().union(*asked)


def _is_known(
    told_on: ColumnElement[date], year: ColumnElement[int], on: date
) -> ColumnElement[bool]:
    return or_(told_on <= on, and_(told_on.is_(None), year < on.year))


def _hours(
    connection: Connection, settings: Settings, on: date, ids: Collection[int] | None
) -> dict[int, Hours]:
    counted = hours_of(connection, settings, on, ids).select(_OF_HOURS)
    return {number: Hours(*tenths) for number, *tenths in counted.iter_rows()}


def _rows(
    connection: Connection, asked: Select[Any], ids: Collection[int] | None
) -> Iterator[Sequence[Any]]:
    """Read rows whose first column is a person's number, of all or of some."""
    if ids is not None:
        asked = asked.where(asked.selected_columns[0].in_(ids))
    for rows in connection.execute(asked).partitions(_READ_AT_ONCE):
        yield from rows


def _grouped(kind: Callable[..., Fact], rows: Iterable[Sequence[Any]]) -> dict[int, list[Fact]]:
    grouped: defaultdict[int, list[Fact]] = defaultdict(list)
    for number, *values in rows:
        grouped[number].append(kind(*values))
    return grouped
