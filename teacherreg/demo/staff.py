"""Filling the schools of the made-up county with people: who teaches what, in which rank."""

import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from faker import Faker

from teacherreg.demo.county import SEAT, VILLAGE_KINDS, DemoSchool
from teacherreg.demo.people import (
    Names,
    Numbers,
    Person,
    draw_birth_date,
    draw_career_start,
    draw_education,
    draw_politics,
    draw_sex,
)
from teacherreg.demo.tables import apportion, draw, table

TEACHER = "full_time_teacher"
AT_WORK = "100"  # data/codes/person_status.csv

# Years of service from which a rank is usual, and the share of those who then hold it: in
# the seat and elsewhere.
SENIOR_FROM, SENIOR_SHARE = 14, {True: 0.48, False: 0.28}
FULL_SENIOR_FROM, FULL_SENIOR_SHARE = 26, 0.02
MIDDLE_FROM, MIDDLE_SHARE = 7, 0.6
OLD_MIDDLE_SHARE = 0.85
RATED_FROM = 1
LECTURERS = {
    "full_senior_teacher": "full_senior_lecturer",
    "senior_teacher": "senior_lecturer",
    "first_grade_teacher": "lecturer",
    "second_grade_teacher": "assistant_lecturer",
}


def hire(schools: Sequence[DemoSchool], rng: random.Random, faker: Faker, on: date) -> list[Person]:
    """Draw everybody who works in the schools, in roster order.

    Args:
        schools: The schools with their staff by stage.
        rng: Source of everything random.
        faker: Supplies part of the names; seeded by the caller.
        on: Day of the roster; ages and years count back from it.
    """
    names, numbers = Names(rng, faker), Numbers(rng)
    return [
        _hire_one(school, stage, category, subject, (names, numbers), rng, on)
        for school in schools
        for stage, count in school.staff.items()
        for category, subject in _jobs(school, stage, count, rng)
    ]


def _jobs(
    school: DemoSchool, stage: str, count: int, rng: random.Random
) -> Iterator[tuple[str, str]]:
    """List what there is to do at one stage of a school: category and subject."""
    categories: Mapping[str, float] = table("staff")["categories"]
    if school.kind in VILLAGE_KINDS:
        categories = {TEACHER: 1.0}
    shares = [share * rng.uniform(0.8, 1.2) for share in categories.values()]
    by_category = dict(zip(categories, apportion(count, shares), strict=True))
    jobs = [(TEACHER, subject) for subject in _subjects(stage, by_category.pop(TEACHER), rng)]
    rng.shuffle(jobs)
    for category, number in by_category.items():
        jobs += [(category, "none")] * number
    return iter(jobs)


def _subjects(stage: str, count: int, rng: random.Random) -> list[str]:
    subjects = table("staff")["subjects"]
    is_small = count <= subjects["small_school_staff"]
    shares: Mapping[str, float] = subjects[stage]
    if is_small:
        shares = subjects["small"].get(stage, shares)
    weights = [share * rng.uniform(0.75, 1.25) for share in shares.values()]
    numbers = apportion(count, weights)
    return [subject for subject, n in zip(shares, numbers, strict=True) for _ in range(n)]


def _hire_one(
    school: DemoSchool,
    stage: str,
    category: str,
    subject: str,
    registrars: tuple[Names, Numbers],
    rng: random.Random,
    on: date,
) -> Person:
    names, numbers = registrars
    sex = draw_sex(rng, school, stage)
    born = draw_birth_date(rng, school, sex, on)
    ethnicity = names.people(school)
    education = draw_education(rng, stage, born, on)
    started, joined = draw_career_start(rng, born, education, on)
    return Person(
        name=names.name(ethnicity, sex),
        id_number=numbers.id_number(born, sex),
        staff_no=numbers.staff_no(),
        sex=sex,
        birth_date=born,
        ethnicity=ethnicity,
        politics=draw_politics(rng, born, on),
        education=education,
        rank=_rank(school, stage, category, (on - started).days // 365, rng),
        category=category,
        status=_status(rng),
        school=school.name,
        stage=stage,
        subject=subject,
        work_started_on=started,
        school_joined_on=joined,
        phone=numbers.phone(),
    )


def _rank(school: DemoSchool, stage: str, category: str, years: int, rng: random.Random) -> str:
    """Draw a professional rank by years of service; the seat has more of the senior ones."""
    is_seat = school.terrain == SEAT
    if category == "logistics" or years < RATED_FROM:
        return "not_rated"
    if years >= FULL_SENIOR_FROM and is_seat and rng.random() < FULL_SENIOR_SHARE:
        rank = "full_senior_teacher"
    elif years >= SENIOR_FROM and rng.random() < SENIOR_SHARE[is_seat]:
        rank = "senior_teacher"
    elif years >= MIDDLE_FROM and rng.random() < (
        OLD_MIDDLE_SHARE if years >= SENIOR_FROM else MIDDLE_SHARE
    ):
        rank = "first_grade_teacher"
    else:
        rank = "second_grade_teacher"
    return LECTURERS[rank] if stage == "vocational" else rank


def _status(rng: random.Random) -> str:
    shares: Mapping[str, float] = table("staff")["statuses"]
    return draw(rng, {AT_WORK: 1 - sum(shares.values()), **shares})
