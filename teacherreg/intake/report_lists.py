"""The report's own sheets: the problems, what would change, how columns were understood.

Each begins with the mark by which the reader knows to leave it alone. The problems lead to
their cells by links.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from math import ceil
from typing import Any, Final

from xlsxwriter.utility import xl_rowcol_to_cell

from teacherreg.export import text_width
from teacherreg.intake.plan import Change, Plan
from teacherreg.intake.problem_codes import cure_of
from teacherreg.intake.problems import Problem
from teacherreg.intake.report_sheets import LONGEST_TEXT, Styles, print_across
from teacherreg.intake.shown import (
    column_label,
    departure_text,
    is_told,
    told_changes,
    value_text,
)
from teacherreg.intake.understood import columns_understood
from teacherreg.locale import t

MOST_LINES: Final = 1_000_000  # a sheet has 1,048,576 rows
MOST_ADDED: Final = 100_000  # rows listed one by one; they stand in the files anyway
MOST_LINKS: Final = 60_000  # spreadsheet programs allow 65,530 in a sheet

_LINE_POINTS: Final = 15
_MOST_LINES_IN_ROW: Final = 20  # a row of 409 points is the highest there is

Line = Sequence[str | int | None]
Columns = Sequence[tuple[str, int]]  # name and width in characters


@dataclass(frozen=True)
class Placed:
    """A problem and the cell of the report that it is about, if its sheet is in it."""

    problem: Problem
    tab: str | None = None
    cell: tuple[int, int] | None = None

    @property
    def link(self) -> str | None:
        """Where a click leads."""
        if self.tab is None or self.cell is None:
            return None
        return f"internal:'{self.tab.replace(chr(39), chr(39) * 2)}'!{self.address}"

    @property
    def address(self) -> str:
        """The cell as the spreadsheet program names it; empty where there is none."""
        return xl_rowcol_to_cell(*self.cell) if self.cell is not None else ""


def write_problems(
    worksheet: Any, placed: Iterable[Placed], remarks: Sequence[str], styles: Styles
) -> None:
    """List the problems, each with a link to its cell.

    Args:
        worksheet: An empty sheet.
        placed: The problems.
        remarks: What else the officer must know, above the list.
        styles: The formats.
    """
    top = _head(worksheet, (t("imports.report.how"), *remarks), styles)
    worksheet.write_string(top, 0, "", styles.error)
    worksheet.write_string(top, 1, t("imports.report.legend-error"))
    worksheet.write_string(top + 1, 0, "", styles.warning)
    worksheet.write_string(top + 1, 1, t("imports.report.legend-warning"))
    columns = (
        ("cell", 8), ("severity", 8), ("file", 22), ("sheet-name", 14), ("row", 7), ("column", 14),
        ("value", 24), ("reason", 60), ("cure", 40), ("code", 18),
    )  # fmt: skip
    first = top + 3
    _headings(worksheet, first - 1, columns, styles)
    row, is_any = first, False
    for row, one in enumerate(islice(placed, MOST_LINES), first):
        problem, is_any = one.problem, True
        link = one.link if row - first < MOST_LINKS else None
        if link is not None:
            worksheet.write_url(row, 0, link, styles.link, one.address)
        else:
            worksheet.write_string(row, 0, one.address, styles.wrapped)
        colour = styles.error if problem.severity == "error" else styles.warning
        worksheet.write_string(row, 1, t(f"imports.severity.{problem.severity}"), colour)
        rest: Line = (
            problem.file, problem.sheet, problem.row, problem.column, problem.value,
            problem.in_full, cure_of(problem.code), problem.code,
        )  # fmt: skip
        _write_line(worksheet, row, rest, columns, styles, first_column=2)
    if not is_any:
        worksheet.write_string(first, 1, t("imports.report.no-problems"))
    worksheet.freeze_panes(first, 0)
    worksheet.autofilter(first - 1, 0, max(first, row), len(columns) - 1)


def write_changes(worksheet: Any, plan: Plan, styles: Styles) -> None:
    """List what would change, what would be added and who is missing."""
    columns = (
        ("what", 10), ("who", 18), ("record", 12), ("field", 16), ("old", 30), ("new", 50),
        ("file", 22), ("sheet-name", 14), ("row", 7),
    )  # fmt: skip
    counts = t("imports.counts", kind=t(f"imports.kind.{plan.kind}"), **plan.counts.to_document())
    notices = [notice.message for notice in plan.notices]
    first = _head(worksheet, (counts, *notices), styles) + 1
    _headings(worksheet, first - 1, columns, styles)
    lines = islice(_change_lines(plan), MOST_LINES)
    row = first
    for row, line in enumerate(lines, first):
        _write_line(worksheet, row, line, columns, styles)
    worksheet.freeze_panes(first, 0)
    worksheet.autofilter(first - 1, 0, max(first, row), len(columns) - 1)


def write_columns(worksheet: Any, plan: Plan, styles: Styles) -> None:
    """List what each column was taken for."""
    columns = (
        ("file", 22), ("sheet-name", 14), ("letters", 8), ("header", 24), ("field", 24),
        ("treatment", 40),
    )  # fmt: skip
    first = _head(worksheet, (t("imports.report.columns-how"),), styles) + 1
    _headings(worksheet, first - 1, columns, styles)
    for row, one in enumerate(columns_understood(plan), first):
        line = (one.file, one.sheet, one.letters, one.header, one.label, one.treatment)
        _write_line(worksheet, row, line, columns, styles)
    worksheet.freeze_panes(first, 0)


def _change_lines(plan: Plan) -> Iterable[Line]:
    changes = plan.changes
    followed = set()
    for change in islice(changes, len(plan.changed())):
        followed.add((change.table, change.file, change.sheet, change.row))
        for told in told_changes(change.table, change.old, change.new, is_whole=True):
            yield _line(change, *told)
    yield from _departure_lines(plan)
    for number, added in enumerate(changes):
        if (added.table, added.file, added.sheet, added.row) in followed:
            continue  # the post that follows another is told as a change
        if number == MOST_ADDED:
            yield (t("imports.report.more-added", count=MOST_ADDED),)
            return
        names = [name for name in added.new if is_told(name) and column_label(added.table, name)]
        words = [
            t("imports.report.field-value", column=column_label(added.table, name),
              value=value_text(added.table, name, added.new[name], is_whole=True))
            for name in names
        ]  # fmt: skip
        yield _line(added, None, None, t("imports.list-semicolon").join(words))


def _departure_lines(plan: Plan) -> Iterable[Line]:
    for one in plan.departures:
        yield (
            t("imports.action.depart"), one.name, t("imports.stored.post"), None,
            one.school, departure_text(one), None, None, None,
        )  # fmt: skip


def _line(change: Change, field: str | None, old: str | None, new: str) -> Line:
    return (
        t(f"imports.action.{change.action}"), change.who, t(f"imports.stored.{change.table}"),
        field, old, new, change.file, change.sheet, change.row,
    )  # fmt: skip


def _head(worksheet: Any, lines: Sequence[str], styles: Styles) -> int:
    print_across(worksheet)
    worksheet.write_string(0, 0, t("imports.report.mark"), styles.title)
    for row, line in enumerate(lines, 1):
        worksheet.write_string(row, 0, line[:LONGEST_TEXT])
    return len(lines) + 1


def _headings(worksheet: Any, row: int, columns: Sequence[tuple[str, int]], styles: Styles) -> None:
    for place, (name, width) in enumerate(columns):
        worksheet.set_column(place, place, width)
        worksheet.write_string(row, place, t(f"imports.report.{name}"), styles.header)


def _write_line(
    worksheet: Any,
    row: int,
    line: Line,
    columns: Columns,
    styles: Styles,
    *,
    first_column: int = 0,
) -> None:
    """Write a row, as high as its longest text needs: not every program sees to that itself."""
    most = 1
    for column, value in enumerate(line, first_column):
        if isinstance(value, int):
            worksheet.write_number(row, column, value, styles.wrapped)
        elif value:
            worksheet.write_string(row, column, value[:LONGEST_TEXT], styles.wrapped)
            most = max(most, ceil(text_width(value) / columns[column][1]))
    if most > 1:
        worksheet.set_row(row, _LINE_POINTS * min(most, _MOST_LINES_IN_ROW))
