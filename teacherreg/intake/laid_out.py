"""Sheets as their readers lay them out, and how large one may be.

A program that writes sheets can say in a few bytes that one has thousands of millions of
cells; no roster has.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from teacherreg.errors import IntakeError

MOST_CELLS: Final = 20_000_000
MOST_COLUMNS: Final = 1_000  # the widest rosters have 75
MOST_MERGED: Final = 1_000_000  # rows of merged ranges, all taken together

Merge = tuple[tuple[int, int], tuple[int, int]]  # first and last cell, (row, column) from zero


@dataclass(frozen=True)
class LaidSheet:
    """One sheet as a full rectangle from its first row and column.

    Attributes:
        name: Its name; empty where the file has none for it.
        rows: Its rows, all of one width: texts, numbers, days; an empty cell is "".
        merges: Merged ranges; the first cell holds what they show.
        is_hidden: Hidden in the spreadsheet program.
        hidden_rows: Rows hidden or filtered away.
        hidden_columns: Columns hidden.
        serial_offset_days: To be added to a day number: 1462 where days count from 1904.
        number: Its place in the workbook, from one.
        uncalculated: Cells whose formula has no result.
    """

    name: str
    rows: Iterable[list[Any]]
    merges: tuple[Merge, ...] = ()
    is_hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    serial_offset_days: int = 0
    number: int = 1
    uncalculated: frozenset[tuple[int, int]] = frozenset()


def require_possible(
    file: str,
    sheet: str,
    rows: int,
    columns: int,
    merges: Iterable[Merge] = (),
    *,
    may_be_narrower: bool = False,
) -> None:
    """Refuse a sheet that is larger than any roster.

    Args:
        file: Name of the file, for the error.
        sheet: Name of the sheet.
        rows: How many it has.
        columns: How many it has.
        merges: Its merged ranges.
        may_be_narrower: Its last columns may hold nothing but stray spaces: their number
            alone is no reason yet.

    Raises:
        IntakeError: ``sheet-too-large``.
    """
    merged = sum(max(min(bottom, rows) - top, 0) + 1 for (top, _left), (bottom, _right) in merges)
    is_wide = columns > MOST_COLUMNS and not may_be_narrower
    if rows * columns > MOST_CELLS or is_wide or merged > MOST_MERGED:
        raise IntakeError("sheet-too-large", file=file, sheet=sheet)
