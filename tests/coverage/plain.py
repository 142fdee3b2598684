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


def stages_on_file(school: int | None, county: County, day: date) -> set[str]:
    """The stages of which a school's pupils are on file, of whatever year up to the day."""
    first = day.year if day >= date(day.year, 9, 1) else day.year - 1
    return {
        row["stage"]
        for row in county.rows["enrolment"]
        if row["school_id"] == school and int(row["school_year"][:4]) <= first
    }


def with_parents(county: County, day: date) -> County:
    """The same county, its teaching points that have no pupils' number one with the parents."""
    parents = {
        school["id"]: school["parent_school_id"]
        for school in county.rows["school"]
        if is_point(school)
        and not stages_on_file(school["id"], county, day)
        and "primary" in stages_on_file(school["parent_school_id"], county, day)
    }
    posts = [
        {**post, "school_id": parents.get(post["school_id"], post["school_id"])}
        for post in county.rows["post"]
    ]
    return County(county.rows | {"post": posts})


def people(county: County, day: date, count_expired: bool) -> list[tuple[Row, bool]]:
    """Everybody's place on the day, with whether the person holds a title that counts."""
    county = with_parents(county, day)
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
    if kind == "kindergarten" and not any(pupils.values()):
        return "school_type"
    if students == 0:
        return "no_pupils" if pupils else "no_enrolment"
    return "small_teaching_point" if is_point(school) and sum(pupils.values()) < 50 else None


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


# What the shipped standards say, written down a second time from their documents.
PE_ART = {"physical_education", "music", "fine_arts", "arts"}
GRADUATED = {  # codes of GB/T 4658 that are marked as above the required education
    "primary": {"10", "11", "14", "17", "20", "21", "28", "30", "31"},
    "junior": {"10", "11", "14", "17", "20", "21", "28"},
}
UP_FROM_SUBJECT_LEADER = {
    "special_grade_teacher",
    "master_teacher",
    "chief_teacher",
    "subject_leader",
}
SCHOOL_AND_STAGE = ("school", "stage")
COMPULSORY: Unit = {
    "stages": STAGES,
    "unit": SCHOOL_AND_STAGE,
    "outside": ("special_school", "vocational_school"),
    "points": 50,
    "floor": Fraction(85, 100),
}


def share_of_ningxia(level: str, percent: int) -> Unit:
    return {
        "stages": ("kindergarten", "primary", "junior", "senior", "special"),
        "unit": ("county",),
        "outside": (),
        "points": 0,
        "floor": Fraction(1),
        "share": Fraction(percent, 100),
        "counts": lambda of, _: (
            of["full_time"] and any(backbone and own == level for _, own, backbone in of["titles"])
        ),
    }


RULES: dict[str, Unit] = {
    "quality-balance-2017-education": {
        **COMPULSORY,
        "merges": True,
        "per_100": {"primary": Fraction(42, 10), "junior": Fraction(53, 10)},
        "counts": lambda of, _: (
            of["full_time"] and of["education"] in GRADUATED.get(of["stage"], ())
        ),
    },
    "quality-balance-2017-backbone": {
        **COMPULSORY,
        "merges": True,
        "per_100": {"primary": Fraction(1), "junior": Fraction(1)},
        "counts": lambda of, _: any(
            backbone and level in LEVELS for _, level, backbone in of["titles"]
        ),
    },
    "quality-balance-2017-pe-art": {
        **COMPULSORY,
        "merges": True,
        "per_100": {"primary": Fraction(9, 10), "junior": Fraction(9, 10)},
        "counts": lambda of, visiting: (of["full_time"] or visiting) and of["subject"] in PE_ART,
        "visiting": (50, 100),
    },
    "ningxia-2027-county": share_of_ningxia("county", 15),
    "ningxia-2027-prefecture": share_of_ningxia("prefecture", 12),
    "ningxia-2027-province": share_of_ningxia("province", 8),
    "subject-leader-in-reach": {
        **COMPULSORY,
        "unit": ("school", "subject"),
        "floor": Fraction(1),
        "at_least": 1,
        "subjects": ("chinese", "mathematics", "english"),
        "within_reach": True,
        "counts": lambda of, _: any(
            kind in UP_FROM_SUBJECT_LEADER and level in LEVELS for kind, level, _ in of["titles"]
        ),
    },
    "quality-balance-2017-training": {
        **COMPULSORY,
        "unit": ("school",),
        "points": 0,
        "floor": Fraction(1),
        "share": Fraction(1),
        "counts": lambda of, _: of["full_time"] and of["tenths"] >= 3600,
    },
}
AGES = [(0, "under_25"), (25, "25_29"), (30, "30_34"), (35, "35_39"), (40, "40_44"),
        (45, "45_49"), (50, "50_54"), (55, "55_59"), (60, "60_up")]  # fmt: skip


def first_of_school_year(day: date) -> date:
    return date(day.year if day >= date(day.year, 9, 1) else day.year - 1, 9, 1)


def age_band(born: str | None, day: date) -> str | None:
    if born is None:
        return None
    first = first_of_school_year(day)
    birth = date.fromisoformat(born if len(born) == 10 else f"{born}-01")
    age = first.year - birth.year - ((first.month, first.day) < (birth.month, birth.day))
    return [band for least, band in AGES if age >= least][-1] if age >= 0 else None


def described(county: County, teacher: Row, post: Row, day: date) -> Row:
    """A person at a post, with everything that a standard may ask and a table may show."""
    school = county.rows["school"][post["school_id"] - 1]
    titles = {
        (
            row["title_kind"],
            row["level"],
            code_table("title_kinds").value(row["title_kind"], "counts_backbone") == "1",
        )
        for row in county.rows["title_award"]
        if row["teacher_id"] == teacher["id"]
        and row["awarded_on"] is not None
        and row["awarded_on"] <= day
        and (row["term_ends_on"] is None or day <= row["term_ends_on"])
        and (row["revoked_on"] is None or day < row["revoked_on"])
    }
    tenths = sum(
        row["tenths_of_hours"]
        for row in county.rows["training"]
        if row["teacher_id"] == teacher["id"]
        and day.year - 4 <= row["ends_on"].year
        and row["ends_on"] <= day
    )
    status = teacher["political_status"]
    party = {"01": "member", "02": "probationary", None: None}.get(status, "other")
    return {
        **{name: school[name] for name in ("township", "locality")},
        "county": "青禾县",
        "teacher_id": teacher["id"],
        "school_id": school["id"],
        "school": school["name"],
        "stage": post["stage"],
        "subject": post["subject"],
        "full_time": post["is_full_time_teacher"],
        "education": teacher["education"],
        "sex": teacher["sex"],
        "rank": post["professional_rank"],
        "party": party,
        "age_band": age_band(teacher["birth_date"], day),
        "titles": titles,
        "tenths": tenths,
    }


def in_service(county: County, day: date) -> list[Row]:
    """Everybody at the one post where he or she counts."""
    found = []
    for teacher in county.rows["teacher"]:
        place = place_of(teacher["id"], county.rows["post"], day)
        if place is not None:
            found.append(described(county, teacher, place, day))
    return found


def visiting(county: County, day: date, rule: Unit) -> list[Row]:
    """Who counts at home and teaches elsewhere too: once at each such school."""
    found = []
    for teacher in county.rows["teacher"]:
        main = place_of(teacher["id"], county.rows["post"], day)
        for school in county.rows["school"]:
            there = [post for post in county.rows["post"] if post["school_id"] == school["id"]]
            post = place_of(teacher["id"], there, day)
            if (
                main
                and post
                and post["attachment"] == "visiting"
                and main["school_id"] != school["id"]
            ):
                person = described(county, teacher, post, day)
                if rule["counts"](person, True):
                    found.append(person)
    return found


def leaders_within_reach(county: County, day: date, rule: Unit) -> set[tuple[Any, ...]]:
    """Who leads a school's teachers of a subject from elsewhere: school, stage, subject, leader.

    These counties have no mentors and no rotations; what leads is a visiting post, or a school
    of the same group with the same stage.
    """
    staff = in_service(county, day)
    learners = [of for of in staff if of["full_time"] and not rule["counts"](of, False)]
    leaders = [of for of in staff if rule["counts"](of, False)]
    visits = {
        (post["teacher_id"], post["school_id"])
        for post in county.rows["post"]
        if post["attachment"] == "visiting" and serves(post, day)
    }
    found = {}
    for leader in leaders:
        for of in learners:
            if leader["subject"] is None or leader["subject"] != of["subject"]:
                continue
            is_there = leader["school_id"] == of["school_id"] and leader["stage"] == of["stage"]
            is_group = (
                head_of(county, leader["school_id"]) == head_of(county, of["school_id"])
                and leader["stage"] == of["stage"]
                and of["stage"] is not None
            )
            if not is_there and (is_group or (leader["teacher_id"], of["school_id"]) in visits):
                key = (of["school_id"], of["subject"], leader["teacher_id"])
                if of["stage"] is not None:
                    found[key] = min(found.get(key, of["stage"]), of["stage"])
    return {(school, stage, subject, who) for (school, subject, who), stage in found.items()}


def head_of(county: County, school: int) -> int:
    parents = {row["id"]: row["parent_school_id"] for row in county.rows["school"]}
    while parents[school] is not None:
        school = parents[school]
    return school


def serves(post: Row, day: date) -> bool:
    is_serving = code_table("person_status").value(post["status"], "counts_as_serving") == "1"
    return is_serving and is_between(day, post["starts_on"], post["ends_on"])


def judged(county: County, day: date, name: str) -> dict[tuple[Any, ...], Unit]:
    """Judge the units of a standard: required, counted, missing."""
    rule = RULES[name]
    county = with_parents(county, day) if rule.get("merges") else county
    staff = in_service(county, day)
    visitors = visiting(county, day, rule) if "visiting" in rule else []
    leaders = leaders_within_reach(county, day, rule) if "within_reach" in rule else set()
    units: dict[tuple[Any, ...], Unit] = {}
    outside: dict[tuple[Any, ...], set[str]] = {}
    for school in county.rows["school"]:
        pupils = pupils_of(school["id"], county, day)
        own = {stage: count for stage, count in pupils.items() if stage in rule["stages"]}
        for stage in rule["stages"]:
            here = [of for of in staff if (of["school_id"], of["stage"]) == (school["id"], stage)]
            if not here and stage not in own:
                continue
            why = why_outside_of(rule, school, own.get(stage, 0), own, bool(here))
            guests = [
                of for of in visitors if (of["school_id"], of["stage"]) == (school["id"], stage)
            ]
            if not is_small(rule, school, sum(own.values())):
                guests = []
            for subject in rule.get("subjects", (None,)):
                place = {**school, "county": "青禾县", "school": school["name"], "stage": stage}
                key = tuple((place | {"subject": subject})[part] for part in rule["unit"])
                if why:
                    outside.setdefault(key, set()).add(why)
                    continue
                of_subject = [of for of in here if subject is None or of["subject"] == subject]
                unit = units.setdefault(
                    key, {"students": {}, "teachers": 0, "holders": 0, "visitors": 0}
                )
                of_stage = unit["students"].get(stage, 0)
                unit["students"][stage] = of_stage + own.get(stage, 0)
                unit["teachers"] += sum(of["full_time"] for of in of_subject)
                unit["holders"] += sum(bool(rule["counts"](of, False)) for of in of_subject)
                near = [to for to in leaders if to[:3] == (school["id"], stage, subject)]
                unit["holders"] += len(guests) + len(near)
                unit["visitors"] += len(guests) + len(near)
    for unit in units.values():
        measure(rule, unit)
    nothing = {"required": 0, "missing": 0, "missing_to_floor": 0}
    return units | {key: dict(nothing) for key in outside if key not in units}


def why_outside_of(
    rule: Unit, school: Row, students: int, pupils: dict[str, int], has_staff: bool
) -> str | None:
    if school["school_type"] in rule["outside"]:
        return "school_type"
    teaches_none = school["school_type"] == "kindergarten" and "kindergarten" not in rule["stages"]
    if teaches_none and not any(pupils.values()):
        return "school_type"
    if students == 0 and ("per_100" in rule or not has_staff):
        return "no_pupils" if pupils else "no_enrolment"
    is_under = sum(pupils.values()) < rule["points"]
    return "small_teaching_point" if is_under and is_point(school) else None


def is_point(school: Row) -> bool:
    kind = school["school_type"]
    return kind == "teaching_point" or (kind is None and school["parent_school_id"] is not None)


def is_small(rule: Unit, school: Row, pupils: int) -> bool:
    least, under = rule.get("visiting", (0, 0))
    return least <= pupils < under and (school["locality"] == "rural" or is_point(school))


def measure(rule: Unit, unit: Unit) -> None:
    wanted = Fraction(0)
    if "per_100" in rule:
        for stage, students in unit["students"].items():
            wanted += rule["per_100"][stage] * students / 100
    elif "share" in rule:
        wanted = rule["share"] * unit["teachers"]
    else:
        wanted = Fraction(rule["at_least"])
    unit["required"] = ceil(wanted)
    unit["missing"] = max(0, ceil(wanted) - unit["holders"])
    unit["missing_to_floor"] = max(0, ceil(wanted * rule["floor"]) - unit["holders"])


def by_persons(
    county: County, day: date, name: str, by: tuple[str, ...]
) -> dict[tuple[Any, ...], dict[str, int]]:
    """Count teachers and those who are counted in each group of persons.

    By level or kind of title somebody is in the group of each title that counts, and in that
    of none without one.
    """
    rule = RULES[name]
    county = with_parents(county, day) if rule.get("merges") else county
    sums: dict[tuple[Any, ...], dict[str, int]] = {}
    for of in in_service(county, day):
        if of["stage"] not in rule["stages"]:
            continue
        counts = bool(rule["counts"](of, False))
        held = {
            (kind, level) for kind, level, backbone in of["titles"] if backbone and level in LEVELS
        }
        groups = {
            tuple((of | {"title_kind": kind, "level": level})[part] for part in by)
            for kind, level in held or {(None, None)}
        }
        for key in groups if of["full_time"] or counts else ():
            total = sums.setdefault(key, {"teachers": 0, "holders": 0})
            total["teachers"] += of["full_time"]
            total["holders"] += counts
    return sums
