"""Posts from the rows of a roster.

Most rows of a roster either bring somebody new or say what is known already; both are
settled for whole columns at once. Only the rest is looked at person by person, by
`succession`.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any, Final

import polars as pl

from teacherreg.codes import code_table
from teacherreg.intake.context import Context
from teacherreg.intake.ledger import Changed
from teacherreg.intake.listed import Listed
from teacherreg.intake.plans.succession import (
    HOME,
    IN_SERVICE,
    ON_ROTATION_HERE,
    VISITING,
    Held,
    PostFacts,
    Said,
    SchoolStages,
    Step,
    day_before,
    has_left,
    home_of,
    known_at,
    last_home,
    left_codes,
    succeed,
)
from teacherreg.intake.tables import POST
from teacherreg.intake.writes import Row

_SAID: Final = (
    "school_id",
    "stage",
    "subject",
    "professional_rank",
    "staff_category",
    "is_full_time_teacher",
    "status",
    "school_joined_on",
)
_TOLD: Final = (*_SAID, "is_visit")
_FACTS: Final = tuple(column.name for column in POST.c if column.name not in ("id", "teacher_id"))


def plan_posts(context: Context, rows: pl.DataFrame, posts: pl.DataFrame) -> frozenset[int]:
    """Plan the posts of a roster's persons.

    Args:
        context: The plan in the making.
        rows: One a person and school, with ``teacher_id``, ``is_new`` and ``school_id``.
        posts: All posts of the persons that the registry knows.

    Returns:
        The numbers of the posts that the rows end or change.
    """
    rows = rows.with_columns(is_left=is_left(), is_full_time_teacher=full_time())
    if rows["is_left"].any():
        # Whoever one school lists as gone and another as there has moved, not left.
        serves = (~pl.col("is_left")).any().over("teacher_id")
        rows = rows.filter(~(pl.col("is_left") & serves))
    rows = rows.with_columns(is_visit=_visits(rows))
    _begin_all(context, rows.filter("is_new"))
    known = rows.filter(~pl.col("is_new"))
    listed = frozenset(rows["school_id"].drop_nulls())
    if known.is_empty():
        return frozenset()
    return _go_on_each(context, _differing(known, posts, context), posts, listed)


def _visits(rows: pl.DataFrame) -> pl.Expr:
    """Tell the rows of people whose own school is another: on rotation here, 走教, 兼课.

    The status says so, or a remark in a column of its own; or another row says that the
    person is away from there.
    """
    attachments = code_table("attachments").words
    words = "|".join(re.escape(word) for word, code in attachments.items() if code == VISITING)
    remark = pl.col("unmapped").str.contains(rf':\s*"(?:{words})(?:教师|老师)?"')
    away = pl.col("status").is_in(list(code_table("person_status").where("group", "away")))
    away = away.fill_null(False)
    visits = remark.fill_null(False) | (pl.col("status") == ON_ROTATION_HERE).fill_null(False)
    if rows.select(away.any()).item():
        visits |= away.any().over("teacher_id") & ~away
    return visits


def is_left() -> pl.Expr:
    """Tell whether a row says that somebody left service."""
    return pl.col("status").is_in(list(left_codes())).fill_null(False)


def full_time() -> pl.Expr:
    """专任教师 is what a roster says it is, else what its staff category is."""
    full_time = code_table("staff_categories").where("is_full_time_teacher", "1")
    return pl.coalesce("is_full_time_teacher", pl.col("staff_category").is_in(list(full_time)))


def _begin_all(context: Context, rows: pl.DataFrame) -> None:
    """Plan the first posts of new persons, as columns."""
    if rows.is_empty():
        return
    rows = _with_stage(context, rows)
    day = pl.lit(context.day)
    is_home = pl.col("teacher_id").is_first_distinct()
    if rows["is_visit"].any():
        own = pl.col("i").filter(~pl.col("is_visit")).first().over("teacher_id")
        is_home = pl.col("i") == pl.coalesce(own, pl.col("i").first().over("teacher_id"))
    frame = rows.select(
        "i",
        "name",
        "school_name",
        "is_visit",
        "teacher_id",
        "school_id",
        "stage",
        "subject",
        "professional_rank",
        "staff_category",
        is_full_time_teacher=pl.col("is_full_time_teacher").fill_null(True),
        attachment=pl.when(is_home).then(pl.lit(HOME)).otherwise(pl.lit(VISITING)),
        status=pl.col("status").fill_null(IN_SERVICE),
        starts_on=pl.col("school_joined_on"),
        ends_on=pl.when("is_left").then(pl.max_horizontal(day, "school_joined_on")),
    )
    visiting = frame.filter(pl.col("attachment") == VISITING, ~pl.col("is_visit"))
    for index, name, school in visiting.select("i", "name", "school_name").iter_rows():
        _warn_two_schools(context, index, name, school)
    context.ledger.insert_numbering(
        POST, frame.drop("i", "name", "school_name", "is_visit"), frame["i"]
    )


def _with_stage(context: Context, rows: pl.DataFrame) -> pl.DataFrame:
    """Fill in the stage of schools that teach only one; note teachers without a stage."""
    only = {number: context.schools.only_stage(number) for number in rows["school_id"].unique()}
    filled = rows.with_columns(
        stage=pl.coalesce(
            "stage", pl.col("school_id").replace_strict(only, return_dtype=pl.String())
        )
    )
    teaches = pl.col("is_full_time_teacher").fill_null(True)
    for index in filled.filter(pl.col("stage").is_null() & teaches & ~pl.col("is_left"))["i"]:
        context.faults.add(index, "stage-missing", "warning", "stage")
    return filled


def _differing(known: pl.DataFrame, posts: pl.DataFrame, context: Context) -> pl.DataFrame:
    """Leave out the rows that say of one open home post what is known already."""
    is_once = pl.len().over("teacher_id") == 1
    return known.filter(~(says_no_more(known, posts) & known.select(is_once).to_series()))


def says_no_more(rows: pl.DataFrame, posts: pl.DataFrame) -> pl.Series:
    """Tell which rows say what is known of a person who has one open post, at home.

    Args:
        rows: With ``teacher_id`` and what rosters say of a post.
        posts: All posts of those persons.
    """
    once = pl.col("teacher_id").is_unique()
    homes = (
        posts.with_columns(is_only=once)
        .filter(pl.col("ends_on").is_null())
        .filter(once, pl.col("attachment") == HOME)
    )
    at = places_among(rows["teacher_id"], homes["teacher_id"])
    known = homes["stage"].gather(at).is_not_null()
    for name in _SAID[:-1]:
        known &= is_no_news(rows[name], homes[name].gather(at))
    started = is_no_news(rows["school_joined_on"], homes["starts_on"].gather(at))
    return known & (started | ~homes["is_only"].gather(at).fill_null(True))


def places_among(values: pl.Series, among: pl.Series) -> pl.Series:
    """Tell where each value stands in another column, which has it once; null: nowhere."""
    places = among.alias("value").to_frame().with_row_index("place")
    found = values.alias("value").to_frame().join(
        places, on="value", how="left", maintain_order="left"
    )  # fmt: skip
    return found["place"]


def is_no_news(said: pl.Series, known: pl.Series) -> pl.Series:
    """Tell which cells are empty or say what is known."""
    return said.is_null() | (said == known).fill_null(False)


def _go_on_each(
    context: Context, rows: pl.DataFrame, posts: pl.DataFrame, listed: frozenset[int]
) -> frozenset[int]:
    """Plan, person by person, what the posts of known persons come to."""
    held = _held(posts, set(rows["teacher_id"]))
    stages = SchoolStages(
        context.schools.only_stage,
        lambda school, stage: stage in context.schools.stages_of(school),
    )
    begun: list[Row] = []
    sources: list[int] = []
    touched: set[int] = set()
    moved: list[str] = []
    for teacher_id, group in _by_teacher(rows):
        own = held.get(teacher_id, [])
        is_back = any(row["status"] is not None for row in group)
        said = [
            Said(row["i"], **{name: row[name] for name in _TOLD})
            for row in group
            if not _is_about_the_past(context, row, own, is_back=is_back)
        ]
        asked = {row["i"]: row for row in group}
        steps = succeed(own, said, context.on, stages)
        _warn_of_stages(context, group, own, steps)
        touched.update(step.held.id for step in steps if step.held is not None)
        for step in steps:
            new = _write(context, step, asked[step.source])
            if new is not None:
                begun.append({"teacher_id": teacher_id} | asdict(new))
                sources.append(step.source)
        moved.extend(_moved_here(context, steps, asked, listed))
    if begun:
        context.ledger.insert_records(POST, begun, sources)
    if moved:
        context.notice("moved-here", count=len(moved), people=Listed(tuple(moved)))
    return frozenset(touched)


def _moved_here(
    context: Context, steps: list[Step], asked: dict[int, dict[str, Any]], listed: frozenset[int]
) -> Iterable[str]:
    """Name who comes from a school that the files do not hold: nobody there has said so."""
    for step in steps:
        old = step.held.facts.school_id if step.held is not None else step.facts.school_id
        if old != step.facts.school_id and old not in listed:
            yield f"{asked[step.source]['name']} {context.schools.name(old)}"


def _held(posts: pl.DataFrame, teachers: set[int]) -> dict[int, list[Held]]:
    held: dict[int, list[Held]] = defaultdict(list)
    for row in posts.filter(pl.col("teacher_id").is_in(list(teachers))).iter_rows(named=True):
        held[row["teacher_id"]].append(
            Held(row["id"], PostFacts(**{name: row[name] for name in _FACTS}))
        )
    return held


def _by_teacher(rows: pl.DataFrame) -> Iterable[tuple[int, list[dict[str, Any]]]]:
    groups: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in rows.iter_rows(named=True):
        groups[row["teacher_id"]].append(row)
    return groups.items()


def _is_about_the_past(
    context: Context, row: dict[str, Any], held: list[Held], *, is_back: bool
) -> bool:
    """Note rows on somebody who has left already, or who left a school he is not at.

    Args:
        context: The plan in the making.
        row: What is said.
        held: All posts of the person.
        is_back: Some row of the file says by a status that whoever left serves again.
    """
    last = last_home(held)
    if last is None:
        return False
    gone = home_of(held) is not None and last.facts.ends_on is not None
    if gone and row["status"] is None and not is_back:
        status = code_table("person_status").label(last.facts.status)
        parameters = {"day": last.facts.ends_on, "status": status}
        context.faults.add(row["i"], "person-has-left", "warning", "name", row["name"], parameters)
        return True
    is_from_here = row["school_id"] in (None, last.facts.school_id)
    if row["is_left"] and not is_from_here and known_at(held, row["school_id"]) is None:
        school = context.schools.name(last.facts.school_id)
        context.faults.add(
            row["i"], "left-elsewhere", "warning", "status", row["name"], {"school": school}
        )
        return True
    return False


def _warn_of_stages(
    context: Context, group: list[dict[str, Any]], held: list[Held], steps: list[Step]
) -> None:
    """Note teachers of whom neither the roster nor the registry knows the stage."""
    after = {step.source: step.facts for step in steps}
    for row in group:
        post = known_at(held, row["school_id"])
        facts = after.get(row["i"]) or (post.facts if post else None)
        if (
            facts
            and facts.stage is None
            and facts.is_full_time_teacher
            and not has_left(facts.status)
        ):
            context.faults.add(row["i"], "stage-missing", "warning", "stage")


def _write(context: Context, step: Step, row: dict[str, Any]) -> PostFacts | None:
    """Write one step into the ledger; gives the post that begins, if one does."""
    held, facts, who = step.held, step.facts, row["name"]
    if held is None:
        if facts.attachment == VISITING and not row["is_visit"]:
            _warn_two_schools(context, step.source, who, context.schools.name(facts.school_id))
        context.ledger.outcomes.setdefault(step.source, "change")
        return facts
    before, after = asdict(held.facts), asdict(facts)
    differing = [name for name in _FACTS if before[name] != after[name]]
    if step.action == "amend":
        context.ledger.update(
            POST, held.id, {n: before[n] for n in differing}, {n: after[n] for n in differing}
        )
    elif held.facts.ends_on is None:
        last_day = day_before(facts.starts_on or context.day)
        context.ledger.update(POST, held.id, {"ends_on": None}, {"ends_on": last_day})
    shown = [name for name in differing if step.action == "amend" or name != "is_full_time_teacher"]
    context.ledger.show(
        Changed(
            step.source,
            who,
            POST.name,
            held.id,
            {name: _readable(context, name, before[name]) for name in shown},
            {name: _readable(context, name, after[name]) for name in shown},
        )
    )
    return facts if step.action == "follow" else None


def _readable(context: Context, column: str, value: Any) -> Any:
    return context.schools.name(value) if column == "school_id" else value


def _warn_two_schools(context: Context, index: int, name: str, school: str) -> None:
    context.faults.add(
        index, "person-two-schools", "warning", "school_name", school, {"name": name}
    )
