"""The same question answered a second time, by loops and dictionaries, to compare with.

Written from the rules, not from the program: no SQL, no shared code but the code tables.
"""

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from itertools import permutations
from math import ceil
from typing import Any

from teacherreg.codes import code_table

from .conftest import County, Row

STAGES = ("primary", "junior")
LEVELS = {"national", "province", "prefecture", "county"}

Unit = dict[str, Any]


def is_between(day: date, first: date | None, last: date | None) -> bool:
    return (first is None or first <= day) and (last is None or day <= last)


def is_held(title: Row, day: date, count_expired: bool) -> bool:
    return (
        code_table("title_kinds").value(title["title_kind"], "counts_backbone") == "1"
        and title["level"] in LEVELS
        and title["awarded_on"] is not None
        and title["awarded_on"] <= day
        and (title["term_ends_on"] is None or day <= title["term_ends_on"] or count_expired)
        and (title["revoked_on"] is None or day < title["revoked_on"])
    )


def place_of(teacher: int, posts: Iterable[Row], day: date) -> Row | None:
    """The post at which a person counts; None for who serves nowhere."""
    served = [
        post
        for post in posts
        if post["teacher_id"] == teacher
        and is_between(day, post["starts_on"], post["ends_on"])
        and code_table("person_status").value(post["status"], "counts_as_serving") == "1"
    ]
    at_home = [post for post in served if post["attachment"] == "home"]
    return max(
        at_home or served,
        key=lambda post: (post["starts_on"] or date.min, post["id"]),
        default=None,
    )


def pupils_of(school: int, county: County, day: date) -> dict[str, int]:
    first = day.year if day >= date(day.year, 9, 1) else day.year - 1
    rows = [
        row
        for row in county.rows["enrolment"]
        if row["school_id"] == school and int(row["school_year"][:4]) <= first
    ]
    newest = max((row["school_year"] for row in rows), default=None)
    return {row["stage"]: row["students"] for row in rows if row["school_year"] == newest}


def people(county: County, day: date, count_expired: bool) -> list[tuple[Row, bool]]:
    """Everybody's place on the day, with whether the person holds a title that counts."""
    found = []
    for teacher in county.rows["teacher"]:
        place = place_of(teacher["id"], county.rows["post"], day)
        if place is not None:
            titles = [
                row for row in county.rows["title_award"] if row["teacher_id"] == teacher["id"]
            ]
            found.append((place, any(is_held(title, day, count_expired) for title in titles)))
    return found


def units_of(county: County, day: date, count_expired: bool = False) -> list[Unit]:
    """Judge each school and stage."""
    everybody = people(county, day, count_expired)
    units = []
    for school in county.rows["school"]:
        pupils = pupils_of(school["id"], county, day)
        of_standard = {stage: pupils[stage] for stage in STAGES if stage in pupils}
        for stage in STAGES:
            here = [
                (post, holds)
                for post, holds in everybody
                if post["school_id"] == school["id"] and post["stage"] == stage
            ]
            if not here and stage not in pupils:
                continue
            outside = why_outside(school, pupils.get(stage, 0), of_standard)
            students = pupils.get(stage, 0)
            holders = sum(holds for _, holds in here)
            required = 0 if outside else ceil(Fraction(1) * students / 100)
            floor = 0 if outside else ceil(Fraction(85, 100) * students / 100)
            units.append(
                {
                    **{name: school[name] for name in ("township", "locality")},
                    "school": school["name"],
                    "stage": stage,
                    "students": students,
                    "teachers": sum(post["is_full_time_teacher"] for post, _ in here),
                    "holders": holders,
                    "required": required,
                    "missing": max(0, required - holders),
                    "missing_to_floor": max(0, floor - holders),
                    "outside": outside,
                }
            )
    return units


def why_outside(school: Row, students: int, pupils: dict[str, int]) -> str | None:
    kind = school["school_type"]
    if kind in ("special_school", "vocational_school"):
        return "school_type"
    if students == 0:
        return "no_pupils" if pupils else "no_enrolment"
    is_point = kind == "teaching_point" or (kind is None and school["parent_school_id"] is not None)
    return "small_teaching_point" if is_point and sum(pupils.values()) < 50 else None


def grouped(units: list[Unit], by: tuple[str, ...]) -> dict[tuple[Any, ...], dict[str, int]]:
    """Add units up, without netting."""
    sums: dict[tuple[Any, ...], dict[str, int]] = {}
    for unit in units:
        total = sums.setdefault(tuple(unit[name] for name in by), {})
        for name in ("students", "teachers", "holders", "required", "missing", "missing_to_floor"):
            total[name] = total.get(name, 0) + unit[name]
    return sums


def by_subject(
    county: County, day: date, units: list[Unit], by: tuple[str, ...]
) -> dict[tuple[Any, ...], dict[str, int]]:
    """Count persons by subject, with the pupils of the whole group."""
    schools = {row["id"]: row for row in county.rows["school"]}
    rest = tuple(name for name in by if name != "subject")
    sums: dict[tuple[Any, ...], dict[str, int]] = {}
    for post, holds in people(county, day, False):
        if post["stage"] not in STAGES or not (post["is_full_time_teacher"] or holds):
            continue
        school = schools[post["school_id"]]
        place = {**school, **post, "school": school["name"]}
        total = sums.setdefault(
            tuple(place[name] for name in by),
            {
                "students": sum(
                    unit["students"]
                    for unit in units
                    if all(unit[name] == place[name] for name in rest)
                ),
                "teachers": 0,
                "holders": 0,
            },
        )
        total["teachers"] += post["is_full_time_teacher"]
        total["holders"] += holds
    return sums


def squared_cv(units: list[Unit], stage: str) -> Fraction | None:
    """The formula as the document has it: weighted squares of the distances from the mean."""
    parts = squares(units, stage)
    return None if parts is None else sum(parts.values(), Fraction(0))


def squares(units: list[Unit], stage: str) -> dict[str, Fraction] | None:
    """What each school adds to the squared coefficient of variation."""
    counted = [unit for unit in units if unit["stage"] == stage and not unit["outside"]]
    pupils = sum(unit["students"] for unit in counted)
    amount = sum(unit["holders"] for unit in counted)
    if len(counted) < 2 or not amount:
        return None
    mean = Fraction(amount, pupils)
    return {
        unit["school"]: Fraction(unit["students"], pupils)
        * (Fraction(unit["holders"], unit["students"]) / mean - 1) ** 2
        for unit in counted
    }


def best_square(units: list[Unit], stage: str) -> Fraction | None:
    """The least squared coefficient that moving one holder, or nobody, leads to."""
    counted = [unit for unit in units if unit["stage"] == stage and not unit["outside"]]
    found = [squared_cv(units, stage)]
    for giver, taker in permutations(counted, 2):
        if giver["holders"]:
            giver["holders"], taker["holders"] = giver["holders"] - 1, taker["holders"] + 1
            found.append(squared_cv(units, stage))
            giver["holders"], taker["holders"] = giver["holders"] + 1, taker["holders"] - 1
    return min((square for square in found if square is not None), default=None)
