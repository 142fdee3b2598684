"""The discipline officers' file: conduct records with their state on the day, cases, sessions.

What belongs to a later day than the one published for is left out: on that day nobody knew
it. Records of what is over leave this ordinary view when the county says so; the registry
keeps them, for they belong to the personnel file.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from sqlalchemy import Case, Connection, Select, case, func, or_, select

from teacherreg.conduct.figures import decision_figures
from teacherreg.conduct.sanctions import SanctionState, State, sanctions_of
from teacherreg.models import (
    ConductRecord,
    CorrectiveItem,
    EducationSession,
    EthicsCase,
    RecordKind,
)
from teacherreg.posts import post_of_the_day
from teacherreg.publish import source
from teacherreg.publish.source import SCHOOL, TEACHER, table_of
from teacherreg.publish.tables import Filled, Row, Table, word
from teacherreg.settings import Settings

RECORD, CASE = table_of(ConductRecord), table_of(EthicsCase)
ITEM, SESSION = table_of(CorrectiveItem), table_of(EducationSession)

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
        "person_category": str,
        "occurred_on": str,
        "decided_by": str,
        "document_no": str,
        "released_by": str,
        "release_document_no": str,
        "appealed_on": str,
        "appeal_result": str,
        "summary": str,
    },
    label="name",
    sort="decided_on",
    is_descending=True,
    facets=("record_kind", "state", "sanction_kind", "year"),
    sortable=("teacher_id", "name", "school", "ends_on", "released_on", "result", "act"),
    searched={"name": "person"},
)
FIGURES = Table(
    "decision_figures",
    {
        "id": int,
        "year": int,
        "breakdown": str,
        "sanction_kind": str,
        "act": str,
        "decisions": int,
    },
    sort="id",
    facets=("year", "breakdown"),
)
CASES = Table(
    "cases",
    {
        "id": int,
        "case_no": str,
        "topic": str,
        "act": str,
        "level": str,
        "circulated_on": str,
        "issuer": str,
        "document_no": str,
        "open_items": int,
    },
    label="case_no",
    sort="circulated_on",
    is_descending=True,
    facets=("act", "level"),
    sortable=("case_no", "open_items"),
)
ITEMS = Table(
    "corrective_items",
    {
        "id": int,
        "ethics_case_id": int,
        "item": str,
        "responsible": str,
        "due_on": str,
        "closed_on": str,
        "state": str,
    },
    sort="due_on",
    facets=("state",),
    sortable=("closed_on", "responsible"),
    references={"ethics_case_id": "cases"},
)
SESSIONS = Table(
    "sessions",
    {
        "id": int,
        "held_on": str,
        "topic": str,
        "level": str,
        "organiser": str,
        "audience": str,
        "expected": int,
        "attended": int,
        "ethics_case_id": int,
    },
    sort="held_on",
    is_descending=True,
    facets=("level", "organiser"),
    sortable=("topic", "expected", "attended"),
    references={"ethics_case_id": "cases"},
)
TABLES = (RECORDS, FIGURES, CASES, ITEMS, SESSIONS)

# What is over, and so leaves ordinary reports: 个人信息保护法 第十九条, as a setting.
_OVER: Final = frozenset({State.RELEASED, State.ENDED, State.ANNULLED})


def filled(connection: Connection, settings: Settings, on: date) -> list[Filled]:
    """Give the tables with their rows, read as they are written.

    Args:
        connection: The registry; must stay open until the rows are read.
        settings: Those in force.
        on: The day on which the records are looked at.
    """
    states = {one.record_id: one for one in sanctions_of(connection, settings, on)}
    over = {number for number, one in states.items() if one.state in _OVER}
    hidden = over if settings["ethics.hide_released"] else set()
    return [
        (RECORDS, (row for row in _records(connection, on, states) if row[0] not in hidden)),
        (FIGURES, _figures(connection, states, settings.number("ethics.min_cell"))),
        (CASES, _cases(connection, on)),
        (ITEMS, _items(connection, on)),
        (SESSIONS, _sessions(connection, on)),
    ]


def _records(
    connection: Connection, on: date, states: Mapping[int, SanctionState]
) -> Iterator[Row]:
    for row in source.stream(connection, _asked(on)):
        is_review = row.record_kind == RecordKind.REVIEW.value
        stands = states.get(row.id)
        has_state = stands is not None and stands.state is not State.NO_PERIOD
        yield (
            row.id,
            row.teacher_id,
            row.name,
            row.school,
            word("record_kinds", row.record_kind),
            word("sanctions", row.sanction_kind),
            word("record_states", stands.state) if stands and has_state else None,
            _day(row.decided_on),
            _day(stands.ends_on if stands else row.ends_on),
            _day(stands.released_on) if stands else None,
            row.year,
            word("review_results", row.result) if is_review else row.result,
            word("ethics_acts", row.act),
            word("person_categories", row.person_category),
            _day(row.occurred_on),
            row.decided_by,
            row.document_no,
            row.released_by if stands and stands.released_on else None,
            row.release_document_no if stands and stands.released_on else None,
            _known(row.appealed_on, on),
            word("appeal_results", row.appeal_result)
            if _known(row.appeal_decided_on, on)
            else None,
            row.summary,
        )


def _asked(on: date) -> Select[Any]:
    post = post_of_the_day(on)
    return (
        select(RECORD, TEACHER.c.name, SCHOOL.c.name.label("school"))
        .join(TEACHER, TEACHER.c.id == RECORD.c.teacher_id)
        .outerjoin(post, post.c.teacher_id == RECORD.c.teacher_id)
        .outerjoin(SCHOOL, SCHOOL.c.id == post.c.school_id)
        .where(
            or_(RECORD.c.decided_on.is_(None), RECORD.c.decided_on <= on),
            or_(RECORD.c.year.is_(None), RECORD.c.year <= on.year),
        )
        .order_by(RECORD.c.id)
    )


def _figures(
    connection: Connection, states: Mapping[int, SanctionState], least: int
) -> Iterator[Row]:
    acts = {row.id: row.act for row in connection.execute(select(RECORD.c.id, RECORD.c.act))}
    for number, one in enumerate(decision_figures(states.values(), acts, least), start=1):
        kind = one.item if one.breakdown == "kind" else None
        act = one.item if one.breakdown == "act" else None
        yield (
            number,
            one.year,
            word("figure_breakdowns", one.breakdown),
            word("sanctions", kind),
            word("ethics_acts", act),
            one.decisions,
        )


def item_state(on: date) -> Case[str]:
    """Tell the state of something to be mended on a day: a code of ``item_states``."""
    return case(
        (ITEM.c.closed_on <= on, "closed"),
        (ITEM.c.due_on < on, "overdue"),
        else_="open",
    )


def _cases(connection: Connection, on: date) -> Iterator[Row]:
    unclosed = (
        select(ITEM.c.ethics_case_id, func.count().label("open_items"))
        .where(item_state(on) != "closed")
        .group_by(ITEM.c.ethics_case_id)
        .subquery("unclosed")
    )
    asked = (
        select(CASE, func.coalesce(unclosed.c.open_items, 0).label("open_items"))
        .outerjoin(unclosed, unclosed.c.ethics_case_id == CASE.c.id)
        .where(_circulated(on))
        .order_by(CASE.c.id)
    )
    for row in source.stream(connection, asked):
        yield (
            row.id,
            row.case_no,
            row.topic,
            word("ethics_acts", row.act),
            word("levels", row.level),
            _day(row.circulated_on),
            row.issuer,
            row.document_no,
            row.open_items,
        )


def _items(connection: Connection, on: date) -> Iterator[Row]:
    asked = (
        select(ITEM, item_state(on).label("state"))
        .join(CASE, CASE.c.id == ITEM.c.ethics_case_id)
        .where(_circulated(on))
        .order_by(ITEM.c.id)
    )
    for row in source.stream(connection, asked):
        yield (
            row.id,
            row.ethics_case_id,
            row.item,
            row.responsible,
            _day(row.due_on),
            _known(row.closed_on, on),
            word("item_states", row.state),
        )


def _circulated(on: date) -> Any:
    return or_(CASE.c.circulated_on.is_(None), CASE.c.circulated_on <= on)


def _sessions(connection: Connection, on: date) -> Iterator[Row]:
    asked = select(SESSION).where(SESSION.c.held_on <= on).order_by(SESSION.c.id)
    for row in source.stream(connection, asked):
        yield (
            row.id,
            _day(row.held_on),
            row.topic,
            word("levels", row.level),
            row.organiser,
            row.audience,
            row.expected,
            row.attended,
            row.ethics_case_id,
        )


def _known(day: date | None, on: date) -> str | None:
    return _day(day) if day and day <= on else None


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
