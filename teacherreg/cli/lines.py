"""Lines and tables on a terminal, broken the way Chinese is set.

Rich breaks lines where words end, but a Chinese sentence has no spaces: it would break after
the number in 第 16 行 and leave a lone 。 on the next line. Here a line is filled up, no closing
mark begins one, no opening mark ends one, and Latin words and numbers stay whole. What goes on
stands further to the right than where it began. A pipe gets every line whole.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

_INDENT: Final = 2  # of what goes on, further than the line itself
_NARROWEST: Final = 20  # cells; a terminal as narrow breaks lines itself
_NO_BEGIN: Final = frozenset("，。、；：？！）”’》】…,.;:?!)]}%")
_NO_END: Final = frozenset("（“‘《【([{")


def print_line(screen: Console, markup: str, style: str = "") -> None:
    """Print one line of markup, broken where the screen ends.

    Args:
        screen: Where to.
        markup: The line in rich's markup.
        style: Of the whole line.
    """
    text = Text.from_markup(markup, style=style)
    if not screen.is_terminal or screen.width < _NARROWEST:
        screen.print(text, soft_wrap=True)
        return
    indent = len(text.plain) - len(text.plain.lstrip(" ")) + _INDENT
    first, *rest = text.divide(breaks(text.plain, screen.width, screen.width - indent))
    screen.print(first, soft_wrap=True)
    for line in rest:
        screen.print(Text(" " * indent) + line, soft_wrap=True)


def table_of(
    headings: Sequence[str], rows: Iterable[Sequence[str]], *, title: str | None = None
) -> Table:
    """Lay out a table that fits a terminal of 80 columns where it can, and cuts no cell.

    Args:
        headings: What stands over the columns.
        rows: Their cells, as they are: no markup.
        title: What stands over the table.
    """
    table = Table(
        title=title, title_justify="left", box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False
    )
    for heading in headings:
        table.add_column(heading, overflow="fold")
    for row in rows:
        table.add_row(*map(Text, row))
    return table


def breaks(text: str, first_width: int, width: int) -> list[int]:
    """Tell before which characters a text goes on in the next line.

    Args:
        text: What is to be broken.
        first_width: How many cells the first line has.
        width: How many the others have.

    Example:
        >>> breaks("校验位不对。请核对", 10, 10)
        [4]
    """
    found: list[int] = []
    start, used, room = 0, 0, first_width
    for place, character in enumerate(text):
        used += cell_len(character)
        if used <= room or character == " ":
            continue
        best = next((p for p in range(place, start, -1) if _may_break(text, p)), place)
        found.append(best)
        start, used, room = best, cell_len(text[best : place + 1]), width
    return found


def _may_break(text: str, place: int) -> bool:
    before, after = text[place - 1], text[place]
    if after in _NO_BEGIN or before in _NO_END or after == " ":
        return False
    return before == " " or not (_is_latin(before) and _is_latin(after))


def _is_latin(character: str) -> bool:
    return character.isascii() and character != " "
