"""Training records: one row for each course that somebody finished, with its hours."""

from typing import Final

from teacherreg.intake.check import check_filled, check_order, check_person, check_someone_named
from teacherreg.intake.fields import PERSON, Field, Kind
from teacherreg.intake.records import Records


def settle(records: Records) -> None:
    """Check the rows of a list of training."""
    check_someone_named(records)
    check_person(records)
    check_filled(records, "project", "hours", "ends_on")
    check_order(records, "starts_on", "ends_on", is_error=True)


TRAINING: Final = Kind(
    name="training",
    fields=(
        Field("name", "name"),
        Field("id_number", "id_number"),
        Field("staff_no"),
        Field("school_name"),
        Field("birth_date", "partial_date"),
        Field("project"),
        Field("level", "code", "levels"),
        Field("hours", "tenths"),
        Field("starts_on", "date"),
        Field("ends_on", "date", day="last"),
        Field("organiser"),
        Field("document_no"),
    ),
    needs=(PERSON, ("project",), ("hours",), ("ends_on",)),
    marks=(("project",), ("hours",)),
    keys=PERSON,
    settle=settle,
)
