"""Whether a title is held on a day, whatever happened to it, and before that happened."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select
from sqlmodel import SQLModel

from teacherreg import database
from teacherreg.titles.held import AWARD, EVENT, held_on, titles_held, titles_of

from .conftest import Titles

Held = Callable[[str], list[tuple[str, str | None]]]


def test_the_first_and_the_last_day_of_a_term_count(titles: Titles, held: Held) -> None:
    titles.award("2022-09-01", "2025-08-31")
    states = [held(day)[0][0] for day in ("2022-08-31", "2022-09-01", "2025-08-31", "2025-09-01")]
    assert states == ["not_yet", "in_force", "in_force", "expired"]


def test_a_renewal_lengthens_the_term_from_the_day_it_happened(titles: Titles, held: Held) -> None:
    titles.award("2022-09-01", "2025-08-31")
    titles.event("renewed", "2025-10-01", "2028-08-31")
    assert held("2025-09-30") == [("expired", "2025-08-31")]
    assert held("2025-10-01") == [("in_force", "2028-08-31")]
    assert held("2028-09-01") == [("expired", "2028-08-31")]


def test_a_renewal_never_shortens_a_term(titles: Titles, held: Held) -> None:
    titles.award("2022-09-01", "2027-08-31")
    titles.event("renewed", "2023-09-01", "2026-08-31")
    assert held("2027-08-31") == [("in_force", "2027-08-31")]


def test_a_term_ended_early_has_its_last_day_then(titles: Titles, held: Held) -> None:
    titles.award("2022-09-01", "2025-08-31")
    titles.event("expired", "2024-06-30")
    assert held("2024-06-29") == [("in_force", "2025-08-31")]
    assert held("2024-06-30") == [("in_force", "2024-06-30")]
    assert held("2024-07-01") == [("expired", "2024-06-30")]


def test_an_end_noted_late_lengthens_nothing(titles: Titles, held: Held) -> None:
    titles.award("2022-09-01", "2025-08-31")
    titles.event("expired", "2025-10-15")
    assert held("2025-10-15") == [("expired", "2025-08-31")]


def test_a_title_without_a_term_can_be_ended(titles: Titles, held: Held) -> None:
    titles.award("2022-09-01", title_kind="special_grade_teacher", level="province")
    titles.event("expired", "2024-06-30", title_kind="special_grade_teacher", level="province")
    assert held("2030-01-01") == [("expired", "2024-06-30")]


def test_a_suspension_lasts_until_its_last_day_or_until_it_is_resumed(
    titles: Titles, held: Held
) -> None:
    titles.award("2022-09-01", "2027-08-31")
    titles.event("suspended", "2023-03-01", "2023-05-31")
    titles.event("suspended", "2024-03-01")
    titles.event("resumed", "2024-09-01")
    days = ("2023-02-28", "2023-03-01", "2023-05-31", "2023-06-01", "2024-03-01", "2024-08-31")
    assert [held(day)[0][0] for day in (*days, "2024-09-01")] == [
        *("in_force", "suspended", "suspended", "in_force", "suspended", "suspended"),
        "in_force",
    ]


def test_a_title_revoked_by_an_event_comes_back_only_by_a_new_award(
    titles: Titles, held: Held
) -> None:
    titles.award("2020-09-01", "2026-08-31")
    titles.event("revoked", "2023-03-01")
    titles.award("2025-09-01", "2028-08-31")
    assert held("2023-02-28")[0][0] == "in_force"
    assert [state for state, _ in held("2023-03-01")] == ["revoked", "not_yet"]
    assert [state for state, _ in held("2025-09-01")] == ["revoked", "in_force"]


@pytest.mark.parametrize(
    ("event", "state"),
    [
        pytest.param({}, "revoked", id="the same title"),
        pytest.param({"teacher_id": 2}, "in_force", id="somebody else's"),
        pytest.param({"level": "prefecture"}, "in_force", id="of another level"),
        pytest.param({"title_kind": "subject_leader"}, "in_force", id="of another kind"),
        pytest.param({"subject": "chinese"}, "in_force", id="of another subject"),
        pytest.param({"subject": "music"}, "revoked", id="of the same subject"),
        pytest.param({"happened_on": "2022-08-31"}, "in_force", id="before it was awarded"),
    ],
)
def test_an_event_concerns_the_awards_of_its_title(
    titles: Titles, held: Held, event: dict[str, Any], state: str
) -> None:
    titles.award("2022-09-01", subject="music")
    titles.event(**{"event": "revoked", "happened_on": "2023-03-01"} | event)
    assert held("2024-01-01")[0][0] == state


def test_an_event_with_a_subject_concerns_an_award_that_names_none(
    titles: Titles, held: Held
) -> None:
    titles.award("2022-09-01")
    titles.event("revoked", "2023-03-01", subject="music")
    assert held("2024-01-01")[0][0] == "revoked"


def test_a_nomination_changes_nothing(titles: Titles, held: Held) -> None:
    titles.award("2022-09-01", "2025-08-31")
    titles.event("nominated", "2023-03-01")
    assert held("2024-01-01") == [("in_force", "2025-08-31")]


def test_those_held_are_given_with_the_effective_end(titles: Titles) -> None:
    titles.award("2022-09-01", "2025-08-31")
    titles.event("renewed", "2025-09-01", "2028-08-31")
    titles.award("2019-09-01", "2022-08-31", teacher_id=2)
    with titles.engine.connect() as connection:
        everybody = titles_held(connection, date(2026, 1, 1))
        nobody = titles_held(connection, date(2026, 1, 1), [2])
    lasting = (date(2022, 9, 1), date(2028, 8, 31))
    assert everybody.rows() == [
        (1, 1, "backbone_teacher", "county", None, *lasting, "in_force", date(2025, 9, 1))
    ]
    assert nobody.is_empty()
    assert nobody.schema == everybody.schema


DAYS = [date(2022, 9, 1) + timedelta(days=day) for day in range(8)]
days = st.sampled_from(DAYS)
events = st.fixed_dictionaries(
    {
        "event": st.sampled_from(["renewed", "suspended", "resumed", "expired", "revoked"]),
        "happened_on": days,
        "length": st.sampled_from([None, 0, 1, 3]),
        "subject": st.sampled_from([None, "music", "chinese"]),
    }
)
awards = st.fixed_dictionaries(
    {
        "awarded_on": st.one_of(st.none(), days),
        "length": st.sampled_from([None, 0, 2, 4]),
        "revoked_after": st.sampled_from([None, None, 0, 3]),
        "subject": st.sampled_from([None, "music"]),
    }
)


def plainly(award: dict[str, Any], events: list[dict[str, Any]], day: date) -> tuple[str, bool]:
    """Tell the state, and whether it counts where an expired one does, event by event."""
    if award["revoked_on"] is not None and award["revoked_on"] <= day:
        return "revoked", False
    if award["awarded_on"] is None:
        return "undated", False
    if award["awarded_on"] > day:
        return "not_yet", False
    end, ended, suspensions = award["term_ends_on"] or date.max, None, []
    order = ["expired", "suspended", "renewed", "resumed", "revoked"]
    for one in sorted(events, key=lambda e: (e["happened_on"], order.index(e["event"]))):
        same = None in (one["subject"], award["subject"]) or one["subject"] == award["subject"]
        if not same or not award["awarded_on"] <= one["happened_on"] <= day:
            continue
        match one["event"]:
            case "revoked":
                return "revoked", False
            case "renewed":
                end, ended, suspensions = max(end, one["ends_on"] or date.max), None, []
            case "resumed":
                suspensions = []
            case "expired":
                ended = one["happened_on"]
            case "suspended":
                suspensions.append(one["ends_on"] or date.max)
    is_suspended = any(last >= day for last in suspensions)
    if min(end, ended or date.max) < day:
        return "expired", not is_suspended
    return ("suspended", False) if is_suspended else ("in_force", True)


@pytest.fixture(scope="module")
def shared() -> Iterator[Engine]:
    engine = database.make_engine(database.url_of("sqlite://"))
    with engine.begin() as connection:
        SQLModel.metadata.create_all(connection)
        row = {"id": 1, "name": "张三", "unmapped": {}}
        connection.execute(SQLModel.metadata.tables["teacher"].insert(), row)
    yield engine
    engine.dispose()


@settings(max_examples=150)
@given(award=awards, happened=st.lists(events, max_size=4), day=days)
def test_sql_and_a_plain_reading_agree(
    shared: Engine, award: dict[str, Any], happened: list[dict[str, Any]], day: date
) -> None:
    title = {"teacher_id": 1, "title_kind": "backbone_teacher", "level": "county"}
    first, revoked_after = award["awarded_on"], award.pop("revoked_after")
    given_award = title | {
        "subject": award["subject"],
        "awarded_on": first,
        "term_ends_on": _after(first, award["length"]),
        "revoked_on": _after(first, revoked_after),
        "is_term_by_rule": False,
    }
    unique = {(one["event"], one["happened_on"], one["subject"]): one for one in happened}
    given_events = [
        title
        | {name: one[name] for name in ("event", "happened_on", "subject")}
        | {"ends_on": _after(one["happened_on"], one["length"])}
        for one in unique.values()
    ]
    with shared.connect() as connection:
        connection.execute(AWARD.insert(), given_award)
        if given_events:
            connection.execute(EVENT.insert(), given_events)
        state = titles_of(connection, day)["state"].item()
        counted = [
            connection.execute(select(AWARD.c.id).where(held_on(day, count_expired=also))).all()
            for also in (False, True)
        ]
        connection.rollback()
    assert (state, bool(counted[1])) == plainly(given_award, given_events, day)
    assert bool(counted[0]) == (state == "in_force")


def _after(first: date | None, length: int | None) -> date | None:
    return None if first is None or length is None else first + timedelta(days=length)
