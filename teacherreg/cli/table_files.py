"""Reading a small table that an officer made for a question: headings, and rows of text."""

from pathlib import Path
from typing import Final

import polars as pl

from teacherreg.errors import IntakeError
from teacherreg.intake.sheets import read_sheets

_HEADER_WITHIN: Final = 10  # rows of a sheet, titles and notes before it


def read_table(path: Path) -> pl.DataFrame:
    """Read the first table of a CSV or workbook.

    Args:
        path: The file.

    Returns:
        ``row``, each row's place in the spreadsheet program, and columns of text under their
        headings; of two alike the second, and one without any, is called after its place.

    Raises:
        IntakeError: If the file cannot be read, or has no table.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise IntakeError("file-missing", file=str(path)) from error
    except OSError as error:
        raise IntakeError("file-not-readable", file=path.name) from error
    for sheet in read_sheets(content, path.name):
        if not sheet.is_hidden and (table := _table(sheet.cells)) is not None:
            return table
    raise IntakeError("file-empty", file=path.name)


def _table(cells: pl.DataFrame) -> pl.DataFrame | None:
    """Give the rows below the first one that holds more than one text."""
    for number, row in enumerate(cells.head(_HEADER_WITHIN).iter_rows()):
        if sum(value is not None for value in row) > 1:
            names: list[str] = []
            for place, value in enumerate(row):
                is_new = value and value not in {*names, "row"}
                names.append(value if is_new else f"column {place + 1}")
            body = cells.slice(number + 1)
            body.columns = names
            return body.with_row_index("row", number + 2)
    return None
