"""What publishing reads from the registry, as portable SQL.

Only what `teacherreg.coverage` does not answer is asked here: persons with their post of
the day, titles with their state, schools with all their pupils. Coverage figures are
never counted a second time.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, Final, TypeAlias

from sqlalchemy import (
    Connection,
    Select,
    Table,
    and_,
    func,
    select,
)
from sqlmodel import SQLModel

from teacherreg.coverage.cells import school_year_of
from teacherreg.models import Enrolment, School, Teacher
from teacherreg.posts import post_of_the_day
from teacherreg.titles.held import AWARD, held_on

Rows: TypeAlias = "Select[*tuple[Any, ...]]"
Found: TypeAlias = Iterable[Any]  # rows, by the names that the statement gives

ROWS_AT_ONCE: Final = 2_000


def table_of(model: type[SQLModel]) -> Table:
    """Give the table of a model."""
    return SQLModel.metadata.tables[str(model.__tablename__)]


TEACHER, TITLE = table_of(Teacher), AWARD
SCHOOL, ENROLMENT = table_of(School), table_of(Enrolment)


def stream(connection: Connection, statement: Rows) -> Iterator[Any]:
    """Read the rows of a statement without holding all of them."""
    options = {"yield_per": ROWS_AT_ONCE}
    yield from connection.execute(statement, execution_options=options)


def schools(on: date) -> Rows:
    """Ask for every school, with the pupils of its newest school year and its teachers.

    Pupils and teachers are those of all stages; a teacher counts at the home post.
    """
    newest = (
        select(ENROLMENT.c.school_id, func.max(ENROLMENT.c.school_year).label("school_year"))
        .where(ENROLMENT.c.school_year <= school_year_of(on))
        .group_by(ENROLMENT.c.school_id)
        .subquery("newest")
    )
    is_newest = and_(
        newest.c.school_id == ENROLMENT.c.school_id,
        newest.c.school_year == ENROLMENT.c.school_year,
    )
    pupils = (
        select(ENROLMENT.c.school_id, func.sum(ENROLMENT.c.students).label("students"))
        .join(newest, is_newest)
        .group_by(ENROLMENT.c.school_id)
        .subquery("pupils")
    )
    post = post_of_the_day(on, only_serving=True)
    staff = (
        select(post.c.school_id, func.count().label("teachers"))
        .where(post.c.is_full_time_teacher)
        .group_by(post.c.school_id)
        .subquery("staff")
    )
    parent = SCHOOL.alias("parent")
    return (
        select(
            SCHOOL.c.id,
            SCHOOL.c.name,
            SCHOOL.c.code,
            SCHOOL.c.school_type,
            SCHOOL.c.township,
            SCHOOL.c.locality,
            parent.c.name.label("parent_school"),
            pupils.c.students,
            func.coalesce(staff.c.teachers, 0).label("teachers"),
        )
        .outerjoin(parent, parent.c.id == SCHOOL.c.parent_school_id)
        .outerjoin(pupils, pupils.c.school_id == SCHOOL.c.id)
        .outerjoin(staff, staff.c.school_id == SCHOOL.c.id)
        .order_by(SCHOOL.c.id)
    )


def holders_by_kind(on: date, *, count_expired: bool) -> Rows:
    """Ask how many persons in service hold each kind of title at each level."""
    post = post_of_the_day(on, only_serving=True)
    return (
        select(TITLE.c.title_kind, TITLE.c.level, func.count(TITLE.c.teacher_id.distinct()))
        .join(post, post.c.teacher_id == TITLE.c.teacher_id)
        .where(held_on(on, count_expired=count_expired))
        .group_by(TITLE.c.title_kind, TITLE.c.level)
    )
