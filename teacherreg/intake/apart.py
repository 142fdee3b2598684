"""Reading workbooks in a process of their own, which may die of them.

The process (`reader`) is started when the first workbook comes, serves this program's
imports one after the other, and ends with it: sixty files cost one start. Where a file
kills it, or it takes too long, that file is refused in words and the next one gets a new
process. It is a program of its own, not a fork and nothing of `multiprocessing`: Polars
does not survive a fork, and spawning would run the caller's script again.
"""

import atexit
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock, Thread
from typing import Any, BinaryIO, Final, cast

from teacherreg.errors import IntakeError
from teacherreg.intake.laid_out import Merge
from teacherreg.intake.messages import MOST_SECONDS, Message, receive, send

_MOMENT: Final = 0.1  # seconds after which an interrupt is heard at the latest

# How a process ends that asked for more memory than it may have: Rust aborts, Linux kills.
_OUT_OF_MEMORY: Final = frozenset(
    -number
    for name in ("SIGABRT", "SIGKILL")
    if (number := getattr(signal, name, None)) is not None
)
_OUT_OF_TIME: Final = -getattr(signal, "SIGXCPU", 0)


@dataclass
class Received:
    """A sheet as it comes from the reading process; see `laid_out.LaidSheet`.

    Attributes:
        texts: For each column the texts of its cells, in pieces.
        numbers: For columns in which numbers stand a byte for each cell: 1 for a number.
    """

    name: str
    merges: tuple[Merge, ...]
    is_hidden: bool
    hidden_rows: frozenset[int]
    hidden_columns: frozenset[int]
    serial_offset_days: int
    number: int
    uncalculated: frozenset[tuple[int, int]]
    texts: list[list[bytes]] = field(default_factory=list)
    numbers: dict[int, list[bytes]] = field(default_factory=dict)
    _rows: int = 0

    def add(self, count: int, numbers: list[int], parts: list[bytes]) -> None:
        """Add some rows below those that have come."""
        texts = parts[: len(parts) - len(numbers)]
        if not self.texts:
            self.texts = [[] for _column in texts]
        for column, text in zip(self.texts, texts, strict=True):
            column.append(text)
        for index in numbers:
            self.numbers.setdefault(index, [bytes(self._rows)])
        flags = dict(zip(numbers, parts[len(texts) :], strict=True))
        for index, column in self.numbers.items():
            column.append(flags.get(index, bytes(count)))
        self._rows += count


def read_apart(content: bytes, file: str) -> list[Received]:
    """Read every sheet of a workbook in the reading process.

    Args:
        content: The whole file.
        file: Its name, for errors.

    Returns:
        The sheets with cells, in the workbook's order.

    Raises:
        IntakeError: What the reader says of the file; ``file-too-slow`` or ``file-memory``
            if it took too much, ``file-damaged`` if it ended the process in another way,
            ``reader-not-started`` if there can be no such process.
    """
    with _turn:
        reader = _kept.pop() if _kept else _Reader(file)
        if not reader.is_ours:
            reader.end()
            reader = _Reader(file)
        try:
            return reader.read(content, file)
        finally:  # also after Ctrl-C: whatever it is doing, nobody waits for it now
            if reader.is_spent:
                reader.end()
            else:
                _kept.append(reader)


class _Reader:
    """The process, and how it is spoken to.

    Attributes:
        is_spent: It was left in the middle of a file, or will end by itself.
    """

    def __init__(self, file: str) -> None:
        """Start it.

        Args:
            file: Name of the file for which it is needed, for the error.
        """
        self.is_spent = True
        self._owner = os.getpid()
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "teacherreg.intake.reader"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": _import_path()},
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        except (OSError, ValueError) as error:
            raise IntakeError("reader-not-started", file=file) from error
        self._asked = cast(BinaryIO, self._process.stdin)
        self._answers = cast(BinaryIO, self._process.stdout)
        try:
            self._listen("ready", file)
        except BaseException as error:
            self.end()
            if isinstance(error, IntakeError):
                raise IntakeError("reader-not-started", file=file) from error
            raise

    @property
    def number(self) -> int:
        """Its number among the processes of the machine."""
        return self._process.pid

    @property
    def is_ours(self) -> bool:
        """Whether it runs and was started by this process, not by one this was forked from."""
        return self._owner == os.getpid() and self._process.poll() is None

    def read(self, content: bytes, file: str) -> list[Received]:
        """Give the sheets of a file."""
        self.is_spent = True
        sheets: list[Received] = []
        refusal = None
        for said, parts in self._listen("done", file, content):
            if said["is"] == "refused":
                refusal = IntakeError(said["code"], **said["parameters"])
            elif said["is"] == "sheet":
                sheets.append(_received(said["sheet"]))
            elif said["is"] == "rows":
                sheets[-1].add(said["count"], said["numbers"], parts)
            else:
                self.is_spent = said["is_last"]
        if refusal is not None:
            raise refusal
        return sheets

    def _listen(self, last: str, file: str, content: bytes | None = None) -> list[Message]:
        """Send a file, if there is one, and collect what is answered up to the last."""
        talk = _Talk(self._asked, self._answers, last, file, content)
        try:
            is_in_time = talk.ends_within(MOST_SECONDS)
        finally:
            if talk.is_alive():  # too late, or interrupted
                self._process.kill()
                talk.join()
        if not (is_in_time and talk.is_whole):
            raise _cause_of_death(self._process.wait(), not is_in_time, file)
        return talk.heard

    def end(self) -> None:
        """End it at once; where it is another process's, only let go of it."""
        if self._owner == os.getpid():
            self._process.kill()
        with suppress(OSError):
            self._asked.close()
        self._answers.close()
        self._process.wait()


class _Talk(Thread):
    """Asks, and collects the answers, while the program waits and can be interrupted.

    A program that waits for the pipe itself may not hear Ctrl-C before something comes.
    """

    def __init__(
        self, asked: BinaryIO, answers: BinaryIO, last: str, file: str, content: bytes | None
    ) -> None:
        super().__init__(daemon=True)
        self.heard: list[Message] = []
        self.is_whole = False
        self._to_do = (asked, answers, last, file, content)
        self.start()

    def run(self) -> None:
        asked, answers, last, file, content = self._to_do
        with suppress(OSError):  # it is gone, and its exit code says why
            if content is not None:
                send(asked, {"file": file}, [content])
            while not self.is_whole and (message := receive(answers)) is not None:
                self.heard.append(message)
                self.is_whole = message[0]["is"] == last

    def ends_within(self, seconds: float) -> bool:
        """Wait for the last answer."""
        deadline = time.monotonic() + seconds
        while self.is_alive() and time.monotonic() < deadline:
            self.join(_MOMENT)
        return not self.is_alive()


def _cause_of_death(exit_code: int, was_too_slow: bool, file: str) -> IntakeError:
    if was_too_slow or exit_code == _OUT_OF_TIME:
        return IntakeError("file-too-slow", file=file, seconds=MOST_SECONDS)
    return IntakeError("file-memory" if exit_code in _OUT_OF_MEMORY else "file-damaged", file=file)


def _received(said: Mapping[str, Any]) -> Received:
    return Received(
        name=said["name"],
        merges=tuple(((top, left), (low, right)) for (top, left), (low, right) in said["merges"]),
        is_hidden=said["is_hidden"],
        hidden_rows=frozenset(said["hidden_rows"]),
        hidden_columns=frozenset(said["hidden_columns"]),
        serial_offset_days=said["serial_offset_days"],
        number=said["number"],
        uncalculated=frozenset((row, column) for row, column in said["uncalculated"]),
    )


def _import_path() -> str:
    """Give what this program imports from, so that the other finds the same modules."""
    return os.pathsep.join(place or str(Path.cwd()) for place in sys.path)


def _end_kept() -> None:
    while _kept:
        _kept.pop().end()


_turn: Final = Lock()  # one file at a time
_kept: Final[list[_Reader]] = []  # the process between two files; at most one
atexit.register(_end_kept)
