"""How long judging everybody takes, beside a bare read of what is judged.

Run it as a script: ``python tests/benchmarks/bench_pipeline.py [TEACHERS …]``, with the
registry of `bench_coverage`, whose people get ranks, yearly reviews, training and a few
sanctions, and with every rule on. The bare read fetches every row that matters by ``sqlite3``
alone. The aims: everybody is judged in 5 times the bare read, the pipeline takes 8 times it,
and ten times the teachers take 11 times as long at most.
"""

import sys
import tempfile
from itertools import pairwise
from pathlib import Path

import bench_coverage
from sqlalchemy import Engine, text

from teacherreg import database
from teacherreg.coverage import Coverage
from teacherreg.eligibility import Eligibility
from teacherreg.settings import Settings

TEACHERS = (10_000, 100_000)
CAREERS = (
    "UPDATE post SET professional_rank ="
    " CASE teacher_id % 3 WHEN 0 THEN 'senior_teacher' WHEN 1 THEN 'first_grade_teacher' END",
    "UPDATE teacher SET birth_date = (1966 + id % 36) || '-0' || (1 + id % 9) || '-15',"
    " work_started_on = (1990 + id % 36) || '-09-01'",
    *(
        "INSERT INTO review (teacher_id, review_kind, year, result)"
        f" SELECT id, 'annual', {year}, CASE id % 50 WHEN {year % 50} THEN 'unqualified'"
        " ELSE 'qualified' END FROM teacher"
        for year in (2024, 2025)
    ),
    "INSERT INTO conduct_record (teacher_id, record_kind, year, result)"
    " SELECT id, 'review', 2025, CASE id % 100 WHEN 7 THEN 'unqualified' ELSE 'qualified' END"
    " FROM teacher",
    "INSERT INTO conduct_record"
    " (teacher_id, record_kind, sanction_kind, rule_version, decided_on, ends_on)"
    " SELECT id, 'sanction', 'warning', 'staff_2023', '2026-03-01', '2026-08-31'"
    " FROM teacher WHERE id % 100 = 3",
    *(
        "INSERT INTO training (teacher_id, project, tenths_of_hours, ends_on)"
        f" SELECT id, '研修', 500 + id % 500, '{year}-07-10' FROM teacher"
        for year in range(2022, 2026)
    ),
)
FACTS = (
    "SELECT id, name, staff_no, birth_date, work_started_on FROM teacher",
    "SELECT p.teacher_id, s.name, p.attachment, p.status, p.is_full_time_teacher,"
    " p.professional_rank FROM post p JOIN school s ON s.id = p.school_id"
    " WHERE p.ends_on IS NULL",
    "SELECT teacher_id, title_kind, level, awarded_on, term_ends_on FROM title_award",
    "SELECT teacher_id, title_kind, level, event, happened_on, ends_on FROM title_event",
    "SELECT teacher_id, record_kind, year, result, sanction_kind, decided_on, ends_on"
    " FROM conduct_record",
    "SELECT teacher_id, year, result, reviewed_on FROM review",
    "SELECT teacher_id, sum(tenths_of_hours) FROM training GROUP BY teacher_id",
)
ALL_RULES = Settings(
    {
        "eligibility.teaching_years": True,
        "eligibility.training_hours": True,
        "eligibility.age": True,
    }
)


def bare(engine: Engine) -> int:
    """Fetch every row that matters; give how many there are."""
    with engine.connect() as connection:
        raw = connection.connection.dbapi_connection
        assert raw is not None
        return sum(len(list(raw.cursor().execute(one))) for one in FACTS)


def measure(count: int) -> float:
    """Print the times over so many teachers; give that of the pipeline."""
    with tempfile.TemporaryDirectory() as folder:
        engine = database.create(Path(folder) / "registry.db", "640199", "青禾县")
        bench_coverage.fill(engine, count)
        with database.writing(engine) as connection:
            for statement in CAREERS:
                connection.execute(text(statement))
        day = bench_coverage.DAY
        coverage = Coverage(engine, ALL_RULES)
        asked = Eligibility(engine, ALL_RULES, "backbone_teacher", level="county", on=day)
        read, gaps, everybody, pipeline = bench_coverage.fastest(
            lambda: bare(engine),
            lambda: coverage.gaps(on=day),
            asked.of_all,
            lambda: coverage.pipeline(on=day),
        )
        rows = bare(engine)
        engine.dispose()
    print(f"{count:,} teachers: {rows:,} rows of facts read bare in {read:.3f} s")
    for name, took in (("gaps", gaps), ("eligibility of all", everybody), ("pipeline", pipeline)):
        print(f"  {name}: {took:.3f} s, {took / read:.1f} times as long")
    return pipeline


def main() -> None:
    counts = [int(word) for word in sys.argv[1:]] or list(TEACHERS)
    times = [measure(count) for count in counts]
    for (less, short), (more, long) in pairwise(zip(counts, times, strict=True)):
        print(f"from {less:,} to {more:,} teachers: {long / short:.1f} times")


if __name__ == "__main__":
    main()
