"""The answer: may this person be nominated, why not, until when, and what is missing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

import polars as pl

from teacherreg.codes import code_table
from teacherreg.locale import language, t


@dataclass(frozen=True)
class Word:
    """A code that is read by its label, in the language in force."""

    table: str
    code: str

    def __str__(self) -> str:
        return code_table(self.table).label(self.code)


@dataclass(frozen=True)
class Title:
    """A kind of title and a level, read by their labels: 县级学科带头人."""

    kind: str
    level: str | None

    def __str__(self) -> str:
        kind = code_table("title_kinds").label(self.kind)
        if self.level is None:
            return t("eligibility.title-any", kind=kind)
        level = code_table("levels").label(self.level)
        return t("eligibility.title", level=level, kind=kind)


@dataclass(frozen=True)
class AnyOf:
    """Several things of which one is enough."""

    choices: Sequence[object]

    def __str__(self) -> str:
        return t("eligibility.or").join(map(str, self.choices))


@dataclass(frozen=True, slots=True)
class Missing:
    """Something that a rule asks for and the person has not, or not enough of.

    Attributes:
        what: teaching_years, lower_level, professional_rank, training_hours or age.
        have: What there is: a number, a code, or None where nothing is on file.
        need: What is asked for, in the same unit; of titles a list, of which one is enough.
        short: How much is missing, where it is a number: years, hours.
    """

    what: str
    have: int | float | str | None
    need: int | float | str | Sequence[Mapping[str, str]]
    short: int | float | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a person may not be nominated.

    Attributes:
        rule: Id of the rule.
        source: The document and article behind it.
        until: First day on which the reason no longer holds, as far as is known on the day
            of the question; None where no day is known.
        missing: What is missing, where something is.
        sentence: Key of the sentence, with its ``parameters``.
    """

    rule: str
    source: str
    until: date | None
    sentence: str
    parameters: Mapping[str, object] = field(default_factory=dict)
    missing: Missing | None = None

    @property
    def message(self) -> str:
        """The reason in words, in the language in force."""
        return t(f"eligibility.reason.{self.sentence}", **self.parameters)

    def to_document(self) -> dict[str, Any]:
        """Give it as JSON."""
        return {
            "rule": self.rule,
            "source": self.source,
            "until": self.until.isoformat() if self.until else None,
            "message": self.message,
        }


@dataclass(frozen=True, slots=True)
class Note:
    """Something beside the reasons that whoever decides must know; it bars nothing."""

    rule: str
    source: str
    sentence: str
    parameters: Mapping[str, object] = field(default_factory=dict)

    @property
    def message(self) -> str:
        """The note in words, in the language in force."""
        return t(f"eligibility.note.{self.sentence}", **self.parameters)

    def to_document(self) -> dict[str, Any]:
        """Give it as JSON."""
        return {"rule": self.rule, "source": self.source, "message": self.message}


@dataclass(frozen=True)
class Asked:
    """What was asked: a title of a kind at a level, as of a day, by which rules.

    Attributes:
        changed: Settings of the rules that the county has changed.
    """

    title_kind: str
    level: str | None
    on: date
    version: str
    changed: Sequence[str]

    @property
    def title(self) -> Title:
        """The title, to be read by its labels."""
        return Title(self.title_kind, self.level)

    def to_document(self) -> dict[str, Any]:
        """Give it as JSON."""
        return {
            "title_kind": self.title_kind,
            "level": self.level,
            "on": self.on.isoformat(),
            "version": self.version,
            "changed": list(self.changed),
        }


@dataclass(frozen=True, slots=True)
class Answer:
    """May one person be nominated."""

    asked: Asked
    teacher_id: int
    name: str
    staff_no: str | None
    school: str | None
    reasons: Sequence[Reason]
    notes: Sequence[Note]

    @property
    def eligible(self) -> bool:
        """Whether no reason stands against it."""
        return not self.reasons

    @property
    def eligible_from(self) -> date | None:
        """The first day on which none of the reasons holds; None where a reason has no end."""
        ends = [reason.until for reason in self.reasons]
        return max((end for end in ends if end), default=self.asked.on) if all(ends) else None

    @property
    def missing(self) -> list[tuple[str, Missing]]:
        """What is missing, each with the rule that asks for it."""
        return [(one.rule, one.missing) for one in self.reasons if one.missing]

    def to_document(self) -> dict[str, Any]:
        """Give the answer as JSON."""
        return {"teacher": self.name, **self.asked.to_document(), **self._own()}

    def _own(self) -> dict[str, Any]:
        return {
            "teacher_id": self.teacher_id,
            "eligible": self.eligible,
            "eligible_from": self.eligible_from.isoformat() if self.eligible_from else None,
            "reasons": [reason.to_document() for reason in self.reasons],
            "missing": [
                {
                    "rule": rule,
                    "what": one.what,
                    "have": one.have,
                    "need": one.need,
                    "short": one.short,
                }
                for rule, one in self.missing
            ],
            "notes": [note.to_document() for note in self.notes],
        }


@dataclass(frozen=True)
class Answers:
    """May each person in service be nominated; in the order of schools and names."""

    asked: Asked
    people: Sequence[Answer]

    @property
    def eligible(self) -> int:
        """How many may be."""
        return sum(answer.eligible for answer in self.people)

    def to_document(self) -> dict[str, Any]:
        """Give the answers as JSON."""
        return {
            **self.asked.to_document(),
            "people": [
                {"teacher": one.name, "school": one.school, **one._own()} for one in self.people
            ],
            "totals": {"people": len(self.people), "eligible": self.eligible},
        }

    def to_polars(self) -> pl.DataFrame:
        """Give a row for each person, reasons and notes in words."""
        rows = [
            (
                one.teacher_id,
                one.name,
                one.staff_no,
                one.school,
                one.eligible,
                one.eligible_from,
                _joined(one.reasons),
                _joined(one.notes),
            )
            for one in self.people
        ]
        return pl.DataFrame(rows, schema=COLUMNS, orient="row")


def _joined(findings: Sequence[Reason | Note]) -> str:
    """Put the sentences of reasons or notes one after another; each ends with its full stop."""
    return ("" if language() == "zh" else " ").join(one.message for one in findings)


COLUMNS: Final[Mapping[str, pl.DataType]] = {
    "teacher_id": pl.Int64(),
    "name": pl.String(),
    "staff_no": pl.String(),
    "school": pl.String(),
    "eligible": pl.Boolean(),
    "eligible_from": pl.Date(),
    "reasons": pl.String(),
    "notes": pl.String(),
}
