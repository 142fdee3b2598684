"""Counting: who serves where, who is counted, how many pupils; numbers, never people."""

from collections.abc import Sequence

from sqlalchemy import Connection

from teacherreg.coverage.asked import Count, Question, school_year_of
from teacherreg.coverage.rotated import count_rotations
from teacherreg.coverage.statement import any_title, holders, is_counted, statement

__all__ = [
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
    """Count, in one grouped statement; see `statement`, and for rotations `rotated`."""
    if question.standard.is_about_rotation:
        return count_rotations(connection, question)
    return [Count._make(row) for row in connection.execute(statement(question))]
