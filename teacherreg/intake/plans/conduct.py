"""Conduct: yearly reviews, commendations, handlings and sanctions of known people.

What stands in these rows is told to nobody but the officer who sent it.
"""

from datetime import date
from typing import Final

import polars as pl

from teacherreg.conduct.rules import StaffCategory, sanction_rule
from teacherreg.intake.context import Context
from teacherreg.intake.plans.records import plan_records
from teacherreg.intake.plans.references import find_people
from teacherreg.intake.tables import CONDUCT_RECORD
from teacherreg.models import RecordKind

KEY: Final = ("teacher_id", "record_kind", "year", "sanction_kind", "decided_on")
FACTS: Final = ("act", "released_on", "decided_by", "document_no", "summary")
_DECIDES_PERIOD: Final = ["teacher_id", "sanction_kind", "decided_on"]

# 事业单位工作人员处分规定 and 公职人员政务处分法 part staff from managers (管理岗位).
_CATEGORY_OF_STAFF: Final[dict[str, StaffCategory]] = {
    "administrator": "manager",
    "part_time_teacher": "private",
}


def plan_conduct(context: Context) -> None:
    """Plan a list of conduct records."""
    rows, people = find_people(context)
    if rows.is_empty():
        return
    rows = rows.join(
        _periods(rows, people.posts),
        on=_DECIDES_PERIOD,
        how="left",
        nulls_equal=True,
        maintain_order="left",
    )
    # Two commendations of one day are told apart by their names; a review has one result.
    is_commendation = pl.col("record_kind") == RecordKind.COMMENDATION.value
    parts: tuple[tuple[pl.DataFrame, tuple[str, ...], tuple[str, ...]], ...] = (
        (rows.filter(is_commendation), (*KEY, "result"), FACTS),
        (rows.filter(~is_commendation), KEY, (*FACTS, "result")),
    )
    for some, key, facts in parts:
        if not some.is_empty():
            plan_records(
                context,
                some,
                CONDUCT_RECORD,
                key=key,
                facts=facts,
                also=("rule_version", "ends_on"),
                when_new={name: pl.col(name) for name in ("rule_version", "ends_on")},
            )


def _periods(rows: pl.DataFrame, posts: pl.DataFrame) -> pl.DataFrame:
    """Find the version of the rules that a decision falls under, and the end of its period."""
    decisions = (
        rows.select(_DECIDES_PERIOD)
        .unique()
        .filter(pl.col("sanction_kind").is_not_null() & pl.col("decided_on").is_not_null())
    )
    then = _staff_category_then(decisions, posts)
    versions: list[str | None] = []
    ends: list[str | None] = []
    for teacher_id, kind, day in decisions.iter_rows():
        decided_on = date.fromisoformat(day)
        category = _CATEGORY_OF_STAFF.get(then.get((teacher_id, day)) or "", "staff")
        rule = sanction_rule(kind, decided_on, category)
        end = rule.ends_on(decided_on) if rule is not None else None
        versions.append(rule.rule_version if rule is not None else None)
        ends.append(end.isoformat() if end is not None else None)
    return decisions.with_columns(
        rule_version=pl.Series(versions, dtype=pl.String()),
        ends_on=pl.Series(ends, dtype=pl.String()),
    )


def _staff_category_then(
    decisions: pl.DataFrame, posts: pl.DataFrame
) -> dict[tuple[int, str], str | None]:
    """Tell the staff category that each person had on the day of the decision."""
    day = pl.col("decided_on")
    known = decisions.join(posts, on="teacher_id").filter(
        pl.col("starts_on").is_null() | (pl.col("starts_on") <= day),
        pl.col("ends_on").is_null() | (day <= pl.col("ends_on")),
    )
    columns = known.select("teacher_id", "decided_on", "staff_category").rows()
    return {(teacher_id, decided_on): category for teacher_id, decided_on, category in columns}
