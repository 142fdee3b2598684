"""Titles written as free text: 2019年县级骨干教师、2021年市级学科带头人.

Each part names a year, a level, a kind and perhaps a subject, in any order that people
use. The longest word that is known decides: 青年骨干教师 before 骨干教师. Somebody chosen
to be trained for a title (培养对象) does not hold it.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from teacherreg.codes import CodeTable, code_table
from teacherreg.intake.marks import EMPTY_MARKS

NO_TITLE: Final = EMPTY_MARKS | {"否", "0", "无称号", "不是"}

_PARTS: Final = re.compile(r"[、，,；;\n/|]+|\s{2,}")
_YEAR: Final = re.compile(
    r"(?<!\d)((?:19|20)\d{2})(?:\.\d{1,2})?年?(?:\d{1,2}月)?(?:度|获|被?评为|认定为?|授予)*"
)
_CANDIDATE: Final = re.compile(r"培养对象|培养人选|候选|入围|提名|推荐|后备|学员")
_BRACKET: Final = re.compile(r"[(\[【]([^()\[\]【】]*)[)\]】]")
_STAGE: Final = re.compile(r"(?:小学|初中|高中|中学|中职|幼儿园?)$")
_AROUND_SUBJECT: Final = re.compile(r"^[-—:：·\s]+|[-—:：·\s]+$|学科$|^学科")


@dataclass(frozen=True, slots=True)
class TitleText:
    """One title as a text names it; what it does not say is None.

    ``is_candidate`` marks somebody who is to become a holder and is none.
    """

    level: str | None
    kind: str | None
    year: int | None
    subject: str | None
    text: str
    is_candidate: bool = False


def read_titles(
    written: str, levels: Mapping[str, str], kind_of_column: str | None = None
) -> tuple[TitleText, ...]:
    """Read a cell that names titles.

    Args:
        written: What stands in the cell.
        levels: What words with two meanings, such as 市级 and 区级, mean in this county.
        kind_of_column: The kind that the header names, for cells with a level alone.

    Returns:
        One entry for each title; none where the cell says that there is none.

    Example:
        >>> [(one.level, one.kind, one.year) for one in read_titles(
        ...     "2019年县级骨干教师、2021年市级学科带头人", {"市级": "prefecture"})]
        [('county', 'backbone_teacher', 2019), ('prefecture', 'subject_leader', 2021)]
    """
    text = unicodedata.normalize("NFKC", written).strip()
    whole = code_table("title_kinds").resolve(text).code
    if whole is not None and text.isascii():  # a kind by its English label or its code
        return (TitleText(_only_level(whole), whole, None, None, text),)
    parts = [part.strip() for part in _PARTS.split(text) if part.strip()]
    if _find(text.replace(" ", ""), _kind_words()) == text.replace(" ", ""):
        parts = [text]  # a kind whose own name holds a separator
    return tuple(
        _read_part(part.replace(" ", ""), levels, kind_of_column)
        for part in parts
        if part not in NO_TITLE
    )


def _read_part(text: str, levels: Mapping[str, str], kind_of_column: str | None) -> TitleText:
    year = _YEAR.search(text)
    rest = _YEAR.sub("", text).replace("()", "")
    is_candidate = bool(_CANDIDATE.search(rest))
    word = _find(rest, _kind_words())
    if word is None:
        level = _level_of(rest, levels, is_whole=True)
        kind = kind_of_column if level else None
        return TitleText(level, kind, _int(year), None, text, is_candidate)
    before, _, after = rest.partition(word)
    kind = _kind_words()[word]
    noted = [part for part in _BRACKET.findall(before + " " + after) if part]
    before, after = _BRACKET.sub("", before), _BRACKET.sub("", after)
    subject, before = _take_subject(before)
    for other in (*noted, after):
        subject = subject or _subject_of(other)
    level = _level_of(before, levels)
    for other in noted:
        level = level or _level_of(other, levels, is_whole=True)
    return TitleText(level or _only_level(kind), kind, _int(year), subject, text, is_candidate)


def _int(found: re.Match[str] | None) -> int | None:
    return int(found.group(1)) if found else None


def _find(text: str, words: Iterable[str]) -> str | None:
    """Find the longest of some words in a text; of equally long ones the first."""
    found = [word for word in words if word in text]
    return min(found, key=lambda word: (-len(word), text.index(word)), default=None)


def _kind_words() -> dict[str, str]:
    return _chinese_words_of(code_table("title_kinds"))


@cache
def _chinese_words_of(table: CodeTable) -> dict[str, str]:
    return {word: code for word, code in _words_of(table).items() if _is_chinese(word)}


def _words(table: str) -> dict[str, str]:
    return _words_of(code_table(table))


@cache
def _words_of(table: CodeTable) -> dict[str, str]:
    """Give each word of a table and its code, the words of several codes with the usual one."""
    words = dict(table.words)
    for word, (code, _candidates) in table.ambiguous_words.items():
        if code is not None:
            words.setdefault(word, code)
    return words


def _is_chinese(word: str) -> bool:
    return len(word) > 1 and not word.isascii()


def _take_subject(before: str) -> tuple[str | None, str]:
    """Part a subject, with its stage, from the end of what stands before a kind."""
    bare = before.removesuffix("学科")
    words = [word for word in _words("subjects") if _is_chinese(word) and bare.endswith(word)]
    word = max(words, key=len, default=None)
    if word is None:
        return None, before
    return _words("subjects")[word], _STAGE.sub("", bare[: -len(word)])


def _subject_of(text: str) -> str | None:
    bare = _AROUND_SUBJECT.sub("", text)
    known = _words("subjects")
    return known.get(bare) or known.get(re.sub(r"^(?:小学|初中|高中|中学)", "", bare))


def _level_of(text: str, levels: Mapping[str, str], is_whole: bool = False) -> str | None:
    """Tell the level that a text ends with, or is; 青禾县 ends with 县."""
    known = {**_words("levels"), **levels}
    bare = text.removesuffix("的").removesuffix("优秀")
    words = [word for word in known if not word.isascii()]
    fitting = [word for word in words if (bare == word if is_whole else bare.endswith(word))]
    word = max(fitting, key=len, default=None)
    return known[word] if word else None


def _only_level(kind: str) -> str | None:
    """Give the level of a kind that exists at one level alone, such as 特级教师."""
    levels = code_table("title_kinds").value(kind, "usual_levels").split(";")
    return levels[0] if len(levels) == 1 and levels[0] else None
