"""Who stands in which roster of the made-up county, and as what."""

import random
from collections import Counter, defaultdict
from datetime import date

import pytest

from teacherreg.demo import rosters
from teacherreg.demo.make import Population, populate
from teacherreg.demo.rosters import Block, Writing

ON = date(2026, 9, 15)
HERE, AWAY = "轮岗到本校", {"交流轮岗", "支教"}


@pytest.fixture(scope="module")
def county() -> Population:
    return populate(3000, random.Random(1), 1, ON)


def written(county: Population, writing: Writing) -> list[Block]:
    by_layout = writing.rosters(county.people, county.development.rotations)
    return [block for blocks in by_layout.values() for block in blocks]


def test_whoever_is_on_rotation_stands_in_both_rosters(county: Population) -> None:
    blocks = written(county, Writing(county.schools, random.Random(1)))
    seen = {
        (line.person.id_number, block.school.name): line.row
        for block in blocks
        for line in block.lines
    }
    going_on = [row for row in county.development.rotations if row["ends_on"] is None]
    assert len(going_on) >= 10
    for stay in going_on:
        there = seen[str(stay["id_number"]), str(stay["to_school"])]
        assert (there["status"], there["school_joined_on"]) == (HERE, "2026-09")
        assert seen[str(stay["id_number"]), str(stay["from_school"])]["status"] in AWAY


def test_a_rotation_that_is_over_leaves_no_line(county: Population) -> None:
    going_on = {row["id_number"] for row in county.development.rotations if row["ends_on"] is None}
    writing = Writing(county.schools, random.Random(1))
    lines = Counter(
        line.person.id_number for block in written(county, writing) for line in block.lines
    )
    planted = sum(fault.mistake in ("row-doubled", "two-schools") for fault in writing.faults)
    assert lines.total() == len(county.people) + len(going_on) + planted


def test_a_school_that_lists_somebody_too_teaches_the_stage(
    county: Population, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rosters, "TWO_SCHOOLS_PER_1000", 100)
    writing = Writing(county.schools, random.Random(1))
    listed: dict[str, set[str]] = defaultdict(set)
    for block in written(county, writing):
        for line in block.lines:
            assert line.person.stage in block.school.staff
            listed[line.person.staff_no].add(block.school.name)
    by_mistake = defaultdict(set)
    for fault in writing.faults:
        by_mistake[fault.mistake].add(fault.staff_no)
    assert len(by_mistake["two-schools"]) > 200
    assert all(len(listed[staff_no]) == 2 for staff_no in by_mistake["two-schools"])
    # Of the one vocational and the one special school nobody can stand in another's list.
    stages = {person.staff_no: person.stage for person in county.people}
    alone = {stages[staff_no] for staff_no in by_mistake["row-doubled"]}
    assert alone & {"vocational", "special"}
    assert not {stages[one] for one in by_mistake["two-schools"]} & {"vocational", "special"}
