"""Looking ahead: the registry as it will be on a day to come, less those who retire by then.

A day to come is asked as any other: posts, titles and terms count as they are dated, so
what nobody renews ends by itself. Only retirement is not on file; it is worked out here
from birth month, sex and post.

A holder who retires is no longer counted, but his or her post is taken as filled again by
somebody who is not counted: the number of teachers stays, and with it what a standard asks
as a share of them.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from functools import cache
from math import ceil
from typing import Any, TypeAlias

from sqlalchemy import Connection

from teacherreg.coverage.asked import Count, Question
from teacherreg.coverage.cells import count, holders
from teacherreg.coverage.forecast import Forecast, ForecastYear, Growth
from teacherreg.coverage.grouping import roll_up
from teacherreg.coverage.people import people_of_the_day
from teacherreg.coverage.pupils import Pupils
from teacherreg.coverage.standard import SCHOOL_AND_STAGE
from teacherreg.coverage.statement import visitors
from teacherreg.coverage.units import Unit, judge, total_of
from teacherreg.development.retirement import Leave, Track, leaving_month, track_of

_Place: TypeAlias = tuple[int, str | None, str | None]


@dataclass(frozen=True)
class Prospect:
    """What is asked of a forecast.

    Attributes:
        question: The standard, and the day of today.
        days: The days to come.
        target: Which of them the gaps are to be closed by.
        by: Dimensions of the cells.
        is_by_cell: Whether the cells were asked for.
        leave: When people retire.
        pupils: Pupils foreseen, if any.
    """

    question: Question
    days: Sequence[date]
    target: date
    by: tuple[str, ...]
    is_by_cell: bool
    leave: Leave
    pupils: Pupils | None

    @property
    def leave_percent(self) -> int:
        """Percent of holders who leave each year for other reasons than age."""
        return self.question.settings.number("forecast.leave_percent_per_year")


def look_ahead(connection: Connection, prospect: Prospect) -> Forecast:
    """Work a forecast out, day by day."""
    first = before = _Day(connection, prospect, prospect.question.on)
    years = [_year(prospect, 0, first, first)]
    cells = [roll_up(first.units(prospect.leave), prospect.by)]
    days = [first]
    for number, on in enumerate(prospect.days, start=1):
        day = _Day(connection, prospect, on, before)
        years.append(_year(prospect, number, day, before))
        cells.append(roll_up(day.units(prospect.leave), prospect.by))
        before = day
        days.append(day)
    target = 1 + prospect.days.index(prospect.target)
    return Forecast(
        on=first.on,
        standard=prospect.question.standard,
        by=prospect.by,
        is_by_cell=prospect.is_by_cell,
        leave=prospect.leave,
        leave_percent=prospect.leave_percent,
        years=years,
        cells=cells,
        growth=Growth.evenly(prospect.target, years[target].missing, target),
        growth_renewed=Growth.evenly(prospect.target, years[target].missing_renewed, target),
        undated=sum(first.people[number].leaves is None for number in first.counted),
        overdue=sum(
            first.people[number].is_gone(first.on, prospect.leave) for number in first.counted
        ),
        unused_pupils=prospect.pupils.unused if prospect.pupils else 0,
        schools=max(total_of(day.units(prospect.leave)).schools for day in days),
    )


def _year(prospect: Prospect, number: int, day: "_Day", before: "_Day") -> ForecastYear:
    """Tell the county's line of a day: who is there, and who went since the day before."""
    here, were = day.staying(prospect.leave), before.staying(prospect.leave)
    retiring = before.retire_by(were, day, prospect.leave)
    lost = were - retiring - here
    ending = set() if day.titled is None else lost - day.titled
    rate = Fraction(prospect.leave_percent, 100)
    left = (1 - rate) ** number
    total = total_of(day.units(prospect.leave))
    renewed = day.units(prospect.leave, is_renewed=True)
    return ForecastYear(
        year=number,
        on=day.on,
        students=total.students,
        holders=len(here),
        retiring=len(retiring),
        terms_ending=len(ending),
        other=len(here) - len(were) + len(retiring) + len(ending),
        leaving=rate * (1 - rate) ** (number - 1) * len(here) if number else Fraction(0),
        expected_holders=left * len(here),
        required=total.required,
        missing=_missing(day.units(prospect.leave), left),
        missing_dated=total.missing,
        holders_renewed=len(day.staying(prospect.leave, is_renewed=True)),
        missing_renewed=_missing(renewed, left),
        holders_early=len(day.staying(Leave.EARLY)),
        missing_early=_missing(day.units(Leave.EARLY), left),
        holders_late=len(day.staying(Leave.LATE)),
        missing_late=_missing(day.units(Leave.LATE), left),
    )


def _missing(units: Iterable[Unit], left: Fraction) -> int:
    """Add up what units lack if only a part of their holders is left, in whole persons."""
    part, whole = left.numerator, left.denominator
    lacking = sum(max(0, unit.required * whole - unit.count.holders * part) for unit in units)
    return ceil(Fraction(lacking, whole))


@dataclass(frozen=True, slots=True)
class _Person:
    """Somebody whom the standard counts, or who visits a school that counts visitors.

    ``leaves`` is the first day of the month at whose end the person retires; None where
    nobody can tell.
    """

    place: _Place
    leaves: Mapping[Leave, date] | None

    def is_gone(self, on: date, leave: Leave) -> bool:
        return self.leaves is not None and self.leaves[leave] < on.replace(day=1)


class _Day:
    """The registry on a day, and who of the persons counted on it has retired by then.

    Attributes:
        on: The day.
        people: Who is in service and is counted, or would be if no term had ended.
        titled: Who holds a title that counts, in service or not; None where none is asked for.
        counted: Who is counted in the county's figure.
        ever: Who is, or was on a day before.
    """

    def __init__(
        self, connection: Connection, prospect: Prospect, on: date, before: "_Day | None" = None
    ) -> None:
        question = replace(prospect.question, on=on)
        self.on = on
        self._standard = question.standard
        self._is_by_subject = "subject" in question.told_apart
        self._counts: Sequence[Count] = count(connection, question)
        if prospect.pupils is not None and before is not None:
            self._counts = prospect.pupils.over(self._counts, on, question.standard.stages)
        self.people, lasting = self._read_people(connection, question)
        self.titled: set[int] | None = None
        if question.standard.title_kinds:
            self.titled = {row.teacher_id for row in connection.execute(holders(question))}
        places = self._places_counted()
        self._holding = lasting if self.titled is None else lasting & self.titled
        self._lasting = {number for number in lasting if self.people[number].place in places}
        self.counted = self._lasting & self._holding
        self.ever: set[int] = self.counted | (before.ever if before else set())
        self._visits: list[tuple[int, _Place]] = []
        if question.standard.visiting is not None:
            found = connection.execute(visitors(question)).mappings()
            self._visits = [(visit["teacher_id"], self._place(visit)) for visit in found]
        self._gone = {leave: self._gone_by(leave) if before else set() for leave in Leave}
        self._units: dict[tuple[frozenset[int], frozenset[int]], list[Unit]] = {}

    def _read_people(
        self, connection: Connection, question: Question
    ) -> tuple[dict[int, "_Person"], set[int]]:
        """Read who is in service, and which of them are counted if terms do not matter."""
        lasting = replace(question, count_expired=True)
        # who is only counted as a visitor has an age too
        only_holders = question.standard.visiting is None
        rows = people_of_the_day(connection, lasting, only_holders=only_holders)
        senior_women = str(question.settings["retirement.senior_women"])
        people = {
            row["teacher_id"]: _Person(self._place(row), _leaves(row, senior_women))
            for row in rows.iter_rows(named=True)
        }
        return people, set(rows.filter("is_holder")["teacher_id"])

    def _gone_by(self, leave: Leave) -> set[int]:
        return {number for number, one in self.people.items() if one.is_gone(self.on, leave)}

    def staying(self, leave: Leave, *, is_renewed: bool = False) -> set[int]:
        """Name those who are counted and have not retired; or would be, with terms renewed."""
        return (self._lasting & self.ever if is_renewed else self.counted) - self._gone[leave]

    def retire_by(self, persons: set[int], later: "_Day", leave: Leave) -> set[int]:
        """Name those of this day's persons who retire by a later one."""
        if later is self:
            return set()
        return {
            number
            for number in persons
            if self.people[number].is_gone(later.on, leave) or number in later._gone[leave]
        }

    def units(self, leave: Leave, *, is_renewed: bool = False) -> list[Unit]:
        """Judge the units without those who have retired; or also with the terms renewed."""
        gone = frozenset(self._gone[leave])
        more = frozenset(self.staying(leave, is_renewed=is_renewed) - self._holding)
        if (gone, more) not in self._units:
            self._units[gone, more] = judge(self._standard, self._changed(gone, more))
        return self._units[gone, more]

    def _changed(self, gone: frozenset[int], more: frozenset[int]) -> Sequence[Count]:
        """Give the counts with fewer and with more holders."""
        change = Counter(self.people[number].place for number in more)
        change.subtract(self.people[number].place for number in gone & self._holding)
        unvisited = Counter(place for number, place in self._visits if number in gone)
        if not change and not unvisited:
            return self._counts
        found: list[Count] = []
        for row in self._counts:
            place = (row.school_id, row.stage, row.subject)
            # a place's row of pupils foreseen comes after the one with its persons
            holders, visitors = change.pop(place, 0), unvisited.pop(place, 0)
            found.append(
                row._replace(holders=row.holders + holders, visitors=row.visitors - visitors)
                if holders or visitors
                else row
            )
        return found

    def _place(self, row: Mapping[Any, Any]) -> _Place:
        return (row["school_id"], row["stage"], row["subject"] if self._is_by_subject else None)

    def _places_counted(self) -> set[_Place]:
        """Name the places whose holders are in the county's figure.

        Where the unit is a school and stage, all of them, as in the gaps; where it holds
        several schools, those that the standard counts.
        """
        standard = self._standard
        if standard.unit == SCHOOL_AND_STAGE:
            return {(row.school_id, row.stage, row.subject) for row in self._counts if row.stage}
        each_place = judge(replace(standard, unit=SCHOOL_AND_STAGE), self._counts)
        inside = {
            (unit.count.school_id, str(unit.count.stage))
            for unit in each_place
            if unit.outside is None
        }
        if not self._is_by_subject:
            return {(school, stage, None) for school, stage in inside}
        return {
            (school, stage, subject)
            for school, stage in inside
            for subject in (standard.subjects_of(stage) or (None,))
        }


def _leaves(row: Mapping[str, Any], senior_women: str) -> dict[Leave, date] | None:
    track = track_of(row["sex"], row["staff_category"], row["professional_rank"], senior_women)
    born = row["birth_date"]
    if track is None or not born:
        return None
    return _months(date(int(born[:4]), int(born[5:7]), 1), track)


@cache
def _months(born: date, track: Track) -> dict[Leave, date]:
    return {leave: leaving_month(born, track, leave) for leave in Leave}
