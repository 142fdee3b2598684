"""The pages of charts, the first page among them, with their figures, and their files.

Charts were drawn when the site was published. The page carries the drawings themselves,
so it shows at once, prints, and works without scripts; `dashboard.js` wakes a chart up.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple, cast
from urllib.parse import parse_qs

from datasette import Response, hookimpl
from markupsafe import Markup

from teacherreg.locale import Language, has, language, t
from teacherreg.publish import wording
from teacherreg.publish.assets import asset
from teacherreg.publish.served import (
    EVENNESS,
    GAPS,
    OVERVIEW,
    PAGES,
    REMEDIES,
    Hook,
    Served,
    Site,
    guest,
    place_of,
)

hook = cast(Hook, hookimpl)


class Card(NamedTuple):
    """A card at the top of a page: the rows behind its figure, and what it is set against.

    Attributes:
        rows: Where it leads.
        of: Another figure that is written below, in the sentence ``site.of-…`` of its name.
    """

    rows: str
    of: str = ""


CARDS: Final[Mapping[str, Mapping[str, Card]]] = {
    GAPS: {
        "teachers": Card("schools?_sort_desc=teachers"),
        "title_holders": Card("school_gaps?holders__gt=0&_sort_desc=holders"),
        "missing": Card("school_gaps?missing__gt=0"),
        "schools_meeting": Card("school_gaps?meets__exact=1", "schools_judged"),
        "cv_primary": Card("equity"),
        "cv_junior": Card("equity"),
    },
    EVENNESS: {
        "stages_able": Card("verdict?can_pass__exact=1", "stages_judged"),
        "stages_out": Card("verdict?can_pass__exact=0", "stages_judged"),
        "cvs_over": Card("equity?meets__exact=0", "cvs_judged"),
    },
    REMEDIES: {
        "not_reached": Card("reach", "teachers"),
        "missing_after_plan": Card("plan?missing_after__gt=0", "missing"),
        "missing_after_honours": Card("honours", "missing"),
    },
}

_NAME: Final = r"(?P<name>[a-z][a-z0-9_-]*)"
_GROUND: Final = re.compile(r'<rect width="[\d.]+" height="[\d.]+" fill="white" ?/>')
_WIDTH: Final = re.compile(r'viewBox="0 0 ([\d.]+)')
_HALF_A_PAGE: Final = 600  # pixels
_A_DAY: Final = 24 * 3600
_IDS: Final = re.compile(r'(\bid="|url\(#|href="#)')


class Figure(NamedTuple):
    """A headline figure as its card shows it."""

    label: str
    value: str
    limit: str
    meets: bool | None
    href: str


class Chart(NamedTuple):
    """A chart as the page shows it."""

    name: str
    title: str
    aid: str
    table: str
    remark: str
    drawing: Markup
    source: str
    is_broad: bool


class Tab(NamedTuple):
    """A way to one of the pages of charts."""

    label: str
    href: str
    is_here: bool


async def dashboard(datasette: Served, request: Any) -> Response:
    """Show a page of charts."""
    site = guest().site
    page = request.url_vars.get("page") or GAPS
    manifest = site.document("site.json")
    standard = manifest.get("standard", {})
    entries = [one for one in manifest.get("charts", []) if one.get("page", GAPS) == page]
    words = {
        "title": t("site.home") if page == GAPS else t(f"site.page-{page}"),
        "heading": t("site.dashboard"),
        "facts": t(
            "site.dashboard-facts",
            on=manifest.get("on", ""),
            standard=standard.get(language(), ""),
            document=standard.get("document", ""),
        ),
        "tabs": [
            Tab(t(f"site.page-{name}"), datasette.urls.path(place_of(name)), name == page)
            for name in PAGES
        ],
        "figures": await figures(datasette, page),
        "charts": [chart(datasette, site, entry) for entry in entries],
    }
    return Response.html(await datasette.render_template("dashboard.html", words, request=request))


def chart(datasette: Served, site: Site, entry: Mapping[str, Any]) -> Chart:
    """Make ready a chart of the manifest; its drawing is missing where its file is."""
    name, tongue = str(entry["name"]), language()
    drawing = site.fresh(f"charts/{name}.{tongue}.svg", lambda path: _inlined(path, name))
    width = _WIDTH.search(drawing or "")
    aid = f"site.aid-{name}"
    source = datasette.urls.path(f"/-/charts/{name}.{tongue}.vl.json")
    return Chart(
        name=name,
        title=str(entry["title"][tongue]),
        aid=t(aid) if has(aid) else "",
        remark=str(entry.get("remark", {}).get(tongue, "")),
        table=datasette.urls.path(f"/{OVERVIEW}/{entry['table']}"),
        drawing=drawing or Markup(""),
        source=f"{source}?v={manifest_mark(site)}",
        is_broad=width is not None and float(width.group(1)) > _HALF_A_PAGE,
    )


def manifest_mark(site: Site) -> str:
    """Give what changes with every publication, for addresses that browsers may keep."""
    return re.sub(r"\D", "", str(site.document("site.json").get("published_at", "")))


def _inlined(path: Path, name: str) -> Markup:
    """Make a drawing part of a page: its ids must not be those of the next drawing."""
    svg = _GROUND.sub("", path.read_text(encoding="utf-8"), count=1)
    start = svg.index("<svg")
    # Safe as markup: publishing drew it, and the drawing library escapes names in it.
    return Markup(_IDS.sub(rf"\g<1>{name}-", svg[start:]))  # noqa: S704


async def figures(datasette: Served, page: str) -> list[Figure]:
    """Read a page's figures from the overview; those that it lacks are left out."""
    found = await datasette.execute(OVERVIEW, "select key, value, limit_value, meets from headline")
    rows = {str(row["key"]): row for row in found.rows}
    return [
        Figure(
            label=t(f"site.figure-{key}"),
            value=_written(rows[key]["value"]),
            limit=_limit(rows[key], card.of, rows.get(card.of)),
            meets=None if rows[key]["meets"] is None else bool(rows[key]["meets"]),
            href=datasette.urls.path(f"/{OVERVIEW}/{card.rows}"),
        )
        for key, card in CARDS[page].items()
        if key in rows
    ]


def _limit(row: Any, of: str, whole: Any) -> str:
    if whole is not None:
        return t(f"site.of-{of}", total=_written(whole["value"]))
    limit = row["limit_value"]
    return "" if limit is None else t("site.limit", limit=f"{limit:.2f}")


def _written(value: float | None) -> str:
    if value is None:
        return wording.EMPTY
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:.3f}"


async def chart_source(request: Any) -> Response:
    """Give a chart as Vega-Lite, its rows inside."""
    name, tongue = request.url_vars["name"], cast(Language, request.url_vars["tongue"])
    site = guest().site
    names = {str(entry["name"]) for entry in site.document("site.json").get("charts", [])}
    text = site.fresh(f"charts/{name}.{tongue}.vl.json", Path.read_bytes) if name in names else b""
    if not text:
        return Response.json({"ok": False, "error": t("site.error-404")}, status=404)
    return Response(text, content_type="application/json; charset=utf-8")


async def own_file(request: Any) -> Response:
    """Give one of the site's own scripts and styles."""
    here = guest()
    tongue = (parse_qs(here.query).get("l") or [language()])[0]
    found = asset(here.site, request.url_vars["file"], "en" if tongue == "en" else "zh")
    if found is None:
        return Response.text(t("site.error-404"), status=404)
    headers = {
        "ETag": f'"{found.digest}"',
        "Cache-Control": f"public, max-age={_A_DAY}",
        "Vary": "Accept-Encoding",
    }
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(b"", status=304, headers=headers)
    is_packed = bool(found.packed) and "gzip" in request.headers.get("accept-encoding", "")
    if is_packed:
        headers["Content-Encoding"] = "gzip"
    body = found.packed if is_packed else found.body
    return Response(body, headers=headers, content_type=found.content_type)


@hook()
def register_routes() -> list[tuple[str, Any]]:
    """Take the first page, and the places of charts and files."""
    return [
        (r"^/$", dashboard),
        (rf"^/-/(?P<page>{'|'.join(PAGES[1:])})$", dashboard),
        (rf"^/-/charts/{_NAME}\.(?P<tongue>zh|en)\.vl\.json$", chart_source),
        (r"^/-/assets/(?P<file>[a-z][a-z0-9.-]*)$", own_file),
    ]
