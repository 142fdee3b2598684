"""The pipeline (后备): at each unit with a gap, who could soon hold a title that counts.

Who may be nominated is told by `teacherreg.eligibility`. Named here are only those whom
nothing bars: who may be nominated now, and who lacks one or two things that can be made up
for. Of everybody else nothing is told, neither why nor how many: a bar may be a sanction.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

import polars as pl

from teacherreg.codes import code_table
from teacherreg.coverage.leaders import NO_SUBJECT
from teacherreg.coverage.standard import Standard
from teacherreg.coverage.units import Unit
from teacherreg.eligibility import Answer, Reason
from teacherreg.eligibility.answer import Asked
from teacherreg.errors import CoverageError
from teacherreg.settings import Settings

MOST_MISSING: Final = 2  # things that who is close may lack
USUAL_KIND: Final = "backbone_teacher"  # what 骨干教师 means where several kinds count as such
SWITCHES: Final = tuple("eligibility." + rule for rule in ("teaching_years", "training_hours"))
COLUMNS: Final = ("school", "township", "locality", "stage", "subject")

_Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody at a unit with a gap who could soon hold the title.

    Attributes:
        lacks: What is missing, at most two things; nothing of who may be nominated now.
        has_title: Whether the person holds some title already, though none that counts.
    """

    teacher_id: int
    name: str
    staff_no: str | None
    school: str
    township: str | None
    stage: str | None
    subject: str | None
    lacks: tuple[Reason, ...]
    has_title: bool

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
        numbers = {name: getattr(self, name) for name in _NUMBERS}
        return {name: getattr(self, name) for name in names} | numbers | {"coming": self.coming}


_NUMBERS: Final = ("missing", "units", "ready", "close", "titled", "nobody")


@dataclass(frozen=True)
class Candidates:
    """The persons of a pipeline: ready ones first, those with some title before others."""

    pipeline: "Pipeline"
    people: list[Candidate]

    def to_polars(self) -> pl.DataFrame:
        """Give a row for each; what is missing is in words."""
        rows = [
            (
                *(getattr(one, name) for name in (*_WHO, "has_title", "is_ready")),
                _in_words(one.lacks),
            )
            for one in self.people
        ]
        schema: dict[str, Any] = dict.fromkeys(_WHO, pl.String)
        schema |= {"has_title": pl.Boolean, "is_ready": pl.Boolean}
        return pl.DataFrame(rows, schema | {"lacks": pl.String}, orient="row")

    def to_document(self) -> dict[str, Any]:
        """Give the whole pipeline as JSON: cells, totals and persons."""
        return self.pipeline.to_document()


_WHO: Final = ("name", "staff_no", "school", "township", "stage", "subject")


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
        schema |= {**dict.fromkeys(_NUMBERS, pl.Int64), "coming": pl.Boolean}
        rows = [tuple(cell.document(self.names).values()) for cell in self.cells]
        return pl.DataFrame(rows, schema, orient="row")

    def to_document(self) -> dict[str, Any]:
        """Give the answer as JSON."""
        return {
            "on": self.on.isoformat(),
            "standard": self.standard.id,
            "title_kind": self.title_kind,
            "level": self.level,
            "not_asked": list(self.not_asked),
            "by": list(self.by),
            "cells": [cell.document(self.names) for cell in self.cells],
            "totals": self.totals.document(()),
            "people": [
                {
                    name: getattr(one, name)
                    for name in ("teacher_id", *_WHO, "has_title", "is_ready")
                }
                | {"missing": [_lack(reason) for reason in one.lacks]}
                for one in self.candidates
            ],
        }


def _lack(reason: Reason) -> _Row:
    lack = reason.missing
    assert lack is not None  # noqa: S101 - see `lacks_of`
    return {
        "what": lack.what,
        "have": lack.have,
        "need": lack.need,
        "short": lack.short,
        "message": reason.message,
    }


def lowest_title(standard: Standard, kind: str | None, level: str | None) -> tuple[str, str | None]:
    """Choose the title for which people are looked at: the lowest that a standard counts.

    Args:
        standard: The standard.
        kind: The kind, where it is chosen already.
        level: The level, where it is chosen already.

    Raises:
        CoverageError: If the standard's gaps are not of persons who hold a title.
    """
    if not standard.title_kinds or standard.is_about_rotation:
        raise CoverageError("standard-without-titles", standard=standard.id)
    counted = [one for one in code_table("levels").codes if one in standard.levels]  # high to low
    kinds = code_table("title_kinds")
    if kind is None:
        by_rank = sorted(
            standard.title_kinds, key=lambda code: int(kinds.value(code, "rank_order") or 0)
        )
        kind = USUAL_KIND if USUAL_KIND in by_rank else by_rank[-1]
    return kind, level if level is not None else counted[-1] if counted else None


def lacks_of(answer: Answer) -> tuple[Reason, ...] | None:
    """Tell what somebody lacks; None of who is barred or lacks too much."""
    reasons = answer.reasons
    if len(reasons) > MOST_MISSING or not all(map(_can_be_made_up_for, reasons)):
        return None
    return tuple(reasons)


def _can_be_made_up_for(reason: Reason) -> bool:
    """Tell years, hours, a rank, a title or a day not on file from a bar; nobody gets younger."""
    lack = reason.missing
    return lack is not None and not (lack.what == "age" and lack.have is not None)


class Staff:
    """The people in service at the units of a standard with a gap.

    Args:
        standard: The standard; its unit says where people belong.
        units: The judged units.
        people: Everybody in service, see `teacherreg.coverage.people.people_of_the_day`.
        titled: Who holds a title of whatever kind and level, by number.
    """

    def __init__(
        self,
        standard: Standard,
        units: Iterable[Unit],
        people: pl.DataFrame,
        titled: Collection[int],
    ) -> None:
        self._unit = standard.unit
        short = [unit for unit in units if unit.missing]
        self._at: dict[Hashable, list[_Row]] = {self._key(_named(unit)): [] for unit in short}
        self.units = short
        for person in people.filter(pl.col("stage").is_in(standard.stages)).iter_rows(named=True):
            if (place := self._at.get(self._key(person))) is not None:
                place.append(person | {"has_title": person["teacher_id"] in titled})

    def without_title(self) -> list[int]:
        """Name who is not counted by the standard yet."""
        return [one["teacher_id"] for some in self._at.values() for one in some
                if not one["is_holder"]]  # fmt: skip

    def rows(self, lacks: dict[int, tuple[Reason, ...]], *, by_subject: bool) -> list[_Row]:
        """Give a row for each unit, or for each subject there that nobody with a title teaches."""
        return [row for unit in self.units for row in self._rows(unit, lacks, by_subject)]

    def candidates(self, lacks: dict[int, tuple[Reason, ...]]) -> list[Candidate]:
        """Name those who lack little or nothing."""
        found = [
            Candidate(
                teacher_id=one["teacher_id"],
                **{name: one[name] for name in _WHO},
                lacks=lacks[one["teacher_id"]],
                has_title=one["has_title"],
            )
            for some in self._at.values()
            for one in some
            if one["teacher_id"] in lacks
        ]
        return sorted(found, key=_first_in_line)

    def _rows(
        self, unit: Unit, lacks: dict[int, tuple[Reason, ...]], by_subject: bool
    ) -> Iterable[_Row]:
        place = _named(unit) | {"missing": unit.missing}
        people = self._at[self._key(place)]
        if not by_subject or "subject" in self._unit:
            yield place | _counted(people, lacks)
            return
        taught: dict[str, list[_Row]] = defaultdict(list)
        for one in people:
            if one["subject"] is not None and one["subject"] not in NO_SUBJECT:
                taught[one["subject"]].append(one)
        empty = {
            subject: some
            for subject, some in taught.items()
            if not any(one["is_holder"] for one in some)
        }
        for subject, some in empty.items():
            yield place | {"subject": subject} | _counted(some, lacks)
        if not taught:
            yield place | _counted(people, lacks)

    def _key(self, row: _Row) -> Hashable:
        return tuple([row.get("school_id" if name == "school" else name) for name in self._unit])


def _first_in_line(one: Candidate) -> tuple[int, bool, str, str, int]:
    return (len(one.lacks), not one.has_title, one.school, one.name, one.teacher_id)


def _named(unit: Unit) -> _Row:
    names = ("school_id", *COLUMNS)
    return {name: getattr(unit.count, name) for name in names}


def _counted(people: Iterable[_Row], lacks: dict[int, tuple[Reason, ...]]) -> _Row:
    found = [one for one in people if one["teacher_id"] in lacks]
    ready = sum(not lacks[one["teacher_id"]] for one in found)
    titled = sum(one["has_title"] for one in found)
    return {"ready": ready, "close": len(found) - ready, "titled": titled}


def cells_of(rows: Iterable[_Row], by: Sequence[str]) -> list[PipelineCell]:
    """Add rows up to cells, those with nobody first."""
    key_of = _grouping(by)
    cells: dict[Hashable, PipelineCell] = {}
    for row in rows:
        one = _cell(row, by)
        key = key_of(row)
        cells[key] = _plus(cells[key], one) if key in cells else one
    return sorted(
        cells.values(),
        key=lambda cell: (cell.coming, -cell.nobody, -cell.missing,
                          *(getattr(cell, name) or "" for name in COLUMNS)),
    )  # fmt: skip


def _grouping(by: Sequence[str]) -> Callable[[_Row], Hashable]:
    keys = ["school_id" if name == "school" else name for name in by]
    return lambda row: tuple([row[key] for key in keys])


def _cell(row: _Row, by: Sequence[str]) -> PipelineCell:
    own = {*by, *(("township", "locality") if "school" in by else ())}
    return PipelineCell(
        **{name: row[name] if name in own else None for name in COLUMNS},
        missing=row["missing"],
        units=1,
        ready=row["ready"],
        close=row["close"],
        titled=row["titled"],
        nobody=int(row["ready"] + row["close"] == 0),
    )


def _plus(cell: PipelineCell, other: PipelineCell) -> PipelineCell:
    sums = {name: getattr(cell, name) + getattr(other, name) for name in _NUMBERS}
    return replace(cell, **sums)


def pipeline_of(
    standard: Standard, asked: Asked, staff: Staff, answers: Iterable[Answer],
    by: tuple[str, ...],
    settings: Settings,
) -> Pipeline:  # fmt: skip
    """Put the pipeline together; see `teacherreg.coverage.Coverage.pipeline`."""
    lacks = {one.teacher_id: found for one in answers if (found := lacks_of(one)) is not None}
    whole = cells_of(staff.rows(lacks, by_subject=False), ())
    return Pipeline(
        on=asked.on,
        standard=standard,
        title_kind=asked.title_kind,
        level=asked.level,
        not_asked=tuple(key for key in SWITCHES if not settings[key]),
        by=by,
        cells=cells_of(staff.rows(lacks, by_subject="subject" in by), by),
        totals=whole[0] if whole else PipelineCell(None, None, None, None, None, 0, 0, 0, 0, 0, 0),
        candidates=staff.candidates(lacks),
    )
