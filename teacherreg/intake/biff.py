"""Looking at an .xls before calamine does: for sizes that cannot be, and what it does not tell.

calamine believes what a sheet says of its own extent and asks for that much memory; from
a damaged file that may be a terabyte, which ends the process. So the records that announce
sizes are read first, and with them those that hide rows and columns: [MS-XLS] 2.4.28
BoundSheet8, 2.4.53 ColInfo, 2.4.90 Dimensions, 2.4.221 Row, 2.4.265 SST.

Whether a formula was ever calculated does not stand there: each has some result, and a
program that calculates none writes 0.
"""

import io
import struct
from collections.abc import Iterator
from typing import Final

import olefile  # type: ignore[import-untyped]

from teacherreg.errors import IntakeError
from teacherreg.intake.laid_out import MOST_CELLS, MOST_COLUMNS
from teacherreg.intake.sheet_facts import SheetFacts, WorkbookFacts

STREAMS: Final = ("Workbook", "Book")  # the latter up to Excel 95

_BOUND_SHEET: Final = 0x0085
_COLUMNS: Final = 0x007D
_DIMENSIONS: Final = 0x0200
_ROW: Final = 0x0208
_STRINGS: Final = 0x00FC
_END: Final = 0x000A
_ROW_IS_HIDDEN: Final = 0x20
_COLUMN_IS_HIDDEN: Final = 0x01
_WIDE: Final = 0x01  # two bytes a character
_BROKEN: Final = (OSError, ValueError, LookupError, TypeError, AttributeError, struct.error)


def read_records(content: bytes, file: str) -> WorkbookFacts:
    """Look at what an .xls says of its sheets.

    Args:
        content: The whole file.
        file: Its name, for the error.

    Returns:
        What is hidden; nothing of a workbook older than Excel 97.

    Raises:
        IntakeError: ``file-damaged`` if it announces more than it can hold,
            ``file-not-workbook`` if it is another document of Office.
    """
    try:
        with olefile.OleFileIO(io.BytesIO(content)) as compound:
            name = next((name for name in STREAMS if compound.exists(name)), None)
            stream = compound.openstream(name).read() if name else None
    except _BROKEN as error:
        raise IntakeError("file-damaged", file=file) from error
    if stream is None:
        raise IntakeError("file-not-workbook", file=file)
    try:
        sheets = _sheets(stream, file)
    except _BROKEN as error:
        raise IntakeError("file-damaged", file=file) from error
    return WorkbookFacts(sheets if name == STREAMS[0] else {})


def _sheets(stream: bytes, file: str) -> dict[str, SheetFacts]:
    sheets = {}
    for kind, start, size in _records(stream, 0):
        if kind == _STRINGS and struct.unpack_from("<I", stream, start + 4)[0] > len(stream):
            raise IntakeError("file-damaged", file=file)
        if kind == _BOUND_SHEET:
            (sheet,) = struct.unpack_from("<I", stream, start)
            width = stream[start + 7] & _WIDE
            letters = stream[start + 8 : start + size]
            name = letters.decode("utf-16-le" if width else "latin-1", "replace")
            sheets[name] = _facts_of(stream, sheet, file)
    return sheets


def _facts_of(stream: bytes, sheet: int, file: str) -> SheetFacts:
    rows: set[int] = set()
    columns: set[int] = set()
    for kind, start, size in _records(stream, sheet):
        if kind == _DIMENSIONS:
            form = "<IIHH" if size >= 14 else "<HHHH"
            top, bottom, left, right = struct.unpack_from(form, stream, start)
            # Counted from zero, the latter of each pair one past the last.
            if bottom < top or right < left or (bottom - top) * (right - left) > MOST_CELLS:
                raise IntakeError("file-damaged", file=file)
        elif kind == _ROW and stream[start + 12] & _ROW_IS_HIDDEN:
            rows.add(struct.unpack_from("<H", stream, start)[0])
        elif kind == _COLUMNS:
            first, last, _width, _look, flags = struct.unpack_from("<5H", stream, start)
            if flags & _COLUMN_IS_HIDDEN:
                columns.update(range(first, min(last + 1, MOST_COLUMNS)))
    return SheetFacts(frozenset(rows), frozenset(columns))


def _records(stream: bytes, start: int) -> Iterator[tuple[int, int, int]]:
    """Walk the records from one place to the end of its part: kind, start and size."""
    while start + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, start)
        yield kind, start + 4, size
        if kind == _END:
            return
        start += 4 + size
