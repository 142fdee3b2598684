"""The questions that can be asked of a registry's coverage."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Final

import polars as pl
from sqlalchemy import Connection, Engine

from teacherreg.coverage.ahead import Prospect, look_ahead
from teacherreg.coverage.asked import PERSON_DIMENSIONS, TITLE_DIMENSIONS, september_firsts
from teacherreg.coverage.cells import Count, Question, any_title, count
from teacherreg.coverage.equity import Equity
from teacherreg.coverage.figures import OF_STUDENTS
from teacherreg.coverage.forecast import Forecast
from teacherreg.coverage.gaps import Gaps, is_sum_of_units
from teacherreg.coverage.grouping import dimensions_of, of_persons, roll_up
from teacherreg.coverage.honours import Honours, place_honours
from teacherreg.coverage.moving import plan_moves
from teacherreg.coverage.people import people_of_the_day
from teacherreg.coverage.pipeline import Pipeline, Staff, lowest_title, pipeline_of
from teacherreg.coverage.plan import Plan
from teacherreg.coverage.pupils import read_pupils
from teacherreg.coverage.reach import DEFAULT_BY, Reach, dimensions_of_reach, reach_of, with_titles
from teacherreg.coverage.spread import Spread
from teacherreg.coverage.standard import SCHOOL_AND_STAGE
from teacherreg.coverage.standards import (
    DEFAULT_STANDARD,
    Standard,
    shipped_standards,
    standard_of,
)
from teacherreg.coverage.trend import Trend, look_back
from teacherreg.coverage.units import NO_ENROLMENT, judge, total_of, unplaced
from teacherreg.coverage.verdict import Verdict, evaluation, verdict_of
from teacherreg.database import clear_words
from teacherreg.development.retirement import Leave
from teacherreg.eligibility import Eligibility
from teacherreg.errors import CoverageError, UsageError
from teacherreg.settings import Settings

ALL: Final = "all"


class Coverage:
    """Asks where title holders are missing, and how evenly they are spread.

    Args:
        engine: The registry.
        settings: The settings in force; ``titles.count_expired`` matters here, and those of
            retirement and ``forecast.leave_percent_per_year`` for a forecast.
    """

    def __init__(self, engine: Engine, settings: Settings) -> None:
        self._engine = engine
        self._settings = settings

    def standards(self) -> tuple[Standard, ...]:
        """Give the standards that ship with the program."""
        return tuple(shipped_standards().values())

    def gaps(
        self,
        standard: str | Path = DEFAULT_STANDARD,
        *,
        by: Sequence[str] | str | None = None,
        on: date | None = None,
    ) -> Gaps:
        """Work out how many holders are missing where.

        Args:
            standard: Id of a shipped standard, or path of a county's own ``.toml`` file.
            by: Any of school, stage, township, locality, subject, county, level, title_kind,
                party, sex, age_band and rank; the standard's own unit if not given. Where a
                unit would lie in several cells (by subject, if the standard's figure is for
                no subject; by sex …), persons are counted and nothing is required.
            on: The day as of which the question is asked; today if not given.

        Returns:
            The cells, the neediest first, with the county's totals.

        Raises:
            UnknownStandardError: If there is no such standard.
            UnknownDimensionError: If there is no such dimension, or none is given.
            CoverageError: If the standard's file is wrong.
            RegistryError: If the registry cannot be read.
        """
        found = standard_of(standard)
        asked = dimensions_of(found.unit if by is None else by)
        of_person = tuple(name for name in asked if name in PERSON_DIMENSIONS)
        question = self._question(found, on, by_person=of_person)
        with self._reading() as connection:
            counts = count(connection, question)
            # who holds several titles is in several rows, but in the county once
            once = (
                count(connection, replace(question, by_person=()))
                if set(of_person) & set(TITLE_DIMENSIONS)
                else counts
            )
        units = judge(found, once)
        is_sum = is_sum_of_units(found, asked)
        cells = roll_up(units, asked) if is_sum else of_persons(counts, asked)
        return Gaps(
            on=question.on,
            standard=question.standard,
            by=asked,
            cells=cells,
            totals=total_of(units),
            unplaced=unplaced(once, units),
            without_enrolment=len(
                {unit.count.school_id for unit in units if unit.outside == NO_ENROLMENT} - {0}
            ),
        )

    def equity(
        self,
        standard: str | Path | Sequence[str | Path] = DEFAULT_STANDARD,
        *,
        on: date | None = None,
    ) -> Equity:
        """Work out the student-weighted coefficient of variation of each stage.

        Args:
            standard: As in `gaps`, or several of them; ``all`` stands for every shipped one
                that limits the coefficient. Its limits are what it is held against.
            on: The day as of which the question is asked; today if not given.

        Returns:
            The coefficients; what schools add to them, which single move lowers them most
            and how town and country compare are its methods.

        Raises:
            UnknownStandardError: If there is no such standard.
            CoverageError: If the standard's file is wrong, or its figure is not of students.
            RegistryError: If the registry cannot be read.
        """
        questions = [self._question(_of_students(one), on) for one in _asked(standard)]
        return Equity(
            on=questions[0].on,
            standards=tuple(question.standard for question in questions),
            spreads=tuple(
                Spread.of(question.standard, stage, units)
                for question in questions
                for units in [judge(question.standard, self._count(question))]
                for stage in question.standard.stages
            ),
        )

    def verdict(self, *, on: date | None = None) -> Verdict:
        """Judge schools and the county by the pass rule of 教督〔2017〕6号.

        Args:
            on: The day as of which the question is asked; today if not given.

        Returns:
            Each school's stage with its three indicators about teachers and whether it can
            pass still, and the county's coefficients of variation.

        Raises:
            RegistryError: If the registry cannot be read.
        """
        rule = evaluation()
        questions = [self._question(number, on) for number in rule.standards]
        with self._reading() as connection:
            judged = [
                (asked.standard, judge(asked.standard, count(connection, asked)))
                for asked in questions
            ]
        return verdict_of(rule, questions[0].on, judged)

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
            UsageError: If ``years`` or ``target_year`` is out of range.
            RegistryError: If the registry cannot be read.
        """
        question = self._question(standard, on)
        found = question.standard
        if found.is_about_rotation or found.counted.training_hours:
            raise CoverageError("forecast-of-the-year", standard=found.name)
        asked = dimensions_of(found.unit if by is None else by)
        if not is_sum_of_units(found, asked):
            raise CoverageError("forecast-by", by=", ".join(asked))
        days = september_firsts(question.on, years)
        target = date(days[-1].year if target_year is None else target_year, 9, 1)
        if target not in days:
            raise UsageError("forecast-target", first=days[0].year, last=days[-1].year)
        with self._reading() as connection:
            foreseen = None if pupils is None else read_pupils(connection, pupils, question.on)
            prospect = Prospect(
                question, days, target, asked, by is not None, Leave(leave), foreseen
            )
            return look_ahead(connection, prospect)

    def trend(
        self,
        standard: str | Path = DEFAULT_STANDARD,
        *,
        years: int = 10,
        on: date | None = None,
    ) -> Trend:
        """Work out the county's figure on the 1 September of each past year.

        Args:
            standard: As in `gaps`.
            years: How many, 1 to 40; the last one is the newest not after ``on``.
            on: Today, if not given.

        Raises:
            UnknownStandardError: If there is no such standard.
            CoverageError: If the standard's file is wrong.
            UsageError: If ``years`` is out of range.
            RegistryError: If the registry cannot be read.
        """
        question = self._question(standard, on)
        days = september_firsts(question.on, -years)
        with self._reading() as connection:
            return look_back(connection, question, days)

    def reach(
        self,
        standard: str | Path = DEFAULT_STANDARD,
        *,
        by: Sequence[str] | str = DEFAULT_BY,
        title_kinds: Sequence[str] | None = None,
        levels: Sequence[str] | None = None,
        on: date | None = None,
    ) -> Reach:
        """Work out whom the master teachers reach (示范带动), and how.

        Args:
            standard: Its titles count, as in `gaps`.
            by: Any of school, stage, subject, township and locality.
            title_kinds: Kinds of title that count instead of the standard's.
            levels: Levels that count instead of the standard's.
            on: The day as of which the question is asked; today if not given.

        Returns:
            The full-time teachers in service of every stage, by cell, each counted once; and
            the reach of each master teacher.

        Raises:
            UnknownStandardError: If there is no such standard.
            UnknownDimensionError: If there is no such dimension, or none is given.
            UsageError: If there is no such kind or level.
            CoverageError: If the standard's file is wrong, or it counts no titles.
            RegistryError: If the registry cannot be read.
        """
        asked = dimensions_of_reach(by)
        titles = with_titles(standard_of(standard), title_kinds, levels)
        with self._reading() as connection:
            return reach_of(connection, self._question(titles, on), asked)

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
            CoverageError: If the standard's file is wrong, or it counts no titles.
            RegistryError: If the registry cannot be read.
        """
        found = standard_of(standard)
        asked = dimensions_of_reach(by) if by is not None else found.unit
        question = self._question(found, on)
        kind, at = lowest_title(found, title_kind, level)
        eligible = Eligibility(self._engine, self._settings, kind, level=at, on=question.on)
        with self._reading() as connection:
            units = judge(found, count(connection, question))
            titled = set(connection.scalars(any_title(question)))
            staff = Staff(found, units, people_of_the_day(connection, question), titled)
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
            RegistryError: If the registry cannot be read.
        """
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
            RegistryError: If the registry cannot be read.
        """
        question = self._question(standard, on)
        with self._reading() as connection:
            return place_honours(connection, question, number)

    def _question(
        self, standard: str | Path | Standard, on: date | None, *, by_person: tuple[str, ...] = ()
    ) -> Question:
        return Question(
            standard=standard if isinstance(standard, Standard) else standard_of(standard),
            on=on or date.today(),  # noqa: DTZ011 - a day on the officer's calendar
            count_expired=bool(self._settings["titles.count_expired"]),
            by_person=by_person,
            settings=self._settings,
        )

    def _count(self, question: Question) -> Sequence[Count]:
        with self._reading() as connection:
            return count(connection, question)

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with clear_words(self._engine.url), self._engine.connect() as connection:
            yield connection


def _asked(standards: str | Path | Sequence[str | Path]) -> list[str | Path]:
    """Name each standard that is asked for once; ``all`` are the shipped ones with a limit."""
    names = [standards] if isinstance(standards, str | Path) else standards
    limiting = [one.id for one in shipped_standards().values() if one.cv_limits]
    asked = [one for name in names for one in (limiting if name == ALL else [name])]
    return list(dict.fromkeys(asked or [""]))


def _of_students(name: str | Path) -> Standard:
    """Find a standard of schools' stages by their students: the coefficient knows no other.

    Raises:
        CoverageError: If it is another, or there is none.
    """
    standard = standard_of(name)
    if standard.figure.kind not in OF_STUDENTS or standard.unit != SCHOOL_AND_STAGE:
        raise CoverageError("equity-not-of-students", standard=standard.id)
    return standard
