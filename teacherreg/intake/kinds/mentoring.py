"""Mentors and mentees (师徒结对), and the members of studios (名师工作室)."""

from typing import Final

from teacherreg.intake.check import check_filled, check_order, check_someone_named
from teacherreg.intake.fields import Field, Kind
from teacherreg.intake.records import Records

MENTOR: Final = "mentor_"
MENTEE: Final = "mentee_"


def settle(records: Records) -> None:
    """Check the rows of a list of mentors."""
    for who in (MENTOR, MENTEE):
        check_someone_named(records, who)
    check_filled(records, "starts_on")
    check_order(records, "starts_on", "ends_on", is_error=True)


def _person(who: str) -> tuple[Field, ...]:
    return (
        Field(f"{who}name", "name"),
        Field(f"{who}id_number", "id_number"),
        Field(f"{who}staff_no"),
        Field(f"{who}school"),
    )


MENTORING: Final = Kind(
    name="mentoring",
    fields=(
        *_person(MENTOR),
        *_person(MENTEE),
        Field("studio"),
        Field("subject", "code", "subjects"),
        Field("starts_on", "date"),
        Field("ends_on", "date", day="last", may_lie_ahead=True),
        Field("aim"),
    ),
    needs=(
        tuple(f"{MENTOR}{name}" for name in ("id_number", "staff_no", "name")),
        tuple(f"{MENTEE}{name}" for name in ("id_number", "staff_no", "name")),
        ("starts_on",),
    ),
    marks=(("mentor_name",), ("mentee_name",)),
    keys=("mentor_name", "mentee_name"),
    settle=settle,
)
