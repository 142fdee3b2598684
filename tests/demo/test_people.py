"""Made-up people hold what an ID card and a roster hold, and none of them can exist."""

import random
from collections import Counter
from datetime import date

import pytest

from teacherreg.codes import code_table
from teacherreg.demo.make import populate
from teacherreg.demo.people import Person

ON = date(2026, 9, 15)
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643-1999
CHECKS = "10X98765432"


@pytest.fixture(scope="module")
def people() -> list[Person]:
    return populate(3000, random.Random(5), 5, ON).people


def test_every_id_number_is_right_but_of_no_real_county(people: list[Person]) -> None:
    for person in people:
        number = person.id_number
        total = sum(w * int(digit) for w, digit in zip(WEIGHTS, number[:17], strict=True))
        assert number[17] == CHECKS[total % 11]
        assert number[:6] == "640199"
        assert number[6:14] == f"{person.birth_date:%Y%m%d}"
        assert int(number[16]) % 2 == (person.sex == "1")


def test_numbers_are_each_persons_own(people: list[Person]) -> None:
    for field in ("id_number", "staff_no", "phone"):
        assert len({getattr(person, field) for person in people}) == len(people)


def test_phones_cannot_ring(people: list[Person]) -> None:
    assert {person.phone[:6] for person in people} == {"154000"}
    assert {len(person.phone) for person in people} == {11}


def test_people_are_of_working_age_and_began_grown_up(people: list[Person]) -> None:
    for person in people:
        assert 22 <= (ON - person.birth_date).days / 365.25 < 60
        assert (person.work_started_on - person.birth_date).days / 365.25 > 17
        assert person.work_started_on <= person.school_joined_on <= ON


def test_the_county_is_one_of_many_peoples(people: list[Person]) -> None:
    peoples = Counter(person.ethnicity for person in people)
    assert set(peoples) >= {"01", "02", "03", "04", "05", "17", "26"}
    assert 0.45 < peoples["01"] / len(people) < 0.65
    assert 0.2 < peoples["03"] / len(people) < 0.35


def test_uyghur_and_kazakh_names_have_the_dot_of_the_id_card(people: list[Person]) -> None:
    for person in people:
        assert ("·" in person.name) == (person.ethnicity in ("05", "17", "29"))


def test_every_code_is_in_its_table(people: list[Person]) -> None:
    tables = {
        "sex": "sex",
        "ethnicity": "ethnicity",
        "politics": "political_status",
        "education": "education",
        "rank": "professional_rank",
        "category": "staff_categories",
        "status": "person_status",
        "stage": "stages",
        "subject": "subjects",
    }
    for field, table in tables.items():
        assert {getattr(person, field) for person in people} <= set(code_table(table).codes)


def test_small_schools_have_no_teacher_of_music_or_fine_arts() -> None:
    county = populate(3000, random.Random(2), 2, ON)
    points = {s.name for s in county.schools if s.school_type == "teaching_point"}
    subjects = {person.subject for person in county.people if person.school in points}
    assert subjects
    assert not subjects & {"music", "fine_arts", "information_technology"}
