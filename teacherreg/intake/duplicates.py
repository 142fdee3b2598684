"""One ID number in several rows of a batch.

The same row twice is no fault; which rows are one person, planning decides. Here only two
things are told: one number under two names, which cannot both be right, and rows of one
person at one school that say different things.
"""

from collections.abc import Iterable
from typing import Any, Final

import polars as pl

from teacherreg.intake.idnumbers import all_differ
from teacherreg.intake.problems import Problem

PLACE: Final = ("file", "sheet", "row", "unmapped")


def find_duplicates(rows: pl.DataFrame, kind: str) -> tuple[list[Problem], set[int]]:
    """Find the ID numbers that stand in several rows.

    Args:
        rows: All accepted rows, with `PLACE` and ``id_number``.
        kind: Name of the kind; people may have several titles and records, but one row
            in a roster of teachers.

    Returns:
        The problems, without their column, and the positions of the rows to reject.
    """
    if "id_number" not in rows.columns:
        return [], set()
    if all_differ(rows["id_number"]):
        return [], set()
    is_repeated = pl.col("id_number").is_not_null() & pl.col("id_number").is_duplicated()
    repeated = rows.with_row_index("place").filter(is_repeated)
    problems: list[Problem] = []
    rejected: set[int] = set()
    for group in repeated.partition_by("id_number", maintain_order=True):
        records = group.rows(named=True)
        names = {_bare(row["name"]) for row in records if row["name"]}
        if len(names) > 1:
            rejected.update(row["place"] for row in records)
            problems.extend(_two_names(records))
        elif kind == "teachers":
            problems.extend(_differing(records))
    return problems, rejected


def _bare(name: str) -> str:
    return name.replace("·", "").replace(" ", "")


def _two_names(records: list[dict[str, Any]]) -> Iterable[Problem]:
    for row in records:
        others = [
            other for other in records if _bare(other["name"] or "") != _bare(row["name"] or "")
        ]
        other = others[0] if others else records[0]
        yield _problem(row, "id-two-names", "error", other)


def _differing(records: list[dict[str, Any]]) -> Iterable[Problem]:
    first_at: dict[str | None, dict[str, Any]] = {}
    for row in records:
        first = first_at.setdefault(row["school_name"], row)
        if first is not row and _content(first) != _content(row):
            yield _problem(row, "id-twice", "warning", first)


def _content(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in (*PLACE, "place")}


def _problem(row: dict[str, Any], code: str, severity: Any, other: dict[str, Any]) -> Problem:
    return Problem(
        file=row["file"],
        sheet=row["sheet"],
        row=row["row"],
        column=None,
        code=code,
        severity=severity,
        value=row["id_number"],
        parameters={"row": other["row"], "place": _place(row, other)},
    )


def _place(row: dict[str, Any], other: dict[str, Any]) -> str:
    """Name the place of another row as far as it differs from this one's."""
    file = other["file"] if other["file"] != row["file"] else ""
    sheet = other["sheet"] if file or other["sheet"] != row["sheet"] else ""
    return "".join(f"{part} " for part in (file, sheet) if part)
