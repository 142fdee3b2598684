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
    match_names,
    match_numbers,
    namesakes,
    the_one,
    with_named,
)
from teacherreg.intake.name_forms import name_key
from teacherreg.intake.plans.succession import left_codes

_NUMBERS: Final = ("id_number", "staff_no")
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
    schools, faults = context.schools, context.faults
    rows = match_numbers(rows, people, schools, faults)
    if not people.called.is_empty():  # some rows are not settled by a number
        rows, known = _with_numbers_of_file(rows, people)
        rows = match_names(rows, known, schools, faults)
        rows = _refuse_rivals_of_numbers(context, rows, known)
        rows = _find_those_gone(context, rows, known)
        rows = rows.drop(*_NUMBERS).rename({f"own_{name}": name for name in _NUMBERS})
    if rows["teacher_id"].null_count() == rows.height:
        return rows
    rows = _refuse_two_at_once(context, rows, people)
    rows = _refuse_rivals_by_name(context, rows)
    known_as = pl.lit("t") + pl.col("teacher_id").cast(pl.String)
    return rows.with_columns(person=pl.coalesce(known_as, "person"))


def _with_numbers_of_file(rows: pl.DataFrame, people: People) -> tuple[pl.DataFrame, People]:
    """Let numbers that any row gives of a person count for all rows that have one, and for
    the person of the registry: what contradicts them is a namesake.
    """
    of_person = {name: pl.col(name).drop_nulls().first().over("person") for name in _NUMBERS}
    rows = rows.with_columns(**{f"own_{name}": pl.col(name) for name in _NUMBERS}).with_columns(
        pl.when(_NUMBERED).then(number).alias(name) for name, number in of_person.items()
    )
    given = rows.filter(_BY_NUMBER, _NUMBERED).unique("teacher_id", keep="first")
    told = given.select(id="teacher_id", told_id_number="id_number", told_staff_no="staff_no")
    persons = people.persons.join(told, on="id", how="left", maintain_order="left").with_columns(
        id_number=pl.coalesce("told_id_number", "id_number"),
        staff_key=pl.coalesce("told_staff_no", "staff_key"),
    )
    return rows, replace(people, persons=persons.drop("told_id_number", "told_staff_no"))


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
