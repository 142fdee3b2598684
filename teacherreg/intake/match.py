"""Who is who: which person of the registry a row means.

By ID number, else by staff number, else by name and school (and birth date where two share
a name). What contradicts is never the same person, what fits two is never guessed. A roster
may bring people whom the registry does not know yet: `grouping` finds which rows of one
file are one person, `plans.claims` whom of the registry they may claim.
"""

from typing import Any, Final

import polars as pl

from teacherreg.intake.faults import Faults
from teacherreg.intake.known_people import People
from teacherreg.intake.name_forms import name_key, written_before
from teacherreg.intake.places import Places

KEYS: Final = ("i", "name", "id_number", "staff_no", "birth_date", "school_id")


def match_registry(
    rows: pl.DataFrame, people: People, schools: Places, faults: Faults
) -> pl.DataFrame:
    """Find the registry's person for each row, and note where two fit.

    Args:
        rows: With the columns of `KEYS`.
        people: The persons who may be meant.
        schools: For the words of problems.
        faults: Where rows that fit two persons are noted, as errors.

    Returns:
        The rows with ``teacher_id`` (null: nobody fits) and ``by_name`` (found by name and
        school only), without the rejected ones.
    """
    return match_names(match_numbers(rows, people, schools, faults), people, schools, faults)


def match_numbers(
    rows: pl.DataFrame, people: People, schools: Places, faults: Faults
) -> pl.DataFrame:
    """Match by ID number, else by staff number; the two must not name two persons.

    Args and returns as `match_registry`; nobody is found by name.
    """
    if people.persons.is_empty():
        return rows.with_columns(teacher_id=pl.lit(None, pl.Int64), by_name=pl.lit(False))
    keys = people.persons.select("id", "id_number", "name_key", "birth_date", staff_no="staff_key")
    found = rows.join(
        keys.select("id_number", of_id="id", known_staff_no="staff_no"),
        on="id_number",
        how="left",
        maintain_order="left",
    )
    found = found.drop("known_staff_no").join(
        keys.filter(~pl.col("id").is_in(_renumbered(found).implode())).select(
            "staff_no",
            of_staff="id",
            staff_id_number="id_number",
            staff_name="name_key",
            staff_born="birth_date",
        ),
        on="staff_no",
        how="left",
        maintain_order="left",
    )
    both = pl.col("of_id").is_not_null() & pl.col("of_staff").is_not_null()
    for row in found.filter(both & (pl.col("of_id") != pl.col("of_staff"))).iter_rows(named=True):
        named = people.named([row["of_id"], row["of_staff"]], schools)
        faults.add(
            row["i"], "numbers-disagree", "error", "staff_no", row["staff_no"], {"people": named}
        )
    other_number = pl.col("id_number").is_not_null() & pl.col("staff_id_number").is_not_null()
    alone = found.filter(pl.col("of_staff").is_not_null() & pl.col("of_id").is_null())
    is_other = other_number | _is_called_otherwise(alone, people)
    for row in alone.filter(is_other).iter_rows(named=True):
        named = people.named([row["of_staff"]], schools)
        faults.add(
            row["i"], "staff-no-taken", "error", "staff_no", row["staff_no"], {"people": named}
        )
    return (
        faults.keep(found)
        .with_columns(teacher_id=pl.coalesce("of_id", "of_staff"), by_name=pl.lit(False))
        .drop("of_id", "of_staff", "staff_id_number", "staff_name", "staff_born")
    )


def _is_called_otherwise(found: pl.DataFrame, people: People) -> pl.Series:
    """Tell the rows whose staff number is that of somebody of another name.

    A changed name is believed where the birth date agrees or the former name is told.
    """
    keyed = found.select(
        "birth_date",
        "staff_born",
        id="of_staff",
        name_key=name_key(pl.col("name")),
        former_key=name_key(pl.lit(written_before(found))),
        staff_name="staff_name",
    ).with_row_index("place")
    born_so = pl.col("birth_date").is_not_null() & pl.col("staff_born").is_not_null()
    believed = born_so & ~births_differ("birth_date", "staff_born")
    other = keyed.filter(
        pl.col("name_key") != pl.col("staff_name"),
        (pl.col("former_key") != pl.col("staff_name")).fill_null(True),
        ~believed,
    ).join(people.called, on=["id", "name_key"], how="anti")
    return pl.int_range(found.height, eager=True).is_in(other["place"].implode())


def _renumbered(found: pl.DataFrame) -> pl.Series:
    """List the persons who have another staff number in the file: theirs is free again."""
    numbered = found.filter(pl.col("of_id").is_not_null() & pl.col("staff_no").is_not_null())
    kept = (pl.col("staff_no") == pl.col("known_staff_no")).any().over("of_id")
    return numbered.filter(~kept)["of_id"]


def match_names(
    rows: pl.DataFrame, people: People, schools: Places, faults: Faults
) -> pl.DataFrame:
    """Match by name and school, and by birth date, the rows that no number settled.

    Args and returns as `match_registry`, but that `match_numbers` has gone before.
    """
    if people.called.is_empty():
        return rows
    asked = rows.filter(pl.col("teacher_id").is_null())
    asked = asked.with_columns(name_key=name_key(pl.col("name")))
    found = fitting(asked, people, people.places)
    return with_named(rows, the_one(found, people, schools, faults), faults)


def with_named(rows: pl.DataFrame, named: pl.DataFrame, faults: Faults) -> pl.DataFrame:
    """Put in who was found by name, as `the_one` gives it; leave out the rejected rows."""
    return faults.keep(
        rows.join(named, on="i", how="left", maintain_order="left").with_columns(
            teacher_id=pl.coalesce("teacher_id", "named_id"),
            by_name=pl.col("by_name") | pl.col("named_id").is_not_null(),
        )
    ).drop("named_id")


def fitting(rows: pl.DataFrame, people: People, places: pl.DataFrame) -> pl.DataFrame:
    """Find whom rows may mean by name and school.

    Args:
        rows: With ``name_key`` and the columns of `KEYS`.
        people: Who may be meant.
        places: ``teacher_id`` and ``school_id``: who is where.

    Returns:
        For each row that somebody fits: ``i``, ``name``, the ``id`` of all of them and of
        those ``born`` so.
    """
    there = people.called.join(places, left_on="id", right_on="teacher_id")
    born_so = pl.col("birth_date").is_not_null() & pl.col("birth_date_known").is_not_null()
    return (
        namesakes(rows, people, there, ["name_key", "school_id"])
        .group_by("i", "name", maintain_order=True)
        .agg("id", born=pl.col("id").filter(born_so))
    )


def the_one(found: pl.DataFrame, people: People, schools: Places, faults: Faults) -> pl.DataFrame:
    """Give ``i`` and ``named_id`` of the rows that one person fits; note where two do."""
    decided: list[tuple[int, int]] = []
    for index, name, ids, born in found.iter_rows():
        best = born if len(born) == 1 else ids
        if len(best) == 1:
            decided.append((index, best[0]))
        else:
            named = people.named(best, schools)
            faults.add(index, "person-ambiguous", "error", "name", name, {"people": named})
    return pl.DataFrame(decided, schema={"i": pl.Int64(), "named_id": pl.Int64()}, orient="row")


def namesakes(
    rows: pl.DataFrame, people: People, called: pl.DataFrame, on: list[str]
) -> pl.DataFrame:
    """Pair rows with persons who are or were called so, and whom nothing contradicts.

    A row may tell a former name, and the registry may know one.

    Args:
        rows: With ``i``, the columns of `KEYS` and those of ``on``.
        people: Who may be meant.
        called: ``id`` with ``name_key``, and what else must agree.
        on: The columns that must agree.

    Returns:
        The rows with ``id`` of the person, whose own facts have names in ``_known``.
    """
    before = rows.with_columns(name_key=name_key(pl.lit(written_before(rows))))
    both = [rows, before.filter(pl.col("name_key").is_not_null())]
    pairs = pl.concat([part.join(called, on=on) for part in both])
    facts = people.persons.select("id", "name", "id_number", "birth_date", staff_no="staff_key")
    return (
        pairs.unique(["i", "id"], maintain_order=True)
        .join(facts, on="id", suffix="_known")
        .filter(
            ~_both_known("id_number"),  # had they been equal, they would have matched before
            ~_both_known("staff_no"),
            ~births_differ("birth_date", "birth_date_known"),
        )
    )


def _both_known(column: str) -> pl.Expr:
    return pl.col(column).is_not_null() & pl.col(f"{column}_known").is_not_null()


def births_differ(one: str, other: str) -> pl.Expr:
    """Tell whether two birth dates contradict; a month fits each of its days."""
    first, second = pl.col(one), pl.col(other)
    fits = first.str.starts_with(second) | second.str.starts_with(first)
    return (~fits).fill_null(False)


def require_known(
    rows: pl.DataFrame, people: People, schools: Places, faults: Faults
) -> pl.DataFrame:
    """Note rows that mean nobody of the registry, and leave them out."""
    unknown = rows.filter(pl.col("teacher_id").is_null())
    has_staff_no = pl.col("staff_no").is_not_null()
    if people.is_by_school:
        has_staff_no &= pl.col("school_id").is_not_null()
    namesakes: dict[str, list[int]] = dict(people.persons.group_by("name_key").agg("id").rows())
    keyed = unknown.with_columns(
        name_key=name_key(pl.col("name")),
        is_keyed=pl.col("id_number").is_not_null() | has_staff_no,
    )
    for row in keyed.iter_rows(named=True):
        code, parameters = _why_unknown(row, namesakes, people, schools)
        faults.add(row["i"], code, "error", "name", row["name"], parameters)
    return faults.keep(rows)


def _why_unknown(
    row: dict[str, Any], namesakes: dict[str, list[int]], people: People, schools: Places
) -> tuple[str, dict[str, object]]:
    if row["name"] is None or row["is_keyed"]:
        return "person-unknown", {}
    if row["school_id"] is None:
        return "person-needs-school", {}
    alike = namesakes.get(row["name_key"])
    at_school = people.at(row["school_id"], alike or [])
    if at_school:
        return "person-differs", {"people": people.named(at_school, schools)}
    if alike:
        return "person-elsewhere", {"people": people.named(alike, schools)}
    return "person-unknown", {}
