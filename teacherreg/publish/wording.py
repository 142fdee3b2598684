"""What databases, tables, columns and values are called on the site's pages.

Publishing writes the names into ``labels.json``; values of code tables are stored in
Chinese, which facets, filters and search read, and are translated here for English
readers.
"""

from typing import Any, Final, cast

from teacherreg.codes import code_table
from teacherreg.locale import language, t
from teacherreg.publish.served import Site

EMPTY: Final = "—"
HIDDEN_COLUMNS: Final = frozenset({"id", "teacher_id", "mentee_id"})


def room_title(room: str) -> str:
    """Name a database."""
    return t(f"site.room-{room}")


def table_title(site: Site, room: str, table: str) -> str:
    """Name a table in the language in force; its own name where nobody named it."""
    return str(_table(site, room, table).get("title", {}).get(language()) or table)


def table_description(site: Site, room: str, table: str) -> str:
    """Say what a table holds; empty where nobody said it."""
    return str(_table(site, room, table).get("description", {}).get(language()) or "")


def column_label(site: Site, room: str, table: str, column: str) -> str:
    """Name a column."""
    return str(_column(site, room, table, column).get(language()) or column)


def column_unit(site: Site, room: str, table: str, column: str) -> str:
    """Give a column's unit, such as 人; empty where it has none or its name says it."""
    found = _column(site, room, table, column)
    unit, label = str(found.get(f"unit_{language()}") or ""), str(found.get(language()) or "")
    return "" if unit.casefold() in label.casefold() else unit


def column_description(site: Site, room: str, table: str, column: str) -> str:
    """Say what a column means; empty where nobody said it."""
    return str(_column(site, room, table, column).get(f"description_{language()}") or "")


def cell_text(site: Site, room: str, table: str, column: str, value: Any) -> str:
    """Write a value as a person reads it."""
    if isinstance(value, dict):  # Datasette's way to say which row a number stands for
        value = value["label"]
    if value is None or value == "":
        return EMPTY
    if column == "meets":
        return t("site.meets") if value else t("site.fails")
    if column.endswith("hours"):
        return f"{value:g}"
    if isinstance(value, float):
        return f"{value:.3f}" if "cv" in column else f"{value:.2f}"
    codes = _column(site, room, table, column).get("code_table")
    if codes == "yes_no" and value in (0, 1):
        return t("site.yes") if value else t("site.no")
    if codes and language() == "en" and isinstance(value, str):
        return _translated(codes, value)
    return str(value)


def _translated(codes: str, value: str) -> str:
    table = code_table(codes)
    code = table.resolve(value).code
    return value if code is None else str(table.label(code, "en"))


def _table(site: Site, room: str, table: str) -> dict[str, Any]:
    rooms = site.document("labels.json")
    return cast(dict[str, Any], rooms.get(room, {}).get(table, {}))


def _column(site: Site, room: str, table: str, column: str) -> dict[str, Any]:
    return cast(dict[str, Any], _table(site, room, table).get("columns", {}).get(column, {}))
