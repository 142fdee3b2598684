"""How long an import takes, beside a bare load of the same file.

Run it as a script: ``python tests/benchmarks/bench_import.py [ROWS]``. It writes a roster
of made-up people in CSV, loads it with ``csv`` and ``sqlite3.executemany`` into one table
with the same unique key and one index (what nobody checks, cleans or journals), imports it
into an empty registry, imports it again unchanged, and prints the ratios. Each is done
several times in turn, and the fastest counts: the machine is never ours alone.
"""

import csv
import random
import sqlite3
import sys
import tempfile
import time
from contextlib import closing
from datetime import date
from pathlib import Path

from teacherreg import database
from teacherreg.intake.apply import apply
from teacherreg.intake.plan import plan_import, plan_reading
from teacherreg.intake.read import read_files
from teacherreg.settings import Settings

ROWS = 100_000
TIMES = 3
DAY = date(2026, 9, 1)
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


def bare_load(roster: Path, target: Path) -> float:
    """Load the file as nobody should: unchecked, one table."""
    begun = time.perf_counter()
    places = ",".join("?" * len(HEADER))
    with (
        closing(sqlite3.connect(target)) as connection,
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
    return time.perf_counter() - begun


def write_schools(path: Path, schools: list[str]) -> None:
    """Write the list of schools that the roster names."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("学校名称", "学校类型"), *((s, "小学") for s in schools)])


def import_all(folder: Path, roster: Path, schools: Path) -> dict[str, float]:
    """Import into an empty registry, then the same again; gives the seconds of each part."""
    engine = database.create(folder / "registry.db", "640199", "青禾县")
    settings = Settings({})
    apply(engine, plan_import(engine, "schools", [schools], settings=settings, on=DAY), by="bench")
    begun = time.perf_counter()
    reading = read_files("teachers", [roster], settings=settings, on=DAY)
    read = time.perf_counter()
    plan = plan_reading(engine, reading, settings=settings, on=DAY)
    planned = time.perf_counter()
    batch = apply(engine, plan, by="bench")
    written = time.perf_counter()
    if batch.rows_added != batch.rows_read:
        raise SystemExit(f"only {batch.rows_added} of {batch.rows_read}: {plan.problems[:3]}")
    again = plan_import(engine, "teachers", [roster], settings=settings, on=DAY)
    ended = time.perf_counter()
    if not again.is_empty:
        raise SystemExit("the same file again would change something")
    engine.dispose()
    return {
        "read": read - begun,
        "plan": planned - read,
        "write": written - planned,
        "import": written - begun,
        "again, unchanged": ended - written,
    }


def main(rows: int) -> None:
    """Measure, and print a table of ratios."""
    fastest: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as name:
        top = Path(name)
        roster, schools = top / "roster.csv", top / "schools.csv"
        write_schools(schools, write_roster(roster, rows))
        for turn in range(TIMES):
            folder = top / str(turn)
            folder.mkdir()
            seconds = {"bare load": bare_load(roster, folder / "bare.db")}
            seconds |= import_all(folder, roster, schools)
            for part, taken in seconds.items():
                fastest[part] = min(taken, fastest.get(part, taken))
    bare = fastest["bare load"]
    print(f"{rows} rows, fastest of {TIMES}")
    for part, taken in fastest.items():
        print(f"{part:<18} {taken:7.2f} s  {taken / bare:5.2f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS)
