"""Sessions of warning education (警示教育): when, on what, for whom, and how many came."""

from typing import Final

from teacherreg.intake.check import check_filled
from teacherreg.intake.fields import Field, Kind
from teacherreg.intake.kinds.conduct import warn_of_pupils
from teacherreg.intake.records import Records


def settle(records: Records) -> None:
    """Check the rows of a list of sessions."""
    check_filled(records, "held_on", "topic")
    warn_of_pupils(records, "topic")
    more = records.column("attended") > records.column("expected")
    records.report("attended-over-expected", more, name="attended")


SESSIONS: Final = Kind(
    name="sessions",
    fields=(
        Field("held_on", "date", wants_day=True),
        Field("topic", is_hidden=True),
        Field("level", "code", "levels"),
        Field("organiser"),
        Field("audience"),
        Field("expected", "integer"),
        Field("attended", "integer"),
        Field("case_no"),
    ),
    needs=(("held_on",), ("topic",)),
    marks=(("held_on",), ("topic", "attended")),
    keys=("held_on", "topic"),
    settle=settle,
)
