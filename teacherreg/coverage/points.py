"""Teaching points that are no schools of their own: they count with the school above them.

Statistics know teaching points (教学点) that are not counted as schools (不计校数); their
pupils stand in the number of the parent school. So one for which no number of pupils is on
file by the day's school year counts, with its persons, where its parent school has one of
the stages that a teaching point teaches.
"""

from typing import Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Subquery,
    func,
    not_,
    or_,
    select,
)

from teacherreg.codes import code_table
from teacherreg.coverage.asked import Question, school_year_of
from teacherreg.coverage.tables import ENROLMENT, SCHOOL

TEACHING_POINT: Final = "teaching_point"


def is_teaching_point(school_type: str | None, parent_school_id: int | None) -> bool:
    """Tell whether a school is a teaching point; of unknown type, one with a parent is."""
    return (school_type or (TEACHING_POINT if parent_school_id else None)) == TEACHING_POINT


def merged_points(question: Question) -> Subquery:
    """Name the teaching points that count with their parent: ``point_id``, ``parent_id``."""
    stages = code_table("school_types").value(TEACHING_POINT, "stages").split(";")
    is_known = ENROLMENT.c.school_year <= school_year_of(question.on)
    numbers = select(ENROLMENT.c.school_id).where(is_known)
    of_its_own = numbers.where(ENROLMENT.c.school_id == SCHOOL.c.id).exists()
    of_its_parent = numbers.where(
        ENROLMENT.c.school_id == SCHOOL.c.parent_school_id, ENROLMENT.c.stage.in_(stages)
    ).exists()
    return (
        select(SCHOOL.c.id.label("point_id"), SCHOOL.c.parent_school_id.label("parent_id"))
        .where(
            or_(SCHOOL.c.school_type.is_(None), SCHOOL.c.school_type == TEACHING_POINT),
            not_(of_its_own),
            of_its_parent,
        )
        .subquery("merged_points")
    )


def where_counted(question: Question, post: FromClause) -> tuple[FromClause, ColumnElement[int]]:
    """Give posts joined with what says at which school they count, and that school's number.

    Args:
        question: Its standard says whether teaching points are merged.
        post: Columns of ``post``.
    """
    school: ColumnElement[int] = post.c.school_id
    if not question.standard.merges_teaching_points:
        return post, school
    point = merged_points(question)
    joined = post.outerjoin(point, point.c.point_id == school)
    return joined, func.coalesce(point.c.parent_id, school)


def count_merged_points(connection: Connection, question: Question) -> int:
    """Count the teaching points that count with their parent school."""
    if not question.standard.merges_teaching_points:
        return 0
    return connection.execute(
        select(func.count()).select_from(merged_points(question))
    ).scalar_one()
