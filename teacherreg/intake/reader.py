"""The process that reads workbooks: what it is sent it may die of, and nothing is lost.

A workbook from outside can be made so that its reader asks for a terabyte, runs for hours
or ends the process; Rust ends it when memory runs out, and no `except` helps. So `apart`
starts this module as a program. It reads one file after the other, within limits that the
system enforces where it can, and answers in `messages`. It knows no registry, no network
and no Polars, whose loading would take longer than reading a small roster does.
"""

import os
import signal
import sys
from collections.abc import Iterable, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, Final

from teacherreg.errors import IntakeError
from teacherreg.intake.cells import NUMBERS, as_text
from teacherreg.intake.laid_out import LaidSheet
from teacherreg.intake.messages import CELL_END, MOST_SECONDS, receive, send
from teacherreg.intake.workbooks import read_workbook

try:
    import resource
except ImportError:  # Windows: there only the clock of `apart` ends what takes too long
    resource = None  # type: ignore[assignment]

MOST_MEMORY: Final = 850_000_000  # bytes of address space; with the program's own under 1 GB
MOST_TEXT: Final = 200_000_000  # bytes of one file's cells: twice what the memory lets through
ROWS_AT_ONCE: Final = 2_000
# A reader from which more does not come back is not kept.
_MEMORY_KEPT: Final = 200_000_000


def main() -> None:
    """Answer until nothing more is asked."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the program ends us when it is interrupted
    asked, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever else prints here is no answer
    _limit_memory()
    send(answers, {"is": "ready"})
    while (question := receive(asked)) is not None:
        said, (content,) = question
        _limit_time()
        try:
            _send_sheets(answers, read_workbook(content, said["file"]))
        except IntakeError as error:
            send(answers, {"is": "refused", "code": error.code, "parameters": error.parameters})
        except MemoryError:
            send(answers, {"is": "refused", "code": "file-memory", "parameters": said})
        is_last = _memory_held() > _MEMORY_KEPT
        send(answers, {"is": "done", "is_last": is_last})
        if is_last:
            return


def _limit_memory() -> None:
    if resource is None:
        return
    _limit(resource.RLIMIT_AS, MOST_MEMORY)
    _limit(resource.RLIMIT_CORE, 0)  # a core dump would leave people's numbers on the disk


def _limit_time() -> None:
    """Count from here, so that a reader whose program was killed does not run on for ever."""
    if resource is not None:
        used = resource.getrusage(resource.RUSAGE_SELF)
        _limit(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime) + MOST_SECONDS + 1)


def _limit(what: int, value: int) -> None:
    """Set a limit; where the system lets less through already, or knows none, it stays."""
    _soft, hard = resource.getrlimit(what)
    if hard == resource.RLIM_INFINITY or value <= hard:
        with suppress(OSError, ValueError):
            resource.setrlimit(what, (value, hard))


def _memory_held() -> int:
    """Tell the bytes that are still taken; what was taken at most says also what a parent took."""
    if resource is None:
        return 0
    try:
        pages = Path("/proc/self/statm").read_text().split()[1]
    except OSError:  # not on Linux
        return 0
    return int(pages) * resource.getpagesize()


def _send_sheets(answers: BinaryIO, sheets: Iterable[LaidSheet]) -> None:
    left = MOST_TEXT
    for sheet in sheets:
        about = {
            "name": sheet.name,
            "merges": sheet.merges,
            "is_hidden": sheet.is_hidden,
            "hidden_rows": sorted(sheet.hidden_rows),
            "hidden_columns": sorted(sheet.hidden_columns),
            "serial_offset_days": sheet.serial_offset_days,
            "number": sheet.number,
            "uncalculated": sorted(sheet.uncalculated),
        }
        send(answers, {"is": "sheet", "sheet": about})
        rows = iter(sheet.rows)
        while some := list(islice(rows, ROWS_AT_ONCE)):
            left -= _send_rows(answers, some)
            if left < 0:  # one long text in a million cells is short in the file
                raise MemoryError


def _send_rows(answers: BinaryIO, rows: list[list[Any]]) -> int:
    """Send rows; gives the bytes of their cells."""
    texts: list[bytes] = []
    numbers: list[int] = []
    flags: list[bytes] = []
    for index, cells in enumerate(zip(*rows, strict=True)):
        types = set(map(type, cells))
        texts.append(_joined(as_text(cells, types)))
        if types & NUMBERS:
            numbers.append(index)
            flags.append(bytes(type(cell) in NUMBERS for cell in cells))
    send(answers, {"is": "rows", "count": len(rows), "numbers": numbers}, [*texts, *flags])
    return sum(map(len, texts))


def _joined(texts: Sequence[str]) -> bytes:
    whole = CELL_END.join(texts)
    if whole.count(CELL_END) >= len(texts):
        whole = CELL_END.join(text.replace(CELL_END, "") for text in texts)
    return whole.encode(errors="replace")


if __name__ == "__main__":
    main()
