"""What a file is, by its first bytes: no roster's name can be trusted to say so."""

import codecs
import re
from typing import Final

COMPOUND_FILE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # .xls, or an encrypted .xlsx
ARCHIVE: Final = b"PK\x03\x04"  # .xlsx, .xlsb, .ods
OTHER_ARCHIVES: Final = (b"Rar!", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b\x08")
GIT_LFS: Final = b"version https://git-lfs.github.com/spec/"

_NO_TEXT: Final = (
    COMPOUND_FILE, b"PK", *OTHER_ARCHIVES, b"%PDF", b"{\\rtf", b"GIF8", b"\x89PNG",
)  # fmt: skip
_WIDE: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_LOOKED_AT: Final = 4_096
# What may stand before the first tag of a page.
_BEFORE: Final = codecs.BOM_UTF8 + codecs.BOM_UTF16_LE + b"\x00 \t\r\n"
_MESSAGE: Final = re.compile(rb"^mime-version:", re.IGNORECASE | re.MULTILINE)


def is_message(content: bytes) -> bool:
    """Tell whether a file begins as a message with parts does: a page saved in one file."""
    return bool(_MESSAGE.search(content[:_LOOKED_AT]))


def is_binary(content: bytes) -> bool:
    """Tell whether a file holds no text at all."""
    start = content[:_LOOKED_AT]
    return start.startswith(_NO_TEXT) or (b"\x00" in start and not start.startswith(_WIDE))


def is_plain_text(content: bytes) -> bool:
    """Tell text, as in .csv and .tsv, from workbooks, web pages, XML and all else."""
    is_markup = content[:_LOOKED_AT].lstrip(_BEFORE).startswith(b"<")
    return not (is_binary(content) or is_markup or is_message(content))
