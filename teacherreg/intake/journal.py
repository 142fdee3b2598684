"""What past imports did, as their journal tells it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, func, select

from teacherreg.intake.tables import JOURNAL
from teacherreg.models import JournalAction


@dataclass(frozen=True)
class Touched:
    """How many rows of one table an import added and changed."""

    table: str
    added: int
    changed: int


@dataclass(frozen=True)
class Edit:
    """One row that an import changed: the columns as they were and as they became."""

    table: str
    row_id: int
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
        for table, action, count in connection.execute(statement):
            counts.setdefault(table, {})[action] = int(count)
    return [
        Touched(
            table,
            done.get(JournalAction.INSERT.value, 0),
            done.get(JournalAction.UPDATE.value, 0),
        )
        for table, done in counts.items()
    ]


def edits_of(engine: Engine, batch_id: int, limit: int) -> list[Edit]:
    """List the first rows that an import changed."""
    statement = (
        select(JOURNAL.c.table_name, JOURNAL.c.first_row_id, JOURNAL.c.before, JOURNAL.c.after)
        .where(JOURNAL.c.batch_id == batch_id, JOURNAL.c.action == JournalAction.UPDATE.value)
        .order_by(JOURNAL.c.id)
        .limit(limit)
    )
    with engine.connect() as connection:
        return [Edit(*row) for row in connection.execute(statement)]
