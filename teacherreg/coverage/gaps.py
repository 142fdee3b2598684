"""The answer to "who is missing where": cells, totals, and the forms they are given in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import polars as pl

from teacherreg.coverage.standards import Standard

DIMENSIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "school": ("school", "school_code", "school_type", "township", "locality"),
    "stage": ("stage",),
    "township": ("township",),
    "locality": ("locality",),
    "subject": ("subject",),
    "county": ("county",),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """One line of the answer; what does not name it is None.

    Attributes:
        schools: Schools in it that the standard counts; by subject, those with a person.
        schools_short: Those of them that miss somebody; None by subject.
        teachers: Full-time teachers in service.
        holders: Distinct persons in service who hold a title that counts.
        required, missing, missing_to_floor: Sums over its schools and stages, without
            netting; None by subject, for which no standard sets a figure.
        meets: Whether nobody is missing; None by subject.
        outside: Why the standard does not count the school; only by school.
    """

    county: str | None
    township: str | None
    locality: str | None
    school: str | None
    school_code: str | None
    school_type: str | None
    stage: str | None
    subject: str | None
    schools: int
    schools_short: int | None
    students: int
    teachers: int
    holders: int
    required: int | None
    missing: int | None
    missing_to_floor: int | None
    outside: str | None = None

    @property
    def meets(self) -> bool | None:
        """Whether nobody is missing."""
        return None if self.missing is None else self.missing == 0

    @property
    def per_100_students(self) -> float | None:
        """Holders for each 100 students, for display; None without students."""
        return 100 * self.holders / self.students if self.students else None


@dataclass(frozen=True, slots=True)
class Totals:
    """The county's sums; the same for every grouping.

    Attributes:
        schools: Schools that the standard counts in at least one stage.
        schools_short: Those of them that miss somebody.
    """

    schools: int
    schools_short: int
    students: int
    teachers: int
    holders: int
    required: int
    missing: int
    missing_to_floor: int


@dataclass(frozen=True, slots=True)
class Unplaced:
    """Persons in service at a school that the standard counts, whose stage is not on file."""

    teachers: int
    holders: int


@dataclass(frozen=True)
class Gaps:
    """Who is missing where, as of a day; the neediest first."""

    on: date
    standard: Standard
    by: tuple[str, ...]
    cells: list[Cell]
    totals: Totals
    unplaced: Unplaced

    @property
    def columns(self) -> tuple[str, ...]:
        """What names and measures a cell, in the order in which one reads it."""
        named = dict.fromkeys(column for name in self.by for column in DIMENSIONS[name])
        schools = () if "school" in self.by else ("schools", "schools_short")
        outside = ("outside",) if "school" in self.by and "subject" not in self.by else ()
        return (*named, *schools, *_MEASURES, *outside)

    def to_polars(self) -> pl.DataFrame:
        """Give the cells as a data frame, coded values as codes."""
        return pl.DataFrame(
            {name: [getattr(cell, name) for cell in self.cells] for name in self.columns},
            schema={name: _TYPES.get(name, pl.String()) for name in self.columns},
        )

    def to_document(self) -> dict[str, Any]:
        """Give the answer as JSON."""
        columns = self.columns
        return {
            "on": self.on.isoformat(),
            "standard": self.standard.id,
            "by": list(self.by),
            "gaps": [{name: getattr(cell, name) for name in columns} for cell in self.cells],
            "totals": {name: getattr(self.totals, name) for name in Totals.__slots__},
            "unplaced": {name: getattr(self.unplaced, name) for name in Unplaced.__slots__},
        }


_MEASURES: Final = (
    "students",
    "teachers",
    "holders",
    "per_100_students",
    "required",
    "missing",
    "missing_to_floor",
    "meets",
)
_TYPES: Final[Mapping[str, pl.DataType]] = {
    **dict.fromkeys(("schools", "schools_short", *_MEASURES), pl.Int64()),
    "per_100_students": pl.Float64(),
    "meets": pl.Boolean(),
}
