"""Counts on conduct tell of no few decisions, directly or by subtraction."""

from datetime import date
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from teacherreg.conduct.figures import Figure, decision_figures, folded
from teacherreg.conduct.sanctions import SanctionState, State


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        pytest.param({"a": 9, "b": 4, "c": 3}, {"a": 9, "b": 4, "c": 3}, id="none is small"),
        # 2 alone would be the total less 9 and 4: it joins the 4
        pytest.param({"a": 9, "b": 4, "c": 2}, {"a": 9, None: 6}, id="one is small"),
        pytest.param({"a": 9, "b": 4, "c": 2, "d": 1}, {"a": 9, "b": 4, None: 3}, id="two are"),
        pytest.param({"a": 9, "b": 1, "c": 1}, {None: 11}, id="the only other joins them"),
        pytest.param({"a": 2, "b": 1}, {None: 3}, id="all are small"),
        pytest.param({"a": 1, "b": 1}, {}, id="all together are too few"),
        pytest.param({}, {}, id="nothing"),
    ],
)
def test_small_counts_are_put_together(
    counts: dict[str, int], shown: dict[str | None, int]
) -> None:
    assert folded(counts, 3) == shown


@given(st.dictionaries(st.sampled_from("abcdefgh"), st.integers(1, 20)), st.integers(1, 6))
def test_no_subtraction_from_the_total_gives_a_small_count(
    counts: dict[str, int], least: int
) -> None:
    shown = folded(counts, least)
    total = sum(counts.values())
    if total < least:
        assert shown == {}
        return
    assert sum(shown.values()) == total
    assert all(counts[item] == count for item, count in shown.items() if item is not None)
    parts = list(shown.values())
    for size in range(len(parts)):
        for taken in combinations(parts, size):
            assert total - sum(taken) >= least


def state(number: int, kind: str, year: int, how: State = State.IN_FORCE) -> SanctionState:
    return SanctionState(
        number, number, kind, "disciplinary", None, None, date(year, 5, 1), None, None, how, ()
    )


def test_decisions_are_counted_by_year_kind_and_act() -> None:
    states = [
        *(state(n, "warning", 2025) for n in range(4)),
        state(4, "demerit", 2025),
        *(state(n, "criticism", 2025) for n in range(5, 8)),
        state(8, "warning", 2025, State.ANNULLED),
        *(state(n, "warning", 2024) for n in range(9, 11)),
    ]
    acts: dict[int, str | None] = dict.fromkeys(range(5), "ps_10_paid_tutoring")
    acts |= dict.fromkeys(range(5, 8))
    assert list(decision_figures(states, acts, 3)) == [
        Figure(2025, "total", None, 8),
        Figure(2025, "kind", "warning", 4),
        Figure(2025, "kind_rest", None, 4),  # the one demerit, with the three criticisms
        Figure(2025, "act", "ps_10_paid_tutoring", 5),
        Figure(2025, "act_rest", None, 3),
        Figure(2024, "total", None, None),
    ]
