"""The answer to "who is missing where": cells, totals, and the forms they are given in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, NamedTuple

import polars as pl

from teacherreg.coverage.asked import PERSON_DIMENSIONS
from teacherreg.coverage.figures import OF_PERSONS
from teacherreg.coverage.standard import Standard

DIMENSIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "school": ("school", "school_code", "school_type", "township", "locality"),
    "stage": ("stage",),
    "township": ("township",),
    "locality": ("locality",),
    "subject": ("subject",),
    "county": ("county",),
    **{name: (name,) for name in PERSON_DIMENSIONS if name != "subject"},
}


class Cell(NamedTuple):
    """One line of the answer; what does not name it is None.

    Attributes:
        schools: Schools in it that the standard counts; where persons are told apart, those
            with a person.
        schools_short: Those of them that miss somebody; None where nothing is required of a
            school.
        teachers: Full-time teachers in service; for a standard on rotation, those of whom
            the share is taken.
        holders: Persons in service whom the standard counts. By level or kind of title a
            person is in each cell whose title he or she holds.
        visitors: Those of them who serve elsewhere and count here too, by the standard.
        required, missing, missing_to_floor: Sums over the standard's units, without netting;
            None where the cells are no sums of units.
        meets: Whether nobody is missing; None where nothing is required.
        outside: Why the standard counts nothing of the cell; None where it counts some of it.
    """

    schools: int
    schools_short: int | None
    students: int
    teachers: int
    holders: int
    required: int | None
    missing: int | None
    missing_to_floor: int | None
    outside: str | None = None
    visitors: int = 0
    county: str | None = None
    township: str | None = None
    locality: str | None = None
    school: str | None = None
    school_code: str | None = None
    school_type: str | None = None
    stage: str | None = None
    subject: str | None = None
    level: str | None = None
    title_kind: str | None = None
    party: str | None = None
    sex: str | None = None
    age_band: str | None = None
    rank: str | None = None

    @property
    def meets(self) -> bool | None:
        """Whether nobody is missing; None where the standard counts nothing of the cell."""
        return None if self.missing is None or self.outside else self.missing == 0

    @property
    def per_100_students(self) -> float | None:
        """Holders for each 100 students, for display; None without students."""
        return 100 * self.holders / self.students if self.students else None

    @property
    def percent_of_teachers(self) -> float | None:
        """Holders for each 100 of those of whom a share is asked, for display."""
        return 100 * self.holders / self.teachers if self.teachers else None


@dataclass(frozen=True, slots=True)
class Totals:
    """The county's sums; the same for every grouping, each person counted once.

    Attributes:
        schools: Schools that the standard counts in at least one stage.
        schools_short: Those of them that miss somebody; 0 where no unit is of one school.
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
    """Who is missing where, as of a day; the neediest first.

    Attributes:
        without_enrolment: Schools whose number of students is not on file, so that nobody can
            say how many persons they need.
        merged_points: Teaching points without a number of students of their own, whose persons
            count with the parent school.
        holders_outside: Those of the county's holders in units that stand outside, where they
            fill no gap.
    """

    on: date
    standard: Standard
    by: tuple[str, ...]
    cells: list[Cell]
    totals: Totals
    unplaced: Unplaced
    without_enrolment: int = 0
    merged_points: int = 0
    holders_outside: int = 0

    @property
    def columns(self) -> tuple[str, ...]:
        """What names and measures a cell, in the order in which one reads it."""
        named = dict.fromkeys(column for name in self.by for column in DIMENSIONS[name])
        schools = () if "school" in self.by else ("schools", "schools_short")
        outside = ("outside",) if self.has_requirement else ()
        return (*named, *schools, *self._measures, *outside)

    @property
    def _measures(self) -> tuple[str, ...]:
        standard = self.standard
        has_visitors = standard.visiting is not None or standard.counted.is_within_reach
        counts_visitors = has_visitors and self.has_requirement
        ratio = "percent_of_teachers" if standard.figure.kind in OF_PERSONS else "per_100_students"
        return (
            *("students", "teachers", "holders"),
            *(("visitors",) if counts_visitors else ()),
            *(ratio, "required", "missing", "missing_to_floor", "meets"),
        )

    @property
    def has_requirement(self) -> bool:
        """Whether the cells are sums of the standard's units, so that it asks something."""
        return is_sum_of_units(self.standard, self.by)

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


def is_sum_of_units(standard: Standard, by: Sequence[str]) -> bool:
    """Tell whether each unit of a standard lies in one cell of a grouping."""
    places = ("township", "locality") if "school" in standard.unit else ()
    return set(by) <= {"county", *standard.unit, *places}


_TYPES: Final[Mapping[str, pl.DataType]] = {
    **dict.fromkeys(("schools", "schools_short", "students", "teachers"), pl.Int64()),
    **dict.fromkeys(("holders", "visitors", "required", "missing"), pl.Int64()),
    "missing_to_floor": pl.Int64(),
    "per_100_students": pl.Float64(),
    "percent_of_teachers": pl.Float64(),
    "meets": pl.Boolean(),
}
