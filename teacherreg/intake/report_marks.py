"""Recognising the sheets that a report adds to the officer's own.

A report is corrected and imported again as it is, so its list of problems and of changes
must never be taken for records. The first cell of each says what it is and begins, in
every language, with a mark that no roster has; the name of its tab may be changed.
"""

import re
import zipfile
import zlib
from pathlib import Path
from typing import Final

from teacherreg.intake.sheets import Sheet

# What the sentence ``imports.report.mark`` begins with in both languages.
MARK: Final = "※ teacherreg"
_OF_CELLS: Final = re.compile(r"xl/(?:sharedStrings|worksheets/sheet\d+)\.xml$")
_BYTES_LOOKED_AT: Final = 100_000  # of a part: the mark stands in a first cell
_ROWS_LOOKED_AT: Final = 3  # somebody may have put a blank row above


def is_report(path: Path) -> bool:
    """Tell whether a file is a report of ours, which a newer one may replace.

    Args:
        path: A file that is there.

    Raises:
        OSError: If it cannot be read.
    """
    mark = MARK.encode()
    try:
        with zipfile.ZipFile(path) as archive:
            parts = [name for name in archive.namelist() if _OF_CELLS.match(name)]
            return any(mark in archive.open(name).read(_BYTES_LOOKED_AT) for name in parts)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError):
        return False


def is_report_sheet(sheet: Sheet) -> bool:
    """Tell whether a sheet was added by a report and holds nothing to import.

    Args:
        sheet: A sheet as read.

    Returns:
        True for a report's own sheets, whatever they are called now.
    """
    if not sheet.cells.width:
        return False
    first = sheet.cells.head(_ROWS_LOOKED_AT).to_series().drop_nulls()
    return bool(first.len()) and first[0].strip().startswith(MARK)
