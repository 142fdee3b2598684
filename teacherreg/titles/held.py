"""Whether a title is held on a day: the one place where that is said, as portable SQL.

An award says when a title was given and until when; what happened to it later are events
of the same person, kind and level, and of the same subject where both name one. Only what
happened by the day counts on it, so a past day is answered as it was.

* Renewed: the term runs to the end of the renewal, if that is later.
* Ended (届满终止): the day recorded is the last of the term, whatever term was awarded.
* Suspended: not held until it is resumed or renewed, or the suspension's last day is over.
* Revoked: not held from that day on; only a new award gives it back.

There are few events beside the awards, so the awards that one concerns are found once for
a question, never anew for each award.
"""

from collections.abc import Collection, Iterator
from datetime import date
from typing import Any, Final, TypeAlias

import polars as pl
from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Subquery,
    Table,
    and_,
    case,
    func,
    literal,
    or_,
    select,
)
from sqlmodel import SQLModel

from teacherreg.models import TitleAward, TitleEvent, TitleEventKind

Asked: TypeAlias = "Select[*tuple[Any, ...]]"

AWARD: Final[Table] = SQLModel.metadata.tables[str(TitleAward.__tablename__)]
EVENT: Final[Table] = SQLModel.metadata.tables[str(TitleEvent.__tablename__)]

IN_FORCE: Final = "in_force"
EXPIRED: Final = "expired"
SUSPENDED: Final = "suspended"
REVOKED: Final = "revoked"
NOT_IN_FORCE: Final = "not_in_force"  # all that leaders are told of one suspended or revoked
SCHEMA: Final[dict[str, pl.DataType]] = {
    "teacher_id": pl.Int64(),
    "award_id": pl.Int64(),
    "title_kind": pl.String(),
    "level": pl.String(),
    "subject": pl.String(),
    "awarded_on": pl.Date(),
    "term_ends_on": pl.Date(),
    "state": pl.String(),
    "term_began_on": pl.Date(),
}

_NO_END: Final = date.max  # stands for the end of a title without a term
_LISTED: Final = 500  # numbers in one statement: a database takes only so many


def held_on(day: date, *, count_expired: bool = False) -> ColumnElement[bool]:
    """Tell whether an award is held on a day, as a condition over ``title_award``.

    Args:
        day: The day; the first and the last day of a term count.
        count_expired: Whether one past its term still counts, as the county's setting
            ``titles.count_expired`` may say.
    """
    awards = awards_on(day)
    held = awards.c.state == IN_FORCE
    if count_expired:
        held = or_(held, and_(awards.c.state == EXPIRED, awards.c.suspended == 0))
    return AWARD.c.id.in_(select(awards.c.id).where(held))


def awards_on(day: date) -> Subquery:
    """Give every award as it is on a day.

    Returns:
        The columns of ``title_award``, of which ``term_ends_on`` is the last day as the
        events by then leave it (null without a term); ``term_began_on``, the day of the last
        renewal, else that of the award; ``state``, a code of ``title_states``; and
        ``suspended``, 0 or 1, because a title past its term can be suspended too.
    """
    touched = _touched(day)
    ends = func.coalesce(touched.c.term_ends_on, AWARD.c.term_ends_on)
    state = case(
        (or_(AWARD.c.revoked_on <= day, touched.c.revoked == 1), REVOKED),
        (AWARD.c.awarded_on.is_(None), "undated"),
        (AWARD.c.awarded_on > day, "not_yet"),
        (ends < day, EXPIRED),
        (touched.c.suspended == 1, SUSPENDED),
        else_=IN_FORCE,
    )
    kept = [column for column in AWARD.c if column.name != "term_ends_on"]
    return (
        select(
            *kept,
            func.nullif(ends, _NO_END, type_=AWARD.c.term_ends_on.type).label("term_ends_on"),
            func.coalesce(touched.c.renewed_on, AWARD.c.awarded_on).label("term_began_on"),
            state.label("state"),
            func.coalesce(touched.c.suspended, 0).label("suspended"),
        )
        .outerjoin(touched, touched.c.award_id == AWARD.c.id)
        .correlate(None)
        .subquery("awards_of_the_day")
    )


def state_for_leaders(state: str, term_ends_on: date | None, on: date) -> str:
    """Tell the state of an award without saying what was done about it.

    A title may be suspended or revoked because of a sanction, of which leaders learn nothing:
    they are told that it is not in force, and of one whose term is over that it is.

    Args:
        state: Code of ``title_states``, on a day.
        term_ends_on: Last day of the term; None without one.
        on: The day.
    """
    if state not in (SUSPENDED, REVOKED):
        return state
    return EXPIRED if term_ends_on is not None and term_ends_on < on else NOT_IN_FORCE


def titles_held(
    connection: Connection, on: date, teacher_ids: Collection[int] | None = None
) -> pl.DataFrame:
    """Give the titles held on a day.

    Args:
        connection: The registry.
        on: The day.
        teacher_ids: Of whom; None: of everybody.

    Returns:
        A row for each award, with the columns of `SCHEMA`, by person and day of award.
        ``term_ends_on`` is the last day as the events by then leave it, null without a term;
        ``state`` is ``in_force`` throughout.
    """
    return titles_of(connection, on, teacher_ids).filter(pl.col("state") == IN_FORCE)


def titles_of(
    connection: Connection, on: date, teacher_ids: Collection[int] | None = None
) -> pl.DataFrame:
    """Give all awards with their state on a day; else as `titles_held`."""
    awards = awards_on(on)
    number = awards.c.id.label("award_id")
    columns = [number if name == "award_id" else awards.c[name] for name in SCHEMA]
    asked = select(*columns).order_by(
        awards.c.teacher_id, awards.c.awarded_on.nulls_last(), awards.c.id
    )
    parts = [asked] if teacher_ids is None else _parts(asked, awards.c.teacher_id, teacher_ids)
    rows = [tuple(row) for some in parts for row in connection.execute(some)]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def _parts(asked: Asked, column: ColumnElement[int], wanted: Collection[int]) -> Iterator[Asked]:
    listed = sorted(wanted)
    for start in range(0, len(listed), _LISTED):
        yield asked.where(column.in_(listed[start : start + _LISTED]))


def _touched(day: date) -> Subquery:
    """Give the awards that events by a day concern, and what those leave of them.

    ``term_ends_on`` is the last day of the term, `_NO_END` where it has none; ``revoked``
    and ``suspended`` are 0 or 1.
    """
    own_end = func.coalesce(AWARD.c.term_ends_on, literal(_NO_END))
    renewed_to = _latest(func.coalesce(EVENT.c.ends_on, literal(_NO_END)), TitleEventKind.RENEWED)
    full_term = case((renewed_to > own_end, renewed_to), else_=own_end)
    ended = _latest(EVENT.c.happened_on, TitleEventKind.EXPIRED)
    renewed = _latest(EVENT.c.happened_on, TitleEventKind.RENEWED)
    suspended = func.max(
        case(
            (
                and_(
                    EVENT.c.event == TitleEventKind.SUSPENDED.value,
                    or_(EVENT.c.ends_on.is_(None), EVENT.c.ends_on >= day),
                ),
                EVENT.c.happened_on,
            )
        )
    )
    resumed = _latest(EVENT.c.happened_on, TitleEventKind.RESUMED, TitleEventKind.RENEWED)
    return (
        select(
            AWARD.c.id.label("award_id"),
            case(
                (and_(ended < full_term, or_(renewed.is_(None), renewed < ended)), ended),
                else_=full_term,
            ).label("term_ends_on"),
            renewed.label("renewed_on"),
            func.max(case((EVENT.c.event == TitleEventKind.REVOKED.value, 1), else_=0)).label(
                "revoked"
            ),
            case(
                (and_(suspended.is_not(None), or_(resumed.is_(None), resumed < suspended)), 1),
                else_=0,
            ).label("suspended"),
        )
        .join_from(EVENT, AWARD, _concerns())
        .where(EVENT.c.happened_on <= day, EVENT.c.event != TitleEventKind.NOMINATED.value)
        .group_by(AWARD.c.id, AWARD.c.term_ends_on)
        .correlate(None)
        .subquery("touched")
    )


def _concerns() -> ColumnElement[bool]:
    """Tell whether an event is about an award."""
    return and_(
        AWARD.c.teacher_id == EVENT.c.teacher_id,
        AWARD.c.title_kind == EVENT.c.title_kind,
        func.coalesce(AWARD.c.level, "") == func.coalesce(EVENT.c.level, ""),
        or_(
            EVENT.c.subject.is_(None),
            AWARD.c.subject.is_(None),
            AWARD.c.subject == EVENT.c.subject,
        ),
        AWARD.c.awarded_on <= EVENT.c.happened_on,
    )


def _latest(column: ColumnElement[Any], *events: TitleEventKind) -> ColumnElement[Any]:
    is_one = EVENT.c.event.in_([event.value for event in events])
    return func.max(case((is_one, column)))
