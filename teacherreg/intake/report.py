"""The report that goes back to the officer: every problem with its place and its reason.

It goes back to whoever sent the file, so values stand in it whole, ID numbers too.
"""

from pathlib import Path
from typing import Final

from teacherreg.intake.new_workbook import new_workbook
from teacherreg.intake.plan import Plan
from teacherreg.locale import t

_COLUMNS: Final = (
    ("file", 24),
    ("sheet-name", 14),
    ("row", 8),
    ("column", 16),
    ("severity", 10),
    ("value", 24),
    ("reason", 80),
)


def write_report(plan: Plan, out: Path) -> None:
    """Write a plan's problems as a workbook, one a row.

    Args:
        plan: The plan.
        out: The workbook; one that is there is replaced.

    Raises:
        IntakeError: If its folder is missing.
    """
    with new_workbook(out) as workbook:
        sheet = workbook.add_worksheet(t("imports.report.sheet"))
        heading = workbook.add_format({"bold": True, "bg_color": "#DDE7F0", "bottom": 1})
        text = workbook.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
        for place, (name, width) in enumerate(_COLUMNS):
            sheet.set_column(place, place, width, text)
            sheet.write_string(0, place, t(f"imports.report.{name}"), heading)
        for number, problem in enumerate(plan.problems, 1):
            sheet.write_string(number, 0, problem.file)
            sheet.write_string(number, 1, problem.sheet)
            if problem.row is not None:
                sheet.write_number(number, 2, problem.row)
            sheet.write_string(number, 3, problem.column or "")
            sheet.write_string(number, 4, t(f"imports.severity.{problem.severity}"))
            sheet.write_string(number, 5, problem.value or "")
            sheet.write_string(number, 6, problem.message)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(1, len(plan.problems)), len(_COLUMNS) - 1)
