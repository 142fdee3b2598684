"""The sheet that people fill in: a header with hints, lists to choose from, numbers as text.

Templates are forms with an example, exports are forms filled with what the registry knows,
so whatever comes out of here goes in again. Every column but those of counts is text, days
too: Excel turns 2025-08 into the first of August, and a term that ends in August ends on
its last day.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from unicodedata import east_asian_width

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name, xl_range_abs
from xlsxwriter.worksheet import Worksheet

from teacherreg.codes import code_table, table_names
from teacherreg.codes.columns import column_of
from teacherreg.export import is_formula
from teacherreg.intake.fields import Field, Kind
from teacherreg.locale import has, language, t

LAST_ROW: Final = 1_048_575  # of a sheet, from zero
LONGEST_TEXT: Final = 32_767  # characters in a cell
_LONGEST_HINT: Final = 255  # characters in a message beside a cell
_LONGEST_TITLE: Final = 32
_SAMPLE_DAY: Final = re.compile(r"\d{4}-\d{2}")
_NARROW: Final = 10
_WIDE: Final = 30
_ROOM_FOR_ARROW: Final = 3

Value = str | int | None


@dataclass(frozen=True)
class FormColumn:
    """One column of a form.

    Attributes:
        name: Its field; the header itself where no field takes it.
        heading: What stands over it.
        hint: How it is to be filled in; empty where the heading says it all.
        choices: The words to choose from.
        codes: The code of each word, where they come from a code table.
        list_heading: What stands over the words on the sheet of codes.
        is_required: Without it a row cannot be used.
        is_count: It holds a number that counts something, not a code.
    """

    name: str
    heading: str
    hint: str = ""
    choices: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    list_heading: str = ""
    is_required: bool = False
    is_count: bool = False


@dataclass(frozen=True)
class _Looks:
    """How cells look."""

    heading: Format
    text: Format
    count: Format
    protected: Format
    example: Format
    title: Format
    wrapped: Format


def form_columns(
    kind: Kind, starred: Iterable[str] = (), schools: Sequence[str] = ()
) -> tuple[FormColumn, ...]:
    """Give the columns of a kind's form, in the language in force.

    Args:
        kind: The kind.
        starred: Fields marked as required besides those that the kind requires.
        schools: Names of schools to choose from.
    """
    required = frozenset(starred)
    columns = []
    for field in kind.fields:
        if field.is_aid:
            continue
        choices, codes, heading = _choices(kind, field, schools)
        entry = column_of(kind.name, field.name)
        is_required = field.is_required or field.name in required
        columns.append(
            FormColumn(
                name=field.name,
                heading=entry.label() + ("*" if is_required else ""),
                hint=_hint(entry.description(), field, is_list=bool(choices)),
                choices=choices,
                codes=codes,
                list_heading=heading,
                is_required=is_required,
                is_count=field.type == "integer",
            )
        )
    return tuple(columns)


def table_of(kind: Kind, field: Field) -> str:
    """Give the code table whose words fill a column; empty where none does."""
    named = field.code_table or column_of(kind.name, field.name).code_table
    return named if named in table_names() else ""


def _choices(
    kind: Kind, field: Field, schools: Sequence[str]
) -> tuple[tuple[str, ...], tuple[str, ...], str]:
    if name := table_of(kind, field):
        table = code_table(name)
        words = tuple(table.word(code) for code in table.codes)
        key = f"imports.table.{name}"
        heading = t(key) if has(key) else column_of(kind.name, field.name).label()
        return words, table.codes, heading
    names_school = field.name == "school_name" or field.name.endswith("_school")
    if schools and names_school and not field.is_required:
        return tuple(schools), (), t("imports.template.schools")
    return (), (), ""


def _hint(description: str, field: Field, *, is_list: bool) -> str:
    key = f"imports.template.hint.{'list' if is_list else field.type}"
    is_said = bool(_SAMPLE_DAY.search(description))
    parts = (description, t(key) if has(key) and not is_said else "")
    return ("" if language() == "zh" else " ").join(part for part in parts if part)


def write_form(
    workbook: Workbook,
    title: str,
    columns: Sequence[FormColumn],
    *,
    example: Sequence[Value] = (),
    rows: Iterable[Sequence[Value]] = (),
) -> int:
    """Write a form, the explanation of its columns and its codes into a workbook.

    Args:
        workbook: The workbook, still empty.
        title: Name of the sheet to fill in.
        columns: Its columns.
        example: A row that shows how it is done; marked, so that no reader takes it for real.
        rows: What is known already, in the order of the columns.

    Returns:
        How many rows were written.
    """
    looks = _looks(workbook)
    sheet = workbook.add_worksheet(title)
    guide = workbook.add_worksheet(t("imports.template.guide"))
    codes = workbook.add_worksheet(t("imports.template.codes"))
    lists = _write_codes(codes, columns, looks)
    _write_guide(guide, columns, looks)
    for place, column in enumerate(columns):
        _write_heading(sheet, place, column, looks)
        _offer(sheet, place, column, lists.get(column.list_heading, ""))
    if example:
        _write_row(sheet, 1, example, looks, looks.example)
    written = 0
    for written, row in enumerate(rows, 1):
        _write_row(sheet, written + bool(example), row, looks)
    sheet.freeze_panes(1, 1)
    sheet.ignore_errors({"number_stored_as_text": xl_range_abs(0, 0, LAST_ROW, len(columns))})
    if written:
        sheet.autofilter(0, 0, written, len(columns) - 1)
    sheet.activate()
    return written


def _looks(workbook: Workbook) -> _Looks:
    heading = {"bold": True, "bg_color": "#DDE7F0", "bottom": 1, "text_wrap": True}
    return _Looks(
        heading=workbook.add_format(heading | {"valign": "top"}),
        text=workbook.add_format({"num_format": "@"}),
        count=workbook.add_format({"num_format": "0"}),
        # Excel's own apostrophe: the cell stays text when somebody edits it.
        protected=workbook.add_format({"num_format": "@", "quote_prefix": True}),
        example=workbook.add_format({"italic": True, "font_color": "#808080", "num_format": "@"}),
        title=workbook.add_format({"bold": True}),
        wrapped=workbook.add_format({"text_wrap": True, "valign": "top"}),
    )


def _write_heading(sheet: Worksheet, place: int, column: FormColumn, looks: _Looks) -> None:
    width = max(_NARROW, _width(column.heading), *map(_width, column.choices), 0)
    is_long = bool(column.choices)
    sheet.set_column(
        place,
        place,
        min(width + (_ROOM_FOR_ARROW if is_long else 2), _WIDE),
        looks.count if column.is_count else looks.text,
    )
    sheet.write_string(0, place, column.heading, looks.heading)
    if column.hint:
        sheet.write_comment(0, place, column.hint)


def _width(text: str) -> int:
    """Measure a text in characters; a Chinese one is two wide."""
    return sum(1 + (east_asian_width(c) in "WF") for c in text)


def _offer(sheet: Worksheet, place: int, column: FormColumn, source: str) -> None:
    """Show a hint beside each cell, and a list; other words are asked about, not forbidden."""
    rule: dict[str, object] = {"validate": "any"}
    if source:
        rule = {
            "validate": "list",
            "source": source,
            "error_type": "warning",
            "error_message": t("imports.template.not-listed"),
        }
    elif column.is_count:
        rule = {
            "validate": "integer",
            "criteria": ">=",
            "value": 0,
            "error_type": "warning",
            "error_message": t("imports.template.not-a-count"),
        }
    if column.hint:
        rule["input_title"] = column.heading[:_LONGEST_TITLE]
        rule["input_message"] = column.hint[:_LONGEST_HINT]
    if len(rule) > 1:
        sheet.data_validation(1, place, LAST_ROW, place, rule)


def _write_row(
    sheet: Worksheet, row: int, values: Sequence[Value], looks: _Looks, form: Format | None = None
) -> None:
    for place, value in enumerate(values):
        if isinstance(value, str):
            own = looks.protected if is_formula(value) else looks.text
            sheet.write_string(row, place, value, form or own)
        elif value is not None:
            sheet.write_number(row, place, value, form or looks.count)


def _write_codes(sheet: Worksheet, columns: Sequence[FormColumn], looks: _Looks) -> dict[str, str]:
    """Write each list with its codes; gives where the words of a list stand."""
    lists = {column.list_heading: column for column in columns if column.choices}
    sheet.write_string(0, 0, t("imports.template.codes-mark"), looks.title)
    ranges: dict[str, str] = {}
    cells: dict[tuple[int, int], tuple[str, Format]] = {}
    place = 0
    for heading, column in lists.items():
        cells[1, place] = (heading, looks.heading)
        cells |= {(2 + i, place): (word, looks.text) for i, word in enumerate(column.choices)}
        letter = xl_col_to_name(place, col_abs=True)
        ranges[heading] = f"='{sheet.get_name()}'!{letter}$3:{letter}${len(column.choices) + 2}"
        sheet.set_column(place, place, min(max(map(_width, column.choices)) + 2, 2 * _WIDE))
        if column.codes:
            place += 1
            cells[1, place] = (t("imports.template.code"), looks.heading)
            cells |= {(2 + i, place): (code, looks.text) for i, code in enumerate(column.codes)}
            sheet.set_column(place, place, _NARROW)
        place += 1
    for (row, at), (text, form) in sorted(cells.items(), key=lambda cell: cell[0]):
        sheet.write_string(row, at, text, form)
    sheet.freeze_panes(2, 0)
    return ranges


def _write_guide(sheet: Worksheet, columns: Sequence[FormColumn], looks: _Looks) -> None:
    """Explain in a page how the form is filled in, and each of its columns."""
    sheet.set_column(0, 0, _WIDE)
    sheet.set_column(1, 1, _NARROW)
    sheet.set_column(2, 2, 3 * _WIDE)
    sheet.write_string(0, 0, t("imports.template.guide-mark"), looks.title)
    row = 1
    for line in _advice():
        sheet.merge_range(row, 0, row, 2, line, looks.wrapped)
        row += 1
    row += 1
    for place, key in enumerate(("column", "required", "how")):
        sheet.write_string(row, place, t(f"imports.template.guide-{key}"), looks.heading)
    for column in columns:
        row += 1
        required = t("imports.template.guide-yes") if column.is_required else ""
        for place, text in enumerate((column.heading.removesuffix("*"), required, column.hint)):
            sheet.write_string(row, place, text, looks.wrapped)


def _advice() -> Iterator[str]:
    for number in range(1, 6):
        yield f"{number}. " + t(f"imports.template.advice-{number}")
