"""Telling of imports that came before: of the same file, and of newer lists than this one."""

from typing import Any

from sqlalchemy import Connection, select

from teacherreg.intake.context import Context
from teacherreg.intake.read import SourceFile
from teacherreg.intake.tables import BATCH, FILE
from teacherreg.models import BatchStatus
from teacherreg.models.batch import in_utc


def tell_of_earlier_imports(context: Context) -> None:
    """Tell of the same file imported before, and of later rosters already there."""
    connection, reading = context.connection, context.reading
    for file in reading.files:
        earlier = _import_of(connection, file)
        if earlier is not None:
            code = "file-again-undone" if earlier.status == BatchStatus.UNDONE else "file-again"
            if code == "file-again" and _would_go_back(context, earlier.id):
                code = "file-again-since"
            context.notice(
                code,
                file=file.name,
                batch=earlier.id,
                name=earlier.name,
                day=in_utc(earlier.imported_at).astimezone().date(),
            )
    newest = connection.execute(
        select(BATCH.c.id, BATCH.c.on_date)
        .where(
            BATCH.c.kind == reading.kind,
            BATCH.c.on_date > context.on,
            BATCH.c.status == BatchStatus.APPLIED.value,
        )
        .order_by(BATCH.c.on_date.desc())
        .limit(1)
    ).first()
    if newest is not None and reading.kind == "teachers":
        context.notice("older-than-known", batch=newest.id, day=newest.on_date, on=context.day)


def _would_go_back(context: Context, batch_id: int) -> bool:
    """Tell whether a file that is imported again would undo what came after it."""
    later = context.connection.execute(
        select(BATCH.c.id).where(
            BATCH.c.id > batch_id,
            BATCH.c.kind == context.reading.kind,
            BATCH.c.status == BatchStatus.APPLIED.value,
        )
    ).first()
    return later is not None and next(context.ledger.writes(), None) is not None


def _import_of(connection: Connection, file: SourceFile) -> Any:
    """Find the import of the same content, under any name: the last that stands, else the last."""
    return connection.execute(
        select(BATCH.c.id, BATCH.c.status, BATCH.c.imported_at, FILE.c.name)
        .join(FILE, FILE.c.batch_id == BATCH.c.id)
        .where(FILE.c.sha256 == file.sha256)
        .order_by(BATCH.c.status == BatchStatus.UNDONE.value, BATCH.c.id.desc())
        .limit(1)
    ).first()
