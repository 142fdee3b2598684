"""Counts, hours and years as people write them: one text each, with what is wrong with it."""

import re
import unicodedata
from typing import Final

from teacherreg.intake.marks import EMPTY_MARKS
from teacherreg.intake.records import Cell, Fault

LATEST_END_YEAR: Final = 2099  # of whatever lies ahead

_NUMBER: Final = re.compile(r"([+-]?\d+(?:,\d{3})*)(?:\.0*)?\s*(?:人|名|个|岁|节|篇|项|次)?")

# A longer number is a code or a phone number that slipped; PostgreSQL would not hold it.
_PUPIL_DIGITS: Final = 6
_SCHOOL_YEAR: Final = re.compile(
    r"(\d{4}|\d{2})(?:学年)?\s*(?:[-—–~至/]+\s*(\d{4}|\d{2}))?\s*(?:学?年度?)?"
)
_YEAR: Final = re.compile(r"(\d{4})(?:\.0)?\s*(?:年度?)?(?:师德|考核)*")
_HOURS: Final = re.compile(r"(\d{1,4})(?:\.(\d)0*)?\s*(?:个)?(?:学时|课时|小时|h)?", re.IGNORECASE)


def read_integer(text: str) -> Cell:
    """Read a count of people: 1,234 or 45人; none is below zero."""
    found = _NUMBER.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if found and not found[1].startswith("-"):
        digits = found[1].replace(",", "").lstrip("+0")
        if len(digits) <= _PUPIL_DIGITS:
            return Cell(int(digits or 0))
    return Cell(None, None if text in EMPTY_MARKS else Fault("number-unreadable"))


def read_tenths(text: str) -> Cell:
    """Read hours with at most one decimal as tenths, so that sums are exact."""
    found = _HOURS.fullmatch(unicodedata.normalize("NFKC", text).strip())
    tenths = int(found[1]) * 10 + int(found[2] or 0) if found else 0
    if tenths:
        return Cell(tenths)
    return Cell(None, None if text in EMPTY_MARKS else Fault("hours-unreadable"))


def read_year(text: str) -> Cell:
    """Read a calendar year; of a school year the first one, which is told."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if (found := _YEAR.fullmatch(plain)) and 1949 <= int(found[1]) <= LATEST_END_YEAR:
        return Cell(int(found[1]))
    school_year = read_school_year(plain)
    if school_year.value:
        return Cell(int(school_year.value[:4]), Fault("year-of-school-year"))
    return Cell(None, None if text in EMPTY_MARKS else Fault("year-unreadable"))


def read_school_year(text: str) -> Cell:
    """Read a school year, written 2025-2026, 2025/26 or 2025, as ``2025-2026``."""
    found = _SCHOOL_YEAR.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if not found:
        return Cell(None, None if text in EMPTY_MARKS else Fault("school-year-unreadable"))
    first, last = (None if part is None else int(part) % 100 for part in found.groups())
    start = int(found[1]) if len(found[1]) == 4 else 2000 + int(found[1])
    if not 1949 <= start <= LATEST_END_YEAR or (last is not None and last != (first or 0) + 1):
        return Cell(None, Fault("school-year-unreadable"))
    return Cell(f"{start}-{start + 1}")
