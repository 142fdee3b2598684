"""The bulk statements are written for the database at hand."""

from types import SimpleNamespace

import polars as pl
import pytest
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.postgresql import psycopg

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
    ("dialect", "statement"),
    [
        pytest.param(
            sqlite.dialect(),
            "INSERT INTO teacher (id, name, work_started_on) VALUES (?, ?, ?)",
            id="SQLite",
        ),
        pytest.param(
            psycopg.dialect(),
            "INSERT INTO teacher (id, name, work_started_on) "
            "VALUES (%s::INTEGER, %s::VARCHAR, %s::DATE)",
            id="PostgreSQL, with its casts",
        ),
    ],
)
def test_rows_are_inserted_without_their_empty_columns(dialect, statement):
    connection = Recorder(dialect)
    insert_rows(connection, SMALL)
    assert connection.ran == [
        (statement, [(1, "张伟", "2008-09-01"), (2, "李芳", None)]),
    ]


def test_an_update_names_what_it_expects_to_find():
    connection = Recorder(sqlite.dialect())
    update = RowUpdate(7, {"ends_on": None}, {"ends_on": "2027-08-31"})
    update_rows(connection, UpdateRows(POST.name, [update]))
    ((statement, values),) = connection.ran
    assert statement == "UPDATE post SET ends_on=? WHERE post.id = ? AND post.ends_on IS ?"
    assert values == [("2027-08-31", 7, None)]
