"""What a decision bars, and until when: ``data/conduct/effects.toml``, read and dated."""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Final

from teacherreg.shipped import shipped

# Stands in the file for decisions of a day of whose rules the tables hold none.
WITHOUT_RULES: Final = "none"


@dataclass(frozen=True)
class Effect:
    """One thing that a decision bars.

    Attributes:
        what: Code of ``sanction_effects``.
        until: The first day on which it no longer holds; None: no end is known.
        document: The official document; ``local`` where each place decides for itself.
        article: Of the document; empty where none is named.
        limit: How far, where it does not simply bar: ``not_excellent``, ``no_grade``,
            ``not_qualified`` or ``not_basic``.
    """

    what: str
    until: date | None
    document: str
    article: str
    limit: str = ""


@dataclass(frozen=True)
class EffectRule:
    """One entry of the file, as it stands there."""

    what: str
    kinds: tuple[str, ...]
    until: str
    document: str
    article: str
    versions: tuple[str, ...] = ()
    limit: str = ""

    def applies(self, kind: str, rule_version: str | None) -> bool:
        """Tell whether it speaks of a kind under a version of the rules."""
        version = rule_version or WITHOUT_RULES
        return kind in self.kinds and (not self.versions or version in self.versions)


@cache
def effect_rules() -> tuple[EffectRule, ...]:
    """Load every effect that the rules name, in the order of the file."""
    text = shipped("data/conduct/effects.toml").read_text(encoding="utf-8")
    return tuple(
        EffectRule(
            what=entry["what"],
            kinds=tuple(entry["kinds"]),
            until=entry["until"],
            document=entry["document"],
            article=entry["article"],
            versions=tuple(entry.get("versions", ())),
            limit=entry.get("limit", ""),
        )
        for entry in tomllib.loads(text)["effect"]
    )


def effects_of(
    kind: str, rule_version: str | None, decided_on: date, free_on: date | None
) -> tuple[Effect, ...]:
    """Tell what a decision bars.

    Args:
        kind: Code of ``sanctions``.
        rule_version: The version of the rules that the decision keeps.
        decided_on: The day of the decision.
        free_on: The first day after its period, or the day of its release; None where it
            has no end.

    Returns:
        Its effects, over or not, in the order of the file.
    """
    until = {
        "period": free_on,
        "decision_year": date(decided_on.year + 1, 1, 1),
        "next_year": date(decided_on.year + 2, 1, 1),
        "never": None,
    }
    return tuple(
        Effect(rule.what, until[rule.until], rule.document, rule.article, rule.limit)
        for rule in effect_rules()
        if rule.applies(kind, rule_version)
    )
