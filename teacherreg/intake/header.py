"""Finding the header of a sheet and what each of its columns means.

Above the header stand titles, the unit, the date; the header itself may have two or three
rows, an upper cell being merged over its children. It is the row with the most headers
that we know. A header is compared as it stands, then without its number, "必填" or date,
then without a note in brackets, and last without its parent.

What nobody knows is kept under its own header, never guessed.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from teacherreg.codes.headers import synonyms
from teacherreg.intake.fields import Kind
from teacherreg.intake.ooxml import column_letters
from teacherreg.intake.sheets import Sheet

ROWS_LOOKED_AT: Final = 60
LEAST_KNOWN: Final = 3
MOST_HEADER_ROWS: Final = 3
SERIAL_NUMBER: Final = "seq"  # 序号: says nothing
# 职务 is a rank only where it says so, 研究生 mostly 是 or 否: fields that a header with several
# meanings does not give unless it is its usual meaning.
FIRST_MEANING_ONLY: Final = frozenset(
    {"professional_rank", "education", "subject", "school_joined_on", "staff_no"}
)

Row = Sequence[str | None]

_NOT_MEANT: Final = re.compile(r"[*★☆▲\s\u200b-\u200f\ufeff\u00a0\u3000]+")
_PREFIX: Final = re.compile(
    r"^(?:\(?\d{1,2}[.、)]|\((?:必填|选填)\)|\[(?:必填|选填)\]|必填项?|选填项?|\d{4}年(?:\d{1,2}月)?)+[:、]?"
)
_BRACKETS: Final = re.compile(r"(?:\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】)$")
_NOTE: Final = re.compile(r"^\s*(?:注|备注|说明|提示)\d?\s*[:：]")


@dataclass(frozen=True)
class HeaderColumn:
    """One column: where it stands, what is written over it, what it means.

    ``field`` is None where the kind has no use for it; ``is_serial`` marks 序号.
    """

    index: int
    label: str
    field: str | None
    is_serial: bool = False


@dataclass(frozen=True)
class Header:
    """The header of a sheet: its first and last row, from zero, and its columns.

    ``second_table`` is the first header of another table beside this one, which is not read.
    """

    top: int
    bottom: int
    known: int
    columns: tuple[HeaderColumn, ...]
    second_table: str | None = None

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


def header_key(text: str) -> str:
    """Give a header without what people write around it: 姓 名* is 姓名."""
    return _NOT_MEANT.sub("", unicodedata.normalize("NFKC", text)).casefold()


@cache
def _known() -> Mapping[str, tuple[str, ...]]:
    return {header_key(header): fields for header, fields in synonyms().items()}


def meanings(text: str) -> tuple[str, ...]:
    """Tell the fields that a header may mean, the usual one first; empty if unknown."""
    return next((_known()[form] for form in _forms(header_key(text)) if form in _known()), ())


def _forms(key: str) -> Iterator[str]:
    """Give the forms in which a header is looked up, the fullest first."""
    yield key
    bare = _PREFIX.sub("", key).rstrip(":")
    yield bare
    while (shorter := _BRACKETS.sub("", bare).rstrip(":")) != bare:
        bare = shorter
        yield bare


def find_header(sheet: Sheet, kind: Kind) -> Header | None:
    """Find the header of a sheet.

    Args:
        sheet: The sheet.
        kind: The kind of records looked for.

    Returns:
        The header; None where no row has three known headers or all that the kind needs.
    """
    rows: list[Row] = [*sheet.cells.head(ROWS_LOOKED_AT).rows()]
    counts = [len(_fields_named(row)) for row in rows]
    if not counts:
        return None
    best = counts.index(max(counts))
    header = _build(sheet, kind, rows, best, counts[best])
    if counts[best] < LEAST_KNOWN and (not counts[best] or header.missing(kind)):
        return None
    return header


def _fields_named(row: Row) -> set[str]:
    return {meanings(cell)[0] for cell in row if cell and len(cell) < 60 and meanings(cell)}


def looks_like_header(row: Row) -> bool:
    """Tell whether a row inside the records is a header again.

    A record may hold words that are headers too, such as 专任教师 and 骨干教师; but most of
    its cells are none.
    """
    filled = [cell for cell in row if cell]
    named = sum(bool(meanings(cell)) for cell in filled)
    return len(_fields_named(row)) >= LEAST_KNOWN and named * 2 > len(filled)


def _build(sheet: Sheet, kind: Kind, rows: list[Row], best: int, known: int) -> Header:
    top, bottom = _extent(sheet, rows, best)
    paths = [_path(rows, sheet, top, bottom, index) for index in range(sheet.cells.width)]
    width = _width_of_first_table(paths)
    beside = paths[width][-1] if width < len(paths) else None
    paths = paths[:width]
    fields = _assign(paths, kind)
    columns = []
    for index, label in enumerate(_labels(paths)):
        if _is_blank_below(sheet, index, bottom) and (
            not paths[index] or _NOTE.match(paths[index][-1])
        ):
            continue
        found = meanings(paths[index][-1]) if paths[index] else ()
        is_serial = fields[index] is None and found[:1] == (SERIAL_NUMBER,)
        columns.append(HeaderColumn(index, label, fields[index], is_serial))
    return Header(top, bottom, known, tuple(columns), beside)


def _is_blank_below(sheet: Sheet, index: int, bottom: int) -> bool:
    return sheet.cells[str(index)][bottom + 1 :].drop_nulls().is_empty()


def _width_of_first_table(paths: list[tuple[str, ...]]) -> int:
    """Tell where another table begins beside the first: where its headers begin anew."""
    first = next((i for i, path in enumerate(paths) if path), 0)
    start = paths[first : first + LEAST_KNOWN]
    if len(start) == LEAST_KNOWN and all(start):
        for index in range(first + LEAST_KNOWN, len(paths) - LEAST_KNOWN + 1):
            if paths[index : index + LEAST_KNOWN] == start:
                return index
    return len(paths)


def _extent(sheet: Sheet, rows: list[Row], best: int) -> tuple[int, int]:
    """Tell the first and the last row of the header around its best row."""
    top = bottom = best
    while bottom + 1 < len(rows) and bottom - top + 1 < MOST_HEADER_ROWS:
        if not _is_child_row(sheet, rows, bottom + 1):
            break
        bottom += 1
    while top > 0 and bottom - top + 1 < MOST_HEADER_ROWS and _is_parent_row(sheet, rows, top - 1):
        top -= 1
    return top, bottom


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


def _assign(paths: list[tuple[str, ...]], kind: Kind) -> list[str | None]:
    """Tell the field of each column; what a parent confirms comes before a child alone."""
    fields: list[str | None] = [None] * len(paths)
    settled = [False] * len(paths)
    for index, path in enumerate(paths):
        found = _meanings_with_parent(path)
        if found:
            settled[index] = True
            fields[index] = found[0] if found[0] in kind.names else None
    for is_second_choice in (False, True):
        for index, path in enumerate(paths):
            if fields[index] is not None or not path:
                continue
            found = meanings(path[-1]) if not settled[index] else _meanings_with_parent(path)
            offered = [*filter(_may_be_second, found[1:])] if is_second_choice else found[:1]
            fields[index] = _unclaimed(offered, found, kind, fields)
    return fields


def _meanings_with_parent(path: tuple[str, ...]) -> tuple[str, ...]:
    """Look up a header with its parents, nearest parent last to go."""
    if len(path) == 1:
        return meanings(path[0])
    joined = (meanings("".join(path[first:])) for first in range(len(path) - 1))
    return next((found for found in joined if found), ())


def _may_be_second(field: str) -> bool:
    return field not in FIRST_MEANING_ONLY


def _unclaimed(
    offered: Sequence[str], found: tuple[str, ...], kind: Kind, fields: list[str | None]
) -> str | None:
    if found[:1] == (SERIAL_NUMBER,):
        return None
    return next((name for name in offered if name in kind.names and name not in fields), None)


def _labels(paths: list[tuple[str, ...]]) -> list[str]:
    """Give each column a name of its own: what is written over it, made unique."""
    own = [" ".join(path[-1].split()) if path else "" for path in paths]
    labels: list[str] = []
    for index, path in enumerate(paths):
        label = own[index] or column_letters(index)
        if own.count(own[index]) > 1 and len(path) > 1:
            label = " ".join("/".join(path).split())
        number = 2
        unique = label
        while unique in labels:
            unique, number = f"{label} ({number})", number + 1
        labels.append(unique)
    return labels
