"""The roster of teachers: persons, and through `posts` their posts.

What is true of a person anywhere (name, birth date, education …) is updated in place, with
the old value in the journal; an empty cell never erases what is known.
"""

import json
from typing import Any, Final

import polars as pl

from teacherreg.intake.context import Context
from teacherreg.intake.grouping import group_rows
from teacherreg.intake.known_people import People, read_numbered, read_people
from teacherreg.intake.ledger import Changed
from teacherreg.intake.name_forms import name_key, with_former_name, with_written
from teacherreg.intake.names import is_doubtful
from teacherreg.intake.plans.claims import match_roster
from teacherreg.intake.plans.departures import plan_departures
from teacherreg.intake.plans.likeness import tell_likeness
from teacherreg.intake.plans.posts import is_left, plan_posts
from teacherreg.intake.plans.settled import part_settled
from teacherreg.intake.plans.succession import HOME
from teacherreg.intake.tables import TEACHER, fetch
from teacherreg.intake.writes import Row

ATTRIBUTES: Final = (
    "name",
    "id_number",
    "staff_no",
    "sex",
    "birth_date",
    "ethnicity",
    "political_status",
    "party_joined_on",
    "education",
    "degree",
    "work_started_on",
    "phone",
)
_MANY_NUMBERS: Final = 3
_PLACE: Final = ("i", "file", "sheet", "row", "person", "teacher_id", "by_name", "is_new")


def plan_teachers(context: Context) -> None:
    """Plan a roster of teachers."""
    faults = context.faults
    rows = context.with_schools(context.rows, may_make=True)
    rows = context.refuse_unknown_schools(rows)
    by_school = context.numbers_by_school
    known = read_numbered(context.connection, rows, everybody=by_school)
    settled, rows = part_settled(context.connection, rows, known, ATTRIBUTES)
    if rows.is_empty() and not context.full:
        return
    people = read_people(
        context.connection,
        rows,
        context.schools,
        ever=False,
        is_by_school=by_school,
        numbered=known,
    )
    rows = group_rows(rows, faults)
    rows = match_roster(context, rows, people)
    rows = _require_school(context, rows, people)
    rows = _require_free_staff_numbers(context, rows, people)
    rows = _once_a_school(context, rows)
    rows = tell_likeness(context, rows, people)
    rows = _number_new(context, rows)
    _tell_of_numbering(context)
    persons = _merged(_without_numbers_of_visits(context, rows, people))
    _add_persons(context, persons.filter("is_new"))
    given = persons["staff_no"].drop_nulls()
    _change_persons(context, persons.filter(~pl.col("is_new")), people, given)
    context.ledger.mark_added(rows.filter("is_new")["i"].to_list())
    moved = plan_posts(context, rows, people.posts)
    if context.full:
        plan_departures(context, pl.concat([settled, rows], how="diagonal"), people, moved)


def _require_school(context: Context, rows: pl.DataFrame, people: People) -> pl.DataFrame:
    """Refuse rows that name no school, of people who are not known to work anywhere."""
    if not rows["school_id"].has_nulls():
        return rows
    rows = rows.with_columns(
        school_id=pl.coalesce("school_id", pl.col("school_id").drop_nulls().first().over("person"))
    )
    homeless = rows.filter(pl.col("school_id").is_null()).join(
        people.posts.select("teacher_id").unique(), on="teacher_id", how="anti"
    )
    for index, name in homeless.select("i", "name").iter_rows():
        context.faults.add(index, "school-missing", "error", "school_name", None, {"name": name})
    return context.faults.keep(rows)


def _require_free_staff_numbers(
    context: Context, rows: pl.DataFrame, people: People
) -> pl.DataFrame:
    """Refuse staff numbers whose owner the file was to give another, but does not.

    A refused row may be such an owner's own, so this goes on until nothing changes.
    """
    owners = people.persons.select("staff_no", owner="id").drop_nulls()
    if owners.is_empty():
        return rows
    while True:
        new = pl.col("staff_no").drop_nulls().first().over("person")
        given = rows.select("i", "teacher_id", "staff_no", new=new)
        moved = given.join(owners, left_on="teacher_id", right_on="owner", suffix="_old").filter(
            pl.col("new") != pl.col("staff_no_old")
        )["teacher_id"]
        taken = given.join(owners, left_on="new", right_on="staff_no").filter(
            pl.col("teacher_id").is_null() | (pl.col("teacher_id") != pl.col("owner")),
            ~pl.col("owner").is_in(moved.implode()),
        )
        if taken.is_empty():
            return rows
        for index, number, owner in taken.select("i", "new", "owner").rows():
            named = people.named([owner], context.schools)
            context.faults.add(
                index, "staff-no-taken", "error", "staff_no", number, {"people": named}
            )
        rows = context.faults.keep(rows)


def _once_a_school(context: Context, rows: pl.DataFrame) -> pl.DataFrame:
    """Keep one row a person and school: the first, but one with a number before others.

    Reading told of some that differ.
    """
    if rows["person"].n_unique() == rows.height:
        return rows
    keys = ("person", "school_id")
    told = {
        (problem.file, problem.sheet, problem.row)
        for problem in context.reading.problems
        if problem.code == "id-twice"
    }
    repeated = rows.filter(pl.struct(keys).is_duplicated())
    if repeated.is_empty():
        return rows
    first: dict[tuple[Any, ...], dict[str, Any]] = {}
    drop: set[int] = set()
    numbered = (pl.col("id_number").is_null(), pl.col("staff_no").is_null())
    for row in repeated.sort(*numbered, "i").iter_rows(named=True):
        kept = first.setdefault(tuple(row[key] for key in keys), row)
        if kept is row:
            continue
        drop.add(row["i"])
        is_told = (row["file"], row["sheet"], row["row"]) in told
        if not is_told and any(row[name] != kept[name] for name in row if name not in _PLACE):
            parameters = {"rows": context.faults.rows_of([kept["i"]], seen_from=row["i"])}
            context.faults.add(row["i"], "person-twice", "warning", "name", row["name"], parameters)
    return rows.filter(~pl.col("i").is_in(list(drop)))


def _number_new(context: Context, rows: pl.DataFrame) -> pl.DataFrame:
    """Give numbers to the persons whom the registry does not know, in the order of the file."""
    rows = rows.with_columns(is_new=pl.col("teacher_id").is_null())
    is_first = rows["is_new"] & rows["person"].is_first_distinct()
    first = context.ledger.take_numbers(TEACHER, int(is_first.sum()))
    number = (first - 1 + is_first.cast(pl.Int64).cum_sum()).alias("number")
    if is_first.sum() < rows["is_new"].sum():
        numbers = rows.select("person", number).filter(is_first)
        number = rows.join(numbers, on="person", how="left", maintain_order="left")["number"]
    return rows.with_columns(teacher_id=pl.coalesce("teacher_id", number))


def _tell_of_numbering(context: Context) -> None:
    """Ask whether each school numbers its own staff, where many numbers fit the wrong person."""
    codes = [problem.code for problem in context.faults.problems]
    count = sum(code in ("staff-no-taken", "staff-no-twice") for code in codes)
    if count >= _MANY_NUMBERS and not context.numbers_by_school:
        context.notice("staff-numbers-by-school", count=count)


def _without_numbers_of_visits(
    context: Context, rows: pl.DataFrame, people: People
) -> pl.DataFrame:
    """Leave out the numbers that schools give their visitors: a person keeps that of home."""
    if not context.numbers_by_school:
        return rows
    running = people.posts.filter(pl.col("ends_on").is_null()).select(
        "teacher_id", "school_id", is_home=pl.col("attachment") == HOME
    )
    homes = running.filter("is_home").select("teacher_id", home_id="school_id")
    visits = running.filter(~pl.col("is_home")).unique(["teacher_id", "school_id"])
    placed = rows.join(homes, on="teacher_id", how="left", maintain_order="left").join(
        visits, on=["teacher_id", "school_id"], how="left", maintain_order="left"
    )
    at_home = (pl.col("school_id") == pl.col("home_id")).fill_null(False) & ~is_left()
    is_visit = ~at_home & (at_home.any().over("teacher_id") | pl.col("is_home").is_not_null())
    return placed.with_columns(staff_no=pl.when(~is_visit).then("staff_no")).select(rows.columns)


def _merged(rows: pl.DataFrame) -> pl.DataFrame:
    """Make one row a person: of several, the first that fills a cell counts."""
    from_id = (
        pl.col("birth_date_from_id").fill_null(False)
        if "birth_date_from_id" in rows.columns
        else pl.lit(False)
    )
    wanted = rows.select(
        "i", "teacher_id", "is_new", *ATTRIBUTES, "unmapped", birth_date_from_id=from_id
    )
    if wanted["teacher_id"].is_unique().all():
        return wanted
    return wanted.group_by("teacher_id", maintain_order=True).agg(
        pl.col("i").first(),
        pl.col("is_new").first(),
        pl.col("birth_date_from_id").all(),
        *(pl.col(name).drop_nulls().first() for name in (*ATTRIBUTES, "unmapped")),
    )


def _add_persons(context: Context, persons: pl.DataFrame) -> None:
    frame = persons.select("i", pl.col("teacher_id").alias("id"), *ATTRIBUTES, "unmapped")
    frame = frame.sort("id")
    context.ledger.insert(TEACHER, frame.drop("i"), frame["i"])


def _change_persons(
    context: Context, persons: pl.DataFrame, people: People, given: pl.Series
) -> None:
    """Update the attributes that a roster knows otherwise."""
    if persons.is_empty():
        return
    both = persons.join(
        people.persons.select("id", *(pl.col(c).alias(f"old_{c}") for c in ATTRIBUTES)),
        left_on="teacher_id",
        right_on="id",
        how="left",
        maintain_order="left",
    )
    # What a program could not show is no new name.
    both = both.with_columns(
        name=pl.when(is_doubtful(pl.col("name"))).then("old_name").otherwise("name")
    )
    flags = [_is_other(name).alias(f"is_other_{name}") for name in ATTRIBUTES]
    both = both.with_columns(flags)
    is_spelling = name_key(pl.col("name")) == name_key(pl.col("old_name"))
    renamed = dict(
        both.filter(pl.col("is_other_name") & ~is_spelling).select("teacher_id", "old_name").rows()
    )
    unmapped = _other_unmapped(context, persons, renamed)
    differing = both.filter(
        pl.any_horizontal(pl.col("^is_other_.*$")) | pl.col("teacher_id").is_in(list(unmapped))
    )
    freed = _free_staff_numbers(context, differing, given)
    for row in differing.iter_rows(named=True):
        other = [name for name in ATTRIBUTES if row[f"is_other_{name}"]]
        old: Row = {name: row[f"old_{name}"] for name in other}
        new: Row = {name: row[name] for name in other}
        if row["teacher_id"] in unmapped:
            old["unmapped"], new["unmapped"] = unmapped[row["teacher_id"]]
        stored = old | {"staff_no": None} if row["teacher_id"] in freed else old
        context.ledger.update(TEACHER, row["teacher_id"], stored, new)
        who = row["old_name"]
        context.ledger.show(Changed(row["i"], who, TEACHER.name, row["teacher_id"], old, new))
        if "name" in new:
            code = "name-differs" if row["teacher_id"] in renamed else "name-spelling"
            context.faults.add(row["i"], code, "warning", "name", row["name"], {"known": who})


def _free_staff_numbers(context: Context, changing: pl.DataFrame, given: pl.Series) -> set[int]:
    """Take staff numbers from those who get another, where somebody else gets theirs."""
    freed = changing.filter("is_other_staff_no", pl.col("old_staff_no").is_in(given.implode()))
    for teacher_id, number in freed.select("teacher_id", "old_staff_no").rows():
        context.ledger.update(TEACHER, teacher_id, {"staff_no": number}, {"staff_no": None})
    return set(freed["teacher_id"])


def _is_other(name: str) -> pl.Expr:
    """Tell whether a cell says something else than is known; an empty one says nothing."""
    new, old = pl.col(name), pl.col(f"old_{name}")
    differs = new.is_not_null() & (old.is_null() | (new != old))
    if name == "name":  # a dot left out is no news, another spelling is
        differs &= new != old.str.replace_all("·", "", literal=True)
    if name == "birth_date":  # a month alone is no news where the day is known
        differs &= ~old.str.starts_with(new).fill_null(False)
        differs &= old.is_null() | ~pl.col("birth_date_from_id")
    return differs.fill_null(False)


def _other_unmapped(
    context: Context, persons: pl.DataFrame, renamed: dict[int, str]
) -> dict[int, tuple[Row | None, Row]]:
    """Find the persons of whom the unknown columns say something new; keep former names there."""
    said = persons.filter(
        pl.col("unmapped").is_not_null() | pl.col("teacher_id").is_in(list(renamed))
    )
    if said.is_empty():
        return {}
    known = dict(
        fetch(
            context.connection,
            (TEACHER.c.id, TEACHER.c.unmapped),
            (TEACHER.c.id, said["teacher_id"]),
        ).rows()
    )
    other: dict[int, tuple[Row | None, Row]] = {}
    for teacher_id, written in said.select("teacher_id", "unmapped").iter_rows():
        before: Row | None = json.loads(known[teacher_id]) if known.get(teacher_id) else None
        after: Row = with_written(before or {}, json.loads(written) if written else {})
        if teacher_id in renamed:
            after = with_former_name(after, renamed[teacher_id])
        if after != before:
            other[teacher_id] = (before, after)
    return other
