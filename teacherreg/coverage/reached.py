"""Who is reached by which master teacher, and how: pairs of persons, as of a day.

A master teacher here is who holds on the day a title that counts. Ways, in the order in
which they are asked: a colleague of the same subject, school and stage; the leader of one's
studio; one's mentor; a holder of one's subject who rotates into the school; a holder of
one's subject and stage at another school of the same group.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import polars as pl
from sqlalchemy import Connection, Select, or_, select

from teacherreg.codes import code_table
from teacherreg.coverage.asked import Question
from teacherreg.coverage.leaders import NO_SUBJECT
from teacherreg.coverage.people import people_of_the_day
from teacherreg.coverage.statement import holders
from teacherreg.coverage.tables import MENTORING, ROTATION, SCHOOL, TEACHER
from teacherreg.models import Attachment
from teacherreg.posts import POST, post_of_the_day

DIRECT, STUDIO, MENTOR, ROTATED, GROUP = WAYS = (
    "direct",
    "studio",
    "mentoring",
    "rotation",
    "group",
)

_PLACE: Final = ("school_id", "school", "township", "locality", "stage", "subject")
_PERSON: Final[dict[str, Any]] = {
    "teacher_id": pl.Int64,
    "name": pl.String,
    "staff_no": pl.String,
    "school_id": pl.Int64,
    **dict.fromkeys(_PLACE[1:], pl.String),
}
_PAIR: Final[dict[str, Any]] = {"master_id": pl.Int64, "teacher_id": pl.Int64, "way": pl.Int64}


@dataclass(frozen=True)
class Reached:
    """The persons of a day.

    Attributes:
        teachers: The full-time teachers in service, columns as of `people_of_the_day`.
        masters: Everybody who holds a title that counts and is not gone, with the place.
        pairs: ``master_id``, ``teacher_id`` and ``way``, the place in `WAYS` of the first way
            in which the one reaches the other, who holds no such title.
    """

    teachers: pl.DataFrame
    masters: pl.DataFrame
    pairs: pl.DataFrame

    def first_ways(self) -> pl.DataFrame:
        """Give each teacher reached once, with the first of all ways."""
        return self.pairs.group_by("teacher_id").agg(pl.col("way").min())


def reached(connection: Connection, question: Question) -> Reached:
    """Work out who reaches whom.

    Args:
        connection: The registry.
        question: The day, and the standard whose titles count.
    """
    people = people_of_the_day(connection, question)
    teachers = people.filter("is_full_time_teacher")
    serving = people.filter("is_holder").select(_PERSON.keys())
    away = _others_with_a_title(connection, question).join(serving, "teacher_id", how="anti")
    masters = pl.concat([serving, away]).sort("teacher_id")
    learners = teachers.filter(~pl.col("is_holder")).select("teacher_id", *_PLACE)
    together = _mentoring(connection, question)
    is_studio = pl.col("studio").is_not_null()
    group_of = _groups(connection)
    found = [
        _by_place(serving, learners, ["school_id", "stage"]),
        together.filter(is_studio),
        together.filter(~is_studio),
        _rotated(connection, question, masters, learners),
        _by_place(_with_group(serving, group_of), _with_group(learners, group_of),
                  ["group", "stage"]),
    ]  # fmt: skip
    pairs = pl.concat(
        some.select("master_id", "teacher_id").with_columns(way=pl.lit(way, pl.Int64))
        for way, some in enumerate(found)
    )
    return Reached(
        teachers=teachers,
        masters=masters,
        pairs=pairs.join(masters, left_on="master_id", right_on="teacher_id", how="semi")
        .join(learners, "teacher_id", "semi")
        .group_by("master_id", "teacher_id")
        .agg(pl.col("way").min()),
    )


def _by_place(masters: pl.DataFrame, learners: pl.DataFrame, place: list[str]) -> pl.DataFrame:
    """Pair those of one subject and place; what is not on file is the same as nothing."""
    masters = masters.filter(~pl.col("subject").is_in(NO_SUBJECT))
    return masters.rename({"teacher_id": "master_id"}).join(learners, [*place, "subject"])


def _with_group(persons: pl.DataFrame, group_of: Mapping[int, int]) -> pl.DataFrame:
    group = pl.col("school_id").replace_strict(group_of, return_dtype=pl.Int64)
    return persons.with_columns(group=group)


def _groups(connection: Connection) -> dict[int, int]:
    """Name each school's group by the school at its head; a school alone is its own."""
    parents = {
        row.id: row.parent_school_id
        for row in connection.execute(select(SCHOOL.c.id, SCHOOL.c.parent_school_id))
    }
    groups = {}
    for school in parents:
        passed = [school]
        while (parent := parents.get(passed[-1])) is not None and parent not in passed:
            passed.append(parent)
        # schools that name each other in a ring have no head: the first number stands for it
        is_ring = parent is not None
        groups[school] = min(passed[passed.index(parent) :]) if is_ring else passed[-1]
    return groups


def _others_with_a_title(connection: Connection, question: Question) -> pl.DataFrame:
    """Name the holders who have a post on the day and are not gone, wherever they serve."""
    post = post_of_the_day(question.on)
    left = code_table("person_status").where("group", "left")
    asked = (
        select(
            TEACHER.c.id,
            TEACHER.c.name,
            TEACHER.c.staff_no,
            SCHOOL.c.id,
            SCHOOL.c.name,
            SCHOOL.c.township,
            SCHOOL.c.locality,
            post.c.stage,
            post.c.subject,
        )
        .join(post, post.c.teacher_id == TEACHER.c.id)
        .join(SCHOOL, SCHOOL.c.id == post.c.school_id)
        .where(TEACHER.c.id.in_(holders(question)), post.c.status.not_in(left))
    )
    return _frame(connection, asked, _PERSON)


def _mentoring(connection: Connection, question: Question) -> pl.DataFrame:
    on, table = question.on, MENTORING.c
    asked = select(table.teacher_id, table.mentee_id, table.studio).where(
        table.starts_on <= on, or_(table.ends_on.is_(None), table.ends_on >= on)
    )
    schema = {"master_id": pl.Int64, "teacher_id": pl.Int64, "studio": pl.String}
    return _frame(connection, asked, schema)


def _rotated(
    connection: Connection, question: Question, masters: pl.DataFrame, learners: pl.DataFrame
) -> pl.DataFrame:
    """Pair who rotates into a school, or has a visiting post there, with those of the subject."""
    on = question.on
    moved = select(ROTATION.c.teacher_id, ROTATION.c.to_school_id).where(
        ROTATION.c.starts_on <= on, or_(ROTATION.c.ends_on.is_(None), ROTATION.c.ends_on >= on)
    )
    visiting = select(POST.c.teacher_id, POST.c.school_id).where(
        POST.c.attachment == Attachment.VISITING.value,
        POST.c.status.in_(code_table("person_status").where("counts_as_serving", "1")),
        or_(POST.c.starts_on.is_(None), POST.c.starts_on <= on),
        or_(POST.c.ends_on.is_(None), POST.c.ends_on >= on),
    )
    schema = {"teacher_id": pl.Int64, "to_school_id": pl.Int64}
    guests = pl.concat(_frame(connection, asked, schema) for asked in (moved, visiting)).unique()
    there = guests.join(masters.select("teacher_id", "subject"), "teacher_id")
    return _by_place(there.rename({"to_school_id": "school_id"}), learners, ["school_id"])


def _frame(
    connection: Connection, asked: Select[*tuple[Any, ...]], schema: dict[str, Any]
) -> pl.DataFrame:
    rows = [tuple(row) for row in connection.execute(asked)]
    return pl.DataFrame(rows, schema, orient="row")
