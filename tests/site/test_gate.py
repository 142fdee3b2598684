"""Who may ask for which path, and what nobody can learn by asking."""

import json
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.site.conftest import BOTH, LEADER, OFFICER, Visitor

LoggedIn = Callable[[str], Awaitable[httpx.AsyncClient]]

HOST = "http://bureau.test"  # before a path that begins with two slashes, too

CLOSED_PAGES = [
    "/staff",
    "/staff/",
    "/staff/teachers",
    "/staff/teachers/1",
    "/staff/teachers?_search=zw",
    "/staff/teachers?_where=1=1",
    "/staff/nothing-of-this-name",
    "/conduct",
    "/conduct/records",
    "/conduct/records/1",
    "/conduct/records_search",
    "/nothing-of-this-name",
    "/nothing/of/this/name",
    "/_internal",
    "/_memory",
    "/:memory:",
    "/STAFF/teachers",
    "/Staff",
    "/staff-hash",
    "/staff-hash/teachers",
    "//staff/teachers",
    "/~73taff/teachers",
    "/%73taff/teachers",
    "/staff%2Fteachers",
    "/st~61ff",
    "/overview-/staff",
    "/-/threads",
    "/-/metadata",
    "/-/databases",
    "/-/plugins",
    "/-/settings",
    "/-/versions",
    "/-/actor",
    "/-/permissions",
    "/-/allow-debug",
    "/-/messages",
    "/-/patterns",
    "/-/auth-token",
    "/-/static/app",
    "/-/nothing-of-this-name",
    "/-/LOGIN",
    "/-/login/more",
]
CLOSED_FILES = [
    "/staff.json",
    "/staff.db",
    "/staff/teachers.json",
    "/staff/teachers.csv",
    "/staff/teachers.xlsx",
    "/staff/teachers.csv?_stream=1",
    "/staff/teachers/1.json",
    "/staff/nothing-of-this-name.json",
    "/conduct.db",
    "/conduct/records.json",
    "/nothing-of-this-name.json",
    "/nothing-of-this-name.db",
    "/_internal.json",
    "/-/metadata.json",
    "/-/threads.json",
    "/-/databases.json",
    "/-/plugins.json",
    "/-/nothing-of-this-name.json",
    "/.json",
    "/site.json",
    "/labels.json",
    "/accounts.json",
]


def without_the_path(answer: httpx.Response, path: str) -> tuple[int, str, list[tuple[str, str]]]:
    """What a reader gets, except for the path that the reader sent."""
    headers = [(k, v) for k, v in answer.headers.multi_items() if k != "location"]
    target = str(httpx.QueryParams({"next": path}))
    where = answer.headers.get("location", "")
    assert where in {"", f"/-/login?{target}"}, "nothing but the path itself may be echoed"
    return answer.status_code, answer.text, headers


async def test_a_stranger_is_sent_to_the_login_page_whatever_he_asks_for(visitor: Visitor) -> None:
    reader = visitor()
    answers = [without_the_path(await reader.get(HOST + path), path) for path in CLOSED_PAGES]
    assert answers[0][0] == 303
    assert all(answer == answers[0] for answer in answers)


async def test_a_stranger_asking_for_rows_gets_the_same_words_whatever_they_are(
    visitor: Visitor,
) -> None:
    reader = visitor()
    answers = [without_the_path(await reader.get(path), path) for path in CLOSED_FILES]
    assert answers[0][0] == 401
    assert json.loads(answers[0][1]) == {"ok": False, "status": 401, "error": "请先登录。"}
    assert all(answer == answers[0] for answer in answers)


async def test_a_program_that_asks_for_json_by_header_is_told_so_too(visitor: Visitor) -> None:
    reader = visitor(accept="application/json")
    assert (await reader.get("/staff")).status_code == 401
    assert (await reader.get("/nothing")).text == (await reader.get("/staff/teachers")).text


@pytest.mark.parametrize(("name", "room"), [(LEADER, "conduct"), (OFFICER, "staff")])
async def test_the_wrong_role_finds_nothing_there(
    logged_in: LoggedIn, name: str, room: str
) -> None:
    reader = await logged_in(name)
    own = "conduct" if room == "staff" else "staff"
    for paths in (CLOSED_PAGES, CLOSED_FILES):
        asked = [path for path in paths if not re.match(rf"/{own}(?=[/.?]|$)", path)]
        answers = [await reader.get(HOST + path) for path in asked]
        assert {answer.status_code for answer in answers} == {404}
        assert len({answer.text for answer in answers}) == 1


async def test_the_right_role_reads_its_room(logged_in: LoggedIn) -> None:
    leader, officer, both = [await logged_in(name) for name in (LEADER, OFFICER, BOTH)]
    assert (await leader.get("/staff/teachers")).status_code == 200
    assert (await officer.get("/conduct/records")).status_code == 200
    assert (await both.get("/staff/teachers/1")).status_code == 200
    assert (await both.get("/conduct/records.json")).status_code == 200


@pytest.mark.parametrize("name", [None, LEADER])
async def test_no_page_or_file_in_reach_holds_a_word_of_a_closed_room(
    visitor: Visitor, logged_in: LoggedIn, name: str | None
) -> None:
    reader = visitor() if name is None else await logged_in(name)
    secrets = (
        ["海棠", "records"] if name else ["海棠", "records", "张伟", "王芳", "teachers_search"]
    )
    open_paths = [
        "/",
        "/-/evenness",
        "/-/remedies",
        "/overview",
        "/overview.json",
        "/overview/school_gaps",
        "/-/login",
    ]
    open_paths += ["/overview/school_gaps.json?_labels=on&_facet=school", "/overview/headline"]
    open_paths += ["/overview/school_gaps.csv?_stream=1", "/overview/school_gaps/1"]
    for path in [*open_paths, *CLOSED_PAGES, *CLOSED_FILES]:
        text = (await reader.get(HOST + path)).text
        assert not [word for word in secrets if word in text], path


@pytest.mark.parametrize(
    "query",
    [
        "sql=select+1",
        "_where=1=1",
        "_fts_table=teachers_search",
        "_fts_pk=id",
        "_searchmode=raw",
        "_through={}",
        "_trace=1",
        "_context=1",
        "_timelimit=1",
        "_show_hidden=1",
        "_ttl=99999",
        "_size=1000",
        "_size=max",
        "_size=-1",
    ],
)
async def test_arguments_that_read_more_than_the_page_are_refused(
    logged_in: LoggedIn, query: str
) -> None:
    reader = await logged_in(BOTH)
    for path in ("/overview", "/overview/school_gaps", "/staff/teachers", "/conduct/records"):
        assert (await reader.get(f"{path}?{query}")).status_code == 400, path


async def test_sql_is_refused_by_datasette_itself_as_well(site: Any) -> None:
    await site.invoke_startup()
    for action in ("execute-sql", "view-database-download", "permissions-debug", "insert-row"):
        assert not await site.permission_allowed({"id": "root"}, action, "staff", default=True)


async def test_the_second_wall_knows_roles_and_tables(site: Any, visitor: Visitor) -> None:
    asked: list[bool] = []

    async def ask() -> None:
        for role, table in (("leader", "teachers"), ("leader", "teachers_search"), ("x", "posts")):
            actor = {"id": "a", "role": [role]}
            resource = ("staff", table)
            asked.append(await site.permission_allowed(actor, "view-table", resource, default=True))

    original = site.render_template

    async def render(*args: Any, **kwargs: Any) -> str:
        await ask()
        return str(await original(*args, **kwargs))

    site.render_template = render
    await visitor().get("/-/login")
    assert asked == [True, False, False]


async def test_search_tables_are_not_pages(logged_in: LoggedIn) -> None:
    reader = await logged_in(BOTH)
    for path in (
        "/staff/teachers_search",
        "/staff/teachers_search_data",
        "/conduct/records_search",
    ):
        answer = await reader.get(path)
        assert answer.status_code == 404
        assert answer.text == (await reader.get("/staff/nothing-of-this-name")).text
        answer = await reader.get(f"/{path}.json")
        assert (answer.status_code, answer.json()["ok"]) == (404, False)
    assert "teachers_search" not in (await reader.get("/staff")).text
    assert "teachers_search" not in (await reader.get("/staff.json")).text


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "POST", "MKCOL"])
async def test_only_reading_is_possible(logged_in: LoggedIn, method: str) -> None:
    reader = await logged_in(BOTH)
    paths = ["/", "/overview", "/staff/teachers", "/nothing-of-this-name", "/-/assets/site.css"]
    answers = [await reader.request(method, path) for path in paths]
    assert {answer.status_code for answer in answers[:4]} == {405}
    assert len({answer.text for answer in answers[:4]}) == 1


async def test_head_answers_as_get_without_the_page(logged_in: LoggedIn) -> None:
    reader = await logged_in(LEADER)
    for path in ("/", "/staff/teachers", "/staff/teachers.csv?_stream=1", "/nothing", "/-/login"):
        head, get = await reader.head(path), await reader.get(path)
        assert head.status_code == get.status_code
        assert head.content == b""


async def test_every_answer_keeps_other_sites_out(logged_in: LoggedIn) -> None:
    reader = await logged_in(LEADER)
    for path in ("/", "/staff", "/nothing", "/staff/teachers.csv", "/-/assets/site.css", "/x.json"):
        headers = (await reader.get(path)).headers
        policy = headers["content-security-policy"]
        assert "default-src 'self'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert "http" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert headers.get_list("content-security-policy") == [policy]


async def test_nothing_about_people_is_kept_by_browsers(logged_in: LoggedIn) -> None:
    reader = await logged_in(BOTH)
    for path in ("/staff", "/staff/teachers", "/staff/teachers.json", "/conduct/records", "/nope"):
        assert (await reader.get(path)).headers["cache-control"] == "no-store", path


async def test_a_failure_says_nothing_about_the_inside(
    site: Any, logged_in: LoggedIn, caplog: pytest.LogCaptureFixture, capsys: Any
) -> None:
    reader = await logged_in(LEADER)

    whom = "张伟 640199198001010012"

    async def fail(*args: Any, **kwargs: Any) -> None:
        raise ValueError(whom)

    site.databases["staff"].primary_keys = fail
    answer = await reader.get(f"/staff/teachers?_search={whom}")
    assert answer.status_code == 500
    number = re.search(r"编号：(\w{8})", answer.text)
    assert number
    assert number.group(1) in caplog.text
    assert "ValueError" in caplog.text
    printed = capsys.readouterr()
    for text in (caplog.text, printed.out, printed.err):
        assert "640199" not in text
        assert "张伟" not in text


async def test_a_statement_that_fails_is_not_logged_with_its_values(
    site: Any, logged_in: LoggedIn, capsys: Any
) -> None:
    reader = await logged_in(LEADER)
    await reader.get("/staff/teachers?school__arraycontains=640199198001010012")
    printed = capsys.readouterr()
    assert "640199" not in printed.out + printed.err


async def test_names_that_are_not_ours_are_no_way_round(folder: Path, visitor: Visitor) -> None:
    (folder / "staff_copy.db").write_bytes((folder / "staff.db").read_bytes())
    assert (await visitor().get("/staff_copy.json")).status_code == 401


ODD_QUESTIONS = [
    "_next=%24null,abc",
    "_next=a,b,c",
    "_sort=nope",
    "_sort=name&_sort_desc=name",
    "_sort_by_desc=on",
    "_facet=nope",
    "_facet_array=school",
    "_facet_size=abc",
    "_col=nope",
    "_nocol=id",
    "_nocol=school",
    "_labels=zz",
    "_shape=xyz",
    "_extras=foreign_key_tables",
    "_search_nope=x",
    "id__in=[",
    "school__arraycontains=x",
    "school__nope=1",
    "nope__gt=3",
    "a__b__c=1",
    "__=1",
    "%00=%00",
]


@pytest.mark.filterwarnings(
    # Datasette forgets coroutines where a facet cannot be counted.
    r"ignore:coroutine '(TableView._data_traced|\w+Facet):RuntimeWarning"
)
@pytest.mark.parametrize("question", ODD_QUESTIONS)
async def test_no_odd_question_makes_a_page_fail(
    logged_in: LoggedIn, caplog: pytest.LogCaptureFixture, capsys: Any, question: str
) -> None:
    reader = await logged_in(BOTH)
    pages = ("/overview/school_gaps", "/staff/teachers", "/staff/teachers/1", "/staff", "/conduct")
    for page in pages:
        for ending in ("", ".json", ".csv", ".xlsx", ".jsono", ".blob", ".db"):
            answer = await reader.get(f"{page}{ending}?{question}")
            assert answer.status_code in {200, 302, 400, 404}, (page, ending)
    assert caplog.text == ""
    assert capsys.readouterr().err == ""


async def test_a_cookie_that_nobody_can_read_is_dropped(visitor: Visitor) -> None:
    answer = await visitor().get("/", headers={"cookie": b"a=\xe9"})
    assert answer.status_code == 200
    assert "content-security-policy" in answer.headers


async def test_a_number_beyond_all_measure_is_the_readers_mistake(visitor: Visitor) -> None:
    answer = await visitor().get("/overview/school_gaps?missing__gt=99999999999999999999")
    assert answer.status_code == 400
