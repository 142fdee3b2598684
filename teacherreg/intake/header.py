"""Finding the header of a sheet and what each of its columns means.

Above the header stand titles, the unit, the date; the header itself may have two or three
rows, an upper cell being merged over its children. It is the row with the most headers
that we know; what each means, `meanings` tells. What a person says of a file goes before that.

What nobody knows is kept under its own header, never guessed.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from teacherreg.errors import IntakeError
from teacherreg.intake.beside import width_of_first_table
from teacherreg.intake.fields import Kind
from teacherreg.intake.layout import NO_HEADER, Layout, Remembered, is_letters
from teacherreg.intake.listed import InSheets, Listed
from teacherreg.intake.meanings import (
    SERIAL_NUMBER,
    Path,
    assign_fields,
    header_key,
    labels_of,
    meanings,
    without_year,
)
from teacherreg.intake.ooxml import column_letters
from teacherreg.intake.sheets import Sheet

ROWS_LOOKED_AT: Final = 60
LEAST_KNOWN: Final = 3
MOST_HEADER_ROWS: Final = 3

Row = Sequence[str | None]

_NOTE: Final = re.compile(r"^\s*(?:注|备注|说明|提示)\d?\s*[:：]")
# What stands in records and in no header: numbers of people and days.
_OF_A_RECORD: Final = re.compile(
    r"\d{17}[\dXx]|\d{15}|1\d{10}|\d{4}(?:[-/.年]\d{1,2}){1,2}[月日]?(?: [\d:]+)?"
)


@dataclass(frozen=True)
class HeaderColumn:
    """One column: where it stands, what is written over it, what it means.

    ``field`` is None where the kind has no use for it; ``is_serial`` marks 序号,
    ``is_left_out`` what a person wants left out; ``choices`` are the fields that the header
    may mean where several fit and nothing told which.
    """

    index: int
    label: str
    field: str | None
    is_serial: bool = False
    is_left_out: bool = False
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Header:
    """The header of a sheet: its first and last row, from zero, and its columns.

    ``second_table`` is the first header of another table beside this one, which is not read.
    ``said`` is what a person said of its columns, now or at the import ``remembered``, and
    ``matched`` the names by which they were meant just now. Where there is no header, ``top``
    is 0 and ``bottom`` -1, and ``fingerprint`` is empty. ``width`` is the number of columns
    up to the second table.
    """

    top: int
    bottom: int
    known: int
    columns: tuple[HeaderColumn, ...]
    second_table: str | None = None
    fingerprint: str = ""
    said: Mapping[str, str | None] = field(default_factory=dict)
    matched: frozenset[str] = frozenset()
    remembered: Remembered | None = None
    width: int | None = None

    @property
    def fields(self) -> frozenset[str]:
        """The fields that have a column."""
        return frozenset(column.field for column in self.columns if column.field)

    def of(self, field: str) -> tuple[HeaderColumn, ...]:
        """The columns that give a field, left to right."""
        return tuple(column for column in self.columns if column.field == field)

    def missing(self, kind: Kind) -> tuple[tuple[str, ...], ...]:
        """The groups of needed fields of which there is no column."""
        return tuple(group for group in kind.needs if not self.fields.intersection(group))


def fingerprint_of(row: Row) -> str:
    """Tell one header from another: the same whatever years, stars and spaces are in it."""
    keys = [without_year(cell or "") for cell in row]
    while keys and not keys[-1]:
        keys.pop()
    return hashlib.sha256("\x1f".join(keys).encode()).hexdigest()


def find_header(
    sheet: Sheet,
    kind: Kind,
    layout: Layout,
    remembered: Sequence[Remembered] = (),
    *,
    file: str = "",
) -> Header | None:
    """Find the header of a sheet.

    Args:
        sheet: The sheet.
        kind: The kind of records looked for.
        layout: What a person says about it; goes before all else.
        remembered: What was said of earlier files; used where the header is the same.
        file: Name of the file, for errors.

    Returns:
        The header; None where no row has three known headers or all that the kind needs.

    Raises:
        IntakeError: If a column that is named stands there twice, or the row said to be the
            header holds a person's number.
    """
    rows: list[Row] = [*sheet.cells.head(max(ROWS_LOOKED_AT, layout.header_row or 0)).rows()]
    wanted = _Wanted(
        file,
        layout,
        {one.fingerprint: one for one in remembered if sheet.name in (one.sheets or (sheet.name,))},
    )
    if layout.header_row == NO_HEADER:
        return _build(sheet, kind, rows, (0, -1), wanted) if rows else None
    row = _row_said(rows, sheet, wanted)
    if row is not None:
        return _build(sheet, kind, rows, (_top_of(sheet, rows, row), row), wanted)
    if layout.header_row is not None:
        return None
    named = {header_key(column): name for column, name in layout.columns.items()}
    counts = [0 if holds_number_or_day(row) else len(_fields_named(row, named)) for row in rows]
    if not any(counts):
        return None
    best = counts.index(max(counts))
    bottom = _bottom_of(sheet, rows, best)
    top = _top_of(sheet, rows, best, most=MOST_HEADER_ROWS - (bottom - best))
    header = _build(sheet, kind, rows, (top, bottom), wanted)
    return header if counts[best] >= LEAST_KNOWN or not header.missing(kind) else None


@dataclass(frozen=True)
class _Wanted:
    """What is said of a sheet now, and what was said of headers before."""

    file: str
    layout: Layout
    by_fingerprint: Mapping[str, Remembered]


def _row_said(rows: Sequence[Row], sheet: Sheet, wanted: _Wanted) -> int | None:
    """Give the row that a person says is the header, or said before of the same one."""
    row = wanted.layout.header_row
    if row is not None and row <= len(rows):
        if holds_number_or_day(rows[row - 1]):
            where = InSheets((sheet.name,))
            raise IntakeError("header-row-is-record", file=wanted.file, row=row, sheets=where)
        return row - 1
    if row is not None or not wanted.by_fingerprint:
        return None
    places = (p for p, cells in enumerate(rows) if fingerprint_of(cells) in wanted.by_fingerprint)
    return next(places, None)


def holds_number_or_day(row: Row) -> bool:
    """Tell a row of a record: in no header stands a number of a person, or a day."""
    return any(_OF_A_RECORD.fullmatch(cell.strip()) for cell in row if cell)


def _fields_named(row: Row, named: Mapping[str, str | None]) -> set[str | None]:
    """Give the fields that a row names; some of its headers are ``named`` by a person."""
    short = [cell for cell in row if cell and len(cell) < 60]
    known = {found[0] for cell in short if (found := meanings(cell))}
    return known | {named[key] for cell in short if named and (key := header_key(cell)) in named}


def looks_like_header(row: Row) -> bool:
    """Tell whether a row inside the records is a header again.

    A record may hold words that are headers too, such as 专任教师 and 骨干教师; but most of
    its cells are none.
    """
    filled = [cell for cell in row if cell]
    named = sum(bool(meanings(cell)) for cell in filled)
    return len(_fields_named(row, {})) >= LEAST_KNOWN and named * 2 > len(filled)


def _build(
    sheet: Sheet, kind: Kind, rows: list[Row], extent: tuple[int, int], wanted: _Wanted
) -> Header:
    top, bottom = extent
    whole = [_path(rows, sheet, top, bottom, index) for index in range(sheet.cells.width)]
    rests = _rests_of_merges(sheet, bottom)
    for index in sorted(rests):
        whole[index] = whole[index] or whole[rests[index]]
    width = width_of_first_table(whole, sheet, bottom, lambda text: _names_whom(text, kind))
    paths, labels = whole[:width], labels_of(whole[:width])
    fingerprint = fingerprint_of(rows[bottom]) if bottom >= 0 else ""
    before = wanted.by_fingerprint.get(fingerprint)
    now = _columns_meant(wanted.layout.columns, labels, paths, wanted.file)
    earlier = before.columns if before else {}
    said = {
        index: earlier[label]
        for index, label in enumerate(labels)
        if label in earlier and earlier[label] in (None, *kind.names)
    }
    said |= dict(now.values())
    fields, choices = assign_fields(paths, kind, said)
    columns = []
    for index, path in enumerate(paths):
        says_nothing = not path or index in rests or _NOTE.match(path[-1])
        if says_nothing and index not in said and _is_blank_below(sheet, index, bottom):
            continue
        if index in rests and index not in said:
            fields[index] = fields[rests[index]]
        is_serial = fields[index] is None and bool(path) and _is_serial(path[-1])
        is_left_out = index in said and fields[index] is None
        choice = choices.get(index, ())
        columns.append(
            HeaderColumn(index, labels[index], fields[index], is_serial, is_left_out, choice)
        )
    beside = None
    if width < len(whole):
        beside = whole[width][-1] if whole[width] else column_letters(width)
    return Header(
        top=top,
        bottom=bottom,
        known=sum(bool(path and meanings(path[-1])) for path in paths),
        columns=tuple(columns),
        second_table=beside,
        fingerprint=fingerprint,
        said={labels[index]: name for index, name in said.items()},
        matched=frozenset(now),
        remembered=before,
        width=width,
    )


def _is_blank_below(sheet: Sheet, index: int, bottom: int) -> bool:
    return sheet.cells[str(index)][bottom + 1 :].drop_nulls().is_empty()


def _is_serial(text: str) -> bool:
    return meanings(text)[:1] == (SERIAL_NUMBER,)


def _names_whom(text: str, kind: Kind) -> bool:
    return any(field in kind.keys for field in meanings(text)[:1])


def _rests_of_merges(sheet: Sheet, bottom: int) -> dict[int, int]:
    """Tell the columns over which a header reaches that has no parts, and where it begins."""
    return {
        index: left
        for (top, left), (last, right) in sheet.merges
        if top <= bottom <= last
        for index in range(left + 1, min(right + 1, sheet.cells.width))
    }


def _columns_meant(
    said: Mapping[str, str | None], labels: list[str], paths: list[Path], file: str
) -> dict[str, tuple[int, str | None]]:
    """Find the columns that a person names: by header, else by letters.

    Raises:
        IntakeError: ``map-column-several`` if a header stands over several columns.
    """
    meant = {}
    for column, name in said.items():
        key = header_key(column)
        places = [i for i, path in enumerate(paths) if path and header_key(path[-1]) == key]
        places = places or [i for i, label in enumerate(labels) if header_key(label) == key]
        if len(places) > 1:
            known = Listed(tuple(labels[place] for place in places))
            raise IntakeError("map-column-several", file=file, column=column, known=known)
        if not places and is_letters(column):
            places = [i for i in range(len(labels)) if column_letters(i) == column.upper()]
        if places:
            meant[column] = (places[0], name)
    return meant


def _bottom_of(sheet: Sheet, rows: list[Row], best: int) -> int:
    """Tell the last row of the header around its best row."""
    bottom = best
    while bottom + 1 < len(rows) and bottom - best + 1 < MOST_HEADER_ROWS:
        if not _is_child_row(sheet, rows, bottom + 1):
            break
        bottom += 1
    return bottom


def _top_of(sheet: Sheet, rows: list[Row], best: int, most: int = MOST_HEADER_ROWS) -> int:
    """Tell its first row; no more than ``most`` rows from there to the best one."""
    top = best
    while top > 0 and best - top + 1 < most and _is_parent_row(sheet, rows, top - 1):
        top -= 1
    return top


def _own(sheet: Sheet, rows: list[Row], row: int) -> dict[int, str]:
    """The cells of a row that hold text of their own, not that of a merge above."""
    return {
        index: cell
        for index, cell in enumerate(rows[row])
        if cell and cell.strip() and (row, index) not in sheet.filled
    }


def _is_child_row(sheet: Sheet, rows: list[Row], row: int) -> bool:
    """Tell whether a row names the parts of the headers above it.

    Then every cell of its own stands under or beside a header that reaches over several
    columns; a record has cells under single headers too.
    """
    above = {index for index, cell in enumerate(rows[row - 1]) if cell and cell.strip()}
    own = _own(sheet, rows, row)
    parts = {index for index in own if index not in above or index + 1 not in above}
    if len(own) < 2 or any(any(map(str.isdigit, cell)) for cell in own.values()):
        return False
    return parts == set(own) and any(index not in above for index in own)


def _is_parent_row(sheet: Sheet, rows: list[Row], row: int) -> bool:
    """Tell whether a row stands over the header as its upper part; a title does not."""
    own = _own(sheet, rows, row)
    if any((row + 1, index) in sheet.filled for index in own):
        return True
    used = [index for index, cell in enumerate(rows[row + 1]) if cell]
    if len(own) == 1:
        return next(iter(own)) > min(used, default=0)
    return len(own) > 1


def _path(rows: list[Row], sheet: Sheet, top: int, bottom: int, index: int) -> tuple[str, ...]:
    """Give what stands over a column, from the upper header down."""
    path: list[str] = []
    for row in range(top, bottom + 1):
        cell = rows[row][index]
        is_upper = row < bottom and rows[bottom][index]
        if not (cell and cell.strip()) and is_upper:
            cell = next((left for left in reversed(rows[row][:index]) if left), None)
        if cell and cell.strip() and (not path or path[-1] != cell.strip()):
            path.append(cell.strip())
    return tuple(path)
