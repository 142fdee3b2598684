"""The engine of a registry, and a writer's one transaction."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.engine.interfaces import ExceptionContext

from teacherreg.database import sqlite
from teacherreg.database.address import clear_words, file_of, in_clear_words
from teacherreg.database.sqlite import OnWait
from teacherreg.errors import RegistryError


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
            **sqlite.how_to_connect(file_of(url)),
        )
        sqlite.own_transactions(engine)

    @event.listens_for(engine, "handle_error")
    def say_clearly(context: ExceptionContext) -> None:
        error = in_clear_words(url, context.sqlalchemy_exception or context.original_exception)
        if error is not None:
            raise error from context.original_exception

    return engine


@contextmanager
def given_out(engine: Engine) -> Iterator[Engine]:
    """Close the connections of an engine that nobody gets because something failed."""
    try:
        yield engine
    except BaseException:
        engine.dispose()
        raise


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Open the one transaction of a writer: all of it is written, or nothing.

    On SQLite the lock is taken at once, so what was read inside stays true. On PostgreSQL
    who waits for another writer gives up after as long as there.

    Raises:
        RegistryError: If another writer holds the lock, the disk is full, or the file may
            not be written.
    """
    with clear_words(engine.url), engine.connect() as plain:
        connection = plain.execution_options(sqlite_begin="IMMEDIATE")
        with connection.begin() as transaction:
            if engine.dialect.name == "postgresql":
                wait = f"SET LOCAL lock_timeout = '{sqlite.BUSY_SECONDS}s'"
                connection.exec_driver_sql(wait)
            yield connection
            if engine.dialect.name == "sqlite" and transaction.is_active:
                sqlite.commit(connection)
