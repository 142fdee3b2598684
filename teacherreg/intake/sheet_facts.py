"""What a workbook says of its sheets beside their cells, and calamine does not tell."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class SheetFacts:
    """What the part of one sheet says beside its values; numbers count from zero.

    Attributes:
        hidden_rows: Rows hidden or filtered away.
        hidden_columns: Columns hidden.
        errors: What stands in cells that hold an error, by (row, column).
        uncalculated: Cells whose formula has no result.
    """

    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    uncalculated: frozenset[tuple[int, int]] = frozenset()


@dataclass(frozen=True)
class WorkbookFacts:
    """What the parts of a workbook say; a sheet that is not here has nothing to tell."""

    sheets: dict[str, SheetFacts] = field(default_factory=dict)
    counts_days_from_1904: bool = False
