"""Names of persons: spaces for alignment, dots of many shapes, notes in the cell.

张 三 is 张三, but John Smith keeps its space. The dot of translated names is U+00B7
whatever was typed. 李某（女） is 李某 with a note, and what was written is kept.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

import polars as pl

from teacherreg.intake.problems import Severity
from teacherreg.intake.records import Records, without

HAN: Final = "\u2e80-\u2fdf\u3005-\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
LONGEST_NAME: Final = 40

_PLAIN: Final = r"^\p{Han}+(?:·\p{Han}+)*$"
_MARKS: Final = re.compile(r"[*※＊#†‡①-⑳❶-❿⑴-⒇\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+")
_NOTE: Final = re.compile(r"\s*[(\[【〔<]([^()\[\]【】〔〕<>]*)[)\]】〕>]\s*$")
_DOT: Final = re.compile(rf"(?<=[{HAN}])\s*[·•・.‧∙⋅･。•●°˙・]\s*(?=[{HAN}])")
_GAP: Final = re.compile(rf"(?<=[{HAN}·])\s+(?=[{HAN}·])")
_ODD: Final = re.compile(r"[?□�■〓]")
_DOUBTFUL: Final = r"[?□�■〓]|\p{Han}.*[A-Za-z]|[A-Za-z].*\p{Han}"
_LATIN: Final = re.compile(r"[A-Za-z]")
_HAN_LETTER: Final = re.compile(f"[{HAN}]")
_NO_NAME: Final = re.compile(r"\d{4,}|^[\d\W_]+$")
_SEX_NOTES: Final = {"男": "1", "女": "2"}


@dataclass(frozen=True, slots=True)
class NameRead:
    """A name, the note that stood beside it, and the code of what is wrong with it."""

    name: str | None
    note: str = ""
    fault: str | None = None


def read_name(written: str) -> NameRead:
    """Read one cell.

    Example:
        >>> read_name("买买提．阿不都 热依木 (退休)")
        NameRead(name='买买提·阿不都热依木', note='退休', fault=None)
    """
    text = unicodedata.normalize("NFKC", _MARKS.sub("", written)).strip()
    found = _NOTE.search(text)
    note = found.group(1).strip() if found else ""
    text = _NOTE.sub("", text).strip(" '\"‘’“”:,、;")
    text = _GAP.sub("", _DOT.sub("·", text))
    text = " ".join(text.split())
    if not text:
        return NameRead(None, note)
    if _NO_NAME.search(text) or len(text) > LONGEST_NAME:
        return NameRead(None, note, "name-unreadable")
    is_mixed = _HAN_LETTER.search(text) and _LATIN.search(text)
    return NameRead(text, note, "name-characters" if _ODD.search(text) or is_mixed else None)


def is_doubtful(name: pl.Expr) -> pl.Expr:
    """Tell the names in which a character is missing, or stands in pinyin."""
    return name.str.contains(_DOUBTFUL)


def clean_names(records: Records, name: str, cells: pl.Series) -> pl.Series:
    """Clean a column of names; a note beside a name is kept with the left-over columns."""
    doubtful = ~cells.str.contains(_PLAIN)
    texts = cells.filter(doubtful.fill_null(False)).unique().to_list()
    if not texts:
        return cells
    read = {text: read_name(text) for text in texts}
    severities: dict[str, Severity] = {"name-unreadable": "error", "name-characters": "warning"}
    for code, severity in severities.items():
        at_fault = pl.Series([t for t in texts if read[t].fault == code], dtype=pl.String)
        records.report(
            code, cells.is_in(at_fault.implode()), name=name,
            severity=severity,
        )  # fmt: skip
    noted = pl.Series([text for text in texts if read[text].note], dtype=pl.String)
    if noted.len():
        has_note = cells.is_in(noted.implode()).fill_null(False)
        records.left_over[records.labels[name]] = without(cells, ~has_note)
    _take_sex(records, cells, read)
    return cells.replace(texts, pl.Series([read[text].name for text in texts], dtype=pl.String))


def _take_sex(records: Records, cells: pl.Series, read: dict[str, NameRead]) -> None:
    """Take 女 beside a name as the sex, where the sheet has no column for it."""
    told = {text: _SEX_NOTES[r.note] for text, r in read.items() if r.note in _SEX_NOTES}
    if told and "sex" in records.kind.names and "sex" not in records.labels:
        records.clean["sex"] = cells.replace_strict(
            list(told), list(told.values()), default=None, return_dtype=pl.String
        )
