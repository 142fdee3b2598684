"""Cases, sessions of warning education and supervisors of the made-up county.

A case names nobody and comes from no record; what it asks to be mended is mostly closed by
its day. Supervisors hold a title and look after a school that is not their own.
"""

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from teacherreg.codes import add_months, code_table
from teacherreg.demo.careers import Award
from teacherreg.demo.clerks import Row
from teacherreg.demo.county import DemoSchool
from teacherreg.demo.people import Person
from teacherreg.demo.staff import AT_WORK
from teacherreg.demo.tables import draw, is_school_day, table

HALF_YEAR_MONTHS = 6
MOST_ABSENT = 5  # of so many persons at most one is absent


@dataclass(frozen=True)
class Prevention:
    """The rows of each table, dates and codes in words; cases before what names them."""

    cases: list[Row]
    sessions: list[Row]
    supervisors: list[Row]


@dataclass(frozen=True)
class _Case:
    number: str
    level: str
    circulated_on: date
    entry: dict[str, Any]


def prevent(
    people: Sequence[Person],
    schools: Sequence[DemoSchool],
    awards: Sequence[Award],
    seed: int,
    on: date,
) -> Prevention:
    """Draw what the county does so that breaches do not come about.

    Args:
        people: Everybody who works in the schools.
        schools: The schools.
        awards: Titles; supervisors are drawn from those who hold one.
        seed: Which county; nothing that was drawn before depends on what is drawn here.
        on: Day of the lists.
    """
    rng = random.Random(f"prevention {seed}")  # noqa: S311
    cases = _cases(rng, on)
    county = [case for case in cases if case.level == "county"]
    staff = Counter(person.school for person in people)
    return Prevention(
        cases=[row for case in cases for row in _case_rows(case, rng, on)],
        sessions=[*_county_sessions(county, len(schools), rng, on),
                  *_school_sessions(schools, staff, cases, rng, on)],
        supervisors=list(_supervisors(people, schools, awards, rng, on)),
    )  # fmt: skip


def _cases(rng: random.Random, on: date) -> list[_Case]:
    """Circulate some cases a year, each topic once."""
    figures = table("prevention")["cases"]
    entries = rng.sample(figures["list"], len(figures["list"]))
    drawn: list[_Case] = []
    for year in range(on.year - figures["years"] + 1, on.year + 1):
        days = sorted(_school_day(date(year, 1, 10), 330, rng) for _ in range(figures["a_year"]))
        for number, day in enumerate(days, start=1):
            entry = entries[len(drawn) % len(entries)]
            level = "county" if rng.random() < figures["county_share"] else "prefecture"
            case_no = figures["number"].format(year=year, number=number)
            drawn.append(_Case(case_no, level, day, entry))
    return [case for case in drawn if case.circulated_on <= on]


def _case_rows(case: _Case, rng: random.Random, on: date) -> Iterator[Row]:
    """One row for each thing to be mended; the case itself is told in the first."""
    figures = table("prevention")["cases"]
    issuer = figures["issuers"][case.level]
    told: Row = {
        "topic": case.entry["topic"],
        "act": code_table("ethics_acts").label(case.entry["act"], "zh"),
        "level": code_table("levels").label(case.level, "zh"),
        "circulated_on": case.circulated_on.isoformat(),
        "issuer": issuer["name"],
        "document_no": f"{issuer['mark']}〔{case.circulated_on.year}〕{rng.randint(1, 90)}号",
    }
    for item in case.entry["items"]:
        due_on = case.circulated_on + timedelta(days=item["days"])
        share = figures["closed"] if due_on < on else figures["closed_early"]
        closed_on = due_on - timedelta(days=rng.randint(0, item["days"] // 2))
        is_closed = rng.random() < share and closed_on <= on
        yield told | {
            "case_no": case.number,
            "item": item["item"],
            "responsible": item["responsible"],
            "due_on": due_on.isoformat(),
            "closed_on": closed_on.isoformat() if is_closed else None,
        }
        told = {}


def _county_sessions(
    cases: Sequence[_Case], schools: int, rng: random.Random, on: date
) -> Iterator[Row]:
    """Hold a session for the whole county some weeks after it circulated a case."""
    figures = table("prevention")["sessions"]
    for case in cases:
        held_on = _school_day(case.circulated_on + timedelta(days=7), 28, rng)
        expected = figures["at_county"] * schools
        attended = expected - rng.randint(0, schools // 10 + 1)
        if held_on <= on:
            yield {
                "held_on": held_on.isoformat(),
                "topic": figures["topic"].format(topic=case.entry["topic"]),
                "level": code_table("levels").label("county", "zh"),
                "organiser": figures["organiser"],
                "audience": figures["audience"],
                "expected": expected,
                "attended": attended,
                "case_no": case.number,
            }


def _school_sessions(
    schools: Sequence[DemoSchool],
    staff: Counter[str],
    cases: Sequence[_Case],
    rng: random.Random,
    on: date,
) -> Iterator[Row]:
    """Each school holds one a half-year, and many take up the last case."""
    figures = table("prevention")["sessions"]
    this_half = on.replace(month=1 if on.month <= HALF_YEAR_MONTHS else 7, day=1)
    for half in range(figures["terms"] - 1, -1, -1):
        begun = add_months(this_half, -HALF_YEAR_MONTHS * half)
        months = [m for m in figures["school_months"]
                  if begun.month <= m < begun.month + HALF_YEAR_MONTHS]  # fmt: skip
        for school in schools:
            held_on = _school_day(date(begun.year, rng.choice(months), 1), 25, rng)
            known = [case for case in cases if case.circulated_on < held_on]
            takes_up = rng.random() < figures["learns_from_case"]
            expected = staff[school.name]
            absent = sum(rng.random() < figures["absent"] for _ in range(expected))
            topic = rng.choice(figures["school_topics"])
            if held_on <= on:
                yield {
                    "held_on": held_on.isoformat(),
                    "topic": topic,
                    "level": code_table("levels").label("school", "zh"),
                    "organiser": school.name,
                    "audience": figures["school_audience"],
                    "expected": expected,
                    "attended": expected - min(absent, expected // MOST_ABSENT),
                    "case_no": known[-1].number if known and takes_up else None,
                }


def _supervisors(
    people: Sequence[Person],
    schools: Sequence[DemoSchool],
    awards: Sequence[Award],
    rng: random.Random,
    on: date,
) -> Iterator[Row]:
    """Appoint holders of titles in two goes; some of the second had a term before."""
    figures = table("prevention")["supervisors"]
    fit = {
        award.person.id_number: award.person
        for award in awards
        if award.is_held(on)
        and award.person.status == AT_WORK
        and award.person.years_of_service(on) >= figures["service_years"]
    }
    wanted = max(figures["least"], round(figures["per_1000"] * len(people) / 1000))
    chosen = rng.sample(list(fit.values()), min(wanted, len(fit)))
    for place, person in enumerate(chosen):
        months = figures["begun_months_ago"][place % 2]
        begun = add_months(on.replace(day=1), -months)
        others = [school.name for school in schools if school.name != person.school]
        share = {True: figures["whole_county"], False: 1 - figures["whole_county"]}
        school = None if draw(rng, share) else rng.choice(others)
        if place % 2 and rng.random() < figures["reappointed"]:
            yield _term(person, school, add_months(begun, -figures["term_months"]))
        yield _term(person, school, begun)


def _term(person: Person, school: str | None, starts_on: date) -> Row:
    figures = table("prevention")["supervisors"]
    ends_on = add_months(starts_on, figures["term_months"]) - timedelta(days=1)
    return {
        "name": person.name,
        "id_number": person.id_number,
        "school_name": person.school,
        "team": figures["team"],
        "supervised_school": school,
        "starts_on": starts_on.isoformat(),
        "ends_on": ends_on.isoformat(),
        "issuer": figures["issuer"],
        "document_no": f"{figures['mark']}〔{starts_on.year}〕{20 + starts_on.month}号",
    }


def _school_day(first: date, days: int, rng: random.Random) -> date:
    """Draw a day of school among some days; the next one where there is no school."""
    day = first + timedelta(days=rng.randrange(days))
    while not is_school_day(day):
        day += timedelta(days=1)
    return day
