"""Where new honours would help most."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from heapq import heapify, heappop, heappush
from typing import Any, Final, TypeAlias

import polars as pl
from sqlalchemy import Connection

from teacherreg.coverage.asked import Question
from teacherreg.coverage.cells import count
from teacherreg.coverage.standard import Standard
from teacherreg.coverage.units import Unit, judge
from teacherreg.errors import CoverageError

_NAMES: Final = ("school", "township", "locality", "stage", "subject", "county")
_Rank: TypeAlias = tuple[bool, Fraction, int, int]


class NoHonoursError(CoverageError):
    """A standard whose gap no honour closes."""


@dataclass(frozen=True)
class Honoured:
    """A unit of the standard that gets honours.

    Attributes:
        honours: How many of the new ones.
        candidates: Persons in service there whom the standard does not count yet.
    """

    unit: Unit
    honours: int
    candidates: int

    @property
    def missing_after(self) -> int:
        """Persons that it misses then."""
        return self.unit.missing - self.honours


@dataclass(frozen=True)
class Honours:
    """Where new honours help most, as of a day.

    Attributes:
        count: How many were asked about.
        units: How many units the standard counts.
        places: Units that get some, the most honours first.
        without: Persons missing where nobody is left to be honoured.
        missing_before, missing_after: Persons missing in the county.
        short_before, short_after: Units that miss somebody.
    """

    on: date
    standard: Standard
    count: int
    units: int
    places: list[Honoured]
    without: int
    missing_before: int
    missing_after: int
    short_before: int
    short_after: int

    @property
    def placed(self) -> int:
        """How many of the honours close a gap; the others would close none anywhere."""
        return self.missing_before - self.missing_after

    def to_polars(self) -> pl.DataFrame:
        """Give a row for each unit that gets honours."""
        named = [name for name in _NAMES if name in {*self.standard.unit, *self._of_schools}]
        numbers = dict.fromkeys(_NUMBERS, pl.Int64)
        return pl.DataFrame(list(self._rows(named)), {**dict.fromkeys(named, pl.String), **numbers})

    def to_document(self) -> dict[str, Any]:
        """Give it as JSON."""
        return {
            "on": self.on.isoformat(),
            "standard": self.standard.id,
            "count": self.count,
            "placed": self.placed,
            "places": self.to_polars().to_dicts(),
            "totals": {
                "missing_before": self.missing_before,
                "missing_after": self.missing_after,
                "units_short_before": self.short_before,
                "units_short_after": self.short_after,
                "missing_without_candidates": self.without,
            },
        }

    @property
    def _of_schools(self) -> Sequence[str]:
        return ("township",) if "school" in self.standard.unit else ()

    def _rows(self, named: Sequence[str]) -> Iterator[dict[str, Any]]:
        for place in self.places:
            unit = place.unit
            yield {name: getattr(unit.count, name) for name in named} | {
                "required": unit.required,
                "holders_before": unit.count.holders,
                "honours": place.honours,
                "holders_after": unit.count.holders + place.honours,
                "missing_before": unit.missing,
                "missing_after": place.missing_after,
                "candidates": place.candidates,
            }


_NUMBERS: Final = (
    "required",
    "holders_before",
    "honours",
    "holders_after",
    "missing_before",
    "missing_after",
    "candidates",
)


def place_honours(connection: Connection, question: Question, number: int) -> Honours:
    """Place new honours; see `Coverage.honours`."""
    standard = question.standard
    if not standard.title_kinds or standard.is_about_rotation:
        raise NoHonoursError("honours-standard", standard=standard.name)
    units = [unit for unit in judge(standard, count(connection, question)) if not unit.outside]
    given = _given(units, number)
    places = [
        Honoured(unit, honours, _candidates(unit))
        for unit, honours in zip(units, given, strict=True)
        if honours
    ]
    after = [unit.missing - honours for unit, honours in zip(units, given, strict=True)]
    return Honours(
        on=question.on,
        standard=standard,
        count=number,
        units=len(units),
        places=sorted(places, key=lambda place: (-place.honours, *_names(place.unit))),
        without=sum(max(0, unit.missing - _candidates(unit)) for unit in units),
        missing_before=sum(unit.missing for unit in units),
        missing_after=sum(after),
        short_before=sum(unit.missing > 0 for unit in units),
        short_after=sum(missing > 0 for missing in after),
    )


def _given(units: Sequence[Unit], number: int) -> list[int]:
    """Give each next honour where it helps most.

    This greedy choice is optimal. An honour lowers what a unit misses by one, and what it
    misses to its floor by one or nothing; no unit's honours change another's. Within a unit
    the help of the next honour never grows: (1, 1) as long as the floor is not reached, then
    (1, 0) until nobody is missing or nobody is left to be honoured, then nothing. So the best
    N honours are the N most helpful ones of all, and taking the most helpful that is next
    takes just these: exchanging one of them for another never helps more. Among equals comes
    first who has the least part of what is required.
    """
    given = [0] * len(units)
    order = sorted(range(len(units)), key=lambda index: _names(units[index]))
    queue = [
        (_rank(units[index], 0, place), index)
        for place, index in enumerate(order)
        if min(units[index].missing, _candidates(units[index]))
    ]
    heapify(queue)
    for _ in range(number):
        if not queue:
            break
        rank, index = heappop(queue)
        unit = units[index]
        given[index] += 1
        if given[index] < min(unit.missing, _candidates(unit)):
            heappush(queue, (_rank(unit, given[index], rank[-1]), index))
    return given


def _rank(unit: Unit, given: int, place: int) -> _Rank:
    return (
        given >= unit.missing_to_floor,
        Fraction(unit.count.holders + given, unit.required),
        given - unit.missing,
        place,
    )


def _candidates(unit: Unit) -> int:
    """Count who is there and not counted yet; a visitor is honoured at his or her own school."""
    return max(0, unit.count.persons - (unit.count.holders - unit.count.visitors))


def _names(unit: Unit) -> tuple[Any, ...]:
    count = unit.count
    return (
        count.school,
        count.stage or "",
        count.subject or "",
        count.township or "",
        count.locality or "",
        count.school_id,
    )
