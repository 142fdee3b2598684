"""Making two spellings of one word equal.

Rosters hold full-width letters, spaces for alignment and invisible marks. Words are
compared without them; what stands in the registry is never the normalised form.
"""

import re
import unicodedata
from typing import Final

# Spaces, and the marks that show nothing: zero-width characters, joiners, BOM, soft hyphen.
_UNSEEN: Final = re.compile(r"[\s\u00ad\u200b-\u200f\u2060\ufeff]+")


def normalise(text: str) -> str:
    """Give the form in which words are compared: NFKC, no spaces, no capitals.

    Args:
        text: A word as somebody wrote it.

    Returns:
        The same for every spelling of the word; normalising twice changes nothing.

    Example:
        >>> normalise("幼儿园（公 办）ＭＢＡ")
        '幼儿园(公办)mba'
    """
    before = None
    while text != before:  # a removed mark or a folded letter may make a new composition
        before = text
        text = _UNSEEN.sub("", unicodedata.normalize("NFKC", text).casefold())
    return text
