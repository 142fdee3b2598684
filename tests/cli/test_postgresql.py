"""A registry on a PostgreSQL server does what one in a SQLite file does, word for word.

Needs a server and the driver (extra ``postgresql``), and is skipped without:
``TEACHERREG_TEST_POSTGRESQL=postgresql+psycopg://USER:PASSWORD@HOST/DATABASE``. It works
in a schema of its own, which is removed after it.
"""

import json
import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, make_url

from teacherreg import migrations
from tests.cli.conftest import Run

SERVER = os.environ.get("TEACHERREG_TEST_POSTGRESQL", "")
KINDS = ("schools", "teachers", "titles", "conduct")
LATER_KINDS = ("training", "reviews", "mentoring", "rotations")
DAY, LATER, LAST = "2026-09-01", "2026-10-01", "2026-11-01"

ROSTERS = {
    "schools": """学校名称,学校类型,上级学校,学年,小学学生数
青禾县第一小学,小学,,2026-2027,300
青禾县第二小学,小学,,2026-2027,200
青禾县沙沟教学点,教学点,青禾县第二小学,,
""",
    "teachers": """姓名,教职工号,学校名称,学段,任教学科,职称,手机号,备注,性别,出生日期,政治面貌,最高学历
张伟,0101,青禾县第一小学,小学,语文,高级教师,13900000001,,男,1985-03-15,中共党员,本科
李娜,0102,青禾县第一小学,小学,数学,二级教师,13900000002,借书未还,女,1996-09,群众,大专
王芳,0201,青禾县第二小学,小学,英语,一级教师,,,,,,
马兰,0202,青禾县沙沟教学点,小学,语文,一级教师,,,,,,
""",  # noqa: E501
    "titles": """姓名,教职工号,称号,级别,授予时间,有效期至
张伟,0101,骨干教师,县级,2025-09-01,2028-08-31
李娜,0102,教坛新秀,县级,,
""",
    "conduct": """姓名,教职工号,记录类别,年度,结论
张伟,0101,师德考核,2025,合格
王芳,0201,师德考核,2025,优秀
""",
    "training": """姓名,教职工号,培训项目,学时,结束日期
张伟,0101,县级研修,72.5,2026-07-18
李娜,0102,县级研修,3天,2026-07-18
""",
    "reviews": """姓名,教职工号,年度,考核类别,结论
张伟,0101,2025,年度考核,优秀
王芳,0201,2025,年度考核,合格
""",
    "mentoring": """导师,导师教职工号,徒弟,徒弟教职工号,开始日期
张伟,0101,李娜,0102,2025-09-01
王芳,0201,王芳,0201,2025-09-01
""",
    "rotations": """姓名,教职工号,流出学校,流入学校,开始年月
张伟,0101,青禾县第一小学,青禾县第二小学,2025-09
""",
    "changed": """姓名,教职工号,学校名称,学段,任教学科,职称,手机号
张伟,0101,青禾县第二小学,小学,语文,高级教师,13900000001
李娜,0102,青禾县第一小学,小学,数学,一级教师,13900000009
王芳,0201,青禾县第二小学,小学,英语,一级教师,
""",
    "full": """姓名,教职工号,学校名称,学段
李娜,0102,青禾县第一小学,小学
张伟,0101,青禾县第二小学,小学
""",
}
GAPS = ("coverage", "gaps", "--standard", "quality-balance-2017-backbone", "--on", DAY)
STANDARDS = (
    "quality-balance-2017-education",
    "quality-balance-2017-pe-art",
    "quality-balance-2017-training",
    "quality-balance-2017-rotation",
    "quality-balance-2017-rotation-backbone",
    "ningxia-2027-county",
    "subject-leader-in-reach",
)
DIMENSIONS = ("level", "title_kind,level", "subject", "party", "sex,age_band", "rank,school")

COMMANDS: tuple[tuple[str, ...], ...] = (
    ("init", "--county", "640199", "--name", "青禾县"),
    ("init", "--county", "640199", "--name", "青禾县"),
    *(("import", kind, f"{kind}.csv", "--yes", "--on", DAY) for kind in KINDS for _ in "12"),
    *(("export", kind, f"{kind}-out.csv", "--on", DAY) for kind in KINDS),
    *(("import", kind, f"{kind}-out.csv", "--yes", "--on", DAY) for kind in KINDS),
    (*GAPS, "--format", "json"),
    ("coverage", "equity", "--on", DAY),
    ("publish", "site", "--on", DAY),
    ("import", "teachers", "changed.csv", "--yes", "--on", LATER),
    ("imports", "show", "5"),
    ("import", "teachers", "full.csv", "--full", "--yes", "--on", LAST),
    ("import", "teachers", "full.csv", "--full", "--yes", "--on", LAST, "--allow-departures", "0"),
    ("import", "teachers", "full.csv", "--full", "--yes", "--on", LAST, "--allow-departures", "1"),
    ("teacher", "find", "zw"),
    ("teacher", "show", "0101"),
    ("imports", "undo", "2"),  # refused: later imports changed the same rows
    ("imports", "undo", "6"),
    ("imports", "undo", "5"),
    ("export", "teachers", "restored.csv", "--on", DAY),
    ("imports", "undo", "1"),  # refused: posts refer to the schools
    *(("imports", "undo", number) for number in "4321"),
    ("imports", "list"),
    *(("import", kind, f"{kind}.csv", "--yes", "--on", DAY) for kind in KINDS),
    *(("import", kind, f"{kind}.csv", "--yes", "--on", DAY) for kind in LATER_KINDS for _ in "12"),
    *(("export", kind, f"{kind}-out.csv") for kind in LATER_KINDS),
    *(("import", kind, f"{kind}-out.csv", "--yes", "--on", DAY) for kind in LATER_KINDS),
    *(
        ("coverage", "gaps", "--standard", one, "--on", LATER, "--format", "json")
        for one in STANDARDS
    ),
    *((*GAPS, "--by", by, "--format", "json") for by in DIMENSIONS),
    *(
        ("coverage", *question, "--on", LATER, "--format", "json")
        for question in (
            ("verdict",),
            ("equity", "--standard", "all"),
            ("trend", "--years", "3"),
            ("forecast", "--years", "3"),
            ("reach",),
            ("reach", "--per-master"),
            ("pipeline", "--people"),
            ("plan",),
            ("honours", "--count", "3"),
        )
    ),
)


def ready(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lay the rosters into a new folder and go there."""
    folder.mkdir()
    monkeypatch.chdir(folder)
    for name, text in ROSTERS.items():
        Path(f"{name}.csv").write_text(text, encoding="utf-8")


def of_no_moment(words: str, registry: str) -> str:
    """Leave out what differs from run to run: the registry's name and the time."""
    return re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d", "NOW", words.replace(registry, "REGISTRY"))


def told(run: Run, registry: str, shown_as: str) -> list[tuple[tuple[str, ...], int, str, str]]:
    """Run all commands on a registry; gives each with its exit code and what it said."""
    results = []
    for words in COMMANDS:
        ran = run("--registry", registry, *words, lang="zh")
        said = (of_no_moment(text, shown_as) for text in (ran.out, ran.err))
        results.append((words, ran.exit_code, *said))
    return results


def files(folder: Path) -> dict[str, bytes | list[str]]:
    """Read what the commands wrote: files as they are, databases as SQL."""
    written: dict[str, bytes | list[str]] = {p.name: p.read_bytes() for p in folder.glob("*.csv")}
    for path in folder.glob("site/*.db"):
        with closing(sqlite3.connect(path)) as connection:
            written[path.name] = list(connection.iterdump())
    return written


@pytest.fixture
def server() -> Iterator[str]:
    """The URL of an empty schema on the server."""
    if not SERVER:
        pytest.skip("no PostgreSQL server: TEACHERREG_TEST_POSTGRESQL is not set")
    schema = f"teacherreg_{uuid4().hex}"
    owner = create_engine(SERVER)
    with owner.begin() as connection:
        connection.exec_driver_sql(f"CREATE SCHEMA {schema}")
    url = make_url(SERVER).update_query_dict({"options": f"-csearch_path={schema}"})
    yield url.render_as_string(hide_password=False)
    with owner.begin() as connection:
        connection.exec_driver_sql(f"DROP SCHEMA {schema} CASCADE")
    owner.dispose()


def test_a_county_s_year_is_the_same_on_postgresql_as_in_a_file(
    server: str, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready(tmp_path / "server", monkeypatch)
    on_server = told(run, server, make_url(server).render_as_string(hide_password=True))
    ready(tmp_path / "file", monkeypatch)
    in_file = told(run, "registry.db", "registry.db")
    for there, here in zip(on_server, in_file, strict=True):
        assert there == here
    assert files(tmp_path / "server") == files(tmp_path / "file")
    exported = files(tmp_path / "server")
    assert exported["restored.csv"] == exported["teachers-out.csv"]

    by_words = {words: (code, out) for words, code, out, _ in on_server}
    code, out = by_words[(*GAPS, "--format", "json")]
    # 300 pupils need 3 and have 张伟; 200 need 2 and have nobody.
    totals = json.loads(out)["totals"]
    assert (code, totals["holders"], totals["required"], totals["missing"]) == (0, 1, 5, 4)
    refused = [words for words, code, *_ in on_server if words[0] == "coverage" and code]
    assert refused == []
    assert by_words["imports", "undo", "5"][0] == 0
    assert by_words["imports", "undo", "1"][0] == 0  # the second time


def test_who_never_gets_a_turn_on_a_server_is_told_why(
    server: str, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready(tmp_path / "server", monkeypatch)
    run("--registry", server, "init", "--county", "640199", "--name", "青禾县")
    monkeypatch.setattr("teacherreg.database.sqlite.BUSY_SECONDS", 1)
    other = create_engine(server)
    with other.begin() as connection:
        connection.exec_driver_sql("LOCK TABLE import_batch IN SHARE ROW EXCLUSIVE MODE")
        ran = run("--registry", server, "import", "schools", "schools.csv", "--yes", lang="zh")
    other.dispose()
    assert ran.exit_code == 1
    assert "一直被另一个程序占用" in ran.err
    assert "还没有导入过" in run("--registry", server, "imports", "list", lang="zh").out


@pytest.mark.parametrize("version", sorted(migrations.known_versions()))
def test_a_registry_of_an_earlier_version_is_upgraded_on_a_server(
    server: str, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str
) -> None:
    ready(tmp_path / "server", monkeypatch)
    engine = create_engine(server)
    with engine.begin() as connection:
        migrations.upgrade(connection, version)
        connection.exec_driver_sql("INSERT INTO county (code, name) VALUES ('640199', '青禾县')")
    imported = run("--registry", server, "import", "schools", "schools.csv", "--yes")
    assert imported.exit_code == 0, imported.err
    with engine.connect() as connection:
        assert migrations.version_of(connection) == migrations.newest_version()
    engine.dispose()
