"""The site's own pages for Datasette's tables, rows and errors, in two languages.

The templates beside this module take the place of Datasette's. They say everything
through the catalogues and ``labels.json``; the functions they call are here.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any, Final, NamedTuple, cast
from urllib.parse import urlencode

from datasette import hookimpl
from datasette.utils import path_with_removed_args
from jinja2 import ChoiceLoader, Environment, FileSystemLoader
from markupsafe import Markup, escape

from teacherreg.locale import language, t
from teacherreg.publish import wording
from teacherreg.publish.assets import asset
from teacherreg.publish.served import (
    GAPS,
    OVERVIEW,
    ROLE_OF_ROOM,
    Hook,
    Served,
    guest,
    place_of,
    visit,
)

hook = cast(Hook, hookimpl)

TEMPLATES: Final = Path(__file__).parent / "templates"
_NAME_OF: Final = {"mentee_id": "mentee"}  # whom the rows beside a person's own are about
MOST_KIN: Final = 100  # rows of another table shown on a person's page

# Of Datasette's filters, those that a reader needs; the others work in addresses.
FILTER_CHOICES: Final = frozenset(
    {"exact", "not", "contains", "startswith", "gt", "gte", "lt", "lte", "isblank", "notblank"}
)


class Link(NamedTuple):
    """A link of a page."""

    href: str
    label: str
    here: bool = False


class Chip(NamedTuple):
    """A condition in force, and the page without it."""

    words: str
    href: str


class Kin(NamedTuple):
    """Rows of another table that belong to the row shown."""

    columns: list[str]
    rows: list[Any]


def page_functions(datasette: Served) -> dict[str, Any]:
    """Give what the templates call."""
    path = datasette.urls.path

    def address(name: str) -> str:
        found = asset(guest().site, name, language())
        tongue = "&l=" + language() if name == "column-menu.js" else ""
        return str(path(f"/-/assets/{name}?v={found.digest if found else 0}{tongue}"))

    def menu() -> list[Link]:
        rooms = [room for room in (OVERVIEW, *ROLE_OF_ROOM) if guest().may_enter(room)]
        first = guest().path.split("/")[1]
        return [Link(path("/" + room), wording.room_title(room), room == first) for room in rooms]

    async def related(room: str, table: str, column: str, value: str) -> Kin:
        order = _order(room, table)
        sql = f"select * from [{table}] where [{column}] = :value {order} limit {MOST_KIN}"
        found = await datasette.execute(room, sql, {"value": value})
        hidden = wording.HIDDEN_COLUMNS | {_NAME_OF.get(column, "name")}
        return Kin([name for name in found.columns if name not in hidden], found.rows)

    return {
        "account": lambda: guest().account,
        "asset": address,
        "cell": lambda *asked: cell(datasette, *asked),
        "charts_of": lambda room, table: charts_of(datasette, room, table),
        "chips": lambda request, *rest: list(chips(request, *rest)),
        "doors": lambda room, table, filters: doors(datasette, room, table, _school(filters)),
        "doors_of_row": lambda room, table, row: doors_of_row(datasette, room, table, row),
        "exports": lambda request: exports(datasette, request),
        "filter_choices": FILTER_CHOICES,
        "footer": footer,
        "kin_title": kin_title,
        "hidden_columns": wording.HIDDEN_COLUMNS,
        "in_order": in_order,
        "language": language,
        "menu": menu,
        "other_language": lambda: other_language(datasette),
        "record_title": record_title,
        "related": related,
        "relation": lambda key: t(f"site.op-{key}"),
        "room_about": lambda room: t(f"site.room-{room}-about"),
        "room_title": wording.room_title,
        "search_hint": search_hint,
        "seal": lambda purpose: guest().site.seal(purpose, guest().session),
        "site_title": site_title,
        "t": t,
        **{
            name: _of_this_site(getattr(wording, name))
            for name in (
                "cell_text",
                "column_description",
                "column_label",
                "column_unit",
                "table_description",
                "table_title",
            )
        },
    }


def kin_title(room: str, table: str, column: str) -> str:
    """Name the rows of another table that belong to a person, and as what."""
    title = wording.table_title(guest().site, room, table)
    if column not in _NAME_OF:
        return title
    role = wording.column_label(guest().site, room, table, column)
    return t("site.kin-as", table=title, role=role)


def _order(room: str, table: str) -> str:
    """Give the order in which publishing wants a table read, as SQL; none where it wants none."""
    databases = guest().site.document("metadata.json").get("databases", {})
    wanted = databases.get(room, {}).get("tables", {}).get(table, {})
    if "sort_desc" in wanted:
        return f"order by [{wanted['sort_desc']}] desc"
    return f"order by [{wanted['sort']}]" if "sort" in wanted else ""


def _of_this_site(function: Callable[..., str]) -> Callable[..., str]:
    return lambda *arguments: function(guest().site, *arguments)


def in_order(room: str, tables: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Put a database's tables in the order in which publishing names them.

    The headline figures stand on the first page already.
    """
    order = list(guest().site.document("labels.json").get(room, {}))
    shown = [table for table in tables if table["name"] in order and table["name"] != "headline"]
    return sorted(shown, key=lambda table: order.index(table["name"]))


def search_hint(room: str, table: str) -> str:
    """Say what may be searched for: people, or places."""
    is_places = room == OVERVIEW or table == "schools"
    return t("site.search-places") if is_places else t("site.search-people")


def site_title() -> str:
    """Name the site after its county."""
    county = guest().site.document("site.json").get("county")
    name = county.get("name") if isinstance(county, dict) else county
    return t("site.title", county=name) if name else t("site.title-plain")


def footer() -> str:
    """Say of which day the figures are."""
    manifest = guest().site.document("site.json")
    published = str(manifest.get("published_at", ""))
    with suppress(ValueError):  # where the clock on the wall of this office is
        published = f"{datetime.fromisoformat(published).astimezone():%Y-%m-%d %H:%M}"
    return t("site.footer", on=manifest.get("on", ""), published=published)


def other_language(datasette: Served) -> dict[str, str]:
    """Give the same page in the other language."""
    code, name = ("en", "English") if language() == "zh" else ("zh", "中文")
    query = "&".join(part for part in (guest().query, f"_lang={code}") if part)
    href = f"{datasette.urls.path(guest().path)}?{query}"
    return {"code": code, "name": name, "href": href}


def chips(request: Any, room: str, table: str, filters: Any, search: str | None) -> Iterator[Chip]:
    """Say the conditions in force, each with the way to drop it."""
    known = {key for key, _, _ in filters.lookups()}
    if search:
        href = path_with_removed_args(request, {"_search", "_next"})
        yield Chip(t("site.searched-for", words=search), href)
    for (key, value), (column, lookup, _) in zip(filters.pairs, filters.selections(), strict=True):
        label = wording.column_label(guest().site, room, table, column)
        shown = wording.cell_text(guest().site, room, table, column, _number(column, value))
        relation = t(f"site.op-{lookup}") if lookup in known else lookup
        is_bare = lookup in {"isnull", "notnull", "isblank", "notblank"}
        words = (label, relation) if is_bare else (label, relation, shown)
        yield Chip(" ".join(words), path_with_removed_args(request, {key: value}))


def _number(column: str, value: str) -> str | int:
    return int(value) if column == "meets" and value in {"0", "1"} else value


def doors(datasette: Served, room: str, table: str, school: str | None) -> list[Link]:
    """Give the ways from a school to what else there is about it."""
    if not school:
        return []
    ways = [
        (OVERVIEW, "school_gaps", t("site.door-gaps", school=school)),
        (OVERVIEW, "school_subjects", t("site.door-subjects", school=school)),
        ("staff", "teachers", t("site.door-teachers", school=school)),
    ]
    query = urlencode({"school__exact": school})
    return [
        Link(f"{datasette.urls.path(f'/{to}/{name}')}?{query}", label)
        for to, name, label in ways
        if (to, name) != (room, table) and guest().may_enter(to)
    ]


def charts_of(datasette: Served, room: str, table: str) -> list[Link]:
    """Give the ways from a table to the charts that show its rows."""
    charts = guest().site.document("site.json").get("charts", [])
    return [
        Link(
            f"{datasette.urls.path(place_of(one.get('page', GAPS)))}#chart-{one['name']}",
            t("site.door-chart", title=one["title"].get(language(), "")),
        )
        for one in charts
        if room == OVERVIEW and one["table"] == table
    ]


def doors_of_row(datasette: Served, room: str, table: str, row: Mapping[str, Any]) -> list[Link]:
    """Give the ways from a row: to its school, and between a person's two registers."""
    found = doors(datasette, room, table, _value(row, "school"))
    path = datasette.urls.path
    if room == "conduct" and guest().may_enter("staff"):
        href = path(f"/staff/teachers/{_value(row, 'teacher_id')}")
        found.insert(0, Link(href, t("site.door-teacher")))
    if (room, table) == ("staff", "teachers") and guest().may_enter("conduct"):
        href = path(f"/conduct/records?teacher_id__exact={_value(row, 'id')}")
        found.append(Link(href, t("site.door-conduct")))
    return found


def exports(datasette: Served, request: Any) -> list[dict[str, Any]]:
    """Give the files that hold all rows asked for, in their order; JSON holds those shown."""
    shown = [
        (name, value)
        for name in request.args
        for value in request.args.getlist(name)
        if not name.startswith("_facet")
    ]
    kept = [(name, value) for name, value in shown if name not in {"_next", "_size"}]
    whole = [*kept, ("_stream", "1"), ("_dl", "1"), ("_titles", "1")]
    here = datasette.urls.path(guest().path)
    files = ((".csv", whole, "csv"), (".xlsx", kept, "xlsx"), (".json", shown, "json"))
    return [
        {
            "href": f"{here}{suffix}?{urlencode(query)}",
            "label": t(f"site.export-{form}"),
            "download": form != "json",
        }
        for suffix, query, form in files
    ]


def record_title(room: str, table: str, columns: list[str], row: Mapping[str, Any]) -> str:
    """Name a row's page after the person or school it is about."""
    for column in ("name", "school"):
        if column in columns:
            return str(row[column])
    return wording.table_title(guest().site, room, table)


def cell(datasette: Served, room: str, table: str, column: str, row: Any, value: Any) -> Markup:
    """Draw a cell: its text, marked where it judges, linked where it leads somewhere."""
    text = wording.cell_text(guest().site, room, table, column, value)
    if text == wording.EMPTY:
        return Markup('<span class="empty">—</span>')
    if column == "meets":
        return Markup('<span class="{}">{}</span>').format("yes" if value else "no", text)
    href = _leads_to(room, table, column, row)
    if href is None:
        return escape(text)
    return Markup('<a href="{}">{}</a>').format(datasette.urls.path(href), text)


def _leads_to(room: str, table: str, column: str, row: Any) -> str | None:
    if column == "name" and room == "staff":
        return f"/staff/teachers/{_value(row, 'id' if table == 'teachers' else 'teacher_id')}"
    if column == "mentee" and room == "staff":
        return f"/staff/teachers/{_value(row, 'mentee_id')}"
    if column == "name" and room == "conduct":
        return f"/conduct/{table}/{_value(row, 'id')}"
    if (
        column == "school"
        and (room, table) != ("staff", "teachers")
        and room in {OVERVIEW, "staff"}
    ):
        target = "/staff/teachers" if guest().may_enter("staff") else "/overview/school_subjects"
        asked = [column, *(["stage", "subject"] if table == "school_subjects" else [])]
        return None if target == f"/{room}/{table}" else f"{target}?{_exactly(asked, row)}"
    if column == "township" and room == OVERVIEW and table != "school_gaps":
        return f"/overview/school_gaps?{_exactly([column], row)}"
    return None


def _exactly(columns: list[str], row: Any) -> str:
    """Ask for the rows that have the same values; those that the row lacks are left out."""
    known = {column: _value(row, column) for column in columns}
    return urlencode({f"{column}__exact": value for column, value in known.items() if value})


def _value(row: Any, column: str) -> Any:
    """Read a row that may lack the column (a reader can leave columns out)."""
    try:
        value = row[column]
    except (KeyError, IndexError):
        return ""
    return value["value"] if isinstance(value, dict) else value


def _school(filters: Any) -> str | None:
    chosen = [value for column, lookup, value in filters.selections() if column == "school"]
    return chosen[0] if len(chosen) == 1 else None


@hook()
def prepare_jinja2_environment(env: Environment, datasette: Served) -> None:
    """Put our templates before Datasette's, and our functions within their reach."""
    if "site_title" in env.globals:
        return
    loaders = [FileSystemLoader(TEMPLATES)] + ([env.loader] if env.loader else [])
    env.loader = ChoiceLoader(loaders)
    env.globals.update(page_functions(datasette))


@hook()
def render_cell(
    row: Any, value: Any, column: str, table: str, database: str, datasette: Served
) -> Markup | None:
    """Draw a cell of a published table."""
    if visit() is None or table is None:
        return None
    return cell(datasette, database, table, column, row, value)


@hook()
def get_metadata(datasette: Served) -> dict[str, Any]:
    """Give what publishing says of the tables, as it says it now."""
    found = visit()
    return found.site.document("metadata.json") if found else {}
