"""How long a rotation plan takes, and whether it is proved.

Run it as a script: ``python tests/benchmarks/bench_plan.py [SCHOOLS] [TOWNSHIPS]``. It writes
a registry of made-up schools (50 teachers to each, unevenly many title holders) straight into
the tables, a file's worth of distances between the townships, and plans by two standards: of
backbone teachers, and of PE and art teachers, where a fifth of those who move must be
backbone teachers. The aim is a proof within a minute for 400 schools, or the distance from
the bound.
"""

import random
import sys
import tempfile
import time
from datetime import date
from math import hypot
from pathlib import Path
from typing import Any

import polars as pl
from sqlalchemy import Engine
from sqlmodel import SQLModel

from teacherreg import database
from teacherreg.coverage import Coverage
from teacherreg.settings import Settings

SCHOOLS, TOWNSHIPS, TEACHERS_PER_SCHOOL = 400, 40, 50
DAY = date(2026, 9, 1)
STANDARDS = ("quality-balance-2017-backbone", "quality-balance-2017-pe-art")
SUBJECTS = ("chinese", "mathematics", "english", "science", "physical_education")

Row = dict[str, Any]


def rows_of(schools: int, townships: int, chance: random.Random) -> dict[str, list[Row]]:
    rows: dict[str, list[Row]] = {
        name: [] for name in ("school", "enrolment", "teacher", "post", "title_award")
    }
    for school in range(1, schools + 1):
        rows["school"].append(
            {
                "id": school,
                "county_code": "640199",
                "name": f"学校{school}",
                "school_type": "nine_year_school",
                "township": f"乡镇{school % townships}",
            }
        )
        for stage in ("primary", "junior"):
            year = {"school_id": school, "stage": stage, "school_year": "2026-2027"}
            rows["enrolment"].append(year | {"students": chance.randrange(60, 900)})
        for _ in range(TEACHERS_PER_SCHOOL):
            add_teacher(rows, school, chance)
    return rows


def add_teacher(rows: dict[str, list[Row]], school: int, chance: random.Random) -> None:
    """Add one; who teaches PE is at every third school, and seldom holds a title."""
    number = len(rows["teacher"]) + 1
    subject = chance.choice(SUBJECTS if school % 3 == 0 else SUBJECTS[:-1])
    title_share = school % 4 / (60 if subject == SUBJECTS[-1] else 8)
    rows["teacher"].append(
        {
            "id": number,
            "name": f"王{number}",
            "sex": chance.choice("12"),
            "birth_date": f"{chance.randrange(1966, 2000)}-05",
        }
    )
    rows["post"].append(
        {
            "teacher_id": number,
            "school_id": school,
            "stage": chance.choice(("primary", "junior")),
            "subject": subject,
            "is_full_time_teacher": True,
            "attachment": "home",
            "status": "100",
            "starts_on": date(chance.randrange(2012, 2025), 9, 1),
        }
    )
    if chance.random() < title_share:
        rows["title_award"].append(
            {
                "teacher_id": number,
                "title_kind": "backbone_teacher",
                "level": "county",
                "awarded_on": date(2022, 9, 1),
                "is_term_by_rule": False,
            }
        )


def distances(townships: int, chance: random.Random) -> pl.DataFrame:
    places = [(chance.uniform(0, 80), chance.uniform(0, 80)) for _ in range(townships)]
    rows = [
        (f"乡镇{one}", f"乡镇{other}", f"{hypot(a[0] - b[0], a[1] - b[1]):.1f}")
        for one, a in enumerate(places)
        for other, b in enumerate(places[:one])
    ]
    columns = dict.fromkeys(("乡镇", "到", "公里"), pl.String)
    return pl.DataFrame(rows, columns, orient="row").with_row_index("row", 2)


def write(engine: Engine, rows: dict[str, list[Row]]) -> None:
    with engine.begin() as connection:
        for name, some in rows.items():
            connection.execute(SQLModel.metadata.tables[name].insert(), some)


def main() -> None:
    numbers = [int(word) for word in sys.argv[1:]]
    schools, townships = [*numbers, SCHOOLS, TOWNSHIPS][:1] + [*numbers[1:], TOWNSHIPS][:1]
    chance = random.Random(1)
    with tempfile.TemporaryDirectory() as folder:
        engine = database.create(Path(folder) / "registry.db", "640199", "青禾县")
        write(engine, rows_of(schools, townships, chance))
        ways, coverage = distances(townships, chance), Coverage(engine, Settings({}))
        for standard in STANDARDS:
            began = time.perf_counter()
            gaps = coverage.gaps(standard, on=DAY)
            counted = time.perf_counter() - began
            began = time.perf_counter()
            plan = coverage.plan(standard, on=DAY, distances=ways)
            took = time.perf_counter() - began
            bound = plan.bound
            print(
                f"{standard}: {schools} schools, {schools * TEACHERS_PER_SCHOOL} teachers, "
                f"{townships} townships; missing {gaps.totals.missing} -> "
                f"{plan.totals['missing_after']}, {len(plan.moves)} moves "
                f"(bound {bound.most_closed}), {bound.distance:.1f} km "
                f"(bound {bound.least_distance:.1f}), "
                f"{'proved' if bound.is_proved else 'NOT proved'}, "
                f"{took:.1f} s (gaps alone {counted:.1f} s)"
            )
        engine.dispose()


if __name__ == "__main__":
    main()
