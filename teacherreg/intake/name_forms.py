"""Forms of one person's name: with and without its dot, in traditional characters, former ones.

Forms are for comparing only; what is stored is what was written. A former name (曾用名) is
a column of its own in few rosters and no column of the registry: it stays with the columns
that nobody knows, under the header that people write, and is looked for there.

The pairs of ``data/character_variants.csv`` are those of OpenCC's table of traditional and
simplified characters (TSCharacters.txt) that occur in the names of people and schools.
"""

import csv
import json
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

import polars as pl
from sqlalchemy import Connection, String, cast, or_, select

from teacherreg.intake.tables import TEACHER
from teacherreg.shipped import shipped

FORMER_NAME: Final = "曾用名"

_OF_ROW: Final = rf'"{FORMER_NAME}[^"]*"\s*:\s*"([^"]+)"'
_SEPARATORS: Final = "、,，;；/ "


def name_key(name: pl.Expr) -> pl.Expr:
    """Bring a name to the form in which names are compared.

    Without the dot that many people leave out (买买提·艾力), and in the characters that are
    written today (張偉 is 张伟).
    """
    variants = _variants()
    return name.str.replace_all("·", "", literal=True).str.replace_many(
        list(variants), list(variants.values())
    )


@cache
def _variants() -> dict[str, str]:
    text = shipped("data/character_variants.csv").read_text(encoding="utf-8")
    return {row["variant"]: row["character"] for row in csv.DictReader(text.splitlines())}


def written_before(rows: pl.DataFrame) -> pl.Series:
    """Give the former name that each row tells, in a column that the kind has no use for."""
    if "unmapped" not in rows.columns:
        return pl.Series([None] * rows.height, dtype=pl.String)
    return rows["unmapped"].str.extract(_OF_ROW)


def former_names(connection: Connection) -> pl.DataFrame:
    """Read the former names that the registry knows, as ``id`` and ``name``."""
    text = cast(TEACHER.c.unmapped, String)
    escaped = json.dumps(FORMER_NAME).strip('"')
    found = connection.execute(
        select(TEACHER.c.id, TEACHER.c.unmapped).where(
            or_(text.contains(FORMER_NAME), text.contains(escaped, autoescape=True))
        )
    )
    names = [
        (number, name)
        for number, unmapped in found
        for header, written in (unmapped or {}).items()
        if header.startswith(FORMER_NAME)
        for name in split_names(str(written))
    ]
    return pl.DataFrame(names, schema={"id": pl.Int64(), "name": pl.String()}, orient="row")


def with_former_name(unmapped: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Put a former name among the columns that nobody knows, unless it is there."""
    header = next((h for h in unmapped if h.startswith(FORMER_NAME)), FORMER_NAME)
    names = split_names(str(unmapped.get(header, "")))
    return dict(unmapped) | {header: "、".join(dict.fromkeys([*names, name]))}


def with_written(unmapped: Mapping[str, Any], written: Mapping[str, Any]) -> dict[str, Any]:
    """Put what a row says in such columns over what is known; a former name stays known."""
    after = dict(unmapped) | dict(written)
    for header in written:
        if header.startswith(FORMER_NAME) and unmapped.get(header):
            after[header] = unmapped[header]
            for name in split_names(str(written[header])):
                after = with_former_name(after, name)
    return after


def split_names(written: str) -> list[str]:
    """Part several names in one cell."""
    for separator in _SEPARATORS:
        written = written.replace(separator, "\n")
    return [name for name in written.split("\n") if name]
