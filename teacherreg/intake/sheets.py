"""From the bytes of a file to sheets of text, whatever program wrote it.

What the file is, its content decides and not its name: systems hand out HTML tables and
CSV as .xls, and WPS writes the .xls format as .et. calamine reads .xlsx, .xls, .xlsb and
.ods; where a file is broken it may panic, which Python sees as a BaseException.

A sheet is laid out from its first row, so row *i* of `Sheet.cells` is row *i* + 1 of the
spreadsheet program. A cell merged over several rows is filled down inside the merge.
"""

import io
import os
import struct
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, Final

import msoffcrypto
import polars as pl
from msoffcrypto.exceptions import DecryptionError, FileFormatError, InvalidKeyError, ParseError
from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from teacherreg.errors import IntakeError
from teacherreg.export import as_it_was
from teacherreg.intake.biff import refuse_impossible_sizes
from teacherreg.intake.decode import decode, read_text_table, start_of
from teacherreg.intake.html_table import looks_like_html, read_html_tables
from teacherreg.intake.ooxml import MOST_CELLS, MOST_COLUMNS, SheetFacts, WorkbookFacts, read_facts

COMPOUND_FILE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # .xls, or an encrypted .xlsx
ARCHIVE: Final = b"PK\x03\x04"  # .xlsx, .xlsb, .ods
_NOTHING: Final = b"\x00\r\n\t ,;\xef\xbb\xbf\xff\xfe"  # a file of only these is empty
GIT_LFS: Final = b"version https://git-lfs.github.com/spec/"
# Excel's own password for workbooks that open without asking for one.
NO_REAL_PASSWORD: Final = "VelvetSweatshop"  # noqa: S105

# What msoffcrypto raises on records that are not what they should be.
_BROKEN: Final = (
    OSError, ValueError, LookupError, TypeError, AttributeError, AssertionError, struct.error,
)  # fmt: skip

Merge = tuple[tuple[int, int], tuple[int, int]]  # first and last cell, (row, column) from zero


@dataclass(frozen=True)
class Sheet:
    """One sheet as text.

    Attributes:
        name: Its name; empty for a text file.
        cells: Columns of text named "0", "1", …; an empty cell is null.
        numbers: For each column with cells that hold numbers, which ones do.
        merges: Merged ranges.
        filled: Cells that got their text from the merge they stand in.
        is_hidden: Hidden in the spreadsheet program.
        hidden_rows: Rows hidden or filtered away.
        hidden_columns: Columns hidden.
        serial_offset_days: To be added to a day number: 1462 where days count from 1904.
    """

    name: str
    cells: pl.DataFrame
    numbers: Mapping[str, pl.Series] = field(default_factory=dict)
    merges: tuple[Merge, ...] = ()
    filled: frozenset[tuple[int, int]] = frozenset()
    is_hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    serial_offset_days: int = 0


def read_sheets(content: bytes, file: str) -> list[Sheet]:
    """Read every sheet of a file.

    Args:
        content: The whole file.
        file: Its name, for errors.

    Returns:
        The sheets in the workbook's order; one for a text file.

    Raises:
        IntakeError: If the file is empty, protected, damaged or no workbook at all.
    """
    if not (content[:4096].strip(_NOTHING) or content.strip(_NOTHING)):
        raise IntakeError("file-empty", file=file)
    if content.startswith(GIT_LFS):
        raise IntakeError("file-git-lfs", file=file)
    if content.startswith(COMPOUND_FILE):
        content = _without_password(content, file)
    if content.startswith(ARCHIVE):
        return _read_workbook(content, file, read_facts(content, file))
    if content.startswith(COMPOUND_FILE):
        refuse_impossible_sizes(content, file)
        return _read_workbook(content, file, WorkbookFacts())
    if b"\x00" in content[:4096] and content[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        raise IntakeError("file-not-workbook", file=file)
    return _read_text(content, file)


def _read_text(content: bytes, file: str) -> list[Sheet]:
    if content.startswith((b"%PDF", b"Rar!", b"7z\xbc\xaf", b"{\\rtf", b"GIF8", b"\x89PNG")):
        raise IntakeError("file-not-workbook", file=file)
    text, _encoding = decode(content, file)
    start = start_of(text)
    if looks_like_html(start):
        tables = read_html_tables(text.decode())
        if not tables:
            raise IntakeError("file-not-workbook", file=file)
        return [_sheet("", rows, merges) for rows, merges in tables]
    if start.lstrip().startswith("<?xml"):
        raise IntakeError("file-not-workbook", file=file)
    table = read_text_table(text)
    if table.width > MOST_COLUMNS:
        raise IntakeError("sheet-too-large", file=file, sheet="")
    if b"'" in text:
        table = table.select(as_it_was(pl.all()))  # what our exports keep from being run
    return [Sheet("", table)]


def _without_password(content: bytes, file: str) -> bytes:
    """Give the content itself; refuse a file that asks for a password."""
    try:
        office = msoffcrypto.OfficeFile(io.BytesIO(content))
        if not _is_encrypted(office):
            return content
        office.load_key(password=NO_REAL_PASSWORD)
        plain = io.BytesIO()
        office.decrypt(plain)
    except FileFormatError as error:
        raise IntakeError("file-not-workbook", file=file) from error
    except (DecryptionError, InvalidKeyError, ParseError) as error:
        raise IntakeError("file-password", file=file) from error
    except _BROKEN as error:
        raise IntakeError("file-damaged", file=file) from error
    return plain.getvalue()


def _is_encrypted(office: Any) -> bool:
    """Ask whether a file is; where its records are broken, calamine shall say what it is."""
    try:
        return bool(office.is_encrypted())
    except _BROKEN:
        return False


def _read_workbook(content: bytes, file: str, facts: WorkbookFacts) -> list[Sheet]:
    return _calling_calamine(lambda: _read_all(content, file, facts), file)


def _calling_calamine(read: Callable[[], list[Sheet]], file: str) -> list[Sheet]:
    """Turn what calamine says of a broken file into an error of ours."""
    try:
        with _without_panic_messages():
            return read()
    except PasswordError as error:
        raise IntakeError("file-password", file=file) from error
    except (CalamineError, OSError, ValueError) as error:
        raise IntakeError("file-damaged", file=file) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise IntakeError("file-damaged", file=file) from error


@contextmanager
def _without_panic_messages() -> Iterator[None]:
    """Keep Rust's report of a panic off the screen: it goes to file descriptor 2 itself."""
    try:
        kept = os.dup(2)
    except OSError:  # there is no such descriptor, so nothing can be shown
        yield
        return
    if sys.stderr is not None:
        sys.stderr.flush()
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(nowhere)
        os.close(kept)


def _read_all(content: bytes, file: str, facts: WorkbookFacts) -> list[Sheet]:
    offset = 1462 if facts.counts_days_from_1904 else 0
    sheets = []
    with CalamineWorkbook.from_filelike(io.BytesIO(content)) as workbook:
        for meta in workbook.sheets_metadata:
            if meta.typ is not SheetTypeEnum.WorkSheet:
                continue
            sheet = workbook.get_sheet_by_name(meta.name)
            if sheet.start is None:
                continue
            rows, columns = (place + 1 for place in sheet.end or (0, 0))
            if rows * columns > MOST_CELLS or columns > MOST_COLUMNS:
                raise IntakeError("sheet-too-large", file=file, sheet=meta.name)
            is_hidden = meta.visible is not SheetVisibleEnum.Visible
            known = facts.sheets.get(meta.name, SheetFacts())
            sheets.append(_workbook_sheet(sheet, known, is_hidden, offset))
    return sheets


def _workbook_sheet(sheet: CalamineSheet, facts: SheetFacts, is_hidden: bool, offset: int) -> Sheet:
    rows = sheet.to_python(skip_empty_area=False)
    for (row, column), error in facts.errors.items():
        if row < len(rows) and column < len(rows[row]):
            rows[row][column] = error
    read = _sheet(sheet.name, rows, tuple(sheet.merged_cell_ranges or ()))
    return Sheet(
        name=read.name,
        cells=read.cells,
        numbers=read.numbers,
        merges=read.merges,
        filled=read.filled,
        is_hidden=is_hidden,
        hidden_rows=facts.hidden_rows,
        hidden_columns=facts.hidden_columns,
        serial_offset_days=offset,
    )


def _sheet(name: str, rows: Sequence[list[Any]], merges: tuple[Merge, ...]) -> Sheet:
    filled = _fill_down(rows, merges)
    columns: dict[str, pl.Series] = {}
    numbers: dict[str, pl.Series] = {}
    for index, cells in enumerate(zip(*rows, strict=True)):
        types = set(map(type, cells))
        if types - {str}:
            texts: Sequence[str] = [_WRITERS[type(cell)](cell) for cell in cells]
        else:
            texts = cells
        columns[str(index)] = pl.Series(texts, dtype=pl.String).replace("", None)
        if types & {int, float}:
            numbers[str(index)] = pl.Series([type(cell) in (int, float) for cell in cells])
    return Sheet(name, pl.DataFrame(columns), numbers, merges, frozenset(filled))


def _fill_down(rows: Sequence[list[Any]], merges: tuple[Merge, ...]) -> set[tuple[int, int]]:
    """Write the value of each merge into its first column; give the cells written."""
    filled = set()
    for (top, left), (bottom, _right) in merges:
        if top >= len(rows) or left >= len(rows[top]) or rows[top][left] == "":
            continue
        for row in range(top + 1, min(bottom + 1, len(rows))):
            rows[row][left] = rows[top][left]
            filled.add((row, left))
    return filled


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(value)


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
