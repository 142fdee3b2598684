"""The one statement that counts is portable, and its answer is numbers."""

from datetime import date

import pytest
from sqlalchemy import Engine
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect

from teacherreg.coverage.cells import Count, Question, count, school_year_of, statement
from teacherreg.coverage.standards import DEFAULT_STANDARD, standard_of

from .conftest import County

NUMBERS = ("students", "persons", "teachers", "holders", "visitors")
QUESTION = Question(standard_of(DEFAULT_STANDARD), date(2026, 9, 1), by_person=("subject",))


@pytest.mark.parametrize("dialect", [sqlite.dialect(), postgresql.dialect()], ids=lambda d: d.name)
@pytest.mark.parametrize("by_person", [("subject",), ()])
def test_it_is_one_statement_in_both_databases(
    dialect: Dialect, by_person: tuple[str, ...]
) -> None:
    question = Question(QUESTION.standard, QUESTION.on, by_person=by_person)
    text = str(statement(question).compile(dialect=dialect))
    assert text.count(";") == 0
    assert text.upper().count("GROUP BY") >= 2
    assert "julianday" not in text


def test_no_column_of_it_is_about_a_person() -> None:
    columns = [column.name for column in statement(QUESTION).selected_columns]
    assert columns == list(Count._fields)
    assert not {"teacher_id", "name", "id_number"} & set(columns)


def test_its_numbers_are_whole_numbers(engine: Engine, county: County) -> None:
    county.holders(2, county.school("一小", {"primary": 100}))
    with engine.begin() as connection:
        county.write(connection)
        rows = count(connection, QUESTION)
    assert {type(getattr(row, name)) for row in rows for name in NUMBERS} == {int}


@pytest.mark.parametrize(
    ("day", "year"),
    [("2026-08-31", "2025-2026"), ("2026-09-01", "2026-2027"), ("2027-01-01", "2026-2027")],
)
def test_a_school_year_begins_on_1_september(day: str, year: str) -> None:
    assert school_year_of(date.fromisoformat(day)) == year
