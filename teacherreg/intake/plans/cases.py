"""Cases to learn from: known by their number, and what each asks to be mended by its words."""

from typing import Final

import polars as pl

from teacherreg.codes.columns import column_of
from teacherreg.intake.context import Context
from teacherreg.intake.plans.records import plan_records
from teacherreg.intake.tables import CORRECTIVE_ITEM, ETHICS_CASE, TEACHER, fetch

FACTS: Final = ("topic", "act", "level", "circulated_on", "issuer", "document_no")
ITEM_FACTS: Final = ("responsible", "due_on", "closed_on")
_SURELY_A_NAME: Final = 3  # characters; names of two are words of every text


def plan_cases(context: Context) -> None:
    """Plan a list of cases: the cases first, then what is to be mended."""
    rows = context.faults.keep(context.rows).with_columns(known_name=pl.col("case_no"))
    rows = _with_topics(context, rows)
    if rows.is_empty():
        return
    _warn_of_names(context, rows)
    cases = plan_records(
        context, rows, ETHICS_CASE, key=("case_no",), facts=FACTS, known_by="case_no"
    )
    items = rows.filter(pl.col("item").is_not_null()).join(
        cases.rename({"id": "ethics_case_id"}), on="case_no", maintain_order="left"
    )
    if not items.is_empty():
        key = ("ethics_case_id", "item")
        plan_records(
            context, items, CORRECTIVE_ITEM, key=key, facts=ITEM_FACTS, known_by="ethics_case_id"
        )


def _with_topics(context: Context, rows: pl.DataFrame) -> pl.DataFrame:
    """Refuse the rows of a new case that nowhere says what it is about."""
    known = fetch(context.connection, [ETHICS_CASE.c.case_no])["case_no"]
    has_topic = pl.col("topic").is_not_null().any().over("case_no")
    untold = rows.filter(~has_topic & ~pl.col("case_no").is_in(known.implode()))
    for index in untold["i"]:
        field = column_of("cases", "topic").label()
        context.faults.add(index, "cell-missing", "error", "topic", None, {"field": field})
    return context.faults.keep(rows)


def _warn_of_names(context: Context, rows: pl.DataFrame) -> None:
    """Warn where a case names somebody of the registry, without naming him or her again."""
    names = fetch(context.connection, [TEACHER.c.name])["name"].unique()
    telling = names.filter(names.str.len_chars() >= _SURELY_A_NAME).to_list()
    for column in ("topic", "item", "responsible") if telling else ():
        named = rows.filter(pl.col(column).str.contains_any(telling))
        for index in named["i"]:
            context.faults.add(index, "case-names-somebody", "warning", column)
