"""Code tables: from a word to its code, and from a code to its label.

Each file of ``data/codes`` is one table. A word stands for exactly one code, or it is
listed as ``ambiguous`` in every row that it may mean; ``ambiguous_default`` marks the row
to take, with a warning, where nothing else decides. The sanctions are the one table in
which a code has several rows: one for each version of the rules.

What a county added to a table lies over it while its registry is open: see `lay_over`.
"""

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Final

from teacherreg.codes.words import normalise
from teacherreg.locale import Language, language, t
from teacherreg.shipped import shipped

Row = Mapping[str, str]

NAME_COLUMNS: Final = ("code", "name_zh", "name_en")


@dataclass(frozen=True)
class Match:
    """What a word means.

    Attributes:
        code: The code; None where the word is unknown, or ambiguous without a default.
        candidates: The codes that it may mean, in the order of the table.
        is_ambiguous: It may mean several, so ``code`` is a guess that wants a warning.
    """

    code: str | None
    candidates: tuple[str, ...]
    is_ambiguous: bool = False


@dataclass(frozen=True)
class Found:
    """A word of the table inside a longer text, and where it stands there."""

    word: str
    match: Match
    start: int
    end: int


UNKNOWN: Final = Match(code=None, candidates=())


class CodeTable:
    """One table of codes; made by `code_table`.

    Attributes:
        name: Name of its file, without ``.csv``.
        codes: Its codes in the order of the file, each once.
    """

    def __init__(self, name: str, rows: list[Row]) -> None:
        self.name = name
        self._rows: dict[str, list[Row]] = {}
        for row in rows:
            self._rows.setdefault(row["code"], []).append(row)
        self.codes: tuple[str, ...] = tuple(self._rows)

    def __contains__(self, code: object) -> bool:
        return code in self._rows

    def __len__(self) -> int:
        return len(self.codes)

    def rows(self, code: str) -> tuple[Row, ...]:
        """Give the rows of a code, text by column name.

        Raises:
            KeyError: If the table has no such code.
        """
        return tuple(self._rows[code])

    def label(self, code: str, lang: Language | None = None) -> str:
        """Name a code for people.

        Args:
            code: A code of the table.
            lang: The language; without it, the one in force.

        Returns:
            Its name. A code that the table no longer knows is its own name: a registry
            outlives the tables.
        """
        rows = self._rows.get(code)
        return rows[0][f"name_{lang or language()}"] if rows else code

    def word(self, code: str, lang: Language | None = None) -> str:
        """Name a code by a word that is read back as that code.

        Two rules for teachers name some breaches alike; there an alias that begins with the
        label tells which is meant.

        Args:
            code: A code; one that the table does not know is its own word.
            lang: The language; without it, the one in force.

        Returns:
            The label, else such an alias, else the code.
        """
        label = self.label(code, lang)
        aliases = self.value(code, "aliases").split(";") if code in self else []
        words = (label, *(alias for alias in aliases if alias.startswith(label)))
        sure = (word for word in words if self.words.get(normalise(word)) == code)
        return next(sure, label if self.resolve(label).code == code else code)

    def value(self, code: str, column: str) -> str:
        """Give the text of an extra column (of the first row of a code with several).

        Raises:
            KeyError: If there is no such code or column.
        """
        return self._rows[code][0][column]

    def listed(self, codes: Iterable[str] | None = None) -> str:
        """Name codes by their labels in the language in force, for a sentence; all by default."""
        named = self.codes if codes is None else codes
        return t("imports.list-comma").join(self.label(code) for code in named)

    def where(self, column: str, value: str) -> tuple[str, ...]:
        """Give the codes that have a value in an extra column, in the order of the file."""
        return tuple(
            code for code, rows in self._rows.items() if any(row[column] == value for row in rows)
        )

    @cached_property
    def ambiguous_words(self) -> dict[str, tuple[str | None, tuple[str, ...]]]:
        """Words that fit several codes: ``{word: (default or None, candidates)}``."""
        defaults: dict[str, str] = {}
        candidates: dict[str, list[str]] = {}
        for code, rows in self._rows.items():
            for word in _words_of(rows, "ambiguous"):
                candidates.setdefault(word, []).append(code)
            for word in _words_of(rows, "ambiguous_default"):
                defaults[word] = code
        return {word: (defaults.get(word), tuple(codes)) for word, codes in candidates.items()}

    @cached_property
    def words(self) -> dict[str, str]:
        """Words that mean one code: codes, labels and aliases, normalised.

        An ambiguous word is not among them, be it a code (0 for a woman) or a label.
        """
        known: dict[str, str] = {}
        for code, rows in self._rows.items():
            for column in (*NAME_COLUMNS, "aliases"):
                for word in _words_of(rows, column):
                    if word not in self.ambiguous_words:
                        known.setdefault(word, code)
        return known

    def resolve(self, text: str) -> Match:
        """Tell what a whole cell means.

        Args:
            text: A code, a label in either language or an alias, however spaced.

        Returns:
            The match; a doubtful one says so.
        """
        word = normalise(text)
        if (code := self.words.get(word)) is not None:
            return Match(code, (code,))
        if word in self.ambiguous_words:
            default, candidates = self.ambiguous_words[word]
            return Match(default, candidates, is_ambiguous=True)
        return UNKNOWN

    def find(self, text: str) -> tuple[Found, ...]:
        """Find the words of the table in free text, the longest first at each place.

        So 青年骨干教师 is one title, not the 骨干教师 inside it. Codes and single Latin
        letters are not looked for.

        Args:
            text: Any text; places count in its `normalise` form.

        Returns:
            What was found, in order, without overlaps.
        """
        return tuple(
            Found(hit.group(), self.resolve(hit.group()), hit.start(), hit.end())
            for hit in self._pattern.finditer(normalise(text))
        )

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        codes = {normalise(code) for code in self.codes}
        words = {*self.words, *self.ambiguous_words} - codes
        telling = (word for word in words if len(word) > 1 or not word.isascii())
        longest_first = sorted(telling, key=len, reverse=True)
        return re.compile("|".join(map(re.escape, longest_first)) or r"(?!)")


def _words_of(rows: list[Row], column: str) -> list[str]:
    """List the normalised words of a column; only names may hold a semicolon."""
    cells = [row[column] for row in rows]
    texts = cells if column in NAME_COLUMNS else [word for c in cells for word in c.split(";")]
    return list(dict.fromkeys(normalise(text) for text in texts if text.strip()))


_laid_over: dict[str, list[tuple[object, CodeTable]]] = {}


def code_table(name: str) -> CodeTable:
    """Give a table of ``data/codes``, with what the registry opened last adds to it.

    Args:
        name: Name of the file, without ``.csv``.

    Raises:
        KeyError: If there is no such table.
    """
    laid = _laid_over.get(name)
    return laid[-1][1] if laid else shipped_table(name)


def lay_over(name: str, owner: object, rows: Mapping[str, Row]) -> None:
    """Lay rows over a table, for the whole program, until `lift`.

    Args:
        name: Name of the table.
        owner: Whose they are; what the same owner laid over it before is lifted.
        rows: By code, the columns that differ from the table's row; of a code that the
            table has not, those that are not empty.
    """
    lift(name, owner)
    if not rows:
        return
    below = shipped_table(name)
    columns = below.rows(below.codes[0])[0]
    whole = {code: list(below.rows(code)) for code in below.codes}
    for code, changed in rows.items():
        first, *others = whole.get(code, [dict.fromkeys(columns, "") | {"code": code}])
        whole[code] = [{**first, **changed}, *others]
    table = CodeTable(name, [row for several in whole.values() for row in several])
    _laid_over.setdefault(name, []).append((owner, table))


def lift(name: str, owner: object) -> None:
    """Take off a table what an owner laid over it, if anything."""
    laid = _laid_over.get(name, [])
    laid[:] = [entry for entry in laid if entry[0] is not owner]


@cache
def shipped_table(name: str) -> CodeTable:
    """Load a table as it ships; once, however often it is asked for.

    Raises:
        KeyError: If there is no such table.
    """
    if name not in table_names():
        raise KeyError(name)
    with (_folder() / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return CodeTable(name, list(csv.DictReader(file)))


@cache
def table_names() -> tuple[str, ...]:
    """Name every code table that ships, in alphabetical order."""
    names = sorted(path.stem for path in _folder().glob("*.csv"))
    return tuple(name for name in names if name != "header_synonyms")


def _folder() -> Path:
    return shipped("data/codes")
