"""Copying a registry while others write, and putting a copy in its place again (SQLite)."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from glob import escape
from pathlib import Path

from teacherreg import migrations
from teacherreg.database.address import clear_words, url_of
from teacherreg.database.aside import made_aside, require_no_journal
from teacherreg.database.engines import make_engine
from teacherreg.database.sqlite import OnWait, copy_pages
from teacherreg.errors import RegistryError


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
            copy_pages(source, unfinished, on_wait)
            require_sound(unfinished)
    except RegistryError as error:
        if error.code != "disk-full":
            raise
        raise RegistryError("copy-disk-full", copy=target) from error


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
    kept = keep(target, "before-restore", on_wait)
    with clear_words(url_of(target)):
        copy_pages(source, target, on_wait)
    return kept


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


def keep(path: Path, why: str, on_wait: OnWait | None) -> Path:
    """Copy a registry beside itself: ``registry.before-restore.20260901T080000Z.db``.

    What a killed program left of such a copy goes first: no later one has its name.
    """
    for left in path.parent.glob(f"{escape(path.stem)}.{why}.*.unfinished*"):
        left.unlink(missing_ok=True)
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%fZ")
    kept = path.with_name(f"{path.stem}.{why}.{stamp}{path.suffix}")
    copy(path, kept, on_wait)
    return kept
