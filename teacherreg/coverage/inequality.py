"""Measures of how unevenly holders are spread over the pupils of schools: formulas only.

Each takes ``(pupils, holders)`` of every school: two schools or more, pupils above 0, at
least one holder. Every measure weighs a school by its pupils. What can be a fraction is
one; Theil's measure holds logarithms and is a float.
"""

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from heapq import heapify, heapreplace
from itertools import chain
from typing import TypeAlias

Spread: TypeAlias = Sequence[tuple[int, int]]


def squared_cv(schools: Spread) -> Fraction:
    """Work out the square of the student-weighted coefficient of variation, exactly.

    Source:
        教督〔2017〕6号: CV = S / mean with S² = Σ (Pᵢ / ΣP)(Xᵢ − mean)², Xᵢ = xᵢ / Pᵢ,
        mean = Σx / ΣP; multiplied out, CV² = ΣP · Σ(xᵢ² / Pᵢ) / (Σx)² − 1.

    Example:
        >>> squared_cv([(100, 3), (100, 1)])
        Fraction(1, 4)
    """
    pupils, amount = _sums(schools)
    # gathered by size: adding thousands of fractions one by one is what would be slow
    squares: dict[int, int] = defaultdict(int)
    for p, x in schools:
        squares[p] += x * x
    spread = sum((Fraction(square, p) for p, square in squares.items()), Fraction(0))
    return pupils * spread / amount**2 - 1


def squared_cv_parts(schools: Spread) -> list[Fraction]:
    """Tell what each school adds to the squared coefficient: (Pᵢ / ΣP)(Xᵢ / mean − 1)².

    Returns:
        A part for each school, none below 0; together they are `squared_cv`, exactly.

    Example:
        >>> squared_cv_parts([(100, 3), (100, 1)])
        [Fraction(1, 8), Fraction(1, 8)]
    """
    pupils, amount = _sums(schools)
    return [Fraction((x * pupils - p * amount) ** 2, pupils * p * amount**2) for p, x in schools]


@dataclass(frozen=True, slots=True)
class Move:
    """One holder who goes from one school to another, both by their place in the list.

    ``lowers`` is by how much the squared coefficient of variation falls; above 0.
    """

    giver: int
    taker: int
    lowers: Fraction


def best_moves(schools: Spread) -> Iterator[Move]:
    """Give the moves of one holder each that lower the coefficient most, one after another.

    The first is the best single move; the first k together lower the coefficient as far as
    any k moves can. It ends where no move lowers it. Of equals, the school named first goes.

    Why it takes no search over pairs:
        A move changes neither ΣP nor Σx, only Q = Σ x² / P. Giving one holder, school i
        takes gᵢ = (2xᵢ − 1) / Pᵢ out of Q; taking one, school j adds tⱼ = (2xⱼ + 1) / Pⱼ.
        So the best pair is the largest g with the smallest t: two minima, no pairs. Were
        both the same school k, then gᵢ ≤ g_k < t_k ≤ tⱼ for any i and j: no move lowers Q.
        For k moves: what a school gives falls with each holder given, what it adds rises
        with each taken, so the k best gifts and the k best takings are begun sequences of
        each school, and taking the best of each in turn finds them. A school that gave
        would take back at the g for which it gave, which no later g exceeds (and the other
        way round), so it never does both.
    """
    pupils, amount = _sums(schools)
    # Kept with its sign turned, since a heap gives the least. Who has nobody has g below 0.
    givers = [(Fraction(1 - 2 * x, p), place) for place, (p, x) in enumerate(schools)]
    takers = [(Fraction(2 * x + 1, p), place) for place, (p, x) in enumerate(schools)]
    heapify(givers)
    heapify(takers)
    while -givers[0][0] > takers[0][0]:
        (loss, giver), (gain, taker) = givers[0], takers[0]
        yield Move(giver, taker, -pupils * (loss + gain) / amount**2)
        heapreplace(givers, (loss + Fraction(2, schools[giver][0]), giver))
        heapreplace(takers, (gain + Fraction(2, schools[taker][0]), taker))


def gini(schools: Spread) -> Fraction:
    """Work out Gini's coefficient, each school weighing as many pupils as it has, exactly.

    Half the mean difference between two pupils' schools over the mean: in whole numbers,
    Σ |xᵢ Pⱼ − xⱼ Pᵢ| over the pairs of schools, divided by ΣP · Σx.

    Source:
        C. Gini, Variabilità e mutabilità (1912); with weights, P. J. Lambert and
        J. R. Aronson, Economic Journal 103 (1993).

    Example:
        >>> gini([(100, 3), (100, 1)])
        Fraction(1, 4)
    """
    pupils, amount = _sums(schools)
    # floor(x · 2^shift / p) orders as x / p does: two that differ, differ by 1 / (p · p') at least
    shift = 2 * max(p for p, _ in schools).bit_length()
    pupils_before = amount_before = differences = 0
    for p, x in sorted(schools, key=lambda school: (school[1] << shift) // school[0]):
        differences += x * pupils_before - p * amount_before
        pupils_before += p
        amount_before += x
    return Fraction(differences, pupils * amount)


def theil(schools: Spread) -> float:
    """Work out Theil's T: Σ (xᵢ / Σx) · ln((xᵢ / Σx) / (Pᵢ / ΣP)); a school without holders adds 0.

    Source:
        H. Theil, Economics and Information Theory (1967), chapter 4.

    Example:
        >>> round(theil([(100, 2), (100, 0)]), 6)  # ln 2
        0.693147
    """
    pupils, amount = _sums(schools)
    terms = (x / amount * math.log(x * pupils / (amount * p)) for p, x in schools if x)
    return max(0.0, math.fsum(terms))  # never below 0, but for rounding


@dataclass(frozen=True, slots=True)
class Parts:
    """How much of an inequality lies between groups of schools, how much within them.

    Attributes:
        gini_between: Gini's coefficient if every school had its group's mean.
        gini_within: Σ over groups of share of pupils · share of holders · its coefficient.
        gini_overlap: The rest, 0 where the groups' schools do not overlap in rank.
        theil_between: Theil's T if every school had its group's mean.
        theil_within: Σ over groups of share of holders · its T; with the former, all of T.
    """

    gini_between: Fraction
    gini_within: Fraction
    gini_overlap: Fraction
    theil_between: float
    theil_within: float


def parts_of(groups: Sequence[Spread]) -> Parts:
    """Part the inequality of all schools into that between and that within groups.

    Args:
        groups: The schools of each group, one or more; together at least one holder.

    Source:
        Theil: A. F. Shorrocks, Econometrica 48 (1980). Gini: the three terms of
        P. J. Lambert and J. R. Aronson, Economic Journal 103 (1993).
    """
    schools = list(chain.from_iterable(groups))
    pupils, amount = _sums(schools)
    sums = [_sums(group) for group in groups]
    between = gini(sums)
    within = sum(
        (
            Fraction(p * x, pupils * amount) * gini(group)
            for group, (p, x) in zip(groups, sums, strict=True)
            if x
        ),
        Fraction(0),
    )
    return Parts(
        gini_between=between,
        gini_within=within,
        gini_overlap=gini(schools) - between - within,
        theil_between=theil(sums),
        theil_within=math.fsum(
            x / amount * theil(group) for group, (_, x) in zip(groups, sums, strict=True) if x
        ),
    )


def _sums(schools: Spread) -> tuple[int, int]:
    return sum(p for p, _ in schools), sum(x for _, x in schools)
