"""The report that goes back to the officer: the own sheets again, what is wrong, what would change.

It goes back to whoever sent the file, so values stand in it whole, ID numbers too. Corrected
there it is imported again as it is: the reader leaves the sheets alone that the report added.

The files are read a second time here instead of being held in memory by every plan.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from teacherreg.errors import IntakeError
from teacherreg.intake.header import Header
from teacherreg.intake.kinds import KINDS
from teacherreg.intake.new_workbook import new_workbook
from teacherreg.intake.plan import Plan
from teacherreg.intake.problems import Problem
from teacherreg.intake.read import SourceFile
from teacherreg.intake.report_cells import by_cell, cell_of
from teacherreg.intake.report_lists import Placed, write_changes, write_columns, write_problems
from teacherreg.intake.report_marks import is_report_sheet
from teacherreg.intake.report_sheets import Copy, Styles, write_copy
from teacherreg.intake.report_tabs import Tabs
from teacherreg.intake.sheets import Sheet, read_sheets
from teacherreg.locale import t

MOST_ROWS: Final = 1_048_576  # of a sheet; a text file may have more
_DAYS: Final = frozenset({"date", "partial_date"})

_Place = tuple[str, str]  # file and sheet


def write_report(plan: Plan, out: Path) -> None:
    """Write what the officer needs to mend a batch as one workbook.

    Args:
        plan: The plan, just made from files that are still there.
        out: The workbook; one that is there is replaced.

    Raises:
        IntakeError: If its folder is missing, or a file was changed since it was read.
        FileError: If it cannot be written there.
    """
    with new_workbook(out, only_owner=True, row_by_row=True) as workbook:
        styles = Styles(workbook)
        tabs = Tabs()
        own = [
            tabs.own(t(f"imports.report.tab-{name}")) for name in ("problems", "changes", "columns")
        ]
        lists = [workbook.add_worksheet(name) for name in own]
        placed: dict[int, Placed] = {}
        numbers: dict[_Place, list[int]] = defaultdict(list)
        for number, problem in enumerate(plan.problems):
            numbers[problem.file, problem.sheet].append(number)
        for place, sheet, header in _sheets(plan, numbers):
            tab = tabs.name(*place, school=_school_of(plan, place[0]))
            told = [plan.problems[number] for number in numbers[place]]
            cells = [cell_of(problem, sheet, header, plan.columns) for problem in told]
            for number, problem, cell in zip(numbers[place], told, cells, strict=True):
                placed[number] = Placed(problem, tab, cell)
            marks = by_cell(zip(cells, told, strict=True))
            write_copy(workbook.add_worksheet(tab), _copy(plan, sheet, header, marks), styles)
        everything = (
            placed.get(number, Placed(problem)) for number, problem in enumerate(plan.problems)
        )
        write_problems(lists[0], everything, _remarks(tabs), styles)
        write_changes(lists[1], plan, styles)
        write_columns(lists[2], plan, styles)
        lists[0].activate()


def _sheets(
    plan: Plan, numbers: Mapping[_Place, list[int]]
) -> Iterator[tuple[_Place, Sheet, Header | None]]:
    """Give the sheets that were read or complained of, in the order of the files."""
    headers = {(table.file, table.sheet): table.header for table in plan.tables}
    for file in plan.files:
        for sheet in _read_again(file):
            place = (file.name, sheet.name)
            is_wanted = place in headers or numbers.get(place)
            if is_wanted and not is_report_sheet(sheet) and sheet.cells.height <= MOST_ROWS:
                yield place, sheet, headers.get(place)


def _read_again(file: SourceFile) -> list[Sheet]:
    if file.path is None:
        return []
    try:
        content = file.path.read_bytes()
    except OSError as error:
        raise IntakeError("file-not-readable", file=file.name) from error
    if hashlib.sha256(content).hexdigest() != file.sha256:
        raise IntakeError("file-changed", file=file.name)
    return read_sheets(content, file.name)


def _copy(
    plan: Plan,
    sheet: Sheet,
    header: Header | None,
    marks: Mapping[int, Mapping[int, list[Problem]]],
) -> Copy:
    kind = KINDS[plan.kind]
    columns = header.columns if header else ()
    days = {c.index for c in columns if c.field and kind.field(c.field).type in _DAYS}
    return Copy(sheet, header, marks, frozenset(days), sheet.serial_offset_days)


def _school_of(plan: Plan, file: str) -> str | None:
    """Name the school that only the file's name told."""
    named = (notice.parameters for notice in plan.notices if notice.code == "school-of-file")
    return next((str(one["school"]) for one in named if one["file"] == file), None)


def _remarks(tabs: Tabs) -> list[str]:
    return [
        t("imports.report.school-cut", school=school, tab=tab)
        for school, tab in tabs.shortened.items()
    ]
