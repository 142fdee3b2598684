"""Workbooks to fill in: headers, lists to choose from, numbers kept as text.

The example row under the header begins with 示例, which the reader skips.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from teacherreg.codes import code_table
from teacherreg.codes.columns import column_of
from teacherreg.errors import IntakeError
from teacherreg.intake.kinds import KINDS, Field
from teacherreg.intake.new_workbook import new_workbook
from teacherreg.locale import t

# Without these a row cannot be used (a person is named by a number, or by name and school).
STARRED: Final = {
    "schools": frozenset({"school_name"}),
    "teachers": frozenset({"name"}),
    "titles": frozenset({"name", "title_kind", "level", "awarded_on"}),
    "conduct": frozenset({"name", "record_kind"}),
}
ROWS_TO_FILL: Final = 2000
_COLUMN_WIDTH: Final = 16
_MARK: Final = "示例："
_EXAMPLES: Final = {
    "name": "张三",
    "id_number": "640199198503150012",
    "staff_no": "00123",
    "birth_date": "1985-03-15",
    "phone": "13800000000",
    "school_name": "青禾县第一小学",
    "school_code": "2164000001",
    "short_name": "县一小、一小",
    "township": "城关镇",
    "school_year": "2026-2027",
    "primary_students": "812",
    "work_started_on": "2008-09",
    "school_joined_on": "2015-09",
    "awarded_on": "2022-09-01",
    "term_ends_on": "2025-08-31",
    "issuer": "青禾县教育局",
    "document_no": "青教发〔2022〕1号",
    "year": "2025",
    "decided_by": "青禾县教育局",
}


@dataclass(frozen=True)
class _Looks:
    text: Format
    heading: Format
    example: Format


def write_template(kind: str, out: Path) -> None:
    """Write a workbook to fill in.

    Args:
        kind: ``schools``, ``teachers``, ``titles`` or ``conduct``.
        out: The workbook to make.

    Raises:
        IntakeError: If the kind is unknown, the file exists or its folder is missing.
    """
    if kind not in KINDS:
        raise IntakeError("kind-unknown", kind=kind, known=", ".join(KINDS))
    if out.exists():
        raise IntakeError("template-exists", file=out)
    fields = [field for field in KINDS[kind].fields if not field.is_aid]
    with new_workbook(out) as workbook:
        looks = _Looks(
            workbook.add_format({"num_format": "@"}),
            workbook.add_format({"bold": True, "bg_color": "#DDE7F0", "bottom": 1}),
            workbook.add_format({"italic": True, "font_color": "#808080", "num_format": "@"}),
        )
        sheet = workbook.add_worksheet(t(f"imports.kind.{kind}"))
        codes = workbook.add_worksheet(t("imports.template.codes"))
        lists = _write_codes(codes, [_table_of(kind, field) for field in fields], looks)
        for place, field in enumerate(fields):
            _write_column(sheet, kind, field.name, place, looks)
            if source := lists.get(_table_of(kind, field)):
                _offer_list(sheet, place, source)
        sheet.freeze_panes(1, 1)


def _table_of(kind: str, field: Field) -> str:
    """Give the code table whose labels fill a column; empty where none does."""
    return field.code_table or column_of(kind, field.name).code_table


def _write_codes(sheet: Worksheet, tables: Iterable[str], looks: _Looks) -> dict[str, str]:
    """Write each code table into a column; gives the range of its labels."""
    ranges: dict[str, str] = {}
    for place, name in enumerate(dict.fromkeys(table for table in tables if table)):
        labels = [code_table(name).label(code) for code in code_table(name).codes]
        sheet.set_column(place, place, _COLUMN_WIDTH, looks.text)
        sheet.write_string(0, place, t(f"imports.table.{name}"), looks.heading)
        sheet.write_column(1, place, labels, looks.text)
        letter = xl_col_to_name(place)
        ranges[name] = f"='{sheet.get_name()}'!${letter}$2:${letter}${len(labels) + 1}"
    sheet.freeze_panes(1, 0)
    return ranges


def _write_column(sheet: Worksheet, kind: str, name: str, place: int, looks: _Looks) -> None:
    """Write a header, its explanation and its example; the whole column is text."""
    entry = column_of(kind, name)
    star = "*" if name in STARRED[kind] else ""
    sheet.set_column(place, place, _COLUMN_WIDTH, looks.text)
    sheet.write_string(0, place, entry.label() + star, looks.heading)
    if entry.description():
        sheet.write_comment(0, place, entry.description())
    example = _EXAMPLES.get(name, "")
    if entry.code_table:
        example = code_table(entry.code_table).label(code_table(entry.code_table).codes[0])
    sheet.write_string(1, place, (_MARK if place == 0 else "") + example, looks.example)


def _offer_list(sheet: Worksheet, place: int, source: str) -> None:
    """Offer a list to choose from; other words are asked about, not forbidden."""
    choice = {
        "validate": "list",
        "source": source,
        "error_type": "warning",
        "error_message": t("imports.template.not-listed"),
    }
    sheet.data_validation(2, place, 1 + ROWS_TO_FILL, place, choice)
