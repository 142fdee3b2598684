"""Opening, making, copying and upgrading the database that holds a registry.

SQLite by default, one file. Its driver is told to leave transactions alone, so that a
schema change or an import is one transaction from BEGIN to COMMIT, and foreign keys are
switched on for each connection (SQLite does not enforce them otherwise).
"""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from glob import escape
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection, ExceptionContext
from sqlalchemy.exc import ArgumentError, DatabaseError, NoSuchModuleError
from sqlalchemy.pool import ConnectionPoolEntry, NullPool

from teacherreg import migrations
from teacherreg.aside import made_aside, require_no_journal
from teacherreg.complaints import clear_error
from teacherreg.errors import RegistryError, UsageError
from teacherreg.interrupts import uninterrupted
from teacherreg.models import County

OnWait = Callable[[], None]  # told once that another program must end its writing first

BUSY_SECONDS = 60  # as long as a person waits; an import of a whole county writes in less
_MOMENT_SECONDS = 0.3


def url_of(target: str | Path) -> URL:
    """Read a path or an SQLAlchemy URL.

    Raises:
        RegistryError: If it looks like a URL and is none that we support.
    """
    if isinstance(target, Path) or "://" not in target:
        return URL.create("sqlite", database=str(target))
    try:
        url = make_url(target)
        url.get_dialect()
    except (ArgumentError, NoSuchModuleError) as error:
        raise RegistryError("registry-url", url=target.split("://")[0] + "://…") from error
    return url


def file_of(url: URL) -> Path | None:
    """Tell the file of an SQLite registry; None for a server's or one in memory."""
    if url.get_backend_name() != "sqlite" or url.database in {None, "", ":memory:"}:
        return None
    return Path(str(url.database))


def name_of(url: URL) -> str:
    """Tell how to call a registry before people: its file, or its URL without password."""
    return str(file_of(url) or url.render_as_string(hide_password=True))


def make_engine(url: URL, on_wait: OnWait | None = None) -> Engine:
    """Build the engine: foreign keys on, transactions ours, a patient lock, clear words.

    Args:
        url: Where the registry is.
        on_wait: Told whenever another program must end its writing first (on SQLite).
    """
    if url.get_backend_name() != "sqlite":
        try:
            engine = create_engine(url, hide_parameters=True)
        except ModuleNotFoundError as error:
            raise RegistryError("registry-driver", module=error.name) from error
    else:
        # Numbers of people are in the parameters, and errors reach logs.
        engine = create_engine(
            url,
            hide_parameters=True,
            execution_options={"on_wait": on_wait},
            **_how_to_connect(file_of(url)),
        )
        event.listen(engine, "connect", _prepare)
        event.listen(engine, "begin", _begin)

    @event.listens_for(engine, "handle_error")
    def say_clearly(context: ExceptionContext) -> None:
        error = _in_clear_words(url, context.sqlalchemy_exception or context.original_exception)
        if error is not None:
            raise error from context.original_exception

    return engine


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


def _commit(connection: Connection) -> None:
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


def _how_to_connect(path: Path | None) -> dict[str, Any]:
    """Open the file that is there whenever it is asked for, and never make one.

    A connection kept open would go on writing into a file that was moved away or replaced
    meanwhile, and what it writes would be lost.
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


@contextmanager
def clear_words(url: URL) -> Iterator[None]:
    """Turn what the database complains of into a `RegistryError` that says what to do."""
    try:
        yield
    except (DatabaseError, sqlite3.DatabaseError) as error:
        clear = _in_clear_words(url, error)
        if clear is None:
            raise
        raise clear from error


def _in_clear_words(url: URL, error: BaseException) -> RegistryError | None:
    is_sqlite = url.get_backend_name() == "sqlite"
    return clear_error(error, name=name_of(url), path=file_of(url), is_sqlite=is_sqlite)


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Open the one transaction of a writer: all of it is written, or nothing.

    On SQLite the lock is taken at once, so what was read inside stays true.

    Raises:
        RegistryError: If another writer holds the lock, the disk is full, or the file may
            not be written.
    """
    with clear_words(engine.url), engine.connect() as plain:
        connection = plain.execution_options(sqlite_begin="IMMEDIATE")
        with connection.begin() as transaction:
            yield connection
            if engine.dialect.name == "sqlite" and transaction.is_active:
                _commit(connection)


def _upgrade(engine: Engine) -> None:
    """Bring an older registry to the newest schema, in one transaction.

    SQLite changes a table by making it anew, and while the old one goes, rows elsewhere
    refer to nothing: keys are not enforced meanwhile, and all are checked before the end.
    """
    is_sqlite = engine.dialect.name == "sqlite"
    with clear_words(engine.url), engine.connect() as plain:
        connection = plain.execution_options(sqlite_begin="IMMEDIATE")
        if is_sqlite:  # nothing in a transaction can switch it
            connection.connection.cursor().execute("PRAGMA foreign_keys = OFF")
        with connection.begin():
            migrations.upgrade(connection)
            if is_sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
                raise RegistryError("registry-damaged", registry=name_of(engine.url))
            if is_sqlite:
                _commit(connection)
    engine.dispose()  # new connections enforce keys again


def create(target: str | Path, county_code: str, county_name: str) -> Engine:
    """Make an empty registry.

    Args:
        target: A file that does not exist yet, or the URL of an empty database.
        county_code: Six digits, GB/T 2260.
        county_name: The county's full name.

    Raises:
        RegistryError: If there is one already, or the folder is missing.
        UsageError: If the code is not six digits or the name is empty.
    """
    if not (len(county_code) == 6 and county_code.isascii() and county_code.isdigit()):
        raise UsageError("county-code", code=county_code)
    if not county_name.strip():
        raise UsageError("county-name")
    url = url_of(target)
    path = file_of(url)
    if path is None:
        return _create_in(url, county_code, county_name)
    if path.exists():
        raise RegistryError("registry-exists", registry=path)
    if not path.parent.is_dir():
        raise RegistryError("folder-missing", folder=path.parent)
    require_no_journal(path)
    with clear_words(url), made_aside(path) as unfinished:
        _create_in(url_of(unfinished), county_code, county_name).dispose()
    return make_engine(url)


def _create_in(url: URL, county_code: str, county_name: str) -> Engine:
    engine = make_engine(url)
    with writing(engine) as connection:
        if inspect(connection).get_table_names():
            raise RegistryError("registry-exists", registry=name_of(url))
        migrations.upgrade(connection)
        connection.execute(
            County.__table__.insert(),  # type: ignore[attr-defined]  # SQLModel hides it
            {"code": county_code, "name": county_name.strip()},
        )
    return engine


def open_existing(target: str | Path, on_wait: OnWait | None = None) -> Engine:
    """Open a registry, upgrading an older one after a backup.

    Args:
        target: A SQLite file, or an SQLAlchemy URL.
        on_wait: Told whenever another program must end its writing first (on SQLite).

    Raises:
        RegistryError: If it is missing, not ours, newer than the program, locked or damaged.
    """
    url = url_of(target)
    path = file_of(url)
    if path is not None and not path.is_file():
        raise RegistryError("registry-missing", registry=path)
    engine = make_engine(url, on_wait)
    with engine.connect() as connection:
        version = migrations.version_of(connection)
        is_ours = version is not None and inspect(connection).has_table("county")
    if version is None or not is_ours:
        raise RegistryError("registry-not-ours", registry=name_of(url))
    if version not in migrations.known_versions():
        raise RegistryError("registry-newer", registry=name_of(url), version=version)
    if version != migrations.newest_version():
        if path is not None:
            _keep(path, f"before-upgrade-from-{version}", on_wait)
        _upgrade(engine)
    return engine


def _keep(path: Path, why: str, on_wait: OnWait | None) -> Path:
    """Copy a registry beside itself: ``registry.before-restore.20260901T080000Z.db``.

    What a killed program left of such a copy goes first: no later one has its name.
    """
    for left in path.parent.glob(f"{escape(path.stem)}.{why}.*.unfinished*"):
        left.unlink(missing_ok=True)
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%fZ")
    kept = path.with_name(f"{path.stem}.{why}.{stamp}{path.suffix}")
    copy(path, kept, on_wait)
    return kept


def copy(source: Path, target: Path, on_wait: OnWait | None = None) -> None:
    """Copy a registry consistently while others write, and prove the copy sound.

    The copy is made beside its place and moved there whole; a copy that fails leaves
    nothing behind.

    Raises:
        RegistryError: If the source is damaged or not let go of, or the disk is full.
    """
    require_no_journal(target)
    try:
        with made_aside(target) as unfinished, clear_words(url_of(source)):
            _copy_pages(source, unfinished, on_wait)
            require_sound(unfinished)
    except RegistryError as error:
        if error.code != "disk-full":
            raise
        raise RegistryError("copy-disk-full", copy=target) from error


def _copy_pages(source: Path, target: Path, on_wait: OnWait | None) -> None:
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


def require_sound(path: Path) -> None:
    """Check a file by SQLite's integrity check and its foreign keys.

    Raises:
        RegistryError: If either finds a fault.
    """
    with clear_words(url_of(path)), closing(sqlite3.connect(path)) as connection:
        verdict = connection.execute("PRAGMA integrity_check").fetchone()[0]
        broken = connection.execute("PRAGMA foreign_key_check").fetchone()
    if verdict != "ok" or broken is not None:
        raise RegistryError("registry-damaged", registry=path)


def restore(source: Path, target: Path, on_wait: OnWait | None = None) -> Path | None:
    """Put a backup in a registry's place.

    It is written through SQLite into the file that is there, so that a program which has
    the registry open sees the restored one, and never half of it.

    Returns:
        Where the registry that stood there before was kept; None if there was none.

    Raises:
        RegistryError: If the backup is missing, damaged, not ours or newer, or another
            program does not let go of the registry.
    """
    if not source.is_file():
        raise RegistryError("backup-missing", backup=source)
    require_sound(source)
    with make_engine(url_of(source)).connect() as connection:
        version = migrations.version_of(connection)
    if version is None:
        raise RegistryError("registry-not-ours", registry=source)
    if version not in migrations.known_versions():
        raise RegistryError("registry-newer", registry=source, version=version)
    if not target.exists():
        copy(source, target)
        return None
    kept = _keep(target, "before-restore", on_wait)
    with clear_words(url_of(target)):
        _copy_pages(source, target, on_wait)
    return kept
