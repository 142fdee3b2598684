"""Titles in the made-up county: who climbed which ladder, by which decisions.

How many people hold a title is shared out, not left to chance: the seat has two to three
times the share of the countryside, and within the seat a few old schools hold most. That
unevenness is what the demo is there to show. Titles have terms; some have run out, a few
were taken back.
"""

import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from teacherreg.demo.county import DemoSchool
from teacherreg.demo.people import Person
from teacherreg.demo.staff import TEACHER
from teacherreg.demo.tables import draw, pick, table

AWAY_WEIGHT = 0.3  # of somebody lent out or ill when titles are given
COUNTRY_SHARE_OF_HIGHER = 0.4  # how much rarer titles above county level are off the seat
# Of holders whose title one rung down is on the list too; `check` finds most of the others.
LOWER_TITLE_SHARE = 0.8
RENEWED_SHARE = 0.25  # of holders who had held the same title before
FIRST_TITLE_AFTER_YEARS = 2
OLDEST_NEWCOMER_YEARS = 12


@dataclass(frozen=True, slots=True)
class Award:
    """One award of one title; codes of ``data/codes``, dates as its decision gives them."""

    person: Person
    kind: str
    level: str
    awarded_on: date
    term_ends_on: date | None
    issuer: str
    document_no: str
    revoked_on: date | None = None

    def is_held(self, on: date) -> bool:
        """Whether it is in force on that day; its first and last day count."""
        return (
            self.awarded_on <= on
            and (self.term_ends_on is None or on <= self.term_ends_on)
            and (self.revoked_on is None or on < self.revoked_on)
        )


class Decisions:
    """Every decision on titles of the last 20 years, each with its document number."""

    def __init__(self, rng: random.Random, on: date) -> None:
        self._rng = rng
        self._on = on
        self._numbers: dict[tuple[str, str, int], str] = {}

    def award(self, person: Person, rung: Mapping[str, Any], year: int) -> Award:
        """Award a title by the decision of one year."""
        decider = table("honours")["deciders"][rung["level"]]
        awarded_on = date(year, decider["month"], decider["day"])
        key = (rung["kind"], rung["level"], year)
        if key not in self._numbers:
            number = self._rng.randint(12, 168)
            self._numbers[key] = f"{decider['mark']}〔{year}〕{number}号"
        return Award(
            person=person,
            kind=rung["kind"],
            level=rung["level"],
            awarded_on=awarded_on,
            term_ends_on=_term_end(awarded_on, decider["term_years"], rung["kind"]),
            issuer=decider["issuer"],
            document_no=self._numbers[key],
        )

    def years(self, level: str) -> list[int]:
        """Years in which this level has decided, latest first."""
        decider = table("honours")["deciders"][level]
        years = range(self._on.year, self._on.year - 20, -1)
        return [
            year
            for year in years
            if year % decider["every_years"] == 0
            and date(year, decider["month"], decider["day"]) <= self._on
        ]

    def years_in_force(self, rung: Mapping[str, Any]) -> list[int]:
        """Years whose awards are still in force, latest first."""
        decider = table("honours")["deciders"][rung["level"]]
        years = self.years(rung["level"])
        if rung["kind"] == "special_grade_teacher":
            return years[:6]
        return [
            year
            for year in years
            if date(year + decider["term_years"], decider["month"], decider["day"]) > self._on
        ]


def _term_end(awarded_on: date, term_years: int, kind: str = "") -> date | None:
    """The day before the anniversary; 特级教师 has no term."""
    if kind == "special_grade_teacher":
        return None
    return awarded_on.replace(year=awarded_on.year + term_years) - timedelta(days=1)


def honour(
    people: Sequence[Person], schools: Sequence[DemoSchool], rng: random.Random, on: date
) -> list[Award]:
    """Draw every award of a title, in force, run out or taken back.

    Args:
        people: Everybody who works in the schools.
        schools: The schools, with how well they stand.
        rng: Source of everything random.
        on: Day on which the shares of ``data/demo/honours.toml`` hold.

    Returns:
        Awards by day, then as the people come.
    """
    decisions = Decisions(rng, on)
    by_name = {school.name: school for school in schools}
    holders = _holders(people, by_name, rng, on)
    awards = [
        award
        for person in holders
        for award in _climb(person, by_name[person.school].terrain, decisions, rng, on)
    ]
    others = _others(people, holders, rng, on)
    awards += _expired(others, len(people), decisions, rng, on)
    awards += _newcomers(others, len(people), decisions, rng, on)
    awards = _revoke(awards, rng, on)
    place = {person.id_number: i for i, person in enumerate(people)}
    return sorted(awards, key=lambda a: (a.awarded_on, a.level, a.kind, place[a.person.id_number]))


def _holders(
    people: Sequence[Person], schools: Mapping[str, DemoSchool], rng: random.Random, on: date
) -> list[Person]:
    """Choose who holds a title in force.

    Fractions of a person are carried over to the next school of the same stage and lie of
    the land, so that ten village schools at 3 % have a few holders between them.
    """
    staff: dict[tuple[str, str], list[Person]] = defaultdict(list)
    for person in people:
        if person.category == TEACHER and person.years_of_service(on) >= 3:
            staff[person.school, person.stage].append(person)
    rates = table("honours")["holders"]
    carried: dict[tuple[str, str], float] = defaultdict(lambda: 0.5)
    chosen: list[Person] = []
    for (name, stage), teachers in staff.items():
        school = schools[name]
        rate = rates[stage][school.terrain] * school.standing * rng.uniform(0.92, 1.08)
        wanted = carried[stage, school.terrain] + rate * school.staff[stage]
        count = int(wanted)
        carried[stage, school.terrain] = wanted - count
        weights = [_weight(person, on) for person in teachers]
        chosen += pick(rng, teachers, weights, count)
    return chosen


def _weight(person: Person, on: date) -> float:
    years = min(person.years_of_service(on), 20)
    return years * (1.0 if person.status in ("100", "101") else AWAY_WEIGHT)


def _climb(
    person: Person, terrain: str, decisions: Decisions, rng: random.Random, on: date
) -> Iterator[Award]:
    """Give the highest title, in force, and what usually came before it."""
    ladder = {rung["key"]: rung for rung in table("honours")["ladder"]}
    shares = {
        key: _rung_weight(rung, terrain, person)
        for key, rung in ladder.items()
        if rung["years"] <= person.years_of_service(on)
    }
    rung = ladder[draw(rng, shares)] if shares else ladder["backbone-county"]
    year = _year_for(person, decisions.years_in_force(rung), rng)
    yield decisions.award(person, rung, year)
    if rng.random() < RENEWED_SHARE and rung["kind"] != "special_grade_teacher":
        term = table("honours")["deciders"][rung["level"]]["term_years"]
        year -= term
        yield from _earlier(person, rung, year, decisions)
    while "after" in rung and rng.random() < LOWER_TITLE_SHARE:
        rung = ladder[rung["after"]]
        year -= rng.randint(2, 4)
        yield from _earlier(person, rung, year, decisions)


def _rung_weight(rung: Mapping[str, Any], terrain: str, person: Person) -> float:
    if rung["kind"] == "special_grade_teacher" and "senior" not in person.rank:
        return 0.0
    is_higher_off_seat = rung["level"] != "county" and terrain != "seat"
    weight: float = rung["weight"]
    return weight * (COUNTRY_SHARE_OF_HIGHER if is_higher_off_seat else 1)


def _year_for(person: Person, years: Sequence[int], rng: random.Random) -> int:
    """Choose a year of award: late enough after the first year of work, if there is one."""
    first = person.work_started_on.year + FIRST_TITLE_AFTER_YEARS
    return rng.choice([year for year in years if year >= first] or list(years[:1]))


def _earlier(
    person: Person, rung: Mapping[str, Any], latest: int, decisions: Decisions
) -> Iterator[Award]:
    """Give a title by the last decision up to a year, if the person was long enough at work."""
    first = person.work_started_on.year + FIRST_TITLE_AFTER_YEARS
    years = [year for year in decisions.years(rung["level"]) if first <= year <= latest]
    if years:
        yield decisions.award(person, rung, years[0])


def _others(
    people: Sequence[Person], holders: Sequence[Person], rng: random.Random, on: date
) -> list[Person]:
    """Everybody else who could have a title, shuffled; takers take from the end."""
    held = {person.id_number for person in holders}
    others = [
        person
        for person in people
        if person.category == TEACHER
        and person.id_number not in held
        and person.years_of_service(on) >= 3
    ]
    rng.shuffle(others)
    return others


def _expired(
    others: list[Person], total: int, decisions: Decisions, rng: random.Random, on: date
) -> Iterator[Award]:
    """Give titles whose term is over and that nobody renewed."""
    ladder = [rung for rung in table("honours")["ladder"] if rung["years"] <= 7]
    for _ in range(min(round(total * table("honours")["others"]["expired"]), len(others))):
        person = others.pop()
        rung = rng.choices(ladder, weights=[rung["weight"] for rung in ladder])[0]
        past = len(decisions.years_in_force(rung))
        years = decisions.years(rung["level"])[past : past + 6]
        yield from _earlier(person, rung, rng.choice(years), decisions)


def _newcomers(
    others: list[Person], total: int, decisions: Decisions, rng: random.Random, on: date
) -> Iterator[Award]:
    """Give the young the titles that count for nothing yet (教坛新秀)."""
    young = [p for p in others if p.years_of_service(on) <= OLDEST_NEWCOMER_YEARS]
    for person in young[: round(total * table("honours")["others"]["newcomers"])]:
        rung = rng.choice(table("honours")["newcomers"])
        award = decisions.award(
            person, rung, _year_for(person, decisions.years_in_force(rung), rng)
        )
        yield replace(award, term_ends_on=None) if rung["kind"] == "rising_teacher" else award


def _revoke(awards: list[Award], rng: random.Random, on: date) -> list[Award]:
    """Take back a few of the awards in force, some months after they were given."""
    current = [
        i
        for i, award in enumerate(awards)
        if award.is_held(on) and award.level == "county" and (on - award.awarded_on).days > 200
    ]
    count = min(round(len(current) * table("honours")["others"]["revoked"]) + 1, len(current))
    for i in rng.sample(current, count):
        days = rng.randint(120, (on - awards[i].awarded_on).days - 10)
        awards[i] = replace(awards[i], revoked_on=awards[i].awarded_on + timedelta(days=days))
    return awards
