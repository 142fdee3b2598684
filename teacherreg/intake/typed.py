"""Commands and options as an officer types them."""

import re
from typing import Final

# What no shell takes for itself: not that of Windows, nor another.
_PLAIN: Final = re.compile(r"[\w.,:=/\\@%+~-]+")


def typed(*words: object) -> str:
    """Give words as they are typed, in quotes where a shell would part them.

    Example:
        >>> typed("teacherreg", "import", "titles", "名单 (1).xlsx")
        'teacherreg import titles "名单 (1).xlsx"'
    """
    texts = map(str, words)
    return " ".join(text if _PLAIN.fullmatch(text) else f'"{text}"' for text in texts)
