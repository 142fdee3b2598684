"""What holders of titles in the made-up county did as duties of them.

Somewhat more than half do all that is owed each year of the term, and some of them at its
beginning; of the others each lets something slip. Mentees are not among these: they come
with the list of mentors.
"""

import random
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import cache

from teacherreg.codes import code_table
from teacherreg.codes.periods import term_end
from teacherreg.demo.careers import Award
from teacherreg.demo.clerks import Row
from teacherreg.demo.people import Person
from teacherreg.demo.tables import draw, is_school_day, table

A_YEAR = 365


def duty_rows(awards: Sequence[Award], seed: int, on: date) -> Iterator[Row]:
    """Draw the duties done in the terms that run or ended within a year, person by person.

    Args:
        awards: Titles by day; of several that one holds, the first tells the years.
        seed: Which county; nothing that was drawn before depends on what is drawn here.
        on: Day of the list.
    """
    rng = random.Random(f"duties {seed}")  # noqa: S311
    figures = table("duties")
    a_year_ago = on - timedelta(days=A_YEAR)
    held: dict[str, list[Award]] = {}
    for award in awards:
        if award.kind in figures["kinds"] and (award.is_held(on) or award.is_held(a_year_ago)):
            held.setdefault(award.person.id_number, []).append(award)
    for titles in held.values():
        is_diligent = rng.random() < figures["diligent"]
        is_eager = is_diligent and rng.random() < figures["eager"]
        neglect = 0 if is_diligent else figures["neglect"]
        until = min(on, max(title.term_ends_on or on for title in titles))
        for first, last in _years(titles[0].awarded_on, until):
            days = _teaching_days(first, last)
            if is_eager:
                days = days[: figures["eager_days"]]
            yield from _year(titles[0].person, days, neglect, rng, until)


def _years(began_on: date, until: date) -> Iterator[tuple[date, date]]:
    """Give the years of a term that began by a day."""
    first, count = began_on, 0
    while first <= until:
        count += 1
        last = term_end(began_on, count)
        yield first, last
        first = last + timedelta(days=1)


def _year(
    person: Person, days: Sequence[date], neglect: float, rng: random.Random, until: date
) -> Iterator[Row]:
    """Do the duties of one year of a term, as far as it has come."""
    figures = table("duties")
    has_subject = person.subject != "none"
    subject = code_table("subjects").label(person.subject, "zh") if has_subject else ""
    for activity in figures["activities"]:
        times = activity["times"]
        if rng.random() < neglect:
            times = rng.randrange(times)
        for done_on in sorted(rng.sample(days, times)):
            level = draw(rng, activity["levels"])
            theme = rng.choice(activity["themes"]).format(subject=subject)
            amount = rng.randint(activity["least"], activity["most"])
            if done_on > until:
                continue
            yield {
                "name": person.name,
                "id_number": person.id_number,
                "school_name": person.school,
                "duty_kind": code_table("duty_kinds").label(activity["kind"], "zh"),
                "done_on": done_on.isoformat(),
                "amount": amount,
                "theme": theme,
                "level": code_table("levels").label(level, "zh"),
                "organiser": figures["organisers"][level].format(school=person.school),
            }


@cache
def _teaching_days(first: date, last: date) -> tuple[date, ...]:
    """Give the days of a year on which there is school."""
    days = (first + timedelta(days=i) for i in range((last - first).days + 1))
    return tuple(day for day in days if is_school_day(day))
