"""Reviews: each result a row, known by person, kind and year, and by the title reviewed."""

from typing import Final

from teacherreg.intake.context import Context
from teacherreg.intake.plans.records import plan_records
from teacherreg.intake.plans.references import find_people
from teacherreg.intake.tables import REVIEW

KEY: Final = ("teacher_id", "review_kind", "year", "title_kind", "level")
FACTS: Final = ("result", "reviewed_by", "document_no")


def plan_reviews(context: Context) -> None:
    """Plan a list of reviews."""
    rows, _ = find_people(context)
    if not rows.is_empty():
        plan_records(context, rows, REVIEW, key=KEY, facts=FACTS)
