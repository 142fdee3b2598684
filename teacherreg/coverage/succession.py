"""Working the pipeline out: who serves where holders are missing, and what each lacks."""

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from dataclasses import replace
from operator import itemgetter
from typing import Any, Final

import polars as pl

from teacherreg.codes import code_table
from teacherreg.coverage.leaders import NO_SUBJECT
from teacherreg.coverage.pipeline import COLUMNS, NUMBERS, WHO, Candidate, Pipeline, PipelineCell
from teacherreg.coverage.standard import Standard
from teacherreg.coverage.units import Unit
from teacherreg.eligibility import Answer, Reason
from teacherreg.eligibility.answer import Asked
from teacherreg.errors import CoverageError
from teacherreg.settings import Settings

MOST_MISSING: Final = 2  # things that who is close may lack
USUAL_KIND: Final = "backbone_teacher"  # what 骨干教师 means where several kinds count as such
SWITCHES: Final = tuple("eligibility." + rule for rule in ("teaching_years", "training_hours"))
OF_A_PERSON: Final = ("teacher_id", *WHO, "school_id", "locality", "is_holder")

_Row = dict[str, Any]
_Lacks = dict[int, tuple[Reason, ...]]


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

    Whoever serves at a school that stands outside belongs to no unit.

    Args:
        standard: The standard; its unit says where people belong.
        units: The judged units.
        people: Everybody in service, with the columns `OF_A_PERSON` of
            `teacherreg.coverage.people.people_of_the_day`.
        titled: Who holds a title of whatever kind and level, by number.
    """

    def __init__(
        self,
        standard: Standard,
        units: Iterable[Unit],
        people: pl.DataFrame,
        titled: Collection[int],
    ) -> None:
        self._is_by_subject = "subject" in standard.unit
        key_of = _grouping([name for name in standard.unit if name in COLUMNS])
        judged = list(units)
        self.schools = {school for unit in judged for school in unit.schools}
        self.units = [_named(unit) for unit in judged if unit.missing]
        at: dict[Hashable, list[_Row]] = {key_of(unit): [] for unit in self.units}
        here = people.filter(
            pl.col("stage").is_in(standard.stages), pl.col("school_id").is_in(list(self.schools))
        ).with_columns(has_title=pl.col("teacher_id").is_in(list(titled)))
        for person in here.iter_rows(named=True):
            if (place := at.get(key_of(person))) is not None:
                place.append(person)
        self._at = at
        self._places = [(unit, at[key_of(unit)]) for unit in self.units]

    def without_title(self) -> list[int]:
        """Name who is not counted by the standard yet."""
        return [one["teacher_id"] for some in self._at.values() for one in some
                if not one["is_holder"]]  # fmt: skip

    def rows(self, lacks: _Lacks) -> list[_Row]:
        """Give a row for each unit."""
        return [unit | _counted(people, lacks) for unit, people in self._places]

    def rows_by_subject(self, lacks: _Lacks) -> list[_Row]:
        """Give a row for each subject of a unit that nobody with a title teaches there."""
        if self._is_by_subject:
            return self.rows(lacks)
        return [
            unit | {"subject": subject} | _counted(people, lacks)
            for unit, everybody in self._places
            for subject, people in _without_holder(everybody)
        ]

    def candidates(self, lacks: _Lacks) -> list[Candidate]:
        """Name those who lack little or nothing."""
        found = [
            Candidate._make((*_named_of(one), lacks[one["teacher_id"]]))
            for some in self._at.values()
            for one in some
            if one["teacher_id"] in lacks
        ]
        return sorted(found, key=_first_in_line)


_named_of = itemgetter("teacher_id", *WHO, "has_title")


def _without_holder(people: Iterable[_Row]) -> Iterable[tuple[str | None, list[_Row]]]:
    """Tell apart by subject, without subjects taught by a holder; all together if none is told."""
    taught: dict[str, list[_Row]] = defaultdict(list)
    everybody = list(people)
    for one in everybody:
        if one["subject"] is not None and one["subject"] not in NO_SUBJECT:
            taught[one["subject"]].append(one)
    if not taught:
        return [(None, everybody)]
    return [
        (subject, some)
        for subject, some in taught.items()
        if not any(one["is_holder"] for one in some)
    ]


def _first_in_line(one: Candidate) -> tuple[int, bool, str, str, int]:
    return (len(one.lacks), not one.has_title, one.school, one.name, one.teacher_id)


def _named(unit: Unit) -> _Row:
    names = ("school_id", *COLUMNS)
    return {name: getattr(unit.count, name) for name in names} | {"missing": unit.missing}


def _counted(people: Iterable[_Row], lacks: _Lacks) -> _Row:
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
    sums = {name: getattr(cell, name) + getattr(other, name) for name in NUMBERS}
    return replace(cell, **sums)


def pipeline_of(
    standard: Standard, asked: Asked, staff: Staff, answers: Iterable[Answer],
    by: tuple[str, ...],
    settings: Settings,
) -> Pipeline:  # fmt: skip
    """Put the pipeline together; see `teacherreg.coverage.Coverage.pipeline`."""
    lacks = {one.teacher_id: found for one in answers if (found := lacks_of(one)) is not None}
    rows = staff.rows(lacks)
    whole = cells_of(rows, ())
    return Pipeline(
        on=asked.on,
        standard=standard,
        title_kind=asked.title_kind,
        level=asked.level,
        not_asked=tuple(key for key in SWITCHES if not settings[key]),
        by=by,
        cells=cells_of(staff.rows_by_subject(lacks) if "subject" in by else rows, by),
        totals=whole[0] if whole else PipelineCell(None, None, None, None, None, 0, 0, 0, 0, 0, 0),
        candidates=staff.candidates(lacks),
        schools=len(staff.schools),
    )
