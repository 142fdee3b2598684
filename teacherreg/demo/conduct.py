"""Conduct records of the made-up county: reviews, commendations, handlings, sanctions.

Texts are neutral and name no pupil. Sanctions go only to people whose name has three
characters or more: fewer real persons share those.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from teacherreg.demo.careers import Award
from teacherreg.demo.people import Person
from teacherreg.demo.staff import TEACHER
from teacherreg.demo.tables import draw, table

REVIEW_YEARS = 3
SANCTIONS_LAST_DAYS = 1300  # how far back handlings and sanctions go
RELEASE_RECORDED_SHARE = 0.7  # of sanctions past their period
MONTHS = {"warning": 6, "demerit": 12, "post_grade_reduction": 24}  # 人社部发〔2023〕58号
DAYS_A_MONTH = 30.5
LEAST_NAME = 3  # characters in the name of somebody who is sanctioned


@dataclass(frozen=True, slots=True)
class Record:
    """One conduct record, in codes of ``data/codes`` and words of its document."""

    person: Person
    record_kind: str
    year: int | None = None
    result: str | None = None  # a review's code, a commendation's name
    sanction_kind: str | None = None
    act: str | None = None
    decided_on: date | None = None
    released_on: date | None = None
    decided_by: str | None = None
    document_no: str | None = None
    summary: str | None = None


def conduct_records(
    people: Sequence[Person], awards: Sequence[Award], rng: random.Random, on: date
) -> list[Record]:
    """Draw the county's conduct records.

    Args:
        people: Everybody who works in the schools.
        awards: Titles; every second one taken back was so because of a sanction.
        rng: Source of everything random.
        on: Day of the list; nothing is decided after it.

    Returns:
        Reviews, commendations, handlings, sanctions, each by day.
    """
    teachers = [person for person in people if person.category == TEACHER]
    revoked = [
        award
        for award in awards
        if award.revoked_on is not None and _may_be_sanctioned(award.person)
    ][::2]
    sanctions = list(_sanctions(teachers, revoked, _count("sanctions", people), rng, on))
    failed = {(record.person.id_number, _year(record)): record for record in sanctions}
    reviews = list(_reviews(teachers, failed, _count("reviews", people), rng, on))
    commendations = list(_commendations(teachers, _count("commendations", people), rng, on))
    handlings = list(_handlings(teachers, _count("handlings", people), rng, on))
    return [
        record
        for kind in (reviews, commendations, handlings, sanctions)
        for record in sorted(
            kind, key=lambda r: (r.year or 0, r.decided_on or on, r.person.staff_no)
        )
    ]


def _count(kind: str, people: Sequence[Person]) -> int:
    number: Mapping[str, float] = table("conduct")["numbers"][kind]
    return max(int(number["least"]), round(number["per_1000"] * len(people) / 1000))


def _year(record: Record) -> int:
    assert record.decided_on is not None  # noqa: S101
    return record.decided_on.year


def _reviews(
    teachers: Sequence[Person],
    failed: Mapping[tuple[str, int], Record],
    count: int,
    rng: random.Random,
    on: date,
) -> Iterator[Record]:
    """Review a sample of the teachers in the last years; who was sanctioned, failed."""
    years = range(on.year - REVIEW_YEARS, on.year)
    seen: set[tuple[str, int]] = set()
    for record in failed.values():
        if (year := _year(record)) in years:
            seen.add((record.person.id_number, year))
            yield _review(record.person, year, "unqualified")
    for _ in range(count - len(seen)):
        person, year = rng.choice(teachers), rng.choice(years)
        key = (person.id_number, year)
        if key not in seen and person.work_started_on.year < year:
            seen.add(key)
            yield _review(person, year, draw(rng, table("conduct")["results"]))


def _review(person: Person, year: int, result: str) -> Record:
    return Record(person, "review", year=year, result=result, decided_by=person.school)


def _commendations(
    teachers: Sequence[Person], count: int, rng: random.Random, on: date
) -> Iterator[Record]:
    """Commend teachers on Teachers' Day of one of the last eight years."""
    names = {i: entry["weight"] for i, entry in enumerate(table("conduct")["commendations"])}
    last = on.year if on >= date(on.year, 9, 10) else on.year - 1
    for person in rng.sample(teachers, min(count, len(teachers))):
        entry = table("conduct")["commendations"][draw(rng, names)]
        least_years = 30 if entry["name"].endswith("30年") else 2
        first = max(last - 7, person.work_started_on.year + least_years)
        if first > last:
            continue
        year = rng.randint(first, last)
        yield Record(
            person,
            "commendation",
            year=year,
            result=entry["name"],
            decided_on=date(year, 9, 8),
            decided_by=entry["by"],
            document_no=f"{entry['mark']}〔{year}〕{31 + year % 40}号",
        )


def _handlings(
    teachers: Sequence[Person], count: int, rng: random.Random, on: date
) -> Iterator[Record]:
    entries = table("conduct")["handlings"]
    for i, person in enumerate(_sample(teachers, count, rng, on)):
        entry = entries[i % len(entries)]
        decided_on = on - timedelta(days=rng.randint(30, SANCTIONS_LAST_DAYS))
        yield _decided(person, "handling", entry, decided_on, rng)


def _sanctions(
    teachers: Sequence[Person],
    revoked: Sequence[Award],
    count: int,
    rng: random.Random,
    on: date,
) -> Iterator[Record]:
    """Sanction a few; those who lost a title lost it on the day of the decision."""
    entries = table("conduct")["sanctions"]
    for award in revoked[:count]:
        entry = next(entry for entry in entries if entry["kind"] == "demerit")
        if award.revoked_on is not None:
            yield _sanction(award.person, entry, award.revoked_on, rng, on)
    lost = {award.person.id_number for award in revoked}
    others = [person for person in teachers if person.id_number not in lost]
    weights = [entry["weight"] for entry in entries]
    for person in _sample(others, count - len(revoked), rng, on):
        entry = rng.choices(entries, weights=weights)[0]
        decided_on = on - timedelta(days=rng.randint(20, SANCTIONS_LAST_DAYS))
        yield _sanction(person, entry, decided_on, rng, on)


def _sanction(
    person: Person, entry: Mapping[str, Any], decided_on: date, rng: random.Random, on: date
) -> Record:
    ends_on = decided_on + timedelta(days=round(MONTHS[entry["kind"]] * DAYS_A_MONTH) + 3)
    is_released = ends_on + timedelta(days=10) < on and rng.random() < RELEASE_RECORDED_SHARE
    released_on = ends_on + timedelta(days=rng.randint(0, 9)) if is_released else None
    return _decided(person, "sanction", entry, decided_on, rng, released_on)


def _decided(
    person: Person,
    record_kind: str,
    entry: Mapping[str, Any],
    decided_on: date,
    rng: random.Random,
    released_on: date | None = None,
) -> Record:
    return Record(
        person,
        record_kind,
        year=decided_on.year,
        sanction_kind=entry["kind"],
        act=entry["act"],
        decided_on=decided_on,
        released_on=released_on,
        decided_by=table("conduct")["issuer"],
        document_no=f"{table('conduct')['mark']}〔{decided_on.year}〕{rng.randint(1, 40)}号",
        summary=entry["summary"],
    )


def _may_be_sanctioned(person: Person) -> bool:
    return len(person.name) >= LEAST_NAME and person.stage != "kindergarten"


def _sample(teachers: Sequence[Person], count: int, rng: random.Random, on: date) -> list[Person]:
    """Sample people whom a decision may concern, long enough at work for any of its days."""
    candidates = [
        person
        for person in teachers
        if _may_be_sanctioned(person) and person.years_of_service(on) * 365 > SANCTIONS_LAST_DAYS
    ]
    return rng.sample(candidates, min(max(count, 0), len(candidates)))
