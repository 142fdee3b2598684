"""Conduct: yearly reviews, commendations, handlings and sanctions of known people.

What stands in these rows is told to nobody but the officer who sent it. A decision keeps
the rules of its day: they are looked up when it is new, or when the category of the person
is put right, and never again.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final

import polars as pl

from teacherreg.codes import code_table
from teacherreg.codes.columns import column_of
from teacherreg.conduct.powers import deciding_powers
from teacherreg.conduct.rules import (
    LONGEST_MONTHS,
    SanctionRule,
    StaffCategory,
    last_day,
    rule_of,
    rules_without,
    sanction_rule,
)
from teacherreg.intake.context import Context
from teacherreg.intake.plans.records import plan_records
from teacherreg.intake.plans.references import find_people
from teacherreg.intake.tables import CONDUCT_RECORD, fetch
from teacherreg.locale import t
from teacherreg.models import RecordKind

KEY: Final = ("teacher_id", "record_kind", "year", "sanction_kind", "decided_on")
BY_RULE: Final = ("person_category", "rule_version", "ends_on")
FACTS: Final = (
    "act", "occurred_on", "decided_by", "document_no", "summary", "extended_on", "extended_to",
    "released_on", "released_by", "release_document_no", "appealed_on", "appeal_decided_on",
    "appeal_result", "annulled_on", *BY_RULE,
)  # fmt: skip
# Days that must follow others, which the registry may have from an earlier file.
_IN_ORDER: Final = (("ends_on", "extended_to"), ("appealed_on", "appeal_decided_on"))

Row = Mapping[str, Any]


def plan_conduct(context: Context) -> None:
    """Plan a list of conduct records."""
    rows, people = find_people(context)
    if rows.is_empty():
        return
    rows = _with_rules(context, rows, people.posts)
    # Two commendations of one day are told apart by their names; a review has one result.
    is_commendation = pl.col("record_kind") == RecordKind.COMMENDATION.value
    parts: tuple[tuple[pl.DataFrame, tuple[str, ...], tuple[str, ...]], ...] = (
        (rows.filter(is_commendation), (*KEY, "result"), FACTS),
        (rows.filter(~is_commendation), KEY, (*FACTS, "result")),
    )
    for some, key, facts in parts:
        if not some.is_empty():
            plan_records(context, some, CONDUCT_RECORD, key=key, facts=facts)


def _with_rules(context: Context, rows: pl.DataFrame, posts: pl.DataFrame) -> pl.DataFrame:
    """Settle category, rules and last day of each decision; empty where nothing changes."""
    is_case = pl.col("sanction_kind").is_not_null() & pl.col("decided_on").is_not_null()
    cases = rows.filter(is_case)
    known = _known(context, cases)
    then = _staff_category_then(cases, posts)
    settled: list[tuple[int, str | None, str | None, str | None]] = []
    for row in cases.iter_rows(named=True):
        old = known.get(tuple(row[name] for name in KEY), {})
        category = row["person_category"] or old.get("person_category")
        if category is None:
            category = _category_of(context, then.get((row["teacher_id"], row["decided_on"])))
        by_rule = _settled(context, row, old, category)
        settled.append((row["i"], *by_rule))
        _check_kind(context, row, category)
        _check_powers(context, row, category)
        _check_extension(context, row, old, by_rule[-1])
    schema = {"i": pl.Int64(), **dict.fromkeys(BY_RULE, pl.String())}
    columns = pl.DataFrame(settled, schema=schema, orient="row")
    others = rows.drop(BY_RULE, strict=False).with_columns(pl.col("i").cast(pl.Int64))
    return context.faults.keep(others.join(columns, on="i", how="left", maintain_order="left"))


def _known(context: Context, cases: pl.DataFrame) -> dict[tuple[Any, ...], Row]:
    """Read what the registry has of the same decisions, by their key."""
    wanted = ("id", *KEY, *BY_RULE, "extended_to", "appealed_on", "appeal_decided_on")
    found = fetch(
        context.connection,
        [CONDUCT_RECORD.c[name] for name in wanted],
        (CONDUCT_RECORD.c.teacher_id, cases["teacher_id"].unique()),
    )
    return {tuple(row[name] for name in KEY): row for row in found.iter_rows(named=True)}


def _settled(
    context: Context, row: Row, old: Row, category: StaffCategory
) -> tuple[str | None, str | None, str | None]:
    """Give what is to be written of category, version and last day; None: it stays."""
    kind, decided_on = row["sanction_kind"], date.fromisoformat(row["decided_on"])
    is_put_right = bool(row["person_category"]) and category != old.get("person_category")
    if old and not is_put_right:
        rule = rule_of(kind, old["rule_version"], context.settings)
        return None, None, _end(context, row, rule) if row["ends_on"] else None
    rule = sanction_rule(kind, decided_on, category, context.settings)
    return category, rule.rule_version if rule else None, _end(context, row, rule)


def _end(context: Context, row: Row, rule: SanctionRule | None) -> str | None:
    """Give the last day: that of the decision if the rules allow it, else that of the rules.

    Several acts of one kind judged together: between one period and the sum, at most 48
    months.

    Source:
        政务处分法 第十五条.
    """
    decided_on = date.fromisoformat(row["decided_on"])
    by_rule = rule.ends_on(decided_on) if rule else None
    written: str | None = row["ends_on"]
    if by_rule is None:
        return written
    if written is None:
        return by_rule.isoformat()
    day = date.fromisoformat(written)
    if day == by_rule - timedelta(days=1):  # the same period, counted to the day before
        return by_rule.isoformat()
    is_bounded = code_table("sanctions").value(row["sanction_kind"], "category") == "disciplinary"
    longest = last_day(decided_on, LONGEST_MONTHS) if is_bounded else date.max
    taken = min(max(day, by_rule), longest)
    if taken != day:
        most = longest.isoformat() if is_bounded else "—"
        bounds = {"least": by_rule.isoformat(), "most": most, "taken": taken.isoformat()}
        context.faults.add(row["i"], "sanction-end-outside", "warning", "ends_on", written, bounds)
    return taken.isoformat()


def _check_kind(context: Context, row: Row, category: StaffCategory) -> None:
    """Warn of a kind that the rules for persons of the category do not have on that day."""
    decided_on = date.fromisoformat(row["decided_on"])
    document = rules_without(row["sanction_kind"], decided_on, category, context.settings)
    if document is not None:
        rules = {
            "category": code_table("person_categories").label(category),
            "document": document,
            "decided_on": row["decided_on"],
        }
        name = "sanction_kind"
        context.faults.add(row["i"], "sanction-not-in-rules", "warning", name, None, rules)


def _check_powers(context: Context, row: Row, category: StaffCategory) -> None:
    """Warn where a body decided that the rules do not name.

    Source:
        教师〔2018〕18号 第七条.
    """
    name = row["decided_by"]
    if name is None or context.settings["sanctions.deciding_powers"] == "off":
        return
    powers = deciding_powers()
    decided_on = date.fromisoformat(row["decided_on"])
    wanted = powers.who_decides(row["sanction_kind"], category, decided_on)
    is_school = context.schools.resolve(name).school_id is not None
    body = "school" if is_school else powers.body_of(name)
    if wanted is None or body is None or body == wanted:
        return
    named = t("intake.body-authority") if wanted == "authority" else t("intake.body-school")
    rule = {"document": powers.document, "article": powers.article, "body": named}
    context.faults.add(row["i"], "decided-by-outside-powers", "warning", "decided_by", name, rule)


def _check_extension(context: Context, row: Row, old: Row, ends_on: str | None) -> None:
    """Refuse days out of order with others; tell an extension without an end.

    Args:
        context: Of the import.
        row: The decision as its row has it.
        old: What the registry has of it.
        ends_on: The last day that is to be written; None: that of the registry stays.
    """
    taken = {**row, "ends_on": ends_on}
    for earlier, later in _IN_ORDER:
        first, then = (taken[name] or old.get(name) for name in (earlier, later))
        if first and then and then < first:
            label = column_of("conduct", earlier).label()
            if row[earlier] == first:
                other = label
            elif earlier == "ends_on" and ends_on:
                other = t("intake.by-rule", column=label, day=first)
            else:
                other = t("intake.on-file", column=label, day=first)
            context.faults.add(row["i"], "date-order", "error", later, then, {"other": other})
    if row["extended_on"] and not (row["extended_to"] or old.get("extended_to")):
        context.faults.add(row["i"], "extension-without-end", "warning", "extended_on")


def _category_of(context: Context, staff_category: str | None) -> StaffCategory:
    """Tell whose rules a decision follows from the post of the day.

    公职人员政务处分法 and the provisions for public staff part managers (管理岗位) from others.
    """
    if staff_category == "part_time_teacher":
        return "private"
    are_managers = context.settings["sanctions.managers"] == "administrators"
    return "manager" if staff_category == "administrator" and are_managers else "staff"


def _staff_category_then(
    decisions: pl.DataFrame, posts: pl.DataFrame
) -> dict[tuple[int, str], str | None]:
    """Tell the staff category that each person had on the day of the decision."""
    day = pl.col("decided_on")
    known = (
        decisions.select("teacher_id", "decided_on")
        .unique()
        .join(posts, on="teacher_id")
        .filter(
            pl.col("starts_on").is_null() | (pl.col("starts_on") <= day),
            pl.col("ends_on").is_null() | (day <= pl.col("ends_on")),
        )
    )
    columns = known.select("teacher_id", "decided_on", "staff_category").rows()
    return {(teacher_id, decided_on): category for teacher_id, decided_on, category in columns}
