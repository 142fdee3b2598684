"""Grouping units to cells, by any dimensions.

Sums are taken over units without netting: one school's surplus fills no other school's
gap, so the county misses the same number however it is looked at. Where the cells are no
sums of units (by subject, by sex …) there are persons only, for the standard asks nothing
of such a cell.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from teacherreg.codes import code_table
from teacherreg.coverage.asked import PERSON_DIMENSIONS, Count
from teacherreg.coverage.gaps import DIMENSIONS, Cell
from teacherreg.coverage.units import REASONS, Unit, students_of
from teacherreg.errors import CoverageError, UsageError


class UnknownDimensionError(CoverageError, UsageError):
    """A grouping by something that is no dimension; the message names those that are."""


def dimensions_of(by: Sequence[str] | str) -> tuple[str, ...]:
    """Read the dimensions of a grouping: names, or one text parted by commas.

    Raises:
        UnknownDimensionError: If there is no such dimension, or none at all.
    """
    names = by.split(",") if isinstance(by, str) else by
    asked = tuple(dict.fromkeys(name.strip() for name in names))
    for name in asked or ("",):
        if name not in DIMENSIONS:
            raise UnknownDimensionError(
                "dimension-unknown", dimension=name, known=", ".join(DIMENSIONS)
            )
    return asked


@dataclass(slots=True)
class _Sum:
    """A cell while units are added to it."""

    first: Count
    students: int = 0
    teachers: int = 0
    holders: int = 0
    visitors: int = 0
    required: int = 0
    missing: int = 0
    missing_to_floor: int = 0
    schools: set[int] = field(default_factory=set)
    schools_short: set[int] = field(default_factory=set)
    outside: set[str] = field(default_factory=set)
    by_subject: list[Count] = field(default_factory=list)

    def add(self, unit: Unit) -> None:
        count = unit.count
        if count.subject is None:
            self.students += count.students
        else:
            self.by_subject.append(count)
        self.teachers += count.teachers
        self.holders += count.holders
        self.visitors += count.visitors
        self.required += unit.required
        self.missing += unit.missing
        self.missing_to_floor += unit.missing_to_floor
        if unit.outside is None:
            self.schools.update(unit.schools)
        else:
            self.outside.add(unit.outside)
        if unit.missing:
            self.schools_short.add(count.school_id)


def roll_up(units: Iterable[Unit], by: Sequence[str]) -> list[Cell]:
    """Add units up to cells, the neediest first.

    Args:
        units: The judged units.
        by: Dimensions, each unit in one cell.
    """
    key_of = _key(by)
    sums: dict[tuple[object, ...], _Sum] = {}
    for unit in units:
        key = key_of(unit.count)
        if key not in sums:
            sums[key] = _Sum(unit.count)
        sums[key].add(unit)
    cells = [
        Cell(
            **_names(total.first, by),
            schools=len(total.schools),
            # of a unit of several schools nobody can say which one is short
            schools_short=None if total.first.school_id == 0 else len(total.schools_short),
            students=total.students + students_of(total.by_subject),
            teachers=total.teachers,
            holders=total.holders,
            visitors=total.visitors,
            required=total.required,
            missing=total.missing,
            missing_to_floor=total.missing_to_floor,
            outside=None if total.schools else min(total.outside, key=REASONS.index),
        )
        for total in sums.values()
    ]
    order = _order(by)
    return sorted(cells, key=lambda cell: (-(cell.missing or 0), *order(cell)))


def of_persons(counts: Iterable[Count], by: Sequence[str]) -> list[Cell]:
    """Group persons by what they are told apart by; the pupils are those of the whole group.

    Args:
        counts: Rows told apart by the dimensions of persons that are asked for.
        by: Dimensions.
    """
    rows = [count for count in counts if count.stage is not None]
    rest = [name for name in by if name not in PERSON_DIMENSIONS]
    group_of, key_of = _key(rest), _key(by)
    students: Counter[tuple[object, ...]] = Counter()
    for count in rows:
        if count.students:
            students[group_of(count)] += count.students
    sums: dict[tuple[object, ...], _Sum] = {}
    for count in rows:
        if not (count.teachers or count.holders):
            continue
        total = sums.setdefault(key_of(count), _Sum(count))
        total.teachers += count.teachers
        total.holders += count.holders
        total.schools.add(count.school_id)
    cells = [
        Cell(
            **_names(total.first, by),
            schools=len(total.schools),
            schools_short=None,
            students=students[group_of(total.first)],
            teachers=total.teachers,
            holders=total.holders,
            required=None,
            missing=None,
            missing_to_floor=None,
        )
        for total in sums.values()
    ]
    return sorted(cells, key=_order(by))


def _key(by: Sequence[str]) -> Callable[[Count], tuple[object, ...]]:
    fields = [Count._fields.index("school_id" if name == "school" else name) for name in by]
    return lambda count: tuple([count[index] for index in fields])


_NAMES: Final = tuple(dict.fromkeys(name for names in DIMENSIONS.values() for name in names))
_TABLES: Final = {
    "stage": "stages",
    "subject": "subjects",
    "locality": "localities",
    "level": "levels",
    "title_kind": "title_kinds",
    "party": "party_membership",
    "sex": "sex",
    "age_band": "age_bands",
    "rank": "professional_rank",
}


def _names(count: Count, by: Sequence[str]) -> dict[str, Any]:
    own = {column for name in by for column in DIMENSIONS[name]}
    return {name: getattr(count, name) if name in own else None for name in _NAMES}


def _order(by: Sequence[str]) -> Callable[[Cell], tuple[Any, ...]]:
    """Sort by the dimensions as asked: coded ones as their table lists them, unknown last."""
    ranks = {
        name: {code: rank for rank, code in enumerate(code_table(_TABLES[name]).codes)}
        for name in by
        if name in _TABLES
    }

    def key(cell: Cell) -> tuple[Any, ...]:
        places: list[tuple[int, str]] = []
        for name in by:
            value = getattr(cell, name)
            rank = ranks[name].get(value, len(ranks[name])) if name in ranks else 0
            places.append((rank if value is not None else 10_000, value or ""))
        return tuple(places)

    return key
