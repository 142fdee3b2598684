"""Making a workbook for an officer: whole, or not at all."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import xlsxwriter

from teacherreg.errors import IntakeError, UsageError
from teacherreg.export import replacing


def require_workbook_name(out: Path) -> None:
    """Refuse a name under which no program would open a workbook.

    Raises:
        UsageError: If it does not end in .xlsx.
    """
    if out.suffix.lower() != ".xlsx":
        raise UsageError("workbook-ending", file=out)


@contextmanager
def new_workbook(
    out: Path, *, only_owner: bool = False, row_by_row: bool = False
) -> Iterator[xlsxwriter.Workbook]:
    """Give a workbook to fill; it takes its place when it is finished.

    Text in it stays text, also where it begins like a formula.

    Args:
        out: Where it is to be.
        only_owner: Keep it from other accounts of the machine.
        row_by_row: Each sheet is written from its first row down, so that a long one needs
            no more memory than a short one; what was written above cannot be changed.

    Raises:
        UsageError: If its name does not end in .xlsx.
        IntakeError: If its folder is missing.
        FileError: If it cannot be written there.
    """
    require_workbook_name(out)
    if not out.parent.is_dir():
        raise IntakeError("folder-missing", folder=out.parent)
    content = BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False}
    options |= {"constant_memory" if row_by_row else "in_memory": True}
    with xlsxwriter.Workbook(content, options) as workbook:
        yield workbook
    with replacing(out, only_owner=only_owner) as unfinished:
        unfinished.write_bytes(content.getbuffer())
