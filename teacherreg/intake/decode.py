"""Turning the bytes of a text roster into a table of text.

Rosters come out of Excel and WPS on Chinese Windows, where "Save as CSV" writes GBK
without saying so. Guessing by statistics gets short Chinese files wrong, so we do not
guess. We try, in this order, what can be proved: a byte-order mark, strict UTF-8,
GB 18030.

A record is a row, as in a spreadsheet program: a line break between quotes begins no new
one, and a blank line is one. Polars reads files in which every quote stands where it
should, and Python's csv the others: there Polars silently joins or drops text.
"""

import codecs
import csv
import io
import re
from collections import Counter
from contextlib import suppress
from itertools import islice, zip_longest
from typing import Final

import polars as pl

from teacherreg.errors import IntakeError

DELIMITERS: Final = (",", "\t", ";")
LINES_LOOKED_AT: Final = 50
LOOKED_AT: Final = 200_000  # bytes from which to tell how a text is built
_PIECE: Final = 1 << 16
READ_COLUMNS: Final = 2_000  # more than any roster has; who asks refuses a table so wide

_BYTE_ORDER_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# What no text holds: controls other than tab, line feed and carriage return.
_CONTROLS: Final = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
# Below this share of broken letters a text is UTF-8 that got damaged on its way.
_DAMAGED_SHARE: Final = 0.05


def decode(content: bytes, file: str) -> tuple[bytes, str]:
    """Turn bytes into UTF-8; those of a large file that are UTF-8 already are not copied.

    Args:
        content: The whole file.
        file: Its name, for the error.

    Returns:
        The text in UTF-8 without a byte-order mark, and the encoding it was in.

    Raises:
        IntakeError: ``file-encoding`` if the bytes are neither Unicode nor GB 18030.
    """
    for mark, encoding in _BYTE_ORDER_MARKS:
        if content.startswith(mark):
            text = _in_utf8(content[len(mark) :], encoding)
            break
    else:
        encoding = "utf-8"
        text = _in_utf8(content, encoding)
        if text is None and not _is_damaged_utf8(content):
            encoding = "gb18030"
            text = _in_utf8(content, encoding)
    if text is None or _CONTROLS.search(text[:LOOKED_AT]):
        raise IntakeError("file-encoding", file=file)
    return text, encoding


def _in_utf8(content: bytes, encoding: str) -> bytes | None:
    try:
        if encoding == "utf-8":
            _require_utf8(content)
            return content
        return content.decode(encoding).encode()
    except UnicodeError:
        return None


def _require_utf8(content: bytes) -> None:
    """Decode piece by piece: the whole as text would take twice as much memory."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    for start in range(0, len(content), _PIECE):
        decoder.decode(content[start : start + _PIECE])
    decoder.decode(b"", final=True)


def _is_damaged_utf8(content: bytes) -> bool:
    """Tell UTF-8 with a few broken bytes from GB 18030, which breaks nearly all as UTF-8.

    Decoded as GB 18030 the former would be nonsense without a single error.
    """
    text = content.decode("utf-8", errors="replace")
    foreign = len(text) - len(text.encode("ascii", errors="ignore"))
    return text.count("\ufffd") < foreign * _DAMAGED_SHARE


def start_of(text: bytes) -> str:
    """Give the first letters of a text, some thousands of them."""
    return text[:LOOKED_AT].decode(errors="ignore")


def read_text_table(text: bytes) -> pl.DataFrame:
    """Part text into rows and columns.

    Args:
        text: The whole file, in UTF-8.

    Returns:
        Columns of text named "0", "1", …; row *i* is row *i* + 1 of the spreadsheet
        program, blank lines included; an empty cell is null.
    """
    if b"\n" not in text:
        text = text.replace(b"\r", b"\n")  # line ends of old Macintosh programs
    delimiter = find_delimiter(start_of(text))
    if b'"' not in text:
        width = 1 + max(line.count(delimiter) for line in start_of(text).split("\n"))
        with suppress(pl.exceptions.ComputeError):  # a later line is longer
            return _by_polars(text, delimiter, width, quote=None)
    lines = pl.Series([text], dtype=pl.Binary).cast(pl.String).str.split("\n").explode()
    width = 1 + int(str(lines.str.count_matches(delimiter, literal=True).max() or 0))
    quoted = lines.filter(lines.str.contains('"', literal=True))
    is_regular = bool(quoted.str.contains(_well_formed(delimiter)).all())
    if not is_regular and text.count(b'"') % 2 == 0:
        return _by_csv(text.decode(), delimiter)
    # Where there is one quote too many, it is a character like others.
    return _by_polars(text, delimiter, width, quote='"' if is_regular else None)


def _well_formed(delimiter: str) -> str:
    """Give the pattern of a line that no reader can take in two ways."""
    cell = rf'(?:"(?:[^"]|"")*"|[^"{re.escape(delimiter)}]*)'
    return rf"^{cell}(?:{re.escape(delimiter)}{cell})*\r?$"


def find_delimiter(text: str) -> str:
    """Find what parts the columns: the one that parts most lines alike."""
    lines = [line for line in text.splitlines()[:LINES_LOOKED_AT] if line.strip()]
    named = re.match(r'"?sep=(.)', lines[0]) if lines else None
    if named:
        return named.group(1)

    def agreement(delimiter: str) -> tuple[int, int]:
        counts = Counter(line.count(delimiter) for line in lines if delimiter in line)
        if not counts:
            return 0, 0
        parts, agreeing = counts.most_common(1)[0]
        return agreeing, parts

    return max(DELIMITERS, key=agreement)


def _by_polars(text: bytes, delimiter: str, width: int, quote: str | None) -> pl.DataFrame:
    # A header of our own, because files have titles above theirs, or ragged rows.
    header = delimiter.join(map(str, range(min(width, READ_COLUMNS))))
    frame = pl.read_csv(
        b"%b\n%b" % (header.encode(), text),
        separator=delimiter,
        infer_schema=False,
        quote_char=quote,
        truncate_ragged_lines=width > READ_COLUMNS,
    )
    if width == 1 or b'"' in text:  # a blank line of one column, or "", is no null
        frame = frame.with_columns(pl.all().replace("", None))
    while frame.width > 1 and frame[:, -1].null_count() == frame.height:
        frame = frame[:, :-1]  # commas between quotes part nothing
    return frame


def _by_csv(text: str, delimiter: str) -> pl.DataFrame:
    """Read what has quotes in odd places; ="00123" is how systems keep Excel from 123."""
    csv.field_size_limit(max(csv.field_size_limit(), len(text)))  # it is one for the program
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    columns = islice(zip_longest(*rows, fillvalue=""), READ_COLUMNS)
    frame = pl.DataFrame(
        {str(index): pl.Series(column, dtype=pl.String) for index, column in enumerate(columns)}
    )
    return frame.with_columns(pl.all().str.replace(r'^="(.*)"$', "$1").replace("", None))
