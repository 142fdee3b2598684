"""Several things in one place of a sentence, as the language in force lists them."""

from dataclasses import dataclass
from typing import Final

from teacherreg.locale import t

_NAMED_AT_MOST: Final = 5


@dataclass(frozen=True)
class Listed:
    """Several things in one place of a sentence, parted as the language parts them."""

    things: tuple[object, ...]

    def __str__(self) -> str:
        """List them; a long list is cut."""
        shown = [str(thing) for thing in self.things[:_NAMED_AT_MOST]]
        if len(self.things) > _NAMED_AT_MOST:
            shown.append("…")
        return t("imports.list-comma").join(shown)
