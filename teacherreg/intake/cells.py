"""Cells of workbooks as text: what a person sees, as far as calamine tells it."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Final

NUMBERS: Final = frozenset({int, float})  # the types of cells that hold numbers


def as_text(cells: Sequence[Any], types: Iterable[type]) -> Sequence[str]:
    """Give cells as text.

    Args:
        cells: Texts, numbers, days and times.
        types: The types among them.

    Returns:
        ``1`` for 1.0, ISO 8601 for days; an empty cell is the empty text.
    """
    if set(types) <= {str}:
        return cells
    return [_WRITERS[type(cell)](cell) for cell in cells]


def _number(value: float) -> str:
    return str(int(value)) if value.is_integer() else repr(value)


def _day(value: datetime) -> str:
    return value.date().isoformat() if value.time() == time() else value.isoformat(" ")


_WRITERS: Final[dict[type, Callable[[Any], str]]] = {
    str: str,
    float: _number,
    int: str,
    bool: lambda value: "TRUE" if value else "FALSE",
    date: date.isoformat,
    datetime: _day,
    time: time.isoformat,
    timedelta: str,
}
