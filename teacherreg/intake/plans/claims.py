"""Whom of the registry the rows of a roster claim, taken together.

Each person of the file is one of the registry, and the other way round. Numbers go before
names: somebody whom one row gives by a number is never guessed to be meant by a row that has
none, at any school where the registry ever had that person. So a roster means the same people when
it comes again, after the rows with numbers have moved them.
"""

from dataclasses import replace
from typing import Final

import polars as pl

from teacherreg.intake.context import Context
from teacherreg.intake.journal import schools_corrected
from teacherreg.intake.known_people import People
from teacherreg.intake.match import (
    fitting,
    match_numbers,
    namesakes,
    the_one,
    with_named,
)
from teacherreg.intake.name_forms import name_key
from teacherreg.intake.plans.succession import left_codes

_FACTS: Final = ("id_number", "staff_no", "birth_date")
_NUMBERED: Final = pl.col("id_number").is_not_null() | pl.col("staff_no").is_not_null()
_BY_NUMBER: Final = pl.col("teacher_id").is_not_null() & ~pl.col("by_name")


def match_roster(context: Context, rows: pl.DataFrame, people: People) -> pl.DataFrame:
    """Find the registry's person for each person of the file; no two are the same.

    Args:
        context: The plan in the making.
        rows: With the columns of `match.KEYS` and ``person``.
        people: The persons who may be meant.

    Returns:
        The rows with ``teacher_id`` (null: nobody is meant) and ``by_name``, without the
        rejected ones; ``person`` and ``teacher_id`` say the same.
    """
    rows = match_numbers(rows, people, context.schools, context.faults)
    if not people.called.is_empty():  # some rows are not settled by a number
        own = {f"own_{name}": pl.col(name) for name in _FACTS}
        rows, known = _with_facts_of_file(rows.with_columns(**own), people)
        rows = _match_names(context, rows, known)
        rows = _refuse_rivals_of_numbers(context, rows, known)
        rows = _find_those_gone(context, rows, known)
        rows = rows.drop(*_FACTS).rename({mine: mine.removeprefix("own_") for mine in own})
    if rows["teacher_id"].null_count() == rows.height:
        return rows
    rows = _refuse_two_at_once(context, rows, people)
    rows = _refuse_rivals_by_name(context, rows)
    known_as = pl.lit("t") + pl.col("teacher_id").cast(pl.String)
    return rows.with_columns(person=pl.coalesce(known_as, "person"))


def _with_facts_of_file(rows: pl.DataFrame, people: People) -> tuple[pl.DataFrame, People]:
    """Let what any row with a number tells of a person count for all of them.

    It counts for the person of the registry too: whatever contradicts it is of a namesake.
    """
    rows = rows.with_columns(
        pl.coalesce(
            name,
            pl.when(_NUMBERED).then(
                pl.col(name).filter(_NUMBERED).drop_nulls().first().over("person")
            ),
        )
        for name in (*_FACTS, "teacher_id")
    )
    given = rows.filter(_BY_NUMBER).unique("teacher_id", keep="first", maintain_order=True)
    persons = people.persons.join(
        given.select(*_FACTS, id="teacher_id"),
        on="id",
        how="left",
        maintain_order="left",
        suffix="_told",
    ).with_columns(
        id_number=pl.coalesce("id_number_told", "id_number"),
        staff_key=pl.coalesce("staff_no_told", "staff_key"),
        birth_date=pl.coalesce("birth_date", "birth_date_told"),
    )
    return rows, replace(people, persons=persons.select(people.persons.columns))


def _match_names(context: Context, rows: pl.DataFrame, people: People) -> pl.DataFrame:
    """Match by name and school who is not settled by a number; all rows of one number alike."""
    asked = rows.filter(pl.col("teacher_id").is_null()).with_columns(
        name_key=name_key(pl.col("name"))
    )
    found = fitting(asked, people, people.places)
    key = pl.when(_NUMBERED).then("person").otherwise(pl.lit("n") + pl.col("i").cast(pl.String))
    keyed = asked.select("i", "name", "person", key=key)
    together = (
        found.join(keyed.select("i", "key"), on="i", maintain_order="left")
        .group_by("key", maintain_order=True)
        .agg(_all_of(name) for name in ("id", "born"))
    )
    of_each = keyed.join(together, on="key", maintain_order="left")
    named = the_one(
        of_each.select("i", "name", "id", "born"), people, context.schools, context.faults
    )
    in_doubt = of_each.join(named, on="i", how="anti").select("i", "person", named_id="id")
    _refuse_rivals_of_doubtful(
        context,
        named.join(of_each.select("i", "person"), on="i", maintain_order="left"),
        in_doubt.explode("named_id"),
    )
    return with_named(rows, named, context.faults)


def _refuse_rivals_of_doubtful(
    context: Context, named: pl.DataFrame, in_doubt: pl.DataFrame
) -> None:
    """Refuse rows found by name to be somebody whom a row that fits several may mean too."""
    rivals = named.join(in_doubt, on="named_id", suffix="_other").filter(
        pl.col("person") != pl.col("person_other")
    )
    for index, others in rivals.group_by("i").agg("i_other").sort("i").iter_rows():
        _tell_repeated(context, index, pl.DataFrame({"i": sorted(set(others))}))


def _all_of(lists: str) -> pl.Expr:
    values = pl.col(lists).list.explode(keep_nulls=False, empty_as_null=False)
    return values.unique(maintain_order=True)


def _refuse_rivals_of_numbers(context: Context, rows: pl.DataFrame, people: People) -> pl.DataFrame:
    """Refuse rows that may mean, by name, somebody whom other rows give by a number."""
    own = pl.col("teacher_id").filter(_BY_NUMBER).first().over("person")
    rows = rows.with_columns(own=own)
    given = rows.filter(pl.col("own").is_not_null())
    called = people.called.filter(pl.col("id").is_in(given["own"].unique().implode()))
    if called.is_empty():
        return rows.drop("own")
    given = given.join(called, left_on="own", right_on="id", how="semi")
    there = called.join(_ever_at(context, given, people), left_on="id", right_on="teacher_id")
    unsure = rows.filter(~_BY_NUMBER).with_columns(name_key=name_key(pl.col("name")))
    rivals = namesakes(unsure, people, there, ["name_key", "school_id"]).filter(
        pl.col("own").is_null() | (pl.col("own") != pl.col("id"))
    )
    of_numbered = rivals.filter(_NUMBERED).select("person", "id").unique()
    whole = unsure.filter(_NUMBERED).select("i", "person").join(of_numbered, on="person")
    refused = pl.concat([rivals.select("i", "id"), whole.select("i", "id")]).unique()
    for index, ids in refused.group_by("i").agg("id").sort("i").iter_rows():
        _tell_repeated(context, index, given.filter(pl.col("own").is_in(ids)))
    return context.faults.keep(rows.drop("own"))


def _ever_at(context: Context, given: pl.DataFrame, people: People) -> pl.DataFrame:
    """Tell where persons of the file are or ever were: also there by mistake, and by the file."""
    posts = people.posts.filter(pl.col("teacher_id").is_in(given["own"].implode()))
    corrected = schools_corrected(context.connection, posts["id"])
    places = [
        posts.select("teacher_id", "school_id"),
        posts.join(corrected, on="id", suffix="_before").select(
            "teacher_id", school_id="school_id_before"
        ),
        given.select("school_id", teacher_id="own").drop_nulls().select("teacher_id", "school_id"),
    ]
    return pl.concat(places).unique()


def _find_those_gone(context: Context, rows: pl.DataFrame, people: People) -> pl.DataFrame:
    """Find who is meant by rows that say of somebody gone that he or she left.

    Whatever else a row without a number says of somebody who was at its school before may
    be about a namesake: that is never guessed, and noted.
    """
    nameless = ~_NUMBERED.any().over("person") & pl.col("teacher_id").is_null()
    asked = rows.filter(nameless).with_columns(name_key=name_key(pl.col("name")))
    found = fitting(asked, people, people.posts.select("teacher_id", "school_id").unique())
    if found.is_empty():
        return rows
    left = asked.filter(pl.col("status").is_in(sorted(left_codes())))["i"]
    is_about_leaving = pl.col("i").is_in(left.implode())
    for index, name, ids, _ in found.filter(~is_about_leaving).iter_rows():
        named = people.named(ids, context.schools)
        context.faults.add(index, "person-was-here", "error", "name", name, {"people": named})
    gone = the_one(found.filter(is_about_leaving), people, context.schools, context.faults)
    return with_named(rows, gone, context.faults)


def _refuse_two_at_once(context: Context, rows: pl.DataFrame, people: People) -> pl.DataFrame:
    """Refuse rows of one person that mean two of the registry.

    A row that went with the number of another, but means somebody else by its name, is
    refused alone.
    """
    numbered = rows.filter(_NUMBERED)
    meant = pl.col("teacher_id").filter(_NUMBERED).drop_nulls().first().over("person")
    doubtful = rows.with_columns(meant=meant, has_number=_NUMBERED.any().over("person")).filter(
        ~_NUMBERED & pl.col("has_number") & pl.col("teacher_id").is_not_null(),
        pl.col("meant").is_null() | (pl.col("meant") != pl.col("teacher_id")),
    )
    for index, person in doubtful.select("i", "person").iter_rows():
        _tell_repeated(context, index, numbered.filter(pl.col("person") == person))
    rows = context.faults.keep(rows)
    found = rows.group_by("person", maintain_order=True).agg(
        ids=pl.col("teacher_id").drop_nulls().unique(maintain_order=True), places=pl.col("i")
    )
    for _, ids, places in found.filter(pl.col("ids").list.len() > 1).iter_rows():
        named = people.named(ids, context.schools)
        for place in places:
            context.faults.add(place, "person-ambiguous", "error", "name", None, {"people": named})
    return context.faults.keep(rows)


def _refuse_rivals_by_name(context: Context, rows: pl.DataFrame) -> pl.DataFrame:
    """Refuse persons of the file who are found by name only, where several are the same one.

    Returns:
        The rows, all of one person with the same ``teacher_id``.
    """
    rows = rows.with_columns(
        teacher_id=pl.col("teacher_id").drop_nulls().first().over("person"),
        is_sure=_BY_NUMBER.any().over("person"),
    )
    several = pl.col("person").n_unique().over("teacher_id") > 1
    contested = rows.filter(pl.col("teacher_id").is_not_null() & several & ~pl.col("is_sure"))
    for index, person, teacher_id in contested.select("i", "person", "teacher_id").iter_rows():
        same = (pl.col("teacher_id") == teacher_id) & (pl.col("person") != person)
        _tell_repeated(context, index, rows.filter(same))
    return context.faults.keep(rows.drop("is_sure"))


def _tell_repeated(context: Context, index: int, others: pl.DataFrame) -> None:
    name = context.rows["name"][index]
    parameters = {"rows": context.faults.rows_of(others["i"], seen_from=index)}
    context.faults.add(index, "person-repeated", "error", "name", name, parameters)
