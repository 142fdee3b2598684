"""Where a registry or a file cannot be written: a clear sentence, exit code 1, nothing lost."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from teacherreg import database
from teacherreg.cli import imports as commands

SCHOOLS = "学校名称,学校类型,小学学生数\n青禾县第一小学,小学,800\n"
TEACHERS = "姓名,教职工号,学校名称,任教学科\n张伟,001,青禾县第一小学,数学\n"
MANY = "姓名,教职工号,学校名称,任教学科\n" + "".join(
    f"王{'伟芳娜敏静丽强磊军洋'[n % 10]},{n:05},青禾县第一小学,语文\n" for n in range(4000)
)


@pytest.fixture
def registry(run, tmp_path):
    """A registry with one school, and two rosters of teachers."""
    assert run("init", "--county", "640199", "--name", "青禾县").exit_code == 0
    (tmp_path / "schools.csv").write_text(SCHOOLS, encoding="utf-8")
    (tmp_path / "teachers.csv").write_text(TEACHERS, encoding="utf-8")
    (tmp_path / "many.csv").write_text(MANY, encoding="utf-8")
    assert run("import", "schools", "schools.csv", "--yes").exit_code == 0
    return tmp_path / "registry.db"


@pytest.fixture
def small_disk(tmp_path) -> Iterator[Path]:
    """A disk of 300 kB of its own, where one may be made."""
    place = tmp_path / "small"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", str(place)]
    if shutil.which("mount") is None or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("no disk can be mounted here")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def teachers(registry: Path) -> int:
    with closing(sqlite3.connect(registry)) as connection:
        return connection.execute("SELECT count(*) FROM teacher").fetchone()[0]


def left_over(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if path.suffix in {".unfinished", ".db-journal"}]


def test_on_a_full_disk_an_import_writes_nothing_and_says_so(run, registry, small_disk):
    moved = shutil.move(registry, small_disk / "registry.db")
    before = Path(moved).read_bytes()
    ran = run("--registry", moved, "import", "teachers", "many.csv", "--yes", lang="zh")
    assert ran.exit_code == 1
    assert "磁盘已满，什么也没有写入" in ran.err
    assert "腾出空间" in ran.err
    assert Path(moved).read_bytes() == before
    assert left_over(small_disk) == []


@pytest.mark.parametrize(
    ("words", "made"),
    [
        pytest.param(("export", "teachers", "{}"), "out.xlsx", id="export as a workbook"),
        pytest.param(("export", "teachers", "{}"), "out.csv", id="export as CSV"),
        pytest.param(("template", "teachers", "{}"), "form.xlsx", id="template"),
        pytest.param(
            ("import", "teachers", "many.csv", "--yes", "--report", "{}"),
            "report.xlsx",
            id="report",
        ),
        pytest.param(("backup", "{}"), "copy.db", id="backup"),
        pytest.param(
            ("--registry", "{}", "init", "--county", "640199", "--name", "甲"), "r.db", id="init"
        ),
    ],
)
def test_a_file_for_which_there_is_no_room_is_not_left_half(run, registry, small_disk, words, made):
    run("import", "teachers", "many.csv", "--yes")
    (small_disk / "rest").write_bytes(b"x" * 295_000)
    was = registry.read_bytes()
    ran = run(*(word.format(small_disk / made) for word in words), lang="zh")
    assert ran.exit_code == 1
    assert "磁盘已满" in ran.err
    assert "Traceback" not in ran.err
    assert "unfinished" not in ran.err
    assert [path.name for path in small_disk.iterdir()] == ["rest"]
    assert registry.read_bytes() == was


def test_a_report_that_cannot_be_written_stops_the_import_before_it_writes(
    run, registry, small_disk
):
    (small_disk / "rest").write_bytes(b"x" * 295_000)
    ran = run(
        "import", "teachers", "many.csv", "--yes", "--report", str(small_disk / "report.xlsx")
    )
    assert ran.exit_code == 1
    assert "Nothing was imported" in ran.err
    assert teachers(registry) == 0


WITHOUT_ROOTS_RIGHTS = (
    "import json, sys, os, io, contextlib\n"
    + """
from teacherreg import cli
for words in json.loads(sys.argv[1]):
    out, err, sys.argv = io.StringIO(), io.StringIO(), ["teacherreg", "--lang", "en", *words]
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            cli.main()
    except SystemExit as ended:
        print(json.dumps([ended.code, err.getvalue()]))
"""
)


def run_as_ordinary_person(folder: Path, *commands: tuple[str, ...]) -> list[tuple[int, str]]:
    """Run commands in one process that may not, as root may, overrule permissions."""
    without = []
    if os.geteuid() == 0:
        if shutil.which("setpriv") is None:
            pytest.skip("root overrules permissions here")
        without = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]
    done = subprocess.run(
        [*without, sys.executable, "-c", WITHOUT_ROOTS_RIGHTS, json.dumps(commands)],
        cwd=folder,
        env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=True,
    )
    return [tuple(json.loads(line)) for line in done.stdout.splitlines()]


def test_without_permission_nothing_is_written_and_the_words_are_clear(run, registry, tmp_path):
    closed = tmp_path / "closed"
    closed.mkdir()
    shutil.copy(registry, closed / "registry.db")
    protected = tmp_path / "protected.db"
    shutil.copy(registry, protected)
    protected.chmod(0o444)
    closed.chmod(0o555)
    before = (closed / "registry.db").read_bytes()
    importing = ("import", "teachers", "teachers.csv", "--yes")
    try:
        of_file, of_folder, *of_results = run_as_ordinary_person(
            tmp_path,
            ("--registry", str(protected), *importing),
            ("--registry", "closed/registry.db", *importing),
            (*importing, "--report", "closed/report.xlsx"),
            ("export", "schools", "closed/out.xlsx"),
            ("export", "schools", "closed/out.csv"),
            ("template", "schools", "closed/form.xlsx"),
            ("backup", "closed/copy.db"),
            ("--registry", "closed/new.db", "init", "--county", "640199", "--name", "甲"),
        )
    finally:
        closed.chmod(0o755)
    for code, said in (of_file, of_folder):
        assert code == 1
        assert "can be read but not written; nothing was written." in said
        assert "permissions of the file and its folder" in said
    for code, said in of_results:
        assert code == 1
        assert "cannot be written: permission denied." in said
    assert (closed / "registry.db").read_bytes() == before == protected.read_bytes()
    assert [path.name for path in closed.iterdir()] == ["registry.db"]
    assert teachers(registry) == 0


def agree_after(monkeypatch, deed):
    """Answer the question with yes, after something has happened to the registry."""
    monkeypatch.setattr(commands, "can_ask", lambda: True)

    def confirm(*_args, **_options):
        deed()
        return True

    monkeypatch.setattr(commands.click, "confirm", confirm)


def test_a_registry_that_goes_away_meanwhile_is_missed(run, registry, tmp_path, monkeypatch):
    agree_after(monkeypatch, lambda: registry.rename(tmp_path / "moved.db"))
    ran = run("import", "teachers", "teachers.csv", lang="zh")
    assert ran.exit_code == 1
    assert "登记库 registry.db 刚才还在，现在不见了，什么也没有写入。" in ran.err
    assert teachers(tmp_path / "moved.db") == 0
    assert not registry.exists()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        pytest.param("another registry", "out of date; nothing was written", id="another registry"),
        pytest.param("no database", "is not a teacherreg registry", id="no database"),
        pytest.param("", "is not a teacherreg registry", id="an empty file"),
    ],
)
def test_a_registry_that_is_replaced_meanwhile_is_left_alone(
    run, registry, tmp_path, monkeypatch, content, words
):
    if content == "another registry":
        database.create(tmp_path / "other.db", "640198", "红山县").dispose()
    else:
        (tmp_path / "other.db").write_text(content)
    other = (tmp_path / "other.db").read_bytes()
    agree_after(monkeypatch, lambda: (tmp_path / "other.db").replace(registry))
    ran = run("import", "teachers", "teachers.csv")
    assert ran.exit_code == 1
    assert words in ran.err
    assert registry.read_bytes() == other


def start_import(registry: Path, roster: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", "from teacherreg.cli import main; main()", "--lang", "zh",
         "import", "teachers", roster, "--yes"],
        cwd=registry.parent, env=os.environ | {"PYTHONIOENCODING": "utf-8"}, encoding="utf-8",
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def wait_for(running: subprocess.Popen[str], words: str) -> None:
    assert running.stderr is not None
    assert any(words in line for line in running.stderr), words


@pytest.mark.parametrize("first_writes", [False, True])
def test_the_second_of_two_imports_says_that_it_waits(registry, first_writes):
    with closing(sqlite3.connect(registry, isolation_level=None)) as first:
        first.execute("BEGIN IMMEDIATE")  # the first import is writing
        second = start_import(registry, "teachers.csv")
        wait_for(second, "登记库正由另一人使用，正在等待")
        if first_writes:
            first.execute("INSERT INTO school (county_code, name) VALUES ('640199', '河西小学')")
            first.execute("COMMIT")
        else:
            first.execute("ROLLBACK")
        out, err = second.communicate(timeout=30)
    if first_writes:
        assert second.returncode == 1
        assert "这份预览已经过时，什么也没有写入" in err
        assert "请重新运行同一条导入命令" in err
        assert teachers(registry) == 0
    else:
        assert second.returncode == 0
        assert "已完成第 2 次导入" in out
        assert teachers(registry) == 1


def test_of_two_imports_at_once_each_is_done_wholly_or_not_at_all(registry):
    both = [start_import(registry, "many.csv"), start_import(registry, "teachers.csv")]
    codes = []
    for one in both:
        _, err = one.communicate(timeout=60)
        assert one.returncode in {0, 3} or "这份预览已经过时" in err
        codes.append(one.returncode)
    expected = (4000 if codes[0] != 1 else 0) + (1 if codes[1] != 1 else 0)
    assert teachers(registry) == expected > 0
    database.require_sound(registry)


def test_who_never_gets_a_turn_is_told_why(run, registry, monkeypatch):
    monkeypatch.setattr("teacherreg.database.sqlite.BUSY_SECONDS", 0.5)
    with closing(sqlite3.connect(registry, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        began = time.monotonic()
        ran = run("import", "teachers", "teachers.csv", "--yes", lang="zh")
    assert time.monotonic() - began < 5
    assert ran.exit_code == 1
    assert "登记库正由另一人使用，正在等待" in ran.err
    assert "登记库 registry.db 一直被另一个程序占用" in ran.err
    assert "数据库查看工具" in ran.err
    assert teachers(registry) == 0


def test_reading_waits_too_while_another_import_is_being_committed(run, registry, monkeypatch):
    monkeypatch.setattr("teacherreg.database.sqlite.BUSY_SECONDS", 0.5)
    with closing(sqlite3.connect(registry, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        for words in (("imports", "list"), ("imports", "show", "1"), ("backup", "copy.db")):
            ran = run(*words, lang="zh")
            assert ran.exit_code == 1
            assert "正在等待" in ran.err
            assert "一直被另一个程序占用" in ran.err
    assert not (registry.parent / "copy.db").exists()


def test_a_commit_waits_for_those_who_read(run, registry):
    reader = sqlite3.connect(registry, isolation_level=None, check_same_thread=False)
    with closing(reader):
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM school").fetchone()
        second = start_import(registry, "teachers.csv")
        wait_for(second, "正在等待")
        assert teachers(registry) == 0
        reader.execute("ROLLBACK")
        second.communicate(timeout=30)
    assert second.returncode == 0
    assert teachers(registry) == 1
