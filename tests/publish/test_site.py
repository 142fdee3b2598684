"""What the server is told: closed rooms stay closed, and everything has a name."""

import json
from pathlib import Path
from typing import Any

import pytest
from datasette.app import Datasette

from teacherreg.publish.site import TABLES_OF


def document(folder: Path, name: str) -> Any:
    return json.loads((folder / name).read_text(encoding="utf-8"))


def test_sql_and_downloads_are_off_everywhere(published_once: Path) -> None:
    metadata = document(published_once, "metadata.json")
    assert metadata["allow_sql"] is False
    assert [room["allow_sql"] for room in metadata["databases"].values()] == [False] * 3
    settings = document(published_once, "settings.json")
    assert settings["default_allow_sql"] is False
    assert settings["allow_download"] is False
    assert settings["suggest_facets"] is False
    assert settings["default_page_size"] == 25


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/overview", 200),
        ("/overview/school_gaps", 200),
        ("/overview/school_gaps.json?_search=x", 200),
        ("/overview.json?sql=select+1", 403),
        ("/overview.db", 403),
        ("/staff", 403),
        ("/staff/teachers.json", 403),
        ("/staff/teachers_search", 403),
        ("/staff/teachers/1", 403),
        ("/staff.json?sql=select+1", 403),
        ("/conduct/records.json", 403),
    ],
)
async def test_plain_datasette_keeps_the_closed_rooms_closed(
    published_once: Path, path: str, status: int
) -> None:
    site = Datasette([], config_dir=published_once)
    try:
        answer = await site.client.get(path)
        assert answer.status_code == status
    finally:
        site.executor.shutdown()
        for database in site.databases.values():
            database.close()


def test_every_table_and_column_has_a_name_in_both_languages(published_once: Path) -> None:
    labels = document(published_once, "labels.json")
    for audience, tables in TABLES_OF.items():
        for table in tables:
            named = labels[audience][table.name]
            assert named["title"]["zh"]
            assert named["title"]["en"]
            for column in table.columns:
                assert named["columns"][column]["zh"], column
                assert named["columns"][column]["en"], column
    missing = labels["overview"]["school_gaps"]["columns"]["missing"]
    assert (missing["zh"], missing["unit_zh"], missing["unit_en"]) == ("缺额", "人", "persons")
    assert labels["staff"]["titles"]["columns"]["state"]["code_table"] == "title_states"


def test_tables_open_with_the_neediest_first_and_their_own_facets(published_once: Path) -> None:
    gaps = document(published_once, "metadata.json")["databases"]["overview"]["tables"][
        "school_gaps"
    ]
    assert gaps["sort_desc"] == "missing"
    assert gaps["facets"] == ["stage", "township", "locality", "meets"]
    assert gaps["label_column"] == "school"
    assert gaps["fts_table"] == "school_gaps_search"
    assert "missing" in gaps["sortable_columns"]


def test_columns_that_metadata_names_exist() -> None:
    for tables in TABLES_OF.values():
        for table in tables:
            named = {table.key, *table.indexed, *table.searched, *filter(None, [table.label])}
            assert named <= set(table.columns)


def test_every_table_may_be_sorted_by_what_it_is_sorted_by(published_once: Path) -> None:
    rooms = document(published_once, "metadata.json")["databases"].values()
    tables = [table for room in rooms for table in room["tables"].values()]
    sorts = [(t.get("sort") or t.get("sort_desc"), t.get("sortable_columns", [])) for t in tables]
    assert any(column for column, _ in sorts)
    assert all(column in sortable for column, sortable in sorts if column)
