"""What databases complain of, and what we say instead: what happened and what to do."""

import os
from pathlib import Path
from typing import Final

from sqlalchemy.exc import DatabaseError, IntegrityError, OperationalError

from teacherreg.errors import RegistryError

# What SQLite says, and the code of what we say.
_COMPLAINTS: Final = (
    ("locked", "registry-locked"),
    ("readonly", "registry-read-only"),
    ("unable to open", "registry-not-accessible"),
    ("disk is full", "disk-full"),
    ("disk I/O error", "registry-disk-error"),
    ("not a database", "registry-not-ours"),
    ("no such table", "registry-not-ours"),
    ("malformed", "registry-damaged"),
)


def clear_error(
    error: BaseException, *, name: str, path: Path | None, is_sqlite: bool
) -> RegistryError | None:
    """Say clearly what a database complains of.

    Args:
        error: What its driver, or SQLAlchemy, raised.
        name: What to call the registry before people.
        path: Its file, where it has one.
        is_sqlite: Whether it is SQLite that complains.

    Returns:
        What to raise instead; None where the complaint is none that a person can mend.
    """
    if isinstance(error, IntegrityError):
        return None
    if not is_sqlite:
        is_lost = isinstance(error, OperationalError)
        return RegistryError("registry-unreachable", registry=name) if is_lost else None
    words = str(error.orig if isinstance(error, DatabaseError) else error)
    code = next((code for known, code in _COMPLAINTS if known in words), None)
    if code == "registry-not-accessible" and path is not None:
        if not path.exists():
            code = "registry-gone"
        elif os.access(path, os.R_OK):  # then it is the journal that finds no place beside it
            code = "registry-read-only"
    return RegistryError(code, registry=name) if code else None
