"""Damages workbooks at random and imports each: nothing may break but the file.

Run it as a script: ``python tests/benchmarks/fuzz_files.py [FILES] [SEED]``. Each file is
one of a dozen formats, damaged in one or several ways, and planned by the real importer
into a registry of a made-up county. What comes of it must be a plan or an error in words,
within 30 seconds and one gigabyte, and the registry the same byte for byte. A file of
which something else comes is kept in a folder that is named, and the exit code is 1.
It asks Linux or macOS what was used, so it runs there.
"""

import resource
import shutil
import sys
import tempfile
import time
import traceback
from collections import Counter
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from teacherreg import Registry, TeacherregError, database
from teacherreg.intake import apart
from teacherreg.locale import speaking
from tests.intake.reading.damage import damaged, originals

FILES = 1_000
DAY = date(2026, 9, 1)
MOST_SECONDS = 30
MOST_BYTES = 1_000_000_000


def outcome(registry: Registry, path: Path) -> str:
    """Plan an import of one file; gives what came of it in a word."""
    try:
        plan = registry.plan_import("teachers", path, add_schools=True, on=DAY)
    except TeacherregError as error:
        for language in ("zh", "en"):
            with speaking(language):
                if "{" in str(error) or not error.hint:
                    raise AssertionError(f"no words for {error.code}") from error
        return error.code
    for problem in plan.problems:
        str(problem.message)
    return "plan"


def main(files: int, seed: int) -> int:
    """Damage, import, count; gives the exit code."""
    counts: Counter[str] = Counter()
    slowest = (0.0, "")
    failures = 0
    folder = Path(tempfile.mkdtemp(prefix="fuzz-"))
    registry_path = folder / "registry.db"
    database.create(registry_path, "640199", "青禾县").dispose()
    before = registry_path.read_bytes()
    names = sorted(originals())
    with Registry.open(registry_path) as registry:
        for number in range(seed, seed + files):
            name = names[number % len(names)]
            path = folder / f"{number}-{name.replace(' ', '-')}.xlsx"
            path.write_bytes(damaged(originals()[name], number))
            begun = time.perf_counter()
            try:
                came = outcome(registry, path)
            except Exception:  # this is what is looked for
                came = "TRACEBACK"
                traceback.print_exc()
            taken = time.perf_counter() - begun
            slowest = max(slowest, (taken, path.name))
            counts[came] += 1
            if registry_path.read_bytes() != before:
                came, before = "REGISTRY CHANGED", registry_path.read_bytes()
            if came.isupper() or taken > MOST_SECONDS:
                failures += 1
                print(f"{came} after {taken:.1f} s: {path}", flush=True)
            else:
                path.unlink()
    apart._end_kept()  # only of a process that ended is known what it took
    most = {
        who: resource.getrusage(which).ru_maxrss * 1024
        for who, which in (("program", resource.RUSAGE_SELF), ("reader", resource.RUSAGE_CHILDREN))
    }
    print(f"{files} files from seed {seed}: {failures} failures")
    for came, count in counts.most_common():
        print(f"{count:6} {came}")
    print(f"slowest {slowest[0]:.2f} s ({slowest[1]}); most memory "
          + ", ".join(f"{who} {size / 1e6:.0f} MB" for who, size in most.items()))  # fmt: skip
    if failures:
        return 1
    shutil.rmtree(folder)
    return 1 if max(most.values()) > MOST_BYTES else 0


if __name__ == "__main__":
    given = [int(argument) for argument in sys.argv[1:3]]
    sys.exit(main(*given, *(FILES, 0)[len(given) :]))
