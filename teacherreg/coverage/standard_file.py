"""The keys of a standard's file: each is asked for once, and checked, and none is left over."""

import re
import tomllib
from collections.abc import Callable, Collection, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

from teacherreg.codes import code_table
from teacherreg.errors import CoverageError
from teacherreg.locale import t

_LINE: Final = re.compile(r"at line (\d+)")
_MOST_DIGITS: Final = 9  # before the point, or noughts behind it
_SECTION: Final = re.compile(r"\s*\[([^\[\]]+)\]")

Fits = Callable[[Fraction], bool]


class StandardFile:
    """The keys of a file, by dotted name: ``figure.floor`` for ``floor`` under ``[figure]``.

    Raises:
        CoverageError: If the file cannot be read or is no TOML; file and line are named. All
            methods raise it for a key that is missing or wrong.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._text = path.read_text(encoding="utf-8-sig")
            keys = tomllib.loads(self._text, parse_float=Decimal)
        except OSError as error:
            raise CoverageError("standard-missing", file=path) from error
        except UnicodeDecodeError as error:
            raise CoverageError("standard-not-utf8", file=path) from error
        except (ValueError, RecursionError) as error:  # also of a number too long, nests too deep
            found = _LINE.search(str(error))
            line = found[1] if found else self._text.count("\n") + 1  # "at end of document"
            raise CoverageError("standard-not-toml", file=path, line=line) from error
        self._values: dict[str, Any] = {
            f"{name}.{key}" if isinstance(value, dict) else name: inner
            for name, value in keys.items()
            for key, inner in (value.items() if isinstance(value, dict) else ((name, value),))
        }
        self._asked: set[str] = set()

    def __contains__(self, key: str) -> bool:
        return key in self._values

    def has_section(self, name: str) -> bool:
        """Tell whether a section is there."""
        return any(key.startswith(f"{name}.") for key in self._values)

    def text(self, key: str, form: str = r"(?s).*\S.*", wanted: str = "text") -> str:
        """Take a text of a form (a regular expression), which ``wanted`` names in words."""
        value = self._take(key)
        if not isinstance(value, str) or not re.fullmatch(form, value):
            raise self.wrong("standard-value-text", key, wanted=_Wanted(wanted))
        return value

    def flag(self, key: str) -> bool:
        """Take yes or no; no where the key is not there."""
        value = self._take(key, False)
        if not isinstance(value, bool):
            raise self.wrong("standard-value-flag", key)
        return value

    def number(
        self, key: str, fits: Fits, default: int | None = None, *, wanted: str = "positive"
    ) -> Fraction:
        """Take a number that fits, exactly as it is written; ``wanted`` names it in words."""
        return self._number(key, self._take(key, default), fits, wanted)

    def numbers(self, key: str, stages: Sequence[str], fits: Fits) -> dict[str, Fraction]:
        """Take a number for all of some stages, or a table with one for each."""
        value = self._take(key)
        if not isinstance(value, dict):
            return dict.fromkeys(stages, self._number(key, value, fits))
        self._require_stages(key, value, stages)
        return {stage: self._number(f"{key}.{stage}", value[stage], fits) for stage in stages}

    def one_of(self, section: str, names: Collection[str]) -> str:
        """Tell which one of some keys a section has."""
        first, *others = self.some_of(section, names)
        if others:
            raise self.wrong("standard-keys-several", f"{section}.{others[0]}", first=first)
        return first

    def some_of(self, section: str, names: Collection[str]) -> list[str]:
        """Tell which of some keys a section has; at least one it must have."""
        found = [name for name in names if f"{section}.{name}" in self]
        if not found:
            raise self.wrong("standard-key-missing", f"{section}.{' / '.join(names)}")
        return found

    def chosen(self, key: str, known: Sequence[str], default: Sequence[str]) -> tuple[str, ...]:
        """Take a list of some known words, not empty unless the default is."""
        return self._chosen(key, self._take(key, list(default)), known, may_be_empty=not default)

    def codes(self, key: str, table: str, *, may_be_empty: bool = False) -> tuple[str, ...]:
        """Take a list of codes of a table; where it may be empty, the key may be missing."""
        value = self._take(key, [] if may_be_empty else None)
        return self._chosen(key, value, code_table(table).codes, may_be_empty=may_be_empty)

    def marked(self, key: str, table: str) -> tuple[str, ...]:
        """Take a list of codes, or the name of a column that marks them with 1."""
        return self._marked(key, self._take(key), table)

    def marked_by_stage(
        self, key: str, table: str, stages: Sequence[str]
    ) -> dict[str, tuple[str, ...]]:
        """Take a table with a list of codes, or a column's name, for each stage."""
        value = self._take(key)
        if not isinstance(value, dict):
            raise self.wrong("standard-value-by-stage", key, known=", ".join(stages))
        self._require_stages(key, value, stages)
        return {stage: self._marked(f"{key}.{stage}", value[stage], table) for stage in stages}

    def numbers_by_code(self, section: str, table: str) -> dict[str, Fraction]:
        """Take the positive numbers of a section whose keys are codes of a table."""
        known = code_table(table).codes
        names = [name for name in self._values if name.startswith(f"{section}.")]
        for name in names:
            if name.partition(".")[2] not in known:
                raise self.wrong("standard-key-unknown", name)
        return {name.partition(".")[2]: self.number(name, lambda n: n > 0) for name in names}

    def own_keys(self, key: str) -> tuple[str, ...]:
        """Take a list of keys of this very file."""
        value = self._take(key, [])
        if not isinstance(value, list) or not set(map(str, value)) <= set(self._values):
            raise self.wrong("standard-value-codes", key, known=", ".join(self._values))
        return tuple(value)

    def require_nothing_else(self) -> None:
        """Refuse a key that nobody asked for."""
        for key in self._values:
            if key not in self._asked:
                raise self.wrong("standard-key-unknown", key)

    def _take(self, key: str, default: object = None) -> Any:
        self._asked.add(key)
        if key in self._values:
            return self._values[key]
        if default is None:
            raise self.wrong("standard-key-missing", key)
        return default

    def _number(self, key: str, value: object, fits: Fits, wanted: str = "positive") -> Fraction:
        if (
            not isinstance(value, int | Decimal)
            or isinstance(value, bool)
            or not Decimal(value).is_finite()
            or abs(Decimal(value).adjusted()) > _MOST_DIGITS
            or not fits(Fraction(value))
        ):
            raise self.wrong("standard-value-number", key, wanted=_Wanted(wanted))
        return Fraction(value)

    def _chosen(
        self, key: str, value: object, known: Sequence[str], *, may_be_empty: bool
    ) -> tuple[str, ...]:
        if (
            not isinstance(value, list)
            or not set(map(str, value)) <= set(known)
            or not (value or may_be_empty)
        ):
            raise self.wrong("standard-value-codes", key, known=", ".join(known))
        return tuple(dict.fromkeys(map(str, value)))

    def _marked(self, key: str, value: object, table: str) -> tuple[str, ...]:
        if not isinstance(value, str):
            return self._chosen(key, value, code_table(table).codes, may_be_empty=False)
        try:
            return code_table(table).where(value, "1")
        except KeyError as error:
            raise self.wrong("standard-value-column", key, table=table) from error

    def _require_stages(self, key: str, value: Mapping[str, object], stages: Sequence[str]) -> None:
        for stage in stages:
            if stage not in value:
                raise self.wrong("standard-key-missing", f"{key}.{stage}")
        for stage in value:
            if stage not in stages:
                raise self.wrong("standard-key-unknown", f"{key}.{stage}")

    def wrong(self, code: str, key: str, **parameters: object) -> CoverageError:
        """Make the error about a key: file and line are named."""
        place = _Place(key, self._line_of(key))
        return CoverageError(code, file=self._path, key=place, **parameters)

    def _line_of(self, key: str) -> int | None:
        """Find the line of a key, else that of the table it should stand in."""
        section = ""
        wanted, _, name = key.rpartition(".")
        for number, line in enumerate(self._text.splitlines(), start=1):
            if header := _SECTION.match(line):
                section = header[1].strip()
                if section == key:
                    return number
            elif section == wanted and re.match(rf'\s*"?{re.escape(name)}"?\s*[=.]', line):
                return number
        return self._line_of(wanted) if wanted in self._values else None


class _Place:
    """A key and its line, in the language in force when somebody reads it."""

    def __init__(self, key: str, line: int | None) -> None:
        self._key, self._line = key, line

    def __str__(self) -> str:
        if self._line is None:
            return self._key
        return t("standards.key-at", key=self._key, line=self._line)


class _Wanted:
    """What a value should be, in the language in force when somebody reads it."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __str__(self) -> str:
        return t(f"standards.wanted.{self._name}")
