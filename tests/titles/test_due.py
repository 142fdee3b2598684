"""Terms that end soon, what is short by then, and what is in order."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from teacherreg.cli import titles as commands
from teacherreg.cli.frame import Session
from teacherreg.development.hours import hours_of
from teacherreg.errors import UsageError
from teacherreg.settings import Settings
from teacherreg.titles.due import Due, titles_due

from .conftest import Titles

NO_DUTIES = {
    f"titles.duties.{name}": 0
    for name in ("mentees", "project", "paper", "demonstration", "rural_visit", "lesson_observed")
}
DAY = "2025-03-01"


@pytest.fixture
def county(titles: Titles) -> Titles:
    """Both persons at a school, with 360 hours of training."""
    titles.add("school", id=1, county_code="640199", name="一小")
    for person in (1, 2):
        post = {"stage": "primary", "is_full_time_teacher": True, "attachment": "home"}
        titles.add("post", teacher_id=person, school_id=1, status="100", **post)
        titles.add(
            "training",
            teacher_id=person,
            project="研修",
            tenths_of_hours=3600,
            ends_on="2024-07-01",
        )
    return titles


def due(engine: Engine, within: int, on: str = DAY, *, everything: bool = True,
        **changed: Any) -> list[Due]:  # fmt: skip
    settings = Settings(NO_DUTIES | {name.replace("__", "."): changed[name] for name in changed})
    with engine.connect() as connection:
        return titles_due(connection, settings, within, date.fromisoformat(on), hours_of,
                          also_in_order=everything)  # fmt: skip


@pytest.mark.parametrize(
    ("ends_on", "is_due"),
    [
        ("2025-02-28", False),  # it has ended
        ("2025-03-01", True),
        ("2025-09-01", True),
        ("2025-09-02", False),
    ],
)
def test_a_term_is_due_from_the_day_to_the_same_day_months_later(
    county: Titles, ends_on: str, is_due: bool
) -> None:
    county.award("2022-09-01", ends_on)
    assert len(due(county.engine, 6)) == int(is_due)


def test_a_renewed_term_is_due_when_the_renewal_ends(county: Titles) -> None:
    county.award("2022-09-01", "2025-08-31")
    county.event("renewed", "2025-02-01", "2028-08-31")
    assert due(county.engine, 12) == []
    (one,) = due(county.engine, 12, on="2028-01-01")
    assert (one.term_began_on, one.term_ends_on) == (date(2025, 2, 1), date(2028, 8, 31))
    (before,) = due(county.engine, 12, on="2025-01-31")
    assert before.term_ends_on == date(2025, 8, 31)


@pytest.mark.parametrize(
    ("award", "event"),
    [
        pytest.param({"title_kind": "excellent_teacher"}, None, id="a commendation"),
        pytest.param({}, "revoked", id="a title revoked"),
        pytest.param({"teacher_id": 3}, None, id="of somebody retired"),
    ],
)
def test_nobody_is_asked_for_what_is_no_title_any_more(
    county: Titles, award: dict[str, Any], event: str | None
) -> None:
    county.add("teacher", id=3, name="王五", unmapped={})
    post = {"stage": "primary", "is_full_time_teacher": True, "attachment": "home"}
    county.add("post", teacher_id=3, school_id=1, status="301", **post)
    county.award("2022-09-01", "2025-08-31", **award)
    if event:
        county.event(event, "2024-09-01")
    assert due(county.engine, 12) == []


def test_what_is_in_order_is_not_listed_unless_all_are_asked_for(county: Titles) -> None:
    county.award("2022-09-01", "2025-08-31")
    county.award("2022-09-01", "2025-08-31", teacher_id=2)
    county.add("review", teacher_id=2, review_kind="title", year=2024, result="unqualified")
    assert [one.name for one in due(county.engine, 6, everything=False)] == ["李四"]
    assert [(one.name, one.is_in_order) for one in due(county.engine, 6)] == [
        ("张三", True),
        ("李四", False),
    ]


def test_hours_that_are_missing_are_short(county: Titles) -> None:
    county.award("2022-09-01", "2025-08-31")
    assert [one.short_tenths for one in due(county.engine, 6)] == [0]
    # The five calendar years 2019 to 2023 hold nothing of 2024.
    county.award("2020-09-01", "2023-12-31", teacher_id=2)
    assert [one.short_tenths for one in due(county.engine, 6, on="2023-09-01")] == [3600]


def activity(county: Titles, kind: str, done_on: str, amount: int = 1, **more: Any) -> None:
    county.add("duty", teacher_id=1, duty_kind=kind, done_on=done_on, amount=amount, **more)


def counts(found: list[Due]) -> list[tuple[str, str, int, int, int]]:
    (one,) = found
    return [
        (count.owed, count.first.isoformat(), count.needed, count.done, count.short)
        for count in one.duties
    ]


def test_each_year_of_the_term_that_has_begun_is_counted_by_itself(county: Titles) -> None:
    county.award("2022-09-01", "2025-08-31")
    activity(county, "paper", "2022-08-31")  # the day before the term
    activity(county, "paper", "2022-09-01")
    activity(county, "paper", "2023-08-31")
    activity(county, "paper", "2024-09-01")
    activity(county, "paper", "2025-03-02")  # not yet
    asked = {"titles__duties__paper": 2}
    assert counts(due(county.engine, 6, **asked)) == [
        ("paper", "2022-09-01", 2, 2, 0),
        ("paper", "2023-09-01", 2, 0, 2),
        ("paper", "2024-09-01", 2, 1, 1),
    ]
    # As of a day in the second year there is no third.
    assert len(counts(due(county.engine, 36, on="2024-08-31", **asked))) == 2


def test_a_county_may_count_over_the_whole_term(county: Titles) -> None:
    county.award("2022-09-01", "2025-08-31")
    activity(county, "lesson_observed", "2022-10-01", 100)
    activity(county, "lesson_observed", "2025-01-01", 19)
    asked = {"titles__duties__lesson_observed": 40, "titles__duty_period": "term"}
    assert counts(due(county.engine, 6, **asked)) == [
        ("lesson_observed", "2022-09-01", 120, 119, 1)
    ]


def test_lessons_and_lectures_count_together_from_county_scope_on(county: Titles) -> None:
    county.award("2024-09-01", "2025-08-31")
    activity(county, "demonstration_lesson", "2024-10-01", level="county")
    activity(county, "lecture", "2024-10-01", level="prefecture")
    activity(county, "lecture", "2024-11-01")  # nobody wrote how far it reached
    activity(county, "lecture", "2024-12-01", level="school")
    asked = {"titles__duties__demonstration": 2}
    assert counts(due(county.engine, 6, **asked)) == [("demonstration", "2024-09-01", 2, 3, 0)]


def test_a_mentee_counts_once_in_each_year_of_mentoring(county: Titles) -> None:
    county.award("2022-09-01", "2025-08-31")
    pair = {"teacher_id": 1, "mentee_id": 2}
    county.add("mentoring", **pair, starts_on="2022-09-01", ends_on="2023-09-01")
    county.add("mentoring", **pair, starts_on="2022-10-01", ends_on="2022-12-31", studio="工作室")
    county.add("mentoring", **pair, starts_on="2025-04-01", ends_on=None)  # not yet
    asked = {"titles__duties__mentees": 1}
    assert counts(due(county.engine, 6, **asked)) == [
        ("mentees", "2022-09-01", 1, 1, 0),
        ("mentees", "2023-09-01", 1, 1, 0),
        ("mentees", "2024-09-01", 1, 0, 1),
    ]


def test_a_kind_without_duties_owes_none(county: Titles) -> None:
    county.award("2022-09-01", "2025-08-31", title_kind="master_principal")
    assert counts(due(county.engine, 6, titles__duties__paper=1)) == []


def test_reviews_unqualified_in_a_row_are_told(county: Titles) -> None:
    county.award("2021-09-01", "2025-08-31")
    for year, result, more in (
        (2020, "unqualified", {}),  # before the term
        (2022, "unqualified", {"title_kind": "backbone_teacher"}),
        (2023, "qualified", {}),
        (2024, "unqualified", {"title_kind": "backbone_teacher", "level": "county"}),
        (2023, "unqualified", {"title_kind": "subject_leader"}),  # of another title
        (2025, "unqualified", {"reviewed_on": "2025-03-02"}),  # not yet
    ):
        row = {"title_kind": None, "level": None, "reviewed_on": None} | more
        county.add("review", teacher_id=1, review_kind="title", year=year, result=result, **row)
    (one,) = due(county.engine, 6)
    assert (one.unqualified_years, one.is_to_be_cancelled) == ((2022, 2024), False)
    (later,) = due(county.engine, 6, on="2025-03-02")
    assert (later.unqualified_years, later.is_to_be_cancelled) == ((2022, 2024, 2025), True)


def test_the_command_gives_text_json_and_csv(
    county: Titles, registry_path: Path, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    county.award("2022-09-01", "2025-08-31", subject="chinese")
    asked = ("due", "--within", "6", "--on", DAY)

    def said(*more: str) -> str:
        commands.title.main([*asked, *more], standalone_mode=False, obj=Session(str(registry_path)))
        return capsys.readouterr().out

    (found,) = json.loads(said("--format", "json"))["titles"]
    assert (found["name"], found["term_ends_on"], found["in_order"]) == (
        "张三",
        "2025-08-31",
        False,
    )
    assert found["duties"][0] == {
        "duty": "mentees", "from": "2022-09-01", "to": "2023-08-31",
        "needed": 1, "done": 0, "short": 1,
    }  # fmt: skip
    text = said()
    assert "张三" in text
    assert "mentees 0/1" in text
    assert "Still short" in said("--format", "csv").splitlines()[0]


def test_months_without_sense_are_refused_and_the_end_of_time_is_not_passed(
    county: Titles,
) -> None:
    for months in (-1, 601):
        with pytest.raises(UsageError) as refused:
            due(county.engine, months)
        assert refused.value.code == "due-months"
    assert due(county.engine, 600, on="9990-01-01") == []
