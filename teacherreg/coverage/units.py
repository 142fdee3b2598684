"""Judging: what a standard asks of each of its units, and how much of it is there.

Most standards ask each school and stage; some a school and subject, or the county. Required
and missing persons are worked out here and nowhere else, exactly and in whole persons; every
grouping adds units up. Whatever the unit, it is a school's stage that stands outside.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from operator import itemgetter
from typing import Any, Final, TypeAlias

from teacherreg.codes import code_table
from teacherreg.coverage.asked import Count
from teacherreg.coverage.figures import OF_STUDENTS, Whole
from teacherreg.coverage.gaps import Totals, Unplaced
from teacherreg.coverage.points import is_teaching_point
from teacherreg.coverage.standard import SCHOOL_AND_STAGE, Standard

# Why a unit stands outside the standard.
SCHOOL_TYPE: Final = "school_type"
NO_ENROLMENT: Final = "no_enrolment"
NO_PUPILS: Final = "no_pupils"
SMALL_TEACHING_POINT: Final = "small_teaching_point"
REASONS: Final = (SCHOOL_TYPE, SMALL_TEACHING_POINT, NO_PUPILS, NO_ENROLMENT)

_Place: TypeAlias = tuple[int, str | None]
_OF_A_SCHOOL: Final = ("school_code", "school_type", "parent_school_id")


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of a standard, mostly a school and stage, judged by it.

    Attributes:
        count: Its numbers. Where it is not of one school, ``school_id`` is 0 and ``school``
            empty; what else it is not named by is None. Visitors whom the standard counts
            there are among the ``holders``, and ``visitors`` tells how many; else that is 0.
        outside: Why the standard does not count it; None where it does.
        required: Persons that it must have; 0 outside.
        missing: Persons that it has too few.
        missing_to_floor: The same up to the standard's floor.
        schools: Schools in it, by number.
    """

    count: Count
    outside: str | None
    required: int
    missing: int
    missing_to_floor: int
    schools: tuple[int, ...]


def judge(standard: Standard, counts: Iterable[Count]) -> list[Unit]:
    """Judge each unit of a standard.

    Args:
        standard: The standard.
        counts: One row for each school and stage, or several told apart by subject or other
            things of persons, none of which anybody is in twice.
    """
    rows = [count for count in counts if count.stage is not None]
    places = list(places_of(rows).values())
    reasons = _Reasons(standard, places)
    places = [_with_visitors(standard, place, reasons) for place in places]
    if standard.unit == SCHOOL_AND_STAGE:
        return [
            _judged(
                standard,
                place,
                reasons.of(place),
                Whole({str(place.stage): place.students}, place.teachers, 1),
                (place.school_id,),
            )
            for place in places
        ]
    return _units(standard, rows, places, reasons)


def places_of(counts: Iterable[Count]) -> dict[_Place, Count]:
    """Add up the rows of each school and stage."""
    places: defaultdict[_Place, list[Count]] = defaultdict(list)
    for count in counts:
        places[count.school_id, count.stage].append(count)
    return {place: Count.sum(rows) for place, rows in places.items()}


class _Reasons:
    """Why schools' stages stand outside a standard, by its rules for the whole school."""

    def __init__(self, standard: Standard, places: Iterable[Count]) -> None:
        self._standard = standard
        self._elsewhere = _types_without(standard.stages)
        self.pupils: defaultdict[int, int] = defaultdict(int)
        self._known: set[int] = set()
        for place in places:
            self.pupils[place.school_id] += place.students
            if place.is_enrolled:
                self._known.add(place.school_id)

    def of(self, place: Count) -> str | None:
        """Say why a school's stage stands outside; None where the standard counts it."""
        standard = self._standard
        if place.school_type in standard.school_types_outside:
            return SCHOOL_TYPE
        # one teacher with a wrong stage makes no primary school of a kindergarten
        if place.school_type in self._elsewhere and not self.pupils[place.school_id]:
            return SCHOOL_TYPE
        # a figure that is not of students needs none where somebody teaches
        if not place.students and (standard.figure.kind in OF_STUDENTS or not place.persons):
            return NO_PUPILS if place.school_id in self._known else NO_ENROLMENT
        is_small = self.pupils[place.school_id] < standard.teaching_points_under_students
        return SMALL_TEACHING_POINT if is_small and _is_teaching_point(place) else None


@cache
def _types_without(stages: tuple[str, ...]) -> frozenset[str]:
    """Give the types of school that teach none of some stages."""
    table = code_table("school_types")
    return frozenset(
        code
        for code in table.codes
        if set(stages).isdisjoint(table.value(code, "stages").split(";"))
    )


def _is_teaching_point(place: Count) -> bool:
    return is_teaching_point(place.school_type, place.parent_school_id)


def _with_visitors(standard: Standard, place: Count, reasons: _Reasons) -> Count:
    """Count visitors where the standard does, and leave them out where it does not."""
    if not place.visitors:
        return place
    is_allowed = standard.counted.is_within_reach or (
        standard.visiting is not None
        and standard.visiting.allows(
            reasons.pupils[place.school_id],
            place.locality,
            is_teaching_point=_is_teaching_point(place),
        )
    )
    if is_allowed:
        return place._replace(holders=place.holders + place.visitors)
    return place._replace(visitors=0)


def _units(
    standard: Standard, rows: Sequence[Count], places: Sequence[Count], reasons: _Reasons
) -> list[Unit]:
    """Judge units that are no school's stage: one for the places of each that it is named by."""
    key_of = itemgetter(
        *(Count._fields.index("school_id" if n == "school" else n) for n in standard.unit)
    )
    inside: dict[Any, list[Count]] = defaultdict(list)
    outside: dict[Any, list[tuple[Count, str]]] = defaultdict(list)
    by_subject = _by_subject(standard, rows, reasons)
    for place in places:
        reason = reasons.of(place)
        for part in _parts(standard, place, by_subject):
            key = key_of(part)
            if reason is None:
                inside[key].append(part)
            else:
                outside[key].append((part, reason))
    units = [_unit_of(standard, parts) for parts in inside.values()]
    for key, parts in outside.items():
        if key not in inside:
            whole = _sum(standard, [part for part, _ in parts])
            reason = min((reason for _, reason in parts), key=REASONS.index)
            units.append(_judged(standard, whole, reason, Whole({}, 0, 0), ()))
    return units


def _by_subject(
    standard: Standard, rows: Iterable[Count], reasons: _Reasons
) -> Mapping[tuple[int, str | None, str | None], Count]:
    """Add up the rows of each school, stage and subject of the standard."""
    found: defaultdict[tuple[int, str | None, str | None], list[Count]] = defaultdict(list)
    for row in rows:
        if row.subject in standard.subjects:
            found[row.school_id, row.stage, row.subject].append(row)
    whole = {
        key: some[0] if len(some) == 1 else Count.sum(some)._replace(subject=key[2])
        for key, some in found.items()
    }
    return {key: _with_visitors(standard, row, reasons) for key, row in whole.items()}


def _parts(
    standard: Standard,
    place: Count,
    by_subject: Mapping[tuple[int, str | None, str | None], Count],
) -> Iterable[Count]:
    """Give a place, or each of the standard's subjects there with the pupils of the place."""
    if "subject" not in standard.unit:
        yield place
        return
    for subject in standard.subjects_of(str(place.stage)):
        taught = by_subject.get((place.school_id, place.stage, subject))
        if taught is None:
            yield place._replace(subject=subject, persons=0, teachers=0, holders=0, visitors=0)
        else:
            yield taught._replace(students=place.students, is_enrolled=place.is_enrolled)


def _unit_of(standard: Standard, parts: Sequence[Count]) -> Unit:
    students: dict[str, int] = defaultdict(int)
    for part in parts:
        students[str(part.stage)] += part.students
    schools = tuple({part.school_id: None for part in parts})
    whole = _sum(standard, parts)
    return _judged(standard, whole, None, Whole(students, whole.teachers, len(schools)), schools)


def _sum(standard: Standard, parts: Sequence[Count]) -> Count:
    """Add parts up to one row, named by what names the unit."""
    first, unit = parts[0], standard.unit
    named: dict[str, Any] = {
        "stage": first.stage if "stage" in unit else None,
        "subject": first.subject if "subject" in unit else None,
    }
    if "school" not in unit:
        named |= {"school_id": 0, "school": "", **dict.fromkeys(_OF_A_SCHOOL)}
        named |= {name: None for name in ("township", "locality") if name not in unit}
    return Count.sum(parts)._replace(**named)


def _judged(
    standard: Standard, count: Count, outside: str | None, whole: Whole, schools: tuple[int, ...]
) -> Unit:
    if outside is not None:
        return Unit(count, outside, required=0, missing=0, missing_to_floor=0, schools=())
    required = standard.required(whole)
    floor = standard.required_for_floor(whole)
    return Unit(
        count,
        None,
        required=required,
        missing=max(0, required - count.holders),
        missing_to_floor=max(0, floor - count.holders),
        schools=schools,
    )


def total_of(units: Sequence[Unit]) -> Totals:
    """Add up the county; a visitor counts at his or her own school."""
    return Totals(
        schools=len({school for unit in units for school in unit.schools}),
        schools_short=len({unit.count.school_id for unit in units if unit.missing} - {0}),
        students=students_of(unit.count for unit in units),
        teachers=sum(unit.count.teachers for unit in units),
        holders=sum(unit.count.holders - unit.count.visitors for unit in units),
        required=sum(unit.required for unit in units),
        missing=sum(unit.missing for unit in units),
        missing_to_floor=sum(unit.missing_to_floor for unit in units),
    )


def students_of(counts: Iterable[Count]) -> int:
    """Add up pupils; the same ones that several subjects teach count once."""
    pupils: dict[tuple[Any, ...], int] = {}
    total = 0
    for count in counts:
        if count.subject is None:
            total += count.students
        else:
            place = (count.school_id, count.stage, count.township, count.locality)
            pupils[place] = max(pupils.get(place, 0), count.students)
    return total + sum(pupils.values())


def unplaced(counts: Iterable[Count], units: Iterable[Unit]) -> Unplaced:
    """Count whom no unit holds because nobody wrote down the stage."""
    counted = {school for unit in units for school in unit.schools}
    lost = [count for count in counts if count.stage is None and count.school_id in counted]
    return Unplaced(
        teachers=sum(count.teachers for count in lost),
        holders=sum(count.holders for count in lost),
    )
