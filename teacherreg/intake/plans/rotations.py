"""Rotations: each stay at another school a row, known by person, school and first day."""

from typing import Final

import polars as pl

from teacherreg.intake.context import Context
from teacherreg.intake.plans.records import plan_records
from teacherreg.intake.plans.references import find_people
from teacherreg.intake.tables import ROTATION

KEY: Final = ("teacher_id", "to_school_id", "starts_on")
FACTS: Final = ("from_school_id", "ends_on", "rotation_kind")


def plan_rotations(context: Context) -> None:
    """Plan a list of rotations; who has no number is looked for at the school of before."""
    rows, _ = find_people(context, context.rows.with_columns(school_name=pl.col("from_school")))
    for side in ("from", "to"):
        rows = context.with_school_of(rows, f"{side}_school")
    same = rows.filter(pl.col("from_school_id") == pl.col("to_school_id"))
    for index, school in same.select("i", "to_school").iter_rows():
        context.faults.add(index, "rotation-same-school", "error", "to_school", school)
    rows = context.faults.keep(rows)
    if not rows.is_empty():
        plan_records(context, rows, ROTATION, key=KEY, facts=FACTS)
