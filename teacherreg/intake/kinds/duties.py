"""Duties of titles (履职活动): lessons shown, papers, projects, visits, one row for each."""

from typing import Final

from teacherreg.intake.check import check_filled, check_person, check_someone_named
from teacherreg.intake.fields import PERSON, Field, Kind
from teacherreg.intake.records import Records


def settle(records: Records) -> None:
    """Check the rows of a list of duties; an amount that nobody wrote is one."""
    check_someone_named(records)
    check_person(records)
    check_filled(records, "duty_kind", "done_on")
    amount = records.column("amount")
    records.escalate("amount", amount.is_null())
    records.report("amount-zero", amount == 0, name="amount", severity="error")


DUTIES: Final = Kind(
    name="duties",
    fields=(
        Field("name", "name"),
        Field("id_number", "id_number"),
        Field("staff_no"),
        Field("school_name"),
        Field("birth_date", "partial_date"),
        Field("duty_kind", "code", "duty_kinds"),
        Field("done_on", "date"),
        Field("amount", "integer"),
        Field("theme"),
        Field("level", "code", "levels"),
        Field("organiser"),
    ),
    needs=(PERSON, ("duty_kind",), ("done_on",)),
    marks=(("duty_kind",), ("done_on",)),
    keys=PERSON,
    settle=settle,
)
