"""Made-up people and sheets, and what tests ask of a reading."""

import io
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import xlwt

from teacherreg.intake.read import Reading
from teacherreg.locale import LANGUAGES, speaking

ON = date(2026, 9, 1)

# Unassigned area 640199; the check characters are computed by hand or by GB 11643-1999.
MAN = "640199198503150012"  # 1985-03-15
WOMAN = "640199198802290023"  # 1988-02-29
SECOND_WOMAN = "64019919830405006X"  # 1983-04-05
STANDARDS_OWN = "11010519491231002X"  # the example of GB 11643-1999


def as_text(source: str | Sequence[Sequence[str]]) -> str:
    if isinstance(source, str):
        return source
    return "".join(",".join(row) + "\n" for row in source)


def xls(rows: Sequence[Sequence[Any]], merges: Iterable[tuple[int, int, int, int]] = ()) -> bytes:
    """An .xls as old Excel and WPS write it."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("Sheet1")
    merged = {(top, left): (bottom, right) for top, left, bottom, right in merges}
    for number, row in enumerate(rows):
        for index, cell in enumerate(row):
            if (number, index) in merged:
                bottom, right = merged[number, index]
                sheet.write_merge(number, bottom, index, right, cell)
            elif cell is not None:
                sheet.write(number, index, cell)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def codes(reading: Reading) -> list[tuple[int | None, str, str]]:
    """The problems as (row, code, severity); each can be said in both languages."""
    for language in LANGUAGES:
        with speaking(language):
            assert all(problem.message for problem in reading.problems)
    return [(p.row, p.code, p.severity) for p in reading.problems]
