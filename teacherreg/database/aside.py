"""Making a database file beside its place: it stands there whole, or not at all."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from teacherreg.errors import Reason, RegistryError

ONLY_OWNER: Final = 0o600  # a registry holds what other accounts of the machine may not read


@contextmanager
def made_aside(path: Path) -> Iterator[Path]:
    """Give an empty file beside a place; it moves there when it is whole.

    What a killed program left there goes first, with its journal: SQLite would play that
    back into the new file.

    Raises:
        RegistryError: If there is no room or no permission.
    """
    unfinished = path.with_name(f"{path.name}.unfinished")
    try:
        _remove(unfinished)
        unfinished.touch(mode=ONLY_OWNER)
        yield unfinished
        unfinished.replace(path)
    except OSError as error:
        raise RegistryError("registry-not-written", registry=path, reason=Reason(error)) from error
    finally:
        with suppress(OSError):
            _remove(unfinished)


def _remove(path: Path) -> None:
    for name in (path.name, f"{path.name}-journal"):
        path.with_name(name).unlink(missing_ok=True)


def require_no_journal(path: Path) -> None:
    """Refuse a place where the journal of a registry lies that was moved away.

    SQLite would play it back into the new one.

    Raises:
        RegistryError: If there is one.
    """
    journal = path.with_name(f"{path.name}-journal")
    if journal.exists():
        raise RegistryError("registry-journal-left", registry=path, journal=journal)
