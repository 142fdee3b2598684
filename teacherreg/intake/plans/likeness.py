"""New persons who may be known already: told, never guessed.

A person without a number is known by name and school, so whoever moves to another school
looks like somebody new. Name and birth date tell that it may be the same person; only a
number settles it. Whether such a row is written is the county's setting.
"""

from typing import Final

import polars as pl

from teacherreg.intake.context import Context
from teacherreg.intake.known_people import People
from teacherreg.intake.match import namesakes
from teacherreg.intake.name_forms import name_key
from teacherreg.intake.problems import Severity

_BIRTH_MONTH: Final = 7  # characters of 1985-03
_BIRTH_DATE: Final = 10


def tell_likeness(context: Context, rows: pl.DataFrame, people: People) -> pl.DataFrame:
    """Note new persons who have name and birth date of somebody else.

    Args:
        context: The plan in the making.
        rows: With ``i``, ``person``, ``teacher_id`` (null: new) and the columns of `match.KEYS`.
        people: The persons of the registry.

    Returns:
        The rows, without those that the county's setting rejects.
    """
    new = rows.filter(pl.col("teacher_id").is_null())
    keyless = pl.col("id_number").is_null() & pl.col("staff_no").is_null()
    has_keyless = new.select(keyless.any()).item()
    if new.is_empty() or (people.called.is_empty() and not has_keyless):
        return rows
    new = new.with_columns(
        name_key=name_key(pl.col("name")),
        birth_month=pl.col("birth_date").str.slice(0, _BIRTH_MONTH),
    )
    rejects = context.settings["roster.possible_transfer"] == "reject"
    severity: Severity = "error" if rejects else "warning"
    _tell_of_known(context, new, people, severity)
    _tell_of_each_other(context, new)
    return context.faults.keep(rows)


def _tell_of_known(context: Context, new: pl.DataFrame, people: People, severity: Severity) -> None:
    """Note new persons who may have come from another school."""
    if people.called.is_empty():
        return
    born = people.persons.select(
        "id", birth_month=pl.col("birth_date").str.slice(0, _BIRTH_MONTH)
    ).drop_nulls()
    called = people.called.join(born, on="id")
    alike = namesakes(new, people, called, ["name_key", "birth_month"])
    found = alike.group_by("i", "name", maintain_order=True).agg("id")
    for index, name, ids in found.iter_rows():
        named = people.named(ids, context.schools)
        context.faults.add(index, "possible-transfer", severity, "name", name, {"people": named})


def _tell_of_each_other(context: Context, new: pl.DataFrame) -> None:
    """Note new persons of the files who may be one: same name, same day of birth, no number."""
    keyless = pl.col("id_number").is_null() & pl.col("staff_no").is_null()
    if not new.select(keyless.any()).item():
        return
    alike = new.filter(pl.col("birth_date").str.len_chars() == _BIRTH_DATE).filter(
        (keyless.any() & (pl.col("person").n_unique() > 1)).over("name_key", "birth_date")
    )
    for group in alike.partition_by("name_key", "birth_date", maintain_order=True):
        for row in group.filter(keyless).iter_rows(named=True):
            others = group.filter(pl.col("person") != row["person"])["i"]
            parameters = {"rows": context.faults.rows_of(others, seen_from=row["i"])}
            context.faults.add(
                row["i"], "possibly-same", "warning", "name", row["name"], parameters
            )
