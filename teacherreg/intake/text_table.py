"""Parting the text of a roster into rows and columns.

A record is a row, as in a spreadsheet program: a line break between quotes begins no new
one, and a blank line is one. Polars reads files in which every quote stands where it
should, and Python's csv the others: there Polars silently joins or drops text.
"""

import csv
import io
import re
from collections import Counter
from contextlib import suppress
from itertools import islice, zip_longest
from typing import Final

import polars as pl

from teacherreg.errors import IntakeError
from teacherreg.intake.decode import start_of
from teacherreg.intake.laid_out import MOST_COLUMNS

DELIMITERS: Final = (",", "\t", ";")
_QUOTED: Final = re.compile(r'(?<![^,;\t\n])"(?:[^"]|"")*"(?=[,;\t\r\n]|$)')
LINES_LOOKED_AT: Final = 50
MOST_CELLS: Final = 30_000_000  # a million rows of thirty columns, a gigabyte in the worst case
_ROWS_AT_ONCE: Final = 5_000


def read_text_table(text: bytes, file: str) -> pl.DataFrame:
    """Part text into rows and columns.

    Args:
        text: The whole file, in UTF-8.
        file: Its name, for the error.

    Returns:
        Columns of text named "0", "1", …; row *i* is row *i* + 1 of the spreadsheet
        program, blank lines included; an empty cell is null.

    Raises:
        IntakeError: ``text-too-large``: one long line makes every row as long.
    """
    if b"\n" not in text:
        text = text.replace(b"\r", b"\n")  # line ends of old Macintosh programs
    delimiter = find_delimiter(start_of(text))
    if b'"' not in text:
        width = 1 + max(line.count(delimiter) for line in start_of(text).split("\n"))
        _require_possible(file, text.count(b"\n") + 1, width)
        with suppress(pl.exceptions.ComputeError):  # a later line is longer
            return _by_polars(text, delimiter, width, quote=None)
    lines = pl.Series([text], dtype=pl.Binary).cast(pl.String).str.split("\n").explode()
    width = 1 + int(str(lines.str.count_matches(delimiter, literal=True).max() or 0))
    quoted = lines.filter(lines.str.contains('"', literal=True))
    is_regular = bool(quoted.str.contains(_well_formed(delimiter)).all())
    if not is_regular and text.count(b'"') % 2 == 0:
        return _by_csv(text.decode(), delimiter, file)
    _require_possible(file, lines.len(), width)
    # Where there is one quote too many, it is a character like others.
    return _by_polars(text, delimiter, width, quote='"' if is_regular else None)


def _require_possible(file: str, rows: int, columns: int) -> None:
    if columns > MOST_COLUMNS or rows * columns > MOST_CELLS:
        raise IntakeError("text-too-large", file=file, rows=rows, columns=columns)


def _well_formed(delimiter: str) -> str:
    """Give the pattern of a line that no reader can take in two ways."""
    cell = rf'(?:"(?:[^"]|"")*"|[^"{re.escape(delimiter)}]*)'
    return rf"^{cell}(?:{re.escape(delimiter)}{cell})*\r?$"


def find_delimiter(text: str) -> str:
    """Find what parts the columns: the one that parts most lines alike, and into most.

    What stands between quotes parts nothing.
    """
    named = re.match(r'\s*"?sep=(.)', text)
    if named:
        return named.group(1)
    bare = _QUOTED.sub('""', text)
    lines = [line for line in bare.splitlines()[:LINES_LOOKED_AT] if line.strip()]

    def agreement(delimiter: str) -> tuple[int, int]:
        counts = Counter(line.count(delimiter) for line in lines if delimiter in line)
        if not counts:
            return 0, 0
        parts, agreeing = counts.most_common(1)[0]
        return agreeing * parts, parts

    return max(DELIMITERS, key=agreement)


def _by_polars(text: bytes, delimiter: str, width: int, quote: str | None) -> pl.DataFrame:
    columns = {str(index): pl.String() for index in range(width)}
    # Polars takes the first row for the widest, so one with a title gets a header above it.
    is_widest = quote is None and start_of(text).partition("\n")[0].count(delimiter) == width - 1
    header = b"" if is_widest else delimiter.join(columns).encode() + b"\n"
    frame = pl.read_csv(
        header + text if header else text,
        separator=delimiter,
        has_header=bool(header),
        schema=columns,
        quote_char=quote,
    )
    if width == 1 or b'"' in text:  # a blank line of one column, or "", is no null
        frame = frame.with_columns(pl.all().replace("", None))
    while frame.width > 1 and frame[:, -1].null_count() == frame.height:
        frame = frame[:, :-1]  # commas between quotes part nothing
    return frame


def _by_csv(text: str, delimiter: str, file: str) -> pl.DataFrame:
    """Read what has quotes in odd places; ="00123" is how systems keep Excel from 123."""
    csv.field_size_limit(max(csv.field_size_limit(), len(text)))  # it is one for the program
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    frames: list[pl.DataFrame] = []
    height = width = 0
    while some := list(islice(rows, _ROWS_AT_ONCE)):
        height, width = height + len(some), max(width, *map(len, some))
        _require_possible(file, height, width)
        columns = enumerate(zip_longest(*some, fillvalue=""))
        frames.append(pl.DataFrame({str(i): pl.Series(c, dtype=pl.String) for i, c in columns}))
    frame = pl.concat(frames, how="diagonal")
    return frame.with_columns(pl.all().str.replace(r'^="(.*)"$', "$1").replace("", None))
