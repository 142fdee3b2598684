"""Laying the made-up county's tables out as the workbooks that people hand in.

Title rows, a header of two levels, merged school cells, a subtotal under every school, a
place to sign at the end; a sheet for each school; a CSV in GBK. The day of the roster stands
in for the time of writing, so that the same county gives the same bytes.
"""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from teacherreg.demo.clerks import Cell, Row
from teacherreg.demo.rosters import Block
from teacherreg.demo.tables import table

WIDTHS = {"seq": 5, "name": 12, "sex": 5, "id_number": 21, "school_name": 26, "summary": 40}
USUAL_WIDTH = 12
FREEZE_ABOVE = 6  # a header further down is a repeated one
BLANK_AFTER_SCHOOLS = 3  # in a long table an empty row stands after every third school


@dataclass(frozen=True)
class Column:
    """A column as a sheet shows it; ``group`` is the header cell merged above it."""

    field: str
    header: str
    group: str | None = None


def columns(entries: Iterable[Sequence[str]]) -> list[Column]:
    """Read columns from ``workbooks.toml``: field, header and, for some, the group."""
    return [Column(*entry) for entry in entries]


class Book:
    """An .xlsx file being written."""

    def __init__(self, path: Path, on: date) -> None:
        self._book = xlsxwriter.Workbook(str(path))
        self._book.set_properties({"created": datetime.combine(on, time(9))})
        edged = {"border": 1, "valign": "vcenter"}
        centred = {**edged, "align": "center", "text_wrap": True}
        self.title: Format = self._book.add_format(
            {"bold": True, "font_size": 16, "align": "center", "valign": "vcenter"}
        )
        self.plain: Format = self._book.add_format({"valign": "vcenter"})
        self.head: Format = self._book.add_format({**centred, "bold": True, "bg_color": "#DDE6EE"})
        self.cell: Format = self._book.add_format(edged)
        self.middle: Format = self._book.add_format(centred)
        self.day: Format = self._book.add_format({**edged, "num_format": "yyyy/m/d"})

    def page(self, name: str) -> "Page":
        """Add a sheet."""
        return Page(self, self._book.add_worksheet(name))

    def __enter__(self) -> "Book":
        return self

    def __exit__(self, *_: object) -> None:
        self._book.close()


class Page:
    """A sheet that is filled from the top."""

    def __init__(self, book: Book, sheet: Worksheet) -> None:
        self._book = book
        self._sheet = sheet
        self._row = 0
        self._columns: list[Column] = []

    def lines_above(self, texts: Sequence[str], width: int) -> None:
        """Write title lines, each merged over the table's width."""
        for text in texts:
            form = self._book.title if text == texts[0] else self._book.plain
            self._sheet.merge_range(self._row, 0, self._row, width - 1, text, form)
            self._row += 1

    def header(self, shown: Sequence[Column]) -> None:
        """Write the header, of two levels where a column has a group."""
        self._columns = list(shown)
        levels = 2 if any(column.group for column in shown) else 1
        for i, column in enumerate(shown):
            self._sheet.set_column(i, i, WIDTHS.get(column.field, USUAL_WIDTH))
            if levels == 1 or column.group:
                self._sheet.write(self._row + levels - 1, i, column.header, self._book.head)
            else:
                self._merge((self._row, i, self._row + 1, i), column.header, self._book.head)
        for group in {column.group: None for column in shown if column.group}:
            spot = [i for i, column in enumerate(shown) if column.group == group]
            self._merge((self._row, spot[0], self._row, spot[-1]), group, self._book.head)
        if self._row < FREEZE_ABOVE:
            self._sheet.freeze_panes(self._row + levels, 0)
        self._row += levels

    def line(self, row: Row, without: Sequence[str] = ()) -> None:
        """Write one line of the table."""
        for i, column in enumerate(self._columns):
            if column.field not in without:
                self._write(i, row.get(column.field))
        self._row += 1

    def summary(self, first: str, second: str) -> None:
        """Write a subtotal or total line: what it is, and over how many."""
        for i in range(len(self._columns)):
            self._sheet.write_blank(self._row, i, None, self._book.cell)
        self._sheet.write_string(self._row, 0, first, self._book.middle)
        self._sheet.write_string(self._row, 1, second, self._book.middle)
        self._row += 1

    def blank(self) -> None:
        """Leave a row empty."""
        self._row += 1

    def merge_down(self, field: str, count: int, text: str) -> None:
        """Write one cell over the last ``count`` lines of a column."""
        i = next(i for i, column in enumerate(self._columns) if column.field == field)
        self._merge((self._row - count, i, self._row - 1, i), text, self._book.middle)

    def notes(self, texts: Iterable[str]) -> None:
        """Write the notes and the place to sign under the table."""
        for text in texts:
            self._sheet.write_string(self._row, 0, text, self._book.plain)
            self._row += 1

    def _merge(self, area: tuple[int, int, int, int], text: str, form: Format) -> None:
        if area[:2] == area[2:]:
            self._sheet.write_string(area[0], area[1], text, form)
        else:
            self._sheet.merge_range(*area, text, form)

    def _write(self, i: int, cell: Cell) -> None:
        if cell is None:
            self._sheet.write_blank(self._row, i, None, self._book.cell)
        elif isinstance(cell, str):
            self._sheet.write_string(self._row, i, cell, self._book.cell)
        elif isinstance(cell, date):
            moment = datetime.combine(cell, time())
            self._sheet.write_datetime(self._row, i, moment, self._book.day)
        else:
            self._sheet.write_number(self._row, i, cell, self._book.cell)


def write_table(
    path: Path, sheets: Mapping[str, Sequence[Row]], form: Mapping[str, Any], on: date
) -> Path:
    """Write plain tables, one on each sheet.

    Args:
        path: The workbook.
        sheets: Rows by name of the sheet.
        form: ``title`` lines, ``headers`` (by sheet or for all), ``notes``, ``total``.
        on: Stands in for the time of writing.

    Returns:
        The path written.
    """
    with Book(path, on) as book:
        for name, rows in sheets.items():
            headers = form["headers"]
            shown = columns(headers[name] if isinstance(headers, Mapping) else headers)
            page = book.page(name)
            page.lines_above([title.format(sheet=name) for title in form["title"]], len(shown))
            page.header(shown)
            for number, row in enumerate(rows, start=1):
                page.line({**row, "seq": number})
            if "total" in form:
                page.summary(form["total"], str(len(rows)))
            page.notes(form.get("notes", ()))
    return path


def write_long_roster(
    path: Path, blocks: Sequence[Block], words: Mapping[str, str], on: date
) -> Path:
    """Write one long table: school cells merged, a subtotal under each school."""
    form = table("workbooks")["roster_long"]
    shown = columns(form["headers"])
    with Book(path, on) as book:
        page = book.page(form["sheet"])
        page.lines_above([form[key].format(**words) for key in ("title", "place")], len(shown))
        page.header(shown)
        number = 0
        for place, block in enumerate(blocks, start=1):
            for line in block.lines:
                number += 1
                page.line({**line.row, "seq": number}, without=("school_name",))
            page.merge_down("school_name", len(block.lines), block.written)
            text = form["subtotal_text"].format(school=block.written, count=len(block.lines))
            page.summary(form["subtotal"], text)
            if place % BLANK_AFTER_SCHOOLS == 0:
                page.blank()
            if place == len(blocks) // 2:
                page.header(shown)  # pasted in for the printer's sake
        page.summary(form["total"], str(number))
        page.blank()
        page.notes(note.format(**words) for note in form["notes"])
    return path


def write_sheets_roster(
    path: Path, blocks: Sequence[Block], words: Mapping[str, str], on: date
) -> Path:
    """Write a sheet for each school, named after it, behind a sheet of instructions."""
    form = table("workbooks")["roster_sheets"]
    shown = columns(form["headers"])
    with Book(path, on) as book:
        book.page(form["cover_sheet"]).notes(form["cover"])
        for block in blocks:
            page = book.page(block.written)
            page.lines_above([form["title"].format(school=block.written)], len(shown))
            page.header(shown)
            for number, line in enumerate(block.lines, start=1):
                page.line({**line.row, "seq": number})
            page.blank()
            page.notes(note.format(**words) for note in form["notes"])
    return path


def write_csv_roster(path: Path, blocks: Sequence[Block]) -> Path:
    """Write a CSV as Chinese Excel saves it: GBK, CRLF, dates as the cell shows them."""
    form = table("workbooks")["roster_csv"]
    shown = columns(form["headers"])
    with path.open("w", encoding=form["encoding"], newline="") as file:
        writer = csv.writer(file)
        writer.writerow([column.header for column in shown])
        number = 0
        for block in blocks:
            above = None
            for line in block.lines:
                number += 1
                row = {**line.row, "seq": number}
                school = row["school_name"]
                if block.says_same_as_above and school == above:
                    row["school_name"] = form["same_as_above"]
                above = school
                writer.writerow([_as_text(row.get(column.field)) for column in shown])
    return path


def _as_text(cell: Cell) -> str:
    """What Excel writes for a cell into a CSV."""
    if cell is None:
        return ""
    if isinstance(cell, date):
        return f"{cell.year}/{cell.month}/{cell.day}"
    if isinstance(cell, float):
        return f"{cell:.5E}" if cell >= 1e11 else f"{cell:g}"
    return str(cell)
