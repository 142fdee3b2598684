"""Flows between townships: what is best, and what is known where the time runs out."""

from collections.abc import Sequence
from typing import Any

import pytest
from scipy.optimize import OptimizeResult

from teacherreg.coverage import transport
from teacherreg.coverage.transport import Flow, Giver, Problem, Receiver, solve


def problem(givers: Sequence[Giver], *receivers: Receiver, most: int | None = None) -> Problem:
    return Problem(
        givers, receivers, lambda one, other: 0 if one == other else 1000, most, backbone_percent=20
    )


def test_backbone_teachers_let_others_move() -> None:
    """4 others need a backbone teacher beside them; he comes from the other township."""
    found = solve(
        problem(
            [Giver("primary", "东乡", 9, 0, 9), Giver("primary", "西乡", 1, 1, 0)],
            Receiver("primary", "东乡", 9),
        ),
        seconds=60,
    )
    assert found.flows == [Flow(0, 0, False, 4), Flow(1, 0, True, 1)]
    assert (found.most_filled, found.least_length, found.is_proved) == (5, 1000, True)


def test_the_most_moves_are_the_shortest() -> None:
    found = solve(
        problem(
            [Giver("primary", "东乡", 3, 3, 0), Giver("junior", "西乡", 3, 3, 0)],
            Receiver("primary", "南乡", 3),
            Receiver("junior", "西乡", 1),
            most=2,
        ),
        seconds=60,
    )
    assert sorted(found.flows) == [Flow(0, 0, True, 1), Flow(1, 1, True, 1)]
    assert (found.least_length, found.is_proved) == (1000, True)


def test_nobody_to_move_is_proved_too() -> None:
    found = solve(problem([], Receiver("primary", "东乡", 3)), seconds=60)
    assert (found.flows, found.most_filled, found.is_proved) == ([], 0, True)


def test_out_of_time_the_distance_from_the_bound_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = problem([Giver("primary", "东乡", 2, 2, 0)], Receiver("primary", "西乡", 3))
    solved, calls = transport._solved, []

    def late(*arguments: Any, are_whole: bool) -> OptimizeResult:
        calls.append(are_whole)
        if len(calls) == 1:  # the places are filled, the ways are not looked at any more
            return solved(*arguments, are_whole=are_whole)
        return OptimizeResult(status=1, x=None, fun=None, mip_dual_bound=None)

    monkeypatch.setattr(transport, "_solved", late)
    found = solve(asked, seconds=60)
    assert found.flows == [Flow(0, 0, True, 2)]
    assert (found.most_filled, found.least_length, found.is_proved) == (2, 0, False)
    calls[:] = [True]  # now nothing is found at all
    found = solve(asked, seconds=60)
    assert (found.flows, found.most_filled, found.is_proved) == ([], 2, False)
