"""Grouping units to cells, by any dimensions.

Sums are taken over units without netting: one school's surplus fills no other school's
gap, so the county misses the same number however it is looked at. By subject there are
persons only, for no standard here sets a figure for a subject.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from teacherreg.codes import code_table
from teacherreg.coverage.cells import Count
from teacherreg.coverage.gaps import DIMENSIONS, Cell
from teacherreg.coverage.units import REASONS, Unit
from teacherreg.errors import CoverageError, UsageError

DEFAULT_BY: Final = ("school", "stage")


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
    required: int = 0
    missing: int = 0
    missing_to_floor: int = 0
    schools: set[int] = field(default_factory=set)
    schools_short: set[int] = field(default_factory=set)
    outside: set[str] = field(default_factory=set)

    def add(self, unit: Unit) -> None:
        count = unit.count
        self.students += count.students
        self.teachers += count.teachers
        self.holders += count.holders
        self.required += unit.required
        self.missing += unit.missing
        self.missing_to_floor += unit.missing_to_floor
        if unit.outside is None:
            self.schools.add(count.school_id)
        else:
            self.outside.add(unit.outside)
        if unit.missing:
            self.schools_short.add(count.school_id)


def roll_up(units: Iterable[Unit], by: Sequence[str]) -> list[Cell]:
    """Add units up to cells, the neediest first.

    Args:
        units: The judged schools and stages.
        by: Dimensions other than subject.
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
            schools_short=len(total.schools_short),
            students=total.students,
            teachers=total.teachers,
            holders=total.holders,
            required=total.required,
            missing=total.missing,
            missing_to_floor=total.missing_to_floor,
            outside=None if total.schools else min(total.outside, key=REASONS.index),
        )
        for total in sums.values()
    ]
    order = _order(by)
    return sorted(cells, key=lambda cell: (-(cell.missing or 0), *order(cell)))


def by_subject(counts: Iterable[Count], units: Iterable[Unit], by: Sequence[str]) -> list[Cell]:
    """Group persons by subject; the pupils are those of the whole group.

    Args:
        counts: Rows told apart by subject.
        units: The judged schools and stages.
        by: Dimensions, subject among them.
    """
    rest = [name for name in by if name != "subject"]
    group_of, key_of = _key(rest), _key(by)
    students: dict[tuple[object, ...], int] = {}
    for unit in units:
        group = group_of(unit.count)
        students[group] = students.get(group, 0) + unit.count.students
    sums: dict[tuple[object, ...], _Sum] = {}
    for count in counts:
        if count.stage is None or not (count.teachers or count.holders):
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


_NAMES: Final = (
    "county",
    "township",
    "locality",
    "school",
    "school_code",
    "school_type",
    "stage",
    "subject",
)


def _names(count: Count, by: Sequence[str]) -> dict[str, Any]:
    own = {column for name in by for column in DIMENSIONS[name]}
    return {name: getattr(count, name) if name in own else None for name in _NAMES}


def _order(by: Sequence[str]) -> Callable[[Cell], tuple[Any, ...]]:
    """Sort by the dimensions as asked: coded ones as their table lists them, unknown last."""
    tables = {"stage": "stages", "subject": "subjects", "locality": "localities"}
    ranks = {
        name: {code: rank for rank, code in enumerate(code_table(tables[name]).codes)}
        for name in by
        if name in tables
    }

    def key(cell: Cell) -> tuple[Any, ...]:
        places: list[tuple[int, str]] = []
        for name in by:
            value = getattr(cell, name)
            rank = ranks[name].get(value, len(ranks[name])) if name in ranks else 0
            places.append((rank if value is not None else 10_000, value or ""))
        return tuple(places)

    return key
