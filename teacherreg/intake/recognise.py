"""Recognising sheets that are no list of records, however much they speak of people.

A form holds one person: the label stands beside its value (登记表, 履历表), not over it. A
timetable (课程表) has the days of the week for headers. Read as rosters they would make
records of labels; so what they are is said in words, and nothing of them is read.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final, Literal

from teacherreg.intake.meanings import header_key, meanings
from teacherreg.intake.sheets import Sheet

What = Literal["form-one-person", "timetable", "form-empty", "rules"]

ROWS_LOOKED_AT: Final = 60
LEAST_LABELS: Final = 4  # that a form has
_OF_A_HEADER: Final = 2  # labels that stand beside another
LEAST_DAYS: Final = 4  # of the week
_LONGEST_LABEL: Final = 20

_WEEKDAY: Final = re.compile(
    r"(?:星期|周|礼拜)([一二三四五六日天1-7])|(mon|tue|wed|thu|fri|sat|sun)(?:day|s|\w*sday)?\.?"
)
# Said beside a label by sheets that explain how a roster is filled in.
_RULE: Final = re.compile(
    r"必填|选填|必须|可为空|下拉|文本|格式|填写|长度|字符|不能|不得|应[为与]|例如|[如例][:：]|\d+位"
    r"|^(?:text|date|number|required|optional|yes|no|是|否)\b"
)

Row = Sequence[str | None]


def recognise(sheet: Sheet) -> What | None:
    """Tell what a sheet is, if it is no list.

    Args:
        sheet: A sheet as read; only its first rows are looked at.

    Returns:
        ``form-one-person``, ``timetable``, ``form-empty`` for a form without any value,
        ``rules`` for one that says how columns are filled in; None where it may be a list.
    """
    rows = sheet.cells.head(ROWS_LOOKED_AT).rows()
    return "timetable" if _is_timetable(rows) else _as_form(sheet, rows)


def _is_timetable(rows: Sequence[Row]) -> bool:
    """Tell whether a row, or a column, names the days of the week and nobody's name."""
    lines: Iterator[Row] = iter([*rows, *zip(*rows, strict=True)])
    for line in lines:
        found = [_WEEKDAY.fullmatch(header_key(cell)) for cell in line if cell and len(cell) < 12]
        days = {match.group(1) or match.group(2) for match in found if match}
        if len(days) >= LEAST_DAYS and not any("name" in _fields(cell) for cell in line):
            return True
    return False


def _as_form(sheet: Sheet, rows: Sequence[Row]) -> What | None:
    """Tell whether rows begin with labels of their own that their values stand beside."""
    reach = {first: last for first, (_bottom, last) in sheet.merges}
    values: dict[str, str | None] = {}  # by label
    for number, row in enumerate(rows):
        own = [i for i, cell in enumerate(row) if cell and (number, i) not in sheet.filled]
        nexts = [reach.get((number, i), i) + 1 for i in own]
        beside = [row[i] if i < len(row) else None for i in nexts]
        labels = [_is_label(row[i]) for i in own]
        both = sum(
            is_label and _is_label(text) for is_label, text in zip(labels, beside, strict=True)
        )
        if both >= _OF_A_HEADER and not values:
            return None
        if labels[:1] == [True] and not _is_label(beside[0]):
            for index, is_label, text in zip(own, labels, beside, strict=True):
                if is_label and not _is_label(text):
                    values.setdefault(header_key(row[index] or ""), text)
    if len(values) < LEAST_LABELS:
        return None
    written = [value for value in values.values() if value]
    if not written:
        return "form-empty" if _has_no_records(rows) else None
    rules = sum(bool(_RULE.search(header_key(value))) for value in written)
    if rules * 2 >= len(written):
        return "rules"
    return "form-one-person" if len(set(written)) * 2 > len(written) else None


def _has_no_records(rows: Sequence[Row]) -> bool:
    return not any(cell and re.search(r"\d{11}", cell) for row in rows for cell in row)


def _is_label(cell: str | None) -> bool:
    return bool(_fields(cell))


def _fields(cell: str | None) -> tuple[str, ...]:
    return meanings(cell) if cell and len(cell) <= _LONGEST_LABEL else ()
