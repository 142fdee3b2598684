"""One rule and what was asked, from which a ground makes reasons and notes."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Final

from teacherreg.eligibility.answer import Asked, Missing, Note, Reason
from teacherreg.eligibility.facts import Facts
from teacherreg.eligibility.rules import Rule
from teacherreg.settings import Settings

Finding = Reason | Note
Look = Callable[[Facts], Iterator[Finding]]
Ground = Callable[["Case"], Look]

NOTHING: Final[Mapping[str, object]] = {}  # a sentence names nothing more


@dataclass(frozen=True)
class Case:
    """One rule and what was asked: the same for everybody who is looked at."""

    asked: Asked
    rule: Rule
    settings: Settings

    @cached_property
    def source(self) -> str:
        """The document and article of the rule, in the language in force."""
        return self.rule.source

    def figure(self, name: str) -> Any:
        """Give a figure of the rule."""
        return self.rule.figure(name, self.settings)

    def reason(
        self,
        sentence: str,
        until: date | None = None,
        *,
        named: Mapping[str, object] = NOTHING,
        source: str | None = None,
        missing: Missing | None = None,
    ) -> Reason:
        """Make a reason of this rule."""
        return Reason(self.rule.id, source or self.source, until, sentence, named, missing)

    def note(
        self,
        sentence: str,
        *,
        named: Mapping[str, object] = NOTHING,
        source: str | None = None,
    ) -> Note:
        """Make a note of this rule."""
        return Note(self.rule.id, source or self.source, sentence, named)
