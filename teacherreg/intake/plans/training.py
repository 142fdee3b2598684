"""Training: each course a row, known by person, project and last day."""

from typing import Final

from teacherreg.intake.context import Context
from teacherreg.intake.plans.records import plan_records
from teacherreg.intake.plans.references import find_people
from teacherreg.intake.tables import TRAINING

KEY: Final = ("teacher_id", "project", "ends_on")
FACTS: Final = ("level", "tenths_of_hours", "starts_on", "organiser", "document_no")


def plan_training(context: Context) -> None:
    """Plan a list of training."""
    rows, _ = find_people(context)
    if not rows.is_empty():
        rows = rows.rename({"hours": "tenths_of_hours"})
        plan_records(context, rows, TRAINING, key=KEY, facts=FACTS)
