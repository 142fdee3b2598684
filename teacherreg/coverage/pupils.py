"""Pupils as somebody foresees them, by school, stage and school year, over those enrolled.

Only what comes after the day of the question is taken; the rest of the county keeps the
pupils of its newest school year on file.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl
from sqlalchemy import Connection, select

from teacherreg.codes import code_table, normalise, synonyms
from teacherreg.coverage.asked import Count, Question, school_year_of
from teacherreg.coverage.points import merged_points
from teacherreg.coverage.tables import COUNTY, SCHOOL, SCHOOL_ALIAS
from teacherreg.errors import CoverageError
from teacherreg.locale import t

NAME, CODE, STAGE, YEAR, STUDENTS = (
    "school_name",
    "school_code",
    "stage",
    "school_year",
    "student_count",
)
ROW: Final = "row"
_SCHOOL_YEAR: Final = re.compile(r"(\d{4})\D(?:(\d{4})|(\d{2}))\D*")


@dataclass(frozen=True)
class Pupils:
    """Pupils foreseen.

    Attributes:
        students: By school number and stage, and then by school year.
        schools: The schools of the registry, as rows without numbers.
        unused: Rows about school years that have begun by the day of the question.
    """

    students: Mapping[tuple[int, str], Mapping[str, int]]
    schools: Mapping[int, Count]
    unused: int = 0

    def over(self, counts: Sequence[Count], on: date, stages: Sequence[str]) -> list[Count]:
        """Put the pupils of a day in the place of those enrolled.

        Args:
            counts: Rows of schools and stages as the registry has them.
            on: The day; the newest school year foreseen that is not after it counts.
            stages: Those that matter; others are left alone.
        """
        year = school_year_of(on)
        foreseen = {
            place: next(
                students for of, students in sorted(by_year.items(), reverse=True) if of <= year
            )
            for place, by_year in self.students.items()
            if place[1] in stages and min(by_year) <= year
        }
        found: list[Count] = []
        for count in counts:
            place = (count.school_id, str(count.stage))
            is_foreseen = count.stage is not None and place in foreseen
            found.append(count._replace(students=0) if is_foreseen else count)
        for (school, stage), students in foreseen.items():
            found.append(
                self.schools[school]._replace(stage=stage, students=students, is_enrolled=1)
            )
        return found


def read_pupils(connection: Connection, frame: pl.DataFrame, question: Question) -> Pupils:
    """Read a table of pupils foreseen.

    Args:
        connection: The registry, whose schools are meant.
        frame: A row for each school, stage and school year, as text: ``school_name`` or
            ``school_code``, ``stage``, ``school_year`` and ``student_count``, under these
            names or any heading that means them; ``row`` may hold the rows' own numbers, which
            begin with 2 without it.
        question: Its day; school years that have begun by then are not taken. Its standard
            says whether teaching points are merged.

    Raises:
        CoverageError: If a column is missing, there is no row, or a row names no school or
            stage, no school year or no number, the same as another one, or a teaching point
            that counts with its parent school.
    """
    numbers = frame[ROW].to_list() if ROW in frame.columns else range(2, frame.height + 2)
    frame = _named(frame)
    schools = _schools(connection)
    by_code = _numbers(schools, "school_code")
    by_name = {**by_code, **_short_names(connection), **_numbers(schools, "school")}
    found: dict[tuple[int, str], dict[str, int]] = {}
    rows: dict[tuple[int, str, str], int] = {}
    unused = 0
    merged = _merged(connection, question)
    for number, row in zip(numbers, frame.iter_rows(named=True), strict=True):
        if not any(row.values()):
            continue
        school = _school_of(row, number, by_name, by_code)
        if school in merged:
            raise CoverageError(
                "pupils-of-a-merged-point", row=number, school=schools[school].school
            )
        stage = _stage_of(row[STAGE] or "", number)
        year = _year_of(row[YEAR] or "", number)
        students = _students_of(row[STUDENTS] or "", number)
        first = rows.setdefault((school, stage, year), number)
        if first != number:
            raise CoverageError("pupils-twice", row=number, other=first)
        if year <= school_year_of(question.on):
            unused += 1
        else:
            found.setdefault((school, stage), {})[year] = students
    if not rows:
        raise CoverageError("pupils-empty")
    return Pupils(found, schools, unused)


def _merged(connection: Connection, question: Question) -> set[int]:
    """Name the teaching points whose pupils stand in the number of the parent school."""
    if not question.standard.merges_teaching_points:
        return set()
    return set(connection.scalars(select(merged_points(question).c.point_id)))


def _named(frame: pl.DataFrame) -> pl.DataFrame:
    """Call the columns by their fields, and see that none is missing."""
    wanted = (NAME, CODE, STAGE, YEAR, STUDENTS)
    names: dict[str, str] = {}
    for heading in frame.columns:
        meant = synonyms().get(normalise(heading), ())
        field = next((field for field in meant if field in wanted), None)
        if field and field not in names.values():
            names[heading] = field
    lacking = [field for field in (STAGE, YEAR, STUDENTS) if field not in names.values()]
    if not {NAME, CODE} & set(names.values()):
        lacking.insert(0, NAME)
    if lacking:
        columns = [t(f"ahead.column.{field}") for field in lacking]
        raise CoverageError("pupils-columns", columns=", ".join(columns))
    texts = [pl.col(heading).cast(pl.String).alias(name) for heading, name in names.items()]
    return frame.select(texts).with_columns(pl.all().str.strip_chars())


def _schools(connection: Connection) -> dict[int, Count]:
    asked = select(SCHOOL, COUNTY.c.name.label("county")).join(
        COUNTY, COUNTY.c.code == SCHOOL.c.county_code
    )
    return {
        row.id: Count(
            county=row.county,
            school_id=row.id,
            school=row.name,
            school_code=row.code,
            school_type=row.school_type,
            parent_school_id=row.parent_school_id,
            township=row.township,
            locality=row.locality,
            stage=None,
            subject=None,
            is_enrolled=0,
            students=0,
            persons=0,
            teachers=0,
            holders=0,
        )
        for row in connection.execute(asked)
    }


def _numbers(schools: Mapping[int, Count], column: str) -> dict[str, list[int]]:
    numbers: dict[str, list[int]] = {}
    for number, school in schools.items():
        if name := getattr(school, column):
            numbers.setdefault(normalise(name), []).append(number)
    return numbers


def _short_names(connection: Connection) -> dict[str, list[int]]:
    numbers: dict[str, list[int]] = {}
    for number, name in connection.execute(select(SCHOOL_ALIAS.c.school_id, SCHOOL_ALIAS.c.name)):
        numbers.setdefault(normalise(name), []).append(number)
    return numbers


def _school_of(
    row: Mapping[str, str | None],
    number: int,
    by_name: Mapping[str, Sequence[int]],
    by_code: Mapping[str, Sequence[int]],
) -> int:
    """Find the school meant: by its code where there is one, else by its full or short name."""
    name, code = row.get(NAME), row.get(CODE)
    found = by_code.get(normalise(code), ()) if code else by_name.get(normalise(name or ""), ())
    if len(found) != 1:
        what = "pupils-school-several" if found else "pupils-school-unknown"
        raise CoverageError(what, row=number, school=code or name or "")
    return found[0]


def _stage_of(written: str, number: int) -> str:
    code = code_table("stages").resolve(written).code
    if code is None:
        raise CoverageError("pupils-stage-unknown", row=number, stage=written)
    return code


def _year_of(written: str, number: int) -> str:
    found = _SCHOOL_YEAR.fullmatch(unicodedata.normalize("NFKC", written))
    first = int(found[1]) if found else 0
    last = int(found[2] or found[1][:2] + found[3]) if found else 0
    if not found or last != first + 1:
        raise CoverageError("pupils-school-year", row=number, year=written)
    return f"{first}-{last}"


def _students_of(written: str, number: int) -> int:
    plain = unicodedata.normalize("NFKC", written).replace(",", "").removesuffix(".0")
    if not plain.isascii() or not plain.isdigit() or len(plain) > 6:
        raise CoverageError("pupils-not-a-number", row=number, students=written)
    return int(plain)
