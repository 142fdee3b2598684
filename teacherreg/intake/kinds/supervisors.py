"""The team of supervisors (督导专家团队): who belongs to it, for which school, until when."""

from typing import Final

from teacherreg.intake.check import check_filled, check_order, check_person, check_someone_named
from teacherreg.intake.fields import PERSON, Field, Kind
from teacherreg.intake.records import Records


def settle(records: Records) -> None:
    """Check the rows of a list of supervisors."""
    check_someone_named(records)
    check_person(records)
    check_filled(records, "starts_on")
    check_order(records, "starts_on", "ends_on", is_error=True)


SUPERVISORS: Final = Kind(
    name="supervisors",
    fields=(
        Field("name", "name"),
        Field("id_number", "id_number"),
        Field("staff_no"),
        Field("school_name"),
        Field("birth_date", "partial_date"),
        Field("team"),
        Field("supervised_school"),
        Field("starts_on", "date"),
        Field("ends_on", "date", day="last", may_lie_ahead=True),
        Field("issuer"),
        Field("document_no"),
    ),
    needs=(PERSON, ("team", "supervised_school"), ("starts_on",)),
    marks=(("team", "supervised_school"),),
    keys=PERSON,
    settle=settle,
)
