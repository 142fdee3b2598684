"""What a published table is: its columns, how people filter, sort and search it.

A description here makes three things: the table itself, its indexes and its search table
(`teacherreg.publish.files`), and what Datasette is told about it
(`teacherreg.publish.site`). What columns are called stands in the catalogue of columns.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal, TypeAlias

from teacherreg.codes import code_table
from teacherreg.codes.columns import Audience, column_of

ColumnType: TypeAlias = type[int] | type[float] | type[str]
SearchedAs = Literal["person", "place", "word"]
Row: TypeAlias = tuple[Any, ...]
Filled: TypeAlias = "tuple[Table, Iterable[Row]]"

ROLE_OF: Final[Mapping[Audience, str | None]] = {
    "overview": None,
    "staff": "leader",
    "conduct": "discipline",
}


@dataclass(frozen=True)
class Table:
    """A table of a published file.

    Attributes:
        name: Its name; part of the site's addresses.
        columns: Its columns, what one reads first in front, with their types.
        key: Its primary key.
        label: The column that names a row where another table points at it.
        sort: The column it is sorted by when somebody opens it.
        is_descending: Whether that sort is downwards.
        facets: Columns whose values are listed beside it, with counts.
        sortable: Columns that people may sort by, beside those filtered by.
        searched: Columns that its search reads, and as what.
        references: Columns that hold the key of another table.
    """

    name: str
    columns: Mapping[str, ColumnType]
    key: str = "id"
    label: str | None = None
    sort: str | None = None
    is_descending: bool = False
    facets: tuple[str, ...] = ()
    sortable: tuple[str, ...] = ()
    searched: Mapping[str, SearchedAs] = field(default_factory=dict)
    references: Mapping[str, str] = field(default_factory=dict)

    @property
    def indexed(self) -> tuple[str, ...]:
        """Columns with an index: all that people filter, sort or follow by."""
        sort = (self.sort,) if self.sort else ()
        found = dict.fromkeys((*self.facets, *sort, *self.sortable, *self.references))
        return tuple(column for column in found if column != self.key)

    @property
    def search_table(self) -> str:
        """Name of the table that its search asks."""
        return f"{self.name}_search"


def word(codes: str, code: str | None) -> str | None:
    """Give what stands in a published cell for a code: its Chinese label.

    Facets, filters and search read it; the site translates it for English readers.
    """
    return code_table(codes).label(code, "zh") if code else None


def flag(verdict: bool | None) -> int | None:
    """Write a verdict as a cell holds it."""
    return None if verdict is None else int(verdict)


def place_number(schools: Mapping[str, int], school: str, stage: str) -> int:
    """Number a school's stage, so that its row's address stays the same next month.

    Args:
        schools: Number of each school, by its name.
        school: Its name.
        stage: Code of the stage.
    """
    return schools[school] * 10 + code_table("stages").codes.index(stage)


def require_allowed(audience: Audience, table: Table) -> None:
    """Refuse to build a table with a column that its audience may not see.

    Raises:
        PermissionError: If there is one: a mistake in the program, held by a test.
    """
    for column in table.columns:
        if column_of(f"{audience}.{table.name}", column).visible_to(audience) == "none":
            raise PermissionError(f"{audience}.{table.name}.{column}")
