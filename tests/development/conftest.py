"""A county written row by row: people at schools, what they did and since when."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Connection, Engine
from sqlmodel import SQLModel

HOME = {"stage": "primary", "is_full_time_teacher": True, "attachment": "home", "status": "100"}


def day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


class County:
    """Writes rows; every number is given as it comes."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def add(self, table: str, **row: Any) -> int:
        values = {key: day(v) if key.endswith("_on") else v for key, v in row.items()}
        made = self.connection.execute(SQLModel.metadata.tables[table].insert(), values)
        return int(made.inserted_primary_key[0]) if made.inserted_primary_key else 0

    def school(self, name: str) -> int:
        return self.add("school", county_code="640199", name=name)

    def teacher(self, name: str = "王强", school: int | None = None, **more: Any) -> int:
        """Add a person, with a home post from ``since`` (before records if not given)."""
        post = {key: more.pop(key) for key in tuple(more) if key in {*HOME, "ends_on"}}
        post |= {key: more.pop(key) for key in ("staff_category",) if key in more}
        rank, since = more.pop("professional_rank", None), more.pop("since", None)
        person = self.add("teacher", name=name, unmapped=None, **more)
        if school is not None:
            self.post(person, school, since, professional_rank=rank, **post)
        return person

    def post(self, person: int, school: int, since: str | None, **more: Any) -> int:
        row = {**HOME, "starts_on": since, **more}
        return self.add("post", teacher_id=person, school_id=school, **row)

    def course(self, person: int, tenths: int, ends_on: str) -> None:
        number = self.connection.exec_driver_sql("SELECT count(*) FROM training").scalar_one()
        self.add(
            "training",
            teacher_id=person,
            project=f"研修 {number}",
            tenths_of_hours=tenths,
            ends_on=ends_on,
        )


@pytest.fixture
def county(engine: Engine) -> Iterator[County]:
    with engine.begin() as connection:
        yield County(connection)
