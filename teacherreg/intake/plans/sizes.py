"""Is a complete roster as large as it should be? Told, never refused.

A school that loses many at once was more likely cut off or sent half than emptied. The
share of what makes a change worth a word is the county's setting.
"""

import polars as pl
from sqlalchemy import select

from teacherreg.intake.context import Context
from teacherreg.intake.listed import Listed
from teacherreg.intake.plans.succession import left_codes
from teacherreg.intake.tables import POST


def tell_sizes(context: Context, rows: pl.DataFrame, posts: pl.DataFrame) -> None:
    """Compare complete rosters with what the registry knows of their schools.

    Args:
        context: The plan in the making.
        rows: The usable rows, with ``teacher_id`` and ``school_id``.
        posts: The posts at those schools that were open before.
    """
    serving = rows.filter(~pl.col("status").is_in(list(left_codes())).fill_null(False))
    now = serving.group_by("school_id").agg(now=pl.col("teacher_id").n_unique())
    known = posts.group_by("school_id").agg(known=pl.col("teacher_id").n_unique())
    both = known.join(now, on="school_id", how="left").with_columns(pl.col("now").fill_null(0))
    limit = pl.col("known") * context.settings.number("roster.change_percent")
    change = (pl.col("now") - pl.col("known").cast(pl.Int64)) * 100
    for school_id, before, after in both.filter(-change > limit).sort("school_id").rows():
        parameters = {"known": before, "now": after, "percent": (before - after) * 100 // before}
        context.faults.add_whole(
            _first_row(rows, school_id),
            "school-shrinks",
            context.schools.name(school_id),
            parameters,
        )
    grown = both.filter(change > limit).sort("school_id")
    if not grown.is_empty():
        named = (
            f"{context.schools.name(school_id)} {before} → {after}"
            for school_id, before, after in grown.rows()
        )
        context.notice("schools-grow", count=grown.height, schools=Listed(tuple(named)))
    _tell_absent_schools(context, rows)
    _tell_gaps(context, serving)


def _first_row(rows: pl.DataFrame, school_id: int) -> int:
    return int(rows.filter(pl.col("school_id") == school_id)["i"][0])


def _tell_absent_schools(context: Context, rows: pl.DataFrame) -> None:
    """Name the schools where the registry knows people and the files hold nobody."""
    staffed = select(POST.c.school_id).where(POST.c.ends_on.is_(None)).distinct()
    held = set(rows["school_id"].unique())
    absent = sorted(set(context.connection.execute(staffed).scalars()) - held)
    if absent:
        named = Listed(tuple(context.schools.name(number) for number in absent))
        context.notice("schools-without-rows", count=len(absent), schools=named)


def _tell_gaps(context: Context, rows: pl.DataFrame) -> None:
    """Tell how many rows lack what identifies a person or places a teacher."""
    only = {n: context.schools.only_stage(n) for n in rows["school_id"].drop_nulls().unique()}
    of_school = pl.col("school_id").replace_strict(only, default=None, return_dtype=pl.String())
    empty = rows.select(
        id_number=pl.col("id_number").is_null().sum(),
        stage=pl.coalesce("stage", of_school).is_null().sum(),
        subject=pl.col("subject").is_null().sum(),
    ).row(0, named=True)
    if any(empty.values()):
        context.notice("roster-gaps", rows=rows.height, **empty)
