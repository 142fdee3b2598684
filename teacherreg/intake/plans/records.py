"""Rows that are known by a natural key: the same key again updates, it never doubles."""

from collections.abc import Mapping, Sequence

import polars as pl
from sqlalchemy import Table

from teacherreg.intake.context import Context
from teacherreg.intake.ledger import Changed
from teacherreg.intake.tables import fetch
from teacherreg.intake.writes import Row


def plan_records(
    context: Context,
    rows: pl.DataFrame,
    which: Table,
    *,
    key: Sequence[str],
    facts: Sequence[str],
    also: Sequence[str] = (),
    when_new: Mapping[str, pl.Expr] | None = None,
    known_by: str = "teacher_id",
) -> pl.DataFrame:
    """Plan rows that a key tells apart, such as dated rows about known people.

    Args:
        context: The plan in the making.
        rows: With ``i``, ``known_name``, and the columns of the key and the facts.
        which: The table.
        key: What makes two rows the same; an empty value is a value.
        facts: What a later row may change; an empty cell changes nothing.
        also: Columns that follow from the key and that ``when_new`` uses.
        when_new: Columns of a new row that follow from the others.
        known_by: The column of the key by which known rows are looked up.

    Returns:
        The key of each row, once, with its number in ``id``.
    """
    folded = rows.group_by(*key, maintain_order=True).agg(
        pl.col("i").first(),
        pl.col("known_name").first(),
        *(pl.col(name).drop_nulls().last() for name in facts),
        *(pl.col(name).first() for name in also),
    )
    known = fetch(
        context.connection,
        [which.c[name] for name in ("id", *key, *facts)],
        (which.c[known_by], folded[known_by].unique()),
    ).rename({name: f"old_{name}" for name in facts})
    both = folded.join(known, on=list(key), how="left", nulls_equal=True, maintain_order="left")
    fresh = both.filter(pl.col("id").is_null())
    numbers = _add(context, fresh, which, [*key, *facts], when_new or {})
    for row in _differing(both.filter(pl.col("id").is_not_null()), facts).iter_rows(named=True):
        other = [n for n in facts if row[n] is not None and row[n] != row[f"old_{n}"]]
        old: Row = {name: row[f"old_{name}"] for name in other}
        new: Row = {name: row[name] for name in other}
        context.ledger.update(which, row["id"], old, new)
        context.ledger.show(Changed(row["i"], row["known_name"], which.name, row["id"], old, new))
    there = both.filter(pl.col("id").is_not_null()).select(*key, "id")
    return pl.concat([there, fresh.select(*key).with_columns(id=numbers)])


def _add(
    context: Context,
    new: pl.DataFrame,
    which: Table,
    columns: Sequence[str],
    when_new: Mapping[str, pl.Expr],
) -> pl.Series:
    """Add rows; gives their numbers."""
    if new.is_empty():
        return pl.Series([], dtype=pl.Int64)
    frame = new.with_columns(**when_new).select(*dict.fromkeys([*columns, *when_new]))
    numbers = context.ledger.insert_numbering(which, frame, new["i"])
    context.ledger.mark_added(new["i"])
    return pl.Series(numbers, dtype=pl.Int64)


def _differing(rows: pl.DataFrame, facts: Sequence[str]) -> pl.DataFrame:
    """Leave out the rows that say what is known already."""
    same = [
        pl.col(name).is_null() | (pl.col(name) == pl.col(f"old_{name}")).fill_null(False)
        for name in facts
    ]
    return rows.filter(~pl.all_horizontal(same))
