"""How many to send from which township to which: the optimum, found and proved by HiGHS.

Schools of the same township and stage are as far from every other, so a variable is how many
go from one township to another, backbone teachers and others apart. What comes first
is how many missing places are filled, then how short the ways are. Everybody who moves
fills one missing place, so as many as are filled do move and no fewer would do.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil, gcd, isfinite
from operator import mul
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from scipy.optimize import OptimizeResult

_TOLERANCE: Final = 1e-6
_OPTIMAL: Final = 0
_LEAST_SECONDS: Final = 0.05

Rows: TypeAlias = list[tuple[list[int], list[int], int]]  # variables, their factors, the most


class Giver(NamedTuple):
    """The schools of a township and stage with more than they need, and who may leave them.

    Three numbers tell all choices: of one school, so many backbone teachers and so many others
    may leave as neither are more than there are and both together no more than its surplus;
    and such choices of several schools add up to those that the sums allow (they are integral
    polymatroids).

    Attributes:
        surplus: How many may leave together.
        backbone: How many backbone teachers may leave, if nobody else does.
        others: How many others whom the standard counts, if nobody else does.
    """

    stage: str
    township: str | None
    surplus: int
    backbone: int
    others: int


class Receiver(NamedTuple):
    """The schools of a township and stage with too few: how many they miss together."""

    stage: str
    township: str | None
    missing: int


@dataclass(frozen=True)
class Problem:
    """What is to be solved.

    Attributes:
        length: Length of the way between two townships, a whole number.
        most_moves: Most persons who may move; None: any number.
        backbone_percent: Least share of backbone teachers among those who move.
    """

    givers: Sequence[Giver]
    receivers: Sequence[Receiver]
    length: Callable[[str | None, str | None], int]
    most_moves: int | None
    backbone_percent: int


class Flow(NamedTuple):
    """Persons who go from a giver to a receiver, which are named by their places in the lists."""

    giver: int
    receiver: int
    is_backbone: bool
    persons: int


@dataclass(frozen=True)
class Solution:
    """The best flows that were found, and how much better any others could be.

    Attributes:
        most_filled: No flows fill more places than so many.
        least_length: No flows that fill as many places are shorter together.
        is_proved: Whether nothing better exists: as many filled as can be, on the least way.
    """

    flows: list[Flow]
    most_filled: int
    least_length: int
    is_proved: bool


def solve(problem: Problem, seconds: float) -> Solution:
    """Fill as many missing places as can be, then on the shortest ways.

    Args:
        problem: The problem.
        seconds: After how many seconds to stop with the best that was found.
    """
    until = time.monotonic() + seconds
    model = _Model(problem)
    every, found, most = list(range(len(model.variables))), [0], model.most_filled
    if every:
        filling = model.run([-1] * len(every), [], until)
        found, most = filling.persons, min(most, -filling.bound)
    filled = sum(found)
    if not filled:
        return Solution([], most, 0, is_proved=most == 0)
    as_many = (every, [-1] * len(every), -filled)
    shortest = model.run([length // model.step for length in model.lengths], [as_many], until)
    if sum(shortest.persons) == filled:
        found = shortest.persons
    length = sum(persons * length for persons, length in zip(found, model.lengths, strict=True))
    least = min(length, max(0, shortest.bound * model.step))
    flows = [
        Flow(*who, persons) for who, persons in zip(model.variables, found, strict=True) if persons
    ]
    return Solution(flows, most, least, is_proved=filled == most and length == least)


class _Run(NamedTuple):
    """What a run gave: persons for each variable, and what no run's cost falls below."""

    persons: list[int]
    bound: int


class _Model:
    """The variables of a problem and what they must keep to."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self.variables = [
            (giver, receiver, is_backbone)
            for giver, gives in enumerate(problem.givers)
            for receiver, receives in enumerate(problem.receivers)
            if gives.stage == receives.stage
            for is_backbone in (True, False)
            if (gives.backbone if is_backbone else gives.others)
        ]
        self.lengths = [
            problem.length(problem.givers[giver].township, problem.receivers[receiver].township)
            for giver, receiver, _ in self.variables
        ]
        self.step = gcd(*self.lengths) or 1
        self._rows = self._limits()

    @property
    def most_filled(self) -> int:
        """A bound that needs no solver: in each stage the less of who may go and is missing."""
        problem, most = self._problem, 0
        for stage in {receiver.stage for receiver in problem.receivers}:
            givers = [giver for giver in problem.givers if giver.stage == stage]
            most += min(
                sum(min(giver.surplus, giver.backbone + giver.others) for giver in givers),
                sum(receiver.missing for receiver in problem.receivers if receiver.stage == stage),
            )
        return most if problem.most_moves is None else min(most, problem.most_moves)

    def run(self, costs: Sequence[int], more: Rows, until: float) -> _Run:
        """Look for the cheapest flows, within what is left of the time.

        Parts of persons are allowed first: without the share of backbone teachers the best
        flows are whole all the same, for all limits are those of a network; and what is best
        then is a bound in any case.
        """
        rows = [*self._rows, *more]
        relaxed = _solved(costs, rows, until, are_whole=False)
        if relaxed.status == _OPTIMAL:
            persons = [round(value) for value in relaxed.x]
            bound = ceil(relaxed.fun - _TOLERANCE * max(1, abs(relaxed.fun)))
            if all(abs(a - b) < _TOLERANCE for a, b in zip(relaxed.x, persons, strict=True)):
                return _Run(persons, sum(map(mul, costs, persons)))
        else:
            bound = self._no_less(costs)
        result = _solved(costs, rows, until, are_whole=True)
        # None where the time was too short to find anything
        persons = [] if result.x is None else [round(value) for value in result.x]
        if result.status == _OPTIMAL:
            bound = sum(map(mul, costs, persons))
        elif result.mip_dual_bound is not None and isfinite(result.mip_dual_bound):
            bound = max(bound, ceil(result.mip_dual_bound - _TOLERANCE))
        return _Run(persons, bound)

    def _no_less(self, costs: Sequence[int]) -> int:
        return min(0, min(costs)) * self.most_filled

    def _limits(self) -> Rows:
        """Give what sums may at most be."""
        of: dict[tuple[str, int], list[int]] = {}
        for number, (giver, receiver, is_backbone) in enumerate(self.variables):
            of.setdefault(("surplus", giver), []).append(number)
            of.setdefault(("backbone" if is_backbone else "others", giver), []).append(number)
            of.setdefault(("missing", receiver), []).append(number)
        problem = self._problem
        rows: Rows = []
        for (what, place), names in of.items():
            source = problem.receivers if what == "missing" else problem.givers
            rows.append((names, [1] * len(names), getattr(source[place], what)))
        every = list(range(len(self.variables)))
        if problem.most_moves is not None:
            rows.append((every, [1] * len(every), problem.most_moves))
        if not all(is_backbone for _, _, is_backbone in self.variables):
            least = problem.backbone_percent
            shares = [least - 100 * is_backbone for _, _, is_backbone in self.variables]
            rows.append((every, shares, 0))
        return rows


def _solved(costs: Sequence[int], rows: Rows, until: float, *, are_whole: bool) -> "OptimizeResult":
    # half a second to load, which no other question should wait for
    from scipy.optimize import LinearConstraint, milp
    from scipy.sparse import csr_array

    numbers = [number for number, (names, _, _) in enumerate(rows) for _ in names]
    names = [name for names, _, _ in rows for name in names]
    factors = [factor for _, factors, _ in rows for factor in factors]
    matrix = csr_array((factors, (numbers, names)), (len(rows), len(costs)))
    return milp(
        costs,
        integrality=[int(are_whole)] * len(costs),
        constraints=LinearConstraint(matrix, ub=[most for _, _, most in rows]),
        options={
            "time_limit": max(_LEAST_SECONDS, until - time.monotonic()),
            "mip_rel_gap": 0,
        },
    )
