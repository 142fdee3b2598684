"""Where another table begins beside the first.

Rosters are printed two to a page, or a small count of subjects stands to the right of the
people. Read as one table, the neighbour's people would become notes of the first ones. Only
the first table is read; the other is named.
"""

from collections.abc import Callable, Sequence
from typing import Final

import polars as pl

from teacherreg.intake.sheets import Sheet

LEAST_ALIKE: Final = 3  # headers that begin anew

Path = tuple[str, ...]


def width_of_first_table(
    paths: Sequence[Path], sheet: Sheet, bottom: int, is_about_whom: Callable[[str], bool]
) -> int:
    """Tell how many columns belong to the first table.

    Args:
        paths: What stands over each column, from the upper header down.
        sheet: The sheet.
        bottom: Last row of the header.
        is_about_whom: Tells the headers that say what a record is about, such as 姓名.
    """
    again = _where_headers_begin_anew(paths, is_about_whom)
    if again is not None:
        return again
    cells = sheet.cells.slice(bottom + 1)
    empty = [cells[name].null_count() == cells.height for name in cells.columns]
    first = next((index for index, path in enumerate(paths) if path), 0)
    for gap in range(first + 1, len(paths) - 1):
        if paths[gap] or not empty[gap]:
            continue
        right = next((i for i in range(gap + 1, len(paths)) if paths[i] or not empty[i]), None)
        if right is not None and _is_another(paths, cells, gap, right, is_about_whom):
            return right
    return len(paths)


def _where_headers_begin_anew(
    paths: Sequence[Path], is_about_whom: Callable[[str], bool]
) -> int | None:
    """Find the place from which the headers are those of the first columns again.

    Under other titles (在编, 编外) all that follows must be the same; a part of it is not
    enough, for a spouse has a name and a birth date too.
    """
    own = [path[-1] if path else "" for path in paths]
    first = next((index for index, header in enumerate(own) if header), 0)
    start = paths[first : first + LEAST_ALIKE]
    for place in range(first + 2, len(own) - 1):
        if own[place] != own[first]:
            continue
        is_same = len(start) == LEAST_ALIKE and paths[place : place + LEAST_ALIKE] == start
        if is_same and all(start) and place >= first + LEAST_ALIKE:
            return place
        block, rest = _without_end(own[first:place]), _without_end(own[place:])
        is_alike = rest == block or (len(rest) >= LEAST_ALIKE and rest == block[: len(rest)])
        if len(rest) > 1 and is_alike and is_about_whom(block[0]):
            return place
    return None


def _without_end(headers: Sequence[str]) -> list[str]:
    """Leave out empty headers at the end."""
    kept = list(headers)
    while kept and not kept[-1]:
        kept.pop()
    return kept


def _is_another(
    paths: Sequence[Path],
    cells: pl.DataFrame,
    gap: int,
    right: int,
    is_about_whom: Callable[[str], bool],
) -> bool:
    """Tell whether what stands behind an empty column goes on by itself.

    It does where it names again whom it is about, and where its rows end earlier than, or go
    on below, those on the left.
    """
    left_named = any(path and is_about_whom(path[-1]) for path in paths[:gap])
    if left_named and any(path and is_about_whom(path[-1]) for path in paths[right:]):
        return True
    if len(paths) - right < 2:
        return False
    filled = [
        cells.select(pl.any_horizontal(pl.col(names).is_not_null())).to_series()
        for names in (cells.columns[:gap], cells.columns[right:])
    ]
    if not filled[0].any() or not filled[1].any():
        return False
    (top, end), (other_top, other_end) = (_reach(rows) for rows in filled)
    whole = cells[other_top : other_end + 1].select(
        pl.all_horizontal(pl.col(cells.columns[right:]).is_not_null()).all()
    )
    return other_end > end or (
        other_top == top and top < other_end < end and whole.to_series().all()
    )


def _reach(filled: pl.Series) -> tuple[int, int]:
    """Give the first and the last row in which something stands."""
    places = filled.arg_true()
    return int(places[0]), int(places[-1])
