"""What the reading process and the program say to each other: lines of JSON with bytes behind.

A message is one line of JSON, which tells how many bytes of which parts follow it. Cells
travel by columns, all texts of a column in one piece: neither side handles them one by one.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, BinaryIO, Final

MOST_SECONDS: Final = 25  # that one file may take; the program's own work comes on top
CELL_END: Final = "\0"  # stands between the texts of a column, and so in none of them

Message = tuple[dict[str, Any], list[bytes]]


def send(stream: BinaryIO, said: Mapping[str, Any], parts: Sequence[bytes] = ()) -> None:
    """Write a message; it is under way when this returns.

    Args:
        stream: Where to.
        said: What JSON can hold.
        parts: Bytes that belong to it.
    """
    head = {**said, "sizes": [len(part) for part in parts]}
    stream.write(json.dumps(head).encode() + b"\n")
    for part in parts:
        stream.write(part)
    stream.flush()


def receive(stream: BinaryIO) -> Message | None:
    """Wait for the next message.

    Returns:
        What was said and the parts; None if the other side ended, be it inside a message.
    """
    line = stream.readline()
    if not line.endswith(b"\n"):
        return None
    said: dict[str, Any] = json.loads(line)
    sizes = said.pop("sizes")
    parts = [stream.read(size) for size in sizes]
    return (said, parts) if [len(part) for part in parts] == sizes else None
