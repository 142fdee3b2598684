"""The forecast worked out a second time, by loops, to compare with.

Who is gone loses the titles, who renews loses the terms, and the county so changed is judged
by `plain`. Retirement is counted month by month, as the annexes list it.
"""

from dataclasses import replace
from datetime import date
from typing import Any

from teacherreg.codes import code_table

from . import plain
from .conftest import County, Row

# base age, months of birth for one more month of delay, most months, year of the first
SCHEDULES = {"man": (60, 4, 36, 1965), "woman55": (55, 4, 36, 1970), "woman50": (50, 2, 60, 1975)}


def month_number(year: int, month: int) -> int:
    return 12 * year + month


def leaves_in(teacher: Row, post: Row, leave: str) -> int | None:
    """The number of the month at whose end somebody goes."""
    if teacher["sex"] not in ("1", "2") or len(teacher["birth_date"] or "") < 7:
        return None
    year, month = int(teacher["birth_date"][:4]), int(teacher["birth_date"][5:7])
    rank = post["professional_rank"]
    if teacher["sex"] == "2" and post["staff_category"] == "logistics":
        schedule = "woman50"
    elif teacher["sex"] == "1" or (
        rank and code_table("professional_rank").value(rank, "tier") in ("senior", "full_senior")
    ):
        schedule = "man"
    else:
        schedule = "woman55"
    base, step, most, first = SCHEDULES[schedule]
    delay = 0
    for number in range(month_number(first, 1), month_number(year, month) + 1):
        if (number - month_number(first, 1)) % step == 0:
            delay = min(most, delay + 1)
    at_base = month_number(year + base, month)
    if leave == "early":
        return max(at_base, at_base + delay - 36)
    return at_base + delay + (36 if leave == "late" else 0)


def changed(county: County, gone: set[int], renewed: set[int] = frozenset()) -> County:  # type: ignore[assignment]
    """The county without the titles of some, and without the terms of others."""
    awards = [
        {**row, "term_ends_on": None} if row["teacher_id"] in renewed else row
        for row in county.rows["title_award"]
        if row["teacher_id"] not in gone
    ]
    return replace(county, rows={**county.rows, "title_award": awards})


def holding(county: County, day: date) -> set[int]:
    return {
        post["teacher_id"]
        for post, holds in plain.people(county, day, False)
        if holds and post["stage"] in plain.STAGES
    }


def titled(county: County, day: date) -> set[int]:
    return {
        row["teacher_id"]
        for row in county.rows["title_award"]
        if plain.is_held(row, day, count_expired=False)
    }


def gone_by(county: County, day: date, post_day: date, leave: str) -> set[int]:
    """Who has retired by a day, by the post of the same or another day."""
    teachers = {row["id"]: row for row in county.rows["teacher"]}
    gone = set()
    for post, _ in plain.people(county, post_day, False):
        number = leaves_in(teachers[post["teacher_id"]], post, leave)
        if number is not None and number < month_number(day.year, day.month):
            gone.add(post["teacher_id"])
    return gone


def sum_of(units: list[dict[str, Any]], name: str) -> int:
    return sum(unit[name] for unit in units)


def forecast(county: County, on: date, years: int, leave: str) -> list[dict[str, int]]:
    first = on.year if (on.month, on.day) < (9, 1) else on.year + 1
    days = [on, *(date(first + number, 9, 1) for number in range(years))]
    lines: list[dict[str, int]] = []
    ever: set[int] = set()
    before: tuple[date, set[int]] | None = None
    for day in days:
        gone = {
            way: gone_by(county, day, day, way) if before else set()
            for way in ("early", "statutory", "late")
        }
        here = holding(county, day) - gone[leave]
        ever |= holding(county, day)
        retiring: set[int] = set()
        ending: set[int] = set()
        were = here
        if before is not None:
            last, were = before
            retiring = were & (gone_by(county, day, last, leave) | gone[leave])
            ending = were - retiring - here - titled(county, day)
        units = plain.units_of(changed(county, gone[leave]), day)
        renewed = plain.units_of(changed(county, gone[leave], ever), day)
        early = plain.units_of(changed(county, gone["early"]), day)
        late = plain.units_of(changed(county, gone["late"]), day)
        lines.append(
            {
                "students": sum_of(units, "students"),
                "holders": sum_of(units, "holders"),
                "retiring": len(retiring),
                "terms_ending": len(ending),
                "other": len(here) - len(were) + len(retiring) + len(ending),
                "required": sum_of(units, "required"),
                "missing": sum_of(units, "missing"),
                "missing_dated": sum_of(units, "missing"),
                "holders_renewed": sum_of(renewed, "holders"),
                "missing_renewed": sum_of(renewed, "missing"),
                "holders_early": sum_of(early, "holders"),
                "missing_early": sum_of(early, "missing"),
                "holders_late": sum_of(late, "holders"),
                "missing_late": sum_of(late, "missing"),
            }
        )
        before = (day, here)
    return lines
