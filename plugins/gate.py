"""The gate: who may ask for which path, and the headers of every answer.

It stands before Datasette and knows a short list of paths. Whatever is not on it is
answered alike whether it exists or not, so nothing is to be learnt from asking. Behind
it Datasette's own permissions say the same again (`permission_allowed`).
"""

import json
import logging
import re
import traceback
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import replace
from secrets import token_hex
from typing import Any, Final, cast
from urllib.parse import parse_qsl, quote, urlencode

from datasette import Response, hookimpl
from datasette.plugins import pm
from datasette.views.base import DatasetteError

from teacherreg.locale import LANGUAGES, Language, t
from teacherreg.publish.served import (
    OVERVIEW,
    PAGES,
    ROLE_OF_ROOM,
    SESSION_COOKIE,
    Hook,
    Served,
    Site,
    Visit,
    guest,
    site_of,
    visit,
    visiting,
)

Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]
Receive = Callable[[], Awaitable[Message]]
App = Callable[[Message, Receive, Send], Awaitable[None]]

hook = cast(Hook, hookimpl)
log = logging.getLogger("teacherreg.site")

LANGUAGE_COOKIE: Final = "tr_lang"
_TALKATIVE: Final = "datasette.handle_exception"
FORM_PATHS: Final = ("/-/login", "/-/logout")
_A_YEAR: Final = 365 * 24 * 3600  # seconds
_OPEN: Final = re.compile(
    rf"/|/-/(?:login|logout|{'|'.join(PAGES[1:])})|/-/(?:assets|charts)/[\w.-]+"
)
_FIRST: Final = re.compile(r"/([a-z]+)(?=[/.]|\Z)")

# Every page there is as JSON, tables as CSV and workbooks too; Datasette fails at the rest.
_FORMS: Final = re.compile(r"/-/.+|[^.]*(?:\.json)?|/[^/.]+/[^/.]+\.(?:csv|xlsx)")

# No page holds a script or style of its own, so nothing inline need be allowed.
_HEADERS: Final = {
    b"content-security-policy": b"default-src 'self'; img-src 'self' data:; object-src 'none'; "
    b"base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    b"x-content-type-options": b"nosniff",
    b"x-frame-options": b"DENY",
    # Not no-referrer, as Datasette says: a form sent with that has the origin "null".
    b"referrer-policy": b"same-origin",
    b"cross-origin-opener-policy": b"same-origin",
    b"cross-origin-resource-policy": b"same-origin",
}

# Arguments that a reader's page uses. Others with an underscore are refused: _where and
# _fts_table read what they should not, _trace and _context show the inside.
_ARGUMENTS: Final = re.compile(
    r"_(?:col|nocol|facet(?:_size|_array|_date)?|filter_(?:column|op|value)(?:_\d+)?"
    r"|search(?:_\w+)?|sort(?:_desc|_by_desc)?|next|size|shape|nl|json|extras"
    r"|stream|dl|header|titles|labels?|nocount|nofacet|nosuggest)"
)
_MOST_ROWS_ON_A_PAGE: Final = 100


def arrive(site: Site, path: str, scope: Message) -> Visit:
    """Read from a request who is asking, for what, in which language."""
    cookies = _cookies(scope)
    query = cast(bytes, scope.get("query_string") or b"").decode("latin-1")
    chosen = dict(parse_qsl(query)).get("_lang", "")
    language: Language = "en" if (chosen or cookies.get(LANGUAGE_COOKIE)) == "en" else "zh"
    session = cookies.get(SESSION_COOKIE, "")
    account = site.sessions.account_of(session) if session else None
    query = _without_language(query)
    return Visit(site, language, path, query, account, session, chosen in LANGUAGES)


def room_of(path: str) -> str | None:
    """Tell which room a path leads to: the overview, a closed room, or none (None)."""
    if _OPEN.fullmatch(path):
        return OVERVIEW
    found = _FIRST.match(path)
    name = found.group(1) if found else ""
    return name if name == OVERVIEW or name in ROLE_OF_ROOM else None


def refusal(here: Visit, method: str) -> int:
    """Give the status of a request that goes no further; 0 where it may."""
    if method not in {"GET", "HEAD"} and not (method == "POST" and here.path in FORM_PATHS):
        return 405
    room = room_of(here.path)
    if room is None or not here.may_enter(room):
        return 404 if here.account else 401
    if not _FORMS.fullmatch(here.path):
        return 404
    is_page = not wants_rows(here.path, "")
    pairs = parse_qsl(here.query, keep_blank_values=True)
    return 0 if all(_is_allowed(name, value, is_page) for name, value in pairs) else 400


def _is_allowed(name: str, value: str, is_page: bool) -> bool:
    if name == "_size" and is_page:
        # Rows of a page are drawn one by one, and others wait; files may have them all.
        return value.isdecimal() and int(value) <= _MOST_ROWS_ON_A_PAGE
    if name.startswith("_") and "__" not in name:
        return name != "_searchmode" and _ARGUMENTS.fullmatch(name) is not None
    return name != "sql" and "\0" not in name + value


def wants_rows(path: str, accept: str) -> bool:
    """Tell whether a program is asking (for JSON or CSV), not a person at a browser."""
    asks_for_json = "application/json" in accept and "text/html" not in accept
    return "." in path.rpartition("/")[2] or asks_for_json


async def refused(datasette: Served, status: int, accept: str) -> Response:
    """Answer a refused request; what it asked for makes no difference."""
    here = guest()
    if wants_rows(here.path, accept):
        return _refused_rows(status)
    if status == 401:
        target = here.path + ("?" + here.query if here.query else "")
        to = datasette.urls.path("/-/login?" + urlencode({"next": target}))
        return Response.redirect(str(to), status=303)
    return await error_page(datasette, status)


def _refused_rows(status: int) -> Response:
    body = {"ok": False, "status": status, "error": t(f"site.error-{status}")}
    return Response.json(body, status=status)


async def error_page(datasette: Served, status: int, number: str = "") -> Response:
    """Say in the reader's language what is wrong, and nothing about the inside."""
    await datasette.invoke_startup()
    words = {
        "title": t(f"site.error-title-{status}"),
        "error": t(f"site.error-{status}"),
        "number": number,
    }
    # The link to the other language leads to the first page: these pages are all alike.
    with visiting(replace(guest(), path="/", query="")):
        return Response.html(await datasette.render_template("error.html", words), status=status)


def with_headers(here: Visit, method: str, send: Send) -> Send:
    """Add to every answer what keeps other sites out of it."""
    added = list(_HEADERS.items())
    is_own_file = here.path.startswith("/-/assets/")
    if room_of(here.path) != OVERVIEW or (here.account and not is_own_file):
        added.append((b"cache-control", b"no-store"))
    names = {name for name, _ in added}
    if here.chose_language:
        cookie = f"{LANGUAGE_COOKIE}={here.language}; Path=/; Max-Age={_A_YEAR}; SameSite=Lax"
        added.append((b"set-cookie", cookie.encode()))

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            own = [(k, v) for k, v in message.get("headers", []) if k.lower() not in names]
            message["headers"] = [*own, *added]
        elif method == "HEAD":
            message["body"] = b""
        await send(message)

    return sending


def _without_language(query: str) -> str:
    """Drop ``_lang``, which the cookie remembers, so that it is not in every link."""
    return "&".join(part for part in query.split("&") if not part.startswith("_lang="))


def _header(scope: Message, name: bytes) -> str:
    headers = cast(list[tuple[bytes, bytes]], scope.get("headers") or [])
    return next((value.decode("latin-1") for key, value in headers if key.lower() == name), "")


def _cookies(scope: Message) -> dict[str, str]:
    pairs = (part.partition("=") for part in _header(scope, b"cookie").split(";"))
    return {name.strip(): value.strip() for name, _, value in pairs}


def _routed_path(datasette: Served, scope: Message) -> str:
    """Give the path as Datasette's router will see it, undecoded."""
    raw = scope.get("raw_path")
    path = raw.decode("latin-1").partition("?")[0] if raw else quote(scope["path"])
    base = str(datasette.setting("base_url"))
    return "/" + path[len(base) :] if base != "/" and path.startswith(base) else str(path)


def _onward(scope: Message, here: Visit) -> Message:
    onward = {**scope, "query_string": here.query.encode("latin-1")}
    onward["headers"] = [pair for pair in scope.get("headers") or [] if not _is_broken(*pair)]
    if here.account:
        onward["actor"] = {"id": here.account.name, "role": list(here.account.roles)}
    return onward


def _is_broken(name: bytes, value: bytes) -> bool:
    """Tell a cookie that is not ours: what is below here cannot read it, and would fail."""
    return name.lower() == b"cookie" and not value.isascii()


def _status_of(exception: Exception) -> int:
    """Tell a reader's mistake, which Datasette often calls a failure, from a failure."""
    if isinstance(exception, DatasetteError | json.JSONDecodeError | OverflowError):
        return 400
    status = getattr(exception, "status", 500)
    return status if status in {400, 403, 404} else 500


@hook(trylast=True)
def asgi_wrapper(datasette: Served) -> Callable[[App], App]:
    """Put the gate around the whole application."""

    def wrap(app: App) -> App:
        async def gate(scope: Message, receive: Receive, send: Send) -> None:
            site = site_of(datasette)
            if scope["type"] == "lifespan":
                return await app(scope, receive, send)
            if scope["type"] != "http" or site is None:
                raise RuntimeError("This gate serves published sites over HTTP only.")
            here = arrive(site, _routed_path(datasette, scope), scope)
            with visiting(here):
                send = with_headers(here, scope["method"], send)
                status = refusal(here, scope["method"])
                if not status:
                    return await app(_onward(scope, here), receive, send)
                response = await refused(datasette, status, _header(scope, b"accept"))
                await response.asgi_send(send)

        return gate

    return wrap


@hook(trylast=True)
def permission_allowed(
    actor: dict[str, Any] | None, action: str, resource: str | tuple[str, str] | None
) -> bool | None:
    """Be the second wall: only known rooms, only their published tables, nothing else."""
    here = visit()
    if action == "view-instance":
        return None
    if here is None or action not in {"view-database", "view-table"}:
        return False
    room, table = (resource, None) if isinstance(resource, str) else resource or ("", None)
    if room != OVERVIEW and ROLE_OF_ROOM.get(room) not in (actor or {}).get("role", ()):
        return False
    tables = here.site.document("labels.json").get(room, {})
    return None if table is None or table in tables else False


@hook()
def startup() -> None:
    """Silence Datasette's own answer to failures: it prints the values at hand."""
    if pm.has_plugin(_TALKATIVE):
        pm.unregister(name=_TALKATIVE)


@hook()
def forbidden(datasette: Served, request: Any) -> Callable[[], Awaitable[Response]]:
    """Answer a permission that was refused as if there were nothing."""

    async def nothing_there() -> Response:
        return await refused(datasette, 404, request.headers.get("accept", ""))

    return nothing_there


@hook()
def handle_exception(
    datasette: Served, request: Any, exception: Exception
) -> Callable[[], Awaitable[Response]]:
    """Answer a failure. The log says where it happened, without the values at hand."""

    async def failed() -> Response:
        status = _status_of(exception)
        number = ""
        if status == 500:
            number = token_hex(4)
            where = "".join(traceback.format_tb(exception.__traceback__))
            log.error("%s %s\n%s", number, type(exception).__name__, where)
        if wants_rows(request.path, request.headers.get("accept", "")):
            return _refused_rows(status)
        return await error_page(datasette, status, number)

    return failed
