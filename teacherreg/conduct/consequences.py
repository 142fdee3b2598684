"""What follows from a person's decisions on a day: what is barred, until when, by what."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection

from teacherreg.conduct.sanctions import SanctionState, sanctions_of
from teacherreg.settings import Settings

_A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Consequences:
    """The handlings and sanctions of one person, as they stand on a day.

    Attributes:
        teacher_id: Number of the person.
        name: The name.
        on: The day.
        decisions: By the day of the decision; what each bars stands in its ``effects``.
        titles: Kind and level of the titles that the person holds on the day.
    """

    teacher_id: int
    name: str
    on: date
    decisions: Sequence[SanctionState]
    titles: Sequence[tuple[str, str | None]] = ()

    @property
    def titles_to_review(self) -> Sequence[tuple[str, str | None]]:
        """The titles held that are to be looked at again because of a decision."""
        asked = any(e.what == "title_review" for one in self.decisions for e in one.effects)
        return self.titles if asked else ()

    def to_document(self) -> dict[str, Any]:
        """Give it as JSON, with days as ISO 8601; ``last_day`` is null where no end is known."""
        return {
            "teacher": self.name,
            "teacher_id": self.teacher_id,
            "on": self.on.isoformat(),
            "titles_to_review": [
                {"title_kind": kind, "level": level} for kind, level in self.titles_to_review
            ],
            "decisions": [_decision(one) for one in self.decisions],
        }


def consequences(
    connection: Connection,
    settings: Settings,
    teacher_id: int,
    name: str,
    on: date,
    titles: Sequence[tuple[str, str | None]] = (),
) -> Consequences:
    """Tell what follows from a person's decisions on a day.

    Args:
        connection: The registry.
        settings: The settings in force.
        teacher_id: Number of the person.
        name: The name.
        on: The day; what was decided later does not count.
        titles: Kind and level of the titles that the person holds on the day.
    """
    found = sanctions_of(connection, settings, on, [teacher_id])
    ordered = sorted(found, key=lambda one: (one.decided_on, one.record_id))
    return Consequences(teacher_id, name, on, tuple(ordered), tuple(titles))


def last_day_of(until: date | None) -> date | None:
    """Give the last day on which something holds that no longer does from a day on."""
    return None if until is None else until - _A_DAY


def _decision(one: SanctionState) -> dict[str, Any]:
    return {
        "record": one.record_id,
        "kind": one.kind,
        "decided_on": one.decided_on.isoformat(),
        "ends_on": _iso(one.ends_on),
        "state": one.state.value,
        "rule_version": one.rule_version,
        "document": one.document,
        "effects": [
            {
                "what": effect.what,
                "limit": effect.limit or None,
                "last_day": _iso(last_day_of(effect.until)),
                "document": effect.document,
                "article": effect.article or None,
            }
            for effect in one.effects
        ],
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
