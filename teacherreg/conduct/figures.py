"""Counts of decisions that tell of nobody: few are put together, so no subtraction tells them.

A count below the least (``ethics.min_cell``) is not shown. Hiding it would not do, for the
year's total less the others would give it back; so small items join one row of the rest,
with the smallest others where that is still too few. Every count given is of at least so
many decisions, and so is every difference between a total and some of its parts.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from teacherreg.conduct.sanctions import SanctionState, State

Breakdown = Literal["total", "kind", "kind_rest", "act", "act_rest"]

_UNSTATED: Final = ""


@dataclass(frozen=True)
class Figure:
    """How many decisions one year saw, of one kind or on one act.

    Attributes:
        year: Of the decision.
        breakdown: Code of ``figure_breakdowns``.
        item: Code of ``sanctions`` or ``ethics_acts``; None for a total or the rest.
        decisions: How many; None where they are too few to be told.
    """

    year: int
    breakdown: Breakdown
    item: str | None
    decisions: int | None


def folded(counts: Mapping[str, int], least: int) -> dict[str | None, int]:
    """Put small counts together until none tells of too few.

    Args:
        counts: How many of each item.
        least: The smallest number that may be told.

    Returns:
        Counts of at least ``least`` that add up to the same total; the rest under None.
        Nothing where all together are fewer.

    Example:
        >>> folded({"warning": 9, "demerit": 4, "removal": 1}, 3)
        {'warning': 9, None: 5}
    """
    rising = sorted(counts, key=lambda item: (counts[item], item))
    rest: list[str] = []
    for item in rising:
        so_far = sum(counts[one] for one in rest)
        if counts[item] >= least and (not rest or so_far >= least):
            break
        rest.append(item)
    shown: dict[str | None, int] = {item: counts[item] for item in counts if item not in rest}
    remaining = sum(counts[item] for item in rest)
    if remaining >= least:
        shown[None] = remaining
    return shown


def decision_figures(
    states: Iterable[SanctionState], acts: Mapping[int, str | None], least: int
) -> Iterator[Figure]:
    """Count decisions by year, kind and act; those annulled do not count.

    Args:
        states: The decisions, as they stand on a day.
        acts: The act of each record, by its number.
        least: The smallest number that may be told.
    """
    kinds: dict[int, Counter[str]] = defaultdict(Counter)
    breaches: dict[int, Counter[str]] = defaultdict(Counter)
    for one in states:
        if one.state is not State.ANNULLED:
            kinds[one.decided_on.year][one.kind] += 1
            breaches[one.decided_on.year][acts.get(one.record_id) or _UNSTATED] += 1
    for year in sorted(kinds, reverse=True):
        total = kinds[year].total()
        yield Figure(year, "total", None, total if total >= least else None)
        for item, count in folded(kinds[year], least).items():
            yield Figure(year, "kind" if item else "kind_rest", item, count)
        yield from _of_acts(year, folded(breaches[year], least))


def _of_acts(year: int, counts: Mapping[str | None, int]) -> Iterator[Figure]:
    """Give the acts; what names none belongs to the rest."""
    rest = counts.get(None, 0) + counts.get(_UNSTATED, 0)
    for item, count in counts.items():
        if item:
            yield Figure(year, "act", item, count)
    if rest:
        yield Figure(year, "act_rest", None, rest)
