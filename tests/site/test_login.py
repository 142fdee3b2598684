"""Logging in and out, and what cannot be done to somebody else's login."""

import asyncio
import json
import re
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from teacherreg.publish import sessions
from teacherreg.publish.accounts import Accounts
from teacherreg.publish.served import site_of
from teacherreg.publish.sessions import Brake, Sessions, network_of
from tests.site.conftest import BOTH, LEADER, PASSWORD, Visitor, log_in

LoggedIn = Callable[[str], Awaitable[httpx.AsyncClient]]


class Clock:
    """A clock that goes when it is told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def cookie_of(answer: httpx.Response, name: str) -> str:
    return next(c for c in answer.headers.get_list("set-cookie") if c.startswith(f"{name}="))


async def is_in(reader: httpx.AsyncClient) -> bool:
    return (await reader.get("/staff/teachers")).status_code == 200


async def test_a_leader_logs_in_reads_and_logs_out(visitor: Visitor) -> None:
    reader = visitor()
    answer = await log_in(reader, LEADER, next="/staff/teachers?_search=zw")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/staff/teachers?_search=zw"
    page = await reader.get("/staff/teachers")
    seal = re.search(r'action="/-/logout".*?name="seal" value="(\w+)"', page.text)
    assert page.status_code == 200
    assert seal
    assert LEADER in page.text
    await reader.post("/-/logout", data={"seal": seal.group(1)})
    assert not await is_in(reader)


async def test_the_cookie_is_out_of_reach_of_scripts_and_ends(visitor: Visitor) -> None:
    cookie = cookie_of(await log_in(visitor(), LEADER), "tr_session").lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "path=/" in cookie
    assert f"max-age={10 * 3600}" in cookie
    assert "secure" not in cookie


async def test_the_cookie_is_for_https_only_where_there_is_https(site: Any) -> None:
    transport = httpx.ASGITransport(app=site.app())
    async with httpx.AsyncClient(transport=transport, base_url="https://bureau.test") as reader:
        answer = await log_in(reader, LEADER)
        assert "; secure" in cookie_of(answer, "tr_session").lower()


async def test_every_login_has_a_session_of_its_own(visitor: Visitor) -> None:
    tokens = {cookie_of(await log_in(visitor(), LEADER), "tr_session") for _ in range(3)}
    assert len(tokens) == 3


async def test_after_logging_out_the_old_cookie_opens_nothing(
    visitor: Visitor, logged_in: LoggedIn
) -> None:
    reader = await logged_in(LEADER)
    stolen = dict(reader.cookies)
    page = await reader.get("/")
    seal = re.search(r'name="seal" value="(\w+)"', page.text)
    assert seal
    await reader.post("/-/logout", data={"seal": seal.group(1)})
    thief = visitor()
    thief.cookies.update(stolen)
    assert not await is_in(thief)


async def test_a_changed_password_ends_open_sessions(folder: Path, logged_in: LoggedIn) -> None:
    reader, other = await logged_in(LEADER), await logged_in(BOTH)
    Accounts(folder).change_password(LEADER, "another horse 43")
    assert not await is_in(reader)
    assert await is_in(other)


async def test_a_removed_account_is_out_at_once(folder: Path, logged_in: LoggedIn) -> None:
    reader = await logged_in(LEADER)
    Accounts(folder).remove(LEADER)
    assert not await is_in(reader)


async def test_a_role_that_is_taken_away_counts_at_once(folder: Path, logged_in: LoggedIn) -> None:
    reader = await logged_in(BOTH)
    path = folder / "accounts.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    document["accounts"][BOTH]["roles"] = ["discipline"]
    path.write_text(json.dumps(document), encoding="utf-8")
    assert not await is_in(reader)
    assert (await reader.get("/conduct/records")).status_code == 200


async def test_a_session_ends_after_a_day_and_when_idle(folder: Path) -> None:
    clock, accounts = Clock(), Accounts(folder)
    account = accounts.find(LEADER)
    assert account is not None
    kept = Sessions(accounts, clock)
    token = kept.open(account)
    for _ in range(6):
        clock.now += 100 * 60
        assert (kept.account_of(token) is not None) == (clock.now < 1000 + 10 * 3600)
    idle = kept.open(account)
    clock.now += 120 * 60
    assert kept.account_of(idle) is None


async def test_a_made_up_cookie_opens_nothing(visitor: Visitor) -> None:
    reader = visitor()
    for cookie in ("tr_session=x", "tr_session=", "tr_session=李", 'ds_actor="{}"', "a[b]=c; ;=;"):
        answer = await reader.get("/staff", headers={"cookie": cookie.encode()})
        assert answer.status_code == 303


@pytest.mark.parametrize("name", [LEADER, "没有此人", ""])
async def test_a_wrong_password_and_an_unknown_name_read_alike(visitor: Visitor, name: str) -> None:
    answer = await log_in(visitor(), name, "wrong password")
    assert answer.status_code == 403
    assert "用户名或密码不对" in answer.text
    assert "tr_session" not in str(answer.headers)


async def test_guessing_one_account_is_braked_from_every_address(visitor: Visitor) -> None:
    for number in range(5):
        assert (await log_in(visitor(f"192.0.2.{number}"), LEADER, "wrong pass")).status_code == 403
    answer = await log_in(visitor("198.51.100.1"), LEADER)
    assert answer.status_code == 429
    assert "输错次数过多，请在 15 分钟后再试" in answer.text
    assert answer.headers["retry-after"] == "900"
    assert (await log_in(visitor("198.51.100.1"), BOTH)).status_code == 303


async def test_guessing_from_one_address_is_braked_for_every_account(visitor: Visitor) -> None:
    for number in range(20):
        await log_in(visitor(), f"somebody {number}", "wrong password")
    assert (await log_in(visitor(), LEADER)).status_code == 429
    assert (await log_in(visitor("198.51.100.1"), LEADER)).status_code == 303


async def test_many_guesses_at_once_do_not_slip_through(visitor: Visitor) -> None:
    guesses = [log_in(visitor(f"192.0.2.{n}"), LEADER, "wrong password") for n in range(12)]
    answers = await asyncio.gather(*guesses)
    assert sum(answer.status_code == 403 for answer in answers) == 5


def test_the_brake_lets_go_after_a_while_and_after_a_right_password() -> None:
    clock = Clock()
    brake = Brake(clock)
    for _ in range(5):
        brake.count("a", "192.0.2.1")
    assert brake.minutes_to_wait("a", "203.0.113.9") == 15
    clock.now += 14 * 60 + 1
    assert brake.minutes_to_wait("a", "203.0.113.9") == 1
    clock.now += 60
    assert brake.minutes_to_wait("a", "203.0.113.9") == 0
    for _ in range(4):
        brake.count("a", "192.0.2.1")
    brake.forgive("a", "192.0.2.1")
    brake.count("a", "192.0.2.1")
    assert brake.minutes_to_wait("a", "192.0.2.1") == 0


def test_the_brake_does_not_grow_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "_MOST_KEYS", 10)
    clock = Clock()
    brake = Brake(clock)
    for number in range(50):
        brake.count(f"name {number}", "192.0.2.1")
        clock.now += 60
    assert len(brake._failures) < 40


def test_an_ipv6_household_is_one_address() -> None:
    assert network_of("2001:db8::1") == network_of("2001:db8::2")
    assert network_of("2001:db8::1") != network_of("2001:db8:0:1::1")
    assert network_of("192.0.2.1") == "192.0.2.1"
    assert network_of("") == ""


async def test_others_do_not_wait_while_passwords_are_tried(site: Any, visitor: Visitor) -> None:
    """A wrong password must not stop the event loop, as it did in datasette-auth-passwords."""
    reader = visitor()
    await reader.get("/overview")
    served = site_of(site)
    assert served is not None
    served.hashing.submit(time.sleep, 0.6)
    served.hashing.submit(time.sleep, 0.6)
    waiting = asyncio.create_task(log_in(visitor("192.0.2.77"), LEADER))
    await asyncio.sleep(0.1)
    start = time.perf_counter()
    assert (await reader.get("/overview")).status_code == 200
    assert time.perf_counter() - start < 0.4
    assert not waiting.done()
    assert (await waiting).status_code == 303


async def test_too_many_waiting_passwords_are_turned_away(site: Any, visitor: Visitor) -> None:
    served = site_of(site)
    assert served is not None
    served.passwords_waiting = 16
    assert (await log_in(visitor(), LEADER)).status_code == 503


async def seal_and_cookies(reader: httpx.AsyncClient) -> str:
    found = re.search(r'name="seal" value="(\w+)"', (await reader.get("/-/login")).text)
    assert found
    return found.group(1)


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"sec-fetch-site": "cross-site"}, id="the browser says another site"),
        pytest.param({"sec-fetch-site": "same-site"}, id="a neighbour under the same domain"),
        pytest.param({"origin": "http://evil.test"}, id="another origin"),
        pytest.param({"origin": "null"}, id="an origin that hides"),
    ],
)
async def test_a_form_from_another_site_logs_nobody_in(
    visitor: Visitor, headers: dict[str, str]
) -> None:
    reader = visitor()
    form = {"name": LEADER, "password": PASSWORD, "seal": await seal_and_cookies(reader)}
    answer = await reader.post("/-/login", data=form, headers=headers)
    assert answer.status_code == 403
    assert "请重新填写" in answer.text
    assert not await is_in(reader)


async def test_a_form_needs_the_seal_of_its_reader_also_without_any_cookie(
    visitor: Visitor,
) -> None:
    other = await seal_and_cookies(visitor())
    form = {"name": LEADER, "password": PASSWORD}
    for seal in ({}, {"seal": ""}, {"seal": other}, {"seal": "李"}):
        reader = visitor()
        assert (await reader.post("/-/login", data={**form, **seal})).status_code == 403
        await reader.get("/-/login")
        assert (await reader.post("/-/login", data={**form, **seal})).status_code == 403


async def test_another_site_cannot_log_a_reader_out(logged_in: LoggedIn) -> None:
    reader = await logged_in(LEADER)
    await reader.post("/-/logout")
    await reader.post("/-/logout", data={"seal": "0" * 64})
    await reader.get("/-/logout")
    page = await reader.get("/")
    found = re.search(r'name="seal" value="(\w+)"', page.text)
    assert found
    data = {"seal": found.group(1)}
    await reader.post("/-/logout", data=data, headers={"sec-fetch-site": "cross-site"})
    assert await is_in(reader)


@pytest.mark.parametrize(
    "target",
    [
        "http://evil.test/",
        "//evil.test/",
        "/\\evil.test",
        "/\t/evil.test",
        "\\\\evil.test",
        "javascript:alert(1)",
        "evil.test",
        " //evil.test",
        "/%0d%0aSet-Cookie:x=1\r\nSet-Cookie: x=1",
        "",
    ],
)
async def test_next_leads_nowhere_else(visitor: Visitor, target: str) -> None:
    reader = visitor()
    page = await reader.get("/-/login", params={"next": target})
    assert 'name="next" value="/"' in page.text
    answer = await log_in(reader, LEADER, next=target)
    assert answer.headers["location"] == "/"


async def test_a_form_that_is_too_large_is_not_read(visitor: Visitor) -> None:
    reader = visitor()
    form = {"name": "x" * 100_000, "password": PASSWORD, "seal": await seal_and_cookies(reader)}
    assert (await reader.post("/-/login", data=form)).status_code == 403


async def test_a_form_that_is_no_form_is_refused(visitor: Visitor) -> None:
    reader = visitor()
    await reader.get("/-/login")
    assert (await reader.post("/-/login", content=b"\xff\xfe=\x00&&&")).status_code == 403
    assert (await reader.post("/-/login", json={"name": LEADER})).status_code == 403


async def test_whoever_is_in_need_not_log_in_again(logged_in: LoggedIn) -> None:
    reader = await logged_in(LEADER)
    answer = await reader.get("/-/login", params={"next": "/staff"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/staff")


async def test_the_login_page_says_when_there_is_no_account(folder: Path, visitor: Visitor) -> None:
    assert "还没有任何账号" not in (await visitor().get("/-/login")).text
    (folder / "accounts.json").unlink()
    assert "还没有任何账号" in (await visitor().get("/-/login")).text
