"""The tables that imports write, as SQLAlchemy Core sees them, and reading them as frames.

Planning compares whole columns, so what it needs of the registry is fetched as Polars
frames. Dates travel as ISO 8601 text: SQLite stores them so, PostgreSQL casts them, the
journal's JSON holds them so, and text compares as the days do.
"""

import gc
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from typing import Any, Final

import polars as pl
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Date,
    Integer,
    String,
    Table,
    bindparam,
    cast,
    func,
    select,
)

from teacherreg.database import second_reader, sqlite_driver
from teacherreg.models import SQLModel

_TABLES: Final = SQLModel.metadata.tables

COUNTY: Final[Table] = _TABLES["county"]
SCHOOL: Final[Table] = _TABLES["school"]
SCHOOL_ALIAS: Final[Table] = _TABLES["school_alias"]
SCHOOL_STAGE: Final[Table] = _TABLES["school_stage"]
ENROLMENT: Final[Table] = _TABLES["enrolment"]
TEACHER: Final[Table] = _TABLES["teacher"]
POST: Final[Table] = _TABLES["post"]
TITLE_AWARD: Final[Table] = _TABLES["title_award"]
TITLE_EVENT: Final[Table] = _TABLES["title_event"]
CONDUCT_RECORD: Final[Table] = _TABLES["conduct_record"]
REVIEW: Final[Table] = _TABLES["review"]
TRAINING: Final[Table] = _TABLES["training"]
DUTY: Final[Table] = _TABLES["duty"]
MENTORING: Final[Table] = _TABLES["mentoring"]
ROTATION: Final[Table] = _TABLES["rotation"]
ETHICS_CASE: Final[Table] = _TABLES["ethics_case"]
CORRECTIVE_ITEM: Final[Table] = _TABLES["corrective_item"]
EDUCATION_SESSION: Final[Table] = _TABLES["education_session"]
SUPERVISION: Final[Table] = _TABLES["supervision"]
BATCH: Final[Table] = _TABLES["import_batch"]
FILE: Final[Table] = _TABLES["import_file"]
JOURNAL: Final[Table] = _TABLES["journal_entry"]
MAPPING: Final[Table] = _TABLES["column_mapping"]

# Those that imports fill, parents before children.
FILLED: Final[tuple[Table, ...]] = (
    SCHOOL,
    SCHOOL_ALIAS,
    SCHOOL_STAGE,
    ENROLMENT,
    TEACHER,
    POST,
    TITLE_AWARD,
    TITLE_EVENT,
    CONDUCT_RECORD,
    REVIEW,
    TRAINING,
    DUTY,
    MENTORING,
    ROTATION,
    ETHICS_CASE,
    CORRECTIVE_ITEM,
    EDUCATION_SESSION,
    SUPERVISION,
)

# SQLite takes 32,766 bound values; lists much longer than this are slow everywhere.
_VALUES_A_QUERY: Final = 500

# Rows read at once where all are: enough to be fast, few enough to stay small in memory.
_ROWS_AT_ONCE: Final = 20_000


def table(name: str) -> Table:
    """Give a table by its name."""
    return _TABLES[name]


def frame_type(column: Column[Any]) -> pl.DataType:
    """Tell the type that a column has in a frame: dates and JSON are text."""
    if isinstance(column.type, Boolean):
        return pl.Boolean()
    return pl.Int64() if isinstance(column.type, Integer) else pl.String()


def fetch(
    connection: Connection,
    columns: Iterable[Column[Any]],
    among: tuple[Column[Any], Iterable[Any]] | None = None,
) -> pl.DataFrame:
    """Read columns of one table as a frame.

    Args:
        connection: Where to read.
        columns: Of one table; dates and JSON come as text.
        among: A column and values: only rows that hold one of them. Without it, all rows.

    Returns:
        A frame with the columns' names, in no particular order.
    """
    with without_collection():
        return _fetch(connection, list(columns), among)


@contextmanager
def without_collection() -> Iterator[None]:
    """Let Python not look for garbage while many plain tuples, which hold none, are made."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _fetch(
    connection: Connection,
    wanted: Sequence[Column[Any]],
    among: tuple[Column[Any], Iterable[Any]] | None,
) -> pl.DataFrame:
    parts: Iterable[pl.DataFrame]
    if among is not None:
        parts = _rows_among(connection, wanted, *among)
    elif connection.dialect.name == "sqlite" and "id" in wanted[0].table.c:
        parts = _as_json(connection, wanted)
    else:
        parts = _all_rows(connection, wanted)
    none = pl.DataFrame(schema={column.name: frame_type(column) for column in wanted})
    whole: pl.DataFrame = pl.concat([none, *parts], rechunk=True)
    return whole


def _rows_among(
    connection: Connection,
    wanted: Sequence[Column[Any]],
    column: Column[Any],
    values: Iterable[Any],
) -> Iterator[pl.DataFrame]:
    statement = select(*map(_plain, wanted))
    listed = list(values)
    for start in range(0, len(listed), _VALUES_A_QUERY):
        some = listed[start : start + _VALUES_A_QUERY]
        yield _framed(wanted, connection.execute(statement.where(column.in_(some))).all())


def _all_rows(connection: Connection, wanted: Sequence[Column[Any]]) -> Iterator[pl.DataFrame]:
    """Read straight from the driver: a Row for each of many rows takes longer than the query."""
    cursor = connection.connection.cursor()
    cursor.execute(str(select(*map(_plain, wanted)).compile(dialect=connection.dialect)))
    while rows := cursor.fetchmany(_ROWS_AT_ONCE):
        yield _framed(wanted, rows)
    cursor.close()


def _framed(wanted: Sequence[Column[Any]], rows: Sequence[Sequence[Any]]) -> pl.DataFrame:
    # Column by column: Polars takes twice as long over rows.
    lists: Iterable[Sequence[Any]] = zip(*rows, strict=True) if rows else ((),) * len(wanted)
    return pl.DataFrame(
        [
            pl.Series(column.name, values).cast(frame_type(column))
            for column, values in zip(wanted, lists, strict=True)
        ]
    )


def _as_json(connection: Connection, wanted: Sequence[Column[Any]]) -> list[pl.DataFrame]:
    """Let SQLite write each column as JSON, thousands of values at once, for Polars to read.

    So no value becomes an object of Python's: that takes half the time and little memory.
    Of a long table another thread reads the second half meanwhile.
    """
    number = wanted[0].table.c["id"]
    first, last = connection.execute(select(func.min(number), func.max(number))).one()
    statement = select(*(func.json_group_array(_plain(column)) for column in wanted))
    some = statement.where(number.between(bindparam("start"), bindparam("end")))
    asked = str(some.compile(dialect=connection.dialect))

    def read(driver: sqlite3.Connection, starts: range) -> list[pl.DataFrame]:
        ends = ((start, start + _ROWS_AT_ONCE - 1) for start in starts)
        written = (driver.execute(asked, end).fetchone() for end in ends)
        return [
            pl.DataFrame(list(map(_from_json, wanted, arrays)))
            for arrays in written
            if arrays[0] != "[]"
        ]

    starts = range(first or 0, (last or -1) + 1, _ROWS_AT_ONCE)
    half = len(starts) // 2
    driver = sqlite_driver(connection)
    with second_reader(connection) if half else nullcontext() as second:
        if second is None:
            return read(driver, starts)
        with ThreadPoolExecutor(1) as other:
            later = other.submit(read, second, starts[half:])
            return [*read(driver, starts[:half]), *later.result()]


def _from_json(column: Column[Any], array: str) -> pl.Series:
    target = frame_type(column)
    written = pl.String() if target == pl.String() else pl.Int64()
    values = pl.Series(column.name, [array]).str.json_decode(pl.List(written))
    exploded: pl.Series = values.explode().cast(target)
    return exploded


def _plain(column: Column[Any]) -> ColumnElement[Any]:
    """Ask for a column as what every driver gives without a converter in Python."""
    if isinstance(column.type, (Date, JSON)):
        return cast(column, String).label(column.name)
    if isinstance(column.type, Boolean):
        return cast(column, Integer).label(column.name)
    return column


def count_rows(connection: Connection, which: Table) -> int:
    """Count the rows of a table."""
    return connection.execute(select(func.count()).select_from(which)).scalar_one()


def next_id(connection: Connection, which: Table) -> int:
    """Tell the number of the next row: never one that an import, even undone, has used."""
    last = connection.execute(select(func.max(which.c.id))).scalar_one() or 0
    used = connection.execute(
        select(func.max(JOURNAL.c.last_row_id)).where(JOURNAL.c.table_name == which.name)
    ).scalar_one()
    return max(last, used or 0) + 1
