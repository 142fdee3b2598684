"""Cleaning whole columns: what stands in the cells becomes codes, days and numbers.

Each distinct text of a column is read once, in Python; how often it stands in the column
does not matter. ID numbers, names and phones, which are nearly all distinct, are cleaned
by expressions, and only the doubtful ones one by one.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

import polars as pl

from teacherreg.codes import code_table
from teacherreg.intake.coded import CodeRead, read_code
from teacherreg.intake.dates import UNREADABLE, DateForm, DateRead, read_date
from teacherreg.intake.fields import Field
from teacherreg.intake.idnumbers import clean_id_numbers
from teacherreg.intake.marks import EMPTY_MARKS
from teacherreg.intake.names import clean_names
from teacherreg.intake.quantities import (
    LATEST_END_YEAR,
    read_integer,
    read_school_year,
    read_tenths,
    read_year,
)
from teacherreg.intake.records import Cell, Fault, Records, without

EARLIEST: Final = date(1930, 1, 1)  # nobody who is on a roster was born before

# Cards whose number is built as GB 11643-1999 says; 1 is the national form's code of the first.
_ID_CARD: Final = r"身份证|居住证|永久居留|^0?1$|^111$"


@dataclass(frozen=True)
class Cells:
    """The cells of one column, stripped: empty is null, and what is a number is marked."""

    texts: pl.Series
    is_number: pl.Series | None = None
    serial_offset_days: int = 0


def clean_column(records: Records, field: Field, cells: Cells) -> pl.Series:
    """Clean a column by the type of its field, and report its faults.

    Args:
        records: The records it belongs to; its faults are reported there.
        field: The field.
        cells: What stands in the cells.

    Returns:
        The column in `Field.polars_type`; null where the cell is empty or unreadable.
    """
    return _CLEANERS[field.type](records, field, cells)


def _read_distinct(
    records: Records, field: Field, texts: pl.Series, read: Callable[[str], Cell]
) -> pl.Series:
    """Read each distinct text once and write the result wherever it stands."""
    distinct = texts.drop_nulls().unique(maintain_order=True)
    found = [read(text) for text in distinct.to_list()]
    values = pl.Series([cell.value for cell in found], dtype=field.polars_type)
    pairs = zip(distinct.to_list(), found, strict=True)
    records.report_texts(field.name, texts, {t: cell.fault for t, cell in pairs if cell.fault})
    if not len(distinct):
        return pl.Series([None] * texts.len(), dtype=field.polars_type)
    return texts.replace_strict(distinct, values, default=None, return_dtype=field.polars_type)


# Marks that nobody sees: of no width, or that turn the direction of writing.
UNSEEN: Final = r"\x{200b}-\x{200f}\x{202a}-\x{202e}\x{2060}-\x{2069}\x{feff}"


def _clean_text(records: Records, field: Field, cells: Cells) -> pl.Series:
    texts = cells.texts
    if texts.str.contains(rf"[\r\n\t{UNSEEN}]").any():
        texts = texts.str.replace_all(rf"[{UNSEEN}]", "")
        texts = texts.str.replace_all(r"\s*[\r\n\t]+\s*", " ").str.strip_chars()
    if texts.str.contains(r"^['‘’`]+\d").any():  # typed to keep the zeros of a number
        texts = texts.str.replace(r"^['‘’`]+(\d)", "$1")
    marks = pl.Series(list(EMPTY_MARKS), dtype=pl.String)
    return without(texts, texts.is_in(marks.implode()))


def _clean_name(records: Records, field: Field, cells: Cells) -> pl.Series:
    return clean_names(records, field.name, cells.texts)


def _clean_id_number(records: Records, field: Field, cells: Cells) -> pl.Series:
    marks = pl.Series(list(EMPTY_MARKS), dtype=pl.String)
    texts = without(cells.texts, cells.texts.is_in(marks.implode()))
    if records.has("id_type"):
        texts = _without_other_documents(records, texts)
    return clean_id_numbers(records, field.name, texts, cells.is_number)


def _without_other_documents(records: Records, texts: pl.Series) -> pl.Series:
    """Leave out passports and permits that carry numbers of their own kind."""
    other = records.column("id_type").str.contains(_ID_CARD).not_() & texts.is_not_null()
    records.report("id-other-document", other, name="id_type")
    return without(texts, other)


def _clean_code(records: Records, field: Field, cells: Cells) -> pl.Series:
    if field.code_table == "subjects":
        return _clean_subject(records, field, cells)
    levels = level_words(records) if field.code_table == "levels" else None
    return _read_distinct(records, field, cells.texts, lambda text: _code_cell(field, text, levels))


def _code_cell(field: Field, text: str, levels: dict[str, str] | None) -> Cell:
    read = read_code(field.code_table, text, levels)
    fault = read.fault
    if fault and fault.code == "code-unknown":
        fault = replace(fault, code=field.unknown)
    if fault and field.rejects_unknown and read.code is None:
        fault = replace(fault, severity="error")
    return Cell(read.code, fault)


def level_words(records: Records) -> dict[str, str]:
    """Tell what 市级 and 区级 mean in this county."""
    shi, qu = (str(records.settings[f"levels.{word}_word"]) for word in ("shi", "qu"))
    return dict.fromkeys(("市", "市级", "全市"), shi) | dict.fromkeys(("区", "区级", "全区"), qu)


def _clean_subject(records: Records, field: Field, cells: Cells) -> pl.Series:
    """Read subjects; a word of several, such as 政治, is told apart by the stage taught."""
    read = {text: read_code("subjects", text) for text in cells.texts.drop_nulls().unique()}
    unsettled = {text: one for text, one in read.items() if one.candidates}
    settled = _read_distinct(
        records, field, without(cells.texts, _stands(cells.texts, list(unsettled))),
        lambda text: Cell(read[text].code, read[text].fault),
    )  # fmt: skip
    stages = _stages(records)
    for text, one in unsettled.items():
        for stage in _stages_beside(cells.texts, stages, text):
            where = cells.texts == text
            if stages is not None:
                where &= stages.eq_missing(stage)
            code, fault = _by_stage(one, stage)
            if fault:
                records.report_texts(field.name, without(cells.texts, ~where), {text: fault})
            settled = settled.zip_with(~where.fill_null(False), pl.Series([code], dtype=pl.String))
    return settled


def _stages(records: Records) -> pl.Series | None:
    """Give the stage taught, by itself or by the grade."""
    if "stage" not in records.kind.names:
        return None
    stages = records.column("stage")
    if not records.has("grade"):
        return stages
    return stages.zip_with(stages.is_not_null(), records.column("grade"))


def _stages_beside(texts: pl.Series, stages: pl.Series | None, text: str) -> list[str | None]:
    if stages is None:
        return [None]
    return stages.filter((texts == text).fill_null(False)).unique().to_list()


def _by_stage(read: CodeRead, stage: str | None) -> tuple[str | None, Fault | None]:
    taught = [
        code
        for code in dict.fromkeys(read.candidates)
        if stage and stage in code_table("subjects").value(code, "stages").split(";")
    ]
    return (taught[0], None) if len(taught) == 1 else (read.code, read.fault)


def _stands(texts: pl.Series, some: list[str]) -> pl.Series:
    return texts.is_in(pl.Series(some, dtype=pl.String).implode()).fill_null(False)


def _clean_date(records: Records, field: Field, cells: Cells) -> pl.Series:
    days = _plain_days(cells.texts)
    is_plain = days.is_not_null()
    if not is_plain.all():
        in_words = _read_dates(records, field, cells, without(cells.texts, is_plain), _date_cell)
        days = days.zip_with(is_plain, in_words)
    latest = date(LATEST_END_YEAR, 12, 31) if field.may_lie_ahead else records.today
    return _plausible(records, field, days, days, latest)


_MONTH_HEADER: Final = re.compile("年月(?!日)|月份")


def _clean_partial_date(records: Records, field: Field, cells: Cells) -> pl.Series:
    """Read birth dates as ISO 8601 text: a month stays a month, its day is not known."""
    days = cells.texts
    plain = _plain_days(days)
    is_plain = plain.is_not_null()
    is_month = _MONTH_HEADER.search(records.labels.get(field.name) or "")
    if is_plain.all() and not is_month:
        return _plausible(records, field, days, plain, records.today)
    if not is_plain.all():
        in_words = _read_dates(records, field, cells, without(days, is_plain), _partial_cell)
        days = days.zip_with(is_plain, in_words)
    if is_month:
        # A date cell must have a day, so under 出生年月 people and programs write the first.
        days = days.str.replace(r"^([0-9]{4}-[0-9]{2})-01$", "$1")
    first = days.str.pad_end(10, "-").str.replace("---$", "-01").str.to_date(strict=False)
    return _plausible(records, field, days, first, records.today)


def _plain_days(texts: pl.Series) -> pl.Series:
    """Give the days that stand as ISO 8601 writes them, which needs no reading."""
    formed = texts.str.contains(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$").fill_null(False)
    return without(texts, ~formed).str.to_date("%Y-%m-%d", strict=False)


def _plausible(
    records: Records, field: Field, values: pl.Series, days: pl.Series, latest: date
) -> pl.Series:
    implausible = (days < EARLIEST) | (days > latest)
    records.report("date-implausible", implausible, name=field.name)
    return without(values, implausible)


def _read_dates(
    records: Records,
    field: Field,
    cells: Cells,
    texts: pl.Series,
    read: Callable[[Field, str, DateForm], Cell],
) -> pl.Series:
    """Read dates in other forms; a cell that holds a number may have lost a zero."""
    form = DateForm(
        end=field.day == "last",
        serial_offset_days=cells.serial_offset_days,
        latest_year=LATEST_END_YEAR if field.may_lie_ahead else records.today.year,
    )
    if cells.is_number is None:
        return _read_distinct(records, field, texts, lambda text: read(field, text, form))
    number_form = replace(form, is_number=True)
    words = without(texts, cells.is_number)
    numbers = without(texts, ~cells.is_number)
    from_words = _read_distinct(records, field, words, lambda text: read(field, text, form))
    from_numbers = _read_distinct(
        records, field, numbers, lambda text: read(field, text, number_form)
    )
    return from_words.zip_with(~cells.is_number, from_numbers)


def _date_cell(field: Field, text: str, form: DateForm) -> Cell:
    if text in EMPTY_MARKS:
        return Cell(None)
    read = read_date(text, form)
    if read.fault:
        return Cell(None, Fault(read.fault))
    return Cell(read.value, _vagueness(field, read))


def _vagueness(field: Field, read: DateRead) -> Fault | None:
    if read.precision == "year" and field.day == "first":
        return Fault("date-year-only")
    if read.precision == "month" and field.wants_day:
        return Fault("date-month-only")
    return None


def _partial_cell(field: Field, text: str, form: DateForm) -> Cell:
    if text in EMPTY_MARKS:
        return Cell(None)
    read = read_date(text, form)
    if read.fault:
        return Cell(None, Fault(read.fault))
    if read.value is None:
        return Cell(None, Fault(UNREADABLE))
    if read.precision == "year":
        return Cell(None, Fault("birth-year-only"))
    return Cell(read.value.isoformat()[: 7 if read.precision == "month" else 10])


def _clean_integer(records: Records, field: Field, cells: Cells) -> pl.Series:
    return _read_distinct(records, field, cells.texts, read_integer)


def _clean_tenths(records: Records, field: Field, cells: Cells) -> pl.Series:
    return _read_distinct(records, field, cells.texts, read_tenths)


def _clean_year(records: Records, field: Field, cells: Cells) -> pl.Series:
    return _read_distinct(records, field, cells.texts, read_year)


def _clean_school_year(records: Records, field: Field, cells: Cells) -> pl.Series:
    return _read_distinct(records, field, cells.texts, read_school_year)


def _clean_yes_no(records: Records, field: Field, cells: Cells) -> pl.Series:
    return _read_distinct(records, field, cells.texts, _yes_no_cell)


def _yes_no_cell(text: str) -> Cell:
    match = code_table("yes_no").resolve(text)
    if match.code is not None:
        return Cell(match.code == "1")
    return Cell(None, None if text in EMPTY_MARKS else Fault("yes-no-unreadable"))


def _clean_phone(records: Records, field: Field, cells: Cells) -> pl.Series:
    """Keep the digits of the first phone: eleven, or a landline with its area."""
    fine = cells.texts.str.contains(r"^1[3-9]\d{9}$")
    if fine.all():
        return cells.texts
    phones = (
        cells.texts.str.normalize("NFKC")
        .str.replace(r"[/、,;].*$", "")
        .str.replace_all(r"[\s\-—–_()'‘’+\x{200b}-\x{200f}\x{202a}-\x{202e}\x{feff}]", "")
        .str.replace(r"\.0$", "")
        .str.replace(r"^(?:0086|86)(1\d{10})$", "$1")
    )  # fmt: skip
    good = phones.str.contains(r"^(?:1[3-9]\d{9}|0\d{9,11}|[2-9]\d{6,7})$").fill_null(False)
    empty = _stands(cells.texts, list(EMPTY_MARKS))
    records.report("phone-unreadable", cells.texts.is_not_null() & ~good & ~empty, name=field.name)
    return without(phones, ~good)


def _clean_digits(records: Records, field: Field, cells: Cells) -> pl.Series:
    """Keep school codes (学校标识码): ten digits."""
    codes = cells.texts.str.normalize("NFKC").str.replace_all(r"[\s'‘’`]|\.0$", "")
    good = codes.str.contains(r"^\d{10}$").fill_null(False)
    empty = _stands(cells.texts, list(EMPTY_MARKS))
    records.report("school-code-form", cells.texts.is_not_null() & ~good & ~empty, name=field.name)
    return without(codes, ~good)


_CLEANERS: Final[dict[str, Callable[[Records, Field, Cells], pl.Series]]] = {
    "text": _clean_text,
    "name": _clean_name,
    "id_number": _clean_id_number,
    "code": _clean_code,
    "date": _clean_date,
    "partial_date": _clean_partial_date,
    "integer": _clean_integer,
    "year": _clean_year,
    "school_year": _clean_school_year,
    "yes_no": _clean_yes_no,
    "phone": _clean_phone,
    "digits": _clean_digits,
    "tenths": _clean_tenths,
}
