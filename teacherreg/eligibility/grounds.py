"""The grounds: each looks at one thing that is known of a person, for one rule.

A ground first settles what is the same for everybody, then looks at one person after
another. It gives reasons against a nomination, and notes, and says nothing where nothing
stands against it. Which ground a rule uses, for which titles and with which figures, its
file says.
"""

from collections.abc import Mapping
from typing import Final

from teacherreg.eligibility import careers, records
from teacherreg.eligibility.case import Case, Ground, Look


def look_of(case: Case) -> Look:
    """Prepare to look at what the rule looks at."""
    return GROUNDS[case.rule.looks_at](case)


GROUNDS: Final[Mapping[str, Ground]] = {
    "conduct": records.conduct,
    "ethics_review": records.ethics_review,
    "annual_review": records.annual_review,
    "in_service": careers.in_service,
    "full_time_teacher": careers.full_time_teacher,
    "already_held": careers.already_held,
    "ever_awarded": careers.ever_awarded,
    "lower_level": careers.lower_level,
    "professional_rank": careers.professional_rank,
    "teaching_years": careers.teaching_years,
    "age": careers.age,
    "training_hours": careers.training_hours,
}
