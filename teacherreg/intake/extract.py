"""From a sheet and its header to records whose columns are clean.

Here meet the oddities of a sheet that no single column knows: 同上, two columns that give
one field, a unit named above the header or on the sheet's tab, cells that hold an error.
"""

import re
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

import polars as pl

from teacherreg.intake.check import check_shifted
from teacherreg.intake.clean import Cells, clean_column
from teacherreg.intake.fields import Field, Kind
from teacherreg.intake.header import Header, HeaderColumn
from teacherreg.intake.left_over import unguarded
from teacherreg.intake.listed import Listed
from teacherreg.intake.marks import CELL_ERROR, SAME_AS_ABOVE
from teacherreg.intake.ooxml import column_letters
from teacherreg.intake.problems import Severity
from teacherreg.intake.records import Fault, Records, without
from teacherreg.intake.rows import Body, find_records
from teacherreg.intake.sheets import Sheet
from teacherreg.settings import Settings

# 健康 and 宗教 are sensitive and of no use here: not even kept beside the known columns.
NOT_KEPT: Final = re.compile("健康|宗教|信仰|病史|残疾")
NUMBERS_OF_PERSONS: Final = frozenset({"id_number", "phone"})  # types of fields

_UNIT: Final = re.compile(
    r"^\s*(?:填报|上报|报送)?(?:单位|学校)(?:名称|全称)?\s*(?:[（(](?:盖章|公章|签章)[）)])?\s*[:：]\s*(.+?)\s*(?:[（(](?:盖章|公章)[）)])?\s*$"
)
_SCHOOL_LIKE: Final = re.compile(
    r"小学|中学|学校|幼儿园|教学点|完小|中心校|[一二三四五六七八九十]中$|[一二三四五六七八九十]小$|职高|职教"
)


@dataclass(frozen=True)
class Question:
    """What is asked of a file: records of which kind, by which settings, as of which day."""

    kind: Kind
    settings: Settings
    on: date
    today: date


def extract(sheet: Sheet, header: Header, file: str, question: Question) -> Records:
    """Read the records of a sheet.

    Args:
        sheet: The sheet.
        header: Its header.
        file: Name of the file.
        question: What is asked of it.

    Returns:
        Its records, clean and checked, with every problem found.
    """
    keys = frozenset(c.index for name in question.kind.keys for c in header.of(name))
    body = find_records(sheet, header, keys)
    records = Records(
        kind=question.kind,
        file=file,
        sheet=sheet.name,
        rows=body.positions + 1,
        labels={name: header.of(name)[0].label for name in header.fields},
        settings=question.settings,
        today=question.today,
        on=question.on,
        skipped=dict(body.skipped),
    )
    _tell_of_sheet(records, sheet, header, body)
    columns = {
        name: [_cells(sheet, body, column) for column in header.of(name)] for name in header.fields
    }
    _add_school(records, sheet, header, columns)
    _take_raw(records, header, body, columns)
    _drop_what_is_no_record(records, columns)
    for field in question.kind.fields:
        if field.name in columns:
            _clean(records, field, columns[field.name])
    check_shifted(records)
    question.kind.settle(records)
    return records


def _tell_of_sheet(records: Records, sheet: Sheet, header: Header, body: Body) -> None:
    hidden = pl.Series(sorted(sheet.hidden_rows), dtype=pl.Int64)
    count = body.positions.is_in(hidden.implode()).sum()
    if count:
        records.report_sheet("rows-hidden", count=count)
    hidden_labels = [c.label for c in header.columns if c.index in sheet.hidden_columns]
    if hidden_labels:
        named = Listed(tuple(hidden_labels), len(hidden_labels))
        records.report_sheet("columns-hidden", count=len(hidden_labels), columns=named)
    _tell_of_formulas(records, sheet, header, body)
    if body.second_table is not None:
        records.report_sheet("second-table", at=body.second_table + 1)
    if header.second_table is not None:
        letters = column_letters(header.width or 0)
        records.report_sheet("tables-side-by-side", letters=letters, header=header.second_table)


def _tell_of_formulas(records: Records, sheet: Sheet, header: Header, body: Body) -> None:
    """Tell once for each column of formulas that no program has worked out yet."""
    if not sheet.uncalculated:
        return
    for column in header.columns:
        if column.field is None:
            continue
        rows = sorted(row for row, index in sheet.uncalculated if index == column.index)
        mask = body.positions.is_in(pl.Series(rows, dtype=pl.Int64).implode())
        if mask.any():
            first = int(body.positions.filter(mask)[0]) + 1
            records.report_sheet(
                "formula-not-calculated", column.label, count=int(mask.sum()), first=first
            )


def _cells(sheet: Sheet, body: Body, column: HeaderColumn) -> Cells:
    name = str(column.index)
    texts = body.cells[name]
    same = texts.is_in(pl.Series(list(SAME_AS_ABOVE), dtype=pl.String).implode()).fill_null(False)
    if same.any():  # 同上 may stand below 同上
        texts = texts.zip_with(~same, without(texts, same).fill_null(strategy="forward"))
    is_number = sheet.numbers.get(name)
    return Cells(
        texts=texts,
        is_number=None if is_number is None else is_number.gather(body.positions),
        serial_offset_days=sheet.serial_offset_days,
    )


def _add_school(
    records: Records, sheet: Sheet, header: Header, columns: dict[str, list[Cells]]
) -> None:
    """Take the school from above the header or from the sheet's tab, where no column names it."""
    if records.kind.name == "schools" or "school_name" not in records.kind.names:
        return
    named = unit_above(sheet, header) or (sheet.name if looks_like_school(sheet.name) else None)
    if named and "school_name" not in columns:
        texts = pl.repeat(named, len(records), dtype=pl.String, eager=True)
        columns["school_name"] = [Cells(texts)]


def unit_above(sheet: Sheet, header: Header) -> str | None:
    """Find 单位：… in the rows above the header; it holds for the whole sheet."""
    for row in sheet.cells.head(max(header.bottom, 0)).rows():
        for index, cell in enumerate(row):
            found = _UNIT.match(cell) if cell else None
            if found and len(found.group(1)) < 60:
                return found.group(1)
            if cell and _UNIT.match(f"{cell}x") and row[index + 1 : index + 2] != (None,):
                return next(iter(row[index + 1 : index + 2]), None)
    return None


def looks_like_school(name: str) -> bool:
    """Tell whether a sheet is named after a school rather than Sheet1 or 花名册."""
    return bool(_SCHOOL_LIKE.search(name)) and not re.search(
        "花名册|名单|汇总|统计|教师|合计", name
    )


def _take_raw(
    records: Records, header: Header, body: Body, columns: dict[str, list[Cells]]
) -> None:
    """Set what stands in the cells; an error such as #REF! is told and emptied."""
    for name, several in columns.items():
        for place, cells in enumerate(several):
            is_error = _is_error(cells.texts)
            if place == 0:
                records.raw[name] = cells.texts
            if is_error is None:
                continue
            several[place] = replace(cells, texts=without(cells.texts, is_error))
            if place == 0:
                is_needed = records.kind.field(name).is_required
                severity: Severity = "error" if is_needed else "warning"
                for position in is_error.arg_true().to_list():
                    records.report_at(position, Fault("cell-error", severity), name)
    for column in header.columns:
        if _is_kept(column):
            texts = body.cells[str(column.index)]
            is_error = _is_error(texts)
            records.left_over[unguarded(column.label)] = (
                texts if is_error is None else without(texts, is_error)
            )


def _is_kept(column: HeaderColumn) -> bool:
    """Tell whether the cells of a column that gives no field are kept with their rows."""
    is_of_use = column.field is not None or column.is_serial or column.is_left_out
    return not is_of_use and not NOT_KEPT.search(column.label)


def _is_error(texts: pl.Series) -> pl.Series | None:
    if not texts.str.starts_with("#").any():
        return None
    return texts.str.contains(CELL_ERROR).fill_null(False)


def _drop_what_is_no_record(records: Records, columns: dict[str, list[Cells]]) -> None:
    if records.kind.holds_nothing is None:
        return
    nothing = records.kind.holds_nothing(records)
    if not nothing.any():
        return
    records.skip("no_title", int(nothing.sum()))
    kept = (~nothing).arg_true()
    records.take(kept.to_list())
    for several in columns.values():
        several[:] = [
            replace(
                cells,
                texts=cells.texts.gather(kept),
                is_number=None if cells.is_number is None else cells.is_number.gather(kept),
            )
            for cells in several
        ]


def _clean(records: Records, field: Field, several: list[Cells]) -> None:
    """Clean a field; of several columns that give it the first that is not empty holds."""
    cells = several[0]
    for other in several[1:]:
        _tell_differing(records, field, cells, other)
        cells = _first_of(cells, other)
    if len(several) > 1:
        raw = records.raw[field.name]
        records.raw[field.name] = raw.zip_with(raw.is_not_null(), cells.texts)
    values = clean_column(records, field, cells)
    records.clean[field.name] = values
    if field.type not in NUMBERS_OF_PERSONS and field.name in records.labels:
        lost = values.is_null() & records.told_mask(field.name)
        if lost.any():
            _keep(records, records.labels[field.name], without(records.raw[field.name], ~lost))


def _keep(records: Records, label: str, texts: pl.Series) -> None:
    """Keep what could not be read under its header, as unknown columns are kept."""
    before = records.left_over.get(label)
    records.left_over[label] = texts if before is None else before.zip_with(
        before.is_not_null(), texts
    )  # fmt: skip


def _first_of(cells: Cells, other: Cells) -> Cells:
    filled = cells.texts.is_not_null()
    none = pl.repeat(False, filled.len(), eager=True)
    first = none if cells.is_number is None else cells.is_number
    second = none if other.is_number is None else other.is_number
    return replace(
        cells,
        texts=cells.texts.zip_with(filled, other.texts),
        is_number=first.zip_with(filled, second),
    )


def _tell_differing(records: Records, field: Field, cells: Cells, other: Cells) -> None:
    """Tell once that two columns of one field do not agree."""
    quiet = replace(records, problems=[], left_over={}, _rejected=set(), _told={})
    first, second = clean_column(quiet, field, cells), clean_column(quiet, field, other)
    differs = (first != second).fill_null(False)
    if differs.any():
        row = int(records.rows[differs.arg_true()[0]])
        label = records.labels.get(field.name)
        records.report_sheet("columns-differ", column=label, count=differs.sum(), first=row)
