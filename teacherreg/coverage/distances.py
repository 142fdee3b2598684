"""How far it is from one township to another, as a file or its lack tells."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

import polars as pl

from teacherreg.codes import normalise
from teacherreg.errors import CoverageError

UNIT: Final = 1000  # lengths are whole thousandths, so that sums of them are exact
_FARTHEST: Final = 100_000  # kilometres; nobody is sent round the world


class DistancesError(CoverageError):
    """A file of distances between townships that cannot be used; says where it is wrong."""


@dataclass(frozen=True)
class Distances:
    """Lengths of ways, in thousandths of the file's unit; of 1 where it only names neighbours.

    Attributes:
        lengths: By pair of townships, either way round.
        has_numbers: Whether the file told lengths, not only which townships are neighbours.
    """

    lengths: Mapping[frozenset[str], int] = field(default_factory=dict)
    has_numbers: bool = False

    @property
    def unlisted(self) -> int:
        """The length of a way that nobody told: one more than the longest that was told."""
        return max(self.lengths.values(), default=0) + UNIT

    def between(self, one: str | None, other: str | None) -> int:
        """Tell the length of the way between two townships; 0 within one."""
        if one is not None and one == other:
            return 0
        if one is None or other is None:
            return self.unlisted
        return self.lengths.get(frozenset((one, other)), self.unlisted)


def distances_of(frame: pl.DataFrame, townships: Iterable[str]) -> Distances:
    """Read distances from a table.

    Args:
        frame: Columns of text under their headings: a township, another one, and how many
            kilometres lie between them, or nothing where it only lists neighbours; and
            ``row``, each row's place in its file.
        townships: Those of the registry.

    Raises:
        DistancesError: If a column is missing, a township is unknown, a number is none, or
            one pair has two lengths.
    """
    columns = [name for name in frame.columns if name != "row"]
    known = {normalise(township): township for township in townships}
    if len(columns) < 2 or normalise(columns[0]) in known:
        raise DistancesError("distances-heading")
    rows = [row for row in frame.select("row", *columns[:3]).iter_rows() if any(row[1:])]
    if not rows:
        raise DistancesError("distances-empty")
    has_numbers = any(len(row) > 3 and row[3] for row in rows)
    lengths: dict[frozenset[str], int] = {}
    for number, one, other, *told in rows:
        pair = frozenset(_township(name, number, known) for name in (one, other))
        length = _length(told[0], number) if has_numbers else UNIT
        if len(pair) == 1:
            if length and has_numbers:
                raise DistancesError("distances-same", row=number, township=one)
        elif lengths.setdefault(pair, length) != length:
            raise DistancesError("distances-twice", row=number, one=one, other=other)
    return Distances(lengths, has_numbers)


def _township(name: str | None, row: int, known: Mapping[str, str]) -> str:
    found = known.get(normalise(name or ""))
    if found is None:
        raise DistancesError("distances-township", row=row, township=name or "")
    return found


def _length(text: str | None, row: int) -> int:
    try:
        length = Decimal(normalise(text or "")) * UNIT
    except ArithmeticError as error:
        raise DistancesError("distances-number", row=row, written=text or "") from error
    if not (length.is_finite() and 0 <= length <= _FARTHEST * UNIT):
        raise DistancesError("distances-number", row=row, written=text or "")
    return int(length.to_integral_value())
