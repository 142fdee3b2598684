"""What a plan would write, gathered while it is worked out.

Planners say which rows they would insert or change and which row of the file asked for
it; the ledger gives out numbers, keeps the order in which the database accepts the rows,
and remembers what each row of the file came to. Rows to add stay columns from beginning to
end: a hundred thousand of them never become objects.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import polars as pl
from sqlalchemy import Connection, Table

from teacherreg.intake.tables import FILLED, frame_type, next_id
from teacherreg.intake.writes import InsertRows, Row, RowUpdate, UpdateRows, Write

Action = Literal["add", "change"]

# A school may name another of the same file: such changes wait until all schools are there.
_OWN_PARENT = "parent_school_id"


@dataclass(frozen=True)
class Added:
    """Rows to add to one table, with the places of the file's rows that ask for them."""

    rows: InsertRows
    sources: pl.Series


@dataclass(frozen=True)
class Changed:
    """Something known that becomes different, as a person shall see it.

    Attributes:
        source: Place of the row of the file that asks for it.
        who: Name of the person or school.
        table: What it is about.
        row_id: The row that is known; a post that another follows is named by its own.
        old: What is known, by column.
        new: What it will be.
    """

    source: int
    who: str
    table: str
    row_id: int
    old: Row
    new: Row


@dataclass
class Ledger:
    """Everything that one plan would write."""

    connection: Connection
    added: list[Added] = field(default_factory=list)
    changed: list[Changed] = field(default_factory=list)
    outcomes: dict[int, Action] = field(default_factory=dict)
    _updates: dict[str, list[RowUpdate]] = field(default_factory=lambda: defaultdict(list))
    _next: dict[str, int] = field(default_factory=dict)

    def take_numbers(self, which: Table, count: int) -> int:
        """Reserve numbers for new rows and give the first."""
        first = self._next.get(which.name) or next_id(self.connection, which)
        self._next[which.name] = first + count
        return first

    def insert(self, which: Table, frame: pl.DataFrame, sources: pl.Series) -> None:
        """Add rows that carry their numbers in ``id``, rising by one."""
        if not frame.is_empty():
            self.added.append(Added(InsertRows(which.name, frame), sources))

    def insert_numbering(self, which: Table, frame: pl.DataFrame, sources: pl.Series) -> range:
        """Add rows and number them; gives the numbers."""
        first = self.take_numbers(which, frame.height)
        numbers = range(first, first + frame.height)
        ids = pl.int_range(numbers.start, numbers.stop, dtype=pl.Int64(), eager=True).alias("id")
        self.insert(which, frame.insert_column(0, ids), sources)
        return numbers

    def insert_records(
        self, which: Table, records: Iterable[Mapping[str, Any]], sources: Iterable[int]
    ) -> range:
        """Add a few rows given one by one, each with all the same columns."""
        listed = list(records)
        schema = {c.name: frame_type(c) for c in which.c if listed and c.name in listed[0]}
        frame = pl.DataFrame(listed, schema=schema)
        return self.insert_numbering(which, frame, pl.Series(list(sources), dtype=pl.Int64()))

    def update(self, which: Table, row_id: int, old: Row, new: Row) -> None:
        """Change columns of a row that is there."""
        self._updates[which.name].append(RowUpdate(row_id, old, new))

    def show(self, changed: Changed) -> None:
        """Note a change as a person shall see it."""
        self.changed.append(changed)
        self.outcomes.setdefault(changed.source, "change")

    def mark_added(self, sources: Iterable[int]) -> None:
        """Note that rows of the file bring somebody or something new."""
        self.outcomes |= dict.fromkeys(sources, "add")

    def writes(self) -> Iterator[Write]:
        """Give all writes in the order in which the database accepts them.

        Updates come before inserts: a post must end before the next may begin.
        """
        for which in FILLED:
            updates = self._updates.get(which.name, [])
            waiting = [update for update in updates if _OWN_PARENT in update.after]
            ready = [update for update in updates if _OWN_PARENT not in update.after]
            if ready:
                yield UpdateRows(which.name, ready)
            yield from (one.rows for one in self.added if one.rows.table == which.name)
            if waiting:
                yield UpdateRows(which.name, waiting)
