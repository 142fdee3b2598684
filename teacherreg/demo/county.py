"""The schools of the made-up county: where they stand, how large they are.

A county seat with large schools, townships on the plain, in the hills and in the
mountains, each with its own; the same in small for a county of 200 teachers and with more
townships and schools for one of 20,000. Staff are shared out by the usual sizes of
``data/demo/county.toml``; pupils follow from the staff and the lie of the land.

The bureau counts its seat as 城区, as many county forms do; the national 城乡划分 would
call it 镇区.
"""

import math
import random
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from teacherreg.demo.tables import apportion, table

SEAT = "seat"
VILLAGE_KINDS = ("village", "point")
LEAST_STAFF = 2  # of a stage of any school
SMALLEST_GROWTH, LARGEST_GROWTH = 0.25, 2.0
FULL_TIME_SHARE = 0.93  # pupils follow from full-time teachers, not from all staff
LEAST_PUPILS, MOST_PUPILS = 3, 2000  # of a stage; 教督〔2017〕6号 allows no larger school
POINT_PUPILS_BELOW = 50  # a teaching point below stands outside the seven indicators


@dataclass(frozen=True)
class DemoSchool:
    """A school; ``staff`` and ``students`` are counts by stage."""

    name: str
    short_names: tuple[str, ...]
    school_type: str  # key of data/codes/school_types.csv
    township: str
    terrain: str  # seat, plain, hill, mountain
    standing: float  # weighs how many titles its teachers hold
    staff: Mapping[str, int]
    kind: str = ""  # which of [township_schools] it is; empty in the seat
    people: str | None = None  # GB/T 3304 code of an ethnic township's people
    parent: str | None = None  # full name of a teaching point's parent school
    code: str = ""  # 学校标识码
    students: Mapping[str, int] = field(default_factory=dict)

    @property
    def locality(self) -> str:
        """Key of ``data/codes/localities.csv``."""
        if self.terrain == SEAT:
            return "city"
        is_in_town = self.township.endswith("镇") and self.kind not in VILLAGE_KINDS
        return "town" if is_in_town else "rural"


def draw_schools(teachers: int, rng: random.Random, only: Collection[str] = ()) -> list[DemoSchool]:
    """Draw the county's schools with their staff and pupils.

    Args:
        teachers: Staff of the whole county; the schools' staff add up to it.
        rng: Source of everything random.
        only: Full names of the schools to keep; all where empty.

    Returns:
        The schools in roster order: seat first, then by township.
    """
    sites = [site for site in _sites(_growth(teachers)) if not only or site.name in only]
    slots = [(i, stage) for i, site in enumerate(sites) for stage in site.staff]
    weights = [sites[i].staff[stage] * rng.uniform(0.9, 1.1) for i, stage in slots]
    staff: list[dict[str, int]] = [{} for _ in sites]
    for (i, stage), count in zip(slots, apportion(teachers, weights, LEAST_STAFF), strict=True):
        staff[i][stage] = count
    return [
        replace(
            site,
            code=f"9064{number:06d}",
            staff=counts,
            students={stage: _students(site, stage, n, rng) for stage, n in counts.items()},
        )
        for number, (site, counts) in enumerate(zip(sites, staff, strict=True), start=101)
    ]


def _growth(teachers: int) -> float:
    """How many times the usual number of schools: half of the growth goes into their size."""
    growth: float = math.sqrt(teachers / table("county")["usual_teachers"])
    return min(max(growth, SMALLEST_GROWTH), LARGEST_GROWTH)


def _students(site: DemoSchool, stage: str, staff: int, rng: random.Random) -> int:
    ratio = table("county")["students_per_teacher"][stage][site.terrain]
    return plausible_students(site, staff * FULL_TIME_SHARE * ratio * rng.uniform(0.9, 1.1))


def plausible_students(school: DemoSchool, students: float) -> int:
    """Round a number of pupils to what a stage of such a school may have."""
    most = POINT_PUPILS_BELOW - 1 if school.school_type == "teaching_point" else MOST_PUPILS
    return min(max(round(students), LEAST_PUPILS), most)


def _sites(growth: float) -> Iterator[DemoSchool]:
    """List the schools that a county of this size has; ``staff`` are relative sizes."""
    county = table("county")
    for group in county["seat_schools"]:
        count = max(group["least"], round(group["usual"] * growth))
        yield from (_seat_school(group["school_type"], entry) for entry in group["schools"][:count])
    townships = county["townships"]
    count = max(townships["least"], round(townships["usual"] * growth))
    for township in townships["list"][:count]:
        yield from _township_schools(township, growth)


def _seat_school(school_type: str, entry: Mapping[str, Any]) -> DemoSchool:
    county = table("county")
    return DemoSchool(
        name=county["name"] + entry["name"],
        short_names=tuple(entry["short"]),
        school_type=school_type,
        township=county["seat"],
        terrain=SEAT,
        standing=entry["standing"],
        staff=entry["staff"],
    )


def _township_schools(township: Mapping[str, Any], growth: float) -> Iterator[DemoSchool]:
    main = [_township_school(township, kind) for kind in township["has"]]
    yield from main
    parent = next(school.name for school in main if "primary" in school.staff)
    villages, points = (round(count * max(growth, 1)) for count in township["opened"])
    for village in township["villages"][:villages]:
        yield _township_school(township, "village", village)
    for village in township["points"][:points]:
        yield _township_school(township, "point", village, parent)


def _township_school(
    township: Mapping[str, Any], kind: str, village: str = "", parent: str | None = None
) -> DemoSchool:
    county = table("county")
    school = county["township_schools"][kind]
    town = township["name"]
    words = {"town": town, "short": township.get("short", town[:-1]), "village": village}
    size = county["size_of"][township["terrain"]]
    return DemoSchool(
        name=county["name"] + school["name"].format(**words),
        short_names=tuple(short.format(**words) for short in school["short"]),
        school_type=school["school_type"],
        township=town,
        terrain=township["terrain"],
        standing=1.0,
        staff={stage: count * size for stage, count in school["staff"].items()},
        people=township.get("people"),
        parent=parent,
        kind=kind,
    )
