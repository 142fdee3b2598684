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
        What each sheet says, by its name.
    """
    facts = {}
    for kind, record in _records(archive.read(WORKBOOK)):
        if kind == _SHEET:
            relation, after = _text(record, 8)
            name, _after = _text(record, after)
            if relation in targets:
                facts[name] = _facts_of(archive.read(targets[relation]))
    return facts


def _facts_of(part: bytes) -> SheetFacts:
    rows: set[int] = set()
    columns: set[int] = set()
    for kind, record in _records(part):
        if kind == _ROW and len(record) > 11 and record[11] & _ROW_IS_HIDDEN:
            rows.add(int.from_bytes(record[:4], "little"))
        elif kind == _COLUMNS and len(record) > 16 and record[16] & _COLUMN_IS_HIDDEN:
            first, last = struct.unpack_from("<II", record)
            columns.update(range(first, min(last + 1, MOST_COLUMNS)))
    return SheetFacts(frozenset(rows), frozenset(columns))


def _records(part: bytes) -> Iterator[tuple[int, bytes]]:
    """Walk the records of a part; kind and size have seven bits a byte."""
    place, end = 0, len(part)
    while place + 1 < end:
        kind = part[place]
        place += 1
        if kind & 0x80:
            kind = kind & 0x7F | (part[place] & 0x7F) << 7
            place += 1
        size = shift = 0
        while place < end and shift < 28:
            byte = part[place]
            place += 1
            size |= (byte & 0x7F) << shift
            shift += 7
            if not byte & 0x80:
                break
        yield kind, part[place : place + size]
        place += size


def _text(record: bytes, start: int) -> tuple[str, int]:
    """Give a text that begins with its length, and where it ends."""
    end = start + 4 + 2 * int.from_bytes(record[start : start + 4], "little")
    return record[start + 4 : end].decode("utf-16-le", "replace"), end
