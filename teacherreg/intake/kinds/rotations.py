"""Rotations (交流轮岗): who works at which other school, from when to when."""

from typing import Final

from teacherreg.intake.check import check_filled, check_order, check_person, check_someone_named
from teacherreg.intake.fields import PERSON, Field, Kind
from teacherreg.intake.records import Records


def settle(records: Records) -> None:
    """Check the rows of a list of rotations."""
    check_someone_named(records)
    check_person(records)
    check_filled(records, "from_school", "to_school", "starts_on")
    check_order(records, "starts_on", "ends_on", is_error=True)


ROTATIONS: Final = Kind(
    name="rotations",
    fields=(
        Field("name", "name"),
        Field("id_number", "id_number"),
        Field("staff_no"),
        Field("birth_date", "partial_date"),
        Field("from_school"),
        Field("to_school"),
        Field("starts_on", "date"),
        Field("ends_on", "date", day="last", may_lie_ahead=True),
        Field("rotation_kind", "code", "rotation_kinds"),
    ),
    needs=(PERSON, ("from_school",), ("to_school",), ("starts_on",)),
    marks=(("from_school",), ("to_school",)),
    keys=PERSON,
    settle=settle,
)
