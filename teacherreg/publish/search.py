"""Search tables: what the words of `teacherreg.search` are kept in.

A search table holds an index alone, without a copy of the text, so cells stay as they
were written and a name stands in the file only where its audience may read it anyway.
"""

from collections.abc import Callable, Mapping
from typing import Final

from sqlite_utils import Database

from teacherreg.publish.tables import SearchedAs, Table
from teacherreg.search import name_tokens, place_tokens, text_tokens

_TOKENS_OF: Final[Mapping[SearchedAs, Callable[[str], str]]] = {
    "person": name_tokens,
    "place": place_tokens,
    "word": text_tokens,
}


def add_search(database: Database, table: Table) -> None:
    """Index a filled table for search; its rows are found by their key.

    ``prefix='2 3'`` makes the beginnings of words quick to find.
    """
    name = table.search_table
    database.conn.execute(
        f"CREATE VIRTUAL TABLE [{name}] USING fts5"
        "(tokens, content='', tokenize='unicode61', prefix='2 3')"
    )
    tokens = " || char(10) || ".join(
        f"tokens_of_{kind}([{column}])" for column, kind in table.searched.items()
    )
    for kind, tokens_of in _TOKENS_OF.items():
        database.conn.create_function(f"tokens_of_{kind}", 1, _of_cell(tokens_of))
    with database.atomic():
        database.conn.execute(
            f"INSERT INTO [{name}](rowid, tokens)"
            f" SELECT [{table.key}], {tokens} FROM [{table.name}]"
        )
        database.conn.execute(f"INSERT INTO [{name}]([{name}]) VALUES ('optimize')")


def _of_cell(tokens_of: Callable[[str], str]) -> Callable[[str | None], str]:
    return lambda cell: tokens_of(cell) if cell else ""
