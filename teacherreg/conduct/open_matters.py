"""What is still open in conduct: reminders of what somebody has to do.

Things to be mended that nobody closed, sanctions that ended without a release on file,
sessions of warning education still to be held this year, supervisors whose term ends.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import Connection, Table, and_, func, or_, select
from sqlmodel import SQLModel

from teacherreg.codes import add_months
from teacherreg.conduct.sanctions import State, sanctions_of
from teacherreg.settings import Settings

_TABLES: Final = SQLModel.metadata.tables
CASE: Final[Table] = _TABLES["ethics_case"]
ITEM: Final[Table] = _TABLES["corrective_item"]
SESSION: Final[Table] = _TABLES["education_session"]
SUPERVISION: Final[Table] = _TABLES["supervision"]
TEACHER: Final[Table] = _TABLES["teacher"]
SCHOOL: Final[Table] = _TABLES["school"]


@dataclass(frozen=True)
class OpenItem:
    """Something to be mended that is not closed on the day."""

    case_no: str
    item: str
    responsible: str | None
    due_on: date | None
    is_overdue: bool

    def to_document(self) -> dict[str, Any]:
        """Give it as JSON, without the words of what is to be mended."""
        return {
            "case_no": self.case_no,
            "responsible": self.responsible,
            "due_on": self.due_on.isoformat() if self.due_on else None,
            "state": "overdue" if self.is_overdue else "open",
        }


@dataclass(frozen=True)
class Unreleased:
    """A sanction that ended and whose release is not on file."""

    record_id: int
    teacher_id: int
    name: str
    kind: str
    decided_on: date
    ended_on: date


@dataclass(frozen=True)
class EndingTerm:
    """A supervisor's term that ends soon, and that no other follows."""

    supervision_id: int
    name: str
    team: str | None
    school: str | None
    ends_on: date


@dataclass(frozen=True)
class OpenMatters:
    """What is open on a day.

    Attributes:
        on: The day.
        items: To be mended, by due day; those without one last.
        unreleased: Sanctions whose release is not on file, by their last day.
        sessions_held: Sessions of warning education held in the day's year, up to it.
        sessions_wanted: How many the county wants in a year; 0: it asks for none.
        terms: Supervisors whose term ends, by its last day.
    """

    on: date
    items: tuple[OpenItem, ...]
    unreleased: tuple[Unreleased, ...]
    sessions_held: int
    sessions_wanted: int
    terms: tuple[EndingTerm, ...]

    @property
    def sessions_missing(self) -> int:
        """How many sessions are still to be held this year."""
        return max(0, self.sessions_wanted - self.sessions_held)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is open."""
        return not (self.items or self.unreleased or self.terms or self.sessions_missing)

    def to_document(self, *, names: bool = False) -> dict[str, Any]:
        """Give it as JSON.

        Args:
            names: With the names of persons and the words of what is to be mended, for
                those who may see them.
        """

        def told(**what: str) -> dict[str, str]:
            return what if names else {}

        return {
            "on": self.on.isoformat(),
            "corrective_items": [one.to_document() | told(item=one.item) for one in self.items],
            "sanctions": [
                {
                    "record": one.record_id,
                    "teacher": one.teacher_id,
                    "sanction_kind": one.kind,
                    "decided_on": one.decided_on.isoformat(),
                    "ended_on": one.ended_on.isoformat(),
                    **told(name=one.name),
                }
                for one in self.unreleased
            ],
            "sessions": {
                "year": self.on.year,
                "held": self.sessions_held,
                "wanted": self.sessions_wanted,
                "missing": self.sessions_missing,
            },
            "supervisors": [
                {
                    "supervision": one.supervision_id,
                    "team": one.team,
                    "school": one.school,
                    "ends_on": one.ends_on.isoformat(),
                    **told(name=one.name),
                }
                for one in self.terms
            ],
        }


def open_matters(
    connection: Connection, settings: Settings, on: date, within_months: int = 3
) -> OpenMatters:
    """Tell what is open on a day.

    Args:
        connection: The registry.
        settings: Those in force.
        on: The day; what was closed, released or held later does not count.
        within_months: How far ahead the end of a supervisor's term is told.
    """
    return OpenMatters(
        on=on,
        items=tuple(_items(connection, on)),
        unreleased=tuple(_unreleased(connection, settings, on)),
        sessions_held=_sessions_held(connection, on),
        sessions_wanted=settings.number("ethics.sessions_per_year"),
        terms=tuple(_terms(connection, on, within_months)),
    )


def _items(connection: Connection, on: date) -> Iterator[OpenItem]:
    asked = (
        select(CASE.c.case_no, ITEM.c.item, ITEM.c.responsible, ITEM.c.due_on)
        .join(CASE, CASE.c.id == ITEM.c.ethics_case_id)
        .where(
            or_(CASE.c.circulated_on.is_(None), CASE.c.circulated_on <= on),
            or_(ITEM.c.closed_on.is_(None), ITEM.c.closed_on > on),
        )
        .order_by(ITEM.c.due_on.is_(None), ITEM.c.due_on, ITEM.c.id)
    )
    for row in connection.execute(asked):
        is_overdue = row.due_on is not None and row.due_on < on
        yield OpenItem(row.case_no, row.item, row.responsible, row.due_on, is_overdue)


def _unreleased(connection: Connection, settings: Settings, on: date) -> Iterator[Unreleased]:
    ended = [
        (one.ends_on, one)
        for one in sanctions_of(connection, settings, on)
        if one.state is State.EXPIRED_UNRELEASED and one.ends_on is not None
    ]
    names = {row.id: row.name for row in connection.execute(select(TEACHER.c.id, TEACHER.c.name))}
    for ends_on, one in sorted(ended, key=lambda pair: (pair[0], pair[1].record_id)):
        name = names[one.teacher_id]
        yield Unreleased(one.record_id, one.teacher_id, name, one.kind, one.decided_on, ends_on)


def _sessions_held(connection: Connection, on: date) -> int:
    since = date(on.year, 1, 1)
    asked = select(func.count()).where(SESSION.c.held_on.between(since, on))
    return connection.execute(asked.select_from(SESSION)).scalar_one()


def _terms(connection: Connection, on: date, within_months: int) -> Iterator[EndingTerm]:
    """Give the terms that end by a day ahead and that no other of the same person follows."""
    later = SUPERVISION.alias("later")
    followed = (
        select(later.c.id)
        .where(
            later.c.teacher_id == SUPERVISION.c.teacher_id,
            func.coalesce(later.c.school_id, 0) == func.coalesce(SUPERVISION.c.school_id, 0),
            later.c.starts_on > SUPERVISION.c.starts_on,
        )
        .exists()
    )
    asked = (
        select(SUPERVISION, TEACHER.c.name, SCHOOL.c.name.label("school"))
        .join(TEACHER, TEACHER.c.id == SUPERVISION.c.teacher_id)
        .outerjoin(SCHOOL, SCHOOL.c.id == SUPERVISION.c.school_id)
        .where(
            and_(SUPERVISION.c.starts_on <= on, ~followed),
            SUPERVISION.c.ends_on >= on,
            SUPERVISION.c.ends_on <= add_months(on, within_months),
        )
        .order_by(SUPERVISION.c.ends_on, SUPERVISION.c.id)
    )
    for row in connection.execute(asked):
        yield EndingTerm(row.id, row.name, row.team, row.school, row.ends_on)
