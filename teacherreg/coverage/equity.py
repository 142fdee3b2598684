"""Equity: how unevenly the schools of a county are provided.

The coefficient of variation (校际差异系数) weighs each school by its pupils. Its square is
a fraction, and so is the square of its limit: the verdict compares those. Only what is
shown is rounded to a float.

Source:
    教督〔2017〕6号: county limits, and the formula CV = S / mean with
    S² = Σ (Pᵢ / ΣP)(Xᵢ − mean)², Xᵢ = xᵢ / Pᵢ, mean = Σx / ΣP.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, Final

import polars as pl

from teacherreg.coverage.standards import Standard
from teacherreg.coverage.units import Unit

TOO_FEW_SCHOOLS: Final = "too_few_schools"
NO_HOLDERS: Final = "no_holders"


@dataclass(frozen=True, slots=True)
class Indicator:
    """How evenly one thing is spread over the schools of a stage.

    Attributes:
        schools: Schools that the standard counts.
        mean: Holders for each 100 students of the county; None without students.
        cv: Coefficient of variation, for display; None where it cannot be worked out.
        limit: What it may be at most; None where the standard sets none.
        meets: Whether it is within the limit, compared exactly; None where unknown.
        reason: Why there is no coefficient; None where there is one.
    """

    stage: str
    indicator: str
    schools: int
    students: int
    holders: int
    mean: float | None
    cv: float | None
    limit: float | None
    meets: bool | None
    reason: str | None


@dataclass(frozen=True)
class Equity:
    """The county's coefficients of variation, as of a day."""

    on: date
    standard: Standard
    indicators: list[Indicator]

    def to_polars(self) -> pl.DataFrame:
        """Give the indicators as a data frame, coded values as codes."""
        return pl.DataFrame(
            {name: [getattr(row, name) for row in self.indicators] for name in _TYPES},
            schema=_TYPES,
        )

    def to_document(self) -> dict[str, Any]:
        """Give the answer as JSON."""
        return {
            "on": self.on.isoformat(),
            "standard": self.standard.id,
            "indicators": [
                {name: getattr(row, name) for name in _TYPES} for row in self.indicators
            ],
        }


_TYPES: Final[dict[str, pl.DataType]] = {
    "stage": pl.String(),
    "indicator": pl.String(),
    "schools": pl.Int64(),
    "students": pl.Int64(),
    "holders": pl.Int64(),
    "mean": pl.Float64(),
    "cv": pl.Float64(),
    "limit": pl.Float64(),
    "meets": pl.Boolean(),
    "reason": pl.String(),
}


def squared_cv(schools: Sequence[tuple[int, int]]) -> Fraction:
    """Work out the square of the student-weighted coefficient of variation, exactly.

    Args:
        schools: Pupils (above 0) and amount of each; two schools or more, some amount.

    Example:
        >>> squared_cv([(100, 3), (100, 1)])
        Fraction(1, 4)
    """
    pupils = sum(p for p, _ in schools)
    amount = sum(x for _, x in schools)
    # gathered by size: adding thousands of fractions one by one is what would be slow
    squares: dict[int, int] = defaultdict(int)
    for p, x in schools:
        squares[p] += x * x
    spread = sum((Fraction(square, p) for p, square in squares.items()), Fraction(0))
    return pupils * spread / amount**2 - 1


def indicator_of(standard: Standard, stage: str, units: Iterable[Unit]) -> Indicator:
    """Work out a stage's indicator over the units that the standard counts."""
    counted = [
        (unit.count.students, unit.count.holders)
        for unit in units
        if unit.outside is None and unit.count.stage == stage
    ]
    students = sum(p for p, _ in counted)
    holders = sum(x for _, x in counted)
    limit = standard.cv_limits.get(stage)
    reason = TOO_FEW_SCHOOLS if len(counted) < 2 else NO_HOLDERS if not holders else None
    square = None if reason else squared_cv(counted)
    return Indicator(
        stage=stage,
        indicator=standard.indicator,
        schools=len(counted),
        students=students,
        holders=holders,
        mean=100 * holders / students if students else None,
        cv=None if square is None else math.sqrt(square),
        limit=None if limit is None else float(limit),
        meets=None if square is None or limit is None else square <= limit**2,
        reason=reason,
    )
