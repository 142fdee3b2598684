"""How long a forecast of ten years takes, beside the gaps of one day.

Run it as a script: ``python tests/benchmarks/bench_forecast.py [TEACHERS]``, with the
registry of `bench_coverage`, whose people get a birth, a sex and longer terms. Ten years are
eleven days to ask about, so the ratio to hold it against is 11.
"""

import sys
import tempfile
from pathlib import Path

import bench_coverage
from sqlalchemy import text

from teacherreg import database
from teacherreg.coverage import Coverage
from teacherreg.settings import Settings

TEACHERS = 3_000
AGES = (
    "UPDATE teacher SET sex = CASE WHEN id % 3 = 0 THEN '1' ELSE '2' END,"
    " birth_date = (1966 + id % 36) || '-0' || (1 + id % 9) || '-15'"
)
TERMS = "UPDATE title_award SET term_ends_on = (2027 + id % 10) || '-08-31'"


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else TEACHERS
    with tempfile.TemporaryDirectory() as folder:
        engine = database.create(Path(folder) / "registry.db", "640199", "青禾县")
        bench_coverage.fill(engine, count)
        with database.writing(engine) as connection:
            connection.execute(text(AGES))
            connection.execute(text(TERMS))
        coverage = Coverage(engine, Settings({}))
        day = bench_coverage.DAY
        gaps, forecast, trend = bench_coverage.fastest(
            lambda: coverage.gaps(on=day),
            lambda: coverage.forecast(on=day),
            lambda: coverage.trend(on=day),
        )
        engine.dispose()
    print(f"{count:,} teachers: the gaps of a day in {gaps:.3f} s")
    for name, took in (("forecast of 10 years", forecast), ("trend of 10 years", trend)):
        print(f"  {name}: {took:.3f} s, {took / gaps:.1f} times as long")


if __name__ == "__main__":
    main()
