"""The questions that can be asked of a registry's coverage."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Final

from sqlalchemy import Engine

from teacherreg.coverage.cells import Count, Question, count
from teacherreg.coverage.equity import Equity
from teacherreg.coverage.gaps import Gaps
from teacherreg.coverage.grouping import DEFAULT_BY, by_subject, dimensions_of, roll_up
from teacherreg.coverage.spread import Spread
from teacherreg.coverage.standards import (
    DEFAULT_STANDARD,
    Standard,
    shipped_standards,
    standard_of,
)
from teacherreg.coverage.units import judge, total_of, unplaced
from teacherreg.database import clear_words
from teacherreg.settings import Settings

ALL: Final = "all"


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
            CoverageError: If the standard's file is wrong.
            RegistryError: If the registry cannot be read.
        """
        questions = [self._question(one, on) for one in _asked(standard)]
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


def _asked(standards: str | Path | Sequence[str | Path]) -> list[str | Path]:
    """Name each standard that is asked for once; ``all`` are the shipped ones with a limit."""
    names = [standards] if isinstance(standards, str | Path) else standards
    limiting = [one.id for one in shipped_standards().values() if one.cv_limits]
    asked = [one for name in names for one in (limiting if name == ALL else [name])]
    return list(dict.fromkeys(asked or [""]))
