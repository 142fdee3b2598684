"""What is asked of a registry, and the rows of numbers that come back."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import MAXYEAR, MINYEAR, date
from typing import Any, Final, NamedTuple

from teacherreg.coverage.standard import Standard
from teacherreg.errors import UsageError
from teacherreg.settings import Settings

_MOST_YEARS: Final = 40

TITLE_DIMENSIONS: Final = ("level", "title_kind")
PERSON_DIMENSIONS: Final = ("subject", *TITLE_DIMENSIONS, "party", "sex", "age_band", "rank")


@dataclass(frozen=True)
class Question:
    """What is asked of the registry.

    Attributes:
        standard: Says which stages count, and which persons.
        on: The day; the first and the last day of a post or term count.
        count_expired: Whether a title past its term still counts.
        by_person: By what else to tell the persons apart, of `PERSON_DIMENSIONS`. By level or
            kind of title a person counts once for each one held.
        settings: ``training.window`` and those of rotation, for standards that ask for these.
    """

    standard: Standard
    on: date
    count_expired: bool = False
    by_person: tuple[str, ...] = ()
    settings: Settings = field(default_factory=lambda: Settings({}))

    @property
    def told_apart(self) -> tuple[str, ...]:
        """By what the persons are told apart."""
        asked = {*self.by_person, *({"subject"} & set(self.standard.unit))}
        return tuple(name for name in PERSON_DIMENSIONS if name in asked)

    @property
    def counts_leaders(self) -> bool:
        """Whether leaders count who reach a unit's teachers from elsewhere."""
        return self.standard.counted.is_within_reach and "subject" in self.standard.unit


class Count(NamedTuple):
    """One row of the answer: a school and stage, or some of the persons there.

    ``is_enrolled`` is 1 where the school's newest enrolment names the stage, 0 where it
    does not; ``stage`` is null for persons in service whose stage nobody wrote down.
    ``teachers`` are full-time teachers; for a standard on rotation, those of whom a share is
    to be among the ``holders``: who is counted. ``visitors`` are counted elsewhere and teach
    here too, or reach those who do; ``party``, ``age_band`` and the fields after it are codes.
    """

    county: str
    school_id: int
    school: str
    school_code: str | None
    school_type: str | None
    parent_school_id: int | None
    township: str | None
    locality: str | None
    stage: str | None
    subject: str | None
    is_enrolled: int
    students: int
    persons: int
    teachers: int
    holders: int
    visitors: int = 0
    level: str | None = None
    title_kind: str | None = None
    party: str | None = None
    sex: str | None = None
    age_band: str | None = None
    rank: str | None = None

    @classmethod
    def sum(cls, rows: Sequence["Count"]) -> "Count":
        """Add up rows, named as the first; a single one stays as it is."""
        if len(rows) == 1:
            return rows[0]
        columns: list[Any] = list(zip(*rows, strict=True))
        numbers = [sum(column) for column in columns[_STUDENTS : _STUDENTS + 5]]
        enrolled = max(columns[_ENROLLED])
        return cls._make((*rows[0][:_SUBJECT], None, enrolled, *numbers, *_NOT_TOLD_APART))


_SUBJECT, _ENROLLED, _STUDENTS = map(Count._fields.index, ("subject", "is_enrolled", "students"))
_NOT_TOLD_APART: Final = (None,) * (len(PERSON_DIMENSIONS) - 1)  # the subject stands before


def school_year_of(day: date) -> str:
    """Tell the school year of a day: from 1 September to 31 August.

    Example:
        >>> school_year_of(date(2026, 8, 31))
        '2025-2026'
    """
    first = day.year if day.month >= 9 else day.year - 1
    return f"{first:04}-{first + 1:04}"


def september_firsts(on: date, years: int, *, is_past: bool = False) -> list[date]:
    """Give the coming 1 Septembers, or those past up to the day, in their order.

    Raises:
        UsageError: If there is none, or they are more than anybody can foresee or remember.

    Example:
        >>> september_firsts(date(2026, 9, 1), 2, is_past=True)
        [datetime.date(2025, 9, 1), datetime.date(2026, 9, 1)]
    """
    if not 1 <= years <= _MOST_YEARS:
        raise UsageError("forecast-years", most=_MOST_YEARS)
    newest = on.year if (on.month, on.day) >= (9, 1) else on.year - 1
    first = newest - years + 1 if is_past else newest + 1
    if not MINYEAR <= first <= first + years - 1 <= MAXYEAR:
        raise UsageError("forecast-calendar", first=MINYEAR, last=MAXYEAR)
    return [date(first + number, 9, 1) for number in range(years)]
