"""Search that understands Chinese names, pinyin and initials.

Datasette passes what a reader typed through the SQL function ``escape_fts``. Ours comes
last and takes its place: it parts the question as publishing parted the names, so that
张伟, zhangw and zw all find 张伟, and no input is ever an error.
"""

import sqlite3
from typing import cast

from datasette import hookimpl

from teacherreg.publish.served import Hook
from teacherreg.search import match_expression

hook = cast(Hook, hookimpl)


@hook(trylast=True)
def prepare_connection(conn: sqlite3.Connection) -> None:
    """Put our reading of a question in place of Datasette's."""
    conn.create_function("escape_fts", 1, match_expression, deterministic=True)
