"""Files that open rightly in Excel: CSV with a byte-order mark, and workbooks.

Chinese Excel reads a CSV without the mark as mojibake, and runs a cell that begins with
``= + - @`` as a formula; both are seen to here, on the way out. With ``_titles=1`` the
first line names columns as the pages do.
"""

import asyncio
import csv
import io
import re
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final, cast
from urllib.parse import parse_qs, urlencode

import polars as pl
from datasette import NotFound, Response, hookimpl

from teacherreg.export import harmless, write_xlsx
from teacherreg.locale import language
from teacherreg.publish import wording
from teacherreg.publish.served import Hook, Served, Site, visit

hook = cast(Hook, hookimpl)

Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Any, Send], Awaitable[None]]

_CSV: Final = re.compile(r"/([a-z]+)/([^/.]+)\.csv")
_MARK: Final = "\ufeff"
_WORKBOOK: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def rewritten(chunk: str, titles: Callable[[str], str] | None) -> str:
    """Write lines of CSV again, each cell harmless; as a heading line where titles are given."""
    out = io.StringIO()
    writer = csv.writer(out)
    for row in csv.reader(io.StringIO(chunk, newline="")):
        writer.writerow([titles(cell) if titles else harmless(cell) for cell in row])
    return out.getvalue()


def heading(site: Site, room: str, table: str, column: str) -> str:
    """Name a column of a file, with its unit."""
    unit = wording.column_unit(site, room, table, column)
    label = wording.column_label(site, room, table, column)
    if not unit:
        return label
    return f"{label}（{unit}）" if language() == "zh" else f"{label} ({unit})"


class _CsvSender:
    """Stands between Datasette's CSV, which comes line by line, and the reader."""

    def __init__(self, send: Send, titles: Callable[[str], str] | None) -> None:
        self._send = send
        self._titles = titles
        self._is_csv = False
        self._is_first = True

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            types = [v for k, v in message["headers"] if k.lower() == b"content-type"]
            is_text = bool(types) and types[0].startswith((b"text/plain", b"text/csv"))
            self._is_csv = message["status"] == 200 and is_text
        elif self._is_csv and message.get("body"):
            text = message["body"].decode()
            if self._is_first:
                text = _MARK + rewritten(text, self._titles)
            else:
                text = rewritten(text, None)
            message["body"], self._is_first = text.encode(), False
        await self._send(message)


async def workbook(datasette: Served, request: Any, database: str, table: str) -> Response:
    """Give all rows of a table's page as a workbook."""
    guest = visit()
    if guest is None or not table:
        raise NotFound("There is no workbook of this.")
    columns, rows = await _all_rows(datasette, request)
    headings = [heading(guest.site, database, table, column) for column in columns]
    frame = pl.DataFrame(rows, schema=_distinct(headings), orient="row", infer_schema_length=None)
    title = wording.table_title(guest.site, database, table)
    body = await asyncio.to_thread(_written, frame, title)
    disposition = f'attachment; filename="{table}.xlsx"'
    return Response(body, headers={"Content-Disposition": disposition}, content_type=_WORKBOOK)


async def _all_rows(datasette: Served, request: Any) -> tuple[list[str], list[list[Any]]]:
    """Read a page's rows to the last, through the same gate as the reader."""
    args = [
        (name, value)
        for name in request.args
        for value in request.args.getlist(name)
        if name not in {"_next", "_size", "_shape", "_labels"} and not name.startswith("_facet")
    ]
    args += [("_shape", "arrays"), ("_size", "max"), ("_nofacet", "1"), ("_nocount", "1")]
    path = request.path.removesuffix(".xlsx") + ".json"
    rows: list[list[Any]] = []
    following: list[tuple[str, str]] = []
    while True:
        address = f"{path}?{urlencode(args + following)}"
        answer = await datasette.client.get(address, cookies=request.cookies)
        page = answer.raise_for_status().json()
        rows += page["rows"]
        if not page.get("next"):
            return page["columns"], rows
        following = [("_next", page["next"])]


def _distinct(headings: list[str]) -> list[str]:
    """Number headings that stand twice; a frame takes each once."""
    return [
        f"{name} {headings[:place].count(name) + 1}" if name in headings[:place] else name
        for place, name in enumerate(headings)
    ]


def _written(frame: pl.DataFrame, title: str) -> bytes:
    out = io.BytesIO()
    write_xlsx(frame, out, title)
    return out.getvalue()


@hook()
def asgi_wrapper() -> Callable[[App], App]:
    """See to every CSV file on its way out."""

    def wrap(app: App) -> App:
        async def see_to(scope: Message, receive: Any, send: Send) -> None:
            guest = visit()
            found = _CSV.fullmatch(guest.path) if guest else None
            if guest is None or found is None:
                return await app(scope, receive, send)
            room, table = found.groups()
            titled = "_titles" in parse_qs(guest.query)
            titles = (lambda column: heading(guest.site, room, table, column)) if titled else None
            await app(scope, receive, _CsvSender(send, titles))

        return see_to

    return wrap


@hook()
def register_output_renderer() -> dict[str, Any]:
    """Offer workbooks beside JSON; the pages link to them by themselves."""
    return {"extension": "xlsx", "render": workbook, "can_render": lambda: False}
