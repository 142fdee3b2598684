"""What is open on a day, and what of it is told to whom."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from teacherreg.conduct.open_matters import OpenMatters, open_matters
from teacherreg.models import (
    ConductRecord,
    CorrectiveItem,
    EducationSession,
    EthicsCase,
    School,
    Supervision,
    Teacher,
)
from teacherreg.settings import Settings

ON = date(2026, 9, 1)


@pytest.fixture
def matters(engine: Engine) -> Engine:
    warned = {"record_kind": "sanction", "sanction_kind": "warning", "rule_version": "staff_2023"}
    with Session(engine) as session:
        session.add(Teacher(id=1, name="张三丰", unmapped={}))
        session.add(School(id=1, county_code="640199", name="一小"))
        session.add(EthicsCase(id=1, case_no="2026-01", topic="有偿补课"))
        session.flush()
        for item, due_on, closed_on in (
            ("甲", date(2026, 8, 31), None),
            ("乙", date(2026, 9, 1), None),
            ("丙", None, None),
            ("丁", date(2026, 6, 30), date(2026, 9, 1)),
        ):
            session.add(
                CorrectiveItem(ethics_case_id=1, item=item, due_on=due_on, closed_on=closed_on)
            )
        for number, month, released_on in ((1, 1, None), (2, 2, date(2026, 8, 20)), (3, 6, None)):
            session.add(
                ConductRecord(
                    id=number,
                    teacher_id=1,
                    decided_on=date(2025, month, 10),
                    ends_on=date(2025, month + 6, 10),
                    released_on=released_on,
                    **warned,
                )
            )
        for held_on in (date(2025, 12, 31), date(2026, 3, 5), date(2026, 9, 2)):
            session.add(EducationSession(held_on=held_on, topic="有偿补课"))
        for school, starts_on, ends_on in (
            (1, date(2023, 10, 1), date(2026, 9, 30)),  # ends within three months
            (None, date(2023, 12, 2), date(2026, 12, 2)),  # a day more than three months
            (None, date(2020, 9, 1), date(2023, 9, 1)),  # over, and another follows
        ):
            session.add(
                Supervision(
                    teacher_id=1, team="督导组", school_id=school, starts_on=starts_on,
                    ends_on=ends_on,
                )
            )  # fmt: skip
        session.commit()
    return engine


def asked(engine: Engine, on: date = ON, within: int = 3, **settings: int) -> OpenMatters:
    changed = {f"ethics.{name}": value for name, value in settings.items()}
    with engine.connect() as connection:
        return open_matters(connection, Settings(changed), on, within)


def test_what_is_to_be_mended_is_listed_by_its_due_day(matters: Engine) -> None:
    assert [(one.item, one.is_overdue) for one in asked(matters).items] == [
        ("甲", True),
        ("乙", False),
        ("丙", False),
    ]
    assert [one.item for one in asked(matters, date(2026, 8, 31)).items] == ["丁", "甲", "乙", "丙"]


def test_sanctions_that_ended_without_a_release_are_listed(matters: Engine) -> None:
    # 1 to 2025-07-10; 2 from 2025-02-10 to 2026-01-10 with what remained; 3 to 2026-07-10
    found = asked(matters).unreleased
    assert [(one.record_id, one.ended_on) for one in found] == [
        (1, date(2025, 7, 10)),
        (3, date(2026, 7, 10)),
    ]
    before_release = asked(matters, date(2026, 8, 19)).unreleased
    assert [one.record_id for one in before_release] == [1, 2, 3]


@pytest.mark.parametrize(("wanted", "missing"), [(0, 0), (1, 0), (2, 1), (4, 3)])
def test_sessions_are_missing_where_the_county_wants_some(
    matters: Engine, wanted: int, missing: int
) -> None:
    found = asked(matters, sessions_per_year=wanted)
    assert (found.sessions_held, found.sessions_missing) == (1, missing)


def test_terms_that_end_soon_are_listed(matters: Engine) -> None:
    assert [one.ends_on for one in asked(matters).terms] == [date(2026, 9, 30)]
    assert len(asked(matters, within=4).terms) == 2
    assert asked(matters, date(2023, 9, 1)).terms == ()  # another term is on file


def test_names_are_told_only_where_they_are_asked_for(matters: Engine) -> None:
    found = asked(matters)
    document: dict[str, Any] = found.to_document()
    assert "张三丰" not in str(document)
    assert "甲" not in str(document)
    assert document["sanctions"][0] == {
        "record": 1,
        "teacher": 1,
        "sanction_kind": "warning",
        "decided_on": "2025-01-10",
        "ended_on": "2025-07-10",
    }
    whole = found.to_document(names=True)
    assert (whole["sanctions"][0]["name"], whole["corrective_items"][0]["item"]) == ("张三丰", "甲")


def test_nothing_is_open_in_an_empty_registry(engine: Engine) -> None:
    assert asked(engine).is_empty
