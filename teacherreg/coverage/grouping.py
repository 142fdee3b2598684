"""Grouping units to cells, by any dimensions.

Sums are taken over units without netting: one school's surplus fills no other school's
gap, so the county misses the same number however it is looked at. Where the cells are no
sums of units (by subject, by sex …) there are persons only, for the standard asks nothing
of such a cell.
"""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from operator import itemgetter
from typing import Any, Final

from teacherreg.codes import code_table
from teacherreg.coverage.asked import PERSON_DIMENSIONS, Count
from teacherreg.coverage.gaps import DIMENSIONS, Cell
from teacherreg.coverage.units import REASONS, Unit, students_of
from teacherreg.errors import CoverageError, UsageError


class UnknownDimensionError(CoverageError, UsageError):
    """A grouping by something that is no dimension; the message names those that are."""


def dimensions_of(by: Sequence[str] | str) -> tuple[str, ...]:
    """Read the dimensions of a grouping: names, or one text parted by commas of any width.

    Raises:
        UnknownDimensionError: If there is no such dimension, or none at all.
    """
    return dimensions_among(DIMENSIONS, by)


def dimensions_among(known: Collection[str], by: Sequence[str] | str) -> tuple[str, ...]:
    """Read those of a question that knows some dimensions only; as `dimensions_of`."""
    names = re.split("[,，、]", by) if isinstance(by, str) else by
    asked = tuple(dict.fromkeys(name.strip() for name in names))
    for name in asked or ("",):
        if name not in known:
            raise UnknownDimensionError("dimension-unknown", dimension=name, known=", ".join(known))
    return asked


def roll_up(units: Iterable[Unit], by: Sequence[str]) -> list[Cell]:
    """Add units up to cells, the neediest first.

    Args:
        units: The judged units.
        by: Dimensions, each unit in one cell.
    """
    key_of, names_of = _key(by), _names(by)
    groups: dict[Any, list[Unit]] = {}
    for unit in units:
        groups.setdefault(key_of(unit.count), []).append(unit)
    cells = [_cell(group, names_of(group[0].count)) for group in groups.values()]
    order = _order(by)
    return sorted(cells, key=lambda cell: (-(cell.missing or 0), *order(cell)))


def _cell(units: Sequence[Unit], names: Mapping[str, Any]) -> Cell:
    """Add the units of one cell up; mostly it is one."""
    first = units[0]
    schools = _together(unit.schools for unit in units) if len(units) > 1 else first.schools
    short = {unit.count.school_id for unit in units if unit.missing}
    return Cell(
        **names,
        schools=len(schools),
        # of a unit of several schools nobody can say which one is short
        schools_short=None if first.count.school_id == 0 else len(short),
        students=students_of([unit.count for unit in units]),
        teachers=sum([unit.count.teachers for unit in units]),
        holders=sum([unit.count.holders for unit in units]),
        visitors=sum([unit.count.visitors for unit in units]),
        required=sum([unit.required for unit in units]),
        missing=sum([unit.missing for unit in units]),
        missing_to_floor=sum([unit.missing_to_floor for unit in units]),
        outside=None if schools else min([str(unit.outside) for unit in units], key=REASONS.index),
    )


def _together(schools: Iterable[Iterable[int]]) -> Collection[int]:
    return {school for some in schools for school in some}


def of_persons(counts: Iterable[Count], by: Sequence[str]) -> list[Cell]:
    """Group persons by what they are told apart by; the pupils are those of the whole group.

    Args:
        counts: Rows told apart by the dimensions of persons that are asked for.
        by: Dimensions.
    """
    rows = [count for count in counts if count.stage is not None]
    rest = [name for name in by if name not in PERSON_DIMENSIONS]
    group_of, key_of = _key(rest), _key(by)
    students: Counter[Any] = Counter()
    for count in rows:
        if count.students:
            students[group_of(count)] += count.students
    groups: dict[Any, list[Count]] = {}
    for count in rows:
        if count.teachers or count.holders:
            groups.setdefault(key_of(count), []).append(count)
    names_of = _names(by)
    cells = [
        Cell(
            **names_of(group[0]),
            schools=len({count.school_id for count in group}),
            schools_short=None,
            students=students[group_of(group[0])],
            teachers=sum([count.teachers for count in group]),
            holders=sum([count.holders for count in group]),
            required=None,
            missing=None,
            missing_to_floor=None,
        )
        for group in groups.values()
    ]
    return sorted(cells, key=_order(by))


def _key(by: Sequence[str]) -> Callable[[Count], Any]:
    """Give what tells the groups apart: as fast as can be, every row is asked."""
    fields = [Count._fields.index("school_id" if name == "school" else name) for name in by]
    return itemgetter(*fields) if fields else lambda _: None


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


def _names(by: Sequence[str]) -> Callable[[Count], dict[str, Any]]:
    """Give what names a cell: the columns of its dimensions."""
    own = dict.fromkeys(column for name in by for column in DIMENSIONS[name])
    places = [(name, Count._fields.index(name)) for name in own]
    return lambda count: {name: count[place] for name, place in places}


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
