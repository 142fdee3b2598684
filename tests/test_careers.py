"""The tables of careers: made by migration, named in both languages, seen by whom they concern."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import CheckConstraint, Connection, Engine, inspect, select
from sqlalchemy.exc import IntegrityError

from teacherreg import database, migrations
from teacherreg.codes import code_table
from teacherreg.codes.columns import Audience, column_of
from teacherreg.intake.shown import column_label, is_told, masked
from teacherreg.intake.tables import (
    CONDUCT_RECORD,
    CORRECTIVE_ITEM,
    DUTY,
    EDUCATION_SESSION,
    ETHICS_CASE,
    FILLED,
    MENTORING,
    REVIEW,
    ROTATION,
    SUPERVISION,
    TEACHER,
    TITLE_EVENT,
    TRAINING,
    table,
)
from teacherreg.intake.whose import whose
from teacherreg.locale import LANGUAGES, speaking, t
from teacherreg.models import (
    AppealResult,
    PersonCategory,
    ReviewKind,
    SQLModel,
    TitleEventKind,
)

# An event of a title may come from a sanction.
ABOUT_CONDUCT = (CONDUCT_RECORD, REVIEW, ETHICS_CASE, CORRECTIVE_ITEM, TITLE_EVENT)
FOR_LEADERS = (TRAINING, DUTY, MENTORING, ROTATION, SUPERVISION)


@pytest.fixture
def people(engine: Engine) -> Engine:
    with database.writing(engine) as connection:
        for school in (1, 2):
            row = {"id": school, "county_code": "640199", "name": f"{school}小"}
            connection.execute(table("school").insert(), row)
        for person, name in ((1, "张三"), (2, "李四")):
            connection.execute(TEACHER.insert(), {"id": person, "name": name, "unmapped": {}})
    return engine


def add(connection: Connection, name: str, **values: Any) -> None:
    row = {
        key: date.fromisoformat(value) if key.endswith("_on") or key == "extended_to" else value
        for key, value in values.items()
    }
    connection.execute(table(name).insert(), row)


def test_every_check_is_made_by_the_migrations(engine: Engine) -> None:
    found = inspect(engine)
    for made in SQLModel.metadata.sorted_tables:
        wanted = {c for c in made.constraints if isinstance(c, CheckConstraint)}
        checks = found.get_check_constraints(made.name)
        assert {one["sqltext"] for one in checks} == {str(c.sqltext) for c in wanted}, made.name
        if made in (*ABOUT_CONDUCT, *FOR_LEADERS):  # a later migration drops them by name
            assert {one["name"] for one in checks} == {c.name for c in wanted}


def test_a_registry_of_the_third_version_keeps_its_conduct_records(registry_path: Path) -> None:
    registry_path.touch()
    older = database.make_engine(database.url_of(registry_path))
    with database.writing(older) as connection:
        migrations.upgrade(connection, to="0003")
        connection.exec_driver_sql("INSERT INTO county VALUES ('640199', '青禾县')")
        connection.exec_driver_sql(
            "INSERT INTO teacher (id, name, unmapped) VALUES (7, '张三', '{}')"
        )
        connection.exec_driver_sql(
            "INSERT INTO conduct_record (id, teacher_id, record_kind, sanction_kind, decided_on,"
            " ends_on, rule_version)"
            " VALUES (3, 7, 'sanction', 'warning', '2024-03-15', '2024-09-15', 'staff_2023')"
        )
    older.dispose()

    engine = database.open_existing(registry_path)

    again = {"teacher_id": 7, "record_kind": "sanction", "sanction_kind": "warning"}
    with engine.connect() as connection:
        assert connection.exec_driver_sql(
            "SELECT id, teacher_id, ends_on, rule_version, person_category, annulled_on"
            " FROM conduct_record"
        ).all() == [(3, 7, "2024-09-15", "staff_2023", None, None)]
    with pytest.raises(IntegrityError), database.writing(engine) as connection:
        add(connection, "conduct_record", **again, decided_on="2024-03-15")
    with database.writing(engine) as connection:
        add(connection, "conduct_record", **again, decided_on="2026-03-15")
    engine.dispose()
    database.require_sound(registry_path)


TITLE = {"teacher_id": 1, "title_kind": "backbone_teacher", "level": "county"}
SANCTION = {"teacher_id": 1, "record_kind": "sanction", "sanction_kind": "warning"}
COURSE = {"teacher_id": 1, "project": "国培", "ends_on": "2026-07-20"}
REFUSED = [
    pytest.param(
        "title_event",
        TITLE | {"event": "awarded", "happened_on": "2026-09-01"},
        id="award as event",
    ),
    pytest.param(
        "title_event",
        TITLE | {"event": "renewed", "happened_on": "2026-09-01", "ends_on": "2026-08-31"},
        id="renewed until before",
    ),
    pytest.param(
        "review",
        {"teacher_id": 1, "review_kind": "annual", "year": 2025, "result": "qualified"}
        | {"title_kind": "backbone_teacher"},
        id="yearly review of a title",
    ),
    pytest.param("training", COURSE | {"tenths_of_hours": 0}, id="no hours"),
    pytest.param(
        "duty",
        {"teacher_id": 1, "duty_kind": "paper", "done_on": "2026-05-01", "amount": 0},
        id="nothing done",
    ),
    pytest.param(
        "mentoring",
        {"teacher_id": 1, "mentee_id": 1, "starts_on": "2026-09-01"},
        id="mentor of oneself",
    ),
    pytest.param(
        "rotation",
        {"teacher_id": 1, "from_school_id": 1, "to_school_id": 1, "starts_on": "2026-09-01"},
        id="moved to the same school",
    ),
    pytest.param(
        "corrective_item", {"ethics_case_id": 9, "item": "开展自查"}, id="item of no case"
    ),
    pytest.param(
        "education_session",
        {"held_on": "2026-03-05", "topic": "警示教育", "attended": -1},
        id="fewer than nobody",
    ),
    pytest.param(
        "conduct_record",
        SANCTION | {"decided_on": "2024-03-15", "person_category": "pupil"},
        id="category",
    ),
    pytest.param(
        "conduct_record",
        SANCTION | {"decided_on": "2024-03-15", "annulled_on": "2024-03-14"},
        id="annulled before it was decided",
    ),
    pytest.param(
        "conduct_record",
        SANCTION
        | {"decided_on": "2024-03-15", "ends_on": "2024-09-15", "extended_to": "2024-09-14"},
        id="extended to an earlier day",
    ),
]


@pytest.mark.parametrize(("name", "row"), REFUSED)
def test_the_database_refuses(people: Engine, name: str, row: Mapping[str, Any]) -> None:
    with pytest.raises(IntegrityError), database.writing(people) as connection:
        add(connection, name, **row)


def test_one_pair_may_be_mentor_and_mentee_and_also_of_one_studio(people: Engine) -> None:
    pair = {"teacher_id": 1, "mentee_id": 2, "starts_on": "2026-09-01"}
    with database.writing(people) as connection:
        add(connection, "mentoring", **pair)
        add(connection, "mentoring", **pair, studio="张三名师工作室")
        with pytest.raises(IntegrityError):
            add(connection, "mentoring", **pair)


def test_hours_in_tenths_add_up_exactly(people: Engine) -> None:
    with database.writing(people) as connection:
        for number in range(10):  # ten times 0.1 hours are one hour
            add(connection, "training", **COURSE | {"project": str(number)}, tenths_of_hours=1)
        assert sum(connection.execute(select(TRAINING.c.tenths_of_hours)).scalars()) == 10


def test_what_is_about_nobody_is_named_by_number_or_day(people: Engine) -> None:
    with database.writing(people) as connection:
        add(connection, "ethics_case", id=4, case_no="2026-01", topic="有偿补课")
        add(connection, "corrective_item", id=5, ethics_case_id=4, item="开展自查")
        add(connection, "education_session", id=6, held_on="2026-03-05", topic="有偿补课")
        add(connection, "supervision", id=7, teacher_id=2, school_id=1, starts_on="2026-09-01")
        assert whose(connection, ETHICS_CASE, [4]) == {4: "2026-01"}
        assert whose(connection, CORRECTIVE_ITEM, [5]) == {5: "2026-01"}
        assert whose(connection, EDUCATION_SESSION, [6]) == {6: "2026-03-05"}
        assert whose(connection, SUPERVISION, [7]) == {7: "李四"}


@pytest.mark.parametrize("which", FILLED, ids=str)
def test_each_filled_table_and_column_has_a_name(which: Any) -> None:
    for lang in LANGUAGES:
        with speaking(lang):
            assert t(f"imports.stored.{which.name}")
    with speaking("zh"):
        for column in which.c:
            if is_told(column.name) and column.name not in {"school_id", "county_code"}:
                assert column_label(which.name, column.name) != column.name


def seen(column: str, audience: Audience) -> str:
    return column_of("*", column).visible_to(audience)


SHARED = {"id", "teacher_id", "title_kind", "level", "subject", "ends_on", "issuer", "document_no"}


@pytest.mark.parametrize("which", ABOUT_CONDUCT, ids=str)
def test_what_is_about_conduct_reaches_discipline_officers_alone(which: Any) -> None:
    for column in set(which.c.keys()) - SHARED:
        assert [seen(column, one) for one in ("overview", "staff", "conduct")] == [
            "none",
            "none",
            "whole",
        ], column


@pytest.mark.parametrize("which", FOR_LEADERS, ids=str)
def test_leaders_see_a_career_and_the_public_sees_none_of_it(which: Any) -> None:
    for column in set(which.c.keys()) - {"id", "title_kind", "level", "subject", "school_id"}:
        assert (seen(column, "overview"), seen(column, "staff")) == ("none", "whole"), column


def test_a_screen_shows_no_words_on_conduct() -> None:
    assert masked("ethics_case", "topic", "有偿补课") == "***"
    assert masked("corrective_item", "item", "开展自查") == "***"
    assert masked("education_session", "topic", "有偿补课") == "***"
    assert masked("review", "result", "unqualified") == "***"
    assert masked("duty", "theme", "分数的意义") == "分数的意义"


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("title_events", {*TitleEventKind, "awarded"}),  # an award is a row of its own
        ("review_kinds", {*ReviewKind}),
        ("person_categories", {*PersonCategory}),
        ("appeal_results", {*AppealResult}),
    ],
)
def test_code_tables_and_the_database_know_the_same_codes(name: str, codes: set[str]) -> None:
    assert set(code_table(name).codes) == codes
