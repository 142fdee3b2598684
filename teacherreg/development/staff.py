"""Who teaches where on a day: those whom questions on development are about."""

from collections.abc import Collection
from datetime import date
from typing import Any, Final

import polars as pl
from sqlalchemy import Connection, select
from sqlmodel import SQLModel

from teacherreg.models import School, Teacher
from teacherreg.posts import post_of_the_day

TEACHER: Final = SQLModel.metadata.tables[str(Teacher.__tablename__)]
SCHOOL: Final = SQLModel.metadata.tables[str(School.__tablename__)]

_PERSON: Final = {
    "teacher_id": pl.Int64,
    "name": pl.String,
    "staff_no": pl.String,
    "school_id": pl.Int64,
    "school": pl.String,
}
_CAREER: Final = {
    "sex": pl.String,
    "birth_date": pl.String,
    "staff_category": pl.String,
    "professional_rank": pl.String,
    "attachment": pl.String,
}


def full_time_teachers(
    connection: Connection, on: date, school_ids: Collection[int] | None = None
) -> pl.DataFrame:
    """Give the full-time teachers (专任教师) in service on a day, by school and number.

    Args:
        connection: The registry.
        on: The day.
        school_ids: Only of these schools; None: of all.

    Returns:
        ``teacher_id``, ``name``, ``staff_no``, ``school_id`` and ``school`` of the post of the
        day, then ``sex``, ``birth_date``, ``staff_category``, ``professional_rank`` and
        ``attachment``.
    """
    post = post_of_the_day(on, only_serving=True)
    asked = (
        select(
            TEACHER.c.id,
            TEACHER.c.name,
            TEACHER.c.staff_no,
            SCHOOL.c.id.label("school_id"),
            SCHOOL.c.name.label("school"),
            TEACHER.c.sex,
            TEACHER.c.birth_date,
            post.c.staff_category,
            post.c.professional_rank,
            post.c.attachment,
        )
        .join(post, post.c.teacher_id == TEACHER.c.id)
        .join(SCHOOL, SCHOOL.c.id == post.c.school_id)
        .where(post.c.is_full_time_teacher)
        .order_by(SCHOOL.c.id, TEACHER.c.id)
    )
    if school_ids is not None:
        asked = asked.where(SCHOOL.c.id.in_(school_ids))
    return frame_of(connection.execute(asked).all(), _PERSON | _CAREER)


def where_people_are(connection: Connection, on: date) -> pl.DataFrame:
    """Give everybody on record with the school of the day: ``teacher_id``, ``name``, ``school_id``,
    ``school``; the latter two are empty for who has no post then.
    """
    post = post_of_the_day(on)
    asked = (
        select(TEACHER.c.id, TEACHER.c.name, SCHOOL.c.id.label("school_id"), SCHOOL.c.name)
        .outerjoin(post, post.c.teacher_id == TEACHER.c.id)
        .outerjoin(SCHOOL, SCHOOL.c.id == post.c.school_id)
    )
    columns = {name: _PERSON[name] for name in ("teacher_id", "name", "school_id", "school")}
    return frame_of(connection.execute(asked).all(), columns)


def frame_of(rows: Collection[Any], columns: dict[str, Any]) -> pl.DataFrame:
    """Make a frame of rows that a database gave, with columns of known types."""
    return pl.DataFrame([tuple(row) for row in rows], columns, orient="row")
