"""One person's file: in order of time, as it was on a day, and as each audience sees it."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import SQLModel

from teacherreg import Registry, database
from teacherreg.careers import PARTS, PUBLISHED, PersonFile
from teacherreg.codes.columns import Audience
from teacherreg.publish.site import TABLES_OF

SECRET = "暗号海棠"
NUMBER, PHONE = "640199198503150012", "13900001234"
SCHOOLS = [{"id": 1, "name": "第一小学"}, {"id": 2, "name": "沙沟小学"}]
PEOPLE = [
    {
        "id": 1,
        "name": "张三",
        "id_number": NUMBER,
        "staff_no": "007",
        "birth_date": "1985-03-15",
        "political_status": "01",
        "party_joined_on": "2008-07-01",
        "phone": PHONE,
        "unmapped": {"备注": SECRET},
    },
    {"id": 2, "name": "李四"},
    {"id": 3, "name": "王五"},
]
TITLE = {"teacher_id": 1, "title_kind": "backbone_teacher", "level": "county"}
ROWS: list[tuple[str, dict[str, Any]]] = [
    *(
        ("post", {"teacher_id": 1, "school_id": school, "status": "100", **days})
        for school, days in (
            (1, {"starts_on": "2008-09-01", "ends_on": "2020-08-31"}),
            (2, {"starts_on": "2020-09-01"}),
        )
    ),
    ("title_award", TITLE | {"awarded_on": "2022-09-01", "term_ends_on": "2025-08-31"}),
    ("title_event", TITLE | {"event": "nominated", "happened_on": "2022-03-01"}),
    *(
        ("training", {"teacher_id": 1, "project": name, "tenths_of_hours": t, "ends_on": day})
        for name, t, day in (
            ("国培", 720, "2024-07-20"),
            ("校本", 45, "2024-12-31"),
            ("县培", 20, "2026-03-01"),
        )
    ),
    ("review", {"teacher_id": 1, "review_kind": "annual", "year": 2025, "result": "excellent"}),
    ("duty", {"teacher_id": 1, "duty_kind": "paper", "done_on": "2023-05-01", "theme": "分数"}),
    ("mentoring", {"teacher_id": 1, "mentee_id": 2, "starts_on": "2023-09-01"}),
    ("mentoring", {"teacher_id": 3, "mentee_id": 1, "starts_on": "2009-09-01"}),
    (
        "rotation",
        {"teacher_id": 1, "from_school_id": 1, "to_school_id": 2, "starts_on": "2018-09-01"},
    ),
    ("supervision", {"teacher_id": 1, "team": "督导专家组", "starts_on": "2024-01-01"}),
    (
        "conduct_record",
        {
            "teacher_id": 1,
            "record_kind": "sanction",
            "sanction_kind": "warning",
            "decided_on": "2021-03-15",
            "ends_on": "2021-09-15",
            "released_on": "2021-09-20",
            "released_by": "青禾县教育局",
            "summary": SECRET,
        },
    ),
]


def dated(row: dict[str, Any]) -> dict[str, Any]:
    return {
        key: date.fromisoformat(value) if key.endswith("_on") else value
        for key, value in row.items()
    }


@pytest.fixture
def registry(engine: Engine) -> Registry:
    tables = SQLModel.metadata.tables
    home = {"is_full_time_teacher": True, "attachment": "home", "stage": "primary"}
    with database.writing(engine) as connection:
        for school in SCHOOLS:
            connection.execute(tables["school"].insert(), school | {"county_code": "640199"})
        for person in PEOPLE:
            connection.execute(tables["teacher"].insert(), dated(person))
        for name, row in ROWS:
            more: dict[str, Any] = {"post": home, "title_award": {"is_term_by_rule": False}}.get(
                name, {}
            )
            connection.execute(tables[name].insert(), more | dated(row))
    return Registry(engine)


def counts(person: PersonFile) -> dict[str, int]:
    return {name: len(rows) for name, rows in person.parts.items() if rows}


EVERYTHING = {part.name: 1 for part in PARTS} | {"posts": 2, "training": 3, "mentoring": 2}


def test_everything_dated_is_in_the_file_in_order_of_time(registry: Registry) -> None:
    person = registry.teacher("007")
    assert counts(person) == EVERYTHING
    assert [post["school"] for post in person.parts["posts"]] == ["第一小学", "沙沟小学"]
    assert [(row["mentor"], row["mentee"]) for row in person.parts["mentoring"]] == [
        ("王五", "张三"),
        ("张三", "李四"),
    ]
    assert [row["project"] for row in person.parts["training"]] == ["国培", "校本", "县培"]
    assert dict(person.tenths_by_year) == {2024: 765, 2026: 20}


def test_numbers_are_masked_and_columns_nobody_knows_stay_where_they_are(
    registry: Registry,
) -> None:
    person = registry.teacher("007").person
    assert (person["id_number"], person["phone"]) == ("640199********0012", "139****1234")
    assert "unmapped" not in person


@pytest.mark.parametrize(
    ("on", "known"),
    [
        pytest.param("2008-08-31", {}, id="before all"),
        pytest.param(
            "2021-03-15",
            {"posts": 2, "mentoring": 1, "rotations": 1, "conduct": 1},
            id="on the day of a decision",
        ),
        pytest.param(
            "2025-12-31", EVERYTHING | {"training": 2}, id="at the end of the year reviewed"
        ),
    ],
)
def test_what_came_later_is_not_in_the_file_of_a_past_day(
    registry: Registry, on: str, known: dict[str, int]
) -> None:
    assert counts(registry.teacher("007", on=date.fromisoformat(on))) == known


def test_a_review_of_a_year_is_known_from_its_last_day(registry: Registry) -> None:
    assert registry.teacher("007", on=date(2025, 12, 30)).parts["reviews"] == []
    assert len(registry.teacher("007", on=date(2025, 12, 31)).parts["reviews"]) == 1


def test_a_later_end_or_release_is_not_told_on_a_past_day(registry: Registry) -> None:
    then = registry.teacher("007", on=date(2020, 8, 30))
    assert then.parts["posts"][0]["ends_on"] is None
    decided = registry.teacher("007", on=date(2021, 9, 19)).parts["conduct"][0]
    assert (decided["released_on"], decided["released_by"]) == (None, None)
    assert decided["ends_on"] == date(2021, 9, 15)
    released = registry.teacher("007", on=date(2021, 9, 20)).parts["conduct"][0]
    assert released["released_by"] == "青禾县教育局"


@pytest.mark.parametrize(("on", "held"), [("2025-08-31", True), ("2025-09-01", False)])
def test_a_title_is_held_through_the_last_day_of_its_term(
    registry: Registry, on: str, held: bool
) -> None:
    title = registry.teacher("007", on=date.fromisoformat(on)).parts["titles"][0]
    assert title["is_held"] is held


def test_five_years_of_training_are_added_up(registry: Registry) -> None:
    document = registry.teacher("007", on=date(2026, 9, 1)).to_document()
    assert document["training_by_year"] == [
        {"year": 2024, "hours": 76.5},
        {"year": 2026, "hours": 2.0},
    ]
    assert document["training_of_five_years"] == {
        "from": "2022-01-01",
        "to": "2026-09-01",
        "hours": 78.5,
        "needed_hours": 360.0,
        "short_hours": 281.5,
    }


def test_leaders_see_a_career_and_nothing_on_conduct(registry: Registry) -> None:
    person = registry.teacher("007", audience="staff")
    assert counts(person) == {k: v for k, v in EVERYTHING.items() if k in PUBLISHED["staff"]}
    assert person.person["birth_year"] == 1985
    assert "birth_date" not in person.person
    assert person.person["id_number"] == "640199********0012"
    assert SECRET not in str(person.to_document())
    assert "warning" not in str(person.to_document())


def test_discipline_officers_see_records_and_names_alone(registry: Registry) -> None:
    person = registry.teacher("007", on=date(2021, 4, 1), audience="conduct")
    assert person.parts["conduct"][0]["summary"] == SECRET
    assert set(person.person) == {"id", "name"}
    assert counts(person) == {"conduct": 1}


def test_an_audience_is_shown_the_parts_that_its_published_file_holds() -> None:
    tables = {room: {table.name for table in found} for room, found in TABLES_OF.items()}
    assert tables["staff"] - {"teachers", "schools"} == PUBLISHED["staff"]
    assert "records" in tables["conduct"]


def test_what_is_over_leaves_the_view_of_discipline_officers_as_it_leaves_their_room(
    registry: Registry,
) -> None:
    assert counts(registry.teacher("007", audience="conduct")) == {}
    assert registry.teacher("007").parts["conduct"][0]["state"] == "released"
    registry.change_setting("ethics.hide_released", "no")
    assert counts(registry.teacher("007", audience="conduct")) == {"conduct": 1}


def test_the_public_sees_nothing_about_a_person(registry: Registry) -> None:
    person = registry.teacher("007", audience="overview")
    assert (person.person, counts(person), dict(person.tenths_by_year)) == ({}, {}, {})
    document = str(person.to_document())
    assert not any(word in document for word in ("张三", "第一小学", "backbone_teacher", "007"))


@pytest.mark.parametrize("audience", ["staff", "conduct"])
def test_no_audience_sees_a_column_that_the_catalogue_gives_it_not(
    registry: Registry, audience: Audience
) -> None:
    from teacherreg.codes.columns import column_of

    person = registry.teacher("007", audience=audience)
    rows = [person.person, *(row for rows in person.parts.values() for row in rows)]
    for column in {name for row in rows for name in row}:
        assert column_of("*", column).visible_to(audience) != "none", column
