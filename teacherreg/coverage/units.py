"""Judging: what a standard asks of each school and stage, and how much of it is there.

The school and stage is the unit of a standard. Required and missing persons are worked
out here and nowhere else, exactly and in whole persons; every grouping adds units up.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from teacherreg.coverage.cells import Count
from teacherreg.coverage.gaps import Totals, Unplaced
from teacherreg.coverage.standards import Standard

TEACHING_POINT: Final = "teaching_point"

# Why a unit stands outside the standard.
SCHOOL_TYPE: Final = "school_type"
NO_ENROLMENT: Final = "no_enrolment"
NO_PUPILS: Final = "no_pupils"
SMALL_TEACHING_POINT: Final = "small_teaching_point"
REASONS: Final = (SCHOOL_TYPE, SMALL_TEACHING_POINT, NO_PUPILS, NO_ENROLMENT)


@dataclass(frozen=True, slots=True)
class Unit:
    """A school and stage, judged by a standard.

    Attributes:
        count: Its numbers as the registry has them.
        outside: Why the standard does not count it; None where it does.
        required: Holders that it must have; 0 outside.
        missing: Holders that it has too few.
        missing_to_floor: The same up to the standard's floor.
    """

    count: Count
    outside: str | None
    required: int
    missing: int
    missing_to_floor: int


def judge(standard: Standard, counts: Iterable[Count]) -> list[Unit]:
    """Judge each school and stage by a standard.

    Args:
        standard: The standard.
        counts: One row for each school and stage, or several told apart by subject.
    """
    merged = _merged(count for count in counts if count.stage is not None)
    pupils: dict[int, int] = {}
    known: set[int] = set()
    for unit in merged:
        pupils[unit.school_id] = pupils.get(unit.school_id, 0) + unit.students
        if unit.is_enrolled:
            known.add(unit.school_id)
    return [
        _judged(
            standard,
            unit,
            _outside(standard, unit, pupils[unit.school_id], unit.school_id in known),
        )
        for unit in merged
    ]


def _merged(counts: Iterable[Count]) -> list[Count]:
    """Add up the subjects of each school and stage."""
    units: dict[tuple[int, str | None], Count] = {}
    for count in counts:
        key = (count.school_id, count.stage)
        other = units.get(key)
        units[key] = count if other is None else other.plus(count)
    return list(units.values())


def _outside(
    standard: Standard, unit: Count, pupils_of_school: int, is_enrolment_known: bool
) -> str | None:
    """Say why a unit stands outside; None where the standard counts it."""
    if unit.school_type in standard.school_types_outside:
        return SCHOOL_TYPE
    if not unit.students:
        return NO_PUPILS if is_enrolment_known else NO_ENROLMENT
    # a school of unknown type that has a parent school is a teaching point
    kind = unit.school_type or (TEACHING_POINT if unit.parent_school_id else None)
    if kind == TEACHING_POINT and pupils_of_school < standard.teaching_points_under_students:
        return SMALL_TEACHING_POINT
    return None


def _judged(standard: Standard, unit: Count, outside: str | None) -> Unit:
    if outside is not None:
        return Unit(unit, outside, required=0, missing=0, missing_to_floor=0)
    required = standard.required(unit.students)
    floor = standard.required_for_floor(unit.students)
    return Unit(
        unit,
        None,
        required=required,
        missing=max(0, required - unit.holders),
        missing_to_floor=max(0, floor - unit.holders),
    )


def total_of(units: Sequence[Unit]) -> Totals:
    """Add up the county."""
    return Totals(
        schools=len({unit.count.school_id for unit in units if unit.outside is None}),
        schools_short=len({unit.count.school_id for unit in units if unit.missing}),
        students=sum(unit.count.students for unit in units),
        teachers=sum(unit.count.teachers for unit in units),
        holders=sum(unit.count.holders for unit in units),
        required=sum(unit.required for unit in units),
        missing=sum(unit.missing for unit in units),
        missing_to_floor=sum(unit.missing_to_floor for unit in units),
    )


def unplaced(counts: Iterable[Count], units: Iterable[Unit]) -> Unplaced:
    """Count whom no unit holds because nobody wrote down the stage."""
    counted = {unit.count.school_id for unit in units if unit.outside is None}
    lost = [count for count in counts if count.stage is None and count.school_id in counted]
    return Unplaced(
        teachers=sum(count.teachers for count in lost),
        holders=sum(count.holders for count in lost),
    )
