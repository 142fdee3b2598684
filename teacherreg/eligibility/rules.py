"""The rules of nomination: who must wait, for which titles, by which document.

They are data: ``data/eligibility/*.toml``, and a county's own file of the same form, whose
rules take the place of those that have the same id. A rule that changed is several entries
with days from and to which each holds, so that a past day is judged by its own rules.
"""

import hashlib
import json
import re
import tomllib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from teacherreg import settings as known_settings
from teacherreg.codes import code_table
from teacherreg.errors import EligibilityError
from teacherreg.locale import has, t
from teacherreg.settings import Settings
from teacherreg.shipped import shipped

Fault = tuple[tuple[str, ...], "_Reason"]  # the key in a rule, and why it cannot be used

ALL_KINDS: Final = "all"
BY_RECORD: Final = "record"  # the document is that of each record
LOCAL: Final = "local"

# What can be looked at, and the figures that it needs.
FIGURES: Final[Mapping[str, Mapping[str, type]]] = {
    "conduct": {"records": list, "effects": list},
    "ethics_review": {"results": list, "years": int},
    "annual_review": {"results": list, "years": int},
    "in_service": {"also": list},
    "full_time_teacher": {},
    "already_held": {},
    "ever_awarded": {},
    "lower_level": {"from": str},
    "professional_rank": {"rank": str},
    "teaching_years": {"years": int},
    "age": {"years": int},
    "training_hours": {},
}

_STEPS: Final = ("category", "usual_levels", "ladder")  # columns of title_kinds.csv

_LINE: Final = re.compile(r"at line (\d+)")


class Rule(BaseModel):
    """One rule, as its file says it; see the head of ``data/eligibility/nomination.toml``."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    looks_at: str
    document: str = Field(pattern=r"\S")
    article: str = ""
    valid_from: date = date.min
    valid_to: date = date.max
    kinds: list[str] = Field(min_length=1)
    except_kinds: list[str] = []
    levels: list[str] = []
    switch: str | None = None
    figures: dict[str, Any] = {}

    def holds_on(self, day: date) -> bool:
        """Tell whether this version is in force on a day; its first and last day count."""
        return self.valid_from <= day <= self.valid_to

    def is_for(self, kind: str, category: str, level: str | None) -> bool:
        """Tell whether it is about a kind of title, which is of a category, at a level."""
        named = {ALL_KINDS, kind, category} & set(self.kinds)
        return (
            bool(named)
            and kind not in self.except_kinds
            and (not self.levels or level in self.levels)
        )

    def is_on(self, settings: Settings) -> bool:
        """Tell whether the county has it switched on."""
        return self.switch is None or bool(settings[self.switch])

    def figure(self, name: str, settings: Settings) -> Any:
        """Give a figure: the value in the file, or in the setting that the file names."""
        value = self.figures[name]
        return settings[value] if isinstance(value, str) and value in settings else value

    @property
    def source(self) -> str:
        """Name the document and the article, in the language in force."""
        if self.document in (LOCAL, BY_RECORD):
            return t("eligibility.local")
        return f"{self.document} {self.article}".strip()


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    version: str = Field(pattern=r"\S")
    rules: list[Rule]


@dataclass(frozen=True)
class Rules:
    """All rules that stand, in the order in which they are told."""

    version: str
    entries: Sequence[Rule]

    def asked(
        self, settings: Settings, day: date, kind: str, category: str, level: str | None
    ) -> list[Rule]:
        """Choose those that are on, in force on the day and about the title."""
        return [
            rule
            for rule in self.entries
            if rule.holds_on(day) and rule.is_for(kind, category, level) and rule.is_on(settings)
        ]

    def version_on(self, settings: Settings, day: date) -> str:
        """Name the rules of a day: two answers that name the same were judged alike.

        Returns:
            The version that the files give themselves, and a fingerprint of all that is on
            and in force, with its figures, the ladder of titles and the settings by which
            sanctions, titles and hours are counted: ``2026.1/3f29a0c1``.
        """
        used = [
            rule.model_dump(mode="json", exclude={"switch"})
            | {"figures": {name: rule.figure(name, settings) for name in sorted(rule.figures)}}
            for rule in self.entries
            if rule.holds_on(day) and rule.is_on(settings)
        ]
        kinds = code_table("title_kinds")
        ladder = {code: [kinds.value(code, column) for column in _STEPS] for code in kinds.codes}
        beside = {key: settings[key] for key in sorted(beside_rules())}
        text = json.dumps([used, ladder, beside], ensure_ascii=False, sort_keys=True)
        return f"{self.version}/{hashlib.sha256(text.encode()).hexdigest()[:8]}"

    def settings_used(self) -> set[str]:
        """Name the settings that switch a rule or hold a figure of one."""
        switches = {rule.switch for rule in self.entries if rule.switch}
        figures = (value for rule in self.entries for value in rule.figures.values())
        return switches | {str(value) for value in figures if _is_setting(value)}


def beside_rules() -> set[str]:
    """Name the settings by which sanctions, titles and hours are counted."""
    sanctions = {key for key in known_settings.known() if key.startswith("sanctions.")}
    return sanctions | {"titles.count_expired", "training.window"}


@cache
def shipped_rules() -> Rules:
    """Read the rules of ``data/eligibility``."""
    files = sorted(shipped("data/eligibility").glob("*.toml"))
    read = [read_rules(path) for path in files]
    return Rules(
        "+".join(one.version for one in read), [rule for one in read for rule in one.entries]
    )


def rules_of(own: Path | None) -> Rules:
    """Give the shipped rules, or what a county's own file leaves and adds.

    Args:
        own: The county's own file.

    Raises:
        EligibilityError: If the file cannot be read or is wrong; file, line or key, and
            reason are named.
    """
    stands = shipped_rules()
    if own is None:
        return stands
    county = read_rules(own)
    replaced = {rule.id for rule in county.entries}
    kept = [rule for rule in stands.entries if rule.id not in replaced]
    return Rules(f"{stands.version}+{county.version}", [*kept, *county.entries])


def read_rules(path: Path) -> Rules:
    """Read one file of rules; see `rules_of`."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        keys = tomllib.loads(text)
        file = _File.model_validate(keys)
    except OSError as error:
        raise EligibilityError("rules-missing", file=path) from error
    except UnicodeDecodeError as error:
        raise EligibilityError("rules-not-utf8", file=path) from error
    except tomllib.TOMLDecodeError as error:
        found = _LINE.search(str(error))
        line = found[1] if found else text.count("\n") + 1  # "at end of document"
        raise EligibilityError("rules-not-toml", file=path, line=line) from error
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        key, reason = _key(first["loc"], keys), _Reason(first["type"])
        raise EligibilityError("rules-wrong", file=path, key=key, reason=reason) from error
    for place, rule in enumerate(file.rules):
        for inner, why in _faults(rule):
            name = _key(("rules", place, *inner), keys)
            raise EligibilityError("rules-wrong", file=path, key=name, reason=why)
    _require_no_overlap(path, file.rules)
    return Rules(file.version, file.rules)


class _Reason:
    """Why a value cannot be used, in the language in force when somebody reads it."""

    def __init__(self, kind: str, known: Collection[str] = ()) -> None:
        self._kind = kind
        self._known = known

    def __str__(self) -> str:
        kind = self._kind.partition("_")[0] if self._kind.startswith("date_") else self._kind
        key = f"eligibility.wrong.{kind}"
        known = ", ".join(sorted(self._known))
        return t(key, known=known) if has(key) else t("eligibility.wrong.value")


def _key(place: Sequence[int | str], keys: Mapping[str, Any]) -> str:
    """Write where something stands: rules 3 (sanction) valid_from."""
    words: list[str] = []
    for step in place:
        if isinstance(step, int) and words == ["rules"]:
            entry = keys["rules"][step]
            name = entry.get("id") if isinstance(entry, dict) else None
            words.append(f"{step + 1} ({name})" if isinstance(name, str) else str(step + 1))
        elif isinstance(step, str):
            words.append(step)
    return " ".join(words)


def _faults(rule: Rule) -> list[Fault]:
    """List what no type says: names that nobody knows, days in the wrong order."""
    table = code_table("title_kinds")
    categories = {table.value(code, "category") for code in table.codes}
    known_kinds = {ALL_KINDS, *table.codes, *categories}
    levels = code_table("levels").codes
    faults: list[Fault] = []
    if rule.looks_at not in FIGURES:
        return [(("looks_at",), _Reason("known", FIGURES))]
    for name, codes, known in (
        ("kinds", rule.kinds, known_kinds),
        ("except_kinds", rule.except_kinds, known_kinds),
        ("levels", rule.levels, levels),
    ):
        if not set(codes) <= set(known):
            faults.append(((name,), _Reason("known", known)))
    if rule.valid_to < rule.valid_from:
        faults.append((("valid_to",), _Reason("order")))
    if rule.switch is not None and not _is_setting(rule.switch, bool):
        faults.append((("switch",), _Reason("switch")))
    return faults + _faults_of_figures(rule)


def _faults_of_figures(rule: Rule) -> list[Fault]:
    needed = FIGURES[rule.looks_at]
    faults: list[Fault] = [
        (("figures", name), _Reason("missing")) for name in needed if name not in rule.figures
    ]
    for name, value in rule.figures.items():
        kind = needed.get(name)
        if kind is None:
            faults.append((("figures", name), _Reason("extra_forbidden")))
        elif not (_is_a(value, kind) or _is_setting(value, kind)):
            faults.append((("figures", name), _Reason(f"{kind.__name__}_type")))
        elif name in _CODES and isinstance(value, list | str) and not _is_setting(value):
            known = _CODES[name]()
            if not set([value] if isinstance(value, str) else value) <= known:
                faults.append((("figures", name), _Reason("known", known)))
    return faults


def _records() -> set[str]:
    table = code_table("sanctions")
    return {*table.codes, *(table.value(code, "category") for code in table.codes)}


# What the codes of a figure may be.
_CODES: Final[Mapping[str, Callable[[], set[str]]]] = {
    "records": _records,
    "effects": lambda: set(code_table("sanction_effects").codes),
    "results": lambda: set(code_table("review_results").codes),
    "also": lambda: set(code_table("person_status").codes),
    "from": lambda: set(code_table("levels").codes),
    "rank": lambda: set(code_table("professional_rank").codes),
}


def _is_a(value: object, kind: type) -> bool:
    if kind is int:
        return isinstance(value, int) and not isinstance(value, bool) and value > 0
    if kind is list:
        return isinstance(value, list) and all(isinstance(code, str) for code in value)
    return isinstance(value, kind) and not (kind is str and _is_setting(value))


def _is_setting(value: object, kind: type | None = None) -> bool:
    known = known_settings.known()
    if not isinstance(value, str) or value not in known:
        return False
    return kind is None or type(known[value].default) is kind


def _require_no_overlap(path: Path, rules: Sequence[Rule]) -> None:
    """Refuse two versions of a rule that are in force on the same day."""
    in_order = sorted(rules, key=lambda rule: (rule.id, rule.valid_from))
    for earlier, later in pairwise(in_order):
        if earlier.id == later.id and later.valid_from <= earlier.valid_to:
            key = f"rules ({later.id}) valid_from"
            raise EligibilityError("rules-wrong", file=path, key=key, reason=_Reason("overlap"))
