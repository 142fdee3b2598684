"""What is found: a code, whom it is about, words and a cure.

Words name no act and no kind of sanction: a decision is named by its day and number.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from teacherreg.locale import t


@dataclass(frozen=True)
class Found:
    """What a check finds.

    Attributes:
        code: Of the contradiction.
        teacher_id: The registry's own number of the person.
        records: The rows that contradict each other: table and number.
        named: What the sentence names.
    """

    code: str
    teacher_id: int
    records: Sequence[tuple[str, int]]
    named: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Contradiction:
    """One contradiction, with the person's name and school."""

    found: Found
    name: str
    school: str | None

    @property
    def code(self) -> str:
        """Its code."""
        return self.found.code

    @property
    def records(self) -> Sequence[tuple[str, int]]:
        """The rows that contradict each other: table and number."""
        return self.found.records

    @property
    def message(self) -> str:
        """What contradicts what, in the language in force."""
        return t(f"contradictions.said.{self.code}", **self.found.named)

    @property
    def cure(self) -> str:
        """What to do about it, in the language in force."""
        return t(f"contradictions.cure.{self.code}")

    def to_document(self) -> dict[str, Any]:
        """Give it as JSON."""
        return {
            "code": self.code,
            "teacher": self.name,
            "teacher_id": self.found.teacher_id,
            "school": self.school,
            "records": [{"table": table, "id": number} for table, number in self.records],
            "message": self.message,
            "cure": self.cure,
        }


@dataclass(frozen=True)
class Contradictions:
    """All that are found as of a day, by code and person."""

    on: date
    found: Sequence[Contradiction]

    @property
    def totals(self) -> Mapping[str, int]:
        """How many there are of each code that is found."""
        return Counter(one.code for one in self.found)

    def to_document(self) -> dict[str, Any]:
        """Give them as JSON."""
        return {
            "on": self.on.isoformat(),
            "contradictions": [one.to_document() for one in self.found],
            "totals": dict(self.totals),
        }
