"""Telling of whom a row of the registry is: the person, or the school, by name.

What is about nobody is named by its case's number or its day: its words may be of conduct.
"""

from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import Connection, Select, String, Table, cast, select

from teacherreg.intake.tables import (
    CORRECTIVE_ITEM,
    EDUCATION_SESSION,
    ETHICS_CASE,
    SCHOOL,
    TEACHER,
)

_ROWS_A_QUERY: Final = 500


def whose(connection: Connection, which: Table, ids: Iterable[int]) -> dict[int, str]:
    """Name the person, school, case or day of each row that is still there, by its number."""
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
    if which is ETHICS_CASE:
        return select(which.c.id, which.c.case_no.label("name"))
    if which is CORRECTIVE_ITEM:
        return select(which.c.id, ETHICS_CASE.c.case_no.label("name")).join(ETHICS_CASE)
    if which is EDUCATION_SESSION:
        return select(which.c.id, cast(which.c.held_on, String).label("name"))
    owner = TEACHER if "teacher_id" in which.c else SCHOOL
    return select(which.c.id, owner.c.name).join(owner, which.c[f"{owner.name}_id"] == owner.c.id)


def school_names(connection: Connection) -> dict[int, str]:
    """Name every school by its number."""
    rows = connection.execute(select(SCHOOL.c.id, SCHOOL.c.name))
    return {row.id: row.name for row in rows}
