"""Who serves where on a day, person by person: for the questions that name people."""

from collections.abc import Collection
from typing import Any, Final

import polars as pl
from sqlalchemy import Connection, case, literal, select

from teacherreg.coverage.asked import Question
from teacherreg.coverage.points import where_counted
from teacherreg.coverage.statement import is_counted
from teacherreg.coverage.tables import SCHOOL, TEACHER
from teacherreg.posts import post_of_the_day

SCHEMA: Final[dict[str, Any]] = {
    "teacher_id": pl.Int64,
    "name": pl.String,
    "staff_no": pl.String,
    "sex": pl.String,
    "birth_date": pl.String,
    "political_status": pl.String,
    "school_id": pl.Int64,
    "school": pl.String,
    "school_type": pl.String,
    "parent_school_id": pl.Int64,
    "township": pl.String,
    "locality": pl.String,
    "stage": pl.String,
    "subject": pl.String,
    "professional_rank": pl.String,
    "staff_category": pl.String,
    "attachment": pl.String,
    "is_full_time_teacher": pl.Boolean,
    "post_starts_on": pl.Date,
    "is_holder": pl.Boolean,
}


def people_of_the_day(
    connection: Connection,
    question: Question,
    *,
    only_holders: bool = False,
    columns: Collection[str] = SCHEMA,
) -> pl.DataFrame:
    """Give everybody in service on a day, each at the one post where he or she counts.

    Args:
        connection: The registry.
        question: The day, and the standard that says who is counted.
        only_holders: Leave out whom the standard does not count.
        columns: Which columns of `SCHEMA`; fewer are read faster.

    Returns:
        A row for each person, by number, with those columns: ``birth_date`` is
        text, ISO 8601, maybe without the day; ``is_holder`` tells whether the standard
        counts the person: mostly, who holds a title.
    """
    post = post_of_the_day(question.on, only_serving=True)
    is_holder = is_counted(question, post)
    source, school = where_counted(question, post)
    asked = (
        select(
            TEACHER.c.id.label("teacher_id"),
            TEACHER.c.name,
            TEACHER.c.staff_no,
            TEACHER.c.sex,
            TEACHER.c.birth_date,
            TEACHER.c.political_status,
            SCHOOL.c.id.label("school_id"),
            SCHOOL.c.name.label("school"),
            SCHOOL.c.school_type,
            SCHOOL.c.parent_school_id,
            SCHOOL.c.township,
            SCHOOL.c.locality,
            post.c.stage,
            post.c.subject,
            post.c.professional_rank,
            post.c.staff_category,
            post.c.attachment,
            post.c.is_full_time_teacher,
            post.c.starts_on.label("post_starts_on"),
            (literal(True) if only_holders else case((is_holder, True), else_=False)).label(
                "is_holder"
            ),
        )
        .select_from(source)
        .join(TEACHER, TEACHER.c.id == post.c.teacher_id)
        .join(SCHOOL, SCHOOL.c.id == school)
        .order_by(TEACHER.c.id)
    )
    if only_holders:
        asked = asked.where(is_holder)
    asked = asked.with_only_columns(*(asked.selected_columns[name] for name in columns))
    rows = [tuple(row) for row in connection.execute(asked)]
    return pl.DataFrame(rows, {name: SCHEMA[name] for name in columns}, orient="row")
