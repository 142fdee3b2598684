"""The questions that can be asked of a registry's coverage."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from sqlalchemy import Engine

from teacherreg.coverage.cells import Count, Question, count
from teacherreg.coverage.equity import Equity, indicator_of
from teacherreg.coverage.gaps import Gaps
from teacherreg.coverage.grouping import DEFAULT_BY, by_subject, dimensions_of, roll_up
from teacherreg.coverage.standards import (
    DEFAULT_STANDARD,
    Standard,
    shipped_standards,
    standard_of,
)
from teacherreg.coverage.units import judge, total_of, unplaced
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
        by: Sequence[str] | str = DEFAULT_BY,
        on: date | None = None,
    ) -> Gaps:
        """Work out how many holders are missing where.

        Args:
            standard: Id of a shipped standard, or path of a county's own ``.toml`` file.
            by: Any of school, stage, township, locality, subject and county. By subject no
                figure is set: persons are counted, nothing is required.
            on: The day as of which the question is asked; today if not given.

        Returns:
            The cells, the neediest first, with the county's totals.

        Raises:
            UnknownStandardError: If there is no such standard.
            UnknownDimensionError: If there is no such dimension, or none is given.
            CoverageError: If the standard's file is wrong.
            RegistryError: If the registry cannot be read.
        """
        asked = dimensions_of(by)
        question = self._question(standard, on, by_subject="subject" in asked)
        counts = self._count(question)
        units = judge(question.standard, counts)
        cells = by_subject(counts, units, asked) if question.by_subject else roll_up(units, asked)
        return Gaps(
            on=question.on,
            standard=question.standard,
            by=asked,
            cells=cells,
            totals=total_of(units),
            unplaced=unplaced(counts, units),
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

    def _question(
        self, standard: str | Path, on: date | None, *, by_subject: bool = False
    ) -> Question:
        return Question(
            standard=standard_of(standard),
            on=on or date.today(),  # noqa: DTZ011 - a day on the officer's calendar
            by_subject=by_subject,
            count_expired=bool(self._settings["titles.count_expired"]),
        )

    def _count(self, question: Question) -> Sequence[Count]:
        with clear_words(self._engine.url), self._engine.connect() as connection:
            return count(connection, question)
