"""Tables as files that open rightly in a spreadsheet program: CSV and .xlsx.

Chinese Excel reads a CSV without a byte-order mark as mojibake, so ours carries one. A
text that begins like a formula is not run when the file is opened: in CSV an apostrophe
stands before it, in a workbook the cell is marked as text. What the importer reads from a
CSV loses that apostrophe again, and no other: a text that has one of its own gets a second.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, Final
from unicodedata import east_asian_width

import polars as pl
import xlsxwriter

from teacherreg.codes import code_table, table_names
from teacherreg.codes.columns import ColumnEntry, column_of
from teacherreg.errors import FileError, Reason
from teacherreg.locale import language

# Excel takes the full-width signs for the plain ones where Chinese or Japanese is typed.
_SIGNS: Final = r"[=+\-@＝＋－＠\t\r\n]"
_FORMULA: Final = rf"^'*{_SIGNS}"
_PROTECTED: Final = rf"^'('*{_SIGNS})"
_NUMBER: Final = r"^[+-]?\d+(\.\d+)?([eE][+-]?\d+)?$"
ONLY_OWNER: Final = 0o600
_NOT_IN_SHEET_NAMES: Final = re.compile(r"[\[\]:*?/\\]")
_LONGEST_SHEET_NAME: Final = 31
_WIDEST_COLUMN: Final = 40
_ROWS_MEASURED: Final = 1000


def labelled(
    frame: pl.DataFrame,
    table: str,
    names: Mapping[str, str] | None = None,
    coded: Mapping[str, str] | None = None,
) -> pl.DataFrame:
    """Turn columns, codes and yes-or-no into words, in the language in force.

    Args:
        frame: Columns under their own names, coded values as codes.
        table: The table of the catalogue of columns whose labels to take.
        names: Headings of columns that the catalogue does not know.
        coded: Code tables of such columns, by column.

    Returns:
        The same rows for people: 学段 for ``stage``, 小学 for ``primary``, 是 for true.
    """
    headings: dict[str, str] = {}
    for name in frame.columns:
        entry = _entry(table, name)
        if frame[name].dtype == pl.Boolean:
            yes_no = code_table("yes_no")
            words = {"true": yes_no.label("1"), "false": yes_no.label("0")}
        elif (codes_of := entry.code_table if entry else (coded or {}).get(name)) in table_names():
            codes = code_table(str(codes_of))
            words = {code: codes.label(code) for code in codes.codes}
        else:
            words = {}
        if words:
            frame = frame.with_columns(pl.col(name).cast(pl.String).replace(words))
        headings[name] = _heading(entry) if entry else (names or {}).get(name, name)
    return frame.rename(headings)


def _entry(table: str, column: str) -> ColumnEntry | None:
    try:
        return column_of(table, column)
    except KeyError:
        return None


def _heading(entry: ColumnEntry) -> str:
    label, unit = entry.label(), entry.unit()
    if not unit or unit.casefold() in label.casefold():  # "Students", in students
        return label
    return f"{label}（{unit}）" if language() == "zh" else f"{label} ({unit})"


def write_csv(frame: pl.DataFrame, out: Path | BinaryIO, *, only_owner: bool = False) -> None:
    """Write a table as UTF-8 CSV with a byte-order mark, cells and headings harmless.

    Args:
        frame: The table, its columns named as the heading shall be.
        out: A file, replaced whole or not at all; or an open one.
        only_owner: Keep the file from other accounts of the machine.
    """
    headings = {name: harmless(name) for name in frame.columns}
    safe = frame.with_columns(
        pl.when(_looks_like_formula(name))
        .then(pl.lit("'") + pl.col(name))
        .otherwise(pl.col(name))
        .alias(name)
        for name, dtype in frame.schema.items()
        if dtype == pl.String
    ).rename(headings)
    if isinstance(out, Path):
        with replacing(out, only_owner=only_owner) as unfinished:
            safe.write_csv(unfinished, include_bom=True)
    else:
        content = BytesIO()
        safe.write_csv(content, include_bom=True)
        out.write(content.getvalue())  # polars would make an OSError of a pipe that was closed


def write_xlsx(
    frame: pl.DataFrame, out: Path | BinaryIO, sheet_title: str, *, only_owner: bool = False
) -> None:
    """Write a table as a workbook of one sheet; text stays text, whatever it begins with.

    Args:
        frame: The table, its columns named as the heading shall be.
        out: A file, replaced whole or not at all; or an open one.
        sheet_title: Name of the sheet; what a name may not hold is left out.
        only_owner: Keep the file from other accounts of the machine.
    """
    if isinstance(out, Path):
        content = BytesIO()
        _write_workbook(frame, content, sheet_title)
        with replacing(out, only_owner=only_owner) as unfinished:
            unfinished.write_bytes(content.getbuffer())
    else:
        _write_workbook(frame, out, sheet_title)


def _looks_like_formula(name: str) -> pl.Expr:
    text = pl.col(name)
    return text.str.contains(_FORMULA) & ~text.str.contains(_NUMBER)


def is_formula(text: str) -> bool:
    """Tell whether a spreadsheet program could run a text; a number is none."""
    return bool(re.match(_FORMULA, text)) and not re.match(_NUMBER, text)


def harmless(text: str) -> str:
    """Keep Excel from running a text as a formula; what is a number stays one."""
    return f"'{text}" if is_formula(text) else text


def as_it_was(cell: pl.Expr) -> pl.Expr:
    """Take the apostrophe that `harmless` put before a text off again."""
    return cell.str.replace(_PROTECTED, "$1")


@contextmanager
def replacing(target: Path, *, only_owner: bool = False) -> Iterator[Path]:
    """Give a file to write; it takes the target's place when it is whole.

    Args:
        target: Where it is to be; a pipe or a device is written straight away.
        only_owner: Keep it from other accounts of the machine, from its first byte on.

    Raises:
        FileError: If it cannot be written there; then what was there is untouched.
    """
    if target.exists() and not target.is_file():
        yield target
        return
    unfinished = target.with_name(f"{target.name}.unfinished")
    try:
        if only_owner:
            unfinished.unlink(missing_ok=True)
            unfinished.touch(mode=ONLY_OWNER, exist_ok=False)
        yield unfinished
        unfinished.replace(target)
    except OSError as error:
        raise FileError("file-not-written", file=target, reason=Reason(error)) from error
    finally:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)


def _write_workbook(frame: pl.DataFrame, out: BinaryIO, sheet_title: str) -> None:
    name = _NOT_IN_SHEET_NAMES.sub(" ", sheet_title).strip("' ")[:_LONGEST_SHEET_NAME] or "1"
    with xlsxwriter.Workbook(out, {"strings_to_formulas": False}) as workbook:
        sheet = workbook.add_worksheet(name)
        heading = workbook.add_format({"bold": True, "bottom": 1})
        # The apostrophe of Excel's own input line: the cell stays text when it is edited.
        text = workbook.add_format({"quote_prefix": True})
        day = workbook.add_format({"num_format": "yyyy-mm-dd"})
        for place, column in enumerate(frame.iter_columns()):
            sheet.write_string(0, place, column.name, heading)
            sheet.set_column(place, place, _width(column))
            for row, value in enumerate(column, start=1):
                if isinstance(value, str):
                    sheet.write_string(row, place, value, text if is_formula(value) else None)
                elif isinstance(value, date):
                    sheet.write_datetime(row, place, value, day)
                elif value is not None:
                    sheet.write(row, place, value)  # a number or a truth value
        sheet.freeze_panes(1, 0)
        if frame.height:
            sheet.autofilter(0, 0, frame.height, frame.width - 1)


def text_width(text: str) -> int:
    """Measure a text in characters of a spreadsheet's column; a Chinese one is two wide."""
    return sum(1 + (east_asian_width(c) in "WF") for c in text)


def _width(column: pl.Series) -> int:
    """Measure a column in characters; a Chinese one is two wide."""
    texts = [column.name, *map(str, column.head(_ROWS_MEASURED))]
    widest = max(map(text_width, texts))
    return min(widest, _WIDEST_COLUMN) + 2
