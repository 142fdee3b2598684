"""Writing a published database, and putting it in the place of the one that is served.

A database is made aside, whole and compact, in rollback-journal mode: a reader needs no
right to write, and pages that once held other rows are gone. It then takes its place
through SQLite's backup API, into the file that a running server holds open: readers wait
a moment, and none fails. Replacing the file by rename would leave them on the old one.
"""

import errno
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

from sqlite_utils import Database

from teacherreg.codes.columns import Audience
from teacherreg.errors import PublishError
from teacherreg.publish.search import add_search
from teacherreg.publish.tables import Filled, Table, require_allowed

# A transaction in place keeps readers waiting; SQLite gives up after this long.
BUSY_SECONDS: Final = 5

# Persons' files are not for other accounts of the machine.
ONLY_OWNER: Final = 0o600

# Stands in the head of each file (SQLite's application id): "TREG".
OUR_MARK: Final = 0x54524547

_COMPLAINTS: Final = (
    ("disk is full", "site-disk-full"),
    ("locked", "site-locked"),
    ("readonly", "site-not-writable"),
    ("unable to open", "site-not-writable"),
    ("disk I/O error", "site-disk-error"),
)
_REFUSALS: Final = {
    errno.ENOSPC: "site-disk-full",
    errno.EDQUOT: "site-disk-full",
    errno.EACCES: "site-not-writable",
    errno.EPERM: "site-not-writable",
    errno.EROFS: "site-not-writable",
    errno.EIO: "site-disk-error",
}


def write_database(path: Path, audience: Audience, filled: Iterable[Filled]) -> dict[str, int]:
    """Write a database of the site.

    Args:
        path: A file that does not exist yet.
        audience: Who will read it; a column that is not theirs is refused.
        filled: Each table with its rows, in the order in which tables refer to each other.

    Returns:
        How many rows each table has.

    Raises:
        PermissionError: If a table has a column that the audience may not see.
        PublishError: If the disk is full.
    """
    counts: dict[str, int] = {}
    if audience != "overview":
        path.touch(mode=ONLY_OWNER)
    with clear_words(path), closing(sqlite3.connect(path)) as connection:
        # Aside, a crash costs nothing: the file is thrown away.
        connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;")
        database = Database(connection)
        for table, rows in filled:
            require_allowed(audience, table)
            counts[table.name] = _fill(database, table, rows)
        connection.execute(f"PRAGMA application_id = {OUR_MARK}")
        connection.executescript("ANALYZE; VACUUM; PRAGMA journal_mode = DELETE;")
    return counts


def _fill(database: Database, table: Table, rows: Iterable[tuple[Any, ...]]) -> int:
    made = database.table(table.name)
    made.create(
        dict(table.columns),
        pk=table.key,
        foreign_keys=[(column, other, "id") for column, other in table.references.items()],
    )
    places = ", ".join("?" * len(table.columns))
    with database.atomic():
        filling = database.conn.executemany(f"INSERT INTO [{table.name}] VALUES ({places})", rows)
    for column in table.indexed:
        made.create_index([column])
    if table.searched:
        add_search(database, table)
    return max(filling.rowcount, 0)


def put_in_place(made: Path, place: Path) -> None:
    """Put a database where it is served from, under a running server too.

    Raises:
        PublishError: If the place cannot be written.
    """
    if not _is_database(place):
        made.replace(place)
        return
    with (
        clear_words(place),
        closing(sqlite3.connect(made)) as source,
        closing(sqlite3.connect(place, timeout=BUSY_SECONDS)) as target,
    ):
        source.backup(target)


def _is_database(path: Path) -> bool:
    return _head(path)[:16] == b"SQLite format 3\x00"


def is_ours(path: Path) -> bool:
    """Tell whether a file is a database that we published."""
    return _is_database(path) and _head(path)[68:72] == OUR_MARK.to_bytes(4)


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(100)
    except FileNotFoundError:
        return b""


@contextmanager
def clear_words(path: Path) -> Iterator[None]:
    """Turn what SQLite or the disk complains of into a `PublishError` that says what to do."""
    try:
        yield
    except sqlite3.Error as error:
        for words, code in _COMPLAINTS:
            if words in str(error):
                raise PublishError(code, file=path) from error
        raise
    except OSError as error:
        if error.errno not in _REFUSALS:
            raise
        raise PublishError(_REFUSALS[error.errno], file=error.filename or path) from error
