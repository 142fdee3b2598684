"""A small made-up site, as publishing would leave it, and readers of it."""

import json
import re
import shutil
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from datasette.plugins import DEFAULT_PLUGINS, pm

from teacherreg.publish import accounts as accounts_module
from teacherreg.publish.accounts import Accounts
from teacherreg.publish.serve import open_site
from teacherreg.search import name_tokens
from teacherreg.shipped import shipped

PASSWORD = "correct horse 42"
LEADER, OFFICER, BOTH = "李领导", "纪检员", "局长"

OVERVIEW = """
create table headline (key text primary key, value real, limit_value real, meets integer);
insert into headline values ('teachers', 4, null, null), ('missing', 2, null, null);
create table school_gaps (id integer primary key, school text, township text, stage text,
  students integer, teachers integer, holders integer, required integer, missing integer,
  per_100_students real, meets integer);
insert into school_gaps values
  (1, '青禾县第一小学', '城关镇', '小学', 812, 3, 5, 9, 4, 0.6157, 0),
  (2, '沙沟小学', '沙沟乡', '小学', 120, 1, 2, 2, 0, 1.6667, 1);
create table school_subjects (id integer primary key, school text, subject text, holders integer);
insert into school_subjects values (1, '青禾县第一小学', '语文', 3), (2, '沙沟小学', '数学', 2);
"""
STAFF = """
create table teachers (id integer primary key, name text, sex text, birth_year integer,
  id_number text, phone text, school text, subject text);
insert into teachers values
  (1, '张伟', '男', 1980, '640199********0012', '138****1234', '青禾县第一小学', '语文'),
  (2, '王芳', '女', 1985, '640199********0021', '139****5678', '青禾县第一小学', '数学'),
  (3, '=马兰', '女', 1990, null, null, '沙沟小学', '数学');
create table posts (id integer primary key, teacher_id integer references teachers(id),
  name text, school text, starts_on text);
insert into posts values (1, 1, '张伟', '青禾县第一小学', '2015-09-01');
create table titles (id integer primary key, teacher_id integer references teachers(id),
  name text, title_kind text, awarded_on text);
insert into titles values (1, 1, '张伟', '学科带头人', '2022-09-10');
create virtual table teachers_search using fts5(tokens, tokenize='unicode61', prefix='2 3');
"""
CONDUCT = """
create table records (id integer primary key, teacher_id integer, name text, school text,
  record_kind text, summary text);
insert into records values (1, 2, '王芳', '青禾县第一小学', '处理', '暗号海棠');
create virtual table records_search using fts5(tokens, tokenize='unicode61', prefix='2 3');
"""


def columns(**labels: str) -> dict[str, Any]:
    return {
        name: dict(zip(("zh", "en", "unit_zh", "unit_en"), words.split("/"), strict=False))
        for name, words in labels.items()
    }


LABELS: dict[str, Any] = {
    "overview": {
        "school_gaps": {
            "title": {"zh": "各校缺口", "en": "Gaps by school"},
            "columns": columns(
                school="学校/School",
                township="乡镇/Township",
                stage="学段/Stage",
                students="学生/Students/人/people",
                missing="缺口/Missing/人/people",
                per_100_students="每百名学生/Per 100 students/人/people",
                meets="是否达标/Meets",
            ),
        },
        "school_subjects": {"title": {"zh": "各校学科", "en": "Subjects"}, "columns": {}},
        "headline": {"title": {"zh": "主要数字", "en": "Headlines"}, "columns": {}},
    },
    "staff": {
        "teachers": {
            "title": {"zh": "教师", "en": "Teachers"},
            "columns": columns(
                name="姓名/Name", sex="性别/Sex", school="学校/School", subject="学科/Subject"
            ),
        },
        "posts": {"title": {"zh": "任职", "en": "Posts"}, "columns": columns(school="学校/School")},
        "titles": {"title": {"zh": "称号", "en": "Titles"}, "columns": {}},
    },
    "conduct": {"records": {"title": {"zh": "师德记录", "en": "Records"}, "columns": {}}},
}
LABELS["staff"]["teachers"]["columns"]["subject"]["code_table"] = "subjects"


def write_database(path: Path, script: str, names: dict[str, tuple[str, str]]) -> None:
    with sqlite3.connect(path) as connection:
        connection.executescript(script)
        for table, (search, column) in names.items():
            for number, name in connection.execute(f"select id, {column} from {table}").fetchall():
                connection.execute(
                    f"insert into {search}(rowid, tokens) values (?, ?)",
                    (number, name_tokens(name)),
                )
    connection.close()


def make_site(folder: Path) -> Path:
    folder.mkdir(parents=True)
    write_database(folder / "overview.db", OVERVIEW, {})
    write_database(folder / "staff.db", STAFF, {"teachers": ("teachers_search", "name")})
    write_database(folder / "conduct.db", CONDUCT, {"records": ("records_search", "name")})
    write(folder / "labels.json", LABELS)
    settings = {"default_page_size": 25, "suggest_facets": False, "allow_download": False}
    write(folder / "settings.json", {**settings, "default_allow_sql": False})
    roles = {"staff": ["leader"], "conduct": ["discipline"]}
    databases: dict[str, Any] = {name: {"allow": {"role": role}} for name, role in roles.items()}
    databases["staff"]["tables"] = {
        "teachers": {"fts_table": "teachers_search", "fts_pk": "id", "facets": ["school"]}
    }
    write(folder / "metadata.json", {"allow_sql": False, "databases": databases})
    chart = {"name": "gaps", "title": {"zh": "缺口图", "en": "Gaps"}, "table": "school_gaps"}
    remark = {"zh": "八十七所学校已不可能达标。", "en": "87 schools are out."}
    verdict = {"name": "verdict", "title": {"zh": "达标图", "en": "Verdict"}, "table": "headline"}
    write(
        folder / "site.json",
        {
            "county": "青禾县",
            "on": "2026-09-01",
            "published_at": "2026-09-02T03:04:05Z",
            "charts": [chart, {**verdict, "page": "evenness", "remark": remark}],
        },
    )
    (folder / "charts").mkdir()
    (folder / "assets").mkdir()
    (folder / "assets" / "vega.js").write_text("/* the bundle */", encoding="utf-8")
    for language in ("zh", "en"):
        svg = (
            '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">'
            '<clipPath id="clip0"/><a xlink:href="/overview/school_gaps?school__exact=x">'
            '<path clip-path="url(#clip0)"/></a></svg>'
        )
        (folder / f"charts/gaps.{language}.svg").write_text(svg, encoding="utf-8")
        write(folder / f"charts/gaps.{language}.vl.json", {"mark": "bar"})
    return folder


def write(path: Path, document: object) -> None:
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")


@pytest.fixture(autouse=True)
def cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """A password takes a millisecond here; what a real one takes has a test of its own."""
    monkeypatch.setattr(accounts_module, "COST", (1 << 4, 8, 1))
    salt_and_key = accounts_module._NOBODY.split("$")[-2:]
    nobody = "$".join(("scrypt", "16", "8", "1", *salt_and_key))
    monkeypatch.setattr(accounts_module, "_NOBODY", nobody)


@pytest.fixture(autouse=True, scope="module")
def forget_plugins() -> Iterator[None]:
    """Datasette keeps plugins for the whole process: give other tests a bare one back."""
    talkative = pm.get_plugin("datasette.handle_exception")
    yield
    ours = str(shipped("plugins"))
    for plugin in list(pm.get_plugins()):
        if str(getattr(plugin, "__file__", "")).startswith(ours):
            pm.unregister(plugin)
    if talkative and not pm.has_plugin("datasette.handle_exception"):
        pm.register(talkative, "datasette.handle_exception")
    assert "datasette.handle_exception" in DEFAULT_PLUGINS


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    site = make_site(tmp_path / "site")
    accounts = Accounts(site)
    accounts.add(LEADER, ("leader",), PASSWORD)
    accounts.add(OFFICER, ("discipline",), PASSWORD)
    accounts.add(BOTH, ("leader", "discipline"), PASSWORD)
    return site


@pytest.fixture
def site(folder: Path) -> Iterator[Any]:
    served = open_site(folder)
    yield served
    served.executor.shutdown()
    for opened in served.databases.values():
        opened.close()


@pytest.fixture(scope="module")
def published(published_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site as publishing writes it, of the sample registry that its own tests use."""
    site = Path(shutil.copytree(published_once, tmp_path_factory.mktemp("published") / "site"))
    Accounts(site).add(BOTH, ("leader", "discipline"), PASSWORD)
    return site


Visitor = Callable[..., httpx.AsyncClient]


@pytest.fixture
async def visitor(site: Any) -> AsyncIterator[Visitor]:
    """Make readers, each with cookies of their own, who follow no redirect by themselves."""
    opened: list[httpx.AsyncClient] = []

    def come(address: str = "192.0.2.1", **headers: str) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(app=site.app(), client=(address, 40000))
        client = httpx.AsyncClient(
            transport=transport, base_url="http://bureau.test", headers=headers
        )
        opened.append(client)
        return client

    yield come
    for client in opened:
        await client.aclose()


async def log_in(
    client: httpx.AsyncClient, name: str, password: str = PASSWORD, **fields: str
) -> httpx.Response:
    page = await client.get("/-/login")
    found = re.search(r'name="seal" value="(\w+)"', page.text)
    assert found
    form = {"name": name, "password": password, "seal": found.group(1), **fields}
    return await client.post("/-/login", data=form)


@pytest.fixture
def logged_in(visitor: Visitor) -> Callable[[str], Awaitable[httpx.AsyncClient]]:
    async def come(name: str) -> httpx.AsyncClient:
        client = visitor()
        assert (await log_in(client, name)).status_code == 303
        return client

    return come
