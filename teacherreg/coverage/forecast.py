"""The answer to "how do the gaps move if nobody acts": a county year by year, and its cells."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, Final

import polars as pl

from teacherreg.coverage.gaps import DIMENSIONS, Cell
from teacherreg.coverage.standard import Standard
from teacherreg.development.retirement import Leave


@dataclass(frozen=True, slots=True)
class ForecastYear:
    """The county on one day; whoever goes, goes once.

    Attributes:
        year: 0 for the day of the question, then the number of the 1 September.
        students: As enrolled in the newest school year by the day, or as foreseen.
        holders: Persons counted, of whom nobody left but by a date: of age, or as recorded.
        retiring: Of the holders of the line above, those who retire by the day.
        terms_ending: Of the others, those who hold no title any more that counts.
        other: What else is on file with a date after the line above: holders more or fewer
            because a post begins or ends, a title is given or suspended, a school closes.
        leaving: Expected persons who leave in the year for other reasons, at the usual rate;
            of those counted in ``holders``, so nobody leaves twice.
        expected_holders: ``holders`` less all who left at that rate since the first day.
        required: Persons whom the standard asks for.
        missing: Sum over the standard's units, without netting, of what they lack with each
            unit's expected holders; rounded up once, to whole persons.
        missing_dated: The same without those who leave at the usual rate.
        holders_renewed, missing_renewed: As ``holders`` and ``missing`` if every term that ends
            on the way is renewed: what age alone takes away.
        holders_early, missing_early: As ``holders`` and ``missing`` if everybody retires as
            early as allowed.
        holders_late, missing_late: The same if as late as allowed.
    """

    year: int
    on: date
    students: int
    holders: int
    retiring: int
    terms_ending: int
    other: int
    leaving: Fraction
    expected_holders: Fraction
    required: int
    missing: int
    missing_dated: int
    holders_renewed: int
    missing_renewed: int
    holders_early: int
    missing_early: int
    holders_late: int
    missing_late: int


@dataclass(frozen=True, slots=True)
class Growth:
    """How many persons must become holders so that no unit misses one on a day.

    Attributes:
        on: The day, a 1 September.
        missing: Persons missing then if nobody acts: so many must be grown, where they are
            missing.
        each_year: How many in each year up to then, as evenly as whole persons can be.
    """

    on: date
    missing: int
    each_year: tuple[int, ...]

    @classmethod
    def evenly(cls, on: date, missing: int, years: int) -> "Growth":
        """Spread the missing persons over years, the larger numbers first.

        Example:
            >>> Growth.evenly(date(2030, 9, 1), 11, 4).each_year
            (3, 3, 3, 2)
        """
        least, more = divmod(missing, years)
        return cls(on, missing, tuple(least + (year < more) for year in range(years)))

    def to_document(self) -> dict[str, Any]:
        """Give it as JSON."""
        return {
            "on": self.on.isoformat(),
            "missing": self.missing,
            "each_year": list(self.each_year),
        }


@dataclass(frozen=True)
class Forecast:
    """How the gaps move if nobody acts.

    Attributes:
        on: The day of the question.
        by: Dimensions of the cells.
        is_by_cell: Whether the cells were asked for, so that `to_polars` gives them.
        leave: When people are taken to retire.
        leave_percent: Percent of holders who leave each year for other reasons.
        years: The county; the first line is the day of the question.
        cells: Of each day the cells by ``by``, the neediest first; who leaves at the usual
            rate is in none of them, because nobody knows where.
        growth: What would close the gaps by the target.
        growth_renewed: What would, if every term that ends until then is renewed.
        undated: Holders who stay because their birth month or sex is not on file.
        overdue: Holders in service past the age at which they go; they go by the first
            1 September.
        unused_pupils: Rows of the file of pupils whose school year has begun already.
        schools: The most schools that the standard counts on any of the days.
    """

    on: date
    standard: Standard
    by: tuple[str, ...]
    is_by_cell: bool
    leave: Leave
    leave_percent: int
    years: list[ForecastYear]
    cells: list[list[Cell]]
    growth: Growth
    growth_renewed: Growth
    undated: int
    overdue: int
    unused_pupils: int = 0
    schools: int = 0

    def to_polars(self) -> pl.DataFrame:
        """Give the county by year, or the cells by year where a grouping was asked for."""
        if self.is_by_cell:
            rows = [self._of_cell(number, cell) for number, cell in self._each_cell()]
            names: Sequence[str] = self._cell_columns
            schema: Mapping[str, Any] = {name: _TYPES.get(name, pl.String()) for name in names}
        else:
            rows = [_of_year(year) for year in self.years]
            schema = {name: _TYPES[name] for name in ForecastYear.__slots__}
        return pl.DataFrame(rows, schema, orient="row")

    def to_document(self) -> dict[str, Any]:
        """Give the answer as JSON."""
        return {
            "on": self.on.isoformat(),
            "standard": self.standard.id,
            "leave": self.leave.value,
            "leave_percent_per_year": self.leave_percent,
            "years": [_of_year(year) | {"on": year.on.isoformat()} for year in self.years],
            "by": list(self.by),
            "cells": [
                self._of_cell(number, cell) | {"on": self.years[number].on.isoformat()}
                for number, cell in self._each_cell()
            ],
            "growth": self.growth.to_document(),
            "growth_renewed": self.growth_renewed.to_document(),
            "undated": self.undated,
            "overdue": self.overdue,
            "unused_pupils": self.unused_pupils,
        }

    @property
    def columns(self) -> tuple[str, ...]:
        """What names a cell."""
        return tuple(dict.fromkeys(column for name in self.by for column in DIMENSIONS[name]))

    @property
    def _cell_columns(self) -> tuple[str, ...]:
        return ("year", "on", *self.columns, "students", "holders", "required", "missing")

    def _each_cell(self) -> list[tuple[int, Cell]]:
        return [(number, cell) for number, cells in enumerate(self.cells) for cell in cells]

    def _of_cell(self, number: int, cell: Cell) -> dict[str, Any]:
        own = {"year": number, "on": self.years[number].on}
        return {name: own.get(name, getattr(cell, name, None)) for name in self._cell_columns}


_FRACTIONS: Final = ("leaving", "expected_holders")
_TYPES: Final[Mapping[str, pl.DataType]] = {
    **dict.fromkeys(ForecastYear.__slots__, pl.Int64()),
    **dict.fromkeys(_FRACTIONS, pl.Float64()),
    "on": pl.Date(),
}


def _of_year(year: ForecastYear) -> dict[str, Any]:
    row = {name: getattr(year, name) for name in ForecastYear.__slots__}
    return row | {name: float(row[name]) for name in _FRACTIONS}
