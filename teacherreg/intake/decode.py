"""Turning the bytes of a text roster into text.

Rosters come out of Excel and WPS on Chinese Windows, where "Save as CSV" writes GBK
without saying so. Guessing by statistics gets short Chinese files wrong, so we do not
guess. We try, in this order, what can be proved: a byte-order mark, strict UTF-8,
GB 18030.

Parting the text into rows and columns is `text_table`'s work.
"""

import codecs
import re
from typing import Final

from teacherreg.errors import IntakeError

LOOKED_AT: Final = 200_000  # bytes from which to tell how a text is built
_PIECE: Final = 1 << 16

_BYTE_ORDER_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# What no text holds: controls other than tab, line feed and carriage return.
_CONTROLS: Final = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
# Below this share of broken letters a text is UTF-8 that got damaged on its way.
_DAMAGED_SHARE: Final = 0.05


def decode(content: bytes, file: str) -> tuple[bytes, str]:
    """Turn bytes into UTF-8; those of a large file that are UTF-8 already are not copied.

    Args:
        content: The whole file.
        file: Its name, for the error.

    Returns:
        The text in UTF-8 without a byte-order mark, and the encoding it was in.

    Raises:
        IntakeError: ``file-encoding`` if the bytes are neither Unicode nor GB 18030.
    """
    for mark, encoding in _BYTE_ORDER_MARKS:
        if content.startswith(mark):
            text = _in_utf8(content[len(mark) :], encoding)
            break
    else:
        encoding = "utf-8"
        text = _in_utf8(content, encoding)
        if text is None and not _is_damaged_utf8(content):
            encoding = "gb18030"
            text = _in_utf8(content, encoding)
    if text is None or _CONTROLS.search(text[:LOOKED_AT]):
        raise IntakeError("file-encoding", file=file)
    return text, encoding


def _in_utf8(content: bytes, encoding: str) -> bytes | None:
    try:
        if encoding == "utf-8":
            _require_utf8(content)
            return content
        return content.decode(encoding).encode()
    except UnicodeError:
        return None


def _require_utf8(content: bytes) -> None:
    """Decode piece by piece: the whole as text would take twice as much memory."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    for start in range(0, len(content), _PIECE):
        decoder.decode(content[start : start + _PIECE])
    decoder.decode(b"", final=True)


def _is_damaged_utf8(content: bytes) -> bool:
    """Tell UTF-8 with a few broken bytes from GB 18030, which breaks nearly all as UTF-8.

    Decoded as GB 18030 the former would be nonsense without a single error.
    """
    text = content.decode("utf-8", errors="replace")
    foreign = len(text) - len(text.encode("ascii", errors="ignore"))
    return text.count("\ufffd") < foreign * _DAMAGED_SHARE


def start_of(text: bytes) -> str:
    """Give the first letters of a text, some thousands of them."""
    return text[:LOOKED_AT].decode(errors="ignore")
