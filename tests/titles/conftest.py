"""A registry with two persons, to give titles to row by row."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import SQLModel

from teacherreg import database
from teacherreg.titles.held import titles_of

TITLE = {"title_kind": "backbone_teacher", "level": "county", "subject": None}


class Titles:
    """Writes awards and what happened to them later."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def add(self, table: str, **row: Any) -> None:
        days = {
            name: date.fromisoformat(value)
            for name, value in row.items()
            if name.endswith("_on") and value is not None
        }
        with database.writing(self.engine) as connection:
            connection.execute(SQLModel.metadata.tables[table].insert(), row | days)

    def award(self, awarded_on: str | None, term_ends_on: str | None = None, **more: Any) -> None:
        row = {"teacher_id": 1, "awarded_on": awarded_on, "term_ends_on": term_ends_on}
        self.add("title_award", **TITLE | {"is_term_by_rule": False} | row | more)

    def event(self, event: str, happened_on: str, ends_on: str | None = None, **more: Any) -> None:
        row = {"teacher_id": 1, "event": event, "happened_on": happened_on, "ends_on": ends_on}
        self.add("title_event", **TITLE | row | more)


@pytest.fixture
def titles(engine: Engine) -> Titles:
    made = Titles(engine)
    for number, name in ((1, "张三"), (2, "李四")):
        made.add("teacher", id=number, name=name, unmapped={})
    return made


@pytest.fixture
def held(titles: Titles) -> Callable[[str], list[tuple[str, str | None]]]:
    """Tell the state and the last day of each award, as of a day."""

    def asked(day: str) -> list[tuple[str, str | None]]:
        with titles.engine.connect() as connection:
            rows = titles_of(connection, date.fromisoformat(day))
        return [
            (state, None if ends is None else ends.isoformat())
            for state, ends in rows.select("state", "term_ends_on").iter_rows()
        ]

    return asked
