"""What each kind of workbook holds."""

from typing import Final

from teacherreg.intake.fields import Field, Kind
from teacherreg.intake.kinds.cases import CASES
from teacherreg.intake.kinds.conduct import CONDUCT
from teacherreg.intake.kinds.duties import DUTIES
from teacherreg.intake.kinds.mentoring import MENTORING
from teacherreg.intake.kinds.reviews import REVIEWS
from teacherreg.intake.kinds.rotations import ROTATIONS
from teacherreg.intake.kinds.schools import SCHOOLS
from teacherreg.intake.kinds.sessions import SESSIONS
from teacherreg.intake.kinds.supervisors import SUPERVISORS
from teacherreg.intake.kinds.teachers import TEACHERS
from teacherreg.intake.kinds.titles import TITLES
from teacherreg.intake.kinds.training import TRAINING

__all__ = ["KINDS", "Field", "Kind"]

KINDS: Final[dict[str, Kind]] = {
    kind.name: kind
    for kind in (
        SCHOOLS,
        TEACHERS,
        TITLES,
        CONDUCT,
        TRAINING,
        REVIEWS,
        MENTORING,
        ROTATIONS,
        DUTIES,
        CASES,
        SESSIONS,
        SUPERVISORS,
    )
}
