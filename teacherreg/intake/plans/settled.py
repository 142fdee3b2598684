"""The rows of a roster that say nothing new: most of them, when it comes again.

They are parted off by comparing whole columns before anybody asks who is who. Only what
needs no question is settled so: where numbers alone show that each row is another person,
a row whose ID number is known and whose every cell is empty or as the registry has it.
Whatever is told or refused about a row, the long way tells or refuses.
"""

import polars as pl
from sqlalchemy import Connection

from teacherreg.intake.grouping import is_one_a_row
from teacherreg.intake.known_people import Numbered
from teacherreg.intake.plans.posts import full_time, is_left, is_no_news, places_among, says_no_more
from teacherreg.intake.plans.succession import ON_ROTATION_HERE
from teacherreg.intake.tables import TEACHER, fetch


def part_settled(
    connection: Connection, rows: pl.DataFrame, known: Numbered, attributes: tuple[str, ...]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Part the rows that say what is known already from those to be looked at.

    Args:
        connection: Where the registry is.
        rows: The rows of a roster, with ``i`` and ``school_id``.
        known: The persons who may be meant.
        attributes: What a row says of the person and not of the post.

    Returns:
        The settled rows with ``teacher_id``, and the others as they are.
    """
    persons = known.persons
    at = places_among(rows["id_number"], persons["id_number"])
    if persons.is_empty() or not _is_one_a_row(rows, persons, at):
        return rows.clear().with_columns(teacher_id=pl.lit(None, pl.Int64())), rows
    numbered = rows.with_columns(teacher_id=persons["id"].gather(at))
    settled = at.is_not_null() & ~rows.select(is_left()).to_series()
    settled &= _is_kept_already(connection, numbered, known)
    for name in attributes:
        settled &= is_no_news(rows[name], persons[name].gather(at))
    settled &= (rows["status"] != ON_ROTATION_HERE).fill_null(True)
    settled &= says_no_more(numbered.with_columns(is_full_time_teacher=full_time()), known.posts)
    return numbered.filter(settled), rows.filter(~settled)


def _is_kept_already(connection: Connection, rows: pl.DataFrame, known: Numbered) -> pl.Series:
    """Tell which rows say in columns that nobody knows what is kept, word for word."""
    said = rows["unmapped"]
    if said.null_count() == said.len():
        return pl.repeat(True, said.len(), eager=True)
    among = None if known.is_everybody else (TEACHER.c.id, rows["teacher_id"].drop_nulls())
    kept = fetch(connection, (TEACHER.c.id, TEACHER.c.unmapped), among)
    at = places_among(rows["teacher_id"], kept["id"])
    return is_no_news(said, kept["unmapped"].gather(at))


def _is_one_a_row(rows: pl.DataFrame, persons: pl.DataFrame, at: pl.Series) -> bool:
    """Tell whether numbers alone show that each row is another person.

    Where the registry has the numbers of all rows, it has seen to it that they differ.
    """
    is_known = at.is_not_null() & is_no_news(rows["staff_no"], persons["staff_no"].gather(at))
    return at.n_unique() == at.len() if is_known.all() else is_one_a_row(rows)
