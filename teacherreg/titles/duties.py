"""Duties of a title: what its holder owes in each year of the term, and what was done.

Years are those of the term, from the day on which it began. Only years that have begun are
asked for, the running one whole: it is still to be done. Whether each year must reach the
figures by itself, or all together, the county says (``titles.duty_period``).
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Table, select
from sqlmodel import SQLModel

from teacherreg.codes import code_table, normalise
from teacherreg.codes.periods import term_end
from teacherreg.errors import UsageError
from teacherreg.locale import LANGUAGES, speaking, t
from teacherreg.models import Duty, Level, Mentoring
from teacherreg.settings import Settings

DUTY: Final[Table] = SQLModel.metadata.tables[str(Duty.__tablename__)]
MENTORING: Final[Table] = SQLModel.metadata.tables[str(Mentoring.__tablename__)]

# In the column ``duties`` of the kinds, beside figures of its own.
USUAL: Final = "usual"  # as the settings have it
NO_DUTIES: Final = "none"
MENTEES: Final = "mentees"
DEMONSTRATION: Final = "demonstration"

# Which kinds of activity count for what is owed; mentees are counted by themselves.
COUNTED: Final[Mapping[str, tuple[str, ...]]] = {
    "project": ("project",),
    "paper": ("paper",),
    DEMONSTRATION: ("demonstration_lesson", "lecture"),
    "rural_visit": ("rural_visit",),
    "lesson_observed": ("lesson_observed",),
}
OWED: Final = (MENTEES, *COUNTED)

# A lesson or a lecture within the school reaches nobody beyond it; one of unknown scope counts.
_TOO_NEAR: Final = (Level.TOWNSHIP.value, Level.SCHOOL.value)
_LISTED: Final = 500
_AND: Final = re.compile("[;；]")


@dataclass(frozen=True)
class Count:
    """What is owed of one thing in one year of a term, or in all of them, and what was done.

    Attributes:
        owed: One of `OWED`.
        first: First day of the year, or of the term.
        last: Its last day.
        needed: How many are needed.
        done: How many there are by the day asked for.
    """

    owed: str
    first: date
    last: date
    needed: int
    done: int

    @property
    def short(self) -> int:
        """How many are missing; 0 where none is."""
        return max(0, self.needed - self.done)


@dataclass(frozen=True)
class Done:
    """What one person did as a duty of whatever title, by a day."""

    activities: tuple[tuple[str, date, int, str | None], ...] = ()
    mentees: tuple[tuple[int, date, date | None], ...] = ()

    def count(self, owed: str, first: date, last: date) -> int:
        """Count what was done of one thing between two days; both count."""
        if owed == MENTEES:
            return len(
                {
                    mentee
                    for mentee, starts_on, ends_on in self.mentees
                    if starts_on <= last and (ends_on is None or ends_on >= first)
                }
            )
        return sum(
            amount
            for kind, done_on, amount, level in self.activities
            if kind in COUNTED[owed]
            and first <= done_on <= last
            and not (owed == DEMONSTRATION and level in _TOO_NEAR)
        )


def needed_a_year(kind: str, settings: Settings) -> dict[str, int]:
    """Tell what a kind of title asks of its holder each year; nothing that is 0.

    The column ``duties`` of the kind is empty or ``none``, ``usual`` (the county's settings
    hold), or figures of its own: ``mentees=3;paper=2``.
    """
    kinds = code_table("title_kinds")
    written = kinds.value(kind, "duties") if kind in kinds else ""
    if written == USUAL:
        figures = {owed: settings.number(f"titles.duties.{owed}") for owed in OWED}
    else:
        figures = read_duties(written)
    return {owed: figure for owed, figure in figures.items() if figure}


def read_duties(written: str) -> dict[str, int]:
    """Read figures as they stand in the column ``duties``, or as an officer writes them.

    What is owed may be called by its code or by its name: ``paper=2``, ``论文=2``.

    Raises:
        UsageError: If something is owed that nobody counts, or a figure is no number.
    """
    if written.strip() in ("", NO_DUTIES):
        return {}
    figures = {}
    for part in _AND.split(written):
        word, _, figure = normalise(part).partition("=")
        owed = _owed(word)
        if owed is None or not (figure.isascii() and figure.isdigit()):
            known = t("imports.list-comma").join(t(f"title.duty.{one}") for one in OWED)
            raise UsageError("title-kind-duties", written=part.strip(), known=known)
        figures[owed] = int(figure)
    return figures


def _owed(word: str) -> str | None:
    """Tell what is owed by a word: a code, a name, or an activity that counts for it."""
    if word in OWED:
        return word
    for lang in LANGUAGES:
        with speaking(lang):
            for owed in OWED:
                if normalise(t(f"title.duty.{owed}")) == word:
                    return owed
    activity = code_table("duty_kinds").resolve(word).code
    return next((owed for owed, kinds in COUNTED.items() if activity in kinds), None)


def duty_counts(
    kind: str, began_on: date, ends_on: date, done: Done, settings: Settings, on: date
) -> list[Count]:
    """Count the duties of one title in one term.

    Args:
        kind: The kind of title.
        began_on: First day of the term.
        ends_on: Its last day.
        done: What its holder did.
        settings: The county's figures, and ``titles.duty_period``.
        on: The day as of which it is asked.

    Returns:
        A row for each thing that is owed, and for each year of the term that has begun
        where each counts by itself.
    """
    needed = needed_a_year(kind, settings)
    years = list(_years(began_on, min(ends_on, on)))
    if settings["titles.duty_period"] == "term" and years:
        spans = [(began_on, ends_on, len(list(_years(began_on, ends_on))))]
    else:
        spans = [(first, min(last, ends_on), 1) for first, last in years]
    return [
        Count(owed, first, last, figure * times, done.count(owed, first, min(last, on)))
        for first, last, times in spans
        for owed, figure in needed.items()
    ]


def done_by(connection: Connection, on: date, teacher_ids: Collection[int]) -> dict[int, Done]:
    """Read what some persons did by a day; who did nothing is not there."""
    activities: dict[int, list[Any]] = {}
    mentees: dict[int, list[Any]] = {}
    duty = (DUTY.c.teacher_id, DUTY.c.duty_kind, DUTY.c.done_on, DUTY.c.amount, DUTY.c.level)
    for row in _rows(connection, duty, DUTY.c.done_on <= on, teacher_ids):
        activities.setdefault(row[0], []).append(tuple(row[1:]))
    pair = (
        MENTORING.c.teacher_id,
        *(MENTORING.c[n] for n in ("mentee_id", "starts_on", "ends_on")),
    )
    for row in _rows(connection, pair, MENTORING.c.starts_on <= on, teacher_ids):
        mentees.setdefault(row[0], []).append(tuple(row[1:]))
    return {
        person: Done(tuple(activities.get(person, ())), tuple(mentees.get(person, ())))
        for person in activities.keys() | mentees.keys()
    }


def _years(began_on: date, until: date) -> Iterator[tuple[date, date]]:
    """Give the years of a term that have begun by a day."""
    count, first = 0, began_on
    while first <= until:
        count += 1
        last = term_end(began_on, count)
        yield first, last
        first = last + timedelta(days=1)


def _rows(
    connection: Connection,
    columns: Collection[ColumnElement[Any]],
    by_then: ColumnElement[bool],
    teacher_ids: Collection[int],
) -> Iterator[Any]:
    teacher_id, *_ = columns
    listed = sorted(teacher_ids)
    for start in range(0, len(listed), _LISTED):
        among = teacher_id.in_(listed[start : start + _LISTED])
        yield from connection.execute(select(*columns).where(by_then, among))
