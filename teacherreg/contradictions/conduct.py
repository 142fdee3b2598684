"""Decisions that contradict what else is on file."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any, Final, get_args

from sqlalchemy import ColumnElement, and_, or_, select

from teacherreg.codes import code_table
from teacherreg.conduct.rules import StaffCategory, rules_without
from teacherreg.conduct.sanctions import State, sanctions_of
from teacherreg.contradictions.answer import Found
from teacherreg.contradictions.ground import Ground, table
from teacherreg.eligibility.answer import Word
from teacherreg.models import RecordKind, ReviewKind

CONDUCT, REVIEW = table("conduct_record"), table("review")

# Grades that a year may not have, by how far a sanction limits them (data/conduct/effects.toml).
_BARRED: Final[Mapping[str, frozenset[str]]] = {
    "not_excellent": frozenset({"excellent"}),
    "no_grade": frozenset({"excellent", "qualified", "basically_qualified", "unqualified"}),
    "not_qualified": frozenset({"excellent", "qualified"}),
    "not_basic": frozenset({"excellent", "qualified", "basically_qualified"}),
}
_PASSED: Final = ("excellent", "qualified", "basically_qualified")


def released_before_decision(ground: Ground) -> Iterator[Found]:
    """Find decisions whose release is dated before them."""
    asked = select(CONDUCT.c.id, CONDUCT.c.teacher_id, CONDUCT.c.decided_on).where(
        CONDUCT.c.released_on < CONDUCT.c.decided_on, CONDUCT.c.decided_on <= ground.on
    )
    for row in ground.connection.execute(asked):
        named = {"record": row.id, "decided_on": row.decided_on}
        yield Found("release-before-decision", row.teacher_id, (("conduct_record", row.id),), named)


def outside_rules(ground: Ground) -> Iterator[Found]:
    """Find sanctions of a kind that the rules for the person's category do not have.

    Not what is annulled, and not where no category is on record.
    """
    for one in ground.sanctions:
        for category in get_args(StaffCategory):
            if one.person_category != category or one.state is State.ANNULLED:
                continue
            document = rules_without(one.kind, one.decided_on, category, ground.settings)
            if document is not None:
                named = {
                    "record": one.record_id,
                    "decided_on": one.decided_on,
                    "category": Word("person_categories", category),
                    "document": document,
                }
                records = (("conduct_record", one.record_id),)
                yield Found("sanction-not-in-rules", one.teacher_id, records, named)


def _known_by(told: ColumnElement[Any], year: ColumnElement[Any], on: date) -> ColumnElement[bool]:
    """Say that the result of a year was known on a day: when told, else at the year's end."""
    last_whole_year = (on + timedelta(days=1)).year - 1
    return or_(told <= on, and_(told.is_(None), year <= last_whole_year))


def graded_against_sanction(ground: Ground) -> Iterator[Found]:
    """Find yearly grades that a sanction of the year does not allow.

    Source:
        人社部发〔2023〕58号, 人社部、监察部令第18号: as ``data/conduct/effects.toml`` has it.
    """
    asked = select(REVIEW.c.id, REVIEW.c.teacher_id, REVIEW.c.year, REVIEW.c.result).where(
        REVIEW.c.review_kind == ReviewKind.ANNUAL.value,
        _known_by(REVIEW.c.reviewed_on, REVIEW.c.year, ground.on),
    )
    by_year = defaultdict(list)
    of_the_sanctioned = {one.teacher_id for one in ground.sanctions}
    for row in ground.connection.execute(asked):
        if row.teacher_id in of_the_sanctioned:
            by_year[row.year].append(row)
    stands = {one.record_id for one in ground.sanctions if one.state != State.ANNULLED}
    for year, reviews in sorted(by_year.items()):
        people = {row.teacher_id for row in reviews}
        day = min(date(year, 12, 31), ground.on)
        limits = defaultdict(list)
        for one in sanctions_of(ground.connection, ground.settings, day, people):
            for effect in one.effects if one.record_id in stands else ():
                if effect.what == "annual_grade":
                    limits[one.teacher_id].append((one, _BARRED.get(effect.limit, frozenset())))
        for row in reviews:
            for one, barred in limits[row.teacher_id]:
                if row.result in barred:
                    named = {"year": year, "record": one.record_id, "decided_on": one.decided_on}
                    records = (("review", row.id), ("conduct_record", one.record_id))
                    yield Found("grade-against-sanction", row.teacher_id, records, named)


def passed_despite_ethics(ground: Ground) -> Iterator[Found]:
    """Find yearly reviews that were passed in a year whose ethics review was failed.

    Source:
        教师〔2013〕10号: who fails the ethics review fails the annual review.
    """
    asked = (
        select(REVIEW.c.id, REVIEW.c.teacher_id, REVIEW.c.year, CONDUCT.c.id.label("record"))
        .join(
            CONDUCT,
            (CONDUCT.c.teacher_id == REVIEW.c.teacher_id) & (CONDUCT.c.year == REVIEW.c.year),
        )
        .where(
            REVIEW.c.review_kind == ReviewKind.ANNUAL.value,
            REVIEW.c.result.in_(_PASSED),
            CONDUCT.c.record_kind == RecordKind.REVIEW.value,
            CONDUCT.c.result == "unqualified",
            _known_by(REVIEW.c.reviewed_on, REVIEW.c.year, ground.on),
            _known_by(CONDUCT.c.decided_on, CONDUCT.c.year, ground.on),
        )
    )
    for row in ground.connection.execute(asked):
        records = (("review", row.id), ("conduct_record", row.record))
        yield Found("passed-despite-ethics", row.teacher_id, records, {"year": row.year})


def serving_after_dismissal(ground: Ground) -> Iterator[Found]:
    """Find people who are dismissed, or may not be hired, and yet serve.

    Whose contract a school ended may have been hired by another.
    """
    serving = code_table("person_status").where("counts_as_serving", "1")
    for one in ground.sanctions:
        if one.category not in {"disciplinary", "ban"}:
            continue
        is_over = any(effect.what == "employment" for effect in one.effects)
        if is_over and ground.statuses.get(one.teacher_id) in serving:
            named = {"record": one.record_id, "decided_on": one.decided_on}
            records = (("conduct_record", one.record_id),)
            yield Found("serving-after-dismissal", one.teacher_id, records, named)
