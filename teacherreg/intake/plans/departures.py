"""Complete rosters: who is missing from the school where the registry knows them to work.

Whoever is listed in any way is not missing: not at another school (that is a transfer), not
in a row that was rejected. Where a row or a table could not be read at all, those missing
at its schools may stand in it: they are told of, and never ended.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Final

import polars as pl

from teacherreg.errors import IntakeError
from teacherreg.intake.context import Context
from teacherreg.intake.departures import Departure
from teacherreg.intake.idnumbers import bare_numbers
from teacherreg.intake.known_people import People
from teacherreg.intake.listed import Listed
from teacherreg.intake.match import births_differ
from teacherreg.intake.name_forms import name_key
from teacherreg.intake.plans.sizes import tell_sizes
from teacherreg.intake.plans.succession import HOME
from teacherreg.intake.read import WHO
from teacherreg.intake.staff_numbers import by_school
from teacherreg.intake.tables import POST, TEACHER, TITLE_AWARD, fetch

# Problems of a whole sheet that say: here may stand people whom nobody has read.
_UNREAD: Final = frozenset(
    {"sheet-not-read", "sheet-hidden", "second-table", "tables-side-by-side", "file-skipped"}
)
_SHIFTED: Final = "row-shifted"
_ANY_NAME: Final = r"\p{Han}|[A-Za-z]{2}"


def plan_departures(
    context: Context, rows: pl.DataFrame, people: People, moved: frozenset[int]
) -> None:
    """Find who is missing at the schools of the files, and end their posts if that is asked.

    Args:
        context: The plan in the making; its ``departures`` are filled.
        rows: The usable rows, with ``teacher_id`` and ``school_id``.
        people: The persons whom the files may mean.
        moved: The posts that the rows themselves end or change.

    Raises:
        IntakeError: If more would be ended than the officer allows.
    """
    schools = rows["school_id"].drop_nulls().unique()
    posts = _open_posts(context, people, schools)
    tell_sizes(context, rows, posts)
    missing = (
        posts.filter(~pl.col("id").is_in(list(moved)))
        .join(rows, on=["teacher_id", "school_id"], how="anti")
        .join(rows.filter(pl.col("school_id").is_null()), on="teacher_id", how="anti")
    )
    if missing.is_empty():
        return
    persons = _persons(context, people, missing["teacher_id"].unique())
    refused = _refused(context)
    listed = _listed_badly(refused, persons)
    missing = missing.filter(~pl.col("teacher_id").is_in(list(listed)))
    doubtful = _schools_in_doubt(context, refused)
    found = _described(context, missing, persons, rows)
    found = [replace(d, in_doubt=doubtful is None or d.school in doubtful) for d in found]
    _tell_doubt(context, found, rows)
    context.departures = _ended(context, found)


def _open_posts(context: Context, people: People, schools: pl.Series) -> pl.DataFrame:
    """Give the posts at some schools that were open before the day of the roster."""
    posts = (
        people.posts
        if people.is_everybody
        else fetch(context.connection, POST.c, (POST.c.school_id, schools))
    )
    return posts.filter(
        pl.col("ends_on").is_null(),
        pl.col("school_id").is_in(schools.implode()),
        pl.col("starts_on").is_null() | (pl.col("starts_on") < context.day),
    )


def _persons(context: Context, people: People, ids: pl.Series) -> pl.DataFrame:
    columns = [TEACHER.c[n] for n in ("id", "name", "id_number", "staff_no", "birth_date")]
    if people.is_everybody:
        return people.persons.filter(pl.col("id").is_in(ids.implode()))
    return fetch(context.connection, columns, (TEACHER.c.id, ids)).with_columns(
        name_key=name_key(pl.col("name")), staff_key=pl.col("staff_no")
    )


def _refused(context: Context) -> pl.DataFrame:
    """Give who is meant by the rows that are not written, as far as it can be read."""
    own = context.rows.filter(pl.col("i").is_in(list(context.faults.rejected)))
    place = ("file", "sheet", "row")
    refused = pl.concat([context.reading.refused.select(*WHO, *place), own.select(*WHO, *place)])
    slipped = [
        (problem.file, problem.sheet, problem.row)
        for problem in context.reading.problems
        if problem.code == _SHIFTED
    ]
    schema = {name: refused.schema[name] for name in place}
    is_slipped = pl.DataFrame(slipped, schema=schema, orient="row").with_columns(slipped=True)
    if context.numbers_by_school:
        refused = refused.with_columns(school_id=_schools_meant(context, refused))
        refused = refused.with_columns(staff_no=by_school(refused, context.schools))
    return refused.join(is_slipped, on=place, how="left").with_columns(
        pl.col("slipped").fill_null(False),
        name_key=name_key(pl.col("name")),
        id_number=bare_numbers(refused["id_number"]).str.to_uppercase(),
    )


def _schools_meant(context: Context, refused: pl.DataFrame) -> pl.Series:
    written = refused["school_name"].fill_null(context.school or "")
    meant = {name: context.schools.resolve(name).school_id for name in written.unique()}
    return written.replace_strict(meant, return_dtype=pl.Int64())


def _listed_badly(refused: pl.DataFrame, persons: pl.DataFrame) -> set[int]:
    """Find the persons who are meant by a rejected row, by number or by name."""
    found: set[int] = set()
    for known, written in (("id_number", "id_number"), ("staff_key", "staff_no")):
        listed = persons.join(refused, left_on=known, right_on=written, how="semi")
        found |= set(listed["id"])
    named = persons.join(refused, on="name_key", suffix="_written").filter(
        ~births_differ("birth_date", "birth_date_written")
    )
    return found | set(named["id"])


def _schools_in_doubt(context: Context, refused: pl.DataFrame) -> set[str] | None:
    """Name the schools at which a row that nobody can read may mean anybody; None: all."""
    if any(problem.code in _UNREAD for problem in context.reading.problems):
        return None
    nobody = refused.filter(
        pl.col("slipped") | ~pl.col("name").str.contains(_ANY_NAME).fill_null(False)
    )
    schools: set[str] = set()
    for written in nobody["school_name"].unique():
        meant = context.schools.resolve(written or context.school or "")
        if meant.school_id is None:
            return None
        schools.add(context.schools.name(meant.school_id))
    return schools


def _described(
    context: Context, missing: pl.DataFrame, persons: pl.DataFrame, rows: pl.DataFrame
) -> list[Departure]:
    ids = missing["teacher_id"].unique()
    who = {row["id"]: row for row in persons.iter_rows(named=True)}
    titles = _titles(context, ids)
    stays = _stays(context, ids)
    elsewhere: dict[int, list[str]] = defaultdict(list)
    for teacher_id, school_id in (
        rows.filter(pl.col("teacher_id").is_in(ids.implode()))
        .select("teacher_id", "school_id")
        .rows()
    ):
        elsewhere[teacher_id].append(context.schools.name(school_id))
    found = [
        Departure(
            teacher_id=post["teacher_id"],
            post_id=post["id"],
            name=who[post["teacher_id"]]["name"],
            id_number=who[post["teacher_id"]]["id_number"],
            staff_no=who[post["teacher_id"]]["staff_no"],
            birth_date=who[post["teacher_id"]]["birth_date"],
            school=context.schools.name(post["school_id"]),
            attachment=post["attachment"],
            since=_since(stays[post["teacher_id"]], post),
            titles=tuple(titles[post["teacher_id"]]),
            listed_at=tuple(sorted(elsewhere[post["teacher_id"]])),
            in_doubt=False,
        )
        for post in missing.iter_rows(named=True)
    ]
    return sorted(found, key=lambda d: (d.school, d.attachment != HOME, d.name, d.post_id))


def _titles(context: Context, ids: pl.Series) -> dict[int, list[tuple[str, str | None]]]:
    """Give the titles that each person holds on the day of the roster."""
    day = context.day
    held = fetch(context.connection, TITLE_AWARD.c, (TITLE_AWARD.c.teacher_id, ids)).filter(
        pl.col("awarded_on") <= day,
        pl.col("term_ends_on").is_null() | (pl.col("term_ends_on") >= day),
        pl.col("revoked_on").is_null() | (pl.col("revoked_on") > day),
    )
    titles: dict[int, list[tuple[str, str | None]]] = defaultdict(list)
    for teacher_id, *title in (
        held.sort("awarded_on", "id").select("teacher_id", "title_kind", "level").rows()
    ):
        titles[teacher_id].append((title[0], title[1]))
    return titles


def _stays(context: Context, ids: pl.Series) -> dict[int, list[dict[str, Any]]]:
    posts = fetch(context.connection, POST.c, (POST.c.teacher_id, ids))
    stays: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for post in posts.iter_rows(named=True):
        stays[post["teacher_id"]].append(post)
    return stays


def _since(posts: Iterable[dict[str, Any]], last: dict[str, Any]) -> str | None:
    """Go back from a post over those before it at the same school, to the first day there."""
    start: str | None = last["starts_on"]
    earlier = {
        post["ends_on"]: post["starts_on"]
        for post in posts
        if post["school_id"] == last["school_id"] and post["ends_on"] is not None
    }
    while start is not None:
        day_before = (date.fromisoformat(start) - timedelta(days=1)).isoformat()
        if day_before not in earlier:
            return start
        start = earlier.pop(day_before)
    return start


def _tell_doubt(context: Context, found: list[Departure], rows: pl.DataFrame) -> None:
    counts = Counter(departure.school for departure in found if departure.in_doubt)
    for school, count in counts.items():
        here = rows.filter(pl.col("school_id") == context.schools.by_name(school))
        context.faults.add_whole(here["i"][0], "departures-in-doubt", school, {"count": count})


def _ended(context: Context, found: list[Departure]) -> list[Departure]:
    """End the posts of those who are missing for certain, as far as that was asked for."""
    most = context.allow_departures
    if most is None:
        return found
    certain = [departure for departure in found if not departure.in_doubt]
    persons = {departure.teacher_id for departure in certain}
    if len(persons) > most:
        schools = Counter(departure.school for departure in certain)
        named = Listed(tuple(f"{school} {count}" for school, count in schools.most_common()))
        raise IntakeError("departures-too-many", count=len(persons), most=most, schools=named)
    for departure in certain:
        context.ledger.update(
            POST, departure.post_id, {"ends_on": None}, {"ends_on": context.day_before}
        )
    return [
        departure if departure.in_doubt else replace(departure, ends_on=context.day_before)
        for departure in found
    ]
