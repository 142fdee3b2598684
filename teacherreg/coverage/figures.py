"""Figures: how many persons are asked for, as exact fractions until they are whole persons."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from math import ceil
from typing import NamedTuple


class FigureKind(StrEnum):
    """What a figure is taken of; each is a key of a standard's ``[figure]``."""

    PER_100_STUDENTS = "per_100_students"
    SHARE_OF_TEACHERS = "share_of_teachers"
    PER_SCHOOL = "per_school"
    AT_LEAST = "at_least"
    SHARE_OF_ELIGIBLE = "share_of_eligible"  # of those who were to rotate in the school year
    SHARE_OF_MOVED = "share_of_moved"  # of those who did


OF_STUDENTS = frozenset({FigureKind.PER_100_STUDENTS})
OF_PERSONS = frozenset(
    {FigureKind.SHARE_OF_TEACHERS, FigureKind.SHARE_OF_ELIGIBLE, FigureKind.SHARE_OF_MOVED}
)
OF_ROTATION = frozenset({FigureKind.SHARE_OF_ELIGIBLE, FigureKind.SHARE_OF_MOVED})


class Whole(NamedTuple):
    """What a unit has of what figures are taken of.

    ``students`` are told by stage; ``teachers`` are the persons of whom a share is taken.
    """

    students: Mapping[str, int]
    teachers: int
    schools: int


@dataclass(frozen=True)
class Figure:
    """How many persons a unit must have.

    Attributes:
        kind: What it is taken of.
        by_stage: The number for each stage of the standard, mostly the same one.
    """

    kind: FigureKind
    by_stage: Mapping[str, Fraction]

    @cached_property
    def amount(self) -> Fraction | None:
        """The number, where it is the same for every stage."""
        amounts = set(self.by_stage.values())
        return amounts.pop() if len(amounts) == 1 else None

    def required(self, whole: Whole) -> int:
        """Work out how many persons a unit must have: whole ones, rounded up.

        Example:
            >>> share = Figure(FigureKind.SHARE_OF_TEACHERS, {"primary": Fraction(15, 100)})
            >>> share.required(Whole({}, teachers=1234, schools=0))
            186
        """
        if self.kind in OF_STUDENTS:
            return _per_100(self.by_stage, whole.students)
        amount = self.amount or Fraction(0)
        if self.kind in OF_PERSONS:
            return _times(amount, whole.teachers)
        return _times(amount, whole.schools if self.kind is FigureKind.PER_SCHOOL else 1)

    def part(self, share: Fraction) -> "Figure":
        """Give a part of the figure, such as 85 % of it."""
        return Figure(self.kind, {stage: share * of for stage, of in self.by_stage.items()})


def _per_100(by_stage: Mapping[str, Fraction], students: Mapping[str, int]) -> int:
    if len(students) == 1:  # no fractions: there are tens of thousands of these
        ((stage, count),) = students.items()
        return _times(by_stage[stage], count, 100)
    return ceil(
        sum((by_stage[stage] * count for stage, count in students.items()), 0) / Fraction(100)
    )


def _times(amount: Fraction, count: int, of: int = 1) -> int:
    return -(-amount.numerator * count // (amount.denominator * of))
