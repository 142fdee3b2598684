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

# The SQLSTATE of what a server says, or its class (PostgreSQL's documentation, appendix A).
_SERVER_COMPLAINTS: Final = {
    "42501": "registry-forbidden",  # insufficient_privilege
    "25006": "registry-forbidden",  # read_only_sql_transaction: a standby
    "53100": "disk-full",
    "40P01": "registry-locked",  # deadlock_detected
    "55P03": "registry-locked",  # lock_not_available: who waited long enough
    "22": "value-not-storable",  # data exception: a number out of range
    "54": "value-not-storable",  # program limit exceeded: a name too long for an index
}


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
    cause = error.orig if isinstance(error, DatabaseError) else error
    code = _of_file(str(cause), path) if is_sqlite else _of_server(error, cause)
    return RegistryError(code, registry=name) if code else None


def _of_file(words: str, path: Path | None) -> str | None:
    code = next((code for known, code in _COMPLAINTS if known in words), None)
    if code == "registry-not-accessible" and path is not None:
        if not path.exists():
            return "registry-gone"
        if os.access(path, os.R_OK):  # then it is the journal that finds no place beside it
            return "registry-read-only"
    return code


def _of_server(error: BaseException, cause: BaseException | None) -> str | None:
    state = getattr(cause, "sqlstate", None) or ""
    code = _SERVER_COMPLAINTS.get(state, _SERVER_COMPLAINTS.get(state[:2]))
    if code is None and isinstance(error, OperationalError):
        return "registry-unreachable"
    return code
