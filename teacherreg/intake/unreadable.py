"""Files of a batch that cannot be read at all: all of them are told at once.

One file among sixty that cannot be read is never dropped in silence: the whole batch is
refused, each file with its reason, so that an officer mends them in one go. Who wants to
go on without them says so; then each is a problem of its own.
"""

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from teacherreg.errors import IntakeError, TeacherregError
from teacherreg.intake.problems import Problem

_OTHER_ARCHIVES: Final = (b"Rar!", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b\x08")
_ZIP: Final = b"PK\x03\x04"


@dataclass(frozen=True)
class Unreadable:
    """A file that cannot be read, and why."""

    file: str
    reason: TeacherregError

    def problem(self) -> Problem:
        """Tell it among the problems of a batch that goes on without the file."""
        return Problem(
            self.file, "", None, None, "file-skipped", "error", None, {"reason": self.reason}
        )


@dataclass(frozen=True)
class _Lines:
    """Files and reasons, a line each, in the language in force when somebody reads them."""

    files: Sequence[Unreadable]

    def __str__(self) -> str:
        return "".join(f"\n  · {one.reason}" for one in self.files)


def require_readable(unreadable: Sequence[Unreadable], *, of: int, skip: bool) -> None:
    """Refuse a batch with files that cannot be read.

    Args:
        unreadable: Those files.
        of: How many files the batch has.
        skip: Go on without them, as long as others are left.

    Raises:
        IntakeError: The reason itself where the batch is one file; else one that names all.
    """
    if not unreadable or (skip and len(unreadable) < of):
        return
    if of == 1:
        raise unreadable[0].reason
    raise IntakeError("files-unreadable", count=len(unreadable), of=of, files=_Lines(unreadable))


def refuse_archive(content: bytes, file: str) -> None:
    """Refuse an archive that holds files: what is in it is for a person to unpack.

    Raises:
        IntakeError: ``file-archive``.
    """
    if content.startswith(_OTHER_ARCHIVES) or (content.startswith(_ZIP) and _holds_files(content)):
        raise IntakeError("file-archive", file=file)


def _holds_files(content: bytes) -> bool:
    """Tell a .zip from the workbooks that are made of one; a broken one tells nothing."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return False
    return not names & {"[Content_Types].xml", "mimetype", "META-INF/manifest.xml", "content.xml"}
