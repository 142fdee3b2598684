"""From the bytes of a workbook to rows of cells, whatever program wrote it.

What the file is, its content decides and not its name: systems hand out HTML tables under
the name .xls, and WPS writes the .xls format as .et. calamine reads .xlsx, .xls, .xlsb and
.ods; where a file is broken it may panic, which Python sees as a BaseException.

This runs in the reading process (`reader`): what comes from outside may end it.
"""

import io
import struct
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, Final

import msoffcrypto
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
from teacherreg.intake.biff import read_records
from teacherreg.intake.decode import decode
from teacherreg.intake.html_table import looks_like_html, read_html_tables, sheet_names
from teacherreg.intake.laid_out import MOST_COLUMNS, LaidSheet, require_possible
from teacherreg.intake.mhtml import pages_of
from teacherreg.intake.ooxml import read_facts
from teacherreg.intake.sheet_facts import SheetFacts, WorkbookFacts
from teacherreg.intake.signatures import (
    ARCHIVE,
    COMPOUND_FILE,
    OTHER_ARCHIVES,
    is_binary,
    is_message,
)
from teacherreg.intake.spreadsheet_xml import looks_like_spreadsheet_xml, read_spreadsheet_xml

# Excel's own password for workbooks that open without asking for one.
NO_REAL_PASSWORD: Final = "VelvetSweatshop"  # noqa: S105

# What msoffcrypto raises on records that are not what they should be.
_BROKEN: Final = (
    OSError, ValueError, LookupError, TypeError, AttributeError, AssertionError, struct.error,
    OverflowError,
)  # fmt: skip


def read_workbook(content: bytes, file: str) -> Iterable[LaidSheet]:
    """Read every sheet of a workbook.

    Args:
        content: The whole file.
        file: Its name, for errors.

    Returns:
        The sheets with cells, in the workbook's order; some are read when they are asked for.

    Raises:
        IntakeError: If the file is protected, damaged or no workbook at all.
    """
    if content.startswith(COMPOUND_FILE):
        content = _without_password(content, file)
    if content.startswith(OTHER_ARCHIVES):
        raise IntakeError("file-archive", file=file)
    if content.startswith(ARCHIVE):
        return _calling_calamine(content, file, read_facts(content, file))
    if content.startswith(COMPOUND_FILE):
        return _calling_calamine(content, file, read_records(content, file))
    if is_binary(content):
        raise IntakeError("file-not-workbook", file=file)
    return _read_markup(content, file)


def _read_markup(content: bytes, file: str) -> Iterable[LaidSheet]:
    """Read pages and XML that a spreadsheet program opens as workbooks."""
    if is_message(content):
        sheets = _read_pages([decode(page, file)[0].decode() for page in pages_of(content)], file)
    else:
        text = decode(content, file)[0].decode()
        if looks_like_spreadsheet_xml(text):
            sheets = read_spreadsheet_xml(text, file)
        elif looks_like_html(text):
            sheets = read_html_tables(text, file)
        else:
            raise IntakeError("file-not-workbook", file=file)
    if not sheets:
        raise IntakeError("file-not-workbook", file=file)
    return [replace(sheet, number=number) for number, sheet in enumerate(sheets, 1)]


def _read_pages(pages: list[str], file: str) -> list[LaidSheet]:
    """Read pages of one file: one is the frame that names the sheets, each other a sheet."""
    sheets = [sheet for page in pages for sheet in read_html_tables(page, file, ())]
    names = [name for page in pages for name in sheet_names(page)]
    if len(names) != len(sheets):
        return sheets
    return [replace(sheet, name=name) for sheet, name in zip(sheets, names, strict=True)]


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


def _calling_calamine(content: bytes, file: str, facts: WorkbookFacts) -> Iterator[LaidSheet]:
    """Turn what calamine says of a broken file into an error of ours."""
    try:
        yield from _read_all(content, file, facts)
    except PasswordError as error:
        raise IntakeError("file-password", file=file) from error
    except (CalamineError, OSError, ValueError, OverflowError) as error:
        raise IntakeError("file-damaged", file=file) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise IntakeError("file-damaged", file=file) from error


def _read_all(content: bytes, file: str, facts: WorkbookFacts) -> Iterator[LaidSheet]:
    offset = 1462 if facts.counts_days_from_1904 else 0
    with CalamineWorkbook.from_filelike(io.BytesIO(content)) as workbook:
        for place, meta in enumerate(workbook.sheets_metadata):
            if meta.typ is not SheetTypeEnum.WorkSheet:
                continue
            sheet = workbook.get_sheet_by_index(place)
            if sheet.start is None or sheet.end is None:
                continue
            merges = tuple(sheet.merged_cell_ranges or ())
            height, width = sheet.end[0] + 1, sheet.end[1] + 1
            require_possible(file, meta.name, height, width, merges, may_be_narrower=True)
            known = facts.sheets.get(meta.name, SheetFacts())
            rows: Iterable[list[Any]] = _rows(sheet, known)
            if width > MOST_COLUMNS:
                rows, width = _without_blank_columns(rows)
                require_possible(file, meta.name, height, width)
            yield LaidSheet(
                name=meta.name,
                rows=rows,
                merges=merges,
                is_hidden=meta.visible is not SheetVisibleEnum.Visible,
                hidden_rows=frozenset(row for row in known.hidden_rows if row <= sheet.end[0]),
                hidden_columns=known.hidden_columns,
                serial_offset_days=offset,
                number=place + 1,
                uncalculated=known.uncalculated,
            )


def _without_blank_columns(rows: Iterable[list[Any]]) -> tuple[list[list[Any]], int]:
    """Leave out the last columns, in which nothing but spaces stands; tell how many are left."""
    kept, width = [], 0
    for row in rows:
        end = len(row)
        while end > width and (row[end - 1] == "" or str(row[end - 1]).isspace()):
            end -= 1
        width = max(width, end)
        kept.append(row[:end])
    return [row[:width] + [""] * (width - len(row)) for row in kept], width


def _rows(sheet: CalamineSheet, facts: SheetFacts) -> Iterator[list[Any]]:
    """Give the rows from the first column on, with the errors that calamine leaves out."""
    _row, left = sheet.start or (0, 0)
    margin = [""] * left
    errors: dict[int, list[tuple[int, str]]] = {}
    for (row, column), error in facts.errors.items():
        errors.setdefault(row, []).append((column, error))
    for number, cells in enumerate(sheet.iter_rows()):
        whole = margin + cells
        for column, error in errors.get(number, ()):
            if column < len(whole):
                whole[column] = error
        yield whole
