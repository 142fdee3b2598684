"""Questions on how it will be, and on what would help."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import polars as pl

from teacherreg.coverage.ahead import Prospect, look_ahead
from teacherreg.coverage.asked import september_firsts
from teacherreg.coverage.asking import Asking
from teacherreg.coverage.cells import any_title, count
from teacherreg.coverage.forecast import Forecast
from teacherreg.coverage.gaps import is_sum_of_units
from teacherreg.coverage.grouping import dimensions_of
from teacherreg.coverage.honours import Honours, place_honours
from teacherreg.coverage.moving import plan_moves
from teacherreg.coverage.people import people_of_the_day
from teacherreg.coverage.pipeline import Pipeline
from teacherreg.coverage.plan import Plan
from teacherreg.coverage.pupils import read_pupils
from teacherreg.coverage.reach import REACH_DIMENSIONS, dimensions_of_reach
from teacherreg.coverage.standards import (
    DEFAULT_STANDARD,
    standard_of,
)
from teacherreg.coverage.succession import OF_A_PERSON, Staff, lowest_title, pipeline_of
from teacherreg.coverage.units import judge
from teacherreg.development.retirement import Leave
from teacherreg.eligibility import Eligibility
from teacherreg.errors import CoverageError, UsageError


class PartingDimensionError(CoverageError, UsageError):
    """A grouping that parts the units of a standard, so that no cell has a requirement."""


class Coming(Asking):
    """Asks how it will be, who could be next, and who should move."""

    def forecast(
        self,
        standard: str | Path = DEFAULT_STANDARD,
        *,
        years: int = 10,
        by: Sequence[str] | str | None = None,
        on: date | None = None,
        target_year: int | None = None,
        leave: Leave | str = Leave.STATUTORY,
        pupils: pl.DataFrame | None = None,
    ) -> Forecast:
        """Work out how the gaps move on each coming 1 September if nobody acts.

        Args:
            standard: As in `gaps`.
            years: How many, 1 to 40.
            by: Dimensions of the cells, of which the standard's units lie in one each; the
                standard's own unit if not given.
            on: Today, if not given.
            target_year: By whose 1 September the gaps are to be closed; the last one if not
                given.
            leave: When people retire: early, statutory or late.
            pupils: Pupils foreseen, see `teacherreg.coverage.pupils.read_pupils`; without
                them, those of the newest school year stay.

        Returns:
            The county year by year, with the cells, and what would close the gaps.

        Raises:
            UnknownStandardError: If there is no such standard.
            UnknownDimensionError: If there is no such dimension, or none is given.
            CoverageError: If the standard cannot be foreseen or its file is wrong, or ``by``
                parts its units, or a row of ``pupils`` is wrong.
            UsageError: If ``years`` or ``target_year`` is out of range, or nobody leaves so.
            RegistryError: If the registry cannot be read.
        """
        question = self._question(standard, on)
        found = question.standard
        if found.is_about_rotation or found.counted.training_hours:
            raise CoverageError("forecast-of-the-year", standard=found.name)
        if found.counted.is_within_reach:
            raise CoverageError("forecast-within-reach", standard=found.name)
        asked = dimensions_of(found.unit if by is None else by)
        if not is_sum_of_units(found, asked):
            raise PartingDimensionError("forecast-by", by=", ".join(asked))
        days = september_firsts(question.on, years)
        first, last = days[0].year, days[-1].year
        year = last if target_year is None else target_year
        if not first <= year <= last:
            raise UsageError("forecast-target", first=first, last=last)
        target = date(year, 9, 1)
        if leave not in list(Leave):
            raise UsageError("forecast-leave", leave=leave, known=", ".join(Leave))
        with self._reading() as connection:
            foreseen = None if pupils is None else read_pupils(connection, pupils, question)
            prospect = Prospect(
                question, days, target, asked, by is not None, Leave(leave), foreseen
            )
            return look_ahead(connection, prospect)

    def pipeline(
        self,
        standard: str | Path = DEFAULT_STANDARD,
        *,
        by: Sequence[str] | str | None = None,
        title_kind: str | None = None,
        level: str | None = None,
        on: date | None = None,
    ) -> Pipeline:
        """Work out who could soon hold a title where holders are missing (后备).

        Args:
            standard: As in `gaps`; its gaps are those that are looked at.
            by: Any of school, stage, subject, township and locality; the standard's own unit
                if not given. By subject, those subjects of a unit with a gap are told that
                nobody there with a title teaches.
            title_kind: Kind of title, by code or name, for which people are looked at; the
                lowest that the standard counts if not given.
            level: Its level; the lowest that the standard counts if not given.
            on: The day as of which the question is asked; today if not given.

        Returns:
            Counts by cell and the persons who are ready or close. Nothing tells who else is
            barred, and why: `teacherreg.eligibility` does.

        Raises:
            UnknownStandardError: If there is no such standard.
            UnknownDimensionError: If there is no such dimension, or none is given.
            UsageError: If there is no such kind or level.
            PartingDimensionError: If ``by`` parts the standard's units.
            CoverageError: If the standard's file is wrong, or it counts no titles.
            RegistryError: If the registry cannot be read.
        """
        found = standard_of(standard)
        usual = tuple(name for name in found.unit if name in REACH_DIMENSIONS)
        asked = dimensions_of_reach(by) if by is not None else usual
        if not is_sum_of_units(found, [name for name in asked if name != "subject"]):
            raise PartingDimensionError("pipeline-by", by=", ".join(asked), standard=found.name)
        question = self._question(found, on)
        kind, at = lowest_title(found, title_kind, level)
        eligible = Eligibility(self._engine, self._settings, kind, level=at, on=question.on)
        with self._reading() as connection:
            units = judge(found, count(connection, question))
            titled = set(connection.scalars(any_title(question)))
            people = people_of_the_day(connection, question, columns=OF_A_PERSON)
        staff = Staff(found, units, people, titled)
        answers = eligible.of_these(staff.without_title())
        return pipeline_of(found, eligible.asked, staff, answers, asked, self._settings)

    def plan(
        self,
        standard: str | Path = DEFAULT_STANDARD,
        *,
        on: date | None = None,
        distances: pl.DataFrame | None = None,
        most_moves: int | None = None,
        seconds: float = 60,
    ) -> Plan:
        """Plan which moves of whom (交流轮岗) close most of the gap.

        Only who is eligible to move does, and no school falls below what it needs or loses
        anybody if it is short. Most of the gap is closed, then on the shortest ways.

        Args:
            standard: As in `gaps`; one that asks a number of each school's stage.
            on: The day as of which the question is asked; today if not given.
            distances: Townships and the kilometres between them, see `distances_of`; without
                it all ways from one township to another are alike.
            most_moves: The most persons who may move; None: any number.
            seconds: After how many seconds to give the best that was found.

        Returns:
            The moves, each school's stage before and after, and how much better any other
            moves could be.

        Raises:
            UnknownStandardError: If there is no such standard.
            UnplannableError: If no moves close the standard's gap.
            DistancesError: If the distances cannot be used.
            CoverageError: If the standard's file is wrong.
            UsageError: If ``most_moves`` is less than one.
            RegistryError: If the registry cannot be read.
        """
        if most_moves is not None:
            _require_some("most_moves", most_moves)
        question = self._question(standard, on)
        with self._reading() as connection:
            return plan_moves(
                connection,
                question,
                distances=distances,
                most_moves=most_moves,
                seconds=seconds,
            )

    def honours(
        self,
        number: int,
        standard: str | Path = DEFAULT_STANDARD,
        *,
        on: date | None = None,
    ) -> Honours:
        """Tell where so many new honours would close most of the gap.

        Args:
            number: How many honours.
            standard: As in `gaps`; one that counts holders of titles.
            on: The day as of which the question is asked; today if not given.

        Raises:
            UnknownStandardError: If there is no such standard.
            NoHonoursError: If no honours close the standard's gap.
            CoverageError: If the standard's file is wrong.
            UsageError: If it is no honour at all.
            RegistryError: If the registry cannot be read.
        """
        _require_some("number", number)
        question = self._question(standard, on)
        with self._reading() as connection:
            return place_honours(connection, question, number)


def _require_some(name: str, number: int) -> None:
    if number < 1:
        raise UsageError("too-few", name=name, number=number)
