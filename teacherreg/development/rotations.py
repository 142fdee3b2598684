"""Rotations (交流轮岗): who is to move to another school, and whether enough did.

Who is to move is asked as of a day; whether enough did, of a school year: those who moved in
it, up to the day, against those who were to move on its eve. A rotation
interrupts the years at a school: after it they are counted anew.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Final, NamedTuple

import polars as pl
from sqlalchemy import Connection, or_, select
from sqlmodel import SQLModel

from teacherreg.codes.periods import add_months
from teacherreg.development.retirement import last_working_day, track_of
from teacherreg.development.staff import full_time_teachers
from teacherreg.models import Attachment, Rotation
from teacherreg.posts import POST, post_of_the_day
from teacherreg.settings import Settings

ROTATION: Final = SQLModel.metadata.tables[str(Rotation.__tablename__)]

# 教督〔2017〕6号; 教师〔2014〕4号: of those eligible 10 % each school year, of those 20 % backbone.
MOVED_PERCENT: Final = 10
BACKBONE_PERCENT: Final = 20
COMPULSORY_STAGES: Final = ("primary", "junior")  # both documents are about compulsory education
_A_DAY: Final = timedelta(days=1)


class Standing(StrEnum):
    """Whether somebody is to move."""

    ELIGIBLE = "eligible"
    NOT_YET = "not_yet"  # too few years at the school
    NEAR_RETIREMENT = "near_retirement"
    AWAY = "away"  # on rotation that day
    UNKNOWN = "unknown"  # nobody wrote down since when the person is at the school


class _Stretch(NamedTuple):
    school_id: int
    starts_on: date | None
    ends_on: date | None


@dataclass(frozen=True)
class Share:
    """A part of a whole, against the percentage that it must reach; whole persons, exactly.

    Example:
        >>> Share(120, 11, 10).needed, Share(120, 11, 10).meets, Share(120, 12, 10).meets
        (12, False, True)
    """

    whole: int
    part: int
    percent: int

    @property
    def needed(self) -> int:
        """The least part that reaches the percentage."""
        return -(-self.whole * self.percent // 100)

    @property
    def meets(self) -> bool | None:
        """Whether it is reached; None of nobody."""
        return self.part >= self.needed if self.whole else None


@dataclass(frozen=True)
class Moved:
    """The rotations of a school year up to a day.

    Attributes:
        since: The first day of the school year.
        on: The day.
        moved: Those who moved, of those eligible on the eve of the school year.
        backbone: Those who held a counted title on the day, of those who moved.
        unknown: Teachers of whom nobody can say whether they were eligible.
    """

    since: date
    on: date
    moved: Share
    backbone: Share
    unknown: int


def standings(
    connection: Connection,
    settings: Settings,
    on: date,
    school_ids: Collection[int] | None = None,
) -> pl.DataFrame:
    """Tell of each full-time teacher whether he or she is to move, as of a day.

    Args:
        connection: The registry.
        settings: ``rotation.years_limit``, ``rotation.exempt_years_to_retirement`` and
            ``retirement.senior_women``.
        on: The day.
        school_ids: Only of these schools; None: of all.

    Returns:
        A row for each of a school's own full-time teachers: ``teacher_id``, ``name``,
        ``staff_no``, ``school_id``, ``school``, ``since`` (the first day of the present stay,
        empty where unknown), ``years`` (whole ones), ``retires_on`` (empty where sex or birth
        is not on file, who then is not exempt) and ``standing``, a `Standing`.

    Source:
        教师〔2014〕4号.
    """
    people = full_time_teachers(connection, on, school_ids)
    people = people.filter(pl.col("attachment") == Attachment.HOME.value)
    posts, moves = _home_posts(connection, on), _moves(connection, on)
    judged = [
        _judged(row, posts[row["teacher_id"]], moves[row["teacher_id"]], settings, on)
        for row in people.iter_rows(named=True)
    ]
    columns = {"since": pl.Date, "years": pl.Int64, "retires_on": pl.Date, "standing": pl.String}
    found = pl.DataFrame(judged, columns, orient="row")
    named = people.select("teacher_id", "name", "staff_no", "school_id", "school")
    return pl.concat([named, found], how="horizontal")


def _judged(
    row: Mapping[str, Any],
    posts: list[_Stretch],
    moves: list[_Stretch],
    settings: Settings,
    on: date,
) -> tuple[date | None, int | None, date | None, str]:
    """Give since when, how many years, when the person retires, and the standing."""
    spared = settings.number("rotation.exempt_years_to_retirement")
    since = _since(posts, moves, row["school_id"], on)
    years = None if since is None else years_between(since, on)
    retires = _retires_on(row, str(settings["retirement.senior_women"]))
    if any(move.ends_on is None or move.ends_on >= on for move in moves):
        standing = Standing.AWAY
    elif years is None:
        standing = Standing.UNKNOWN
    elif years < settings.number("rotation.years_limit"):
        standing = Standing.NOT_YET
    elif spared and retires and on >= add_months(retires, -12 * spared):
        standing = Standing.NEAR_RETIREMENT
    else:
        standing = Standing.ELIGIBLE
    return since, years, retires, standing.value


def moved_in_year(
    connection: Connection,
    settings: Settings,
    on: date,
    backbone_ids: Collection[int],
    school_ids: Collection[int] | None = None,
) -> Moved:
    """Compare those who moved in the school year of a day with the shares that are asked.

    The shares are asked of compulsory education: only who served at a primary or junior stage
    on the eve of the school year is counted, who may move or did.

    Args:
        connection: The registry.
        settings: As for `standings`.
        on: The day; who moves later has not moved.
        backbone_ids: Those who hold a counted title (骨干教师).
        school_ids: Only from these schools; None: from all.

    Source:
        教督〔2017〕6号 (10 % of those eligible, 20 % backbone); 教师〔2014〕4号.
    """
    since = school_year_begins(on)
    eve = post_of_the_day(since - _A_DAY)
    asked = select(eve.c.teacher_id).where(eve.c.stage.in_(COMPULSORY_STAGES))
    compulsory = set(connection.execute(asked).scalars())
    moved = compulsory.intersection(movers(connection, since, on, school_ids))
    people = standings(connection, settings, since - _A_DAY, school_ids)
    before = people.filter(pl.col("teacher_id").is_in(list(compulsory)))["standing"].to_list()
    return Moved(
        since=since,
        on=on,
        moved=Share(before.count(Standing.ELIGIBLE), len(moved), MOVED_PERCENT),
        backbone=Share(len(moved), len(moved.intersection(backbone_ids)), BACKBONE_PERCENT),
        unknown=before.count(Standing.UNKNOWN),
    )


def movers(
    connection: Connection,
    since: date,
    on: date,
    school_ids: Collection[int] | None = None,
) -> dict[int, int]:
    """Give those who moved from a day to another, each with the school that was left first.

    Args:
        connection: The registry.
        since: The first day.
        on: The last day.
        school_ids: Only from these schools; None: from all.
    """
    asked = (
        select(ROTATION.c.teacher_id, ROTATION.c.from_school_id)
        .where(ROTATION.c.starts_on.between(since, on))
        .order_by(ROTATION.c.starts_on.desc(), ROTATION.c.id.desc())
    )
    if school_ids is not None:
        asked = asked.where(ROTATION.c.from_school_id.in_(school_ids))
    return {row[0]: row[1] for row in connection.execute(asked)}


def school_year_begins(on: date) -> date:
    """Give the first day of the school year of a day: 1 September.

    Example:
        >>> school_year_begins(date(2026, 8, 31))
        datetime.date(2025, 9, 1)
    """
    return date(max(on.year - (on.month < 9), 1), 9, 1)


def years_between(first: date, last: date) -> int:
    """Count the whole years from one day to another, both included.

    Example:
        >>> years_between(date(2019, 9, 1), date(2025, 8, 31))
        6
    """
    years = last.year - first.year + 1
    while add_months(last, -12 * years) + _A_DAY < first:
        years -= 1
    return years


def _home_posts(connection: Connection, on: date) -> defaultdict[int, list[_Stretch]]:
    """Give the home posts begun by a day, of each person the latest first."""
    begun = or_(POST.c.starts_on.is_(None), POST.c.starts_on <= on)
    asked = (
        select(POST.c.teacher_id, POST.c.school_id, POST.c.starts_on, POST.c.ends_on)
        .where(POST.c.attachment == Attachment.HOME.value, begun)
        .order_by(POST.c.starts_on.desc().nulls_last(), POST.c.id.desc())
    )
    return _by_person(connection.execute(asked))


def _moves(connection: Connection, on: date) -> defaultdict[int, list[_Stretch]]:
    """Give the rotations begun by a day, under the school that was left."""
    asked = select(
        ROTATION.c.teacher_id, ROTATION.c.from_school_id, ROTATION.c.starts_on, ROTATION.c.ends_on
    ).where(ROTATION.c.starts_on <= on)
    return _by_person(connection.execute(asked))


def _by_person(rows: Iterable[Any]) -> defaultdict[int, list[_Stretch]]:
    """Sort rows of a person, a school, a first and a last day by person."""
    found: defaultdict[int, list[_Stretch]] = defaultdict(list)
    for person, school_id, starts_on, ends_on in rows:
        found[person].append(_Stretch(school_id, starts_on, ends_on))
    return found


def _since(posts: list[_Stretch], moves: list[_Stretch], school_id: int, on: date) -> date | None:
    """Tell since when somebody is at a school without a gap; None where nobody wrote it down."""
    since: date | None = None
    reaches: date | None = on  # the day that an earlier post must reach
    for post in posts:
        if post.school_id == school_id and reaches and (post.ends_on or on) >= reaches:
            since = post.starts_on
            reaches = since - _A_DAY if since else None
    back = [
        move.ends_on + _A_DAY
        for move in moves
        if move.school_id == school_id and move.ends_on is not None and move.ends_on < on
    ]
    return max([*back, *([since] if since else [])], default=None)


def _retires_on(row: Mapping[str, Any], senior_women: str) -> date | None:
    track = track_of(row["sex"], row["staff_category"], row["professional_rank"], senior_women)
    born = row["birth_date"]
    if track is None or not born:
        return None
    return last_working_day(date(int(born[:4]), int(born[5:7]), 1), track)
