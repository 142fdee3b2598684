"""Who is who: which person of the registry a row means.

By ID number, else by staff number, else by name and school (and birth date where two share
a name). What contradicts is never the same person, what fits two is never guessed. A roster
may bring people whom the registry does not know yet: `grouping` finds which rows of one
file are one person.
"""

from dataclasses import dataclass
from typing import Any, Final

import polars as pl
from sqlalchemy import Connection

from teacherreg.intake.faults import Faults, Person
from teacherreg.intake.listed import Listed
from teacherreg.intake.name_forms import former_names, name_key, written_before
from teacherreg.intake.places import Places
from teacherreg.intake.staff_numbers import by_school, of_county
from teacherreg.intake.tables import POST, TEACHER, count_rows, fetch
from teacherreg.models import Attachment

_FACTS: Final = [column for column in TEACHER.c if column.name != "unmapped"]
_CALLED: Final = {"id": pl.Int64(), "name_key": pl.String()}

# A file shorter than this part of the registry asks for its people only.
_SMALL_PART: Final = 4

KEYS: Final = ("i", "name", "id_number", "staff_no", "birth_date", "school_id")


@dataclass(frozen=True)
class People:
    """The persons of the registry who may matter to a file, and their posts.

    Attributes:
        persons: Columns of ``teacher`` (without ``unmapped``), ``name_key``, and
            ``staff_key``: the staff number as rows of the county would write it.
        posts: All posts of theirs, all columns.
        places: Where the registry knows each to work: ``teacher_id``, ``school_id``.
        called: By which names each is or was known: ``id``, ``name_key``.
        is_everybody: Whether these are all persons and posts of the registry.
        is_by_school: Whether a staff number says who is meant only beside a school.
    """

    persons: pl.DataFrame
    posts: pl.DataFrame
    places: pl.DataFrame
    called: pl.DataFrame
    is_everybody: bool
    is_by_school: bool

    def at(self, school_id: int, ids: list[int]) -> list[int]:
        """Give those of some persons who are at a school."""
        there = self.places.filter(pl.col("school_id") == school_id)["teacher_id"]
        return [number for number in ids if number in set(there)]

    def named(self, ids: list[int], schools: Places) -> Listed:
        """Name persons so that an officer can tell them apart."""
        facts = self.persons.filter(pl.col("id").is_in(ids)).sort("id")
        homes = dict(
            self.posts.filter(pl.col("teacher_id").is_in(ids))
            .sort(pl.col("ends_on").is_null(), "ends_on")
            .select("teacher_id", "school_id")
            .rows()
        )
        return Listed(
            tuple(
                Person(name, schools.name(homes.get(number)), born, staff_no, number)
                for number, name, born, staff_no in facts.select(
                    "id", "name", "birth_date", "staff_no"
                ).rows()
            )
        )


@dataclass(frozen=True)
class Numbered:
    """The persons of the registry whose numbers stand in a file, or everybody.

    Attributes:
        persons: Columns of ``teacher`` (without ``unmapped``).
        posts: All posts of theirs, all columns.
        is_everybody: Whether these are all persons and posts of the registry.
    """

    persons: pl.DataFrame
    posts: pl.DataFrame
    is_everybody: bool


def read_numbered(
    connection: Connection, rows: pl.DataFrame, *, everybody: bool = False
) -> Numbered:
    """Read the persons whom a file may mean by a number; everybody, if that is quicker.

    Args:
        connection: Where the registry is.
        rows: With ``id_number`` and ``staff_no``.
        everybody: Read them all.
    """
    if everybody or count_rows(connection, TEACHER) <= _SMALL_PART * rows.height:
        return Numbered(fetch(connection, _FACTS), fetch(connection, POST.c), True)
    found = [
        fetch(connection, _FACTS, (TEACHER.c[key], rows[key].drop_nulls().unique()))
        for key in ("id_number", "staff_no")
    ]
    persons = pl.concat(found).unique("id")
    return Numbered(persons, _posts_of(connection, persons["id"]), False)


def _posts_of(connection: Connection, ids: pl.Series) -> pl.DataFrame:
    return fetch(connection, POST.c, (POST.c.teacher_id, ids))


def read_people(
    connection: Connection,
    rows: pl.DataFrame,
    schools: Places,
    *,
    ever: bool,
    is_by_school: bool = False,
    numbered: Numbered | None = None,
) -> People:
    """Read the persons whom a file may mean.

    Args:
        connection: Where the registry is.
        rows: With ``name``, ``id_number`` and ``staff_no``.
        schools: The schools known.
        ever: Persons are at every school where they ever had a post; otherwise only where
            they are now (or were last, if they have left service).
        is_by_school: Each school numbers its own staff.
        numbered: Those of them who have the numbers of the file, where they were read before.
    """
    known = numbered or read_numbered(connection, rows, everybody=is_by_school)
    persons, posts = known.persons, known.posts
    named, called = _called(
        connection, _unsettled(rows, persons), persons if known.is_everybody else None
    )
    others = named.filter(~named.is_in(persons["id"].implode()))
    if not known.is_everybody and not others.is_empty():
        persons = pl.concat([persons, fetch(connection, _FACTS, (TEACHER.c.id, others))])
        posts = pl.concat([posts, _posts_of(connection, others)])
    present = _present(posts)
    where = posts if ever else present
    keys = (
        _staff_keys(persons, present, schools) if is_by_school else of_county(persons["staff_no"])
    )
    return People(
        persons.with_columns(name_key=name_key(pl.col("name")), staff_key=keys),
        posts,
        where.select("teacher_id", "school_id").unique(),
        called,
        known.is_everybody,
        is_by_school,
    )


def _staff_keys(persons: pl.DataFrame, present: pl.DataFrame, schools: Places) -> pl.Series:
    homes = present.filter(pl.col("attachment") == Attachment.HOME.value).unique("teacher_id")
    homes = homes.select("teacher_id", "school_id")
    return by_school(
        persons.join(homes, left_on="id", right_on="teacher_id", how="left", maintain_order="left"),
        schools,
    )


def _unsettled(rows: pl.DataFrame, persons: pl.DataFrame) -> pl.DataFrame:
    """Give the rows that no number settles, or a staff number under another name."""
    if persons.is_empty():
        return rows
    rows = rows.join(persons.select("id_number").drop_nulls(), on="id_number", how="anti")
    if rows.is_empty():
        return rows
    key = name_key(pl.col("name"))
    numbered = persons.select("staff_no", name_key=key).drop_nulls()
    return rows.with_columns(name_key=key).join(numbered, on=["staff_no", "name_key"], how="anti")


def _called(
    connection: Connection, rows: pl.DataFrame, persons: pl.DataFrame | None
) -> tuple[pl.Series, pl.DataFrame]:
    """Find who is or was called as some rows say, however it is spelt.

    Returns:
        The numbers of those persons, and ``id`` with ``name_key`` for each name.
    """
    if rows.is_empty() or (persons is not None and persons.is_empty()):
        return pl.Series(dtype=pl.Int64), pl.DataFrame(schema=_CALLED)
    if persons is None:
        persons = fetch(connection, [TEACHER.c.id, TEACHER.c.name])
    names = pl.concat([persons.select("id", "name"), former_names(connection)])
    called = names.select("id", name_key=name_key(pl.col("name"))).unique()
    wanted = pl.concat([rows["name"], written_before(rows)]).drop_nulls().unique()
    keys = wanted.to_frame("name").select(name_key=name_key(pl.col("name")))
    called = called.join(keys, on="name_key", how="semi")
    return called["id"].unique(), called


def _present(posts: pl.DataFrame) -> pl.DataFrame:
    """Give open posts; of somebody without one, the last home post."""
    is_open = pl.col("ends_on").is_null()
    is_home = pl.col("attachment") == Attachment.HOME.value
    last = pl.col("ends_on") == pl.col("ends_on").filter(is_home).max().over("teacher_id")
    has_open = is_open.any().over("teacher_id")
    return posts.filter(is_open | (is_home & last & ~has_open))


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
    if people.persons.is_empty():
        return rows.with_columns(teacher_id=pl.lit(None, pl.Int64), by_name=pl.lit(False))
    by_number = _by_numbers(rows, people, schools, faults)
    open_question = faults.keep(by_number).filter(pl.col("teacher_id").is_null())
    by_name = _by_name(open_question, people, schools, faults)
    return faults.keep(
        by_number.join(by_name, on="i", how="left", maintain_order="left").with_columns(
            teacher_id=pl.coalesce("teacher_id", "named_id"),
            by_name=pl.col("named_id").is_not_null(),
        )
    ).drop("named_id")


def _by_numbers(
    rows: pl.DataFrame, people: People, schools: Places, faults: Faults
) -> pl.DataFrame:
    """Match by ID number, else by staff number; the two must not name two persons."""
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
    return found.with_columns(teacher_id=pl.coalesce("of_id", "of_staff")).drop(
        "of_id", "of_staff", "staff_id_number", "staff_name", "staff_born"
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


def _by_name(rows: pl.DataFrame, people: People, schools: Places, faults: Faults) -> pl.DataFrame:
    """Match by name and school; a birth date tells apart those who share both."""
    rows = rows.with_columns(name_key=name_key(pl.col("name")))
    here = people.called.join(people.places, left_on="id", right_on="teacher_id")
    candidates = namesakes(rows, people, here, ["name_key", "school_id"]).with_columns(
        is_born_so=pl.col("birth_date").is_not_null() & pl.col("birth_date_known").is_not_null()
    )
    born_so = pl.col("id").filter("is_born_so")
    fitting = candidates.group_by("i", "name", maintain_order=True).agg("id", born=born_so)
    decided: list[tuple[int, int]] = []
    for index, name, ids, born in fitting.iter_rows():
        best = born if len(born) == 1 else ids
        if len(best) == 1:
            decided.append((index, best[0]))
        else:
            named = people.named(best, schools)
            faults.add(index, "person-ambiguous", "error", "name", name, {"people": named})
    return pl.DataFrame(
        decided, schema={"i": rows.schema["i"], "named_id": pl.Int64()}, orient="row"
    )


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
