"""On random tiny counties no plan breaks a rule, and a plain search finds nothing better."""

import random
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from itertools import product
from math import ceil

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlmodel import SQLModel

from teacherreg import database
from teacherreg.coverage import Coverage
from teacherreg.coverage.standards import DEFAULT_STANDARD
from teacherreg.settings import Settings

from .conftest import IN_ORDER, County, Row

DAY = date(2026, 9, 1)
PE_ART = "quality-balance-2017-pe-art"
FACTORS = {DEFAULT_STANDARD: 10, PE_ART: 9}  # persons for each 1000 students
STAGES = ("primary", "junior")


@dataclass
class Person:
    name: str
    school: str
    stage: str
    is_backbone: bool
    is_sports: bool
    is_eligible: bool

    def counts(self, standard: str) -> bool:
        return self.is_backbone if standard == DEFAULT_STANDARD else self.is_sports


@dataclass
class Made:
    """A county, and what is known of it because it was made so."""

    county: County = field(default_factory=County)
    townships: dict[str, str | None] = field(default_factory=dict)
    students: dict[tuple[str, str], int] = field(default_factory=dict)
    people: list[Person] = field(default_factory=list)
    rotations: list[Row] = field(default_factory=list)


@st.composite
def counties(draw: st.DrawFn) -> Made:
    made = Made()
    for number in range(draw(st.integers(3, 5))):
        name, is_special = f"学校{number}", draw(st.integers(0, 9)) == 9
        made.townships[name] = draw(st.sampled_from(["东乡", "东乡", "西乡", None]))
        some = [0, 90, 110] if number < 2 else [110, 210, 350]  # two that may have to spare
        students = {stage: draw(st.sampled_from(some)) for stage in STAGES}
        made.county.school(
            name,
            students,
            township=made.townships[name],
            school_type="special_school" if is_special else "nine_year_school",
        )
        if not is_special:
            made.students |= {(name, stage): n for stage, n in students.items() if n}
    for _ in range(draw(st.integers(4, 8))):
        add_person(draw, made)
    return made


def add_person(draw: st.DrawFn, made: Made) -> None:
    county, school = made.county, draw(st.sampled_from([1, 1, 1, 2, 2, 3]))
    stage, why = draw(st.sampled_from(["primary", *STAGES])), draw(st.integers(0, 12))
    is_backbone, is_sports = (draw(st.sampled_from([True, True, False])) for _ in range(2))
    person = county.teacher(
        school,
        stage,
        subject="physical_education" if is_sports else "chinese",
        starts_on={0: date(2021, 9, 1), 1: None}.get(why, date(2006 + why, 9, 1)),
    )
    born = "1968-03" if why == 2 else "1980-03"
    county.rows["teacher"][-1] |= {"sex": "1", "birth_date": born}
    if why == 3:
        other = school % len(made.townships) + 1
        made.rotations.append(
            {
                "teacher_id": person,
                "from_school_id": school,
                "to_school_id": other,
                "starts_on": DAY,
            }
        )
    if is_backbone:
        county.title(person)
    made.people.append(
        Person(
            f"王{person}",
            f"学校{school - 1}",
            stage,
            is_backbone,
            is_sports,
            why not in {0, 1, 2, 3},
        )
    )


def missing_of(made: Made, standard: str, at: list[str]) -> dict[tuple[str, str], int]:
    """Count what each school's stage misses, if everybody is at the school of the list."""
    found = Counter(
        (school, person.stage)
        for person, school in zip(made.people, at, strict=True)
        if person.counts(standard)
    )
    factor = FACTORS[standard]
    return {
        place: max(0, ceil(students * factor / 1000) - found[place])
        for place, students in made.students.items()
    }


def length_of(made: Made, one: str, other: str) -> int:
    township = made.townships[one]
    return int(township is None or township != made.townships[other])


def searched(made: Made, standard: str, most: int | None) -> tuple[int, int]:
    """Try every move of everybody: how much can be closed, and on which least length."""
    home = [person.school for person in made.people]
    before = missing_of(made, standard, home)
    choices = [
        [
            school
            for school in made.townships
            if school == person.school
            or (
                person.is_eligible
                and person.counts(standard)
                and (person.school, person.stage) in before
                and before.get((school, person.stage))
            )
        ]
        for person in made.people
    ]
    best = (0, 0)
    for at in product(*choices):
        moved = [number for number, school in enumerate(at) if school != home[number]]
        backbone = sum(made.people[number].is_backbone for number in moved)
        after = missing_of(made, standard, list(at))
        is_allowed = (
            all(after[place] <= before[place] for place in before)
            and 5 * backbone >= len(moved)
            and (most is None or len(moved) <= most)
        )
        if is_allowed:
            closed = sum(before.values()) - sum(after.values())
            length = sum(length_of(made, home[number], at[number]) for number in moved)
            best = max(best, (closed, -length))
    return best[0], -best[1]


@pytest.fixture(scope="module")
def shared() -> Iterator[Engine]:
    engine = database.make_engine(database.url_of("sqlite://"))
    with engine.begin() as connection:
        SQLModel.metadata.create_all(connection)
        connection.execute(
            SQLModel.metadata.tables["county"].insert(), {"code": "640199", "name": "青禾县"}
        )
    yield engine
    engine.dispose()


@contextmanager
def holding(engine: Engine, county: County, rotations: list[Row]) -> Iterator[Coverage]:
    rotation = SQLModel.metadata.tables["rotation"]
    with engine.begin() as connection:
        county.write(connection)
        if rotations:
            connection.execute(rotation.insert(), rotations)
    try:
        yield Coverage(engine, Settings({}))
    finally:
        with engine.begin() as connection:
            for table in (rotation, *(SQLModel.metadata.tables[n] for n in reversed(IN_ORDER))):
                connection.execute(table.delete())


patient = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
standards = st.sampled_from([DEFAULT_STANDARD, PE_ART])
limits = st.sampled_from([None, None, 1, 2])


@patient
@given(made=counties(), standard=standards, most=limits)
def test_no_rule_is_broken_and_nothing_better_exists(
    shared: Engine, made: Made, standard: str, most: int | None
) -> None:
    with holding(shared, made.county, made.rotations) as coverage:
        plan = coverage.plan(standard, on=DAY, most_moves=most)
    people = {person.name: person for person in made.people}
    assert len({move.name for move in plan.moves}) == len(plan.moves)
    for move in plan.moves:
        person = people[move.name]
        assert person.is_eligible
        assert (move.from_school, move.stage) == (person.school, person.stage)
    target = {move.name: move.to_school for move in plan.moves}
    home = [person.school for person in made.people]
    before = missing_of(made, standard, home)
    after = missing_of(made, standard, [target.get(p.name, p.school) for p in made.people])
    assert all(after[place] <= before[place] for place in before)
    assert {(p.school, p.stage): p.missing_before for p in plan.places} == before
    assert {(p.school, p.stage): p.missing_after for p in plan.places} == after
    closed = sum(before.values()) - sum(after.values())
    assert plan.bound.is_proved
    assert (closed, plan.bound.distance) == searched(made, standard, most)
    assert closed == len(plan.moves) == plan.bound.most_closed
    assert (plan.reason is None) == bool(plan.moves)


@settings(patient, max_examples=25)
@given(made=counties(), standard=standards, seed=st.integers())
def test_neither_the_order_of_rows_nor_their_numbers_matter(
    shared: Engine, made: Made, standard: str, seed: int
) -> None:
    with holding(shared, made.county, made.rotations) as coverage:
        first = coverage.plan(standard, on=DAY)
    county, rotations = renumbered(made, random.Random(seed))
    with holding(shared, county, rotations) as coverage:
        second = coverage.plan(standard, on=DAY)
    assert first.to_document() == second.to_document()


def renumbered(made: Made, chance: random.Random) -> tuple[County, list[Row]]:
    new: dict[str, dict[int, int]] = {}
    for table in ("school", "teacher"):
        numbers = [row["id"] for row in made.county.rows[table]]
        new[table] = dict(zip(numbers, chance.sample(numbers, len(numbers)), strict=True))
    keys = {"school_id": "school", "from_school_id": "school", "to_school_id": "school"}
    keys["teacher_id"] = "teacher"

    def changed(table: str, row: Row) -> Row:
        own = {"id": new[table][row["id"]]} if table in new else {}
        return row | {key: new[of][row[key]] for key, of in keys.items() if key in row} | own

    rows = {
        name: chance.sample([changed(name, row) for row in rows], len(rows))
        for name, rows in made.county.rows.items()
    }
    return County(rows), [changed("rotation", row) for row in made.rotations]
