"""The officer's own sheet again, its bad cells coloured and each with a comment.

Rows, columns, merges and what is hidden stand where they stood, so that the sheet reads the
same when it comes back. Text stays text: every column is formatted as text, so that an ID
number typed over a bad one is not turned into a number.

What a program computed stands there as its value; formulas and fonts are not kept.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from teacherreg.export import text_width
from teacherreg.intake.header import Header
from teacherreg.intake.problems import Problem
from teacherreg.intake.report_cells import merged_cells
from teacherreg.intake.sheets import Sheet
from teacherreg.locale import t

LONGEST_TEXT: Final = 32_767  # characters; a cell of a workbook holds no more
MOST_COMMENTS: Final = 10_000  # in one sheet; more make spreadsheet programs crawl
_LONGEST_COMMENT: Final = 1_000
_NARROWEST, _WIDEST = 6, 40  # characters
_ROWS_MEASURED: Final = 200
_DAY_NUMBER: Final = re.compile(r"\d{5}(?:\.\d+)?")

RED: Final = "#FFC7CE"
YELLOW: Final = "#FFEB9C"
BLUE: Final = "#DDE7F0"

Marks = Mapping[int, Mapping[int, Sequence[Problem]]]


class Styles:
    """The formats of a report's cells."""

    def __init__(self, workbook: Any) -> None:
        def cell(**settings: object) -> Any:
            return workbook.add_format({"num_format": "@", "valign": "vcenter", **settings})

        self.text = cell()
        self.header = cell(bold=True, bg_color=BLUE, text_wrap=True, align="center", border=1)
        self.title = cell(bold=True)
        self.error = cell(bg_color=RED, border=1)
        self.warning = cell(bg_color=YELLOW, border=1)
        self.wrapped = cell(text_wrap=True, valign="top")
        self.link = cell(font_color="#0563C1", underline=1, valign="top")
        self.number = workbook.add_format({"valign": "vcenter"})

    def of(self, problems: Sequence[Problem]) -> Any:
        """Give the colour of a cell with problems: that of the worst."""
        is_error = any(problem.severity == "error" for problem in problems)
        return self.error if is_error else self.warning


@dataclass(frozen=True)
class Copy:
    """One sheet to be written again.

    Attributes:
        sheet: As it was read.
        header: Its header, if its records were read.
        marks: The problems by row and column.
        day_columns: Columns that hold days.
        added_days: Added to day numbers there: 1462 for a sheet that counts from 1904 in a
            workbook that does not.
    """

    sheet: Sheet
    header: Header | None
    marks: Marks
    day_columns: frozenset[int] = frozenset()
    added_days: int = 0


def write_copy(worksheet: Any, copy: Copy, styles: Styles) -> None:
    """Write a sheet again, row by row from the first.

    Args:
        worksheet: An empty sheet of the report; its rows may go out as they are written.
        copy: What to write.
        styles: The formats.
    """
    sheet, header = copy.sheet, copy.header
    merged = merged_cells(sheet)
    _set_columns(worksheet, sheet, styles)
    # What `merge_range` does but for its writing into later rows, which here go out in order.
    worksheet.merge.extend([list(one) for one in merged.ranges])
    inside = {cell for cell, first in merged.first.items() if cell != first}
    header_rows = range(header.top, header.bottom + 1) if header else range(0)
    numbers = {int(name): column.to_list() for name, column in sheet.numbers.items()}
    comments = 0
    for row, texts in enumerate(sheet.cells.iter_rows()):
        if row in sheet.hidden_rows:
            worksheet.set_row(row, None, None, {"hidden": True})
        marks = copy.marks.get(row, {})
        base = styles.header if row in header_rows else styles.text
        for column, text in enumerate(texts):
            problems = marks.get(column, ())
            if text is None or (inside and (row, column) in inside):
                if problems or (inside and (row, column) in inside):
                    style = styles.of(problems) if problems else base
                    worksheet.write_blank(row, column, None, style)
            else:
                is_number = column in numbers and numbers[column][row]
                style = styles.of(problems) if problems else base
                _write_cell(worksheet, copy, (row, column), text, bool(is_number), style, styles)
            if problems and comments < MOST_COMMENTS:
                comments += 1
                _comment(worksheet, row, column, problems)
    _finish(worksheet, sheet, header)


def _write_cell(
    worksheet: Any,
    copy: Copy,
    cell: tuple[int, int],
    text: str,
    is_number: bool,
    style: Any,
    styles: Styles,
) -> None:
    if copy.added_days and cell[1] in copy.day_columns and _DAY_NUMBER.fullmatch(text):
        text = f"{float(text) + copy.added_days:.15g}"
    if is_number:
        value = float(text)
        if float(f"{value:.16G}") == value:  # xlsxwriter writes sixteen digits
            worksheet.write_number(*cell, value, styles.number if style is styles.text else style)
            return
    worksheet.write_string(*cell, text[:LONGEST_TEXT], style)


def _comment(worksheet: Any, row: int, column: int, problems: Sequence[Problem]) -> None:
    lines = [
        t("imports.report.comment", severity=t(f"imports.severity.{p.severity}"), text=p.in_full)
        for p in problems
    ]
    text = "\n".join(dict.fromkeys(lines))[:_LONGEST_COMMENT]
    size = {"width": 300, "height": 40 + 18 * (len(text) // 18 + len(lines))}
    worksheet.write_comment(row, column, text, {"author": "teacherreg", "font_size": 10, **size})


def _set_columns(worksheet: Any, sheet: Sheet, styles: Styles) -> None:
    """Set widths by what stands in the first rows, and the text format of all to come."""
    head = sheet.cells.head(_ROWS_MEASURED)
    wide = {(top, left) for (top, left), (_bottom, right) in sheet.merges if right > left}
    for index in range(sheet.cells.width):
        column = head.to_series(index)
        rows = [row for row in range(column.len()) if (row, index) in wide]
        width = _width(column.filter(~pl.int_range(column.len(), eager=True).is_in(rows)))
        hidden = {"hidden": True} if index in sheet.hidden_columns else {}
        worksheet.set_column(index, index, width, styles.text, hidden)


def _width(column: pl.Series) -> float:
    """Tell how wide a column need be."""
    lengths = [text_width(line) for text in column.drop_nulls() for line in text.splitlines()[:5]]
    return min(max([_NARROWEST, *lengths]) + 2, _WIDEST)


def print_across(worksheet: Any) -> None:
    """Let a sheet be printed with all its columns on one page across."""
    worksheet.set_landscape()
    worksheet.set_paper(9)  # A4
    worksheet.fit_to_pages(1, 0)


def _finish(worksheet: Any, sheet: Sheet, header: Header | None) -> None:
    print_across(worksheet)
    if header is not None and header.bottom + 1 < sheet.cells.height:
        worksheet.freeze_panes(header.bottom + 1, 0)
    if sheet.is_hidden:
        worksheet.hide()
    # Numbers kept as text are meant so: no green corners.
    worksheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
