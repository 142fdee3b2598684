"""Files of a batch that cannot be read at all: all of them are told at once.

One file among sixty that cannot be read is never dropped in silence: the whole batch is
refused, each file with its reason, so that an officer mends them in one go. Who wants to
go on without them says so; then each is a problem of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from teacherreg.errors import IntakeError, TeacherregError
from teacherreg.intake.problems import Problem


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
