"""Sessions of warning education: each a row, known by day, topic and who held it."""

from typing import Final

import polars as pl

from teacherreg.intake.context import Context
from teacherreg.intake.plans.records import plan_records
from teacherreg.intake.tables import EDUCATION_SESSION, ETHICS_CASE, fetch

KEY: Final = ("held_on", "topic", "organiser")
FACTS: Final = ("level", "audience", "expected", "attended", "ethics_case_id")


def plan_sessions(context: Context) -> None:
    """Plan a list of sessions."""
    rows = context.faults.keep(context.rows).with_columns(known_name=pl.col("held_on"))
    cases = fetch(context.connection, [ETHICS_CASE.c.id, ETHICS_CASE.c.case_no])
    rows = rows.join(
        cases.rename({"id": "ethics_case_id"}), on="case_no", how="left", maintain_order="left"
    )
    unknown = rows.filter(pl.col("case_no").is_not_null() & pl.col("ethics_case_id").is_null())
    for index, number in unknown.select("i", "case_no").iter_rows():
        context.faults.add(index, "case-unknown", "warning", "case_no", number)
    if not rows.is_empty():
        plan_records(context, rows, EDUCATION_SESSION, key=KEY, facts=FACTS, known_by="held_on")
