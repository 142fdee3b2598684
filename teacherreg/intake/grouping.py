"""Which rows of a roster are one person.

A person may stand in a roster twice: at two schools, on two sheets, or by mistake. Rows
with one ID number, or one staff number, are one person; rows without either are one person
only where nothing speaks against it and nothing else could be meant.
"""

from collections import defaultdict
from typing import Any, Final

import polars as pl

from teacherreg.intake.faults import Faults
from teacherreg.intake.idnumbers import all_differ
from teacherreg.intake.name_forms import name_key, written_before

# What tells two rows of one person apart from the same row twice.
_PLACES: Final = ("i", "file", "sheet", "row", "person")


def group_rows(rows: pl.DataFrame, faults: Faults) -> pl.DataFrame:
    """Give each row the key of its person.

    Args:
        rows: With the columns of `match.KEYS`, in the order of the file.
        faults: Where rows are noted that cannot be told apart.

    Returns:
        The rows with ``person``, without the rejected ones.
    """
    if is_one_a_row(rows):
        return rows.with_columns(person=pl.col("id_number"))
    linked = _link_staff_numbers(rows, faults)
    keyed = linked.with_columns(
        person=pl.when(pl.col("id_number").is_not_null())
        .then(pl.lit("i") + pl.col("id_number"))
        .otherwise(
            pl.coalesce(pl.lit("i") + pl.col("id_of_staff_no"), pl.lit("s") + pl.col("staff_no"))
        ),
        name_key=name_key(pl.col("name")),
    ).drop("id_of_staff_no")
    return _place_keyless(faults.keep(keyed), faults).drop("name_key")


def is_one_a_row(rows: pl.DataFrame) -> bool:
    """Tell whether numbers alone show that each row is another person."""
    ids = rows["id_number"]
    numbers = rows["staff_no"].drop_nulls()
    return ids.null_count() == 0 and all_differ(ids) and numbers.n_unique() == numbers.len()


def _link_staff_numbers(rows: pl.DataFrame, faults: Faults) -> pl.DataFrame:
    """Find the ID number that goes with a staff number; two people under one are a fault."""
    key = name_key(pl.col("name"))
    is_first_name = (key == key.first()).fill_null(False)  # another's number links nobody
    owners = (
        rows.filter(pl.col("staff_no").is_not_null())
        .group_by("staff_no", maintain_order=True)
        .agg(
            id_of_staff_no=pl.col("id_number").filter(is_first_name).drop_nulls().first(),
            name_of_staff_no=key.first(),
            first=pl.col("i").first(),
        )
    )
    linked = rows.join(owners, on="staff_no", how="left", maintain_order="left")
    other_number = pl.col("id_number") != pl.col("id_of_staff_no")
    other_name = name_key(pl.col("name")) != pl.col("name_of_staff_no")
    other = other_number.fill_null(False) | other_name
    for row in linked.filter(other).iter_rows(named=True):
        faults.add(
            row["i"],
            "staff-no-twice",
            "error",
            "staff_no",
            row["staff_no"],
            {"rows": faults.rows_of([row["first"]], seen_from=row["i"])},
        )
    return faults.keep(linked.drop("first", "name_of_staff_no"))


def _place_keyless(rows: pl.DataFrame, faults: Faults) -> pl.DataFrame:
    """Give a key to rows without numbers: by name and school, as far as that is certain."""
    names = _names(rows)
    is_keyless = pl.col("person").is_null()
    alike = names.filter(
        is_keyless.any().over("name_key", "school_id")
        & (pl.len().over("name_key", "school_id") > 1)
    )
    concerned = rows.filter(pl.col("i").is_in(alike["i"].implode()))
    records = {row["i"]: row for row in concerned.iter_rows(named=True)}
    members: dict[tuple[str, int | None], set[int]] = defaultdict(set)
    called: dict[int, list[tuple[str, int | None]]] = defaultdict(list)
    for index, *name in alike.select("i", "name_key", "school_id").iter_rows():
        members[name[0], name[1]].add(index)
        called[index].append((name[0], name[1]))
    found: dict[int, str] = {}
    for index in concerned.filter(is_keyless)["i"]:
        others = set().union(*(members[one] for one in called[index])) - {index}
        key = _decide(records[index], [records[other] for other in sorted(others)], faults)
        if key is not None:
            found[index] = key
    decided = pl.DataFrame(
        list(found.items()), schema={"i": rows.schema["i"], "found": pl.String()}, orient="row"
    )
    return faults.keep(
        rows.join(decided, on="i", how="left", maintain_order="left")
        .with_columns(
            person=pl.coalesce("person", "found", pl.lit("n") + pl.col("i").cast(pl.String))
        )
        .drop("found")
    )


def _names(rows: pl.DataFrame) -> pl.DataFrame:
    """Give the names by which the file calls each row's person, former ones too.

    Returns:
        ``i``, ``person``, ``name_key`` and ``school_id``, once for each name.
    """
    told = rows.select("i", "person", "name_key", "school_id")
    before = told.with_columns(name_key=name_key(pl.lit(written_before(rows))))
    before = before.filter(pl.col("name_key").is_not_null())
    of_persons = told.drop("name_key").join(before.select("person", "name_key"), on="person")
    return pl.concat([told, before, of_persons.select(told.columns)]).unique(maintain_order=True)


def _decide(row: dict[str, Any], namesakes: list[dict[str, Any]], faults: Faults) -> str | None:
    """Decide whose a row without numbers is, among those that share a name and a school."""
    others = [other for other in namesakes if _may_be_one(row, other)]
    numbered = {other["person"] for other in others if other["person"] is not None}
    if not others:
        return None
    if len(numbered) == 1 and all(other["person"] is not None for other in others):
        return str(numbered.pop())
    keyless = [row, *(other for other in namesakes if other["person"] is None)]
    is_same_row = len({_content(one) for one in keyless}) == 1
    is_same_birth = row["birth_date"] and all(
        other["birth_date"] == row["birth_date"] for other in others
    )
    if not numbered and (is_same_birth or is_same_row):
        return f"n{min([row['i'], *(other['i'] for other in others)])}"
    places = faults.rows_of((other["i"] for other in others), seen_from=row["i"])
    faults.add(row["i"], "person-repeated", "error", "name", row["name"], {"rows": places})
    return None


def _content(row: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(value for name, value in row.items() if name not in _PLACES)


def _may_be_one(one: dict[str, Any], other: dict[str, Any]) -> bool:
    first, second = one["birth_date"] or "", other["birth_date"] or ""
    return first.startswith(second) or second.startswith(first)
