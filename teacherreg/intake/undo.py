"""Taking back an import: every row becomes exactly what it was before, or nothing does.

What later imports did to the same rows stands in the way, and so do later rows that refer
to rows which would go, or that hold a number which would come back: then the undo refuses.
What exactly stands there is `in_the_way`'s to tell.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Engine, Row, select, update
from sqlalchemy.exc import IntegrityError

from teacherreg import database
from teacherreg.errors import RegistryError
from teacherreg.intake.in_the_way import refusal_after_failure, require_free
from teacherreg.intake.mappings import forget_batch
from teacherreg.intake.tables import BATCH, JOURNAL, table
from teacherreg.intake.writes import (
    RowsDifferError,
    RowUpdate,
    UpdateRows,
    delete_rows,
    take_turn,
    update_rows,
)
from teacherreg.models import BatchStatus, JournalAction


@dataclass(frozen=True)
class Undone:
    """What an undo did, or would do.

    Attributes:
        batch_id: The import that was taken back.
        rows_removed: Rows that it had added and that are gone.
        rows_restored: Changes that it had made and that are as they were.
    """

    batch_id: int
    rows_removed: int
    rows_restored: int

    @property
    def rows(self) -> int:
        """All rows that the undo touched."""
        return self.rows_removed + self.rows_restored


def undo(engine: Engine, batch_id: int, *, by: str, dry_run: bool = False) -> Undone:
    """Take back everything that a batch wrote.

    Args:
        engine: The registry.
        batch_id: Number of the import.
        by: Who takes it back, for the record.
        dry_run: Try it, and leave everything as it is.

    Raises:
        RegistryError: If there is no such batch, it was taken back already, or later
            imports changed the same rows or refer to rows that would go; they are named.
            Nothing was changed then.
    """
    try:
        with database.writing(engine) as connection:
            undone = _undo(connection, batch_id, by)
            if dry_run:
                connection.rollback()
    except (RowsDifferError, IntegrityError):
        # The database's own words would name persons by their numbers.
        with engine.connect() as connection:
            raise refusal_after_failure(connection, batch_id) from None
    return undone


def _undo(connection: Connection, batch_id: int, by: str) -> Undone:
    take_turn(connection)
    _require_applied(connection, batch_id)
    require_free(connection, batch_id)
    entries = connection.execute(
        select(JOURNAL).where(JOURNAL.c.batch_id == batch_id).order_by(JOURNAL.c.id.desc())
    ).all()
    removed, restored = _take_back(connection, entries)
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
        if action == JournalAction.INSERT.value:
            for entry in alike:
                delete_rows(connection, which, entry.first_row_id, entry.last_row_id)
                removed += entry.last_row_id - entry.first_row_id + 1
        else:
            updates = [RowUpdate(e.first_row_id, before=e.after, after=e.before) for e in alike]
            update_rows(connection, UpdateRows(name, updates))
            restored += len(updates)
    return removed, restored
