"""The pipeline (后备): at each unit with a gap, who could soon hold a title that counts.

Who may be nominated is told by `teacherreg.eligibility`. Named here are only those whom
nothing bars: who may be nominated now, and who lacks one or two things that can be made up
for. Of everybody else nothing is told, neither why nor how many: a bar may be a sanction.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, NamedTuple

import polars as pl

from teacherreg.coverage.standard import Standard
from teacherreg.eligibility import Reason

COLUMNS: Final = ("school", "township", "locality", "stage", "subject")

_Row = dict[str, Any]


class Candidate(NamedTuple):
    """Somebody at a unit with a gap who could soon hold the title.

    Attributes:
        has_title: Whether the person holds some title already, though none that counts.
        lacks: What is missing, at most two things; nothing of who may be nominated now.
    """

    teacher_id: int
    name: str
    staff_no: str | None
    school: str
    township: str | None
    stage: str | None
    subject: str | None
    has_title: bool
    lacks: tuple[Reason, ...]

    @property
    def is_ready(self) -> bool:
        """Whether the person may be nominated now."""
        return not self.lacks


@dataclass(frozen=True, slots=True)
class PipelineCell:
    """One or several units with a gap; what it is not named by is None.

    Attributes:
        missing: Persons whom the units miss: all of them, where it is named by a subject too
            of which the standard asks nothing.
        units: How many units, or units' subjects, it holds.
        ready: How many there may be nominated now.
        close: How many lack one or two things.
        titled: How many of both hold some title already, such as one of the school's own.
        nobody: At how many of the units there is neither.
    """

    school: str | None
    township: str | None
    locality: str | None
    stage: str | None
    subject: str | None
    missing: int
    units: int
    ready: int
    close: int
    titled: int
    nobody: int

    @property
    def coming(self) -> bool:
        """Whether there is somebody."""
        return self.ready + self.close > 0

    def document(self, names: Sequence[str]) -> _Row:
        """Give it by column."""
        numbers = {name: getattr(self, name) for name in NUMBERS}
        return {name: getattr(self, name) for name in names} | numbers | {"coming": self.coming}


NUMBERS: Final = ("missing", "units", "ready", "close", "titled", "nobody")


@dataclass(frozen=True)
class Candidates:
    """The persons of a pipeline: ready ones first, those with some title before others."""

    pipeline: "Pipeline"
    people: list[Candidate]

    def to_polars(self) -> pl.DataFrame:
        """Give a row for each; what is missing is in words."""
        rows = [
            (
                *(getattr(one, name) for name in (*WHO, "has_title", "is_ready")),
                _in_words(one.lacks),
            )
            for one in self.people
        ]
        schema: dict[str, Any] = dict.fromkeys(WHO, pl.String)
        schema |= {"has_title": pl.Boolean, "is_ready": pl.Boolean}
        return pl.DataFrame(rows, schema | {"lacks": pl.String}, orient="row")

    def to_document(self) -> dict[str, Any]:
        """Give the whole pipeline as JSON: cells, totals and persons."""
        return self.pipeline.to_document() | {
            "people": [
                {name: getattr(one, name) for name in ("teacher_id", *WHO, "has_title", "is_ready")}
                | {"missing": [_lack(reason) for reason in one.lacks]}
                for one in self.people
            ],
        }


WHO: Final = ("name", "staff_no", "school", "township", "stage", "subject")


def _in_words(lacks: Sequence[Reason]) -> str | None:
    return " ".join(reason.message for reason in lacks) or None


@dataclass(frozen=True)
class Pipeline:
    """The pipeline as of a day; cells with nobody first, then those that miss most.

    Attributes:
        title_kind: Code of the title for which people are looked at, with its ``level``.
        not_asked: Settings of rules that the county has off: years of teaching, hours.
        cells: The cells; none where nothing is missing.
        totals: All units with a gap as one cell, whatever the cells are.
        candidates: Who is ready or close, each once.
        schools: How many schools the standard counts in at least one stage.
    """

    on: date
    standard: Standard
    title_kind: str
    level: str | None
    not_asked: tuple[str, ...]
    by: tuple[str, ...]
    cells: list[PipelineCell]
    totals: PipelineCell
    candidates: list[Candidate]
    schools: int

    @property
    def names(self) -> tuple[str, ...]:
        """Columns that name a cell."""
        own = {*self.by, *(("township", "locality") if "school" in self.by else ())}
        return tuple(
            name for name in COLUMNS if name in own or name in ("school", "stage", "subject")
        )

    @property
    def people(self) -> Candidates:
        """The persons, as an answer of their own."""
        return Candidates(self, self.candidates)

    def to_polars(self) -> pl.DataFrame:
        """Give a row for each cell."""
        schema: dict[str, Any] = dict.fromkeys(self.names, pl.String)
        schema |= {**dict.fromkeys(NUMBERS, pl.Int64), "coming": pl.Boolean}
        rows = [tuple(cell.document(self.names).values()) for cell in self.cells]
        return pl.DataFrame(rows, schema, orient="row")

    def to_document(self) -> dict[str, Any]:
        """Give the numbers as JSON; the persons are `people`'s."""
        return {
            "on": self.on.isoformat(),
            "standard": self.standard.id,
            "title_kind": self.title_kind,
            "level": self.level,
            "not_asked": list(self.not_asked),
            "by": list(self.by),
            "cells": [cell.document(self.names) for cell in self.cells],
            "totals": self.totals.document(()),
        }


def _lack(reason: Reason) -> _Row:
    lack = reason.missing
    assert lack is not None  # noqa: S101 - see `succession.lacks_of`
    return {
        "what": lack.what,
        "have": lack.have,
        "need": lack.need,
        "short": lack.short,
        "message": reason.message,
    }
