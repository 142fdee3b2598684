"""What calamine does not tell about an .xlsb: hidden rows and columns.

[MS-XLSB] 2.1.4 Record, BrtBundleSh, BrtColInfo, BrtRowHdr. Whether a formula was ever
calculated does not stand there: each has some result.
"""

import struct
import zipfile
from collections.abc import Iterator, Mapping
from typing import Final

from teacherreg.intake.laid_out import MOST_COLUMNS
from teacherreg.intake.sheet_facts import SheetFacts

WORKBOOK: Final = "xl/workbook.bin"
MOST_BYTES: Final = 60_000_000  # of a sheet, some two million cells: two seconds

_ROW: Final = 0
_COLUMNS: Final = 60
_SHEET: Final = 156
_ROW_IS_HIDDEN: Final = 0x10
_COLUMN_IS_HIDDEN: Final = 0x01


def facts_of_parts(archive: zipfile.ZipFile, targets: Mapping[str, str]) -> dict[str, SheetFacts]:
    """Look through the sheets of an .xlsb.

    Args:
        archive: The file.
        targets: The name of each part by the relation that the workbook has to it.

    Returns:
        What each sheet says, by its name; nothing of a sheet that is too large to look through.
    """
    facts = {}
    workbook = archive.read(WORKBOOK)
    for kind, start, size in _records(workbook):
        if kind == _SHEET:
            relation, after = _text(workbook[start : start + size], 8)
            name, _after = _text(workbook[start : start + size], after)
            part = targets.get(relation)
            if part is not None and archive.getinfo(part).file_size <= MOST_BYTES:
                facts[name] = _facts_of(archive.read(part))
    return facts


def _facts_of(part: bytes) -> SheetFacts:
    rows: set[int] = set()
    columns: set[int] = set()
    for kind, start, size in _records(part):
        if kind == _ROW and size > 11 and part[start + 11] & _ROW_IS_HIDDEN:
            rows.add(int.from_bytes(part[start : start + 4], "little"))
        elif kind == _COLUMNS and size > 16 and part[start + 16] & _COLUMN_IS_HIDDEN:
            first, last = struct.unpack_from("<II", part, start)
            columns.update(range(first, min(last + 1, MOST_COLUMNS)))
    return SheetFacts(frozenset(rows), frozenset(columns))


def _records(part: bytes) -> Iterator[tuple[int, int, int]]:
    """Walk the whole records of a part: kind, start and size.

    Kind and size have seven bits a byte, the lowest first.
    """
    place, end = 0, len(part)
    while place + 5 < end:
        kind, size = part[place], part[place + 1]
        place += 2
        if kind & 0x80:
            kind, size = kind & 0x7F | (size & 0x7F) << 7, part[place]
            place += 1
        if size & 0x80:  # up to four bytes
            size &= 0x7F
            for shift in (7, 14, 21):
                byte = part[place]
                place += 1
                size |= (byte & 0x7F) << shift
                if not byte & 0x80:
                    break
        if place + size <= end:
            yield kind, place, size
        place += size


def _text(record: bytes, start: int) -> tuple[str, int]:
    """Give a text that begins with its length, and where it ends."""
    end = start + 4 + 2 * int.from_bytes(record[start : start + 4], "little")
    return record[start + 4 : end].decode("utf-16-le", "replace"), end
