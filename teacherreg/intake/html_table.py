"""Reading the HTML tables that some systems hand out under the name .xls.

Only what a spreadsheet program would show counts: rows, cells, and the rectangles that
``rowspan`` and ``colspan`` make of them.
"""

import re
from collections.abc import Sequence
from html import unescape
from html.parser import HTMLParser
from typing import Final

from teacherreg.intake.laid_out import MOST_COLUMNS, LaidSheet, require_possible

MOST_SPANNED: Final = 1_000

# Possessive, so that no text makes it try every way to part comments.
_HTML: Final = re.compile(
    r"\s*+(?:(?><!--.*?-->)\s*+)*+<(?:!doctype html|html|head|body|table|meta)\b",
    re.IGNORECASE | re.DOTALL,
)
_SHEET_NAME: Final = re.compile(r"<x:Name>([^<]*)</x:Name>")


def looks_like_html(text: str) -> bool:
    """Tell whether a text is an HTML page rather than comma-separated values."""
    start = text[:4_000]
    return bool(_HTML.match(start)) or (
        start.lstrip().startswith("<?xml") and "<html" in start.lower()
    )


def sheet_names(text: str) -> list[str]:
    """Give the names of sheets that Excel and WPS write into the head of a page."""
    return [unescape(name).strip() for name in _SHEET_NAME.findall(text)]


def read_html_tables(text: str, file: str, names: Sequence[str] | None = None) -> list[LaidSheet]:
    """Read the tables of a page.

    Args:
        text: The page.
        file: Its name, for the error.
        names: Of its sheets; without them, those that the page tells itself.

    Returns:
        A sheet for each table with cells, nameless where there are more names or fewer.

    Raises:
        IntakeError: ``sheet-too-large``.
    """
    parser = _TableParser()
    parser.feed(text)
    parser.close()
    tables = [rows for rows in parser.tables if any(rows)]
    told = sheet_names(text) if names is None else names
    if len(told) != len(tables):
        told = [""] * len(tables)
    return [_laid_out(file, name, rows) for name, rows in zip(told, tables, strict=True)]


class _TableParser(HTMLParser):
    """Collects cells as (text, rows spanned, columns spanned); a nested table is text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[list[list[tuple[str, int, int]]]] = []
        self._depth = 0
        self._cell: list[str] | None = None
        self._span = (1, 1)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._depth += 1
            if self._depth == 1:
                self.tables.append([])
        elif self._depth != 1:
            return
        elif tag == "tr":
            self._end_cell()
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self._end_cell()
            named = dict(attrs)
            self._cell = []
            self._span = (_span(named.get("rowspan")), _span(named.get("colspan")))
        elif tag == "br" and self._cell is not None:
            self._cell.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if self._depth == 1 and tag in ("td", "th", "tr", "table"):
            self._end_cell()
        if tag == "table":
            self._depth = max(0, self._depth - 1)

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell.append(data)

    def _end_cell(self) -> None:
        if self._cell is None:
            return
        if not self.tables[-1]:
            self.tables[-1].append([])
        self.tables[-1][-1].append(("".join(self._cell).strip(), *self._span))
        self._cell = None


def _span(text: str | None) -> int:
    return min(max(int(text), 1), MOST_SPANNED) if text and text.strip().isdecimal() else 1


def _laid_out(file: str, name: str, rows: list[list[tuple[str, int, int]]]) -> LaidSheet:
    """Put each cell where a browser would; spanned cells stay empty."""
    texts: dict[tuple[int, int], str] = {}
    merges = []
    for row, cells in enumerate(rows):
        column = 0
        for text, height, width in cells:
            while (row, column) in texts:
                column += 1
            if column > MOST_COLUMNS:  # no roster, and so many spans would fill the memory
                break
            last_row = min(row + height, len(rows))
            for place in (
                (r, c) for r in range(row, last_row) for c in range(column, column + width)
            ):
                texts[place] = ""
            texts[row, column] = text
            if last_row - row > 1 or width > 1:
                merges.append(((row, column), (last_row - 1, column + width - 1)))
            column += width
    columns = 1 + max((column for _row, column in texts), default=0)
    require_possible(file, name, len(rows), columns, merges)
    filled = [[texts.get((row, c), "") for c in range(columns)] for row in range(len(rows))]
    return LaidSheet(name, filled, tuple(merges))
