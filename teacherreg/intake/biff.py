"""Looking at an .xls before calamine does, for sizes that cannot be.

calamine believes what a sheet says of its own extent and asks for that much memory; from
a damaged file that may be a terabyte, which ends the process. So the few records that
announce sizes are read first: [MS-XLS] 2.4.28 BoundSheet8, 2.4.90 Dimensions, 2.4.265 SST.
"""

import io
import struct
from collections.abc import Iterator
from typing import Final

import olefile  # type: ignore[import-untyped]

from teacherreg.errors import IntakeError
from teacherreg.intake.laid_out import MOST_CELLS

STREAMS: Final = ("Workbook", "Book")

_BOUND_SHEET: Final = 0x0085
_DIMENSIONS: Final = 0x0200
_ROW: Final = 0x0208
_STRINGS: Final = 0x00FC
_END: Final = 0x000A
_BROKEN: Final = (OSError, ValueError, LookupError, TypeError, AttributeError, struct.error)


def refuse_impossible_sizes(content: bytes, file: str) -> None:
    """Look at what an .xls says of its sheets.

    Args:
        content: The whole file.
        file: Its name, for the error.

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
        is_possible = _is_possible(stream)
    except _BROKEN as error:
        raise IntakeError("file-damaged", file=file) from error
    if not is_possible:
        raise IntakeError("file-damaged", file=file)


def _is_possible(stream: bytes) -> bool:
    for kind, start, _size in _records(stream, 0):
        if kind == _STRINGS and struct.unpack_from("<I", stream, start + 4)[0] > len(stream):
            return False
        if kind == _BOUND_SHEET:
            (sheet,) = struct.unpack_from("<I", stream, start)
            if not _has_possible_extent(stream, sheet):
                return False
    return True


def _has_possible_extent(stream: bytes, sheet: int) -> bool:
    for kind, start, size in _records(stream, sheet):
        if kind == _ROW:
            break
        if kind == _DIMENSIONS:
            form = "<IIHH" if size >= 14 else "<HHHH"
            top, bottom, left, right = struct.unpack_from(form, stream, start)
            # Counted from zero, the latter of each pair one past the last.
            if bottom < top or right < left or (bottom - top) * (right - left) > MOST_CELLS:
                return False
    return True


def _records(stream: bytes, start: int) -> Iterator[tuple[int, int, int]]:
    """Walk the records from one place to the end of its part: kind, start and size."""
    while start + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, start)
        yield kind, start + 4, size
        if kind == _END:
            return
        start += 4 + size
