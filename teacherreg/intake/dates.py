"""Reading the dates and months that people write into rosters.

What is written decides: 1985-07-12, 85.07, 一九八五年七月, a cell of date type, a day
number. What can be read in two ways is not guessed: 3/4/1985, and 1990.1 from a cell
that holds a number, which may have been 1990.10.
"""

import re
import unicodedata
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

Precision = Literal["day", "month", "year"]

UNREADABLE: Final = "date-unreadable"
AMBIGUOUS: Final = "date-ambiguous"

# Day 1 of Excel's 1900 calendar, moved by the day it wrongly counts (1900-02-29).
SERIAL_EPOCH: Final = date(1899, 12, 30)
LEAST_SERIAL: Final = 10_959  # 1930-01-01; smaller numbers are no days of living people
MOST_SERIAL: Final = 73_050  # 2099-12-31

NO_END: Final = frozenset(
    {"至今", "长期", "长期有效", "永久", "终身", "无限期", "今", "现在", "不限"}
)

_SEPARATOR: Final = r"[-/.年]"
_YMD: Final = re.compile(rf"(\d{{4}}){_SEPARATOR}(\d{{1,2}})[-/.月](\d{{1,2}})[日号]?")
_YM: Final = re.compile(rf"(\d{{4}}){_SEPARATOR}(\d{{1,2}})月?份?")
_COMPACT: Final = re.compile(r"(\d{4})(\d{2})(\d{2})?")
_SHORT_COMPACT: Final = re.compile(r"(\d{2})(\d{2})(\d{2})")
_YEAR: Final = re.compile(r"(\d{4})(?:年度?|学年|届)?")
_SHORT_YM: Final = re.compile(rf"(\d{{2}}){_SEPARATOR}(\d{{1,2}})月?")
_SHORT_YMD: Final = re.compile(rf"(\d{{2}}){_SEPARATOR}(\d{{1,2}})[-/.月](\d{{1,2}})日?")
_YEAR_LAST: Final = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")
_TIME: Final = re.compile(
    r"[\sT]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s*(?:[AP]M|Z)?$", re.IGNORECASE
)
_MONTH_YEAR: Final = re.compile(r"(\d{1,2})[-/.](\d{4})")
_SERIAL: Final = re.compile(r"(\d{5})(?:\.\d+)?")
_YEAR_IN_WORDS: Final = re.compile(r"(\d{4})年\D*")
_NUMBER_MONTH: Final = re.compile(r"\d{4}\.1")
_ENGLISH: Final = re.compile(r"(?:(\d{1,2})-)?([a-z]{3})[a-z]*-(\d{2}|\d{4})", re.IGNORECASE)
_CHINESE: Final = re.compile(
    r"([〇○零一二三四五六七八九]{4})年(?:([一二三四五六七八九十]{1,3})月(?:([一二三四五六七八九十]{1,3})[日号])?)?"
)
_AROUND: Final = re.compile(r"^[约自从于]+|[起始止前后]+$|至今$|[.。,、,;;]+$")
_RANGE: Final = re.compile(r"^(.+?)(?:至|到|—+|~|–|--|(?<=[月日\d])-(?=\d{4}))(.+)$")
_DIGITS: Final = {digit: value for value, digit in enumerate("〇一二三四五六七八九")} | {
    "○": 0,
    "零": 0,
}
_MONTHS: Final = (
    "jan",
    "feb",
    "mar",
    "apr",
    "may",
    "jun",
    "jul",
    "aug",
    "sep",
    "oct",
    "nov",
    "dec",
)


@dataclass(frozen=True, slots=True)
class DateRead:
    """What a cell says: a day and how exact it is, or the code of what is wrong with it.

    A month is given by its first or last day, a year by its first or last day, as the
    field wants. Neither day nor fault: the cell says that there is no date.
    """

    value: date | None = None
    precision: Precision = "day"
    fault: str | None = None


@dataclass(frozen=True, slots=True)
class DateForm:
    """How the cells of a column are to be read.

    Attributes:
        end: A month stands for its last day, and of a range the end is meant.
        is_number: The cells hold numbers, so a zero at the end may be lost.
        serial_offset_days: To be added to day numbers.
        latest_year: Two-digit years above it are of the last century.
    """

    end: bool = False
    is_number: bool = False
    serial_offset_days: int = 0
    latest_year: int = 2099


AS_WRITTEN: Final = DateForm()


def read_date(written: str, form: DateForm = AS_WRITTEN) -> DateRead:
    """Read one cell.

    Args:
        written: What stands in it.
        form: How its column is to be read.

    Example:
        >>> read_date("一九八五年七月").value
        datetime.date(1985, 7, 1)
        >>> read_date("3/4/1985").fault
        'date-ambiguous'
    """
    text = _TIME.sub("", unicodedata.normalize("NFKC", written).strip())
    text = "".join(text.split())
    if text in NO_END:
        return DateRead()
    if form.is_number and _NUMBER_MONTH.fullmatch(text):
        return DateRead(fault=AMBIGUOUS)
    parts = _RANGE.match(text) if form.end else None
    if parts and parts.group(2) in NO_END:
        return DateRead()
    if parts:
        ended = _read_parts(parts.group(2), form)
        if ended.value:
            return ended
    read = _read_parts(text, form)
    if read.fault == UNREADABLE and (bare := _AROUND.sub("", text)) != text:
        return _read_parts(bare, form)
    return read


def _read_parts(text: str, form: DateForm) -> DateRead:
    """Try the forms in order; the first that fits decides."""
    if found := _YMD.fullmatch(text):
        return _day(int(found[1]), int(found[2]), int(found[3]), form)
    if found := _YM.fullmatch(text):
        return _day(int(found[1]), int(found[2]), None, form)
    if text.isdecimal() or _SERIAL.fullmatch(text):
        return _read_digits(text, form)
    if found := _YEAR.fullmatch(text):
        return _year(int(found[1]), form)
    if found := _YEAR_LAST.fullmatch(text):
        return _read_year_last(int(found[1]), int(found[2]), int(found[3]), form)
    if found := _MONTH_YEAR.fullmatch(text):
        return _day(int(found[2]), int(found[1]), None, form)
    return _read_short(text, form)


def _read_short(text: str, form: DateForm) -> DateRead:
    """Read two-digit years and words."""
    if found := _SHORT_YMD.fullmatch(text):
        if int(found[1]) <= 31 and "年" not in text:
            return DateRead(fault=AMBIGUOUS)  # 05-07-12 may be the fifth, or the twelfth
        return _day(_full_year(int(found[1]), form), int(found[2]), int(found[3]), form)
    if found := _SHORT_YM.fullmatch(text):
        return _day(_full_year(int(found[1]), form), int(found[2]), None, form)
    if found := _CHINESE.fullmatch(text):
        year = int("".join(str(_DIGITS[digit]) for digit in found[1]))
        if not found[2]:
            return _year(year, form)
        day = _chinese_number(found[3]) if found[3] else None
        return _day(year, _chinese_number(found[2]), day, form)
    if (found := _ENGLISH.fullmatch(text)) and found[2].lower() in _MONTHS:
        year = int(found[3]) if len(found[3]) == 4 else _full_year(int(found[3]), form)
        month = _MONTHS.index(found[2].lower()) + 1
        return _day(year, month, int(found[1]) if found[1] else None, form)
    if found := _YEAR_IN_WORDS.fullmatch(text):
        return _year(int(found[1]), form)
    return DateRead(fault=UNREADABLE)


def _read_digits(text: str, form: DateForm) -> DateRead:
    if found := _SERIAL.fullmatch(text):
        number = int(found[1])
        if not LEAST_SERIAL <= number <= MOST_SERIAL:
            return DateRead(fault=UNREADABLE)
        days = number + form.serial_offset_days
        return DateRead(SERIAL_EPOCH + timedelta(days=days))
    if len(text) == 4:
        return _year(int(text), form)
    if (found := _COMPACT.fullmatch(text)) and 1900 <= int(found[1]) <= 2099:
        return _day(int(found[1]), int(found[2]), int(found[3]) if found[3] else None, form)
    if found := _SHORT_COMPACT.fullmatch(text):
        return _day(_full_year(int(found[1]), form), int(found[2]), int(found[3]), form)
    return DateRead(fault=UNREADABLE)


def _read_year_last(first: int, second: int, year: int, form: DateForm) -> DateRead:
    """Read day/month/year or month/day/year, where only one of them is possible."""
    if first > 12 or first == second:
        return _day(year, second, first, form)
    if second > 12:
        return _day(year, first, second, form)
    return DateRead(fault=AMBIGUOUS)


def _day(year: int, month: int, day: int | None, form: DateForm) -> DateRead:
    if not (1 <= month <= 12 and 1 <= year <= 9999):
        return DateRead(fault=UNREADABLE)
    last = monthrange(year, month)[1]
    if day is None:
        return DateRead(date(year, month, last if form.end else 1), "month")
    if not 1 <= day <= last:
        return DateRead(fault=UNREADABLE)
    return DateRead(date(year, month, day))


def _year(year: int, form: DateForm) -> DateRead:
    if not 1900 <= year <= 2099:
        return DateRead(fault=UNREADABLE)
    return DateRead(date(year, 12, 31) if form.end else date(year, 1, 1), "year")


def _full_year(year: int, form: DateForm) -> int:
    return 1900 + year if 2000 + year > form.latest_year else 2000 + year


def _chinese_number(text: str) -> int:
    """Read a number below one hundred: 十二 is 12, 二十 is 20."""
    tens, ten, ones = text.partition("十")
    if not ten:
        return _DIGITS.get(text, 0) if len(text) == 1 else 0
    return _DIGITS.get(tens, 1) * 10 + (_DIGITS.get(ones, 0) if ones else 0)
