"""Killed at any moment, a registry is as before or as after; `kill_imports` does it at length."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest

from teacherreg import Registry, database
from tests.benchmarks.kill_imports import contents, soundness, write_rosters

DAY = date(2026, 9, 1)
PROGRAM = (sys.executable, "-c", "from teacherreg.cli import main; main()")


def take_in(registry: Path, kind: str, roster: Path) -> None:
    with Registry.open(registry) as opened:
        assert opened.apply(opened.plan_import(kind, roster, on=DAY), by="tester").id is not None


@pytest.fixture
def before(tmp_path: Path) -> Path:
    """A registry with 30 schools and 2,000 people; ``later.csv`` changes and adds some."""
    path = tmp_path / "before.db"
    database.create(path, "640199", "青禾县").dispose()
    write_rosters(tmp_path, 2_000)
    take_in(path, "schools", tmp_path / "schools.csv")
    take_in(path, "teachers", tmp_path / "first.csv")
    return path


def start(registry: Path, *words: str) -> subprocess.Popen[str]:
    command = [*PROGRAM, "--registry", str(registry), *words]
    environment = os.environ | {"TEACHERREG_LANG": "en", "USER": "tester", "LOGNAME": "tester"}
    return subprocess.Popen(
        command, env=environment, cwd=registry.parent, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def wait_until_it_writes(running: subprocess.Popen[str], registry: Path) -> None:
    journal = registry.with_name(f"{registry.name}-journal")
    while running.poll() is None and not journal.exists():
        time.sleep(0.0002)


def test_an_import_killed_while_it_writes_is_done_wholly_or_not_at_all(
    before: Path, tmp_path: Path
) -> None:
    roster = tmp_path / "later.csv"
    after = tmp_path / "after.db"
    shutil.copy(before, after)
    take_in(after, "teachers", roster)
    for number in range(3):
        registry = tmp_path / f"killed-{number}.db"
        shutil.copy(before, registry)
        running = start(registry, "import", "teachers", str(roster), "--yes", "--on", str(DAY))
        wait_until_it_writes(running, registry)
        time.sleep(random.uniform(0, 0.1))
        running.kill()
        running.communicate()
        assert soundness(registry) == "ok"
        if contents(registry) != contents(after):
            assert contents(registry) == contents(before)
            take_in(registry, "teachers", roster)
            assert contents(registry) == contents(after)


def test_ctrl_c_while_it_writes_is_either_in_time_or_too_late(before: Path, tmp_path: Path) -> None:
    registry, roster = before, tmp_path / "later.csv"
    was = contents(registry)
    running = start(registry, "import", "teachers", str(roster), "--yes")
    wait_until_it_writes(running, registry)
    running.send_signal(signal.SIGINT)
    out, said = running.communicate(timeout=20)
    assert "Traceback" not in said
    if running.returncode == 1:
        assert said.endswith("Cancelled; nothing was written.\n")
        assert contents(registry) == was
    else:
        assert "Import 3 is done" in out
        assert contents(registry) != was
    assert soundness(registry) == "ok"


def test_ctrl_c_while_it_waits_is_heard_at_once(before: Path, tmp_path: Path) -> None:
    registry, roster = before, tmp_path / "later.csv"
    was = contents(registry)
    with database.writing(database.open_existing(registry)):  # so that it waits with its plan made
        running = start(registry, "import", "teachers", str(roster), "--yes")
        assert running.stderr is not None
        for line in running.stderr:
            if "waiting" in line:
                break
        running.send_signal(signal.SIGINT)
        _, said = running.communicate(timeout=20)
    assert (running.returncode, said.strip()) == (1, "Cancelled; nothing was written.")
    assert contents(registry) == was
