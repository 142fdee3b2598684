"""The questions that can be asked of a registry's coverage."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
from sqlalchemy import Connection, Engine

from teacherreg.coverage.asked import PERSON_DIMENSIONS, TITLE_DIMENSIONS
from teacherreg.coverage.cells import Count, Question, count
from teacherreg.coverage.equity import Equity, indicator_of
from teacherreg.coverage.gaps import Gaps, is_sum_of_units
from teacherreg.coverage.grouping import dimensions_of, of_persons, roll_up
from teacherreg.coverage.honours import Honours, place_honours
from teacherreg.coverage.moving import plan_moves
from teacherreg.coverage.plan import Plan
from teacherreg.coverage.standards import (
    DEFAULT_STANDARD,
    Standard,
    shipped_standards,
    standard_of,
)
from teacherreg.coverage.units import NO_ENROLMENT, judge, total_of, unplaced
from teacherreg.coverage.verdict import Verdict, evaluation, verdict_of
from teacherreg.database import clear_words
from teacherreg.settings import Settings


class Coverage:
    """Asks where title holders are missing, and how evenly they are spread.

    Args:
        engine: The registry.
        settings: The settings in force; ``titles.count_expired`` matters here.
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

    def equity(self, standard: str | Path = DEFAULT_STANDARD, *, on: date | None = None) -> Equity:
        """Work out the student-weighted coefficient of variation of each stage.

        Args:
            standard: As in `gaps`; its limits are what the coefficients are held against.
            on: The day as of which the question is asked; today if not given.

        Raises:
            UnknownStandardError: If there is no such standard.
            CoverageError: If the standard's file is wrong.
            RegistryError: If the registry cannot be read.
        """
        question = self._question(standard, on)
        units = judge(question.standard, self._count(question))
        return Equity(
            on=question.on,
            standard=question.standard,
            indicators=[
                indicator_of(question.standard, stage, units) for stage in question.standard.stages
            ],
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
