"""The bulk statements are written for the database at hand."""

from types import SimpleNamespace

import polars as pl
import pytest
from sqlalchemy import inspect, select
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.postgresql import psycopg

from teacherreg import database
from teacherreg.intake.tables import POST, TEACHER
from teacherreg.intake.writes import InsertRows, RowUpdate, UpdateRows, insert_rows, update_rows


class Recorder:
    """A connection that only writes down what it is told to run."""

    def __init__(self, dialect):
        self.dialect = dialect
        self.ran = []

    def exec_driver_sql(self, statement, values=None):
        self.ran.append((statement, values))
        return SimpleNamespace(rowcount=len(values or ()))

    def execute(self, statement):
        return SimpleNamespace(first=lambda: None)


SMALL = InsertRows(
    TEACHER.name,
    pl.DataFrame(
        {"id": [1, 2], "name": ["张伟", "李芳"], "work_started_on": ["2008-09-01", None]}
    ).with_columns(phone=pl.lit(None, pl.String)),
)


@pytest.mark.parametrize(
    ("dialect", "statement", "values"),
    [
        pytest.param(
            sqlite.dialect(),
            "INSERT INTO teacher (id, name, work_started_on) VALUES (?1, ?3, ?5), (?2, ?4, ?6)",
            [(1, 2, "张伟", "李芳", "2008-09-01", None)],
            id="SQLite, many by one statement",
        ),
        pytest.param(
            psycopg.dialect(),
            "INSERT INTO teacher (id, name, work_started_on) "
            "VALUES (%s::INTEGER, %s::VARCHAR, %s::DATE)",
            [(1, "张伟", "2008-09-01"), (2, "李芳", None)],
            id="PostgreSQL, with its casts",
        ),
    ],
)
def test_rows_are_inserted_without_their_empty_columns(dialect, statement, values):
    connection = Recorder(dialect)
    insert_rows(connection, SMALL)
    assert connection.ran == [(statement, values)]


@pytest.mark.parametrize("count", [1, 249, 250, 251, 5_000, 5_001, 10_250])
def test_any_number_of_rows_is_inserted_as_it_is(engine, count):
    names = [f"张{number}" for number in range(count)]
    frame = pl.DataFrame({"id": range(1, count + 1), "name": names})
    with database.writing(engine) as connection:
        insert_rows(connection, InsertRows(TEACHER.name, frame))
        stored = connection.execute(select(TEACHER.c.id, TEACHER.c.name).order_by("id")).all()
        indexes = inspect(connection).get_indexes(TEACHER.name)
    assert stored == list(enumerate(names, 1))
    assert {index["name"] for index in indexes} == {index.name for index in TEACHER.indexes}


def test_an_update_names_what_it_expects_to_find():
    connection = Recorder(sqlite.dialect())
    update = RowUpdate(7, {"ends_on": None}, {"ends_on": "2027-08-31"})
    update_rows(connection, UpdateRows(POST.name, [update]))
    ((statement, values),) = connection.ran
    assert statement == "UPDATE post SET ends_on=? WHERE post.id = ? AND post.ends_on IS ?"
    assert values == [("2027-08-31", 7, None)]
