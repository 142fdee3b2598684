"""Whether a decision was made by a body that may make it: ``data/conduct/powers.toml``."""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Literal

from teacherreg.shipped import shipped

Body = Literal["school", "authority"]


@dataclass(frozen=True)
class Power:
    """Which body decides on some kinds, for some categories of person."""

    kinds: frozenset[str]
    categories: frozenset[str]
    body: Body


@dataclass(frozen=True)
class Powers:
    """Who decides, by which document, and how the bodies are recognised.

    Source:
        教师〔2018〕18号 第七条.
    """

    document: str
    article: str
    since: date
    authority: tuple[str, ...]
    school: tuple[str, ...]
    powers: tuple[Power, ...]

    def body_of(self, name: str) -> Body | None:
        """Tell what kind of body a name is of; None where it tells neither."""
        if any(word in name for word in self.authority):
            return "authority"
        return "school" if name.endswith(self.school) else None

    def who_decides(self, kind: str, category: str, decided_on: date) -> Body | None:
        """Tell which body decides; None where the rules name none or were not in force."""
        if decided_on < self.since:
            return None
        found = (p.body for p in self.powers if kind in p.kinds and category in p.categories)
        return next(found, None)


@cache
def deciding_powers() -> Powers:
    """Load who decides on which sanction."""
    entry = tomllib.loads(shipped("data/conduct/powers.toml").read_text(encoding="utf-8"))
    return Powers(
        document=entry["document"],
        article=entry["article"],
        since=entry["since"],
        authority=tuple(entry["bodies"]["authority"]),
        school=tuple(entry["bodies"]["school"]),
        powers=tuple(
            Power(frozenset(one["kinds"]), frozenset(one["categories"]), one["body"])
            for one in entry["power"]
        ),
    )
