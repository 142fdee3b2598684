"""What was said of a header and accepted: kept with the registry for the next file like it.

A header is known again by its fingerprint. What an import was told stands in the registry
from the moment it is applied, and goes when the import is undone or somebody forgets it.
Nothing is kept of a file without a header: nothing would say that its columns are the same.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

from sqlalchemy import Connection, Engine, delete, insert, select

from teacherreg import database
from teacherreg.errors import RegistryError
from teacherreg.intake.file_tables import Table
from teacherreg.intake.layout import Layout, Remembered
from teacherreg.intake.tables import MAPPING

# Who says that a record is the header must not have its numbers kept here.
_LONG_NUMBER: Final = re.compile(r"\d{11}")


def recall(engine: Engine, kind: str | None = None) -> list[Remembered]:
    """Give what is remembered, the newest first; of one header only what was said last.

    Args:
        engine: The registry.
        kind: Only of this kind.
    """
    with database.clear_words(engine.url), engine.connect() as connection:
        return _recall(connection, kind)


def _recall(connection: Connection, kind: str | None = None) -> list[Remembered]:
    query = select(MAPPING).order_by(MAPPING.c.id.desc())
    if kind is not None:
        query = query.where(MAPPING.c.kind == kind)
    newest: dict[tuple[Any, ...], Remembered] = {}
    for row in connection.execute(query).mappings():
        one = Remembered(
            id=row["id"],
            kind=row["kind"],
            fingerprint=row["fingerprint"],
            header=tuple(row["header"]),
            columns=dict(row["columns"]),
            sheets=tuple(row["sheets"]),
            batch_id=row["batch_id"],
        )
        newest.setdefault((one.kind, one.fingerprint), one)
    return list(newest.values())


def remember(
    connection: Connection, batch_id: int, kind: str, layout: Layout, tables: Sequence[Table]
) -> None:
    """Keep what an import was told, in the transaction that writes it."""
    rows = list(_rows(batch_id, kind, layout, tables))
    if rows:
        connection.execute(insert(MAPPING), rows)


def _rows(
    batch_id: int, kind: str, layout: Layout, tables: Sequence[Table]
) -> Iterator[dict[str, Any]]:
    if not layout.is_said:
        return
    sheets = sorted({table.sheet for table in tables if table.sheet}) if layout.sheets else []
    kept: set[str] = set()
    for header in (table.header for table in tables):
        labels = [column.label for column in header.columns]
        if not header.fingerprint or header.fingerprint in kept:
            continue
        if any(_LONG_NUMBER.search(label) for label in labels):
            continue
        kept.add(header.fingerprint)
        yield {
            "batch_id": batch_id,
            "kind": kind,
            "fingerprint": header.fingerprint,
            "header": labels,
            "columns": dict(header.said),
            "sheets": sheets,
        }


def forget_batch(connection: Connection, batch_id: int) -> None:
    """Forget what an import was told, because it is undone."""
    connection.execute(delete(MAPPING).where(MAPPING.c.batch_id == batch_id))


def forget(engine: Engine, mapping_id: int) -> Remembered:
    """Forget what is remembered of one header, and what was said of it before.

    Raises:
        RegistryError: ``mapping-unknown``.
    """
    with database.writing(engine) as connection:
        found = next((one for one in _recall(connection) if one.id == mapping_id), None)
        if found is None:
            raise RegistryError("mapping-unknown", mapping=mapping_id)
        connection.execute(
            delete(MAPPING).where(
                MAPPING.c.kind == found.kind, MAPPING.c.fingerprint == found.fingerprint
            )
        )
    return found


def to_document(one: Remembered) -> dict[str, Any]:
    """Give it as JSON."""
    return {
        "mapping": one.id,
        "kind": one.kind,
        "header": list(one.header),
        "columns": dict(one.columns),
        "sheets": list(one.sheets),
        "batch": one.batch_id,
    }
