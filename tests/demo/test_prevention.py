"""The made-up county's duties, cases, sessions and supervisors hang together."""

import random
from collections import Counter, defaultdict
from datetime import date

import pytest

from teacherreg.conduct.pupils import names_pupil
from teacherreg.demo.make import populate
from teacherreg.demo.tables import table
from teacherreg.titles.duties import COUNTED, OWED

ON = date(2026, 9, 15)


@pytest.fixture(scope="module")
def county():
    return populate(900, random.Random(2), 2, ON)


def test_the_same_seed_draws_the_same_lists_and_another_draws_others(county):
    again = populate(900, random.Random(2), 2, ON)
    assert (again.duties, again.prevention) == (county.duties, county.prevention)
    other = populate(900, random.Random(3), 3, ON)
    assert other.duties != county.duties
    assert other.prevention.cases != county.prevention.cases


def test_only_holders_of_a_title_have_duties_and_none_lies_ahead(county):
    holders = {award.person.id_number for award in county.awards}
    assert len(county.duties) > 200
    assert {row["id_number"] for row in county.duties} <= holders
    assert max(row["done_on"] for row in county.duties) <= ON.isoformat()


def test_every_kind_of_duty_that_is_owed_is_drawn():
    drawn = {activity["kind"] for activity in table("duties")["activities"]}
    assert all(drawn & set(kinds) for kinds in COUNTED.values())
    assert set(OWED) - set(COUNTED) == {"mentees"}  # these are on the list of mentors


def test_nobody_does_two_things_of_one_kind_on_one_day(county):
    seen = Counter((row["id_number"], row["duty_kind"], row["done_on"]) for row in county.duties)
    assert max(seen.values()) == 1


def test_a_case_is_told_once_and_every_item_is_due_after_it(county):
    by_case = defaultdict(list)
    for row in county.prevention.cases:
        by_case[row["case_no"]].append(row)
    assert len(by_case) >= 6
    for rows in by_case.values():
        first, *others = rows
        assert first["topic"]
        assert first["circulated_on"] <= ON.isoformat()
        assert all("topic" not in row for row in others)
        for row in rows:
            assert row["due_on"] > first["circulated_on"]
            closed_on = row["closed_on"]
            assert closed_on is None or first["circulated_on"] <= closed_on <= ON.isoformat()


def test_no_text_of_a_case_looks_like_a_pupils_name():
    for entry in table("prevention")["cases"]["list"]:
        assert not names_pupil(entry["topic"])
        assert not any(names_pupil(item["item"]) for item in entry["items"])


def test_a_session_takes_up_a_case_that_was_circulated_before_it(county):
    told = {
        row["case_no"]: row["circulated_on"]
        for row in county.prevention.cases
        if "circulated_on" in row
    }
    sessions = county.prevention.sessions
    tied = [row for row in sessions if row["case_no"]]
    assert len(sessions) > len(tied) > 0
    assert all(told[row["case_no"]] < row["held_on"] <= ON.isoformat() for row in tied)
    assert all(0 < row["attended"] <= row["expected"] for row in sessions)


def test_a_supervisor_looks_after_another_school_and_some_terms_end_soon(county):
    rows = county.prevention.supervisors
    assert all(row["supervised_school"] != row["school_name"] for row in rows)
    assert all(row["starts_on"] <= ON.isoformat() < "2030" for row in rows)
    # 36 months from 1 November 2023; the other appointment from 1 November 2025.
    running = {row["ends_on"] for row in rows if row["ends_on"] >= ON.isoformat()}
    assert running == {"2026-10-31", "2028-10-31"}
