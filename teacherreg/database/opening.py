"""Making a registry, and opening one that is there."""

from pathlib import Path

from sqlalchemy import URL, Engine, inspect

from teacherreg import migrations
from teacherreg.database import sqlite
from teacherreg.database.address import clear_words, file_of, name_of, url_of
from teacherreg.database.aside import made_aside, require_no_journal
from teacherreg.database.copies import keep
from teacherreg.database.engines import given_out, make_engine, writing
from teacherreg.database.sqlite import OnWait
from teacherreg.errors import RegistryError, UsageError
from teacherreg.models import County


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
    try:
        with clear_words(url), made_aside(path) as unfinished:
            _create_in(url_of(unfinished), county_code, county_name).dispose()
    except RegistryError as error:
        if error.code != "disk-full":
            raise
        raise RegistryError("disk-full", registry=path) from error
    return make_engine(url)


def _create_in(url: URL, county_code: str, county_name: str) -> Engine:
    with given_out(make_engine(url)) as engine, writing(engine) as connection:
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
    with given_out(make_engine(url, on_wait)) as engine:
        with engine.connect() as connection:
            version = migrations.version_of(connection)
            is_ours = version is not None and inspect(connection).has_table("county")
        if version is None or not is_ours:
            raise RegistryError("registry-not-ours", registry=name_of(url))
        if version not in migrations.known_versions():
            raise RegistryError("registry-newer", registry=name_of(url), version=version)
        if version != migrations.newest_version():
            if path is not None:
                keep(path, f"before-upgrade-from-{version}", on_wait)
            _upgrade(engine)
    return engine


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
                sqlite.commit(connection)
    engine.dispose()  # new connections enforce keys again
