"""What calamine does not tell about an .ods: hidden rows and columns, formulas without result.

Rows and columns stand there without numbers, each with how often it is repeated
(OpenDocument 1.3 part 3, 9.1 and 19.675 to 19.749), so they are counted from the first on.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, Final

from teacherreg.intake.laid_out import MOST_COLUMNS
from teacherreg.intake.sheet_facts import SheetFacts

LAST_ROW: Final = 1_048_576  # of a sheet; one may say that it repeats rows for ever
_PIECE: Final = 4_000_000
_MOST_KEPT: Final = 20_000_000  # of one row, or of what is no row

_ATTRIBUTES: Final = rb"((?:\s+[\w:.-]+=\"[^\"]*\")*)\s*/?>"
_TAG: Final = re.compile(rb"<table:table(-column|-row)?" + _ATTRIBUTES)
_CELL: Final = re.compile(rb"<table:(?:covered-)?table-cell" + _ATTRIBUTES)
_NAME: Final = re.compile(rb'\stable:name="([^"]*)"')
_HIDDEN: Final = re.compile(rb'\stable:visibility="(?:collapse|filter)"')
_REPEATED: Final = re.compile(rb'\stable:number-(?:rows|columns)-repeated="(\d{1,9})"')


@dataclass
class _Table:
    """A sheet as far as its tags have been seen."""

    row: int = 0
    column: int = 0
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    uncalculated: set[tuple[int, int]] = field(default_factory=set)

    def take_column(self, attributes: bytes) -> None:
        after = min(self.column + _repeats(attributes), MOST_COLUMNS)
        if _HIDDEN.search(attributes):
            self.hidden_columns.update(range(self.column, after))
        self.column = after

    def take_row(self, attributes: bytes, cells: bytes) -> None:
        after = min(self.row + _repeats(attributes), LAST_ROW)
        if _HIDDEN.search(attributes):
            self.hidden_rows.update(range(self.row, after))
        if b" table:formula=" in cells:
            column = 0
            for cell in _CELL.finditer(cells):
                own = cell[1]
                if b" table:formula=" in own and b" office:value-type=" not in own:
                    self.uncalculated.add((self.row, column))
                column += _repeats(own)
        self.row = after

    def facts(self) -> SheetFacts:
        return SheetFacts(
            frozenset(self.hidden_rows),
            frozenset(self.hidden_columns),
            uncalculated=frozenset(self.uncalculated),
        )


def facts_of_tables(stream: IO[bytes]) -> dict[str, SheetFacts]:
    """Look through the ``content.xml`` of an .ods.

    Args:
        stream: The part, which may be very large.

    Returns:
        What each sheet says, by its name.
    """
    tables: dict[str, _Table] = {}
    table = _Table()
    for piece in _pieces(stream):
        tags = list(_TAG.finditer(piece))
        ends = [tag.start() for tag in tags[1:]] + [len(piece)]
        for tag, end in zip(tags, ends, strict=True):
            if tag[1] == b"-column":
                table.take_column(tag[2])
            elif tag[1] == b"-row":
                table.take_row(tag[2], piece[tag.end() : end])
            elif name := _NAME.search(tag[2]):
                table = tables.setdefault(html.unescape(name[1].decode()), _Table())
    return {name: table.facts() for name, table in tables.items()}


def _repeats(attributes: bytes) -> int:
    found = _REPEATED.search(attributes)
    return int(found[1]) if found else 1


def _pieces(stream: IO[bytes]) -> Iterator[bytes]:
    """Give the part in pieces that end before a row."""
    rest = b""
    while block := stream.read(_PIECE):
        rest += block
        end = rest.rfind(b"<table:table-row")
        if end > 0:
            yield rest[:end]
            rest = rest[end:]
        elif len(rest) > _MOST_KEPT:
            rest = rest[-_MOST_KEPT:]
    yield rest
