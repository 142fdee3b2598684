"""School lists with enrolment: one row for each school, or for each school and stage."""

from typing import Final

import polars as pl

from teacherreg.codes import code_table
from teacherreg.intake.check import check_required
from teacherreg.intake.fields import Field, Kind
from teacherreg.intake.records import Records

STUDENTS_OF_STAGE: Final = {
    "primary": "primary_students",
    "junior": "junior_students",
    "senior": "senior_students",
    "kindergarten": "kindergarten_children",
}


def settle(records: Records) -> None:
    """Check the rows of a school list, and place pupils who are counted in one column."""
    check_required(records)
    if records.has("student_count"):
        _place_students(records)


def _place_students(records: Records) -> None:
    """Place 在校生数 in the stage that the row, or its type of school, names.

    A school with several stages needs a column for each: nobody can part its pupils.
    """
    count = records.column("student_count")
    stage = records.column("stage")
    kinds = records.column("school_type")
    only = _types_of_one_stage()
    of_type = kinds.replace_strict(
        list(only), list(only.values()), default=None, return_dtype=pl.String
    )
    stage = stage.zip_with(stage.is_not_null(), of_type)
    is_parted = pl.repeat(False, len(records), eager=True)
    for one, name in STUDENTS_OF_STAGE.items():
        is_parted |= records.column(name).is_not_null()
        where = (stage == one) & count.is_not_null() & records.column(name).is_null()
        records.fill(name, where, count)
    unplaced = count.is_not_null() & ~is_parted & ~stage.is_in(list(STUDENTS_OF_STAGE))
    records.report("students-without-stage", unplaced.fill_null(True), name="student_count")


def _types_of_one_stage() -> dict[str, str]:
    table = code_table("school_types")
    stages = {code: table.value(code, "stages").split(";") for code in table.codes}
    return {code: found[0] for code, found in stages.items() if len(found) == 1 and found[0]}


SCHOOLS: Final = Kind(
    name="schools",
    fields=(
        Field("school_name", is_required=True),
        Field("school_code", "digits"),
        Field("short_name"),
        Field("township"),
        Field("locality", "code", "localities"),
        Field("school_type", "code", "school_types"),
        Field("parent_school"),
        Field("school_year", "school_year"),
        Field("stage", "code", "stages", is_aid=True),
        Field("primary_students", "integer"),
        Field("junior_students", "integer"),
        Field("senior_students", "integer"),
        Field("kindergarten_children", "integer"),
        Field("student_count", "integer", is_aid=True),
    ),
    needs=(("school_name",),),
    marks=(
        ("school_code", "school_type", "locality", "student_count", *STUDENTS_OF_STAGE.values()),
    ),
    keys=("school_name",),
    settle=settle,
)
