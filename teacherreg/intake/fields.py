"""What a kind of workbook holds, as declarations.

A kind is a list of fields; reading, cleaning and checking follow from their types. No
kind knows a file or a database.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final, Literal

import polars as pl

if TYPE_CHECKING:
    from teacherreg.intake.records import Records

FieldType = Literal[
    "text", "name", "id_number", "code", "date", "partial_date", "integer", "yes_no",
    "phone", "school_year", "year", "digits", "tenths",
]  # fmt: skip

POLARS_TYPES: Final[dict[str, pl.DataType]] = {
    "date": pl.Date(),
    "integer": pl.Int64(),
    "tenths": pl.Int64(),
    "year": pl.Int64(),
    "yes_no": pl.Boolean(),
}

PERSON: Final = ("id_number", "staff_no", "name")


@dataclass(frozen=True)
class Field:
    """One column that a kind of workbook may have.

    Attributes:
        name: Its name in the contract.
        type: How its cells are cleaned.
        code_table: The code table of a ``code``.
        day: Which day a month stands for: its ``first``, or its ``last`` for an end.
        wants_day: Warn where only the month is given.
        may_lie_ahead: A day after today is plausible.
        is_required: A row whose cell is empty cannot be used.
        unknown: Code of the problem where no code table has the word.
        rejects_unknown: A row whose word no code table has cannot be used.
        is_aid: Read only to settle another field; not given out.
        is_hidden: It tells what somebody did or suffered: no screen shows what it holds.
    """

    name: str
    type: FieldType = "text"
    code_table: str = ""
    day: Literal["first", "last"] = "first"
    wants_day: bool = False
    may_lie_ahead: bool = False
    is_required: bool = False
    unknown: str = "code-unknown"
    rejects_unknown: bool = False
    is_aid: bool = False
    is_hidden: bool = False

    @property
    def polars_type(self) -> pl.DataType:
        """The type of its clean column."""
        return POLARS_TYPES.get(self.type, pl.String())


@dataclass(frozen=True)
class Kind:
    """One kind of workbook.

    Attributes:
        name: Its name on the command line.
        fields: What it may hold, in the order in which people write it.
        needs: Groups of fields; a sheet must have a column of each group.
        marks: Groups of fields; a sheet with a column of each may be told for this kind
            when it is given as another.
        keys: The fields that say what a record is about.
        settle: What is particular to the kind, done when every column is clean.
        holds_nothing: Tells the rows that are no record of this kind, from raw cells.
    """

    name: str
    fields: tuple[Field, ...]
    needs: tuple[tuple[str, ...], ...]
    marks: tuple[tuple[str, ...], ...]
    keys: tuple[str, ...]
    settle: "Callable[[Records], None]"
    holds_nothing: "Callable[[Records], pl.Series] | None" = None

    def field(self, name: str) -> Field:
        """Give a field by its name."""
        return next(field for field in self.fields if field.name == name)

    @property
    def names(self) -> frozenset[str]:
        """The names of all fields."""
        return frozenset(field.name for field in self.fields)

    @cached_property
    def hidden(self) -> frozenset[str]:
        """The names of the fields that no screen shows."""
        return frozenset(field.name for field in self.fields if field.is_hidden)
