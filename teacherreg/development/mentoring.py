"""Mentors and mentees on a day, and the studios in which they meet across schools."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl
from sqlalchemy import Connection, or_, select
from sqlmodel import SQLModel

from teacherreg.development.staff import frame_of, where_people_are
from teacherreg.models import Mentoring

MENTORING: Final = SQLModel.metadata.tables[str(Mentoring.__tablename__)]

_PAIR: Final = {
    "teacher_id": pl.Int64,
    "mentee_id": pl.Int64,
    "studio": pl.String,
    "subject": pl.String,
    "starts_on": pl.Date,
    "ends_on": pl.Date,
    "aim": pl.String,
}


@dataclass(frozen=True)
class Studio:
    """A studio (工作室) on a day.

    Attributes:
        name: Its name.
        leaders: Those who lead it, by name.
        members: How many others belong to it, each counted once.
        schools: The schools from which leaders and members come, in order of name.
    """

    name: str
    leaders: tuple[str, ...]
    members: int
    schools: tuple[str, ...]


def pairs(
    connection: Connection, on: date, school_ids: Collection[int] | None = None
) -> pl.DataFrame:
    """Give each mentor with each mentee whose time together runs on a day.

    Args:
        connection: The registry.
        on: The day; the first and the last day count.
        school_ids: Only where mentor or mentee is at one of these schools; None: all.

    Returns:
        ``mentor``, ``mentor_school``, ``mentee``, ``mentee_school`` (of the day; empty for who
        has no post then), ``studio``, ``subject`` (a code), ``starts_on``, ``ends_on``, ``aim``,
        ``teacher_id`` (the mentor's) and ``mentee_id``; by studio, mentor and first day.
    """
    runs = or_(MENTORING.c.ends_on.is_(None), MENTORING.c.ends_on >= on)
    asked = (
        select(*(MENTORING.c[name] for name in _PAIR))
        .where(MENTORING.c.starts_on <= on, runs)
        .order_by(MENTORING.c.id)
    )
    found = frame_of(connection.execute(asked).all(), _PAIR)
    people = where_people_are(connection, on)
    for who, key in (("mentor", "teacher_id"), ("mentee", "mentee_id")):
        named = people.rename(
            {"teacher_id": key, "name": who, "school_id": f"{who}_at", "school": f"{who}_school"}
        )
        found = found.join(named, key, "left", maintain_order="left")
    if school_ids is not None:
        wanted = list(school_ids)
        found = found.filter(pl.col("mentor_at").is_in(wanted) | pl.col("mentee_at").is_in(wanted))
    names = ("mentor", "mentor_school", "mentee", "mentee_school")
    ordered = found.sort("studio", "teacher_id", "starts_on", nulls_last=True, maintain_order=True)
    return ordered.select(*names, *list(_PAIR)[2:], "teacher_id", "mentee_id")


def studios_of(together: pl.DataFrame) -> list[Studio]:
    """Give the studios of some `pairs`, by name."""
    inside = together.filter(pl.col("studio").is_not_null())
    return [
        Studio(
            name=str(name),
            leaders=tuple(some.unique("teacher_id", maintain_order=True)["mentor"]),
            members=len(set(some["mentee_id"]) - set(some["teacher_id"])),
            schools=tuple(
                sorted({*some["mentor_school"].drop_nulls(), *some["mentee_school"].drop_nulls()})
            ),
        )
        for (name,), some in inside.group_by("studio", maintain_order=True)
    ]
