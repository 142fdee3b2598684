"""Which rows below a header are records, and which are something else.

Totals, notes, signatures, examples, headers repeated on each printed page, blank rows and
rows with nothing but a number are skipped and counted. Only rows that look odd (few cells,
or a telling word in the first cells) are looked at one by one.
"""

import re
from collections import Counter
from dataclasses import dataclass
from typing import Final

import polars as pl

from teacherreg.intake.header import Header, looks_like_header
from teacherreg.intake.meanings import header_key, meanings
from teacherreg.intake.records import mask_of
from teacherreg.intake.sheets import Sheet
from teacherreg.locale import t

FEW_CELLS: Final = 2
ROWS_OF_EXAMPLES: Final = 3  # instructions stand directly under the header
LOOKED_AT: Final = 3  # columns in which a telling word is looked for

_BLANKS: Final = " \t\r\n\u00a0\u3000\u200b\u200e\u200f\ufeff"
_WORDS: Final = (
    r"^[（(【*※]?\s*(?:合\s*计|总\s*计|小\s*计|共\s*计|总\s*数|累\s*计|平均|汇总|本页|共\s*\d+|注|备\s*注|说\s*明|填|本表|总人数|人数|其中|"
    r"制表|审核|审批|审签|负责人|经办|报送|上报|联系|校长|园长|单位|盖章|公章|签章|日期|示例|样例|范例|例|主管|"
    r"年\s*月\s*日|第\s*\d+\s*页|必填|选填|姓|教师姓名|学校|序|编号)"
)
_TOTAL: Final = re.compile(
    r"^[(【]?(?:合计|总计|小计|共计|总数|累计|平均|汇总|本页(?:小计|合计)|(?:本[表页])?共(?:有|计)?\d+[人名所条]|"
    r"总?人数[:：]?(?:\d|$)|(?:其中)?[:：]?[男女]\d+人)"
)
_NOTE: Final = re.compile(
    r"^[(*※]?(?:(?:附?注|备注|说明|填[表报写]?说明|注意(?:事项)?)\d*(?:[:：.、]|$)|填写要求|填[报表]要求|第\d+页|共\d+页)"
)
_SIGNATURE: Final = re.compile(
    r"^(?:填[表报写]人|制表人?|审核人?|审批人?|经办人|报送人|上报人|填[表报](?:日期|时间|单位)|制表(?:日期|时间)|"
    r"(?:报送|上报)(?:日期|时间|单位))\(?(?:签字|签名|签章|盖章|公章)?\)?(?:[:：]|$)|"
    r"^[^:：]{0,8}(?:校长|园长|负责人|领导|局长|主任|经办人|审批人|审核人|联系人|联系电话|单位|学校|日期)"
    r"(?:(?:签字|签名|签章|盖章|公章)?[:：]|\((?:签字|签名|签章|盖章|公章)\)|(?:签字|签名)$)|^\(?(?:单位|学校)?\(?(?:盖章|公章|签章)(?:\)|[:：]|$)|^年月日$|"
    r"^联系人[及和、]?(?:联系)?(?:电话|方式)(?:[:：]|$)"
)
_EXAMPLE: Final = re.compile(
    r"^[(【]?(?:填写)?(?:示例|样例|范例|例子|例如|举例|例)(?:[:：)】\d]|$)|\((?:示例|样例|例)\)|"
    r"^\(?example(?:[:)\d]|$)"
)
_INSTRUCTION: Final = re.compile(
    r"^[(【]?(?:必填|选填|请(?:填|选|从|按)|下拉|文本(?:格式|型)?$|格式|填写(?:格式|要求|说明)|如[:：]|例[:：]|可为空|数字$|日期型?$|\d+位|"
    r"(?:填)?(?:全称|简称)$|与.{1,8}一致|不[能得可]|[男女是否有无]/[男女是否有无]$|(?:yyyy|年)[-/.]?(?:mm|月))"
)
_TITLE: Final = re.compile(
    r"(?:花名册|名册|名单|一览表|统计表|登记表|汇总表|情况表|明细表|信息表|学部|教研组|[一二三四五六七八九十]、)"
)
# What a name is not, where it stands in its row alone.
_NO_NAME: Final = re.compile(
    r"[\d:：。，,；;、]|^附|意见|签[字名章]|盖章|公章|属实|人数|审[核批]|以[上下]|空白"
)
_ID: Final = re.compile(r"\d{15}")


@dataclass(frozen=True)
class Body:
    """The records under a header.

    Attributes:
        cells: Their cells, stripped; an empty cell is null.
        positions: Where they stand in the sheet, from zero.
        skipped: How many rows were something else, by reason.
        second_table: Position of the header of another table below, if there is one.
    """

    cells: pl.DataFrame
    positions: pl.Series
    skipped: Counter[str]
    second_table: int | None = None


def reason_in_words(reason: str) -> str:
    """Name the reason for which rows were skipped, in the language in force."""
    return t(f"intake.skipped.{reason}")


def find_records(sheet: Sheet, header: Header, keys: frozenset[int]) -> Body:
    """Part the records from the other rows under a header.

    Args:
        sheet: The sheet.
        header: Its header.
        keys: The columns that name what a record is about.

    Returns:
        The records, and what was skipped above and below the header.
    """
    first = header.bottom + 1
    cells = _stripped(sheet.cells.slice(first)[:, : header.width])
    skipped = Counter({"title": filled_rows(sheet.cells.head(header.top))})
    blank = _blank(cells)
    # What a stray space far below leaves are no blank rows between records.
    end = _end_of(blank)
    cells, blank = cells.head(end), blank.head(end)
    dropped: list[int] = []
    second_table = None
    for position in _odd_rows(cells, blank, keys):
        reason = _reason(sheet, header, keys, position, cells.row(position))
        if reason == "second_table":
            second_table = first + position
            skipped[reason] += int((~blank[position:]).sum())
            cells, blank = cells.head(position), blank.head(position)
            break
        if reason is not None:
            skipped[reason] += 1
            dropped.append(position)
    skipped["blank"] += int(blank.sum())
    positions = pl.int_range(first, first + cells.height, eager=True)
    if dropped or blank.any():
        kept = ~(blank | mask_of(dropped, cells.height))
        cells, positions = cells.filter(kept), positions.filter(kept)
    return Body(cells, positions, +skipped, second_table)


def _blank(cells: pl.DataFrame) -> pl.Series:
    """Mark the rows in which nothing stands."""
    if not cells.height:
        return pl.Series(dtype=pl.Boolean)
    return cells.select(pl.all_horizontal(pl.all().is_null())).to_series()


def _stripped(cells: pl.DataFrame) -> pl.DataFrame:
    """Strip every cell; a column that had nothing to strip is not kept twice in memory."""
    stripped = cells.select(pl.all().str.strip_chars(_BLANKS).replace("", None))
    sizes = [pl.all().str.len_bytes().sum().name.prefix("size"), pl.all().null_count()]
    before, after = (frame.select(sizes).row(0) for frame in (cells, stripped))
    same = [
        cells[name]
        for place, name in enumerate(cells.columns)
        if (before[place], before[place + cells.width])
        == (after[place], after[place + cells.width])
    ]
    return stripped.with_columns(same)


def filled_rows(cells: pl.DataFrame) -> int:
    """Count the rows in which something stands."""
    if not cells.width:
        return 0
    return cells.select(pl.any_horizontal(pl.all().is_not_null()).sum()).item() or 0


def _end_of(blank: pl.Series) -> int:
    """Tell how many rows there are up to the last in which something stands."""
    last = (~blank).arg_true()
    return int(last[-1]) + 1 if last.len() else 0


def _odd_rows(cells: pl.DataFrame, blank: pl.Series, keys: frozenset[int]) -> list[int]:
    """Find the rows that may be no records: few cells, or a telling word at the front."""
    if not cells.height:
        return []
    front = {str(index) for index in {*range(min(LOOKED_AT, cells.width)), *keys}}
    odd = cells.select(
        (pl.sum_horizontal(pl.all().is_not_null()) <= FEW_CELLS)
        | pl.any_horizontal(pl.col(name).str.contains(_WORDS) for name in sorted(front))
        | (pl.int_range(pl.len()) < ROWS_OF_EXAMPLES)
    ).to_series()
    return (odd.fill_null(False) & ~blank).arg_true().to_list()


def _reason(
    sheet: Sheet, header: Header, keys: frozenset[int], position: int, row: tuple[str | None, ...]
) -> str | None:
    """Tell why a row is no record; None if it is one."""
    place = header.bottom + 1 + position
    own = {i: cell for i, cell in enumerate(row) if cell and (place, i) not in sheet.filled}
    if not own:
        return "blank"
    if looks_like_header(row):
        return "repeated_header" if _repeats(header, row) else "second_table"
    front = sorted(own)[:2]
    telling = [_tight(cell) for i, cell in own.items() if i in keys or i in front]
    if any(_EXAMPLE.search(cell) for cell in telling):
        return "example"
    if any(_ID.search(cell) for cell in own.values()):
        return None
    for reason, pattern in _PATTERNS.items():
        if any(pattern.search(cell) for cell in telling):
            return reason
    if any(_EXAMPLE.search(_tight(cell)) for cell in own.values()):
        return "example"
    instructions = sum(bool(_INSTRUCTION.search(_tight(cell))) for cell in own.values())
    if position < ROWS_OF_EXAMPLES and instructions >= 2:
        return "example"
    return _reason_of_single(sheet, header, keys, place, own)


def _reason_of_single(
    sheet: Sheet, header: Header, keys: frozenset[int], place: int, own: dict[int, str]
) -> str | None:
    serial = {column.index for column in header.columns if column.is_serial}
    if set(own) <= serial or (len(own) == 1 and next(iter(own.values())).isdecimal()):
        only = next(iter(own.values()))
        return "only_number" if only.replace(".", "").isdecimal() else "title"
    if len(own) > 1:
        return None
    index, cell = next(iter(own.items()))
    is_wide = (place, index) in sheet.wide_merges
    names = {column.index for column in header.of("name")}
    is_no_name = index in names and _NO_NAME.search(_tight(cell))
    return "title" if index not in keys or is_wide or is_no_name or _TITLE.search(cell) else None


def _tight(cell: str) -> str:
    return header_key(cell)


def _repeats(header: Header, row: tuple[str | None, ...]) -> bool:
    """Tell the same header printed again from the header of another table."""
    again = {i: meanings(cell) for i, cell in enumerate(row) if cell and meanings(cell)}
    labels = {column.index: meanings(column.label) for column in header.columns}
    same = sum(labels.get(index) == found for index, found in again.items())
    return same * 2 >= len(again)


_PATTERNS: Final = {"total": _TOTAL, "note": _NOTE, "signature": _SIGNATURE}
