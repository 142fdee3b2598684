"""Words that a name is found by, and the question that finds them.

SQLite's full-text search sees Chinese text as one long word, so a name is taken apart
before it is indexed: its characters one by one, its pinyin whole, by part and by
syllable, and its initials. What a person types is taken apart in the same way, so that
张伟, zhangwei, zhangw and zw all find 张伟, and no input is ever an error.

A surname often sounds unlike the same character elsewhere (单 is shan, not dan);
``data/surnames.csv`` says how. The common reading stays in the index beside it, because
people type that too.
"""

import csv
import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import islice, product

from teacherreg.shipped import shipped

MOST_READINGS = 12  # of one name; three characters with two readings each make eight
MOST_WORDS = 12  # of one question
LONGEST_QUESTION = 200  # characters

_HAN = r"\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_RUNS = re.compile(rf"[{_HAN}]+|[^\W_{_HAN}]+")
_NAME_PARTS = re.compile(r"[·•‧∙・.．\s]+")
_LONGEST_SURNAME = 2


def name_tokens(name: str) -> str:
    """Spell out what a person's name is found by.

    Args:
        name: The name as written, such as 张伟 or 买买提·艾力.

    Returns:
        Words parted by spaces: characters, pinyin, initials; each word once.

    Example:
        >>> name_tokens("张伟")
        '张 伟 zhangwei zw zhang wei zhangw'
    """
    text = _plain(name)
    parts = [part for part in _NAME_PARTS.split(text) if part]
    words = [text_tokens(text)]
    spellings = [list(_spellings(part)) for part in parts]
    for reading in islice(product(*spellings), MOST_READINGS):
        words.extend(_joined([syllable for part in reading for syllable in part]))
        if len(parts) > 1:
            words.extend("".join(part) for part in reading)
    for part, readings in zip(parts, spellings, strict=True):
        for syllables in readings:
            words.extend(syllables)
            words.extend(_short_forms(syllables, _surname_length(part)))
    return " ".join(dict.fromkeys(word for word in words if word))


def text_tokens(text: str) -> str:
    """Part the Chinese characters of a text by spaces; other words stay whole.

    Example:
        >>> text_tokens("青禾一小2024")
        '青 禾 一 小 2024'
    """
    return " ".join(" ".join(run) if _is_han(run) else run for run in _RUNS.findall(_plain(text)))


def place_tokens(text: str) -> str:
    """Spell out what the name of a place is found by, from any of its characters on.

    Example:
        >>> place_tokens("沙沟")
        '沙 沟 shagou sg gou g'
    """
    words = [text_tokens(text)]
    for run in _RUNS.findall(_plain(text)):
        syllables = _syllables(run)
        for start in range(len(syllables)):
            words.extend(_joined(syllables[start:]))
    return " ".join(dict.fromkeys(words))


def match_expression(question: str) -> str:
    """Turn what a person typed into an FTS5 expression that never fails.

    Chinese characters that stand together must stand together in the text; any other
    word may be the beginning of one. All words must be found.

    Returns:
        A quoted expression; ``""`` (which finds nothing) where no word was typed.

    Example:
        >>> match_expression("张伟 zhongx")
        '"张 伟" "zhongx"*'
    """
    words = [f'"{" ".join(run)}"' if _is_han(run) else f'"{run}"*' for run in _runs(question)]
    return " ".join(words) or '""'


def finds(question: str, tokens: str) -> bool:
    """Tell whether a question finds a text, without a database.

    Args:
        question: What a person typed.
        tokens: What `name_tokens` and `text_tokens` made, parted by spaces.
    """
    runs = list(_runs(question))
    return bool(runs) and all(
        f" {' '.join(run)} " in f" {tokens} " if _is_han(run) else f" {run}" in f" {tokens}"
        for run in runs
    )


def _runs(question: str) -> Iterator[str]:
    return islice(_RUNS.findall(_plain(question[:LONGEST_QUESTION])), MOST_WORDS)


def _plain(text: str) -> str:
    """Full width to half width, ü to u, small letters: both sides are read alike."""
    parts = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text))
    bare = "".join(letter for letter in parts if not unicodedata.combining(letter))
    return unicodedata.normalize("NFC", bare).lower()


def _is_han(run: str) -> bool:
    return re.match(f"[{_HAN}]", run) is not None


def _short_forms(syllables: Sequence[str], surname: int) -> tuple[str, str]:
    """The given name alone, and the surname with the given name's initials: wei, zhangw."""
    whole, initials = _joined(syllables[surname:])
    return whole, "".join(syllables[:surname]) + initials


def _joined(syllables: Sequence[str]) -> tuple[str, str]:
    return "".join(syllables), "".join(syllable[:1] for syllable in syllables)


def _spellings(part: str) -> Iterator[tuple[str, ...]]:
    """Each way to read a part of a name, as syllables; the surname's own reading first."""
    length = _surname_length(part)
    usual = [_writings(syllable) for run in _RUNS.findall(part) for syllable in _syllables(run)]
    as_surname = [
        (*surname, *rest)
        for surname in _surnames().get(part[:length], ())
        for rest in product(*usual[length:])
    ]
    yield from islice(dict.fromkeys((*as_surname, *product(*usual))), MOST_READINGS)


def _syllables(run: str) -> list[str]:
    from pypinyin import lazy_pinyin  # its dictionary takes a quarter second to load

    return lazy_pinyin(run)


def _writings(syllable: str) -> tuple[str, ...]:
    """Lü is typed lv, lu or, as in passports, lyu."""
    if syllable in {"lv", "nv", "lve", "nve"}:
        return syllable, syllable.replace("v", "u"), syllable.replace("v", "yu")
    return (syllable,)


def _surname_length(part: str) -> int:
    return _LONGEST_SURNAME if part[:_LONGEST_SURNAME] in _surnames() else min(1, len(part))


@cache
def _surnames() -> dict[str, tuple[tuple[str, ...], ...]]:
    """Read how surnames sound: surname to its readings, each as syllables."""
    with shipped("data/surnames.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["surname"]: tuple(tuple(reading.split()) for reading in row["pinyin"].split(";"))
            for row in csv.DictReader(file)
        }
