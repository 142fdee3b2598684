"""The persons of the registry who may matter to a file: by their numbers, and by their names.

A file of a few rows asks for its own people; one as long as the registry reads everybody.
"""

from dataclasses import dataclass
from typing import Final

import polars as pl
from sqlalchemy import Connection

from teacherreg.intake.faults import Person
from teacherreg.intake.listed import Listed
from teacherreg.intake.name_forms import former_names, name_key, written_before
from teacherreg.intake.places import Places
from teacherreg.intake.staff_numbers import by_school, of_county
from teacherreg.intake.tables import POST, TEACHER, count_rows, fetch
from teacherreg.models import Attachment

_FACTS: Final = [column for column in TEACHER.c if column.name != "unmapped"]
_CALLED: Final = {"id": pl.Int64(), "name_key": pl.String()}

# A file shorter than this part of the registry asks for its people only.
_SMALL_PART: Final = 4


@dataclass(frozen=True)
class People:
    """The persons of the registry who may matter to a file, and their posts.

    Attributes:
        persons: Columns of ``teacher`` (without ``unmapped``), ``name_key``, and
            ``staff_key``: the staff number as rows of the county would write it.
        posts: All posts of theirs, all columns.
        places: Where the registry knows each to work: ``teacher_id``, ``school_id``.
        called: By which names each is or was known: ``id``, ``name_key``.
        is_everybody: Whether these are all persons and posts of the registry.
        is_by_school: Whether a staff number says who is meant only beside a school.
    """

    persons: pl.DataFrame
    posts: pl.DataFrame
    places: pl.DataFrame
    called: pl.DataFrame
    is_everybody: bool
    is_by_school: bool

    def at(self, school_id: int, ids: list[int]) -> list[int]:
        """Give those of some persons who are at a school."""
        there = self.places.filter(pl.col("school_id") == school_id)["teacher_id"]
        return [number for number in ids if number in set(there)]

    def named(self, ids: list[int], schools: Places) -> Listed:
        """Name persons so that an officer can tell them apart."""
        facts = self.persons.filter(pl.col("id").is_in(ids)).sort("id")
        homes = dict(
            self.posts.filter(pl.col("teacher_id").is_in(ids))
            .sort(pl.col("ends_on").is_null(), "ends_on")
            .select("teacher_id", "school_id")
            .rows()
        )
        return Listed(
            tuple(
                Person(name, schools.name(homes.get(number)), born, staff_no, number)
                for number, name, born, staff_no in facts.select(
                    "id", "name", "birth_date", "staff_no"
                ).rows()
            )
        )


@dataclass(frozen=True)
class Numbered:
    """The persons of the registry whose numbers stand in a file, or everybody.

    Attributes:
        persons: Columns of ``teacher`` (without ``unmapped``).
        posts: All posts of theirs, all columns.
        is_everybody: Whether these are all persons and posts of the registry.
    """

    persons: pl.DataFrame
    posts: pl.DataFrame
    is_everybody: bool


def read_numbered(
    connection: Connection, rows: pl.DataFrame, *, everybody: bool = False
) -> Numbered:
    """Read the persons whom a file may mean by a number; everybody, if that is quicker.

    Args:
        connection: Where the registry is.
        rows: With ``id_number`` and ``staff_no``.
        everybody: Read them all.
    """
    if everybody or count_rows(connection, TEACHER) <= _SMALL_PART * rows.height:
        return Numbered(fetch(connection, _FACTS), fetch(connection, POST.c), True)
    found = [
        fetch(connection, _FACTS, (TEACHER.c[key], rows[key].drop_nulls().unique()))
        for key in ("id_number", "staff_no")
    ]
    persons = pl.concat(found).unique("id")
    return Numbered(persons, _posts_of(connection, persons["id"]), False)


def _posts_of(connection: Connection, ids: pl.Series) -> pl.DataFrame:
    return fetch(connection, POST.c, (POST.c.teacher_id, ids))


def read_people(
    connection: Connection,
    rows: pl.DataFrame,
    schools: Places,
    *,
    ever: bool,
    is_by_school: bool = False,
    numbered: Numbered | None = None,
) -> People:
    """Read the persons whom a file may mean.

    Args:
        connection: Where the registry is.
        rows: With ``name``, ``id_number`` and ``staff_no``.
        schools: The schools known.
        ever: Persons are at every school where they ever had a post; otherwise only where
            they are now (or were last, if they have left service).
        is_by_school: Each school numbers its own staff.
        numbered: Those of them who have the numbers of the file, where they were read before.
    """
    known = numbered or read_numbered(connection, rows, everybody=is_by_school)
    persons, posts = known.persons, known.posts
    named, called = _called(
        connection, _unsettled(rows, persons), persons if known.is_everybody else None
    )
    others = named.filter(~named.is_in(persons["id"].implode()))
    if not known.is_everybody and not others.is_empty():
        persons = pl.concat([persons, fetch(connection, _FACTS, (TEACHER.c.id, others))])
        posts = pl.concat([posts, _posts_of(connection, others)])
    present = _present(posts)
    where = posts if ever else present
    keys = (
        _staff_keys(persons, present, schools) if is_by_school else of_county(persons["staff_no"])
    )
    return People(
        persons.with_columns(name_key=name_key(pl.col("name")), staff_key=keys),
        posts,
        where.select("teacher_id", "school_id").unique(),
        called,
        known.is_everybody,
        is_by_school,
    )


def _staff_keys(persons: pl.DataFrame, present: pl.DataFrame, schools: Places) -> pl.Series:
    homes = present.filter(pl.col("attachment") == Attachment.HOME.value).unique("teacher_id")
    homes = homes.select("teacher_id", "school_id")
    return by_school(
        persons.join(homes, left_on="id", right_on="teacher_id", how="left", maintain_order="left"),
        schools,
    )


def _unsettled(rows: pl.DataFrame, persons: pl.DataFrame) -> pl.DataFrame:
    """Give the rows that no number settles, or a staff number under another name."""
    if persons.is_empty():
        return rows
    rows = rows.join(persons.select("id_number").drop_nulls(), on="id_number", how="anti")
    if rows.is_empty():
        return rows
    key = name_key(pl.col("name"))
    numbered = persons.select("staff_no", name_key=key).drop_nulls()
    return rows.with_columns(name_key=key).join(numbered, on=["staff_no", "name_key"], how="anti")


def _called(
    connection: Connection, rows: pl.DataFrame, persons: pl.DataFrame | None
) -> tuple[pl.Series, pl.DataFrame]:
    """Find who is or was called as some rows say, however it is spelt.

    Returns:
        The numbers of those persons, and ``id`` with ``name_key`` for each name.
    """
    if rows.is_empty() or (persons is not None and persons.is_empty()):
        return pl.Series(dtype=pl.Int64), pl.DataFrame(schema=_CALLED)
    if persons is None:
        persons = fetch(connection, [TEACHER.c.id, TEACHER.c.name])
    names = pl.concat([persons.select("id", "name"), former_names(connection)])
    called = names.select("id", name_key=name_key(pl.col("name"))).unique()
    wanted = pl.concat([rows["name"], written_before(rows)]).drop_nulls().unique()
    keys = wanted.to_frame("name").select(name_key=name_key(pl.col("name")))
    called = called.join(keys, on="name_key", how="semi")
    return called["id"].unique(), called


def _present(posts: pl.DataFrame) -> pl.DataFrame:
    """Give open posts; of somebody without one, the last home post."""
    is_open = pl.col("ends_on").is_null()
    is_home = pl.col("attachment") == Attachment.HOME.value
    last = pl.col("ends_on") == pl.col("ends_on").filter(is_home).max().over("teacher_id")
    has_open = is_open.any().over("teacher_id")
    return posts.filter(is_open | (is_home & last & ~has_open))
