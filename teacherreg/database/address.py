"""Where a registry is, what to call it before people, and what is wrong there in clear words."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, NoSuchModuleError

from teacherreg.database.complaints import clear_error
from teacherreg.errors import RegistryError


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


@contextmanager
def clear_words(url: URL) -> Iterator[None]:
    """Turn what the database complains of into a `RegistryError` that says what to do."""
    try:
        yield
    except (DatabaseError, sqlite3.DatabaseError) as error:
        clear = in_clear_words(url, error)
        if clear is None:
            raise
        raise clear from error


def in_clear_words(url: URL, error: BaseException) -> RegistryError | None:
    """Say clearly what a registry's database complains of; None where nobody can mend it."""
    is_sqlite = url.get_backend_name() == "sqlite"
    return clear_error(error, name=name_of(url), path=file_of(url), is_sqlite=is_sqlite)
