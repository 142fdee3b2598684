"""What past imports did, as their journal tells it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl
from sqlalchemy import Connection, Engine, func, select

from teacherreg.intake.tables import BATCH, JOURNAL, POST, fetch, table
from teacherreg.intake.whose import school_names, whose
from teacherreg.models import BatchStatus, JournalAction

# A number of another row says nothing to a person: the name of what it stands for does.
_NAMED_BY: dict[str, str] = {"school_id": "school", "parent_school_id": "parent_school"}


@dataclass(frozen=True)
class Touched:
    """How many rows of one table an import added and changed."""

    table: str
    added: int
    changed: int


@dataclass(frozen=True)
class Done:
    """What an import did to one row.

    Attributes:
        action: ``add`` or ``change``.
        table: The row's table.
        row_id: The row's number.
        who: The person or school that it is about, as named now; None where that is gone.
        before: What was known, by column; empty for a row that was added.
        after: What became known, whole: mask it before it is shown. Empty for a row that
            was added and is there no more. Schools stand in it by name.
    """

    action: str
    table: str
    row_id: int
    who: str | None
    before: Mapping[str, Any]
    after: Mapping[str, Any]


def touched_by(engine: Engine, batch_id: int) -> list[Touched]:
    """Count the rows that an import wrote, by table, in the order of writing."""
    rows_of_run = JOURNAL.c.last_row_id - JOURNAL.c.first_row_id + 1
    statement = (
        select(JOURNAL.c.table_name, JOURNAL.c.action, func.sum(rows_of_run))
        .where(JOURNAL.c.batch_id == batch_id)
        .group_by(JOURNAL.c.table_name, JOURNAL.c.action)
        .order_by(func.min(JOURNAL.c.id))
    )
    counts: dict[str, dict[str, int]] = {}
    with engine.connect() as connection:
        for name, action, count in connection.execute(statement):
            counts.setdefault(name, {})[action] = int(count)
    return [
        Touched(
            name,
            done.get(JournalAction.INSERT.value, 0),
            done.get(JournalAction.UPDATE.value, 0),
        )
        for name, done in counts.items()
    ]


def changed_by(engine: Engine, batch_id: int, limit: int | None = None) -> list[Done]:
    """List the rows that an import changed, in the order of writing; the first, if limited."""
    statement = (
        select(JOURNAL.c.table_name, JOURNAL.c.first_row_id, JOURNAL.c.before, JOURNAL.c.after)
        .where(JOURNAL.c.batch_id == batch_id, JOURNAL.c.action == JournalAction.UPDATE.value)
        .order_by(JOURNAL.c.id)
        .limit(limit)
    )
    with engine.connect() as connection:
        entries = connection.execute(statement).all()
        rows_of: dict[str, list[int]] = {}
        for entry in entries:
            rows_of.setdefault(entry.table_name, []).append(entry.first_row_id)
        who = {name: whose(connection, table(name), ids) for name, ids in rows_of.items()}
        schools = school_names(connection)
    return [
        Done(
            "change", name, row_id, who[name].get(row_id),
            _told(before, schools), _told(after, schools),
        )
        for name, row_id, before, after in entries
    ]  # fmt: skip


def added_by(engine: Engine, batch_id: int, limit: int | None = None) -> list[Done]:
    """List the rows that an import added, each as that import left it; the first, if limited."""
    statement = (
        select(JOURNAL.c.table_name, JOURNAL.c.first_row_id, JOURNAL.c.last_row_id)
        .where(JOURNAL.c.batch_id == batch_id, JOURNAL.c.action == JournalAction.INSERT.value)
        .order_by(JOURNAL.c.id)
    )
    listed: list[Done] = []
    with engine.connect() as connection:
        schools = school_names(connection)
        for name, first, last in connection.execute(statement).all():
            if limit is not None:
                last = min(last, first + limit - len(listed) - 1)
            if first <= last:
                listed.extend(_run(connection, batch_id, name, first, last, schools))
    return listed


def schools_corrected(connection: Connection, posts: Iterable[int]) -> pl.DataFrame:
    """Tell where posts were recorded before a roster of the same day put them right.

    Args:
        connection: Where the registry is.
        posts: Numbers of posts.

    Returns:
        ``id`` of a post and ``school_id`` of another school, once for each correction.
    """
    wanted = (JOURNAL.c.batch_id, JOURNAL.c.table_name, JOURNAL.c.first_row_id, JOURNAL.c.before)
    entries = fetch(connection, wanted, (JOURNAL.c.first_row_id, posts)).filter(
        pl.col("table_name") == POST.name, pl.col("before").is_not_null()
    )
    if entries.is_empty():
        return pl.DataFrame(schema={"id": pl.Int64(), "school_id": pl.Int64()})
    applied = select(BATCH.c.id).where(BATCH.c.status == BatchStatus.APPLIED.value)
    stands = pl.col("batch_id").is_in(list(connection.execute(applied).scalars()))
    school = pl.col("before").str.json_path_match("$.school_id").cast(pl.Int64)
    return entries.filter(stands).select(id="first_row_id", school_id=school).drop_nulls()


def _run(
    connection: Connection, batch_id: int, name: str, first: int, last: int, schools: dict[int, str]
) -> Iterator[Done]:
    which = table(name)
    rows = {
        row["id"]: dict(row)
        for row in connection.execute(
            select(which).where(which.c.id.between(first, last))
        ).mappings()
    }
    # The newest first: what stands in the end is what the earliest of them found.
    later = (
        select(JOURNAL.c.first_row_id, JOURNAL.c.before)
        .join(BATCH, BATCH.c.id == JOURNAL.c.batch_id)
        .where(
            JOURNAL.c.table_name == name,
            JOURNAL.c.action == JournalAction.UPDATE.value,
            JOURNAL.c.first_row_id.between(first, last),
            BATCH.c.id > batch_id,
            BATCH.c.status == BatchStatus.APPLIED.value,
        )
        .order_by(JOURNAL.c.id.desc())
    )
    for row_id, before in connection.execute(later):
        rows.get(row_id, {}).update(before)
    who = whose(connection, which, rows)
    for row_id in range(first, last + 1):
        after = _told(rows.get(row_id, {}), schools)
        known = {key: value for key, value in after.items() if value is not None}
        yield Done("add", name, row_id, who.get(row_id), {}, known)


def _told(row: Mapping[str, Any], schools: dict[int, str]) -> dict[str, Any]:
    """Leave out the row's own numbers, and name schools."""
    told: dict[str, Any] = {}
    for column, value in row.items():
        if column in _NAMED_BY:
            told[_NAMED_BY[column]] = schools.get(value) if value is not None else None
        elif column not in {"id", "teacher_id"}:
            told[column] = value.isoformat() if isinstance(value, date) else value
    return told
