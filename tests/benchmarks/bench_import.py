"""How long an import takes and how much memory, beside what others need for less.

Run it as a script: ``python tests/benchmarks/bench_import.py [ROWS [TIMES]]``; the limits
are meant for 1000000 rows. It writes rosters of made-up people and prints five figures:

* importing the CSV (read, cleaned, checked, planned, journaled) into an empty registry,
  beside a bare load: ``csv`` and ``sqlite3.executemany`` into one table with the same unique
  key and one index, which nobody checks, cleans or journals;
* importing an .xlsx of 100,000 rows, beside openpyxl merely reading it (``read_only``,
  ``data_only``, values only: the fastest that it has);
* the same CSV again, unchanged, beside the first time;
* the CSV beside one of a tenth of its rows;
* the peak memory of the import and of the import again.

Each is measured in a process of its own, several times in turn, and the fastest counts: a
machine is never ours alone. CPU seconds of all threads stand beside those of the clock,
because they suffer less from neighbours.
"""

import csv
import json
import random
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path

import openpyxl
import xlsxwriter

from teacherreg import database
from teacherreg.intake.apply import apply
from teacherreg.intake.plan import plan_import, plan_reading
from teacherreg.intake.read import read_files
from teacherreg.settings import Settings

Seconds = dict[str, tuple[float, float]]  # of each part: by the wall, by the processor

ROWS = 100_000
WORKBOOK_ROWS = 100_000
TIMES = 3
DAY = date(2026, 9, 1)
RATIOS = (
    ("import / bare load", "import", "bare load", 1.0),
    ("import of .xlsx / openpyxl reads it", "import of .xlsx", "openpyxl reads .xlsx", 0.4),
    ("import again, unchanged / import", "import again", "import", 0.5),
    ("import / import of a tenth of the rows", "import", "import of a tenth", 10.5),
)
HEADER = (
    *("姓名", "身份证件号", "教职工号", "性别", "出生日期", "民族", "政治面貌", "学校名称"),
    *("学段", "任教学科", "最高学历", "职称", "教职工类别", "人员状态", "参加工作年月"),
    *("进本校年月", "手机号"),
)
SURNAMES = "王李张刘陈杨赵黄周吴徐孙马朱胡郭何高林罗"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂文"
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def id_number(order: int) -> str:
    """Make a valid ID number of an area that does not exist, another for each order."""
    day, rest = divmod(order, 999)
    year, day_of_year = divmod(day, 336)
    body = f"640199{1965 + year}{day_of_year // 28 + 1:02}{day_of_year % 28 + 1:02}{rest + 1:03}"
    total = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, body, strict=True))
    return body + "10X98765432"[total % 11]


def one_of(*words: str) -> str:
    """Pick a word."""
    return random.choice(words)


def write_roster(path: Path, rows: int) -> list[str]:
    """Write a roster; gives the names of its schools."""
    random.seed(20260901)
    schools = [f"青禾县第{number}小学" for number in range(1, 61)]
    orders = random.sample(range(335_000 * 30), rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        for order in orders:
            number = id_number(order)
            name = random.choice(SURNAMES) + "".join(random.choices(GIVEN, k=2))
            sex = "男" if int(number[16]) % 2 else "女"
            born = f"{number[6:10]}-{number[10:12]}-{number[12:14]}"
            started = int(number[6:10]) + 22
            writer.writerow(
                (name, number, f"T{order:09}", sex, born,
                 one_of("汉族", "汉族", "回族", "维吾尔族"), one_of("群众", "中共党员"),
                 one_of(*schools), one_of("小学", "小学", "小学", "幼儿园"),
                 one_of("语文", "数学", "英语", "体育"), one_of("大学本科", "大学专科"),
                 one_of("一级教师", "二级教师", "高级教师"), one_of(*["专任教师"] * 19, "工勤人员"),
                 one_of(*["在职在岗"] * 49, "长期病休"),
                 f"{started}.09", f"{started + 3}.09", f"139{order % 10**8:08}")
            )  # fmt: skip
    return schools


def write_workbook(path: Path, roster: Path) -> None:
    """Write the rows of a roster as an .xlsx, all of them text as templates have it."""
    with (
        closing(xlsxwriter.Workbook(path, {"constant_memory": True})) as workbook,
        roster.open(encoding="utf-8", newline="") as file,
    ):
        sheet = workbook.add_worksheet("教师花名册")
        for place, row in enumerate(csv.reader(file)):
            for column, text in enumerate(row):
                sheet.write_string(place, column, text)


def write_schools(path: Path, schools: list[str]) -> None:
    """Write the list of schools that the roster names."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("学校名称", "学校类型"), *((s, "小学") for s in schools)])


def bare_load(roster: Path, registry: Path) -> Seconds:
    """Load the file as nobody should: unchecked, one table."""
    clock = Clock()
    places = ",".join("?" * len(HEADER))
    with (
        closing(sqlite3.connect(registry)) as connection,
        roster.open(encoding="utf-8", newline="") as file,
    ):
        columns = ", ".join(f"c{number} TEXT" for number in range(len(HEADER)))
        connection.execute(f"CREATE TABLE t (id INTEGER PRIMARY KEY, {columns}, UNIQUE (c1))")
        connection.execute("CREATE INDEX by_name ON t (c0)")
        reader = csv.reader(file)
        next(reader)
        names = ",".join(f"c{number}" for number in range(len(HEADER)))
        connection.executemany(f"INSERT INTO t ({names}) VALUES ({places})", reader)
        connection.commit()
    clock.stop("whole")
    return clock.seconds


def read_by_openpyxl(roster: Path, _registry: Path) -> Seconds:
    """Read every value of a workbook the fastest way that openpyxl has."""
    clock = Clock()
    workbook = openpyxl.load_workbook(roster, read_only=True, data_only=True)
    for sheet in workbook:
        for _row in sheet.iter_rows(values_only=True):
            pass
    workbook.close()
    clock.stop("whole")
    return clock.seconds


def import_first(roster: Path, registry: Path) -> Seconds:
    """Import into an empty registry that knows the schools."""
    engine = database.create(registry, "640199", "青禾县")
    settings = Settings({})
    schools = roster.with_name("schools.csv")
    apply(engine, plan_import(engine, "schools", [schools], settings=settings, on=DAY), by="bench")
    clock = Clock()
    reading = read_files("teachers", [roster], settings=settings, on=DAY)
    clock.stop("read")
    plan = plan_reading(engine, reading, settings=settings, on=DAY)
    del reading
    clock.stop("plan")
    batch = apply(engine, plan, by="bench")
    clock.stop("write")
    if batch.rows_added != batch.rows_read:
        raise SystemExit(f"only {batch.rows_added} of {batch.rows_read}: {plan.problems[:3]}")
    return clock.seconds


def import_again(roster: Path, registry: Path) -> Seconds:
    """Import the same file into the registry that has it."""
    engine = database.open_existing(registry)
    settings = Settings({})
    clock = Clock()
    reading = read_files("teachers", [roster], settings=settings, on=DAY)
    clock.stop("read")
    plan = plan_reading(engine, reading, settings=settings, on=DAY)
    clock.stop("plan")
    if not plan.is_empty:
        raise SystemExit("the same file again would change something")
    return clock.seconds


class Clock:
    """Takes the seconds of parts that follow one another, by the wall and by the processor."""

    def __init__(self) -> None:
        self.seconds: Seconds = {}
        self._last = (time.perf_counter(), time.process_time())

    def stop(self, part: str) -> None:
        """End a part; the next begins."""
        now = (time.perf_counter(), time.process_time())
        self.seconds[part] = (now[0] - self._last[0], now[1] - self._last[1])
        self._last = now


MEASURED: dict[str, Callable[[Path, Path], Seconds]] = {
    "bare load": bare_load,
    "import": import_first,
    "import again": import_again,
    "openpyxl reads": read_by_openpyxl,
}


def measure_here(what: str, roster: str, registry: str) -> None:
    """Measure one thing in this process, and print it as JSON for the one that asked."""
    seconds = MEASURED[what](Path(roster), Path(registry))
    peak_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps({"seconds": seconds, "peak_mib": peak_kib / 1024}))


class Fastest:
    """The fastest of several measurements, by name."""

    def __init__(self) -> None:
        self.wall: dict[str, float] = {}
        self.cpu: dict[str, float] = {}
        self.peak_mib: dict[str, float] = {}

    def measure(self, name: str, what: str, roster: Path, registry: Path) -> None:
        """Measure in a process of its own."""
        command = [sys.executable, __file__, "--measure", what, str(roster), str(registry)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(done.stderr)
        found = json.loads(done.stdout)
        parts = {f"{name}: {part}": pair for part, pair in found["seconds"].items()}
        whole = tuple(map(sum, zip(*parts.values(), strict=True)))
        for part, (wall, cpu) in {name: whole, **(parts if len(parts) > 1 else {})}.items():
            self.wall[part] = min(wall, self.wall.get(part, wall))
            self.cpu[part] = min(cpu, self.cpu.get(part, cpu))
        self.peak_mib[name] = max(found["peak_mib"], self.peak_mib.get(name, 0))

    def print_seconds(self) -> None:
        """Print all that was measured."""
        for part, wall in self.wall.items():
            peak = f"{self.peak_mib[part]:6.0f} MiB" if part in self.peak_mib else ""
            print(f"{part:<26} {wall:7.2f} s  {self.cpu[part]:7.2f} s CPU  {peak}")

    def print_ratio(self, words: str, one: str, other: str, limit: float) -> None:
        """Print how two compare, and the limit."""
        wall, cpu = (times[one] / times[other] for times in (self.wall, self.cpu))
        print(f"{words:<44} {wall:5.2f}  ({cpu:5.2f} by CPU)  limit {limit}")


def main(rows: int, times: int) -> None:
    """Measure, and print the five figures with their limits."""
    fastest = Fastest()
    with tempfile.TemporaryDirectory() as name:
        top = Path(name)
        large, tenth, hundred = top / "roster.csv", top / "tenth.csv", top / "100000.csv"
        schools = write_roster(large, rows)
        write_roster(tenth, rows // 10)
        write_roster(hundred, WORKBOOK_ROWS)
        write_schools(top / "schools.csv", schools)
        workbook = top / "roster.xlsx"
        write_workbook(workbook, hundred)
        for turn in range(times):
            registries = [top / f"{turn}-{number}.db" for number in range(4)]
            fastest.measure("bare load", "bare load", large, registries[0])
            fastest.measure("import", "import", large, registries[1])
            fastest.measure("import again", "import again", large, registries[1])
            fastest.measure("import of a tenth", "import", tenth, registries[2])
            fastest.measure("openpyxl reads .xlsx", "openpyxl reads", workbook, registries[3])
            fastest.measure("import of .xlsx", "import", workbook, registries[3])
            for registry in registries:
                registry.unlink(missing_ok=True)
    print(f"{rows} rows of CSV, {WORKBOOK_ROWS} of .xlsx, fastest of {times}")
    fastest.print_seconds()
    print()
    for words, one, other, limit in RATIOS:
        fastest.print_ratio(words, one, other, limit)
    peak = max(fastest.peak_mib["import"], fastest.peak_mib["import again"])
    print(f"{'peak memory of an import':<44} {peak:5.0f} MiB                limit 1500")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--measure"]:
        measure_here(*sys.argv[2:])
    else:
        asked = [int(argument) for argument in sys.argv[1:]]
        main(*asked, *(ROWS, TIMES)[len(asked) :])
