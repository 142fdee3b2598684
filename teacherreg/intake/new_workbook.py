"""Making a workbook for an officer: whole, or not at all."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import xlsxwriter

from teacherreg.errors import IntakeError


@contextmanager
def new_workbook(out: Path) -> Iterator[xlsxwriter.Workbook]:
    """Give a workbook to fill; it takes its place when it is finished.

    Text in it stays text, also where it begins like a formula.

    Raises:
        IntakeError: If its folder is missing.
        OSError: If it cannot be written there.
    """
    if not out.parent.is_dir():
        raise IntakeError("folder-missing", folder=out.parent)
    content = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(content, options) as workbook:
        yield workbook
    unfinished = out.with_name(f"{out.name}.unfinished")
    try:
        unfinished.write_bytes(content.getvalue())
        unfinished.replace(out)
    finally:
        unfinished.unlink(missing_ok=True)
