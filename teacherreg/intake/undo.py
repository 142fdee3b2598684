"""Taking back an import: every row becomes exactly what it was before, or nothing does.

What later imports did to the same rows stands in the way, and so do later rows that refer
to rows which would go: then the undo refuses and says which imports to take back first.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

import polars as pl
from sqlalchemy import Column, Connection, Engine, Row, Table, select, update
from sqlalchemy.exc import IntegrityError

from teacherreg import database
from teacherreg.errors import RegistryError
from teacherreg.intake.listed import Listed
from teacherreg.intake.mappings import forget_batch
from teacherreg.intake.tables import BATCH, FILLED, JOURNAL, table
from teacherreg.intake.writes import (
    RowsDifferError,
    RowUpdate,
    UpdateRows,
    delete_rows,
    take_turn,
    update_rows,
)
from teacherreg.models import BatchStatus, JournalAction

_INSERT = JournalAction.INSERT.value


@dataclass(frozen=True)
class Undone:
    """What an undo did.

    Attributes:
        batch_id: The import that was taken back.
        rows_removed: Rows that it had added and that are gone.
        rows_restored: Rows that it had changed and that are as they were.
    """

    batch_id: int
    rows_removed: int
    rows_restored: int

    @property
    def rows(self) -> int:
        """All rows that the undo touched."""
        return self.rows_removed + self.rows_restored


def undo(engine: Engine, batch_id: int, *, by: str) -> Undone:
    """Take back everything that a batch wrote.

    Args:
        engine: The registry.
        batch_id: Number of the import.
        by: Who takes it back, for the record.

    Raises:
        RegistryError: If there is no such batch, it was taken back already, or later
            imports changed the same rows or refer to rows that would go; they are named.
            Nothing was changed then.
    """
    with database.writing(engine) as connection:
        take_turn(connection)
        _require_applied(connection, batch_id)
        _require_free(connection, batch_id)
        entries = connection.execute(
            select(JOURNAL).where(JOURNAL.c.batch_id == batch_id).order_by(JOURNAL.c.id.desc())
        ).all()
        try:
            removed, restored = _take_back(connection, entries)
        except (RowsDifferError, IntegrityError):
            # The database's own words would name persons by their numbers.
            raise RegistryError("undo-changed-by-hand", batch=batch_id) from None
        forget_batch(connection, batch_id)
        connection.execute(
            update(BATCH)
            .where(BATCH.c.id == batch_id)
            .values(status=BatchStatus.UNDONE.value, undone_at=datetime.now(UTC), undone_by=by)
        )
    return Undone(batch_id, removed, restored)


def _require_applied(connection: Connection, batch_id: int) -> None:
    status = connection.execute(
        select(BATCH.c.status).where(BATCH.c.id == batch_id)
    ).scalar_one_or_none()
    if status is None:
        raise RegistryError("batch-unknown", batch=batch_id)
    if status == BatchStatus.UNDONE.value:
        raise RegistryError("batch-undone-already", batch=batch_id)


def _take_back(connection: Connection, entries: Sequence[Row[Any]]) -> tuple[int, int]:
    """Go through the journal from its end; gives the rows removed and restored."""
    removed = restored = 0
    for (name, action), alike in groupby(entries, lambda e: (e.table_name, e.action)):
        which = table(name)
        if action == _INSERT:
            for entry in alike:
                delete_rows(connection, which, entry.first_row_id, entry.last_row_id)
                removed += entry.last_row_id - entry.first_row_id + 1
        else:
            updates = [RowUpdate(e.first_row_id, before=e.after, after=e.before) for e in alike]
            update_rows(connection, UpdateRows(name, updates))
            restored += len(updates)
    return removed, restored


def _require_free(connection: Connection, batch_id: int) -> None:
    """Refuse where later imports, or rows added by hand, stand on what would go."""
    own = _entries(connection, batch_id, later=False)
    later = _entries(connection, batch_id, later=True)
    in_the_way = _on_same_rows(own, later)
    is_referred = False
    for which, referring in _referring(connection, own):
        found = _on_same_rows(_rows_as_entries(which, referring), later)
        in_the_way |= found
        is_referred |= not found
    if in_the_way:
        newest_first = Listed(tuple(sorted(in_the_way, reverse=True)))
        raise RegistryError("undo-later", batch=batch_id, batches=newest_first)
    if is_referred:
        raise RegistryError("undo-changed-by-hand", batch=batch_id)


def _entries(connection: Connection, batch_id: int, *, later: bool) -> pl.DataFrame:
    """Read the journal of a batch, or of the later ones that stand."""
    statement = select(
        JOURNAL.c.batch_id,
        JOURNAL.c.table_name,
        JOURNAL.c.first_row_id.label("first"),
        JOURNAL.c.last_row_id.label("last"),
        (JOURNAL.c.action == _INSERT).label("is_run"),
    )
    if later:
        statement = statement.join(BATCH, BATCH.c.id == JOURNAL.c.batch_id).where(
            BATCH.c.id > batch_id, BATCH.c.status == BatchStatus.APPLIED.value
        )
    else:
        statement = statement.where(JOURNAL.c.batch_id == batch_id)
    return pl.DataFrame(
        [tuple(row) for row in connection.execute(statement)], schema=_ENTRY, orient="row"
    )


_ENTRY = {
    "batch_id": pl.Int64(),
    "table_name": pl.String(),
    "first": pl.Int64(),
    "last": pl.Int64(),
    "is_run": pl.Boolean(),
}


def _on_same_rows(own: pl.DataFrame, later: pl.DataFrame) -> set[int]:
    """Tell the batches among the later ones that touched the same rows."""
    single = own.filter(~pl.col("is_run")).select("table_name", "first")
    found = set(later.join(single, on=["table_name", "first"])["batch_id"])
    for one, other in ((own, later), (later, own)):
        for run in one.filter("is_run").iter_rows(named=True):
            overlapping = other.filter(
                pl.col("table_name") == run["table_name"],
                pl.col("first") <= run["last"],
                pl.col("last") >= run["first"],
            )
            if one is own:
                found |= set(overlapping["batch_id"])
            elif not overlapping.is_empty():
                found.add(run["batch_id"])
    return found


def _referring(connection: Connection, own: pl.DataFrame) -> Iterator[tuple[Table, list[int]]]:
    """Find rows that refer to rows which would go, and that this batch did not write."""
    for run in own.filter("is_run").iter_rows(named=True):
        for child, column in _columns_that_name(run["table_name"]):
            query = select(child.c.id).where(column.between(run["first"], run["last"]))
            ids = pl.Series([row.id for row in connection.execute(query)], dtype=pl.Int64())
            foreign = _not_among(ids, own.filter(pl.col("table_name") == child.name))
            if foreign:
                yield child, foreign


def _columns_that_name(table_name: str) -> list[tuple[Table, Column[Any]]]:
    return [
        (child, column)
        for child in FILLED
        for column in child.c
        for key in column.foreign_keys
        if key.column.table.name == table_name
    ]


def _not_among(ids: pl.Series, entries: pl.DataFrame) -> list[int]:
    """Leave out the rows that entries of the journal cover."""
    rest = ids.filter(~ids.is_in(entries.filter(~pl.col("is_run"))["first"].implode()))
    for first, last in entries.filter("is_run").select("first", "last").rows():
        rest = rest.filter(~rest.is_between(first, last))
    return rest.to_list()


def _rows_as_entries(which: Table, ids: list[int]) -> pl.DataFrame:
    return pl.DataFrame(
        [(0, which.name, number, number, False) for number in ids], schema=_ENTRY, orient="row"
    )
