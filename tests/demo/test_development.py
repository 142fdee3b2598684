"""The made-up county's training, reviews, mentors and rotations hang together."""

import random
from collections import Counter
from datetime import date

import pytest

from teacherreg.demo.make import populate
from teacherreg.demo.staff import TEACHER

ON = date(2026, 9, 15)


@pytest.fixture(scope="module")
def county():
    return populate(600, random.Random(1), 1, ON)


def test_most_teachers_reach_360_hours_in_five_years_and_some_do_not(county):
    hours = Counter()
    for row in county.development.training:
        hours[row["id_number"]] += float(row["hours"])
    at_work = [
        person.id_number
        for person in county.people
        if person.category == TEACHER and person.work_started_on.year < ON.year - 5
    ]
    reached = sum(hours[number] >= 360 for number in at_work)
    assert 0.5 < reached / len(at_work) < 0.95


def test_nobody_was_excellent_in_the_year_of_a_sanction(county):
    sanctioned = {
        (record.person.id_number, str(record.decided_on.year))
        for record in county.records
        if record.record_kind == "sanction"
    }
    graded = [
        row["annual_result"]
        for row in county.development.reviews
        if (row["id_number"], row["year"]) in sanctioned
    ]
    assert set(graded) <= {"不合格"}


def test_a_mentor_holds_a_title_and_has_other_people_for_mentees(county):
    holders = {award.person.id_number for award in county.awards if award.is_held(ON)}
    rows = county.development.mentoring
    assert rows
    for row in rows:
        assert row["mentor_id_number"] in holders
        assert row["mentor_id_number"] != row["mentee_id_number"]
        assert row["studio"] or row["mentor_school"] == row["mentee_school"]
        assert (row["ends_on"] is None) == bool(row["studio"])  # a studio goes on


def test_a_rotation_leads_to_another_school_and_the_last_ones_go_on(county):
    rows = county.development.rotations
    assert all(row["from_school"] != row["to_school"] for row in rows)
    assert {row["starts_on"][:4] for row in rows if row["ends_on"] is None} <= {"2026"}
