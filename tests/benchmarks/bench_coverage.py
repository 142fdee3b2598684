"""How long a coverage question takes, beside the bare SQL statement that counts.

Run it as a script: ``python tests/benchmarks/bench_coverage.py [TEACHERS …]``. It writes a
registry of made-up teachers and schools (50 teachers to a school) straight into the tables,
then asks for the gaps by several standards, and runs the same statement with ``sqlite3``
alone; for the leaders within reach it runs one that is written by hand
(``leaders_within_reach.sql``) and must count the same. Each is done several times in turn,
and the fastest counts, in seconds of the processor: the machine is never ours alone. The
aims: gaps by school and stage take 1.5 of the bare statement at most, and over a million
teachers 11 times as long as over a hundred thousand.
"""

import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from itertools import islice, pairwise
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Select
from sqlalchemy.dialects import sqlite
from sqlmodel import SQLModel

from teacherreg import database
from teacherreg.coverage import Coverage
from teacherreg.coverage.cells import Question, holders, statement
from teacherreg.coverage.standards import DEFAULT_STANDARD, standard_of
from teacherreg.settings import Settings

TEACHERS = (100_000, 1_000_000)
TEACHERS_PER_SCHOOL = 50
TIMES = 3
ROWS_AT_ONCE = 100_000
STANDARDS = (
    "quality-balance-2017-education",
    "quality-balance-2017-pe-art",
    "ningxia-2027-county",
)
IN_REACH = "subject-leader-in-reach"
DAY = date(2026, 9, 1)
SUBJECTS = ("chinese", "mathematics", "english", "physical_education", "music", "fine_arts")

Row = dict[str, Any]


def schools(count: int) -> Iterator[tuple[str, Row]]:
    for number in range(1, count + 1):
        yield (
            "school",
            {
                "id": number,
                "county_code": "640199",
                "name": f"学校{number}",
                "school_type": "nine_year_school",
                # every other school is in a group of five
                "parent_school_id": number // 10 * 10 + 1 if number % 10 in range(2, 6) else None,
                "township": f"乡镇{number % 40}",
                "locality": random.choice(("city", "town", "rural")),
            },
        )
        for stage in ("primary", "junior"):
            yield "school_stage", {"school_id": number, "stage": stage}
            for year in ("2025-2026", "2026-2027"):
                yield (
                    "enrolment",
                    {
                        "school_id": number,
                        "stage": stage,
                        "school_year": year,
                        "students": random.randrange(30, 900),
                    },
                )


def teachers(count: int, school_count: int) -> Iterator[tuple[str, Row]]:
    for number in range(1, count + 1):
        yield (
            "teacher",
            {
                "id": number,
                "name": f"王{number}",
                "sex": random.choice("12"),
                "education": random.choice(("21", "31", "41")),
            },
        )
        past = {
            "teacher_id": number,
            "school_id": random.randint(1, school_count),
            "stage": random.choice(("primary", "junior")),
            "subject": random.choice(SUBJECTS),
            "is_full_time_teacher": True,
            "attachment": "home",
            "status": "100",
            "starts_on": date(2018, 9, 1),
            "ends_on": date(2024, 8, 31),
        }
        yield "post", past
        yield (
            "post",
            {
                **past,
                "school_id": random.randint(1, school_count),
                "status": random.choice(("100",) * 9 + ("203",)),
                "starts_on": date(2024, 9, 1),
                "ends_on": None,
            },
        )
        if number % 8 == 0:
            kind = "subject_leader" if number % 5 == 0 else "backbone_teacher"
            yield (
                "title_award",
                {
                    "teacher_id": number,
                    "title_kind": kind,
                    "level": "county",
                    "awarded_on": date(2022, 9, 1),
                    "term_ends_on": date(2025 + number % 3, 8, 31),
                    "is_term_by_rule": False,
                },
            )
        if number % 40 == 0:
            yield (
                "title_event",
                {
                    "teacher_id": number,
                    "title_kind": kind,
                    "level": "county",
                    "event": ("renewed", "suspended", "revoked")[number // 40 % 3],
                    "happened_on": date(2025, 9, 1),
                },
            )
            yield from helped(number, school_count)


def helped(leader: int, school_count: int) -> Iterator[tuple[str, Row]]:
    """A leader's three members of a studio, one whom he or she mentors, and a rotation."""
    for member in range(leader - 4, leader):
        yield (
            "mentoring",
            {
                "teacher_id": leader,
                "mentee_id": member,
                "studio": None if member == leader - 4 else f"工作室{leader}",
                "starts_on": date(2025, 9, 1),
            },
        )
    if school_count > 1:
        first, second = random.sample(range(1, school_count + 1), 2)
        yield (
            "rotation",
            {
                "teacher_id": leader,
                "from_school_id": first,
                "to_school_id": second,
                "starts_on": date(2026, 9, 1),
            },
        )


def fill(engine: Engine, count: int) -> None:
    random.seed(20260901)
    school_count = max(1, count // TEACHERS_PER_SCHOOL)
    with database.writing(engine) as connection:
        write(connection, schools(school_count))
        people = teachers(count, school_count)
        while some := list(islice(people, ROWS_AT_ONCE)):
            write(connection, some)


def write(connection: Connection, rows: Iterable[tuple[str, Row]]) -> None:
    waiting: dict[str, list[Row]] = {}
    for name, row in rows:
        waiting.setdefault(name, []).append(row)
    for table in SQLModel.metadata.sorted_tables:
        if table.name in waiting:
            connection.execute(table.insert(), waiting[table.name])


def fastest(*jobs: Callable[[], object]) -> list[float]:
    """Time each job in turn, several rounds; give the fastest of each, in seconds."""
    best = [float("inf")] * len(jobs)
    for _ in range(TIMES):
        for place, job in enumerate(jobs):
            began = time.process_time()
            job()
            best[place] = min(best[place], time.process_time() - began)
    return best


def literal(asked: Select[Any]) -> str:
    """Write a statement as SQL for SQLite, its values in it."""
    return str(asked.compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True}))


def alone(engine: Engine, sql: str) -> Callable[[], list[Any]]:
    """Give what runs SQL with nothing between it and the database."""

    def run() -> list[Any]:
        with engine.connect() as connection:
            raw = connection.connection.dbapi_connection
            assert raw is not None
            return list(raw.cursor().execute(sql))

    return run


def by_hand(engine: Engine, coverage: Coverage) -> Callable[[], list[Any]]:
    """Give the statement on leaders within reach that is written by hand, when it counts alike."""
    titled = literal(holders(Question(standard_of(IN_REACH), DAY)))
    sql = Path(__file__).with_name("leaders_within_reach.sql").read_text(encoding="utf-8")
    run = alone(engine, sql.replace("(:holders)", f"({titled})"))
    found, cells = run(), coverage.gaps(IN_REACH, on=DAY).cells
    by_sql = [sum(row[-3] for row in found), sum(row[-2] + row[-1] for row in found)]
    assert by_sql == [sum(cell.teachers for cell in cells), sum(cell.holders for cell in cells)]
    assert sum(row[-1] for row in found) == sum(cell.visitors for cell in cells)
    return run


def measure(count: int) -> float:
    """Print the times over so many teachers; give that of the gaps by school and stage."""
    with tempfile.TemporaryDirectory() as folder:
        engine = database.create(Path(folder) / "registry.db", "640199", "青禾县")
        fill(engine, count)
        coverage = Coverage(engine, Settings({}))

        def bare(standard: str, **asked: Any) -> Callable[[], list[Any]]:
            return alone(engine, literal(statement(Question(standard_of(standard), DAY, **asked))))

        usual = bare(DEFAULT_STANDARD)
        jobs: dict[str, tuple[Callable[[], object], Callable[[], object]]] = {
            "gaps by school and stage": (usual, lambda: coverage.gaps(on=DAY)),
            "gaps by school and subject": (
                bare(DEFAULT_STANDARD, by_person=("subject",)),
                lambda: coverage.gaps(by="school,subject", on=DAY),
            ),
            **{
                standard: (
                    bare(standard),
                    lambda standard=standard: coverage.gaps(standard, on=DAY),
                )  # type: ignore[misc]
                for standard in STANDARDS
            },
            IN_REACH: (by_hand(engine, coverage), lambda: coverage.gaps(IN_REACH, on=DAY)),
            "gaps by sex": (
                bare(DEFAULT_STANDARD, by_person=("sex",)),
                lambda: coverage.gaps(by="sex", on=DAY),
            ),
            "equity": (usual, lambda: coverage.equity(on=DAY).indicators),
            "equity: what schools add": (usual, lambda: coverage.equity(on=DAY).contributions()),
            "equity: the best moves": (usual, lambda: coverage.equity(on=DAY).best_moves()),
        }
        print(f"{count} teachers, {len(usual())} schools and stages")
        print(f"{'':<34} {'asked':>8} {'bare SQL':>10} {'ratio':>6}")
        for name, (base, asked) in jobs.items():
            least, seconds = fastest(base, asked)
            if name == "gaps by school and stage":
                first = seconds
            print(f"{name:<34} {seconds:6.2f} s {least:8.2f} s {seconds / least:6.2f}")
        engine.dispose()
    return first


def main() -> None:
    counts = [int(word) for word in sys.argv[1:]] or list(TEACHERS)
    times = [measure(count) for count in counts]
    for (less, short), (more, long) in pairwise(zip(counts, times, strict=True)):
        print(f"from {less} to {more} teachers: {long / short:.1f} times")


if __name__ == "__main__":
    main()
