"""Tables of the leaders' file on development: training, mentors with mentees, rotations.

What ended or began after the day published for is left out: on that day it was not there.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from sqlalchemy import Connection, Select, select

from teacherreg.models import Mentoring, Rotation, Training
from teacherreg.posts import post_of_the_day
from teacherreg.publish import source
from teacherreg.publish.source import SCHOOL, TEACHER, table_of
from teacherreg.publish.tables import Filled, Row, Table, word

TRAINING, MENTORING, ROTATION = table_of(Training), table_of(Mentoring), table_of(Rotation)

COURSES = Table(
    "training",
    {
        "id": int,
        "teacher_id": int,
        "name": str,
        "school": str,
        "ends_on": str,
        "project": str,
        "hours": float,
        "level": str,
        "organiser": str,
        "starts_on": str,
        "document_no": str,
    },
    label="name",
    sort="ends_on",
    is_descending=True,
    facets=("level",),
    sortable=("name", "school", "project", "hours"),
    references={"teacher_id": "teachers"},
)
PAIRS = Table(
    "mentoring",
    {
        "id": int,
        "teacher_id": int,
        "name": str,
        "school": str,
        "mentee_id": int,
        "mentee": str,
        "mentee_school": str,
        "studio": str,
        "subject": str,
        "starts_on": str,
        "ends_on": str,
        "aim": str,
    },
    label="name",
    sort="starts_on",
    is_descending=True,
    facets=("studio", "subject"),
    sortable=("name", "school", "mentee", "mentee_school", "ends_on"),
    references={"teacher_id": "teachers", "mentee_id": "teachers"},
)
MOVES = Table(
    "rotations",
    {
        "id": int,
        "teacher_id": int,
        "name": str,
        "from_school": str,
        "to_school": str,
        "rotation_kind": str,
        "starts_on": str,
        "ends_on": str,
    },
    label="name",
    sort="starts_on",
    is_descending=True,
    facets=("rotation_kind",),
    sortable=("name", "from_school", "to_school", "ends_on"),
    references={"teacher_id": "teachers"},
)
TABLES: Final = (COURSES, PAIRS, MOVES)


def filled(connection: Connection, on: date) -> list[Filled]:
    """Give each table with its rows, read as they are written.

    Args:
        connection: The registry; must stay open until the rows are read.
        on: The day on which they are looked at; schools are those of the day.
    """
    return [
        (COURSES, _courses(connection, on)),
        (PAIRS, _pairs(connection, on)),
        (MOVES, _moves(connection, on)),
    ]


def _courses(connection: Connection, on: date) -> Iterator[Row]:
    post = post_of_the_day(on)
    asked = (
        select(TRAINING, TEACHER.c.name, SCHOOL.c.name.label("school"))
        .join(TEACHER, TEACHER.c.id == TRAINING.c.teacher_id)
        .outerjoin(post, post.c.teacher_id == TRAINING.c.teacher_id)
        .outerjoin(SCHOOL, SCHOOL.c.id == post.c.school_id)
        .where(TRAINING.c.ends_on <= on)
        .order_by(TRAINING.c.id)
    )
    for row in source.stream(connection, asked):
        yield (
            row.id,
            row.teacher_id,
            row.name,
            row.school,
            row.ends_on.isoformat(),
            row.project,
            row.tenths_of_hours / 10,
            word("levels", row.level),
            row.organiser,
            _day(row.starts_on),
            row.document_no,
        )


def _pairs(connection: Connection, on: date) -> Iterator[Row]:
    for row in source.stream(connection, _asked_pairs(on)):
        yield (
            row.id,
            row.teacher_id,
            row.mentor,
            row.mentor_school,
            row.mentee_id,
            row.mentee,
            row.mentee_school,
            row.studio,
            word("subjects", row.subject),
            row.starts_on.isoformat(),
            _day(row.ends_on),
            row.aim,
        )


def _asked_pairs(on: date) -> "Select[*tuple[Any, ...]]":
    posts = post_of_the_day(on)
    asked = select(MENTORING).where(MENTORING.c.starts_on <= on).order_by(MENTORING.c.id)
    for who, key in (("mentor", MENTORING.c.teacher_id), ("mentee", MENTORING.c.mentee_id)):
        person, school = TEACHER.alias(who), SCHOOL.alias(f"{who}_school")
        post = posts.alias(f"{who}_post")
        asked = (
            asked.add_columns(person.c.name.label(who), school.c.name.label(f"{who}_school"))
            .join(person, person.c.id == key)
            .outerjoin(post, post.c.teacher_id == key)
            .outerjoin(school, school.c.id == post.c.school_id)
        )
    return asked


def _moves(connection: Connection, on: date) -> Iterator[Row]:
    left, gone_to = SCHOOL.alias("from_school"), SCHOOL.alias("to_school")
    asked = (
        select(
            ROTATION,
            TEACHER.c.name,
            left.c.name.label("from_school"),
            gone_to.c.name.label("to_school"),
        )
        .join(TEACHER, TEACHER.c.id == ROTATION.c.teacher_id)
        .join(left, left.c.id == ROTATION.c.from_school_id)
        .join(gone_to, gone_to.c.id == ROTATION.c.to_school_id)
        .where(ROTATION.c.starts_on <= on)
        .order_by(ROTATION.c.id)
    )
    for row in source.stream(connection, asked):
        yield (
            row.id,
            row.teacher_id,
            row.name,
            row.from_school,
            row.to_school,
            word("rotation_kinds", row.rotation_kind),
            row.starts_on.isoformat(),
            _day(row.ends_on),
        )


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
