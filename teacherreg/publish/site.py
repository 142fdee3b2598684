"""What the server is told about a published site, and what its pages call things.

Four files: ``metadata.json`` and ``settings.json`` are Datasette's own, so a plain
``datasette DIR`` keeps the closed rooms closed too; ``labels.json`` names tables and
columns in both languages; ``site.json`` says what was published, when, and as of which day.
"""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, Final

from teacherreg.codes.columns import Audience, column_of
from teacherreg.locale import LANGUAGES, Language, has, speaking, t
from teacherreg.publish import conduct, overview, staff
from teacherreg.publish.tables import ROLE_OF, Table

TABLES_OF: Final[Mapping[Audience, tuple[Table, ...]]] = {
    "overview": overview.TABLES,
    "staff": staff.TABLES,
    "conduct": conduct.TABLES,
}
PAGE_ROWS: Final = 25

SETTINGS: Final[Mapping[str, Any]] = {
    "allow_download": False,
    "allow_facet": True,
    "default_allow_sql": False,
    "default_cache_ttl": 0,  # figures may be published again at any moment
    "default_facet_size": 30,
    "default_page_size": PAGE_ROWS,
    "facet_time_limit_ms": 1_000,  # a facet that takes longer vanishes without a word
    "max_returned_rows": 1_000,
    "max_csv_mb": 100,
    "num_sql_threads": 3,
    "sql_time_limit_ms": 3_000,
    "suggest_facets": False,  # they cost ten times the page
    "template_debug": False,
    "trace_debug": False,
}


def both(key: str, **parameters: object) -> dict[str, str]:
    """Say a sentence in each language."""
    said: dict[str, str] = {}
    for code in LANGUAGES:
        with speaking(code):
            said[code] = t(key, **parameters) if has(key) else ""
    return said


def metadata(county: str) -> dict[str, Any]:
    """Describe the site for Datasette: what to show of each table, and to whom."""
    with speaking("zh"):
        title = t("publish.site", county=county)
    return {
        "title": title,
        "allow_sql": False,
        "databases": {
            audience: _database(audience, tables) for audience, tables in TABLES_OF.items()
        },
    }


def _database(audience: Audience, tables: Iterable[Table]) -> dict[str, Any]:
    role = ROLE_OF[audience]
    hidden = {table.search_table: {"hidden": True} for table in tables if table.searched}
    described = {table.name: _table(audience, table) for table in tables}
    return {
        "allow_sql": False,
        **({"allow": {"role": [role]}} if role else {}),
        "tables": {**described, **hidden},
    }


def _table(audience: Audience, table: Table) -> dict[str, Any]:
    where = f"{audience}.{table.name}"
    found: dict[str, Any] = {
        "title": both(f"publish.table.{where}")["zh"],
        "columns": {column: column_of(where, column).label("zh") for column in table.columns},
        "sortable_columns": [n for n in table.columns if n in table.indexed or n == table.sort],
        "size": PAGE_ROWS,
    }
    if table.label:
        found["label_column"] = table.label
    if table.sort:
        found["sort_desc" if table.is_descending else "sort"] = table.sort
    if table.facets:
        found["facets"] = list(table.facets)
    if table.searched:
        found |= {"fts_table": table.search_table, "fts_pk": table.key}
    return found


def labels() -> dict[str, Any]:
    """Name every table and column in both languages, by database."""
    return {
        audience: {table.name: _labels_of(audience, table) for table in tables}
        for audience, tables in TABLES_OF.items()
    }


def _labels_of(audience: Audience, table: Table) -> dict[str, Any]:
    where = f"{audience}.{table.name}"
    return {
        "title": both(f"publish.table.{where}"),
        "description": both(f"publish.table.{where}.about"),
        "columns": {column: _label(where, column) for column in table.columns},
    }


def _label(where: str, column: str) -> dict[str, str | None]:
    entry = column_of(where, column)

    def named(prefix: str, text: Mapping[Language, str]) -> dict[str, str]:
        return {f"{prefix}{code}": text[code] for code in LANGUAGES}

    return {
        **named("", entry.labels),
        **named("unit_", entry.units),
        **named("description_", entry.descriptions),
        "code_table": entry.code_table or None,
    }


def write_document(path: Path, document: object) -> None:
    """Write a JSON file, whole at any moment that somebody looks."""
    write_file(path, json.dumps(document, ensure_ascii=False, indent=1).encode())


def write_file(path: Path, content: bytes) -> None:
    """Write a file beside its place and move it there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        unfinished = Path(file.name)
        try:
            file.write(content)
            file.close()
            unfinished.chmod(0o644)
            unfinished.replace(path)
        finally:
            unfinished.unlink(missing_ok=True)
