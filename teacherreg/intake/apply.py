"""Writing a plan: one transaction that also keeps a journal of what each row was before."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Connection, Engine, insert
from sqlalchemy.exc import IntegrityError

from teacherreg import database
from teacherreg.errors import RegistryError
from teacherreg.intake.fingerprint import fingerprint
from teacherreg.intake.mappings import remember
from teacherreg.intake.plan import Plan
from teacherreg.intake.read import SourceFile
from teacherreg.intake.tables import BATCH, FILE, JOURNAL, next_id
from teacherreg.intake.writes import (
    InsertRows,
    RowsDifferError,
    Write,
    insert_rows,
    take_turn,
    update_rows,
)
from teacherreg.models import BatchStatus, ImportBatch, JournalAction

# Room for what a transaction changes, so that SQLite need not write half of it out early.
_SQLITE_CACHE_KIB: Final = 128 * 1024


def apply(engine: Engine, plan: Plan, *, by: str) -> ImportBatch:
    """Write a plan, all of it or nothing.

    Args:
        engine: The registry for which the plan was made.
        plan: What to write.
        by: Who imports, for the journal.

    Returns:
        The batch. Where a plan changes nothing, nothing is written, not even a batch: the
        one returned has no number.

    Raises:
        RegistryError: If the registry changed since the plan was made, another writer
            holds the lock, or the disk is full. Then nothing was written.
    """
    batch = _batch_of(plan, by)
    if plan.is_empty:
        return batch
    with database.writing(engine) as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql(f"PRAGMA cache_size = -{_SQLITE_CACHE_KIB}")
        take_turn(connection)
        if fingerprint(connection) != plan.fingerprint:
            raise RegistryError("registry-changed")
        batch.id = next_id(connection, BATCH)
        connection.execute(insert(BATCH), [batch.model_dump()])
        connection.execute(insert(FILE), [_file_row(batch.id, file) for file in plan.files])
        remember(connection, batch.id, plan.kind, plan.layout, plan.tables)
        try:
            for write in plan.writes():
                _write(connection, batch.id, write)
        except (RowsDifferError, IntegrityError):
            # The database's own words would name persons by their numbers.
            raise RegistryError("registry-changed") from None
    return batch


def _file_row(batch_id: int, file: SourceFile) -> dict[str, Any]:
    row = {"name": file.name, "sha256": file.sha256, "size_bytes": file.size_bytes}
    return {"batch_id": batch_id, **row}


def _batch_of(plan: Plan, by: str) -> ImportBatch:
    return ImportBatch(
        kind=plan.kind,
        status=BatchStatus.APPLIED.value,
        on_date=plan.on,
        imported_at=datetime.now(UTC),
        imported_by=by,
        rows_read=plan.counts.read,
        rows_added=plan.counts.added,
        rows_changed=plan.counts.changed,
        rows_unchanged=plan.counts.unchanged,
        rows_rejected=plan.counts.rejected,
    )


def _write(connection: Connection, batch_id: int, write: Write) -> None:
    """Write rows, then what they were before; an undo goes through it from the end."""
    if isinstance(write, InsertRows):
        insert_rows(connection, write)
    else:
        update_rows(connection, write)
    connection.execute(insert(JOURNAL), list(_entries(batch_id, write)))


def _entries(batch_id: int, write: Write) -> Iterator[dict[str, Any]]:
    common = {"batch_id": batch_id, "table_name": write.table}
    if isinstance(write, InsertRows):
        yield common | {
            "action": JournalAction.INSERT.value,
            "first_row_id": write.first_id,
            "last_row_id": write.last_id,
            "before": None,
            "after": None,
        }
        return
    for row in write.updates:
        yield common | {
            "action": JournalAction.UPDATE.value,
            "first_row_id": row.row_id,
            "last_row_id": row.row_id,
            "before": row.before,
            "after": row.after,
        }
