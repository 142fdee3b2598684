"""The discipline officers' file: conduct records with their state on the day.

A record of a later day than the one published for is left out: on that day nobody knew it.
"""

from collections.abc import Iterator
from datetime import date

from sqlalchemy import Case, Connection, case, null, or_, select

from teacherreg.models import ConductRecord, RecordKind
from teacherreg.posts import post_of_the_day
from teacherreg.publish import source
from teacherreg.publish.source import SCHOOL, TEACHER, table_of
from teacherreg.publish.tables import Filled, Row, Table, word

RECORD = table_of(ConductRecord)
RECORDS = Table(
    "records",
    {
        "id": int,
        "teacher_id": int,
        "name": str,
        "school": str,
        "record_kind": str,
        "sanction_kind": str,
        "state": str,
        "decided_on": str,
        "ends_on": str,
        "released_on": str,
        "year": int,
        "result": str,
        "act": str,
        "decided_by": str,
        "document_no": str,
        "summary": str,
    },
    label="name",
    sort="decided_on",
    is_descending=True,
    facets=("record_kind", "state", "sanction_kind", "year"),
    sortable=("teacher_id", "name", "school", "ends_on", "released_on", "result", "act"),
    searched={"name": "person"},
)
TABLES = (RECORDS,)


def filled(connection: Connection, on: date) -> list[Filled]:
    """Give the table with its rows, read as they are written.

    Args:
        connection: The registry; must stay open until the rows are read.
        on: The day on which the records are looked at.
    """
    return [(RECORDS, _records(connection, on))]


def record_state(on: date) -> Case[str | None]:
    """Tell the state of a record on a day: a code of ``record_states``.

    A record without a period (a review, a criticism, a dismissal) has none. One whose
    period is over waits for its release to be put on file.

    Source:
        教师〔2018〕18号 第九条; 事业单位人事管理条例 第三十一条.
    """
    return case(
        (RECORD.c.released_on <= on, "released"),
        (RECORD.c.ends_on.is_(None), null()),
        (RECORD.c.ends_on >= on, "in_force"),
        else_="expired_unreleased",
    )


def _records(connection: Connection, on: date) -> Iterator[Row]:
    post = post_of_the_day(on)
    asked = (
        select(
            RECORD,
            record_state(on).label("state"),
            TEACHER.c.name,
            SCHOOL.c.name.label("school"),
        )
        .join(TEACHER, TEACHER.c.id == RECORD.c.teacher_id)
        .outerjoin(post, post.c.teacher_id == RECORD.c.teacher_id)
        .outerjoin(SCHOOL, SCHOOL.c.id == post.c.school_id)
        .where(
            or_(RECORD.c.decided_on.is_(None), RECORD.c.decided_on <= on),
            or_(RECORD.c.year.is_(None), RECORD.c.year <= on.year),
        )
        .order_by(RECORD.c.id)
    )
    for row in source.stream(connection, asked):
        is_review = row.record_kind == RecordKind.REVIEW.value
        yield (
            row.id,
            row.teacher_id,
            row.name,
            row.school,
            word("record_kinds", row.record_kind),
            word("sanctions", row.sanction_kind),
            word("record_states", row.state),
            _day(row.decided_on),
            _day(row.ends_on),
            _day(row.released_on if row.state == "released" else None),
            row.year,
            word("review_results", row.result) if is_review else row.result,
            word("ethics_acts", row.act),
            row.decided_by,
            row.document_no,
            row.summary,
        )


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
