"""Counting rotations (交流轮岗) for standards that ask for a share of those who move.

The same shape as the numbers of `statement`: ``teachers`` are those of whom the share is
taken (who were to move on the eve of the school year, or who moved), ``holders`` those
counted among them (who moved, or moved and hold a title that counts). Both count at the
school of the eve. Who was to move and who did is `teacherreg.development.rotations`' to say.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import Connection, select

from teacherreg.coverage.asked import Count, Question
from teacherreg.coverage.figures import FigureKind
from teacherreg.coverage.statement import holders
from teacherreg.coverage.tables import COUNTY, SCHOOL
from teacherreg.development.rotations import Standing, movers, school_year_begins, standings
from teacherreg.errors import CoverageError, UsageError
from teacherreg.posts import post_of_the_day

_A_DAY = timedelta(days=1)


class UncountedDimensionError(CoverageError, UsageError):
    """A grouping by persons that rotations are not counted by."""


def count_rotations(connection: Connection, question: Question) -> list[Count]:
    """Count those who move in the school year of the day, by the school and stage they leave.

    Raises:
        UncountedDimensionError: If the question tells persons apart.
    """
    if question.told_apart:
        raise UncountedDimensionError(
            "dimension-not-of-rotation", dimension=", ".join(question.told_apart)
        )
    since = school_year_begins(question.on)
    whole, part = _persons(connection, question)
    eve = post_of_the_day(since - _A_DAY)
    asked = select(eve.c.teacher_id, eve.c.stage)
    stages: dict[int, str | None] = {row[0]: row[1] for row in connection.execute(asked)}
    wholes = Counter((school, stages.get(person)) for person, school in whole.items())
    parts = Counter((school, stages.get(person)) for person, school in part.items())
    return list(_counts(connection, question, wholes, parts))


def _persons(connection: Connection, question: Question) -> tuple[dict[int, int], dict[int, int]]:
    """Give those of whom the share is taken, and those counted among them, with their schools."""
    since = school_year_begins(question.on)
    moved = movers(connection, since, question.on)
    if question.standard.figure.kind is FigureKind.SHARE_OF_ELIGIBLE:
        before = standings(connection, question.settings, since - _A_DAY)
        eligible = before.filter(before["standing"] == Standing.ELIGIBLE.value)
        return dict(eligible.select("teacher_id", "school_id").iter_rows()), moved
    holding = set(connection.execute(holders(question)).scalars())
    return moved, {person: school for person, school in moved.items() if person in holding}


def _counts(
    connection: Connection,
    question: Question,
    wholes: Counter[tuple[int, str | None]],
    parts: Counter[tuple[int, str | None]],
) -> Iterator[Count]:
    named = select(
        COUNTY.c.name.label("county"),
        SCHOOL.c.id,
        SCHOOL.c.name,
        SCHOOL.c.code,
        SCHOOL.c.school_type,
        SCHOOL.c.parent_school_id,
        SCHOOL.c.township,
        SCHOOL.c.locality,
    ).join(COUNTY, COUNTY.c.code == SCHOOL.c.county_code)
    schools = {row.id: tuple(row) for row in connection.execute(named)}
    for school, stage in sorted(wholes | parts, key=lambda key: (key[0], key[1] or "")):
        whole, part = wholes[school, stage], parts[school, stage]
        if stage is None or stage in question.standard.stages:
            yield Count(*(*schools[school], stage, None, 0, 0, whole + part, whole, part))
