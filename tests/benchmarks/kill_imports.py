"""Whether a registry, or a file, is ever half written: real processes killed at random moments.

Run it as a script: ``python tests/benchmarks/kill_imports.py [KILLS] [ROWS]``. It makes a
registry with a roster in it, and a second roster that changes, moves and adds people. Each
command is run once to the end, which tells how long it takes and what comes of it; then it
is started over and over and killed (SIGKILL): half of the times at any moment of the run,
half of the times while it writes, which the journal beside the database tells. After each
kill the registry must be exactly what it was before, or exactly what the command makes of
it, whole by SQLite's own checks; no half file may stand under its final name; and the same
command, run again, must do its work. Ends with 1 if anything was found.
"""

import hashlib
import os
import random
import shutil
import signal
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import NoReturn

import openpyxl

from teacherreg import cli
from teacherreg.cli.commands import COMMANDS

KILLS = 200
ROWS = 4_000
SEED = 20260901
HEADER = "姓名,教职工号,学校名称,学段,任教学科,职称,手机号\n"
# What differs from run to run, and may.
OF_THE_MOMENT = {"import_batch": ("imported_at", "undone_at")}
OTHERS_SHARE = 20  # for so many kills of an import, one of each other command


@dataclass
class Command:
    """A command to kill, and what its end looks like."""

    name: str
    words: tuple[str, ...]
    makes: str | None = None  # the file that it makes, which is whole or not there
    is_sound: Callable[[Path], bool] = lambda path: path.is_file()
    needs: str = "before"  # the registry to begin with
    after: str = ""  # what the registry is at the end; empty where it stays as it was
    seconds: float = 0.0
    writing_after: float = 0.0
    writing_seconds: float = 0.0
    fates: Counter[str] = field(default_factory=Counter)


def name_of(order: int) -> str:
    """Make a given name."""
    return "".join("伟芳娜敏静丽强磊军洋"[int(digit)] for digit in f"{order % 100:02}")


def write_rosters(folder: Path, rows: int) -> None:
    """Write schools, a roster, and a later one in which a third is different or new."""
    schools = [f"青禾县第{n}小学" for n in range(1, 31)]
    text = "".join(f"{school},小学,600\n" for school in schools)
    (folder / "schools.csv").write_text("学校名称,学校类型,小学学生数\n" + text, encoding="utf-8")
    first, later = [], []
    for n in range(rows):
        school, phone = schools[n % 30], f"139{n:08}"
        line = f"张{name_of(n)},T{n:06},{{school}},小学,{{subject}},一级教师,{{phone}}\n"
        first.append(line.format(school=school, subject="语文", phone=phone))
        school = schools[(n + 1) % 30] if n % 7 == 0 else school
        subject = "数学" if n % 5 == 0 else "语文"
        phone = f"138{n:08}" if n % 3 == 0 else phone
        later.append(line.format(school=school, subject=subject, phone=phone))
        if n % 4 == 0:
            later.append(f"李{name_of(n)},N{n:06},{school},小学,英语,二级教师,137{n:08}\n")
    (folder / "first.csv").write_text(HEADER + "".join(first), encoding="utf-8")
    (folder / "later.csv").write_text(HEADER + "".join(later), encoding="utf-8")


def contents(registry: Path) -> str:
    """Sum up every table of a registry, without the moments at which things were done."""
    digest = hashlib.sha256()
    with closing(sqlite3.connect(registry)) as connection:
        names = [row[0] for row in connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]  # fmt: skip
        for name in names:
            columns = [row[1] for row in connection.execute(f"PRAGMA table_info({name})")]
            kept = [column for column in columns if column not in OF_THE_MOMENT.get(name, ())]
            query = f"SELECT {', '.join(kept)} FROM {name} ORDER BY rowid"
            digest.update(repr((name, kept)).encode())
            for row in connection.execute(query):
                digest.update(repr(row).encode())
    return digest.hexdigest()


def soundness(registry: Path) -> str:
    """Give SQLite's own verdict, ``ok`` or what is wrong."""
    with closing(sqlite3.connect(registry)) as connection:
        verdict = str(connection.execute("PRAGMA integrity_check").fetchone()[0])
        if connection.execute("PRAGMA foreign_key_check").fetchone() is not None:
            return "rows refer to nothing"
    return verdict


def is_workbook(path: Path) -> bool:
    """Tell whether a workbook can be read to its last row."""
    return sum(1 for _ in openpyxl.load_workbook(path, read_only=True).worksheets[0].rows) > 0


def is_registry(path: Path) -> bool:
    """Tell whether a copy of a registry is whole and has a county."""
    with closing(sqlite3.connect(path)) as connection:
        has_county = connection.execute("SELECT count(*) FROM county").fetchone() == (1,)
    return has_county and soundness(path) == "ok"


class Running:
    """A command in a process of its own.

    It is forked from this one, which has loaded the program but never used it: so
    nothing need be loaded each time, and no thread is lost in the fork.
    """

    def __init__(self, folder: Path, words: tuple[str, ...]) -> None:
        self._code: int | None = None
        self._id = os.fork()
        if self._id == 0:
            self._become(folder, words)

    @staticmethod
    def _become(folder: Path, words: tuple[str, ...]) -> NoReturn:
        code = 1
        try:
            os.chdir(folder)
            nowhere = os.open(os.devnull, os.O_RDWR)
            for stream in range(3):
                os.dup2(nowhere, stream)
            sys.argv = ["teacherreg", "--lang", "en", *words]
            cli.main()
        except SystemExit as ended:
            code = int(ended.code or 0)
        finally:
            os._exit(code)

    def is_alive(self) -> bool:
        """Tell whether it still runs."""
        if self._code is None:
            gone, status = os.waitpid(self._id, os.WNOHANG)
            self._code = os.waitstatus_to_exitcode(status) if gone else None
        return self._code is None

    def wait(self) -> int:
        """Wait for its end; gives its exit code."""
        if self._code is None:
            self._code = os.waitstatus_to_exitcode(os.waitpid(self._id, 0)[1])
        return self._code

    def kill(self) -> None:
        """Kill it, unless it has ended."""
        if self.is_alive():
            os.kill(self._id, signal.SIGKILL)
            self.wait()


class Killing:
    """One folder in which commands are run and killed."""

    def __init__(self, folder: Path, rows: int) -> None:
        self.folder = folder
        self.work = folder / "work"
        self.registries: dict[str, Path] = {}
        self.contents: dict[str, str] = {}
        self.found: list[str] = []
        write_rosters(folder, rows)
        self._make_registries()

    def _make_registries(self) -> None:
        registry = self.folder / "registry.db"
        words = (("init", "--county", "640199", "--name", "青禾县"),
                 ("import", "schools", str(self.folder / "schools.csv"), "--yes"),
                 ("import", "teachers", str(self.folder / "first.csv"), "--yes"))  # fmt: skip
        for some in words:
            self._run(registry, some)
        self._keep("before", registry)
        self._run(registry, ("import", "teachers", str(self.folder / "later.csv"), "--yes"))
        self._keep("after", registry)
        self._run(registry, ("imports", "undo", "3"))
        self._keep("undone", registry)

    def _keep(self, name: str, registry: Path) -> None:
        kept = self.folder / f"{name}.kept"
        shutil.copy(registry, kept)
        self.registries[name], self.contents[name] = kept, contents(kept)

    def _run(self, registry: Path, words: tuple[str, ...]) -> None:
        code = Running(self.folder, ("--registry", str(registry), *words)).wait()
        if code not in (0, 3):
            sys.exit(f"{words}: exit code {code}")

    def commands(self) -> list[Command]:
        """Name the commands; the import, which matters most, comes first."""
        later = str(self.folder / "later.csv")
        report = ("--dry-run", "--report", "report.xlsx")
        return [
            Command("import", ("import", "teachers", later, "--yes"), after="after"),
            Command("undo", ("imports", "undo", "3"), needs="after", after="undone"),
            Command("restore", ("restore", str(self.registries["after"]), "--yes"), after="after"),
            Command("init", ("init", "--county", "640199", "--name", "青禾县"),
                    "registry.db", is_registry, needs=""),
            Command("backup", ("backup", "copy.db"), "copy.db", is_registry),
            Command("export", ("export", "teachers", "out.xlsx"), "out.xlsx", is_workbook),
            Command("template", ("template", "teachers", "form.xlsx"), "form.xlsx", is_workbook),
            Command("report", ("import", "teachers", later, *report), "report.xlsx", is_workbook),
        ]  # fmt: skip

    def _start(self, command: Command) -> Running:
        shutil.rmtree(self.work, ignore_errors=True)
        self.work.mkdir()
        if command.needs:
            shutil.copy(self.registries[command.needs], self.work / "registry.db")
        return Running(self.work, command.words)

    def measure(self, command: Command) -> None:
        """Run a command to its end: how long it takes, and when it writes."""
        began = time.monotonic()
        running = self._start(command)
        first = last = 0.0
        while running.is_alive():
            if self._is_writing(command):
                last = time.monotonic() - began
                first = first or last
            time.sleep(0.0005)
        command.seconds = time.monotonic() - began
        command.writing_after, command.writing_seconds = first, last - first
        if self._fate(command) != "after":
            self.found.append(f"{command.name}: not done when left alone")

    def _is_writing(self, command: Command) -> bool:
        made = [f"{command.makes}.unfinished"] if command.makes else ["registry.db-journal"]
        return any((self.work / name).exists() for name in made)

    def kill_once(self, command: Command, *, while_writing: bool) -> None:
        """Start a command, kill it, look at what is left, and let it do its work again."""
        running = self._start(command)
        if while_writing and not command.writing_after:  # too short to be seen: near the end
            time.sleep(random.uniform(command.seconds * 0.5, command.seconds))
        elif while_writing:
            while running.is_alive() and not self._is_writing(command):
                time.sleep(0.0002)
            time.sleep(random.uniform(0, command.writing_seconds * 1.1 + 0.002))
        else:
            time.sleep(random.uniform(0, command.seconds * 1.02))
        running.kill()
        leftovers = any(path.suffix == ".unfinished" for path in self.work.iterdir())
        hot = (self.work / "registry.db-journal").exists()
        fate = self._fate(command)
        command.fates[fate] += 1
        command.fates["journal left"] += hot
        command.fates["unfinished left"] += leftovers
        if fate == "before":
            Running(self.work, command.words).wait()
            if (then := self._fate(command)) != "after":
                self.found.append(f"{command.name}: not done the next time, but {then}")
        if any(path.suffix == ".unfinished" for path in self.work.iterdir()) and fate == "before":
            self.found.append(f"{command.name}: leftovers stay")

    def _fate(self, command: Command) -> str:
        """Say what a command left: all as before, all as after, or what is wrong."""
        registry = self.work / "registry.db"
        if command.needs and not command.after:
            if (verdict := soundness(registry)) != "ok":
                return self._wrong(command, verdict)
            if contents(registry) != self.contents[command.needs]:
                return self._wrong(command, "another registry")
        if command.makes:
            made = self.work / command.makes
            if not made.exists():
                return "before"
            return "after" if command.is_sound(made) else self._wrong(command, "a half file")
        if (verdict := soundness(registry)) != "ok":
            return self._wrong(command, verdict)
        now = contents(registry)
        for fate, name in (("before", command.needs), ("after", command.after)):
            if now == self.contents[name]:
                return fate
        return self._wrong(command, "neither before nor after")

    def _wrong(self, command: Command, what: str) -> str:
        self.found.append(f"{command.name}: {what}")
        return what


def main() -> None:
    """Kill, look, and tell."""
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else KILLS
    rows = int(sys.argv[2]) if len(sys.argv) > 2 else ROWS
    random.seed(SEED)
    for module, _, _ in COMMANDS.values():
        import_module(f"teacherreg.cli.{module}")
    os.environ.pop("TEACHERREG_REGISTRY", None)
    with tempfile.TemporaryDirectory() as folder:
        killing = Killing(Path(folder), rows)
        imports, *others = killing.commands()
        per_other = kills // OTHERS_SHARE
        for command, count in [(imports, kills), *((other, per_other) for other in others)]:
            if not count:
                continue
            killing.measure(command)
            for number in range(count):
                killing.kill_once(command, while_writing=number % 2 == 0)
            print(
                f"{command.name:9} {count} kills in {command.seconds:.2f} s, writing from"
                f" {command.writing_after:.2f} s for {command.writing_seconds:.3f} s:"
                f" {dict(command.fates)}",
                flush=True,
            )
    for one in killing.found:
        print("FOUND", one)
    sys.exit(1 if killing.found else 0)


if __name__ == "__main__":
    main()
