"""What is written over a column, and the field that it means.

A header is compared as it stands, then without its number, "必填" or date, then without a
note in brackets, and last without its parent. What nobody knows is never guessed.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Final

from teacherreg.codes.headers import synonyms
from teacherreg.intake.fields import Kind
from teacherreg.intake.ooxml import column_letters

Path = tuple[str, ...]  # what stands over a column, from the upper header down

SERIAL_NUMBER: Final = "seq"  # 序号: says nothing
# 职务 is a rank only where it says so, 研究生 mostly 是 or 否: fields that a header with several
# meanings does not give unless it is its usual meaning.
FIRST_MEANING_ONLY: Final = frozenset(
    {"professional_rank", "education", "subject", "school_joined_on", "staff_no"}
)

_NOT_MEANT: Final = re.compile(r"[*★☆▲\s\u200b-\u200f\ufeff\u00a0\u3000]+")
_PREFIX: Final = re.compile(
    r"^(?:\(?\d{1,2}[.、)]|\((?:必填|选填)\)|\[(?:必填|选填)\]|必填项?|选填项?|\d{4}年(?:\d{1,2}月)?)+[:、]?"
)
_BRACKETS: Final = re.compile(r"(?:\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】)$")


def header_key(text: str) -> str:
    """Give a header without what people write around it: 姓 名* is 姓名."""
    return _NOT_MEANT.sub("", unicodedata.normalize("NFKC", text)).casefold()


@cache
def _known() -> Mapping[str, tuple[str, ...]]:
    return {header_key(header): fields for header, fields in synonyms().items()}


def without_year(text: str) -> str:
    """Give a header without the number, "必填" or date before it."""
    return _PREFIX.sub("", header_key(text))


def meanings(text: str) -> tuple[str, ...]:
    """Tell the fields that a header may mean, the usual one first; empty if unknown."""
    return next((_known()[form] for form in _forms(header_key(text)) if form in _known()), ())


def _forms(key: str) -> Iterator[str]:
    """Give the forms in which a header is looked up, the fullest first."""
    yield key
    bare = _PREFIX.sub("", key).rstrip(":")
    yield bare
    while (shorter := _BRACKETS.sub("", bare).rstrip(":")) != bare:
        bare = shorter
        yield bare


def assign_fields(
    paths: list[tuple[str, ...]], kind: Kind, said: Mapping[int, str | None]
) -> tuple[list[str | None], dict[int, tuple[str, ...]]]:
    """Tell the field of each column; what a parent confirms comes before a child alone.

    What a person said stands, and no other column gives the same field then.

    Returns:
        The fields, and for columns that may mean others too, all that they may mean.
    """
    fields: list[str | None] = [said.get(index) for index in range(len(paths))]
    taken = {name for name in said.values() if name}
    told = [_meanings_with_parent(path) for path in paths]
    for index, found in enumerate(told):
        if found and index not in said and found[0] in kind.names - taken:
            fields[index] = found[0]
    for is_second_choice in (False, True):
        for index, path in enumerate(paths):
            if index in said or fields[index] is not None or not path:
                continue
            found = told[index] or meanings(path[-1])
            offered = [*filter(_may_be_second, found[1:])] if is_second_choice else found[:1]
            fields[index] = _unclaimed(offered, found, kind, fields)
    choices = {}
    for index, path in enumerate(paths):
        found = (told[index] or meanings(path[-1])) if path and index not in said else ()
        fitting = [n for n in found if n in kind.names and not kind.field(n).is_aid]
        others = [n for n in fitting if n != fields[index]]
        if fields[index] in fitting and others and not set(others).intersection(fields):
            choices[index] = tuple(fitting)
    return fields, choices


def _meanings_with_parent(path: tuple[str, ...]) -> tuple[str, ...]:
    """Look up a header with its parents, nearest parent last to go."""
    if not path:
        return ()
    if len(path) == 1:
        return meanings(path[0])
    joined = (meanings("".join(path[first:])) for first in range(len(path) - 1))
    return next((found for found in joined if found), ())


def _may_be_second(field: str) -> bool:
    return field not in FIRST_MEANING_ONLY


def _unclaimed(
    offered: Sequence[str], found: tuple[str, ...], kind: Kind, fields: list[str | None]
) -> str | None:
    if found[:1] == (SERIAL_NUMBER,):
        return None
    return next((name for name in offered if name in kind.names and name not in fields), None)


def labels_of(paths: list[tuple[str, ...]]) -> list[str]:
    """Give each column a name of its own: what is written over it, made unique."""
    own = [" ".join(path[-1].split()) if path else "" for path in paths]
    labels: list[str] = []
    for index, path in enumerate(paths):
        label = own[index] or column_letters(index)
        if own.count(own[index]) > 1 and len(path) > 1:
            label = " ".join("/".join(path).split())
        number = 2
        unique = label
        while unique in labels:
            unique, number = f"{label} ({number})", number + 1
        labels.append(unique)
    return labels
