"""Values that a county can change, with the default that stands until it does.

The defaults live in ``data/settings.toml``, each with its document and a sentence; what
a county changed lives in its registry. Facts that no county can change are not here.
"""

import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from sqlalchemy import Connection, delete, insert, select

from teacherreg.codes import code_table
from teacherreg.errors import UsageError
from teacherreg.locale import language
from teacherreg.models import County
from teacherreg.models import Setting as StoredSetting
from teacherreg.shipped import shipped

Value = str | int | bool


@dataclass(frozen=True)
class Setting:
    """One setting: its default, what it may be, and what it means."""

    key: str
    default: Value
    source: str
    zh: str
    en: str
    choices: tuple[str, ...] = ()
    least: int | None = None
    most: int | None = None
    is_day: bool = False

    @property
    def meaning(self) -> str:
        """What it decides, in the language in force."""
        return self.zh if language() == "zh" else self.en

    def read(self, text: str) -> Value:
        """Read what a person typed.

        Raises:
            UsageError: If it is not of the kind, or outside the choices or limits.
        """
        value: Value = text.strip()
        if isinstance(self.default, bool):
            words = {
                "true": True,
                "yes": True,
                "是": True,
                "false": False,
                "no": False,
                "否": False,
            }
            if text.strip().lower() not in words:
                raise UsageError("setting-not-yes-no", key=self.key)
            value = words[text.strip().lower()]
        elif isinstance(self.default, int):
            value = self._read_number(text.strip())
        elif self.choices and value not in self.choices:
            raise UsageError("setting-choice", key=self.key, choices=", ".join(self.choices))
        elif self.is_day:
            value = self._read_day(text.strip())
        return value

    def _read_number(self, text: str) -> int:
        least, most = self.least or 0, self.most or 10_000
        if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
            raise UsageError("setting-number", key=self.key, least=least, most=most)
        return int(text)

    def _read_day(self, text: str) -> str:
        try:
            return date.fromisoformat(text).isoformat()
        except ValueError as error:
            raise UsageError("setting-day", key=self.key) from error


@cache
def known() -> Mapping[str, Setting]:
    """Load every setting that exists, by key."""
    text = shipped("data/settings.toml").read_text(encoding="utf-8")
    return {
        key: Setting(key=key, choices=tuple(entry.pop("choices", ())), **entry)
        for key, entry in tomllib.loads(text).items()
    }


class Settings(Mapping[str, Value]):
    """The settings in force in one registry.

    Example:
        >>> Settings({})["levels.shi_word"]
        'prefecture'
    """

    def __init__(
        self, changed: Mapping[str, Value], county_code: str = "", county_name: str = ""
    ) -> None:
        self.changed = {
            key: value
            for key, value in changed.items()
            if key not in known() or value != known()[key].default
        }
        self.county_code = county_code
        self.county_name = county_name

    @classmethod
    def read(cls, connection: Connection) -> "Settings":
        """Read what a registry's county has changed."""
        county = connection.execute(select(County.code, County.name)).first()  # type: ignore[call-overload]
        rows = connection.execute(select(StoredSetting.key, StoredSetting.value))  # type: ignore[call-overload]
        changed = {row.key: json.loads(row.value) for row in rows if row.key in known()}
        return cls(changed, county.code if county else "", county.name if county else "")

    def __getitem__(self, key: str) -> Value:
        value = self.changed.get(key, known()[key].default)
        return self._level_of_qu() if value == "auto" else value

    def __iter__(self) -> Iterator[str]:
        return iter(known())

    def __len__(self) -> int:
        return len(known())

    def number(self, key: str) -> int:
        """Give a setting that is a whole number."""
        value = self[key]
        if not isinstance(value, int):
            raise TypeError(key)
        return value

    def _level_of_qu(self) -> str:
        """区级 is 自治区级 in an autonomous region's county, else a 市辖区's own level."""
        regions = code_table("regions").where("autonomous_region", "1")
        is_county_of_one = self.county_code[:2] in regions and not self.county_name.endswith("区")
        return "province" if is_county_of_one else "county"


def change(connection: Connection, key: str, text: str) -> Value:
    """Change a setting of a registry.

    Raises:
        UsageError: If there is no such setting or the value does not fit it.
    """
    value = _setting(key).read(text)
    reset(connection, key)
    connection.execute(insert(StoredSetting).values(key=key, value=json.dumps(value)))
    return value


def reset(connection: Connection, key: str) -> Value:
    """Put a setting back to its default."""
    setting = _setting(key)
    connection.execute(delete(StoredSetting).where(StoredSetting.key == key))  # type: ignore[arg-type]
    return setting.default


def _setting(key: str) -> Setting:
    if key not in known():
        raise UsageError("setting-unknown", key=key, known=", ".join(known()))
    return known()[key]
