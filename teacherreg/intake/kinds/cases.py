"""Cases to learn from (以案促改): without names, with what each asks to be mended.

A case with several things to be mended has a row for each; what is said of the case may
stand in the first alone.
"""

from typing import Final

from teacherreg.intake.check import check_filled, check_order
from teacherreg.intake.fields import Field, Kind
from teacherreg.intake.kinds.conduct import warn_of_pupils
from teacherreg.intake.records import Records


def settle(records: Records) -> None:
    """Check the rows of a list of cases."""
    check_filled(records, "case_no")
    for name in ("topic", "item"):
        warn_of_pupils(records, name)
    check_order(records, "circulated_on", "due_on")
    check_order(records, "circulated_on", "closed_on")


CASES: Final = Kind(
    name="cases",
    fields=(
        Field("case_no"),
        Field("topic", is_hidden=True),
        Field("act", "code", "ethics_acts", is_hidden=True),
        Field("level", "code", "levels"),
        Field("circulated_on", "date"),
        Field("issuer"),
        Field("document_no"),
        Field("item", is_hidden=True),
        Field("responsible"),
        Field("due_on", "date", day="last", may_lie_ahead=True),
        Field("closed_on", "date", wants_day=True),
    ),
    needs=(("case_no",), ("topic", "item")),
    marks=(("case_no",), ("item", "circulated_on")),
    keys=("case_no",),
    settle=settle,
)
