"""Hours of training: how many a person has in five years, and in one.

Hours are kept and added as tenths, so 72+72+72+72+71 is exactly 359. A course counts on
the day on which it ended, and never before: what ended after the day asked for is not there.
"""

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from typing import Final

import polars as pl
from sqlalchemy import ColumnElement, Connection, Select, and_, extract, func, select
from sqlmodel import SQLModel

from teacherreg.codes.periods import add_months
from teacherreg.models import Teacher, Training
from teacherreg.settings import Settings

TEACHER = SQLModel.metadata.tables[str(Teacher.__tablename__)]
TRAINING = SQLModel.metadata.tables[str(Training.__tablename__)]

YEARS: Final = 5
NEEDED_TENTHS: Final = 3600  # 教师〔2011〕1号; 教督〔2017〕6号: 360 学时 in five years
MEAN_TENTHS: Final = 720  # the same, for each of the five years
YEARLY_TENTHS: Final = 900  # 人社部令第25号: 90 学时 of continuing education a year

_ROLLING: Final = "rolling"
_MOST_ASKED_BY_NAME: Final = 500  # more are found faster by asking for everybody


def window(settings: Settings, on: date) -> tuple[date, date]:
    """Tell the first and the last day on which hours count for a day.

    The setting ``training.window`` decides: the five calendar years up to that of the day, or
    the sixty months that end with it.

    Example:
        >>> window(Settings({"training.window": "rolling"}), date(2026, 8, 31))
        (datetime.date(2021, 9, 1), datetime.date(2026, 8, 31))
    """
    if on.year <= YEARS:
        return date.min, on
    if settings["training.window"] == _ROLLING:
        return add_months(on, -12 * YEARS) + timedelta(days=1), on
    return date(on.year - YEARS + 1, 1, 1), on


def hours_of(
    connection: Connection,
    settings: Settings,
    on: date,
    teacher_ids: Collection[int] | None = None,
) -> pl.DataFrame:
    """Count the hours of training of five years, against the 360 that are needed.

    Args:
        connection: The registry.
        settings: ``training.window`` says which five years.
        on: The day as of which it is asked.
        teacher_ids: Whose; None: of everybody on record.

    Returns:
        A row for each person, by number: ``teacher_id``, ``tenths``, ``needed_tenths``,
        ``short_tenths`` (0 where nothing is), ``window_from``, ``window_to``.

    Source:
        教师〔2011〕1号; 教督〔2017〕6号.
    """
    first, last = window(settings, on)
    return _sums(connection, first, last, teacher_ids).with_columns(
        needed_tenths=pl.lit(NEEDED_TENTHS, pl.Int64),
        short_tenths=pl.max_horizontal(NEEDED_TENTHS - pl.col("tenths"), pl.lit(0, pl.Int64)),
        window_from=pl.lit(first),
        window_to=pl.lit(last),
    )


def hours_of_the_year(
    connection: Connection, on: date, teacher_ids: Collection[int] | None = None
) -> pl.DataFrame:
    """Count the hours since 1 January: a row for each person with ``teacher_id``, ``tenths``."""
    return _sums(connection, date(on.year, 1, 1), on, teacher_ids)


def trained(settings: Settings, on: date, hours: int) -> "Select[tuple[int]]":
    """Name those who have so many hours of training in the five years of `window`, as SQL."""
    first, last = window(settings, on)
    return (
        select(TRAINING.c.teacher_id)
        .where(TRAINING.c.ends_on.between(first, last))
        .group_by(TRAINING.c.teacher_id)
        .having(func.sum(TRAINING.c.tenths_of_hours) >= 10 * hours)
    )


def hours_by_year(connection: Connection, teacher_id: int, on: date) -> Mapping[int, int]:
    """Add up one person's tenths of hours by the year in which the courses ended."""
    year = extract("year", TRAINING.c.ends_on)
    asked = (
        select(year, func.sum(TRAINING.c.tenths_of_hours))
        .where(TRAINING.c.teacher_id == teacher_id, TRAINING.c.ends_on <= on)
        .group_by(year)
        .order_by(year)
    )
    return {int(row[0]): int(row[1]) for row in connection.execute(asked)}


def written(tenths: int) -> str:
    """Write hours as people do.

    Example:
        >>> written(720), written(45)
        ('72', '4.5')
    """
    whole, tenth = divmod(tenths, 10)
    return f"{whole}.{tenth}" if tenth else str(whole)


def _sums(
    connection: Connection, first: date, last: date, teacher_ids: Collection[int] | None
) -> pl.DataFrame:
    counted = and_(TRAINING.c.teacher_id == TEACHER.c.id, TRAINING.c.ends_on.between(first, last))
    asked = (
        select(TEACHER.c.id, func.coalesce(func.sum(TRAINING.c.tenths_of_hours), 0))
        .outerjoin(TRAINING, counted)
        .where(*_of(teacher_ids))
        .group_by(TEACHER.c.id)
        .order_by(TEACHER.c.id)
    )
    rows = [(row[0], int(row[1])) for row in connection.execute(asked)]
    frame = pl.DataFrame(rows, {"teacher_id": pl.Int64, "tenths": pl.Int64}, orient="row")
    return (
        frame
        if teacher_ids is None
        else frame.filter(pl.col("teacher_id").is_in(list(teacher_ids)))
    )


def _of(teacher_ids: Collection[int] | None) -> list[ColumnElement[bool]]:
    if teacher_ids is None or len(teacher_ids) > _MOST_ASKED_BY_NAME:
        return []
    return [TEACHER.c.id.in_(teacher_ids)]
