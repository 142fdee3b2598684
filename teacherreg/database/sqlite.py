"""How SQLite is connected to, and how we wait for who else has its file.

The driver is told to leave transactions alone, so that a schema change or an import is
one transaction from BEGIN to COMMIT. SQLite's own patience is not used for longer than a
moment: it tells nobody that it waits, and lets no Ctrl-C through.
"""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry, NullPool

from teacherreg.database.address import clear_words, file_of
from teacherreg.interrupts import uninterrupted

OnWait = Callable[[], None]  # told once that another program must end its writing first

BUSY_SECONDS = 60  # as long as a person waits; an import of a whole county writes in less
_MOMENT_SECONDS = 0.3


def own_transactions(engine: Engine) -> None:
    """Take an engine's transactions into our hands, and have it enforce foreign keys."""
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)


def how_to_connect(path: Path | None) -> dict[str, Any]:
    """Open the file that is there whenever it is asked for, and never make one.

    A connection kept open would go on writing into a file that was moved away or replaced
    meanwhile, and what it writes would be lost.

    Returns:
        What SQLAlchemy's `create_engine` is to be told.
    """
    if path is None:
        return {}
    uri = f"{path.absolute().as_uri()}?mode=rw"
    return {
        "poolclass": NullPool,
        "creator": lambda: sqlite3.connect(
            uri, uri=True, timeout=min(_MOMENT_SECONDS, BUSY_SECONDS), check_same_thread=False
        ),
    }


def _prepare(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # sqlite3's own
    connection.cursor().execute("PRAGMA foreign_keys = ON")


def _begin(connection: Connection) -> None:
    """Begin a transaction of the kind that the options say, once the file is free for it."""
    mode = connection.get_execution_options().get("sqlite_begin", "DEFERRED")
    driver = sqlite_driver(connection)

    def attempt() -> None:
        driver.execute(f"BEGIN {mode}")
        try:  # a deferred transaction takes its lock when it reads
            driver.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone()
        except sqlite3.OperationalError:
            driver.execute("ROLLBACK")
            raise

    _patiently(connection, attempt)


def commit(connection: Connection) -> None:
    """Commit, once those who read have ended; SQLAlchemy's own commit finds nothing to do."""
    driver = sqlite_driver(connection)

    def attempt() -> None:
        with uninterrupted():  # who stops a commit cannot tell what was written
            driver.execute("COMMIT")

    _patiently(connection, attempt)


def _patiently(connection: Connection, attempt: Callable[[], None]) -> None:
    """Try until no other program is in the way; tell who waits, and give up in the end.

    SQLite's own patience would not let Ctrl-C through.
    """
    on_wait = connection.get_execution_options().get("on_wait")
    until = time.monotonic() + BUSY_SECONDS
    with clear_words(connection.engine.url):
        while True:
            try:
                return attempt()
            except sqlite3.OperationalError as error:
                if "locked" not in str(error) or time.monotonic() >= until:
                    raise
            if on_wait is not None:
                on_wait()
                on_wait = None


def sqlite_driver(connection: Connection) -> sqlite3.Connection:
    """Give the driver's own connection to a SQLite file."""
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)  # noqa: S101 - only SQLite's engines call
    return driver


@contextmanager
def second_reader(connection: Connection) -> Iterator[sqlite3.Connection | None]:
    """Open a second connection that reads what an open transaction reads.

    The transaction's shared lock lets nobody commit before it ends, so both see the same.

    Returns:
        The connection; None where the registry is in memory, where the transaction has
        written what nobody else sees yet, where a write-ahead log lets others commit
        meanwhile, or where somebody waits for the transaction's end and lets no new reader
        in: waiting here would never end.
    """
    path = file_of(connection.engine.url)
    if path is None or sqlite_driver(connection).total_changes:
        yield None
        return
    uri = f"{path.absolute().as_uri()}?mode=ro"
    with closing(sqlite3.connect(uri, uri=True, timeout=0, check_same_thread=False)) as second:
        second.isolation_level = None
        try:
            second.execute("BEGIN")
            second.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone()
            (journal,) = second.execute("PRAGMA journal_mode").fetchone()
        except sqlite3.OperationalError:
            yield None
        else:
            yield None if journal == "wal" else second


def copy_pages(source: Path, target: Path, on_wait: OnWait | None) -> None:
    """Copy page by page; SQLite itself would wait for other programs for ever."""
    waits_since: float | None = None

    def be_patient(status: int, _remaining: int, _total: int) -> None:
        nonlocal waits_since
        if status not in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
            return
        if waits_since is None:
            waits_since = time.monotonic()
            if on_wait is not None:
                on_wait()
        elif time.monotonic() - waits_since >= BUSY_SECONDS:
            raise sqlite3.OperationalError("database is locked")

    with (
        closing(sqlite3.connect(source, timeout=0)) as reader,
        closing(sqlite3.connect(target, timeout=0)) as writer,
    ):
        reader.backup(writer, progress=be_patient)
