"""Pupils of the made-up county in earlier school years, reckoned back from those of today.

Births fell: kindergartens empty first, primary schools follow, junior and senior schools
still grow. The seat draws pupils from the hills. A made-up school is as old as the tables.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace

from teacherreg.demo.county import DemoSchool, plausible_students
from teacherreg.demo.tables import table

EARLIER_YEARS = 5
CHANCE = 0.015  # how much a school's yearly change may differ from that of its kind


def earlier_years(schools: Sequence[DemoSchool], seed: int) -> list[list[DemoSchool]]:
    """Draw the schools as they were in the school years before the present one.

    Args:
        schools: The schools with today's pupils.
        seed: Which county; nothing that was drawn before depends on what is drawn here.

    Returns:
        The schools of each of `EARLIER_YEARS`, the latest year first.
    """
    rng = random.Random(f"enrolment {seed}")  # noqa: S311
    years: list[list[DemoSchool]] = []
    later = schools
    for _ in range(EARLIER_YEARS):
        later = [replace(school, students=_year_before(school, rng)) for school in later]
        years.append(list(later))
    return years


def _year_before(school: DemoSchool, rng: random.Random) -> Mapping[str, int]:
    changes = table("county")["students_change_a_year"]
    before = {}
    for stage, students in school.students.items():
        usual = changes[stage] + changes[school.terrain]
        change = usual + rng.uniform(-CHANCE, CHANCE)
        before[stage] = plausible_students(school, students / (1 + change))
    return before
