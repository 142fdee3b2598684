"""Each person in service stands once, at the post where he or she counts."""

from datetime import date

from sqlalchemy import Engine

from teacherreg.coverage.cells import Question, count
from teacherreg.coverage.people import people_of_the_day
from teacherreg.coverage.standards import DEFAULT_STANDARD, standard_of

from .conftest import County

DAY = date(2026, 9, 1)


def test_the_people_are_those_whom_the_cells_count(engine: Engine, county: County) -> None:
    first = county.school("甲校", {"primary": 300})
    second = county.school("乙校", {"junior": 100})
    county.holders(2, first)
    plain = county.teacher(first)
    county.post(plain, second, "junior", attachment="visiting")
    county.teacher(second, "junior", status="203")  # away
    expired = county.teacher(second, "junior")
    county.title(expired, term_ends_on=date(2026, 8, 31))
    question = Question(standard_of(DEFAULT_STANDARD), DAY)
    with engine.begin() as connection:
        county.write(connection)
        people = people_of_the_day(connection, question)
        counts = count(connection, question)
    assert people.select("teacher_id", "school", "stage", "is_holder").rows() == [
        (1, "甲校", "primary", True),
        (2, "甲校", "primary", True),
        (3, "甲校", "primary", False),
        (5, "乙校", "junior", False),
    ]
    assert sum(row.teachers for row in counts) == people["is_full_time_teacher"].sum() == 4
    assert sum(row.holders for row in counts) == people["is_holder"].sum() == 2
