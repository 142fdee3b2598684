"""Supervisors: each term a row, known by person, team, school and first day."""

from typing import Final

from teacherreg.intake.context import Context
from teacherreg.intake.plans.records import plan_records
from teacherreg.intake.plans.references import find_people
from teacherreg.intake.tables import SUPERVISION

KEY: Final = ("teacher_id", "team", "school_id", "starts_on")
FACTS: Final = ("ends_on", "issuer", "document_no")


def plan_supervisors(context: Context) -> None:
    """Plan a list of supervisors; one who names no school supervises the whole county."""
    rows, _ = find_people(context)
    rows = context.with_school_of(rows.drop("school_id"), "supervised_school")
    if not rows.is_empty():
        rows = rows.rename({"supervised_school_id": "school_id"})
        plan_records(context, rows, SUPERVISION, key=KEY, facts=FACTS)
