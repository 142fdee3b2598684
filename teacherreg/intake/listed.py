"""Several things in one place of a sentence, as the language in force lists them."""

from dataclasses import dataclass
from typing import Final

from teacherreg.locale import t

_NAMED_AT_MOST: Final = 5


@dataclass(frozen=True)
class Listed:
    """Several things in one place of a sentence, parted as the language parts them."""

    things: tuple[object, ...]
    most: int = _NAMED_AT_MOST

    def __str__(self) -> str:
        """List them; a long list is cut."""
        shown = [str(thing) for thing in self.things[: self.most]]
        if len(self.things) > self.most:
            shown.append("…")
        return t("imports.list-comma").join(shown)


@dataclass(frozen=True)
class InSheets:
    """The sheets that are meant, said behind the name of their file; a text file has none."""

    names: tuple[str, ...]

    def __str__(self) -> str:
        """Name them, in brackets."""
        named = tuple(name for name in self.names if name)
        return t("intake.in-sheets", sheets=Listed(named)) if named else ""
