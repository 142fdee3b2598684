"""Writing planned rows in bulk, and taking them out again.

The ORM is for single rows; a hundred thousand go through the driver's own ``executemany``.
The statements are built from the SQLModel tables for the dialect at hand, so no SQL is
written by hand and PostgreSQL gets its casts. Values are what the journal's JSON can hold:
text (also for dates), numbers, booleans and, for a JSON column, a mapping.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, groupby
from typing import Any, Final

import polars as pl
from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Connection,
    Insert,
    Table,
    Update,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)

from teacherreg.intake.tables import BATCH, table, without_collection

Row = dict[str, Any]

# Rows handed to the driver at once: enough to be fast, few enough to stay small in memory.
_ROWS_AT_ONCE: Final = 5_000

# Rows of one INSERT on SQLite, which takes 32,766 values; a divisor of the above.
_ROWS_A_STATEMENT: Final = 250

# From here on, making an index at once is faster than keeping it up row by row.
_WORTH_INDEXING_AFTER: Final = 10_000


_SORTED_AT_ONCE_KIB: Final = 1_000


@dataclass(frozen=True)
class RowUpdate:
    """One row as it is and as it shall be; only the columns that change."""

    row_id: int
    before: Row
    after: Row


@dataclass(frozen=True)
class InsertRows:
    """New rows of one table; ``id`` rises by one from row to row."""

    table: str
    frame: pl.DataFrame

    @property
    def first_id(self) -> int:
        """The number of the first new row."""
        return int(self.frame["id"][0])

    @property
    def last_id(self) -> int:
        """The number of the last new row."""
        return int(self.frame["id"][-1])


@dataclass(frozen=True)
class UpdateRows:
    """Changes of rows that are there."""

    table: str
    updates: Sequence[RowUpdate]


Write = InsertRows | UpdateRows


class RowsDifferError(Exception):
    """Rows are no longer as they were taken to be; the caller says what that means."""


def take_turn(connection: Connection) -> None:
    """Let no other import write before this one ends; on SQLite the lock is taken already."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"LOCK TABLE {BATCH.name} IN SHARE ROW EXCLUSIVE MODE")


def insert_rows(connection: Connection, rows: InsertRows) -> None:
    """Insert the rows of a frame; the numbers that it gives them are kept."""
    which = table(rows.table)
    frame = rows.frame
    columns = [c.name for c in frame if c.name == "id" or c.null_count() < frame.height]
    insert_all = _insert_on_sqlite if connection.dialect.name == "sqlite" else _insert
    with without_collection(), _indexed_after(connection, which, frame.height):
        insert_all(connection, which, frame.select(columns))
    if connection.dialect.name == "postgresql":
        _advance_sequence(connection, which)


def _insert(connection: Connection, which: Table, frame: pl.DataFrame) -> None:
    statement, order = _compiled(
        connection, insert(which).values({name: bindparam(name) for name in frame.columns})
    )
    for part in frame.iter_slices(_ROWS_AT_ONCE):
        lists = (part[name].to_list() for name in order)
        connection.exec_driver_sql(statement, list(zip(*lists, strict=True)))


def _insert_on_sqlite(connection: Connection, which: Table, frame: pl.DataFrame) -> None:
    """Insert many rows by one statement, whose values are numbered column by column.

    So neither does each row cost an execution of its own, nor need rows be made in Python.
    """
    whole = frame.height - frame.height % _ROWS_A_STATEMENT
    for some in (frame.head(whole), frame.slice(whole)):
        together = min(some.height, _ROWS_A_STATEMENT)
        statement = _numbered_by_column(which, frame.columns, together) if together else ""
        for part in some.iter_slices(_ROWS_AT_ONCE):
            lists = [part[name].to_list() for name in frame.columns]
            values = [
                tuple(chain.from_iterable(column[i : i + together] for column in lists))
                for i in range(0, part.height, together)
            ]
            connection.exec_driver_sql(statement, values)


def _numbered_by_column(which: Table, columns: Sequence[str], row_count: int) -> str:
    """Write an insert of several rows whose places ?1, ?2 … go down the first column first."""
    rows = (
        ", ".join(f"?{column * row_count + row + 1}" for column in range(len(columns)))
        for row in range(row_count)
    )
    values = ", ".join(f"({row})" for row in rows)
    return f"INSERT INTO {which.name} ({', '.join(columns)}) VALUES {values}"


@contextmanager
def _indexed_after(connection: Connection, which: Table, count: int) -> Iterator[None]:
    """Fill a large empty table first and index it after, within the same transaction."""
    if count < _WORTH_INDEXING_AFTER or connection.execute(select(which.c.id).limit(1)).first():
        yield
        return
    for index in which.indexes:
        index.drop(connection)
    yield
    with _sorting_in_pieces(connection):
        for index in which.indexes:
            index.create(connection)


@contextmanager
def _sorting_in_pieces(connection: Connection) -> Iterator[None]:
    """Let SQLite sort what it indexes in pieces that fit into a processor's own memory.

    It sorts as much at once as its cache may hold, and over 100 MB that takes twice as long.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    size = connection.exec_driver_sql("PRAGMA cache_size").scalar_one()
    connection.exec_driver_sql(f"PRAGMA cache_size = -{_SORTED_AT_ONCE_KIB}")
    yield
    connection.exec_driver_sql(f"PRAGMA cache_size = {size}")


def update_rows(connection: Connection, rows: UpdateRows) -> None:
    """Update rows that are still as they were ``before``.

    Raises:
        RowsDifferError: If one of them is not.
    """
    which = table(rows.table)
    for columns, some in _alike(which, rows.updates):
        statement, order = _compiled(connection, _update(which, columns))
        values = [_bound(which, row, order) for row in some]
        result = connection.exec_driver_sql(statement, values)
        if result.rowcount != len(some):
            raise RowsDifferError(rows.table)


def _alike(
    which: Table, updates: Sequence[RowUpdate]
) -> Iterator[tuple[tuple[str, ...], list[RowUpdate]]]:
    """Put together the updates of the same columns, for one statement each.

    Unique numbers may go from one row to another: their updates stay in order.
    """
    unique = {column.name for column in which.c if column.unique}
    free: dict[tuple[str, ...], list[RowUpdate]] = defaultdict(list)
    ordered: list[RowUpdate] = []
    for row in updates:
        if unique.isdisjoint(row.after):
            free[tuple(row.after)].append(row)
        else:
            ordered.append(row)
    yield from free.items()
    for columns, run in groupby(ordered, lambda row: tuple(row.after)):
        yield columns, list(run)


def delete_rows(connection: Connection, which: Table, first_id: int, last_id: int) -> None:
    """Delete a run of rows, all of which must be there.

    Raises:
        RowsDifferError: If some are not.
    """
    result = connection.execute(delete(which).where(which.c.id.between(first_id, last_id)))
    if result.rowcount != last_id - first_id + 1:
        raise RowsDifferError(which.name)


def _update(which: Table, columns: tuple[str, ...]) -> Update:
    """Update by number, where the columns are as they were (JSON cannot be compared)."""
    unchanged: list[ColumnElement[bool]] = [
        which.c[name].is_not_distinct_from(bindparam(f"old_{name}", type_=which.c[name].type))
        for name in columns
        if not isinstance(which.c[name].type, JSON)
    ]
    return (
        update(which)
        .where(which.c.id == bindparam("row_id"), *unchanged)
        .values({which.c[name]: bindparam(f"new_{name}") for name in columns})
    )


def _bound(which: Table, row: RowUpdate, order: Sequence[str]) -> tuple[Any, ...]:
    values: Row = {"row_id": row.row_id}
    for name in row.after:
        column = which.c[name]
        values[f"old_{name}"] = _stored(column, row.before[name])
        values[f"new_{name}"] = _stored(column, row.after[name])
    return tuple(values[name] for name in order)


def _stored(column: Column[Any], value: Any) -> Any:
    return json.dumps(value) if isinstance(column.type, JSON) and value is not None else value


def _compiled(connection: Connection, statement: Insert | Update) -> tuple[str, Sequence[str]]:
    """Write a statement out for the driver, with places in order instead of names."""
    dialect = connection.dialect
    if not dialect.positional:
        dialect = type(dialect)(paramstyle="format")  # type: ignore[call-arg]
    compiled = statement.compile(dialect=dialect)
    return str(compiled), compiled.positiontup or ()


def _advance_sequence(connection: Connection, which: Table) -> None:
    """PostgreSQL counts on its own; tell it that numbers were given out."""
    last = select(func.max(which.c.id)).scalar_subquery()
    connection.execute(select(func.setval(func.pg_get_serial_sequence(which.name, "id"), last)))
