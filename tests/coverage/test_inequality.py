"""Measures of inequality: vectors worked out by hand, and what must hold of any schools."""

import math
from fractions import Fraction
from itertools import permutations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from teacherreg.coverage.inequality import (
    best_moves,
    gini,
    parts_of,
    squared_cv,
    squared_cv_parts,
    theil,
)

School = tuple[int, int]

# 校际差异系数 of the rules: ΣP = 302, Σx = 1913, mean 6.3344; not weighted it would be 0.4888.
WORKED = [(45, 279), (37, 137), (89, 935), (76, 160), (55, 402)]

one_school = st.tuples(st.integers(1, 400), st.integers(0, 12))
counties = st.lists(one_school, min_size=2, max_size=8).filter(lambda c: any(x for _, x in c))


def unweighted_cv(schools: list[School]) -> float:
    values = [x / p for p, x in schools]
    mean = sum(values) / len(values)
    return math.sqrt(sum((value - mean) ** 2 for value in values) / len(values)) / mean


@pytest.mark.parametrize(
    ("schools", "weighted", "not_weighted"),
    [
        pytest.param(WORKED, 0.5153, 0.4888, id="the worked example"),
        pytest.param([(420, 3), (980, 12), (260, 4), (640, 5)], 0.2720, 0.3161, id="four schools"),
        pytest.param([(100, 3001), (100, 999)], 0.5005, 0.5005, id="just over 0.50"),
    ],
)
def test_large_schools_weigh_more(
    schools: list[School], weighted: float, not_weighted: float
) -> None:
    assert math.sqrt(squared_cv(schools)) == pytest.approx(weighted, abs=5e-5)
    assert unweighted_cv(schools) == pytest.approx(not_weighted, abs=5e-5)


@pytest.mark.parametrize(
    ("schools", "square"),
    [
        pytest.param([(300, 3), (300, 3)], Fraction(0), id="all alike"),
        pytest.param([(100, 3), (100, 1)], Fraction(1, 4), id="exactly 0.50"),
        pytest.param([(90, 29), (90, 11)], Fraction(81, 400), id="exactly 0.45"),
        # ΣP = 200, Σx²/P = (9006001 + 998001) / 100, Σx = 4000
        pytest.param(
            [(100, 3001), (100, 999)], Fraction(2 * 10004002, 16_000_000) - 1, id="over 0.50"
        ),
    ],
)
def test_the_square_is_exact(schools: list[School], square: Fraction) -> None:
    assert squared_cv(schools) == square


def test_the_worked_example_school_by_school() -> None:
    mean = 1913 / 302
    squares = [float(part) * mean**2 for part in squared_cv_parts(WORKED)]
    assert squares == pytest.approx([0.0027, 0.8486, 5.1274, 4.5011, 0.1730], abs=5e-5)
    assert sum(squares) == pytest.approx(10.6528, abs=5e-5)


@given(counties)
def test_what_schools_add_is_the_whole(schools: list[School]) -> None:
    parts = squared_cv_parts(schools)
    assert sum(parts) == squared_cv(schools)
    assert all(part >= 0 for part in parts)


@given(counties, st.integers(2, 50), st.randoms(use_true_random=False))
def test_neither_scale_nor_order_matters(schools: list[School], by: int, chance) -> None:  # type: ignore[no-untyped-def]
    shuffled = list(schools)
    chance.shuffle(shuffled)
    for other in (
        shuffled,
        [(p, x * by) for p, x in schools],  # so many for each 100, or each 1
        [(p * by, x) for p, x in schools],
    ):
        assert squared_cv(other) == squared_cv(schools)
        assert gini(other) == gini(schools)
        assert theil(other) == pytest.approx(theil(schools), abs=1e-12)


@given(counties)
def test_a_school_in_two_equal_halves_changes_nothing(schools: list[School]) -> None:
    (pupils, holders), *rest = [(2 * p, 2 * x) for p, x in schools]
    halves = [(pupils // 2, holders // 2)] * 2 + rest
    assert squared_cv(halves) == squared_cv(schools)
    assert gini(halves) == gini(schools)
    assert theil(halves) == pytest.approx(theil(schools), abs=1e-12)


@given(counties)
def test_gini_is_half_the_mean_difference_over_the_mean(schools: list[School]) -> None:
    pupils, amount = sum(p for p, _ in schools), sum(x for _, x in schools)
    difference = sum(
        Fraction(p * q, pupils**2) * abs(Fraction(x, p) - Fraction(y, q))
        for p, x in schools
        for q, y in schools
    )
    assert gini(schools) == difference / (2 * Fraction(amount, pupils))


@pytest.mark.parametrize(
    ("schools", "gini_is", "theil_is"),
    [
        pytest.param([(300, 3), (300, 3)], Fraction(0), 0, id="all alike"),
        pytest.param(
            [(100, 3), (100, 1)],
            Fraction(1, 4),
            0.75 * math.log(1.5) + 0.25 * math.log(0.5),
            id="three to one",
        ),
        pytest.param([(100, 2), (300, 0)], Fraction(3, 4), math.log(4), id="one school has all"),
    ],
)
def test_gini_and_theil_by_hand(schools: list[School], gini_is: Fraction, theil_is: float) -> None:
    assert gini(schools) == gini_is
    assert theil(schools) == pytest.approx(theil_is, abs=1e-15)


def test_the_parts_by_hand() -> None:
    """City (100, 3) and (100, 1), country (200, 0): a quarter is within, all ranks in order."""
    parts = parts_of([[(100, 3), (100, 1)], [(200, 0)]])
    assert parts.gini_between == Fraction(1, 2)  # |4 · 200| / (400 · 4)
    assert parts.gini_within == Fraction(1, 8)  # half the pupils · all holders · 1/4
    assert parts.gini_overlap == 0
    assert parts.theil_between == pytest.approx(math.log(2))
    assert parts.theil_within == pytest.approx(0.75 * math.log(1.5) + 0.25 * math.log(0.5))


def test_groups_that_overlap_leave_a_rest() -> None:
    """Both groups hold (100, 3) and (100, 1), so nothing lies between them: G = 1/4."""
    parts = parts_of([[(100, 3), (100, 1)], [(100, 3), (100, 1)]])
    assert (parts.gini_between, parts.gini_within) == (0, Fraction(1, 8))
    assert parts.gini_overlap == Fraction(1, 8)
    assert parts.theil_between == 0


@given(st.lists(st.lists(one_school, min_size=1, max_size=4), min_size=1, max_size=4))
def test_between_and_within_are_the_whole(groups: list[list[School]]) -> None:
    schools = [school for group in groups for school in group]
    assume(any(x for _, x in schools))
    parts = parts_of(groups)
    assert parts.theil_between + parts.theil_within == pytest.approx(theil(schools), abs=1e-12)
    assert parts.theil_between >= 0
    assert parts.theil_within >= 0
    assert parts.gini_between + parts.gini_within + parts.gini_overlap == gini(schools)
    assert min(parts.gini_between, parts.gini_within, parts.gini_overlap) >= 0


def moved(schools: list[School], giver: int, taker: int) -> list[School]:
    after = list(schools)
    after[giver] = (after[giver][0], after[giver][1] - 1)
    after[taker] = (after[taker][0], after[taker][1] + 1)
    return after


@given(counties)
def test_the_best_move_is_what_trying_all_of_them_finds(schools: list[School]) -> None:
    tried = [
        squared_cv(moved(schools, giver, taker))
        for giver, taker in permutations(range(len(schools)), 2)
        if schools[giver][1]
    ]
    best = min([squared_cv(schools), *tried])
    move = next(best_moves(schools), None)
    if move is None:
        assert best == squared_cv(schools)
    else:
        assert move.lowers > 0
        assert squared_cv(moved(schools, move.giver, move.taker)) == best
        assert squared_cv(schools) - move.lowers == best


@given(st.lists(st.tuples(st.integers(1, 9), st.integers(0, 3)), min_size=2, max_size=4))
def test_each_further_move_goes_as_low_as_so_many_moves_can(schools: list[School]) -> None:
    assume(any(x for _, x in schools))
    reached = {tuple(schools)}  # by any moves at all, good or bad
    square, now = squared_cv(schools), list(schools)
    for move in best_moves(schools):
        now = moved(now, move.giver, move.taker)
        square -= move.lowers
        assert squared_cv(now) == square
        reached |= {
            tuple(moved(list(county), giver, taker))
            for county in reached
            for giver, taker in permutations(range(len(schools)), 2)
            if county[giver][1]
        }
        assert square == min(squared_cv(county) for county in reached)


def test_of_equal_moves_the_first_school_goes() -> None:
    move = next(best_moves([(100, 3), (100, 3), (100, 0), (100, 0)]))
    assert (move.giver, move.taker) == (0, 2)


def test_nothing_moves_where_all_are_alike() -> None:
    assert list(best_moves([(300, 3), (300, 3)])) == []
