"""The shape of the first rows of a sheet whose header nobody found.

Whoever is asked where the header is, or what the columns are, should not have to open the
file: here stands what each column seems to hold, by its letters. No cell is repeated.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from teacherreg.codes import code_table
from teacherreg.codes.columns import column_of
from teacherreg.intake.fields import Kind
from teacherreg.intake.header import holds_number_or_day
from teacherreg.intake.ooxml import column_letters
from teacherreg.intake.sheets import Sheet
from teacherreg.locale import t

ROWS_LOOKED_AT: Final = 30
COLUMNS_TOLD: Final = 12
_MOST: Final = 0.6  # the share of cells that must look alike

# The commonest family names, which nine in ten people bear.
_FAMILY_NAMES: Final = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁"
    "任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫"
)
_PATTERNS: Final = {
    "id_number": re.compile(r"\d{17}[\dXx]|\d{15}"),
    "phone": re.compile(r"1\d{10}"),
    "name": re.compile(rf"[{_FAMILY_NAMES}][\u4e00-\u9fff]{{1,2}}"),
    "school_name": re.compile(r".*(?:小学|中学|学校|幼儿园|教学点|[一二三四五六七八九十]中|一小)"),
}
_DAY: Final = re.compile(r"\d{4}[-/.年]?\d{1,2}(?:[-/.月]?\d{1,2}日?|月)?(?: [\d:]+)?")
_NUMBER: Final = re.compile(r"\d+(?:\.\d+)?")


@dataclass(frozen=True)
class ColumnLook:
    """What a column seems to hold: a field of the kind, else ``number``, ``date``, ``text``."""

    letters: str
    field: str | None
    sort: str
    kind: str

    def __str__(self) -> str:
        """Say it in the language in force."""
        if self.field is None:
            what = t(f"intake.look.{self.sort}")
        else:
            what = t("intake.look.field", label=column_of(self.kind, self.field).label())
        return t("intake.look.column", letters=self.letters, what=what)


@dataclass(frozen=True)
class FirstRows:
    """The columns of the first rows, said in the language in force.

    ``header_row`` is the row above the first record that may be the header; 0 if none may.
    """

    columns: tuple[ColumnLook, ...]
    header_row: int = 0

    def __str__(self) -> str:
        """Say column by column what seems to stand there."""
        told = [str(column) for column in self.columns[:COLUMNS_TOLD]]
        if len(self.columns) > COLUMNS_TOLD:
            told.append("…")
        return t("imports.list-semicolon").join(told) or t("intake.look.nothing")

    @property
    def advice(self) -> "Advice":
        """What a person can do about it."""
        fields = [f"--map {c.letters}={c.field}" for c in self.columns if c.field is not None]
        return Advice((f"--header-row {self.header_row}", *fields) if fields else ())


@dataclass(frozen=True)
class Advice:
    """The options that would say what the columns are; none where nothing looks like a roster."""

    options: tuple[str, ...]

    def __str__(self) -> str:
        """Say it in the language in force."""
        if not self.options:
            return t("intake.look.is-it-right")
        return t("intake.look.say", options=" ".join(self.options))


def look_at(sheet: Sheet, kind: Kind) -> FirstRows:
    """Tell what the first rows of a sheet seem to hold; titles are not looked at."""
    numbered = [
        (number, row)
        for number, row in enumerate(sheet.cells.head(ROWS_LOOKED_AT).rows(), 1)
        if sum(map(bool, row)) > 1
    ]
    records = [number for number, row in numbered if holds_number_or_day(row)]
    above = [number for number, _row in numbered if records and number < records[0]]
    rows = [row for number, row in numbered if not records or number in records]
    taken: set[str] = set()
    looks = []
    for index in range(sheet.cells.width):
        cells = [cell.strip() for row in rows if (cell := row[index]) and cell.strip()]
        if not cells:
            continue
        field = next((n for n in _fields_like(cells, kind) if n not in taken), None)
        taken |= {field} if field else set()
        looks.append(ColumnLook(column_letters(index), field, _sort(cells), kind.name))
    return FirstRows(tuple(looks), above[-1] if above else 0)


def _fields_like(cells: Sequence[str], kind: Kind) -> Iterator[str]:
    """Give the fields of a kind that a column seems to hold, the surest first."""
    for name, pattern in _PATTERNS.items():
        if name in kind.names and _share(cells, pattern) >= _MOST:
            yield name
    for field in kind.fields:
        if field.code_table and not field.is_aid:
            words = code_table(field.code_table)
            known = [
                bool(words.resolve(cell).code) for cell in cells if not _NUMBER.fullmatch(cell)
            ]
            if known and sum(known) / len(cells) >= _MOST:
                yield field.name


def _sort(cells: Sequence[str]) -> str:
    for sort, pattern in (("date", _DAY), ("number", _NUMBER)):
        if _share(cells, pattern) >= _MOST and not (sort == "date" and _are_serial(cells)):
            return sort
    return "text"


def _are_serial(cells: Sequence[str]) -> bool:
    return all(cell.isdecimal() and len(cell) < 6 for cell in cells)


def _share(cells: Sequence[str], pattern: re.Pattern[str]) -> float:
    return sum(bool(pattern.fullmatch(cell)) for cell in cells) / len(cells)
