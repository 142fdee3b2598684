"""Standards: how many title holders a school must have, and where the figure comes from.

A standard is a file of ``data/standards``, or a county's own file of the same form; no
threshold stands in code. Its figures are read as exact fractions: 0.85 means 17/20.
"""

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Final

from teacherreg.codes import CodeTable, code_table
from teacherreg.errors import CoverageError
from teacherreg.locale import language
from teacherreg.shipped import shipped

DEFAULT_STANDARD: Final = "quality-balance-2017-backbone"

_LINE: Final = re.compile(r"at line (\d+)")
_DATE: Final = r"\d{4}(-\d{2}){0,2}"


class UnknownStandardError(CoverageError):
    """A standard that does not exist; the message names those that do."""


@dataclass(frozen=True)
class Standard:
    """A figure that each school must reach, stage by stage.

    Attributes:
        document: Number of the document that sets it, such as 教督〔2017〕6号.
        date: Day, month or year of the document, ISO 8601.
        settings: Dotted names of the keys that are no rule of the document.
        per_100_students: Distinct holders wanted for each 100 students.
        floor: Share of the figure below which a school fails whatever else it reaches.
        title_kinds: Kinds of title that count.
        levels: Levels that count.
        school_types_outside: Types of school that stand outside.
        teaching_points_under_students: A teaching point with fewer stands outside.
        cv_limits: Most that the coefficient of variation may be, by stage.
    """

    id: str
    name_zh: str
    name_en: str
    document: str
    document_title: str
    article: str
    date: str
    settings: tuple[str, ...]
    indicator: str
    per_100_students: Fraction
    floor: Fraction
    stages: tuple[str, ...]
    title_kinds: tuple[str, ...]
    levels: tuple[str, ...]
    school_types_outside: frozenset[str]
    teaching_points_under_students: int
    cv_limits: Mapping[str, Fraction]

    @property
    def name(self) -> str:
        """What it is called, in the language in force."""
        return self.name_zh if language() == "zh" else self.name_en

    def required(self, students: int) -> int:
        """Work out how many holders so many students must have: whole persons, rounded up.

        Example:
            >>> standard_of("quality-balance-2017-backbone").required(812)
            9
        """
        return _share(self.per_100_students, students)

    def required_for_floor(self, students: int) -> int:
        """Work out how many holders reach the floor.

        Example:
            >>> standard_of("quality-balance-2017-backbone").required_for_floor(1000)
            9
        """
        return _share(self._floor_per_100, students)

    @cached_property
    def _floor_per_100(self) -> Fraction:
        return self.floor * self.per_100_students

    def to_document(self) -> dict[str, Any]:
        """Give it as JSON: every figure, its document, and what is a setting."""
        return {
            "id": self.id,
            "name": self.name,
            "document": self.document,
            "document_title": self.document_title,
            "article": self.article,
            "date": self.date,
            "indicator": self.indicator,
            "per_100_students": float(self.per_100_students),
            "floor": float(self.floor),
            "stages": list(self.stages),
            "title_kinds": list(self.title_kinds),
            "levels": list(self.levels),
            "school_types_outside": sorted(self.school_types_outside),
            "teaching_points_under_students": self.teaching_points_under_students,
            "cv_limits": {stage: float(limit) for stage, limit in self.cv_limits.items()},
            "settings": list(self.settings),
        }


def _share(per_100: Fraction, students: int) -> int:
    """Give so many for each 100, the last begun hundred too, in whole numbers throughout."""
    return -(-per_100.numerator * students // (per_100.denominator * 100))


def standard_of(name: str | Path) -> Standard:
    """Find a standard.

    Args:
        name: The id of a shipped one, or the path of a county's own ``.toml`` file.

    Raises:
        UnknownStandardError: If no shipped standard has the id.
        CoverageError: If the file cannot be read or is wrong; file and reason are named.
    """
    if isinstance(name, Path) or name.endswith(".toml"):
        return read_standard(Path(name))
    known = shipped_standards()
    if name not in known:
        raise UnknownStandardError("standard-unknown", standard=name, known=", ".join(known))
    return known[name]


def shipped_standards() -> Mapping[str, Standard]:
    """Read every standard of ``data/standards``, by id."""
    return _shipped_standards(code_table("title_kinds"))


@cache
def _shipped_standards(_kinds: CodeTable) -> Mapping[str, Standard]:
    """Read them once for each table of kinds, which says which kinds count."""
    files = sorted(shipped("data/standards").glob("*.toml"))
    return {standard.id: standard for standard in map(read_standard, files)}


def read_standard(path: Path) -> Standard:
    """Read a standard from its file.

    Raises:
        CoverageError: If it is missing, no TOML, lacks a key, has an unknown one or a wrong
            value; file and reason are named.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
        keys = tomllib.loads(text, parse_float=Decimal)
    except OSError as error:
        raise CoverageError("standard-missing", file=path) from error
    except UnicodeDecodeError as error:
        raise CoverageError("standard-not-utf8", file=path) from error
    except tomllib.TOMLDecodeError as error:
        found = _LINE.search(str(error))
        line = found[1] if found else text.count("\n") + 1  # "at end of document"
        raise CoverageError("standard-not-toml", file=path, line=line) from error
    file = _File(path, keys)
    standard = Standard(
        id=file.text("id", r"[A-Za-z0-9][\w.-]*"),
        name_zh=file.text("name_zh"),
        name_en=file.text("name_en"),
        document=file.text("document"),
        document_title=file.text("document_title"),
        article=file.text("article"),
        date=file.text("date", _DATE),
        indicator=file.text("figure.indicator"),
        per_100_students=file.number("figure.per_100_students", lambda value: value > 0),
        floor=file.number("figure.floor", lambda value: 0 < value <= 1),
        stages=file.codes("figure.stages", "stages"),
        title_kinds=file.marked_or_codes("holders.kinds", "title_kinds"),
        levels=file.codes("holders.levels", "levels"),
        school_types_outside=frozenset(
            file.codes("outside.school_types", "school_types", may_be_empty=True)
        ),
        teaching_points_under_students=int(
            file.number(
                "outside.teaching_points_under_students",
                lambda value: value >= 0 and value.denominator == 1,
            )
        ),
        cv_limits=file.numbers_by_code("cv_limits", "stages"),
        settings=file.own_keys("settings"),
    )
    file.require_nothing_else()
    return standard


class _File:
    """The keys of a standard's file; each is asked for once, and checked."""

    def __init__(self, path: Path, keys: Mapping[str, Any]) -> None:
        self._path = path
        self._values = {
            f"{name}.{key}" if isinstance(value, dict) else name: inner
            for name, value in keys.items()
            for key, inner in (value.items() if isinstance(value, dict) else ((name, value),))
        }
        self._asked: set[str] = set()

    def text(self, key: str, form: str = r"(?s).*\S.*") -> str:
        value = self._take(key)
        if not isinstance(value, str) or not re.fullmatch(form, value):
            raise self._wrong("standard-value-text", key)
        return value

    def number(self, key: str, fits: Callable[[Fraction], bool]) -> Fraction:
        value = self._take(key)
        is_number = isinstance(value, int | Decimal) and not isinstance(value, bool)
        if not is_number or not Decimal(value).is_finite() or not fits(Fraction(value)):
            raise self._wrong("standard-value-number", key)
        return Fraction(value)

    def codes(self, key: str, table: str, *, may_be_empty: bool = False) -> tuple[str, ...]:
        value = self._take(key)
        known = code_table(table).codes
        is_list = isinstance(value, list) and all(isinstance(code, str) for code in value)
        if not is_list or not set(value) <= set(known) or not (value or may_be_empty):
            raise self._wrong("standard-value-codes", key, known=", ".join(known))
        return tuple(dict.fromkeys(value))

    def marked_or_codes(self, key: str, table: str) -> tuple[str, ...]:
        """Take a list of codes, or the name of a column that marks them with 1."""
        if not isinstance(self._values.get(key), str):
            return self.codes(key, table)
        try:
            return code_table(table).where(self.text(key), "1")
        except KeyError as error:
            raise self._wrong("standard-value-column", key, table=table) from error

    def numbers_by_code(self, section: str, table: str) -> dict[str, Fraction]:
        known = code_table(table).codes
        names = [name for name in self._values if name.startswith(f"{section}.")]
        for name in names:
            if name.partition(".")[2] not in known:
                raise self._wrong("standard-key-unknown", name)
        return {
            name.partition(".")[2]: self.number(name, lambda value: value > 0) for name in names
        }

    def own_keys(self, key: str) -> tuple[str, ...]:
        value = self._take(key)
        if not isinstance(value, list) or not set(map(str, value)) <= set(self._values):
            raise self._wrong("standard-value-codes", key, known=", ".join(self._values))
        return tuple(value)

    def require_nothing_else(self) -> None:
        for key in self._values:
            if key not in self._asked:
                raise self._wrong("standard-key-unknown", key)

    def _take(self, key: str) -> Any:
        self._asked.add(key)
        if key not in self._values:
            raise self._wrong("standard-key-missing", key)
        return self._values[key]

    def _wrong(self, code: str, key: str, **parameters: object) -> CoverageError:
        return CoverageError(code, file=self._path, key=key, **parameters)
