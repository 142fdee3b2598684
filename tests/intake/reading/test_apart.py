"""The process that reads workbooks: when it starts, how it ends, what it cannot do."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from threading import Timer
from typing import Any

import pytest

from teacherreg import database
from teacherreg.errors import IntakeError
from teacherreg.intake import apart
from teacherreg.intake.sheets import read_sheets
from tests.intake.reading import formats, hostile

TEXT = "姓名,性别\n张三,男\n".encode()
ROOT = Path(__file__).parents[3]


@pytest.fixture(autouse=True)
def _no_process_from_elsewhere() -> None:
    apart._end_kept()


def running() -> list[int]:
    return [process.number for process in apart._kept]


def test_one_process_reads_many_files() -> None:
    read_sheets(formats.xlsx(hostile.ROWS), "1.xlsx")
    first = running()
    for number in range(5):
        read_sheets(formats.ods(hostile.ROWS), f"{number}.ods")
    assert running() == first != []


def test_plain_text_needs_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/no/such/python")
    assert read_sheets(TEXT, "a.csv")[0].cells.height == 2
    assert running() == []


def test_where_none_can_be_started_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    for python in ("/no/such/python", "/bin/false"):
        monkeypatch.setattr(sys, "executable", python)
        with pytest.raises(IntakeError) as raised:
            read_sheets(formats.xlsx(hostile.ROWS), "1.xlsx")
        assert raised.value.code == "reader-not-started"
        assert "CSV UTF-8" in raised.value.hint


def test_a_refusal_does_not_end_it() -> None:
    read_sheets(formats.xlsx(hostile.ROWS), "1.xlsx")
    first = running()
    with pytest.raises(IntakeError):
        read_sheets(formats.xlsx(hostile.ROWS)[:-100], "2.xlsx")
    assert running() == first


@pytest.mark.parametrize(
    ("number", "code"),
    [
        pytest.param(signal.SIGKILL, "file-memory", id="as Linux does when memory runs out"),
        pytest.param(signal.SIGABRT, "file-memory", id="as Rust does"),
        pytest.param(signal.SIGSEGV, "file-damaged", id="by a fault"),
        pytest.param(signal.SIGXCPU, "file-too-slow", id="by the limit on its time"),
    ],
)
def test_a_file_it_dies_of_is_refused_and_the_next_is_read(number: int, code: str) -> None:
    read_sheets(formats.xlsx(hostile.ROWS), "1.xlsx")
    (process,) = running()
    Timer(0.2, os.kill, (process, number)).start()
    with pytest.raises(IntakeError) as raised:
        read_sheets(hostile.endless_tags(), "2.xlsx")
    assert raised.value.code == code
    assert running() == []
    assert read_sheets(formats.xlsx(hostile.ROWS), "3.xlsx")[0].cells.height == 2


def test_one_that_died_between_files_is_replaced() -> None:
    read_sheets(formats.xlsx(hostile.ROWS), "1.xlsx")
    (process,) = apart._kept
    os.kill(process.number, signal.SIGKILL)
    process._process.wait()
    assert read_sheets(formats.xlsx(hostile.ROWS), "2.xlsx")[0].cells.height == 2


def test_one_is_kept_however_large_the_program_is() -> None:
    """Linux tells a process, as the most that it took, also what its parent took before."""
    large = b"x" * 250_000_000
    read_sheets(formats.xlsx(hostile.ROWS), "1.xlsx")
    assert len(running()) == 1
    del large


@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux for the memory of a process")
def test_what_a_large_file_took_is_not_held_for_ever() -> None:
    assert read_sheets(hostile.ods_repeated(2**31, 1), "1.ods")[0].cells.height == 1_048_576
    for process in running():
        pages = Path(f"/proc/{process}/statm").read_text().split()[1]
        assert int(pages) * os.sysconf("SC_PAGESIZE") < 200_000_000


def test_nothing_it_says_reaches_the_screen(capfd: pytest.CaptureFixture[str]) -> None:
    for make in (hostile.string_bomb, hostile.xlsb_long_text, hostile.far_cell_without_order):
        with pytest.raises(IntakeError):
            read_sheets(make(), "1.xlsx")
    assert capfd.readouterr() == ("", "")


@pytest.fixture
def roster(tmp_path: Path) -> Path:
    """A folder with a registry, a roster, and a script of a user who knows of no process."""
    database.create(tmp_path / "registry.db", "640199", "青禾县").dispose()
    (tmp_path / "roster.xlsx").write_bytes(formats.xlsx(hostile.ROWS))
    (tmp_path / "slow.xlsx").write_bytes(hostile.endless_tags())
    (tmp_path / "script.py").write_text(
        "import sys\n"
        "print('once', flush=True)\n"
        "from teacherreg import Registry\n"
        "with Registry.open('registry.db') as registry:\n"
        "    plan = registry.plan_import('teachers', sys.argv[1], add_schools=True)\n"
        "    print(plan.counts.read, flush=True)\n"
        "    sys.stdin.read()\n"
    )
    return tmp_path


def run(folder: Path, *arguments: str) -> Any:
    return subprocess.Popen(
        [sys.executable, "script.py", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_a_script_needs_no_guard(roster: Path) -> None:
    out, err = run(roster, "roster.xlsx").communicate(timeout=60)
    assert (out, err) == ("once\n1\n", "")


def test_no_module_is_taken_from_the_folder_of_the_rosters(tmp_path: Path) -> None:
    for name in ("olefile", "python_calamine"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit(1)\n")
    code = (
        "from teacherreg.intake.sheets import read_sheets; from pathlib import Path; "
        "print(read_sheets(Path('roster.xlsx').read_bytes(), 'r')[0].cells.height)"
    )
    (tmp_path / "roster.xlsx").write_bytes(formats.xlsx(hostile.ROWS))
    command = [sys.executable, "-P", "-c", code]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("2\n", "")


def children(parent: int) -> list[int]:
    path = Path(f"/proc/{parent}/task/{parent}/children")
    return [int(number) for number in path.read_text().split()]


def is_running(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(") ")[2][0] not in "ZX"
    except FileNotFoundError:
        return False


def wait_until_gone(process: int) -> bool:
    deadline = time.monotonic() + 20
    while is_running(process) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not is_running(process)


@pytest.mark.skipif(sys.platform != "linux", reason="looks for processes where Linux lists them")
def test_an_interrupt_ends_both(roster: Path) -> None:
    before = (roster / "registry.db").read_bytes()
    with run(roster, "slow.xlsx") as program:
        deadline = time.monotonic() + 20
        while not (started := children(program.pid)) and time.monotonic() < deadline:
            time.sleep(0.02)
        time.sleep(0.3)  # it has the file now
        program.send_signal(signal.SIGINT)
        _out, err = program.communicate(timeout=10)
    assert err.endswith("KeyboardInterrupt\n")
    assert wait_until_gone(*started)
    assert (roster / "registry.db").read_bytes() == before


@pytest.mark.skipif(sys.platform != "linux", reason="looks for processes where Linux lists them")
def test_it_outlives_no_program_that_was_killed(roster: Path) -> None:
    with run(roster, "roster.xlsx") as program:
        assert [program.stdout.readline() for _line in range(2)] == ["once\n", "1\n"]
        started = children(program.pid)
        program.kill()
    assert wait_until_gone(*started)
