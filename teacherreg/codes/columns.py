"""The one catalogue of columns: ``data/columns.csv``.

The import template, the labels of the published tables and what each audience may see all
come from it. A row is for one table, or for ``*``: every table in which the column means
the same. Tables are the import kinds (``teachers``) and the published tables after the
name of their file (``staff.teachers``).
"""

import csv
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal, cast

from teacherreg.locale import Language, language
from teacherreg.shipped import shipped

Visibility = Literal["whole", "masked", "none"]
Audience = Literal["overview", "staff", "conduct"]

ANY_TABLE: Final = "*"
IMPORT_KINDS: Final = (
    *("schools", "teachers", "titles", "conduct"),
    *("training", "reviews", "mentoring", "rotations", "duties"),
    *("cases", "sessions", "supervisors"),
)


@dataclass(frozen=True)
class ColumnEntry:
    """One column of the catalogue.

    Attributes:
        table: The table it is for; ``*`` for all.
        column: Its name.
        labels: What it is called, by language.
        units: In what it counts, by language; empty where it has no unit.
        descriptions: A sentence on it, by language; empty where the label says it all.
        code_table: The code table of its values; empty for free values.
        overview: How the public sees it.
        staff: How leaders see it.
        conduct: How discipline officers see it.
    """

    table: str
    column: str
    labels: dict[Language, str]
    units: dict[Language, str]
    descriptions: dict[Language, str]
    code_table: str
    overview: Visibility
    staff: Visibility
    conduct: Visibility

    def label(self, lang: Language | None = None) -> str:
        """Name it, in the language in force or the one given."""
        return self.labels[lang or language()]

    def unit(self, lang: Language | None = None) -> str:
        """Name its unit; empty where it has none."""
        return self.units[lang or language()]

    def description(self, lang: Language | None = None) -> str:
        """Explain it; empty where the label says it all."""
        return self.descriptions[lang or language()]

    def visible_to(self, audience: Audience) -> Visibility:
        """Tell how an audience sees it: whole, masked or not at all."""
        return {"overview": self.overview, "staff": self.staff, "conduct": self.conduct}[audience]


@cache
def catalogue() -> dict[tuple[str, str], ColumnEntry]:
    """Load the catalogue: ``{(table, column): entry}`` in the order of the file."""
    with shipped("data/columns.csv").open(encoding="utf-8", newline="") as file:
        entries = [_entry(row) for row in csv.DictReader(file)]
    return {(entry.table, entry.column): entry for entry in entries}


def column_of(table: str, column: str) -> ColumnEntry:
    """Give what the catalogue says of a column.

    Args:
        table: An import kind, or a published table such as ``staff.titles``.
        column: Name of the column.

    Returns:
        The entry of that table, else the one for every table.

    Raises:
        KeyError: If the catalogue knows neither.
    """
    entry = catalogue().get((table, column)) or catalogue().get((ANY_TABLE, column))
    if entry is None:
        raise KeyError(f"{table}.{column}")
    return entry


def _entry(row: dict[str, str]) -> ColumnEntry:
    def both(name: str) -> dict[Language, str]:
        return {"zh": row[f"{name}_zh"], "en": row[f"{name}_en"]}

    return ColumnEntry(
        table=row["table"],
        column=row["column"],
        labels=both("label"),
        units=both("unit"),
        descriptions=both("description"),
        code_table=row["code_table"],
        overview=cast(Visibility, row["overview"]),
        staff=cast(Visibility, row["staff"]),
        conduct=cast(Visibility, row["conduct"]),
    )
