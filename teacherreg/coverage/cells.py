"""Counting: who serves where, who is counted, how many pupils; numbers, never people."""

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection

from teacherreg.coverage.asked import Count, Question, school_year_of
from teacherreg.coverage.reached import leaders_within_reach
from teacherreg.coverage.rotated import count_rotations
from teacherreg.coverage.statement import SCHOOL, any_title, holders, is_counted, statement

__all__ = [
    "SCHOOL",
    "Count",
    "Question",
    "any_title",
    "count",
    "holders",
    "is_counted",
    "school_year_of",
    "statement",
]


def count(connection: Connection, question: Question) -> Sequence[Count]:
    """Count, in one grouped statement; see `statement`, and for rotations `rotated`.

    Holders within reach are found person by person, and follow as rows of ``visitors``.
    """
    if question.standard.is_about_rotation:
        return count_rotations(connection, question)
    counts = [Count._make(row) for row in connection.execute(statement(question))]
    if question.standard.counted.is_within_reach and question.told_apart == ("subject",):
        counts += _within_reach(connection, question, counts)
    return counts


def _within_reach(
    connection: Connection, question: Question, counts: Sequence[Count]
) -> Iterator[Count]:
    school = {count.school_id: count for count in counts}
    stages = question.standard.stages
    found = leaders_within_reach(connection, question)
    for school_id, stage, subject, leaders in found.iter_rows():
        if stage in stages:
            yield school[school_id]._replace(
                stage=stage,
                subject=subject,
                is_enrolled=0,
                students=0,
                persons=0,
                teachers=0,
                holders=0,
                visitors=leaders,
            )
