"""Telling of whom a row of the registry is: the person, or the school, by name."""

from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import Connection, Select, Table, select

from teacherreg.intake.tables import SCHOOL, TEACHER

_ROWS_A_QUERY: Final = 500


def whose(connection: Connection, which: Table, ids: Iterable[int]) -> dict[int, str]:
    """Name the person or school of each row that is still there, by the row's number."""
    names: dict[int, str] = {}
    statement = _named(which)
    wanted = sorted(set(ids))
    for start in range(0, len(wanted), _ROWS_A_QUERY):
        some = wanted[start : start + _ROWS_A_QUERY]
        rows = connection.execute(statement.where(which.c.id.in_(some)))
        names.update((row.id, row.name) for row in rows)
    return names


def _named(which: Table) -> Select[Any]:
    if which in (TEACHER, SCHOOL):
        return select(which.c.id, which.c.name)
    owner = TEACHER if "teacher_id" in which.c else SCHOOL
    return select(which.c.id, owner.c.name).join(owner, which.c[f"{owner.name}_id"] == owner.c.id)


def school_names(connection: Connection) -> dict[int, str]:
    """Name every school by its number."""
    rows = connection.execute(select(SCHOOL.c.id, SCHOOL.c.name))
    return {row.id: row.name for row in rows}
