"""Logging in and out.

A form counts only if it was made for this reader: it carries a seal of a cookie that the
login page set, and the browser must not say that it came from another site. So another
site can neither log a reader in nor out, also where no session cookie is sent yet.
Passwords are tried in threads of their own; the rest of the site does not wait.
"""

import asyncio
import hmac
import re
from collections.abc import Mapping
from secrets import token_urlsafe
from typing import Any, Final, cast
from urllib.parse import parse_qsl, urlsplit

from datasette import Response, hookimpl

from teacherreg.locale import t
from teacherreg.publish.accounts import LONGEST_PASSWORD, Account, is_right, key_of
from teacherreg.publish.served import SESSION_COOKIE, Hook, Served, Site, Visit, guest
from teacherreg.publish.sessions import HOURS_AT_MOST

hook = cast(Hook, hookimpl)

FORM_COOKIE: Final = "tr_form"
_LARGEST_FORM: Final = 8 * 1024  # bytes
_MOST_WAITING: Final = 16  # passwords being tried or waiting for it
_LOCAL_PATH: Final = re.compile(r"/(?![/\\])[!-\[\]-~]*")


async def login(datasette: Served, request: Any) -> Response:
    """Show the login page, or try what was filled in."""
    here = guest()
    target = _safe(request.args.get("next") or "/")
    if request.method != "POST":
        if here.account:
            return Response.redirect(datasette.urls.path(target), status=303)
        return await _page(datasette, request, target)
    form = await _form(request)
    target = _safe(form.get("next", "/"))
    if not _is_own_form(request.headers) or not _has_seal(here, request, form):
        return await _page(datasette, request, target, t("site.login-stale"), status=403)
    return await _tried(datasette, request, form, target)


async def _tried(datasette: Served, request: Any, form: Mapping[str, str], target: str) -> Response:
    site, name, password = guest().site, form.get("name", ""), form.get("password", "")
    key, address = key_of(name)[:LONGEST_PASSWORD], _address(request)
    minutes = site.brake.minutes_to_wait(key, address)
    if minutes:
        words = t("site.login-wait", count=minutes)
        return await _page(datasette, request, target, words, status=429, minutes=minutes)
    if site.passwords_waiting >= _MOST_WAITING:
        return await _page(datasette, request, target, t("site.login-busy"), status=503)
    site.brake.count(key, address)
    account = site.accounts.find(name)
    if not await _matches(site, password, account) or account is None:
        return await _page(datasette, request, target, t("site.login-wrong"), status=403)
    site.brake.forgive(key, address)
    response = Response.redirect(datasette.urls.path(target), status=303)
    _set(response, request, SESSION_COOKIE, site.sessions.open(account), HOURS_AT_MOST * 3600)
    _set(response, request, FORM_COOKIE, "", 0)
    return response


async def logout(datasette: Served, request: Any) -> Response:
    """End the session, if the form asking for it is our own."""
    here = guest()
    response = Response.redirect(datasette.urls.instance(), status=303)
    if request.method != "POST" or not here.session:
        return response
    sealed = (await _form(request)).get("seal", "").encode()
    is_ours = hmac.compare_digest(sealed, here.site.seal("logout", here.session).encode())
    if is_ours and _is_own_form(request.headers):
        here.site.sessions.close(here.session)
        _set(response, request, SESSION_COOKIE, "", 0)
    return response


async def _matches(site: Site, password: str, account: Account | None) -> bool:
    site.passwords_waiting += 1
    try:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(
            site.hashing, is_right, password[:LONGEST_PASSWORD], account
        )
    finally:
        site.passwords_waiting -= 1


async def _page(
    datasette: Served,
    request: Any,
    target: str,
    problem: str = "",
    *,
    status: int = 200,
    minutes: int = 0,
) -> Response:
    here = guest()
    cookie = request.cookies.get(FORM_COOKIE) or token_urlsafe(24)
    words = {
        "next": target,
        "problem": problem,
        "seal": here.site.seal("login", cookie),
        "no_accounts": not here.site.accounts.all(),
    }
    html = await datasette.render_template("login.html", words, request=request)
    response = Response.html(html, status=status)
    _set(response, request, FORM_COOKIE, cookie, None)
    if minutes:
        response.headers["Retry-After"] = str(minutes * 60)
    return response


async def _form(request: Any) -> dict[str, str]:
    body = b""
    while True:
        message = await request.receive()
        body += message.get("body", b"")
        if len(body) > _LARGEST_FORM:
            return {}
        if not message.get("more_body"):
            break
    try:
        return dict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=10))
    except ValueError:
        return {}


def _is_own_form(headers: Mapping[str, str]) -> bool:
    """Ask the browser where the form came from; tell forms of other sites."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin = headers.get("origin")
    return origin is None or urlsplit(origin).netloc == headers.get("host", "")


def _has_seal(here: Visit, request: Any, form: Mapping[str, str]) -> bool:
    cookie = request.cookies.get(FORM_COOKIE, "")
    expected = here.site.seal("login", cookie)
    return bool(cookie) and hmac.compare_digest(form.get("seal", "").encode(), expected.encode())


def _safe(target: str) -> str:
    """Let ``next`` lead nowhere but to a page of this site."""
    return target if _LOCAL_PATH.fullmatch(target) else "/"


def _address(request: Any) -> str:
    client = request.scope.get("client")
    return str(client[0]) if client else ""


def _set(response: Response, request: Any, name: str, value: str, seconds: int | None) -> None:
    response.set_cookie(
        name,
        value,
        max_age=seconds,
        httponly=True,
        secure=request.scheme == "https",
        samesite="lax",
    )


@hook()
def register_routes() -> list[tuple[str, Any]]:
    """Put both pages where everybody can reach them."""
    return [(r"^/-/login$", login), (r"^/-/logout$", logout)]


@hook()
def skip_csrf(scope: Mapping[str, Any]) -> bool:
    """Check these forms here: Datasette's own check lets forms without a cookie pass."""
    return str(scope["path"]).endswith(("/-/login", "/-/logout"))
