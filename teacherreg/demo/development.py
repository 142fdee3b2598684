"""Training, reviews, mentors and rotations in the made-up county, and their tables.

Most teachers reach 360 hours in five years (教师〔2011〕1号) and some do not; the countryside
trains less. Whoever was sanctioned in a year was not excellent in it. Mentors hold a title,
mentees are new; a studio has members of several schools.
"""

import random
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from teacherreg.codes import code_table
from teacherreg.demo.careers import Award
from teacherreg.demo.clerks import Row
from teacherreg.demo.conduct import Record
from teacherreg.demo.county import DemoSchool
from teacherreg.demo.people import Person
from teacherreg.demo.staff import TEACHER
from teacherreg.demo.tables import draw, table

BEGUN_YEARS_AGO = (3, 1)
ON_ROTATION = "205"  # 交流轮岗, away from the own school


@dataclass(frozen=True)
class Development:
    """The rows of each table, dates and codes in words."""

    training: list[Row]
    reviews: list[Row]
    mentoring: list[Row]
    rotations: list[Row]


def develop(
    people: Sequence[Person],
    schools: Sequence[DemoSchool],
    awards: Sequence[Award],
    records: Sequence[Record],
    seed: int,
    on: date,
) -> Development:
    """Draw what the county recorded of its teachers' development.

    Args:
        people: Everybody who works in the schools.
        schools: The schools.
        awards: Titles.
        records: Conduct records.
        seed: Which county; nothing that was drawn before depends on what is drawn here.
        on: Day of the lists.
    """
    rng = random.Random(f"development {seed}")  # noqa: S311
    teachers = [person for person in people if person.category == TEACHER]
    sanctioned = {
        (record.person.id_number, record.decided_on.year)
        for record in records
        if record.record_kind == "sanction" and record.decided_on
    }
    return Development(
        training=list(_training(teachers, schools, rng, on)),
        reviews=list(_reviews(teachers, sanctioned, rng, on)),
        mentoring=list(_mentoring(teachers, awards, rng, on)),
        rotations=list(_rotations(teachers, schools, rng, on)),
    )


def _who(person: Person) -> Row:
    return {"name": person.name, "id_number": person.id_number, "school_name": person.school}


def _training(
    teachers: Sequence[Person], schools: Sequence[DemoSchool], rng: random.Random, on: date
) -> Iterator[Row]:
    """One course a year, with more hours in the seat than in the hills."""
    courses = table("development")["courses"]
    shares = {place: course["share"] for place, course in enumerate(courses)}
    terrain = {school.name: school.terrain for school in schools}
    factors = table("development")["hours_factor"]
    for year in range(on.year - 4, on.year + 1):
        for person in teachers:
            course = courses[draw(rng, shares)]
            ends_on = date(year, course["month"], rng.randint(1, 28))
            if ends_on > on or person.work_started_on > ends_on:
                continue
            halves = round(2 * course["hours"] * factors[terrain[person.school]])
            hours = max(1, halves + rng.randint(-12, 12)) / 2
            yield _who(person) | {
                "project": course["name"].format(year=year),
                "level": code_table("levels").label(course["level"], "zh"),
                "hours": f"{hours:g}",
                "starts_on": (ends_on - timedelta(days=course["days"] - 1)).isoformat(),
                "ends_on": ends_on.isoformat(),
                "organiser": course["organiser"],
            }


def _reviews(
    teachers: Sequence[Person],
    sanctioned: Collection[tuple[str, int]],
    rng: random.Random,
    on: date,
) -> Iterator[Row]:
    """Grade everybody in the last two years; who was sanctioned, failed.

    A school may overlook that somebody failed in ethics alone: `check` finds it.
    """
    shares = table("development")["results"]
    words = code_table("review_results")
    for year in (on.year - 2, on.year - 1):
        for person in teachers:
            if person.work_started_on.year >= year:
                continue
            drawn = draw(rng, shares)
            result = "unqualified" if (person.id_number, year) in sanctioned else drawn
            yield _who(person) | {
                "year": str(year),
                "annual_result": words.label(result, "zh"),
                "reviewed_by": person.school,
            }


def _mentoring(
    teachers: Sequence[Person], awards: Sequence[Award], rng: random.Random, on: date
) -> Iterator[Row]:
    """Give holders of titles new teachers of their subject; master teachers lead studios."""
    figures = table("development")["mentoring"]
    ranks = {kind: place for place, kind in enumerate(figures["mentors"])}
    held = [award for award in awards if award.is_held(on) and award.kind in ranks]
    best: dict[str, Award] = {}
    for award in sorted(held, key=lambda one: (ranks[one.kind], one.person.id_number)):
        best.setdefault(award.person.id_number, award)
    new: dict[str, list[Person]] = defaultdict(list)
    for person in teachers:
        if person.years_of_service(on) <= figures["mentee_years"]:
            new[person.subject].append(person)
    for award in best.values():
        mentor = award.person
        leads = award.kind == figures["leads_studio"]
        free = [one for one in new[mentor.subject] if one.id_number != mentor.id_number]
        near = [one for one in free if leads or one.school == mentor.school]
        count = min(len(near), rng.randint(4, 6) if leads else rng.randint(1, 3))
        turn = rng.randrange(2)
        for place, mentee in enumerate(rng.sample(near, count), start=turn):
            # Members of a studio come together; other mentees one after the other.
            # A studio goes on; a mentor's term is three years.
            begun = date(on.year - BEGUN_YEARS_AGO[(turn if leads else place) % 2], 9, 1)
            yield {
                "mentor_name": mentor.name,
                "mentor_id_number": mentor.id_number,
                "mentor_school": mentor.school,
                "mentee_name": mentee.name,
                "mentee_id_number": mentee.id_number,
                "mentee_school": mentee.school,
                "studio": figures["studio"].format(name=mentor.name) if leads else None,
                "subject": code_table("subjects").label(mentor.subject, "zh"),
                "starts_on": begun.isoformat(),
                "ends_on": None if leads else date(begun.year + 3, 8, 31).isoformat(),
                "aim": rng.choice(figures["aims"]),
            }


def _rotations(
    teachers: Sequence[Person], schools: Sequence[DemoSchool], rng: random.Random, on: date
) -> Iterator[Row]:
    """Send some away for each of the last school years; who is away now went last."""
    figures = table("development")["rotations"]
    names = figures["kinds"]
    kinds = code_table("rotation_kinds")
    by_stage: dict[str, list[str]] = defaultdict(list)
    for school in schools:
        for stage in school.students:
            by_stage[stage].append(school.name)
    last = on.year if on.month >= 9 else on.year - 1
    for year in range(last - 3, last + 1):
        away = [person for person in teachers if person.status == ON_ROTATION]
        count = round(len(teachers) * figures["share"])
        gone = away if year == last else rng.sample(teachers, count)
        for person in gone:
            others = [name for name in by_stage[person.stage] if name != person.school]
            if not others or person.work_started_on.year >= year:
                continue
            yield {
                "name": person.name,
                "id_number": person.id_number,
                "from_school": person.school,
                "to_school": rng.choice(others),
                "starts_on": f"{year}-09",
                "ends_on": None if year == last else f"{year + 1}-07",
                "rotation_kind": kinds.label(names[rng.randrange(len(names))], "zh"),
            }
