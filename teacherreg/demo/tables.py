"""The tables of the made-up county and the few ways in which everything is drawn from them.

``data/demo/*.toml`` holds what is Chinese and what is a share; the modules beside this one
hold how it comes together. Everything random comes from one `random.Random`, so that the
same seed makes the same county.
"""

import random
import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any, TypeVar

from teacherreg.shipped import shipped

SATURDAY = 5
T = TypeVar("T")


@cache
def table(name: str) -> Mapping[str, Any]:
    """Load ``data/demo/<name>.toml``."""
    text = shipped(f"data/demo/{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def draw(rng: random.Random, shares: Mapping[T, float]) -> T:
    """Draw one of the keys by its share; the shares need not add up to one."""
    return rng.choices(list(shares), weights=list(shares.values()))[0]


def is_school_day(day: date) -> bool:
    """Tell whether there is school in the made-up county, as near as a demo needs it."""
    times: Mapping[str, Any] = table("county")["no_school"]
    at = [day.month, day.day]
    return day.weekday() < SATURDAY and not any(a <= at <= b for a, b in times.values())


def apportion(total: int, weights: Sequence[float], least: int = 0) -> list[int]:
    """Share out whole units by weight, by the largest remainder.

    Args:
        total: How many units there are.
        weights: One for each receiver; only their proportion counts.
        least: What every receiver gets at any rate, if the total allows it.

    Returns:
        Whole numbers in the order of the weights; they add up to ``total``.

    Example:
        >>> apportion(10, [1, 1, 2])
        [3, 2, 5]
    """
    floor = min(least, total // len(weights)) if weights else 0
    rest = total - floor * len(weights)
    scale = sum(weights)
    exact = [rest * weight / scale for weight in weights]
    shares = [int(share) for share in exact]
    by_remainder = sorted(range(len(weights)), key=lambda i: (shares[i] - exact[i], i))
    for i in by_remainder[: rest - sum(shares)]:
        shares[i] += 1
    return [floor + share for share in shares]


def pick(
    rng: random.Random, candidates: Sequence[T], weights: Sequence[float], count: int
) -> list[T]:
    """Pick ``count`` different candidates, the heavier the likelier.

    Source:
        Efraimidis and Spirakis, Weighted random sampling with a reservoir (2006).
    """
    keyed = [(rng.random() ** (1 / weight), i) for i, weight in enumerate(weights) if weight > 0]
    return [candidates[i] for _, i in sorted(keyed, reverse=True)[:count]]
