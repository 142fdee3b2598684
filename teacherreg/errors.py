"""Every exception that teacherreg raises on purpose.

    TeacherregError
    ├── RegistryError       the registry refuses: missing, locked, not ours, no such batch
    ├── IntakeError         a file that cannot be read as a roster at all
    ├── CoverageError       a question that cannot be asked: unknown standard, dimension
    ├── EligibilityError    rules of nomination that cannot be used
    ├── PublishError        a site that cannot be built or served
    ├── FileError           a file that was asked for and cannot be written
    └── UsageError          a value whose form is wrong: a code, a setting (exit code 2)

A bad row is not here: it is data (`teacherreg.intake.problems`), not an exception.

An error is a code with parameters; its sentence and its hint come from the catalogue
``errors.toml`` in the language in force when somebody reads it. Parameters never hold an
ID number, a phone number or a conduct text.
"""

import errno
import re
from typing import Final

from teacherreg.locale import has, t


class TeacherregError(Exception):
    """The root: catch this to catch everything that teacherreg refuses.

    Args:
        code: Stable name of what went wrong; key of its sentence in ``errors.toml``.
        parameters: What the sentence names: a path, a kind, a limit.
    """

    def __init__(self, code: str, /, **parameters: object) -> None:
        self.code = code
        self.parameters = parameters
        super().__init__(code, parameters)

    @property
    def message(self) -> str:
        """What went wrong and where, in the language in force."""
        return t(f"errors.{self.code}", **self.parameters)

    @property
    def hint(self) -> str:
        """What to do about it; empty where the message says it already."""
        key = f"errors.{self.code}.hint"
        return t(key, **self.parameters) if has(key) else ""

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class RegistryError(TeacherregError):
    """The registry is missing, locked, foreign or too new, or has not what was asked for."""


class IntakeError(TeacherregError):
    """A file cannot be read as a roster: wrong format, no header, password."""


class CoverageError(TeacherregError):
    """A coverage question cannot be asked: unknown standard or dimension."""


class EligibilityError(TeacherregError):
    """Rules of nomination cannot be used: the file is missing or wrong."""


class PublishError(TeacherregError):
    """A site cannot be built or served."""


class FileError(TeacherregError):
    """A file that was asked for cannot be written: no room, no permission."""


class UsageError(TeacherregError):
    """A value given by a person is of the wrong form: a code, a setting, a password."""


_REASONS: Final = {
    errno.ENOSPC: "disk-full",
    errno.EDQUOT: "disk-full",
    errno.EFBIG: "disk-full",
    errno.EACCES: "not-allowed",
    errno.EPERM: "not-allowed",
    errno.EROFS: "read-only",
    errno.ENAMETOOLONG: "name-too-long",
    errno.EISDIR: "is-folder",
    errno.ENOENT: "missing",
}

_NUMBER: Final = re.compile(r"os error (\d+)")


class Reason:
    """Why the system refused a file, in the language in force when somebody reads it."""

    def __init__(self, error: OSError) -> None:
        numbered = _NUMBER.search(str(error))  # Polars tells the number in words alone
        number = error.errno or (int(numbered[1]) if numbered else 0)
        self._key = _REASONS.get(number)
        self._own_words = error.strerror or type(error).__name__

    def __str__(self) -> str:
        return t(f"cli.reason.{self._key}") if self._key else self._own_words
