"""Rosters of teachers and staff: one row for each person."""

from typing import Final

import polars as pl

from teacherreg.intake.check import (
    check_degree,
    check_old_ranks,
    check_order,
    check_party,
    check_person,
    check_required,
    check_work_age,
)
from teacherreg.intake.fields import PERSON, Field, Kind
from teacherreg.intake.records import Records


def settle(records: Records) -> None:
    """Check the rows of a roster, and tell the stage from the grade where only that stands."""
    check_required(records)
    check_person(records)
    _take_stage_from_grade(records)
    check_old_ranks(records)
    check_degree(records)
    check_work_age(records)
    check_party(records)
    check_order(records, "work_started_on", "school_joined_on")


def _take_stage_from_grade(records: Records) -> None:
    if records.has("grade"):
        from_grade = records.column("grade")
        records.fill("stage", records.column("stage").is_null() & _known(from_grade), from_grade)


def _known(column: pl.Series) -> pl.Series:
    return column.is_not_null()


TEACHERS: Final = Kind(
    name="teachers",
    fields=(
        Field("name", "name", is_required=True),
        Field("id_type", is_aid=True),
        Field("id_number", "id_number"),
        Field("staff_no"),
        Field("sex", "code", "sex"),
        Field("birth_date", "partial_date"),
        Field("ethnicity", "code", "ethnicity"),
        Field("political_status", "code", "political_status"),
        Field("party_joined_on", "date"),
        Field("school_name"),
        Field("stage", "code", "stages"),
        Field("grade", "code", "stages", is_aid=True),
        Field("subject", "code", "subjects"),
        Field("education", "code", "education"),
        Field("degree", "code", "degree"),
        Field("professional_rank", "code", "professional_rank"),
        Field("professional_rank_date", "date", is_aid=True),
        Field("staff_category", "code", "staff_categories"),
        Field("is_full_time_teacher", "yes_no"),
        Field("status", "code", "person_status"),
        Field("work_started_on", "date"),
        Field("school_joined_on", "date"),
        Field("phone", "phone"),
    ),
    needs=(("name",),),
    marks=(PERSON,),
    keys=("name", "id_number"),
    settle=settle,
)
