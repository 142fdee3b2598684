"""Where on a sheet each problem stands: the cell to colour and to lead to.

A problem names a row and a header. One that is about the whole row is shown at its first
cell, one about the whole sheet at its header; inside merged cells only the first is seen.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from teacherreg.intake.header import Header
from teacherreg.intake.problems import Problem
from teacherreg.intake.sheets import Sheet

Cell = tuple[int, int]  # row and column from zero
Range = tuple[int, int, int, int]  # first row and column, last row and column

_MOST_MERGED_CELLS: Final = 1_000_000  # no roster has them; a damaged file may


@dataclass(frozen=True)
class Merged:
    """The merged ranges of a sheet that can be made again.

    Attributes:
        ranges: They do not overlap, and each has at least two cells.
        first: For each cell in one of them, its first cell.
    """

    ranges: tuple[Range, ...]
    first: Mapping[Cell, Cell]


def merged_cells(sheet: Sheet) -> Merged:
    """Take the merged ranges of a sheet, without those that a program would refuse."""
    ranges: list[Range] = []
    first: dict[Cell, Cell] = {}
    height, width = sheet.cells.height, sheet.cells.width
    for (top, left), (last_row, last_column) in sheet.merges:
        if top >= height or left >= width:
            continue
        bottom = min(last_row, height - 1)
        right = min(last_column, max(width - 1, left + 1))
        area = (bottom - top + 1) * (right - left + 1)
        if area < 2 or len(first) + area > _MOST_MERGED_CELLS:
            continue
        cells = [(r, c) for r in range(top, bottom + 1) for c in range(left, right + 1)]
        if first.keys().isdisjoint(cells):
            first.update(dict.fromkeys(cells, (top, left)))
            ranges.append((top, left, bottom, right))
    return Merged(tuple(ranges), first)


def cell_of(
    problem: Problem, sheet: Sheet, header: Header | None, columns: Mapping[str, str | None]
) -> Cell:
    """Find the cell that a problem is about.

    Args:
        problem: A problem of this sheet.
        sheet: The sheet.
        header: Its header, if its records were read.
        columns: For each header of the batch, its field.
    """
    column = _column_of(problem, header, columns)
    if problem.row is not None:
        row = problem.row - 1
        return row, _first_filled(sheet, row, header) if column is None else column
    if header is None:
        return 0, 0
    if column is None:
        column = _first_column(header)
    filled = [row for row in range(header.top, header.bottom + 1) if _text(sheet, row, column)]
    return max(filled, default=max(header.bottom, 0)), column


def by_cell(places: Iterable[tuple[Cell, Problem]]) -> dict[int, dict[int, list[Problem]]]:
    """Gather problems by row and column of their cells."""
    gathered: dict[int, dict[int, list[Problem]]] = {}
    for (row, column), problem in places:
        gathered.setdefault(row, {}).setdefault(column, []).append(problem)
    return gathered


def _column_of(
    problem: Problem, header: Header | None, columns: Mapping[str, str | None]
) -> int | None:
    if header is None or problem.column is None:
        return None
    for column in header.columns:
        if column.label == problem.column:
            return column.index
    field = columns.get(problem.column)  # the header of another sheet of the batch
    return next((column.index for column in header.of(field)), None) if field else None


def _first_column(header: Header) -> int:
    return next((c.index for c in header.columns if not c.is_serial), 0)


def _first_filled(sheet: Sheet, row: int, header: Header | None) -> int:
    if header is None:
        return 0
    records = [column.index for column in header.columns if not column.is_serial]
    return next((index for index in records if _text(sheet, row, index)), _first_column(header))


def _text(sheet: Sheet, row: int, column: int) -> str | None:
    if row >= sheet.cells.height or column >= sheet.cells.width:
        return None
    text: str | None = sheet.cells[row, column]
    return text
