"""What the registry knows, as rows of a kind of workbook: what an export writes down.

A roster says what is so on a day; it has no past. So schools and teachers come as of a
day, with the posts that run on it, while titles and conduct records, which are dated
themselves, come whole. A title's last day that was worked out and not written stays
empty: it is worked out again.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

import polars as pl
from sqlalchemy import Connection

from teacherreg.codes import code_table
from teacherreg.conduct.rules import END_RULES, last_day, rule_of
from teacherreg.intake.fields import Kind
from teacherreg.intake.kinds.mentoring import MENTEE, MENTOR
from teacherreg.intake.kinds.titles import AWARDED
from teacherreg.intake.places import Places
from teacherreg.intake.plans.schools import PUPILS, school_year
from teacherreg.intake.plans.succession import left_codes
from teacherreg.intake.tables import (
    CONDUCT_RECORD,
    CORRECTIVE_ITEM,
    DUTY,
    EDUCATION_SESSION,
    ENROLMENT,
    ETHICS_CASE,
    MENTORING,
    POST,
    REVIEW,
    ROTATION,
    SCHOOL,
    SCHOOL_ALIAS,
    SUPERVISION,
    TEACHER,
    TITLE_AWARD,
    TITLE_EVENT,
    TRAINING,
    fetch,
)
from teacherreg.models import Attachment, RecordKind

_PERSON: Final = ("name", "id_number", "staff_no", "birth_date")
_SAME_POSTS: Final = ("teacher_id", "school_id", "attachment")


@dataclass(frozen=True)
class Asked:
    """What is asked of the registry.

    Attributes:
        connection: Where it is.
        schools: Its schools.
        on: The day as of which it is asked; None: today, and every school year.
        today: Today.
        only: Numbers of the schools wanted; None: all.
    """

    connection: Connection
    schools: Places
    on: date | None
    today: date
    only: frozenset[int] | None = None

    @property
    def day(self) -> str:
        """The day as text, as the registry keeps days."""
        return (self.on or self.today).isoformat()


@dataclass(frozen=True)
class Registered:
    """Rows of a kind.

    Attributes:
        rows: A column for each field, codes as codes and days as text.
        extra: Columns that no field takes, by the header under which they came.
        worded: Fields that hold words already, so that none is taken for a code.
    """

    rows: pl.DataFrame
    extra: dict[str, pl.Series]
    worded: frozenset[str] = frozenset()


def registered(kind: Kind, asked: Asked) -> Registered:
    """Give the registry's rows of a kind, in the order in which they are best read.

    Args:
        kind: The kind.
        asked: Of which schools, as of which day.
    """
    return _SOURCES[kind.name](kind, asked)


def _fields(kind: Kind, rows: pl.DataFrame) -> pl.DataFrame:
    return rows.select(field.name for field in kind.fields if not field.is_aid)


def _wanted(asked: Asked, rows: pl.DataFrame) -> pl.DataFrame:
    if asked.only is None:
        return rows
    return rows.filter(pl.col("school_id").is_in(sorted(asked.only)))


def _with_school_name(asked: Asked, rows: pl.DataFrame) -> pl.DataFrame:
    names = {number: school.name for number, school in asked.schools.by_id.items()}
    name = pl.col("school_id").replace_strict(names, default=None, return_dtype=pl.String())
    return rows.with_columns(school_name=name)


def _schools(kind: Kind, asked: Asked) -> Registered:
    """Give a row for each school and school year, or for the year that counted on a day."""
    schools = fetch(asked.connection, SCHOOL.c).rename(
        {"id": "school_id", "name": "school_name", "code": "school_code"}
    )
    aliases = fetch(asked.connection, SCHOOL_ALIAS.c).sort("id").group_by("school_id")
    names = {number: school.name for number, school in asked.schools.by_id.items()}
    parent = pl.col("parent_school_id").replace_strict(
        names, default=None, return_dtype=pl.String()
    )
    rows = (
        schools.join(aliases.agg(short_name=pl.col("name").str.join("、")), "school_id", "left")
        .join(_pupils(asked), "school_id", "left")
        .with_columns(parent_school=parent)
        .sort("school_id", "school_year", nulls_last=True)
    )
    return Registered(_fields(kind, _wanted(asked, rows)), {})


def _pupils(asked: Asked) -> pl.DataFrame:
    """Give the pupils of each school and school year, a column for each stage."""
    pupils = fetch(asked.connection, ENROLMENT.c)
    if asked.on is not None:
        begun = pl.col("school_year") <= school_year(asked.on)
        is_last = pl.col("school_year") == pl.col("school_year").max().over("school_id")
        pupils = pupils.filter(begun).filter(is_last)
    of_stage = [
        pl.col("students").filter(pl.col("stage") == stage).first().alias(name)
        for name, stage in PUPILS.items()
    ]
    return pupils.group_by("school_id", "school_year").agg(of_stage)


def _teachers(kind: Kind, asked: Asked) -> Registered:
    """Give a row for each post that runs on the day: own staff by school, then visitors.

    Who is own staff comes first, because the first row of somebody new is taken for it.
    """
    posts = _since_joining(fetch(asked.connection, POST.c))
    serving = posts.filter(_runs(asked), ~pl.col("status").is_in(sorted(left_codes())))
    rows = (
        _with_school_name(asked, _wanted(asked, serving))
        .join(fetch(asked.connection, TEACHER.c), left_on="teacher_id", right_on="id")
        .sort(pl.col("attachment") != Attachment.HOME.value, "school_id", "teacher_id")
    )
    return Registered(_fields(kind, rows), _left_over(rows["unmapped"]))


def _runs(asked: Asked) -> pl.Expr:
    starts, ends = pl.col("starts_on"), pl.col("ends_on")
    return (starts.is_null() | (starts <= asked.day)) & (ends.is_null() | (ends >= asked.day))


def _since_joining(posts: pl.DataFrame) -> pl.DataFrame:
    """Tell since when each person is at a school: from the first of the posts without a gap.

    A new rank begins a new post, but nobody joins the school again.
    """
    posts = posts.sort(*_SAME_POSTS, "starts_on", nulls_last=False)
    day_before = pl.col("starts_on").str.to_date().dt.offset_by("-1d").dt.to_string("%Y-%m-%d")
    goes_on = (pl.col("ends_on").shift(1).over(_SAME_POSTS) == day_before).fill_null(False)
    run = (~goes_on).cum_sum().over(_SAME_POSTS).alias("run")
    return posts.with_columns(run).with_columns(
        school_joined_on=pl.col("starts_on").first().over(*_SAME_POSTS, "run")
    )


def _left_over(unmapped: pl.Series) -> dict[str, pl.Series]:
    """Part the columns that nobody knows into columns again."""
    kept = [json.loads(text) if text else {} for text in unmapped]
    headers = dict.fromkeys(header for row in kept for header in row)
    return {
        header: pl.Series([row.get(header) for row in kept], dtype=pl.String) for header in headers
    }


def _titles(kind: Kind, asked: Asked) -> Registered:
    awards = fetch(asked.connection, TITLE_AWARD.c)
    ends = pl.when(~pl.col("is_term_by_rule")).then("term_ends_on").alias("term_ends_on")
    awards = awards.with_columns(ends, event=pl.lit(AWARDED))
    events = fetch(asked.connection, TITLE_EVENT.c).rename(
        {"happened_on": "awarded_on", "ends_on": "term_ends_on"}
    )
    events = events.with_columns(revoked_on=pl.lit(None, pl.String))
    rows = [_fields(kind, _of_persons(asked, some)) for some in (awards, events)]
    return Registered(pl.concat(rows), {})


def _conduct(kind: Kind, asked: Asked) -> Registered:
    records = fetch(asked.connection, CONDUCT_RECORD.c)
    table = code_table("review_results")
    words = {code: table.word(code) for code in table.codes}
    is_review = pl.col("record_kind") == RecordKind.REVIEW.value
    result = pl.when(is_review).then(pl.col("result").replace(words)).otherwise("result")
    own_ends = pl.Series("ends_on", map(_own_end, records.iter_rows(named=True)), pl.String)
    rows = _of_persons(asked, records.with_columns(result.alias("result"), own_ends))
    return Registered(_fields(kind, rows), {}, worded=frozenset({"result"}))


def _own_end(record: dict[str, Any]) -> str | None:
    """Give the last day that a decision names; one worked out by its rules stays empty."""
    ends_on: str | None = record["ends_on"]
    rule = rule_of(record["sanction_kind"], record["rule_version"])
    if rule is None or ends_on is None or rule.months is None:
        return ends_on
    decided_on = date.fromisoformat(record["decided_on"])
    by_rule = {last_day(decided_on, rule.months, which).isoformat() for which in END_RULES}
    return None if ends_on in by_rule else ends_on


def _training(kind: Kind, asked: Asked) -> Registered:
    rows = _of_persons(asked, fetch(asked.connection, TRAINING.c))
    whole = (pl.col("tenths_of_hours") // 10).cast(pl.String)
    tenth = pl.col("tenths_of_hours") % 10
    hours = pl.when(tenth == 0).then(whole).otherwise(whole + "." + tenth.cast(pl.String))
    return Registered(_fields(kind, rows.with_columns(hours=hours)), {})


def _reviews(kind: Kind, asked: Asked) -> Registered:
    rows = _of_persons(asked, fetch(asked.connection, REVIEW.c))
    return Registered(_fields(kind, rows), {})


def _mentoring(kind: Kind, asked: Asked) -> Registered:
    """Give mentors with mentees; those of some schools are those whose mentor is there."""
    whole = replace(asked, only=None)
    rows = fetch(asked.connection, MENTORING.c)
    mentees = _of_persons(whole, rows.with_columns(teacher_id="mentee_id"))
    mentors = _of_persons(asked, rows)
    both = _called(MENTOR, mentors).join(
        _called(MENTEE, mentees).select("id", f"^{MENTEE}.*$").drop("mentee_id"), "id"
    )
    return Registered(_fields(kind, both.sort("id")), {})


def _called(who: str, rows: pl.DataFrame) -> pl.DataFrame:
    named = {name: f"{who}{name}" for name in _PERSON} | {"school_name": f"{who}school"}
    return rows.rename(named)


def _rotations(kind: Kind, asked: Asked) -> Registered:
    rows = fetch(asked.connection, ROTATION.c)
    names = {number: school.name for number, school in asked.schools.by_id.items()}
    schools = [
        pl.col(f"{side}_school_id")
        .replace_strict(names, return_dtype=pl.String())
        .alias(f"{side}_school")
        for side in ("from", "to")
    ]
    whole = _of_persons(asked, rows.with_columns(schools))
    return Registered(_fields(kind, whole), {})


def _duties(kind: Kind, asked: Asked) -> Registered:
    rows = _of_persons(asked, fetch(asked.connection, DUTY.c))
    return Registered(_fields(kind, rows), {})


def _cases(kind: Kind, asked: Asked) -> Registered:
    """Give a row for each thing to be mended; a case that asks for none has one row."""
    cases = fetch(asked.connection, ETHICS_CASE.c)
    items = fetch(asked.connection, CORRECTIVE_ITEM.c).rename({"id": "item_id"})
    rows = cases.join(items, left_on="id", right_on="ethics_case_id", how="left")
    return Registered(_fields(kind, rows.sort("id", "item_id")), {})


def _sessions(kind: Kind, asked: Asked) -> Registered:
    cases = fetch(asked.connection, [ETHICS_CASE.c.id, ETHICS_CASE.c.case_no])
    rows = fetch(asked.connection, EDUCATION_SESSION.c).join(
        cases.rename({"id": "ethics_case_id"}), on="ethics_case_id", how="left"
    )
    return Registered(_fields(kind, rows.sort("id")), {})


def _supervisors(kind: Kind, asked: Asked) -> Registered:
    rows = fetch(asked.connection, SUPERVISION.c)
    names = {number: school.name for number, school in asked.schools.by_id.items()}
    school = pl.col("school_id").replace_strict(names, default=None, return_dtype=pl.String())
    rows = rows.with_columns(supervised_school=school).drop("school_id")
    return Registered(_fields(kind, _of_persons(asked, rows)), {})


def _of_persons(asked: Asked, rows: pl.DataFrame) -> pl.DataFrame:
    """Add to records what says whom they are about, and the school of that person."""
    persons = fetch(asked.connection, [TEACHER.c.id, *(TEACHER.c[name] for name in _PERSON)])
    posts = fetch(asked.connection, POST.c)
    is_home = pl.col("attachment") == Attachment.HOME.value
    places = (
        posts.sort(_runs(asked), is_home, pl.col("ends_on").fill_null("9999"), "id")
        .group_by("teacher_id")
        .agg(pl.col("school_id").last())
    )
    whole = rows.join(persons, left_on="teacher_id", right_on="id").join(
        places, "teacher_id", "left"
    )
    return _with_school_name(asked, _wanted(asked, whole)).sort("id")


_SOURCES: Final[dict[str, Callable[[Kind, Asked], Registered]]] = {
    "schools": _schools,
    "teachers": _teachers,
    "titles": _titles,
    "conduct": _conduct,
    "training": _training,
    "reviews": _reviews,
    "mentoring": _mentoring,
    "rotations": _rotations,
    "duties": _duties,
    "cases": _cases,
    "sessions": _sessions,
    "supervisors": _supervisors,
}
