"""Telling whether a registry is still as it was when a plan was made.

Every import leaves a batch, an undo marks one, and rows added by hand change a count. A
row that was changed by hand meanwhile is found when it is written: an update names what it
expects to find.
"""

from sqlalchemy import Connection, func, select

from teacherreg.intake.tables import BATCH, FILLED, count_rows

Fingerprint = tuple[tuple[str, int, int], ...]


def fingerprint(connection: Connection) -> Fingerprint:
    """Take the fingerprint: for each table, how many rows and the highest number."""
    undone = connection.execute(select(func.count(BATCH.c.undone_at))).scalar_one()
    parts = [("undone", undone, 0)]
    for which in (BATCH, *FILLED):
        # Asked together they have SQLite read every row instead of the shortest index.
        last = connection.execute(select(func.max(which.c.id))).scalar_one()
        parts.append((which.name, count_rows(connection, which), last or 0))
    return tuple(parts)
