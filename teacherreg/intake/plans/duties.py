"""Duties of titles: each thing done a row, known by person, kind, day and theme."""

from typing import Final

import polars as pl

from teacherreg.intake.context import Context
from teacherreg.intake.plans.records import plan_records
from teacherreg.intake.plans.references import find_people
from teacherreg.intake.tables import DUTY

KEY: Final = ("teacher_id", "duty_kind", "done_on", "theme")
FACTS: Final = ("amount", "level", "organiser")


def plan_duties(context: Context) -> None:
    """Plan a list of duties."""
    rows, _ = find_people(context)
    if not rows.is_empty():
        when_new = {"amount": pl.col("amount").fill_null(1)}
        plan_records(context, rows, DUTY, key=KEY, facts=FACTS, when_new=when_new)
