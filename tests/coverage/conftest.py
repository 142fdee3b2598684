"""A county written row by row, so that a test says just what matters to it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Connection, Engine
from sqlmodel import SQLModel

from teacherreg.coverage import Coverage
from teacherreg.settings import Settings

Row = dict[str, Any]
IN_ORDER = (
    "school",
    "school_alias",
    "school_stage",
    "enrolment",
    "teacher",
    "post",
    "title_award",
    "title_event",
    "training",
    "rotation",
    "mentoring",
    "conduct_record",
)


@dataclass
class County:
    """Rows of the tables that coverage reads, by table, with numbers given as they come."""

    rows: dict[str, list[Row]] = field(default_factory=lambda: {name: [] for name in IN_ORDER})

    def add(self, table: str, **row: Any) -> int:
        number = len(self.rows[table]) + 1
        self.rows[table].append({"id": number, **row})
        return number

    def school(self, name: str, students: dict[str, int] | None = None, **more: Any) -> int:
        """Add a school, with pupils by stage in the school year 2026-2027 if given."""
        year = more.pop("school_year", "2026-2027")
        row = {
            "county_code": "640199",
            "code": None,
            "school_type": None,
            "township": None,
            "locality": None,
            "parent_school_id": None,
        }
        number = self.add("school", name=name, **row | more)
        for stage, count in (students or {}).items():
            self.enrol(number, stage, count, year)
        return number

    def enrol(self, school: int, stage: str, students: int, year: str = "2026-2027") -> None:
        self.add("enrolment", school_id=school, stage=stage, school_year=year, students=students)

    def teacher(self, school: int | None = None, stage: str | None = "primary", **post: Any) -> int:
        """Add a person, with a post if a school is given."""
        number = self.add(
            "teacher",
            name=f"王{len(self.rows['teacher']) + 1}",
            **dict.fromkeys(("sex", "birth_date", "political_status", "education")),
        )
        if school is not None:
            self.post(number, school, stage, **post)
        return number

    def person(self, teacher: int, **columns: str | None) -> int:
        """Say more about a person."""
        self.rows["teacher"][teacher - 1].update(columns)
        return teacher

    def post(self, teacher: int, school: int, stage: str | None = "primary", **more: Any) -> int:
        row = {
            "subject": None,
            "professional_rank": None,
            "is_full_time_teacher": True,
            "attachment": "home",
            "status": "100",
            "starts_on": None,
            "ends_on": None,
        }
        return self.add("post", teacher_id=teacher, school_id=school, stage=stage, **row | more)

    def title(self, teacher: int, kind: str = "backbone_teacher", **more: Any) -> int:
        """Award a title: by default a county-level one, on 2020-09-01, without a term."""
        row = {
            "level": "county",
            "subject": None,
            "awarded_on": date(2020, 9, 1),
            "term_ends_on": None,
            "is_term_by_rule": False,
            "revoked_on": None,
        }
        return self.add("title_award", teacher_id=teacher, title_kind=kind, **row | more)

    def event(self, teacher: int, event: str, happened_on: date, **more: Any) -> None:
        """Let something happen to the titles that `title` awards by default."""
        row = {"title_kind": "backbone_teacher", "level": "county", "subject": None}
        self.add("title_event", teacher_id=teacher, event=event, happened_on=happened_on,
                 **row | {"ends_on": None} | more)  # fmt: skip

    def train(self, teacher: int, hours: int, ends_on: date) -> None:
        self.add("training", teacher_id=teacher, project=f"研修{hours}", tenths_of_hours=10 * hours,
                 ends_on=ends_on)  # fmt: skip

    def rotate(
        self,
        teacher: int,
        from_school: int,
        to_school: int,
        starts_on: date,
        ends_on: date | None = None,
    ) -> None:
        self.add("rotation", teacher_id=teacher, from_school_id=from_school,
                 to_school_id=to_school, starts_on=starts_on, ends_on=ends_on)  # fmt: skip

    def mentor(self, teacher: int, mentee: int, studio: str | None = None, **more: Any) -> None:
        row = {"starts_on": date(2025, 9, 1), "ends_on": None}
        self.add("mentoring", teacher_id=teacher, mentee_id=mentee, studio=studio, **row | more)

    def holders(self, count: int, school: int, stage: str = "primary") -> None:
        for _ in range(count):
            self.title(self.teacher(school, stage))

    def write(self, connection: Connection) -> None:
        for name in IN_ORDER:
            if self.rows[name]:
                connection.execute(SQLModel.metadata.tables[name].insert(), self.rows[name])


@pytest.fixture
def county() -> County:
    return County()


@pytest.fixture
def ask(engine: Engine, county: County) -> Callable[..., Coverage]:
    """Write the county's rows and give its coverage, under changed settings if any."""

    def asked(**changed: Any) -> Coverage:
        with engine.begin() as connection:
            county.write(connection)
        return Coverage(engine, Settings({key.replace("__", "."): changed[key] for key in changed}))

    return asked
