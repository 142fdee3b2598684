"""A county of a few people, each written with just what matters to a test."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, event
from sqlmodel import SQLModel

from teacherreg import Registry, database
from teacherreg.eligibility import Answer

DAY = date(2026, 9, 1)


def day(text: Any) -> Any:
    """Read what looks like a day; leave everything else."""
    return date.fromisoformat(text) if isinstance(text, str) and text[:1] in "12" else text


def _without_waiting(driver: sqlite3.Connection, _: object) -> None:
    driver.execute("PRAGMA synchronous = OFF")  # a test need not outlive a power cut


class County:
    """Writes rows, and asks about the people."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        engine.dispose()
        event.listen(engine, "connect", _without_waiting)
        self.registry = Registry(engine)
        self.connection: Any = None
        with self.at_once():
            self.add("school", county_code="640199", name="青禾县第一小学")
            self.add("school", county_code="640199", name="青禾县第二小学")

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """Write all rows of a ``with`` block in one transaction."""
        if self.connection is not None:
            yield
            return
        with database.writing(self.engine) as self.connection:
            yield
        self.connection = None

    def add(self, table: str, **row: Any) -> int:
        """Write a row; its number is returned."""
        values = {
            key: day(value) if key.endswith(("_on", "_to")) else value for key, value in row.items()
        }
        with self.at_once():
            done = self.connection.execute(SQLModel.metadata.tables[table].insert(), values)
            return int(done.inserted_primary_key[0])

    def person(self, **more: Any) -> int:
        """Add a person: by default a full-time teacher with the rank of senior teacher."""
        post = {
            "school_id": 1,
            "stage": "primary",
            "professional_rank": "senior_teacher",
            "is_full_time_teacher": True,
            "attachment": "home",
            "status": "100",
        }
        own = {key: more.pop(key) for key in ("birth_date", "work_started_on") if key in more}
        with self.at_once():
            number = self.add("teacher", name=more.pop("name", "张三"), unmapped={}, **own)
            self.add("post", teacher_id=number, **post | more)
        return number

    def nobody(self, **own: Any) -> int:
        """Add a person without a post."""
        return self.add("teacher", name="李四", unmapped={}, **own)

    def sanction(self, person: int, kind: str, decided_on: str, **more: Any) -> int:
        row = {"record_kind": "sanction", "rule_version": "staff_2023"}
        return self.add(
            "conduct_record",
            teacher_id=person,
            sanction_kind=kind,
            decided_on=decided_on,
            **row | more,
        )

    def title(self, person: int, level: str = "county", **more: Any) -> int:
        row = {"title_kind": "subject_leader", "awarded_on": "2022-09-01"}
        return self.add("title_award", teacher_id=person, level=level, **row | more)

    def ask(
        self, person: int, kind: str = "subject_leader", level: str | None = "county", **more: Any
    ) -> Answer:
        more["on"] = day(more.get("on", DAY))
        return self.registry.eligibility(str(person), kind, level=level, **more)


@pytest.fixture
def county(engine: Engine) -> Iterator[County]:
    made = County(engine)
    with made.registry:
        yield made


@pytest.fixture
def told() -> Callable[[Answer], list[tuple[str, str | None]]]:
    """Tell an answer's reasons: each rule, and until when."""
    return lambda answer: [
        (one.rule, one.until.isoformat() if one.until else None) for one in answer.reasons
    ]
