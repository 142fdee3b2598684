"""From the bytes of a file to sheets of text, whatever program wrote it.

Workbooks, web pages and XML are read in a process of their own (`apart`), because such a
file can end the process that reads it. Plain text is read here: a byte of it makes no more
than a few bytes of cells, nothing in it is unpacked or believed, and a million rows need
not travel from one process to another.

A sheet is laid out from its first row, so row *i* of `Sheet.cells` is row *i* + 1 of the
spreadsheet program. A cell merged over several rows is filled down inside the merge.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

import polars as pl

from teacherreg.errors import IntakeError
from teacherreg.export import as_it_was
from teacherreg.intake.apart import Received, read_apart
from teacherreg.intake.decode import decode
from teacherreg.intake.laid_out import Merge
from teacherreg.intake.messages import CELL_END
from teacherreg.intake.signatures import GIT_LFS, is_plain_text
from teacherreg.intake.text_table import read_text_table

_NOTHING: Final = b"\x00\r\n\t ,;\xef\xbb\xbf\xff\xfe"


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
        number: Its place in the workbook, from one, counting every sheet.
        uncalculated: Cells whose formula has no result.
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
    number: int = 1
    uncalculated: frozenset[tuple[int, int]] = frozenset()

    @cached_property
    def wide_merges(self) -> frozenset[tuple[int, int]]:
        """The first cells of merges over several columns."""
        return frozenset(first for first, (_row, right) in self.merges if right > first[1])


def read_sheets(content: bytes, file: str) -> list[Sheet]:
    """Read every sheet of a file.

    Args:
        content: The whole file.
        file: Its name, for errors.

    Returns:
        The sheets in the workbook's order; one for a text file.

    Raises:
        IntakeError: If the file is empty, protected, damaged or no workbook at all, or
            cannot be read within the limits.
    """
    if not (content[:4096].strip(_NOTHING) or content.strip(_NOTHING)):
        raise IntakeError("file-empty", file=file)
    if content.startswith(GIT_LFS):
        raise IntakeError("file-git-lfs", file=file)
    if is_plain_text(content):
        return [_read_text(content, file)]
    return [_sheet(received) for received in read_apart(content, file)]


def _read_text(content: bytes, file: str) -> Sheet:
    text, _encoding = decode(content, file)
    table = read_text_table(text, file)
    if b"'" in text:
        table = table.select(as_it_was(pl.all()))  # what our exports keep from being run
    return Sheet("", table)


def _sheet(received: Received) -> Sheet:
    """Build a sheet of what the reading process says of it."""
    columns = [_texts(parts) for parts in received.texts]
    numbers = {
        index: pl.Series(list(b"".join(flags)), dtype=pl.UInt8).cast(pl.Boolean)
        for index, flags in received.numbers.items()
    }
    filled = _fill_down(columns, numbers, received.merges)
    return Sheet(
        name=received.name,
        cells=pl.DataFrame({str(index): texts for index, texts in enumerate(columns)}),
        numbers={str(index): flags for index, flags in sorted(numbers.items())},
        merges=received.merges,
        filled=filled,
        is_hidden=received.is_hidden,
        hidden_rows=received.hidden_rows,
        hidden_columns=received.hidden_columns,
        serial_offset_days=received.serial_offset_days,
        number=received.number,
        uncalculated=received.uncalculated,
    )


def _texts(parts: Sequence[bytes]) -> pl.Series:
    """Part the texts of a column, which come in one piece."""
    whole = pl.Series([CELL_END.encode().join(parts)], dtype=pl.Binary).cast(pl.String)
    return whole.str.split(CELL_END).explode().replace("", None)


def _fill_down(
    columns: list[pl.Series], numbers: dict[int, pl.Series], merges: Sequence[Merge]
) -> frozenset[tuple[int, int]]:
    """Write the value of each merge into its first column; give the cells written."""
    filled: set[tuple[int, int]] = set()
    sources: dict[int, list[int]] = {}
    for (top, left), (bottom, _right) in merges:
        if left >= len(columns) or bottom <= top or top >= len(columns[left]):
            continue
        if columns[left][top] is None:
            continue
        source = sources.setdefault(left, list(range(len(columns[left]))))
        below = range(top + 1, min(bottom + 1, len(source)))
        source[below.start : below.stop] = [top] * len(below)
        filled.update((row, left) for row in below)
    for index, source in sources.items():
        columns[index] = columns[index].gather(source)
        if index in numbers:
            numbers[index] = numbers[index].gather(source)
    return frozenset(filled)
