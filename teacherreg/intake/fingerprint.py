"""Telling whether a registry is still as it was when a plan was made.

Every import leaves a batch, an undo marks one, and rows added by hand change a count. A
row that was changed by hand meanwhile is found when it is written: an update names what it
expects to find.
"""

from sqlalchemy import Connection, func, select

from teacherreg.intake.tables import BATCH, FILLED

Fingerprint = tuple[tuple[str, int, int], ...]


def fingerprint(connection: Connection) -> Fingerprint:
    """Take the fingerprint: for each table, how many rows and the highest number."""
    undone = connection.execute(select(func.count(BATCH.c.undone_at))).scalar_one()
    parts = [("undone", undone, 0)]
    for which in (BATCH, *FILLED):
        count, last = connection.execute(
            select(func.count(), func.max(which.c.id)).select_from(which)
        ).one()
        parts.append((which.name, count, last or 0))
    return tuple(parts)
