"""Questions on how it is, and how it was."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Final

from teacherreg.coverage.asked import PERSON_DIMENSIONS, TITLE_DIMENSIONS, september_firsts
from teacherreg.coverage.asking import Asking, many_rows
from teacherreg.coverage.cells import count
from teacherreg.coverage.equity import Equity
from teacherreg.coverage.figures import OF_STUDENTS
from teacherreg.coverage.gaps import Gaps, is_sum_of_units
from teacherreg.coverage.grouping import dimensions_of, of_persons, roll_up
from teacherreg.coverage.points import count_merged_points
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
from teacherreg.errors import CoverageError

ALL: Final = "all"


class Standing(Asking):
    """Asks how it is on a day, and how it was in past years."""

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
        is_sum = is_sum_of_units(found, asked)
        of_person = () if is_sum else tuple(name for name in asked if name in PERSON_DIMENSIONS)
        question = self._question(found, on, by_person=of_person)
        with many_rows(), self._reading() as connection:
            counts = count(connection, question)
            # who holds several titles is in several rows, but in the county once
            once = (
                count(connection, replace(question, by_person=()))
                if set(of_person) & set(TITLE_DIMENSIONS)
                else counts
            )
            units = judge(found, once)
            return Gaps(
                on=question.on,
                standard=question.standard,
                by=asked,
                cells=roll_up(units, asked) if is_sum else of_persons(counts, asked),
                totals=total_of(units),
                unplaced=unplaced(once, units),
                without_enrolment=len(
                    {unit.count.school_id for unit in units if unit.outside == NO_ENROLMENT} - {0}
                ),
                merged_points=count_merged_points(connection, question),
                holders_outside=sum(
                    unit.count.holders - unit.count.visitors for unit in units if unit.outside
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
        with many_rows():
            spreads = tuple(
                Spread.of(question.standard, stage, units)
                for question in questions
                for units in [judge(question.standard, self._count(question))]
                for stage in question.standard.stages
            )
        return Equity(
            on=questions[0].on,
            standards=tuple(question.standard for question in questions),
            spreads=spreads,
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
        days = september_firsts(question.on, years, is_past=True)
        with self._reading() as connection:
            return look_back(connection, question, days)


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
