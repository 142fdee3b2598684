"""The schools of a stage, and what can be told of how holders are spread over them.

The square of the coefficient of variation is a fraction, and so is the square of its
limit: the verdict compares those. Only what is shown is rounded to a float. The formulas
are `inequality`'s; what all the stages give together is `equity`'s.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import Final

from teacherreg.codes import code_table
from teacherreg.coverage.cells import Count
from teacherreg.coverage.equity_rows import BestMove, Contribution, Group, Indicator
from teacherreg.coverage.inequality import (
    best_moves,
    gini,
    parts_of,
    squared_cv,
    squared_cv_parts,
    theil,
)
from teacherreg.coverage.standards import Standard
from teacherreg.coverage.units import NO_ENROLMENT, NO_PUPILS, Unit

# Why something cannot be told.
TOO_FEW_SCHOOLS: Final = "too_few_schools"
NO_HOLDERS: Final = "no_holders"
NO_BETTER_MOVE: Final = "no_better_move"

GROUPINGS: Final = ("locality", "township")
URBAN: Final = ("city", "town")  # localities to compare the country with, the first there is


@dataclass(frozen=True)
class Spread:
    """The schools of one stage, as one standard counts them.

    Attributes:
        units: Those counted, by name.
        reason: Why there is no coefficient of variation; None where there is one.
    """

    standard: Standard
    stage: str
    units: tuple[Unit, ...]
    reason: str | None

    @classmethod
    def of(cls, standard: Standard, stage: str, units: Iterable[Unit]) -> "Spread":
        """Choose the schools from judged units, in any order, other stages among them."""
        here = [unit for unit in units if unit.count.stage == stage]
        counted = [unit for unit in here if unit.outside is None]
        counted.sort(key=lambda unit: (unit.count.school, unit.count.school_id))
        reason = _reason([(unit.count.students, unit.count.holders) for unit in counted])
        if not counted and any(unit.outside in {NO_PUPILS, NO_ENROLMENT} for unit in here):
            reason = NO_PUPILS
        return cls(standard, stage, tuple(counted), reason)

    @cached_property
    def schools(self) -> list[tuple[int, int]]:
        """Pupils and holders of each, in the order of `units`."""
        return [(unit.count.students, unit.count.holders) for unit in self.units]

    @cached_property
    def students(self) -> int:
        """Pupils of them all."""
        return sum(students for students, _ in self.schools)

    @cached_property
    def holders(self) -> int:
        """Holders of them all."""
        return sum(holders for _, holders in self.schools)

    @cached_property
    def mean(self) -> Fraction | None:
        """Holders for each 100 pupils of them all; None without pupils."""
        return _mean(self.schools)

    @cached_property
    def square(self) -> Fraction | None:
        """Square of the coefficient of variation, exactly; None with a `reason`."""
        return None if self.reason else squared_cv(self.schools)

    @property
    def key(self) -> tuple[str, str, str]:
        """What names it: stage, indicator and standard."""
        return self.stage, self.standard.indicator, self.standard.id

    @property
    def limit(self) -> Fraction | None:
        """Most that the coefficient may be."""
        return self.standard.cv_limits.get(self.stage)

    def is_within_limit(self, square: Fraction | None) -> bool | None:
        """Compare a squared coefficient with the limit, exactly; None where either lacks."""
        return None if square is None or self.limit is None else square <= self.limit**2

    @cached_property
    def indicator(self) -> Indicator:
        """The stage's indicator, with its measures."""
        return Indicator(
            *self.key,
            schools=len(self.schools),
            students=self.students,
            holders=self.holders,
            mean=_float(self.mean),
            cv=_root(self.square),
            limit=_float(self.limit),
            meets=self.is_within_limit(self.square),
            reason=self.reason,
            gini=None if self.reason else float(gini(self.schools)),
            theil=None if self.reason else theil(self.schools),
            parts={name: self._parts(name) for name in GROUPINGS},
        )

    def _parts(self, grouping: str) -> dict[str, float] | None:
        groups = list(self._grouped(grouping).values())
        if self.reason or len(groups) < 2:
            return None
        return {name: float(part) for name, part in asdict(parts_of(groups)).items()}

    def _grouped(self, grouping: str) -> dict[str | None, list[tuple[int, int]]]:
        """Gather the schools by a grouping; those of whom nobody wrote it down are one group."""
        groups: dict[str | None, list[tuple[int, int]]] = {}
        for unit, school in zip(self.units, self.schools, strict=True):
            groups.setdefault(getattr(unit.count, grouping), []).append(school)
        return groups

    def contributions(self) -> list[Contribution]:
        """Tell what each school adds, the most first; nothing where there is no coefficient."""
        if self.square is None:
            return []
        parts = squared_cv_parts(self.schools)
        ranked = sorted(zip(parts, self.units, strict=True), key=lambda pair: -pair[0])
        return [
            self._contribution(unit.count, part / self.square if self.square else None)
            for part, unit in ranked
        ]

    def _contribution(self, count: Count, share: Fraction | None) -> Contribution:
        distance = count.holders * self.students - self.holders * count.students
        return Contribution(
            *self.key,
            school=count.school,
            school_code=count.school_code,
            township=count.township,
            locality=count.locality,
            students=count.students,
            holders=count.holders,
            value=100 * count.holders / count.students,
            from_mean=100 * distance / (count.students * self.students),
            above_mean=distance > 0 if distance else None,
            share=share,
        )

    def best_move(self) -> BestMove:
        """Find the single move that lowers the coefficient most."""
        known = BestMove(
            *self.key,
            squared_before=self.square,
            cv_before=_root(self.square),
            limit=_float(self.limit),
            moves_to_limit=self._moves_to_limit(),
        )
        if self.square is None:
            return replace(known, reason=self.reason)
        move = next(best_moves(self.schools), None)
        if move is None:
            return replace(known, reason=NO_BETTER_MOVE)
        giver, taker = self.units[move.giver], self.units[move.taker]
        square = self.square - move.lowers
        return replace(
            known,
            from_school=giver.count.school,
            from_students=giver.count.students,
            from_holders=giver.count.holders,
            to_school=taker.count.school,
            to_students=taker.count.students,
            to_holders=taker.count.holders,
            giver_meets=giver.count.holders - 1 >= giver.required,
            squared_after=square,
            cv_after=_root(square),
            meets=self.is_within_limit(square),
        )

    def _moves_to_limit(self) -> int | None:
        if self.square is None or self.limit is None:
            return None
        above, moves = self.square - self.limit**2, 0
        for move in best_moves(self.schools):
            if above <= 0:
                break
            above, moves = above - move.lowers, moves + 1
        return moves if above <= 0 else None

    def groups(self, grouping: str) -> list[Group]:
        """Compare localities, the city first, or townships, the neediest first.

        Args:
            grouping: One of `GROUPINGS`; what nobody wrote down is a group of its own.
        """
        gathered = self._grouped(grouping)
        urban = next((name for name in URBAN if name in gathered), None)
        base = urban if grouping == "locality" else None
        mean_of_base = _mean(gathered[base]) if base else None
        rows = [
            self._group({grouping: name}, schools, base, mean_of_base)
            for name, schools in gathered.items()
        ]
        rank = {name: place for place, name in enumerate(code_table("localities").codes)}
        return sorted(
            rows,
            key=lambda row: (
                rank.get(row.locality or "", len(rank)),
                row.mean or 0,
                row.township or "",
            ),
        )

    def _group(
        self,
        named: Mapping[str, str | None],
        schools: Sequence[tuple[int, int]],
        base: str | None,
        mean_of_base: Fraction | None,
    ) -> Group:
        mean, reason = _mean(schools), _reason(schools)
        return Group(
            *self.key,
            locality=named.get("locality"),
            township=named.get("township"),
            schools=len(schools),
            students=sum(students for students, _ in schools),
            holders=sum(holders for _, holders in schools),
            mean=_float(mean),
            cv=None if reason else _root(squared_cv(schools)),
            reason=reason,
            ratio_to_county=_ratio(mean, self.mean),
            compared_with=base,
            ratio=_ratio(mean, mean_of_base),
        )


def _reason(schools: Sequence[tuple[int, int]]) -> str | None:
    if len(schools) < 2:
        return TOO_FEW_SCHOOLS
    return None if any(holders for _, holders in schools) else NO_HOLDERS


def _mean(schools: Sequence[tuple[int, int]]) -> Fraction | None:
    """Give the holders for each 100 pupils; None without pupils."""
    pupils = sum(students for students, _ in schools)
    return Fraction(100 * sum(holders for _, holders in schools), pupils) if pupils else None


def _ratio(mean: Fraction | None, other: Fraction | None) -> float | None:
    return float(mean / other) if mean is not None and other else None


def _root(square: Fraction | None) -> float | None:
    return None if square is None else math.sqrt(square)


def _float(number: Fraction | None) -> float | None:
    return None if number is None else float(number)
