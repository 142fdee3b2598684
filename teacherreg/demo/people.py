"""The people of the made-up county: names of many peoples, ages, schooling, ranks, phones.

Nobody here exists. ID numbers have a right check digit but lie in area 640199, which has
never been assigned; phone numbers begin with 154, which no operator has been given.
Names come from Faker's zh_CN tables and from ``data/demo/names.toml``.
"""

import random
from dataclasses import dataclass
from datetime import date, timedelta

from faker import Faker
from stdnum.cn import ric

from teacherreg.demo.county import DemoSchool
from teacherreg.demo.tables import draw, table

MAN, WOMAN = "1", "2"  # GB/T 2261.1
HAN = "01"  # GB/T 3304
ETHNIC_TOWNSHIP_SHARE = 0.4  # of its schools' staff belong to the township's people
DAYS_A_YEAR = 365.25


@dataclass(frozen=True, slots=True)
class Person:
    """One person on a roster, in codes of ``data/codes``."""

    name: str
    id_number: str
    staff_no: str
    sex: str
    birth_date: date
    ethnicity: str
    politics: str
    education: str
    rank: str
    category: str
    status: str
    school: str  # full name
    stage: str
    subject: str
    work_started_on: date
    school_joined_on: date
    phone: str

    def years_of_service(self, on: date) -> int:
        """Whole years since the person began to work."""
        return max(0, (on - self.work_started_on).days // 365)


class Names:
    """Draws names by people and sex."""

    def __init__(self, rng: random.Random, faker: Faker) -> None:
        self._rng = rng
        self._faker = faker
        self._table = table("names")
        self._shares = {code: entry["share"] for code, entry in self._table.items()}

    def people(self, school: DemoSchool) -> str:
        """Draw the ethnic group of somebody who works there."""
        if school.people and self._rng.random() < ETHNIC_TOWNSHIP_SHARE:
            return school.people
        return draw(self._rng, self._shares)

    def name(self, people: str, sex: str) -> str:
        """Draw a full name as an ID card writes it, with U+00B7 before a father's name."""
        entry = self._table[people]
        given = self._given(people, sex)
        if entry["form"] == "given":
            return given
        if entry["form"] == "given_father":
            return f"{given}·{self._rng.choice(entry['men'])}"
        surnames = entry.get("surnames")
        surname = self._rng.choice(surnames) if surnames else self._faker.last_name()
        return str(surname) + given

    def _given(self, people: str, sex: str) -> str:
        entry = self._table[people]
        if self._rng.random() < entry.get("faker", 0):
            is_man = sex == MAN
            return str(self._faker.first_name_male() if is_man else self._faker.first_name_female())
        sexes = "men" if sex == MAN else "women"
        return str(self._rng.choice(entry.get(sexes) or self._table[HAN][sexes]))


class Numbers:
    """Gives every person an ID number, a staff number and a phone of their own."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._given: set[str] = set()
        self._count = 0

    def id_number(self, born: date, sex: str) -> str:
        """Draw an ID number of the unassigned area, with its check digit.

        Source:
            GB 11643-1999: area, birth date, order number (odd for men), check character.
        """
        area = table("county")["code"]
        while True:
            order = self._rng.randrange(1 if sex == MAN else 2, 1000, 2)
            body = f"{area}{born:%Y%m%d}{order:03d}"
            if body not in self._given:
                self._given.add(body)
                return body + ric.calc_check_digit(f"{body}0")  # it drops the last

    def staff_no(self) -> str:
        """Give the next staff number: six digits, with leading zeros."""
        self._count += 1
        return f"{self._count:06d}"

    def phone(self) -> str:
        """Draw a phone number that no operator can have given."""
        prefix = table("staff")["phone_prefix"]
        while True:
            phone = f"{prefix}{self._rng.randrange(100_000):05d}"
            if phone not in self._given:
                self._given.add(phone)
                return phone


def draw_sex(rng: random.Random, school: DemoSchool, stage: str) -> str:
    """Draw a sex: more women among the young pupils, fewer in the mountains."""
    shares = table("staff")["women"]
    fewer = school.terrain == "mountain" and stage != "kindergarten"
    share = shares[stage] - (shares["mountain_less"] if fewer else 0)
    return WOMAN if rng.random() < share else MAN


def draw_birth_date(rng: random.Random, school: DemoSchool, sex: str, on: date) -> date:
    """Draw a birth date: mountain schools have young newcomers and old hands."""
    oldest = 53.9 if sex == WOMAN else 59.5
    mode = 29.0 if school.terrain == "mountain" else 40.0
    age = rng.triangular(22.8, oldest, mode)
    return on - timedelta(days=round(age * DAYS_A_YEAR))


def draw_career_start(
    rng: random.Random, born: date, education: str, on: date
) -> tuple[date, date]:
    """Draw the months in which somebody began to work and came to the present school."""
    age_at_start = {"41": 19, "31": 21, "21": 22, "14": 25}[education]
    started = date(born.year + age_at_start + rng.choice((0, 0, 1, 2)), rng.choice((7, 8, 9, 9)), 1)
    last_summer = date(on.year if on.month > 9 else on.year - 1, 9, 1)
    started = min(started, last_summer)
    if rng.random() < 0.4:
        return started, started
    year = rng.randint(started.year, last_summer.year)
    joined = date(year, rng.choice((2, 3, 8, 8, 9, 9, 9)), 1)
    return started, min(max(joined, started), last_summer)


def draw_education(rng: random.Random, stage: str, born: date, on: date) -> str:
    """Draw the highest schooling (GB/T 4658); the old have less of it."""
    education: str = draw(rng, table("staff")["education"][stage])
    if on.year - born.year > 50 and rng.random() < 0.3:
        education = {"14": "21", "21": "31", "31": "41"}.get(education, education)
    return education


def draw_politics(rng: random.Random, born: date, on: date) -> str:
    """Draw a political status (GB/T 4762); the youth league ends at 28."""
    politics: str = draw(rng, table("staff")["politics"])
    is_young = on.year - born.year <= 27
    return "13" if politics == "03" and not is_young else politics
