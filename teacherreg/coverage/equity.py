"""Equity: how unevenly the schools of a county are provided, and what makes it so.

For each stage and indicator the coefficient of variation (校际差异系数) against its limit;
and, out of the same answer, what each school adds to it, the single move that lowers it
most, and how localities and townships compare.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import Any, Final, TypeAlias

import polars as pl

from teacherreg.coverage.equity_rows import BestMove, Contribution, Group, Indicator
from teacherreg.coverage.inequality import Parts
from teacherreg.coverage.spread import GROUPINGS, Spread
from teacherreg.coverage.standards import Standard

Row: TypeAlias = Contribution | BestMove | Group


@dataclass(frozen=True)
class Equity:
    """The county's coefficients of variation, as of a day.

    Attributes:
        spreads: The schools of each stage, standard after standard.
    """

    on: date
    standards: tuple[Standard, ...]
    spreads: tuple[Spread, ...]

    @property
    def standard(self) -> Standard:
        """The first of the standards, mostly the only one."""
        return self.standards[0]

    @cached_property
    def indicators(self) -> list[Indicator]:
        """The coefficient of each stage and standard, with its limit and other measures."""
        return [spread.indicator for spread in self.spreads]

    def contributions(self) -> "Listing":
        """Tell what each school adds to the squared coefficient, stage by stage, most first."""
        rows = [row for spread in self.spreads for row in spread.contributions()]
        return Listing(self, "contributions", tuple(rows), _columns(Contribution))

    def best_moves(self) -> "Listing":
        """Tell for each stage and standard the single move that lowers the coefficient most."""
        rows = tuple(spread.best_move() for spread in self.spreads)
        exact = {"squared_before", "squared_after"}
        return Listing(self, "moves", rows, _columns(BestMove, but=exact))

    def groups(self, grouping: str) -> "Listing":
        """Compare the localities or the townships.

        Args:
            grouping: ``locality`` or ``township``.
        """
        rows = [row for spread in self.spreads for row in spread.groups(grouping)]
        others = set(GROUPINGS) - {grouping}
        if grouping != "locality":
            others |= {"compared_with", "ratio"}
        return Listing(self, "groups", tuple(rows), _columns(Group, but=others))

    def to_polars(self) -> pl.DataFrame:
        """Give the indicators as a data frame, coded values as codes, parts in columns.

        What lies between and within groups is in ``theil_between_locality`` and so on.
        """
        columns = (*_columns(Indicator, but={"parts"}), *_PART_COLUMNS)
        return _frame(map(_flat, self.indicators), columns)

    def to_document(self) -> dict[str, Any]:
        """Give the indicators as JSON; the parts of each stand under ``parts``, by grouping."""
        return {
            "on": self.on.isoformat(),
            "standard": self.standard.id,
            "standards": [standard.id for standard in self.standards],
            "indicators": [_plain(row) for row in self.indicators],
        }


@dataclass(frozen=True)
class Listing:
    """One of the lists that explain the coefficients.

    Attributes:
        key: What the list is called in JSON.
        rows: Its rows.
        columns: Those of a data frame.
    """

    equity: Equity
    key: str
    rows: tuple[Row, ...]
    columns: tuple[str, ...]

    def to_polars(self) -> pl.DataFrame:
        """Give the rows as a data frame, coded values as codes."""
        return _frame(map(_plain, self.rows), self.columns)

    def to_document(self) -> dict[str, Any]:
        """Give the indicators as JSON, with the rows under the list's own key."""
        rows = map(_plain, self.rows)
        return {
            **self.equity.to_document(),
            self.key: [{name: row[name] for name in self.columns} for row in rows],
        }


_PART_COLUMNS: Final = tuple(
    f"{field.name}_{grouping}" for grouping in GROUPINGS for field in fields(Parts)
)
_TYPES: Final[Mapping[str, pl.DataType]] = {
    **dict.fromkeys(("schools", "students", "holders", "moves_to_limit"), pl.Int64()),
    **dict.fromkeys(("from_students", "from_holders", "to_students", "to_holders"), pl.Int64()),
    **dict.fromkeys(
        ("mean", "value", "from_mean", "ratio", "ratio_to_county", "share", "limit"), pl.Float64()
    ),
    **dict.fromkeys(("cv", "cv_before", "cv_after", "gini", "theil"), pl.Float64()),
    **dict.fromkeys(_PART_COLUMNS, pl.Float64()),
    **dict.fromkeys(("meets", "giver_meets", "above_mean"), pl.Boolean()),
}


def _columns(kind: type[Any], but: Iterable[str] = ()) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind) if field.name not in set(but))


def _plain(row: Row | Indicator) -> dict[str, Any]:
    """Give the fields of a row, fractions as floats."""
    values = {field.name: getattr(row, field.name) for field in fields(row)}
    return {
        name: float(value) if isinstance(value, Fraction) else value
        for name, value in values.items()
    }


def _flat(row: Indicator) -> dict[str, Any]:
    """Give an indicator with its parts in columns of their own."""
    flat = _plain(row)
    for grouping, parts in row.parts.items():
        for field in fields(Parts):
            flat[f"{field.name}_{grouping}"] = None if parts is None else parts[field.name]
    return flat


def _frame(rows: Iterable[Mapping[str, Any]], columns: tuple[str, ...]) -> pl.DataFrame:
    listed = list(rows)
    return pl.DataFrame(
        {name: [row[name] for row in listed] for name in columns},
        schema={name: _TYPES.get(name, pl.String()) for name in columns},
    )
