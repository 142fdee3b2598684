"""Counting, in one grouped SQL statement: who serves where, who holds a title, how many pupils.

Written in SQLAlchemy Core, so it runs where the registry is: SQLite or PostgreSQL. What
comes back is numbers by school and stage (and subject, where asked), never people.

A person counts once and in one place: at the home post where he or she serves on the day;
at a visiting post (交流轮岗, rotated in) only where no home post is served that day.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple, TypeAlias

from sqlalchemy import (
    BigInteger,
    Connection,
    Select,
    Subquery,
    Table,
    and_,
    case,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlmodel import SQLModel

from teacherreg.codes import code_table
from teacherreg.coverage.standards import Standard
from teacherreg.models import Attachment, County, Enrolment, Post, School, SchoolStage
from teacherreg.titles.held import AWARD, held_on

Rows: TypeAlias = "Select[*tuple[Any, ...]]"


def _table(model: type[SQLModel]) -> Table:
    return SQLModel.metadata.tables[str(model.__tablename__)]


COUNTY, SCHOOL, SCHOOL_STAGE = _table(County), _table(School), _table(SchoolStage)
ENROLMENT, POST = _table(Enrolment), _table(Post)


@dataclass(frozen=True)
class Question:
    """What is asked of the registry.

    Attributes:
        standard: Says which stages, kinds and levels count.
        on: The day; the first and the last day of a post or term count.
        by_subject: Whether to tell the persons apart by subject.
        count_expired: Whether a title past its term still counts.
    """

    standard: Standard
    on: date
    by_subject: bool = False
    count_expired: bool = False


class Count(NamedTuple):
    """One row of the answer: a school and stage, or a subject there.

    ``is_enrolled`` is 1 where the school's newest enrolment names the stage, 0 where it
    does not; ``stage`` is null for persons in service whose stage nobody wrote down.
    """

    county: str
    school_id: int
    school: str
    school_code: str | None
    school_type: str | None
    parent_school_id: int | None
    township: str | None
    locality: str | None
    stage: str | None
    subject: str | None
    is_enrolled: int
    students: int
    persons: int
    teachers: int
    holders: int

    def plus(self, other: "Count") -> "Count":
        """Add another row of the same school and stage."""
        return self._replace(
            subject=None,
            is_enrolled=max(self.is_enrolled, other.is_enrolled),
            students=self.students + other.students,
            persons=self.persons + other.persons,
            teachers=self.teachers + other.teachers,
            holders=self.holders + other.holders,
        )


def school_year_of(day: date) -> str:
    """Tell the school year of a day: from 1 September to 31 August.

    Example:
        >>> school_year_of(date(2026, 8, 31))
        '2025-2026'
    """
    first = day.year if day.month >= 9 else day.year - 1
    return f"{first:04}-{first + 1:04}"


def count(connection: Connection, question: Question) -> Sequence[Count]:
    """Count; see `statement`."""
    return [Count(*row) for row in connection.execute(statement(question))]


def statement(question: Question) -> Rows:
    """Build the one statement; its columns are the fields of `Count`."""
    facts = union_all(_people(question), _enrolments(question), _stages_taught(question)).subquery(
        "facts"
    )
    keys = (facts.c.school_id, facts.c.stage, facts.c.subject)
    counts = (
        select(
            *keys,
            func.max(facts.c.is_enrolled).label("is_enrolled"),
            # PostgreSQL sums a sum as numeric; we want whole numbers back
            *(
                cast(func.sum(facts.c[name]), BigInteger).label(name)
                for name in ("students", "persons", "teachers", "holders")
            ),
        )
        .group_by(*keys)
        .subquery("counts")
    )
    return (
        select(
            COUNTY.c.name.label("county"),
            SCHOOL.c.id.label("school_id"),
            SCHOOL.c.name.label("school"),
            SCHOOL.c.code.label("school_code"),
            SCHOOL.c.school_type,
            SCHOOL.c.parent_school_id,
            SCHOOL.c.township,
            SCHOOL.c.locality,
            *(column for column in counts.c if column.name != "school_id"),
        )
        .join_from(counts, SCHOOL, SCHOOL.c.id == counts.c.school_id)
        .join(COUNTY, COUNTY.c.code == SCHOOL.c.county_code)
    )


def _people(question: Question) -> Rows:
    """Count those in service by school and stage, each person at one post."""
    place = _places(question)
    holds = place.c.teacher_id.in_(holders(question))
    subject = place.c.subject if question.by_subject else null()
    keys = [place.c.school_id, place.c.stage, *([subject] if question.by_subject else [])]
    return (
        select(
            place.c.school_id,
            place.c.stage,
            subject.label("subject"),
            literal(0).label("students"),
            literal(0).label("is_enrolled"),
            func.count().label("persons"),
            func.sum(case((place.c.is_full_time_teacher, 1), else_=0)).label("teachers"),
            func.sum(case((holds, 1), else_=0)).label("holders"),
        )
        .where(
            place.c.preference == 1,
            or_(place.c.stage.in_(question.standard.stages), place.c.stage.is_(None)),
        )
        .group_by(*keys)
    )


def _places(question: Question) -> Subquery:
    """Give the posts served on the day, each person's best one with ``preference`` 1."""
    serving = code_table("person_status").where("counts_as_serving", "1")
    best_first = (
        case((POST.c.attachment == Attachment.HOME.value, 0), else_=1),
        func.coalesce(POST.c.starts_on, date.min).desc(),
        POST.c.id.desc(),
    )
    return (
        select(
            POST.c.teacher_id,
            POST.c.school_id,
            POST.c.stage,
            POST.c.subject,
            POST.c.is_full_time_teacher,
            func.row_number()
            .over(partition_by=POST.c.teacher_id, order_by=best_first)
            .label("preference"),
        )
        .where(
            or_(POST.c.starts_on.is_(None), POST.c.starts_on <= question.on),
            or_(POST.c.ends_on.is_(None), POST.c.ends_on >= question.on),
            POST.c.status.in_(serving),
        )
        .subquery("places")
    )


def holders(question: Question) -> Rows:
    """Name those who hold a title that counts, on the day."""
    return select(AWARD.c.teacher_id).where(
        AWARD.c.title_kind.in_(question.standard.title_kinds),
        AWARD.c.level.in_(question.standard.levels),
        held_on(question.on, count_expired=question.count_expired),
    )


def _enrolments(question: Question) -> Rows:
    """Give each school's pupils in its newest school year that is not after the day's."""
    newest = (
        select(ENROLMENT.c.school_id, func.max(ENROLMENT.c.school_year).label("school_year"))
        .where(ENROLMENT.c.school_year <= school_year_of(question.on))
        .group_by(ENROLMENT.c.school_id)
        .subquery("newest")
    )
    return (
        select(
            ENROLMENT.c.school_id,
            ENROLMENT.c.stage,
            null(),
            ENROLMENT.c.students,
            literal(1),
            literal(0),
            literal(0),
            literal(0),
        )
        .join_from(
            ENROLMENT,
            newest,
            and_(
                newest.c.school_id == ENROLMENT.c.school_id,
                newest.c.school_year == ENROLMENT.c.school_year,
            ),
        )
        .where(ENROLMENT.c.stage.in_(question.standard.stages))
    )


def _stages_taught(question: Question) -> Rows:
    """Give the stages that schools teach, so that one without pupils or staff is seen too."""
    return select(
        SCHOOL_STAGE.c.school_id,
        SCHOOL_STAGE.c.stage,
        null(),
        *(literal(0) for _ in range(5)),
    ).where(SCHOOL_STAGE.c.stage.in_(question.standard.stages))
