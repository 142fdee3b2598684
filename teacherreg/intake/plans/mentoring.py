"""Mentoring: a row for each mentor and mentee, known by both and the first day."""

from typing import Final

import polars as pl

from teacherreg.intake.context import Context
from teacherreg.intake.kinds.mentoring import MENTEE, MENTOR
from teacherreg.intake.plans.records import plan_records
from teacherreg.intake.plans.references import find_people
from teacherreg.intake.tables import MENTORING

KEY: Final = ("teacher_id", "mentee_id", "starts_on", "studio")
FACTS: Final = ("subject", "ends_on", "aim")


def plan_mentoring(context: Context) -> None:
    """Plan a list of mentors; a mentee whose school is not named is looked for at the mentor's."""
    rows = context.rows.with_columns(
        pl.coalesce(f"{MENTEE}school", f"{MENTOR}school").alias(f"{MENTEE}school")
    )
    mentees, _ = find_people(context, rows, MENTEE)
    mentors, _ = find_people(context, rows, MENTOR)
    pairs = mentors.join(mentees.select("i", mentee_id="teacher_id"), on="i", maintain_order="left")
    for index, name in (
        pairs.filter(pl.col("mentee_id") == pl.col("teacher_id"))
        .select("i", "known_name")
        .iter_rows()
    ):
        context.faults.add(index, "mentor-oneself", "error", f"{MENTEE}name", name)
    pairs = context.faults.keep(pairs)
    if not pairs.is_empty():
        plan_records(context, pairs, MENTORING, key=KEY, facts=FACTS)
