"""Reach (示范带动): how many teachers a master teacher reaches, and by which way."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

import polars as pl
from sqlalchemy import Connection

from teacherreg.codes import code_table
from teacherreg.coverage.asked import Question
from teacherreg.coverage.grouping import dimensions_among
from teacherreg.coverage.leaders import NO_SUBJECT
from teacherreg.coverage.reached import WAYS, Reached, reached
from teacherreg.coverage.standard import Counted, Standard
from teacherreg.errors import CoverageError, UsageError

REACH_DIMENSIONS: Final = ("school", "stage", "subject", "township", "locality")
DEFAULT_BY: Final = ("school", "stage", "subject")
HOLDERS, NONE = "holders", "none"
PARTS: Final = (HOLDERS, *WAYS, NONE)  # of the teachers of a cell: together all of them


@dataclass(frozen=True, slots=True)
class ReachCell:
    """A cell; what it is not named by, and what is not on file, is None.

    Attributes:
        teachers: Full-time teachers in service; each of them is in one of the parts.
        parts: How many of them, by `PARTS`: holders themselves, those reached by each way
            (each teacher at the first that applies), and those whom nobody reaches.
    """

    school: str | None
    township: str | None
    locality: str | None
    stage: str | None
    subject: str | None
    teachers: int
    parts: tuple[int, ...]

    def document(self, names: Sequence[str]) -> dict[str, Any]:
        """Give it by column: what it is named by, then the numbers."""
        return {name: getattr(self, name) for name in names} | self.numbers

    @property
    def numbers(self) -> dict[str, int]:
        """The numbers, by column."""
        return {"teachers": self.teachers, **dict(zip(PARTS, self.parts, strict=True))}


@dataclass(frozen=True, slots=True)
class Master:
    """A master teacher, with the teachers whom he or she reaches.

    Attributes:
        schools: Names of the schools at which they are.
        reached: How many they are.
        ways: The same, by `WAYS`, each teacher at the first way of this master; others may
            reach the same teacher, so that the masters' numbers do not add up to the county's.
    """

    teacher_id: int
    name: str
    staff_no: str | None
    school: str
    township: str | None
    stage: str | None
    subject: str | None
    reached: int
    schools: tuple[str, ...]
    ways: tuple[int, ...]


@dataclass(frozen=True)
class Masters:
    """Reach of each master teacher, those who reach most first."""

    on: date
    standard: Standard
    people: list[Master]

    def to_polars(self) -> pl.DataFrame:
        """Give a row for each: who, how many teachers of which schools, by which way."""
        schema: dict[str, Any] = dict.fromkeys(_MASTER, pl.String)
        schema |= {"reached": pl.Int64, "schools": pl.Int64, **dict.fromkeys(WAYS, pl.Int64)}
        schema["school_names"] = pl.String
        rows = [
            (
                *(getattr(one, name) for name in _MASTER),
                one.reached,
                len(one.schools),
                *one.ways,
                "；".join(one.schools),
            )
            for one in self.people
        ]
        return pl.DataFrame(rows, schema, orient="row")

    def to_document(self) -> dict[str, Any]:
        """Give the answer as JSON."""
        return {
            **_asked(self.on, self.standard),
            "masters": [
                {name: getattr(one, name) for name in ("teacher_id", *_MASTER, "reached")}
                | {"schools": list(one.schools), **dict(zip(WAYS, one.ways, strict=True))}
                for one in self.people
            ],
        }


_MASTER: Final = ("name", "staff_no", "school", "township", "stage", "subject")


@dataclass(frozen=True)
class Reach:
    """Reach as of a day; the cells with most whom nobody reaches first.

    Attributes:
        standard: Whose titles count.
        by: The dimensions of the cells.
        totals: The whole county, as one cell.
        without_subject: Of those whom nobody reaches: who has no subject or no stage on
            file, and so could only have been reached through a studio or a mentor.
        masters: Each master teacher's own reach.
    """

    on: date
    standard: Standard
    by: tuple[str, ...]
    cells: list[ReachCell]
    totals: ReachCell
    without_subject: int
    masters: Masters

    @property
    def names(self) -> tuple[str, ...]:
        """Columns that name a cell."""
        return _names_of(self.by)

    def to_polars(self) -> pl.DataFrame:
        """Give a row for each cell."""
        schema: dict[str, Any] = dict.fromkeys(self.names, pl.String)
        schema |= dict.fromkeys(("teachers", *PARTS), pl.Int64)
        rows = [tuple(cell.document(self.names).values()) for cell in self.cells]
        return pl.DataFrame(rows, schema, orient="row")

    def to_document(self) -> dict[str, Any]:
        """Give the answer as JSON."""
        return {
            **_asked(self.on, self.standard),
            "by": list(self.by),
            "cells": [cell.document(self.names) for cell in self.cells],
            "totals": self.totals.numbers | {"without_subject": self.without_subject},
        }


_COLUMNS: Final = ("school", "township", "locality", "stage", "subject")
_NAMED: Final = {"school": ("school", "township", "locality")}


def _names_of(by: Sequence[str]) -> tuple[str, ...]:
    """Give the columns that name a cell, in their order."""
    own = {name for dimension in by for name in _NAMED.get(dimension, (dimension,))}
    return tuple(name for name in _COLUMNS if name in own)


def _asked(on: date, standard: Standard) -> dict[str, Any]:
    return {
        "on": on.isoformat(),
        "standard": standard.id,
        "title_kinds": list(standard.title_kinds),
        "levels": list(standard.levels),
    }


def dimensions_of_reach(by: Sequence[str] | str) -> tuple[str, ...]:
    """Read the dimensions: names, or one text parted by commas.

    Raises:
        UnknownDimensionError: If there is no such dimension, or none at all.
    """
    return dimensions_among(REACH_DIMENSIONS, by)


def with_titles(
    standard: Standard, kinds: Sequence[str] | None = None, levels: Sequence[str] | None = None
) -> Standard:
    """Ask a standard for titles and nothing else.

    Args:
        standard: Gives the kinds and levels that are not named.
        kinds: Kinds of title, by code or name.
        levels: Levels, by code or name.

    Raises:
        UsageError: If there is no such kind or level.
        CoverageError: If neither the standard nor the caller names kinds.
    """
    every_level = tuple(code_table("levels").codes)
    chosen = _codes("title_kinds", kinds) or standard.title_kinds
    if not chosen:
        raise CoverageError("standard-without-titles", standard=standard.id)
    held_at = _codes("levels", levels) or standard.levels or every_level
    counted = Counted(chosen, held_at, {}, (), 0, is_full_time_only=False)
    return replace(standard, counted=counted, merges_teaching_points=False)


def _codes(table: str, words: Sequence[str] | None) -> tuple[str, ...]:
    known, found = code_table(table), []
    for word in words or ():
        code = known.resolve(word.strip()).code
        if code is None:
            names = ", ".join(f"{one} {known.label(one)}" for one in known.codes)
            error = "eligibility-title" if table == "title_kinds" else "eligibility-level"
            raise UsageError(error, word=word, known=names)
        found.append(code)
    return tuple(dict.fromkeys(found))


def reach_of(connection: Connection, question: Question, by: tuple[str, ...]) -> Reach:
    """Work out reach; see `teacherreg.coverage.Coverage.reach`."""
    found = reached(connection, question)
    teachers = _with_parts(found)
    counts = [
        pl.len().alias("teachers"),
        *((pl.col("part") == one).sum().alias(one) for one in PARTS),
    ]
    keys = ["school_id" if name == "school" else name for name in by]
    own = _names_of(by)
    more = [pl.col(name).first() for name in own if name not in keys]
    grouped = teachers.group_by(keys).agg(*more, *counts)
    order = [True, *([False] * len(own)), *([False] * len(keys))]
    ordered = grouped.sort(NONE, *own, *keys, descending=order, nulls_last=True)
    no_subject = pl.col("subject").is_null() | pl.col("subject").is_in(NO_SUBJECT)
    lost = teachers.filter(pl.col("part") == NONE, no_subject | pl.col("stage").is_null())
    return Reach(
        on=question.on,
        standard=question.standard,
        by=by,
        cells=[_cell(row, own) for row in ordered.iter_rows(named=True)],
        totals=_cell(teachers.select(counts).row(0, named=True), ()),
        without_subject=lost.height,
        masters=Masters(question.on, question.standard, _masters(found)),
    )


def _with_parts(found: Reached) -> pl.DataFrame:
    """Say of each teacher in which part he or she is."""
    ways = found.teachers.join(found.first_ways(), "teacher_id", "left")
    way = pl.col("way").replace_strict(dict(enumerate(WAYS)), default=NONE, return_dtype=pl.String)
    part = pl.when("is_holder").then(pl.lit(HOLDERS)).otherwise(way)
    return ways.with_columns(part=part)


def _cell(row: dict[str, Any], own: Sequence[str]) -> ReachCell:
    names = {name: row[name] if name in own else None for name in _COLUMNS}
    return ReachCell(**names, teachers=row["teachers"], parts=tuple(row[part] for part in PARTS))


def _masters(found: Reached) -> list[Master]:
    at = found.teachers.select("teacher_id", pl.col("school").alias("of_school"))
    each = (
        found.pairs.join(at, "teacher_id")
        .group_by("master_id")
        .agg(
            pl.len().alias("reached"),
            pl.col("of_school").unique().sort().alias("schools"),
            *((pl.col("way") == way).sum().alias(name) for way, name in enumerate(WAYS)),
        )
    )
    rows = found.masters.join(each, left_on="teacher_id", right_on="master_id", how="left")
    rows = rows.with_columns(pl.col("reached", *WAYS).fill_null(0)).sort(
        "reached", "teacher_id", descending=[True, False]
    )
    return [
        Master(
            **{name: row[name] for name in ("teacher_id", *_MASTER, "reached")},
            schools=tuple(row["schools"] or ()),
            ways=tuple(row[way] for way in WAYS),
        )
        for row in rows.iter_rows(named=True)
    ]
