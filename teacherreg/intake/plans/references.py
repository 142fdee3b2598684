"""Rows about people who must be known already: titles and conduct records."""

import polars as pl

from teacherreg.intake.context import Context
from teacherreg.intake.known_people import People, read_people
from teacherreg.intake.match import match_registry, require_known

_PERSON = ("name", "id_number", "staff_no", "birth_date", "school_name")


def find_people(
    context: Context, rows: pl.DataFrame | None = None, about: str = ""
) -> tuple[pl.DataFrame, People]:
    """Find the person of each row.

    A school is needed only to tell who is meant; where a number tells, one that is not
    known is worth a warning and no more (a list may name the school of years ago).

    Args:
        context: The plan in the making.
        rows: The rows, if not all as they were read.
        about: Where a row is about several persons: what stands before the fields of the
            one that is looked for.

    Returns:
        The usable rows, with ``teacher_id`` and ``known_name``, and whom they may mean.
    """
    rows = context.faults.keep(context.rows if rows is None else rows)
    if about:
        named = {f"{about}{name}": name for name in _PERSON} | {f"{about}school": "school_name"}
        rows = rows.rename(named, strict=False)
    absent = [name for name in _PERSON if name not in rows.columns]
    rows = rows.with_columns(pl.lit(None, pl.String).alias(name) for name in absent)
    if context.add_schools:
        context.notice("add-schools-no-use")
    context.faults.about = about
    rows = context.with_schools(rows, may_make=False)
    people = read_people(
        context.connection,
        rows,
        context.schools,
        ever=True,
        is_by_school=context.numbers_by_school,
    )
    rows = match_registry(rows, people, context.schools, context.faults)
    found = pl.col("teacher_id").is_not_null()
    context.refuse_unknown_schools(rows.filter(found), severity="warning")
    context.refuse_unknown_schools(rows.filter(~found))
    rows = require_known(context.faults.keep(rows), people, context.schools, context.faults)
    context.faults.about = ""
    names = people.persons.select(teacher_id="id", known_name="name")
    return rows.join(names, on="teacher_id", how="left", maintain_order="left"), people
