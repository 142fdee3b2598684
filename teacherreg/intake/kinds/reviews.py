"""Reviews: the yearly review of a person, and the review of a title in its term.

Reviews of ethics (师德考核) are conduct records and come with those.
"""

from typing import Final

from teacherreg.intake.check import check_filled, check_person, check_someone_named
from teacherreg.intake.fields import PERSON, Field, Kind
from teacherreg.intake.records import Records
from teacherreg.models import ReviewKind

# A column of results whose header says of which review they are.
_KIND_OF: Final = {
    "annual_result": ReviewKind.ANNUAL.value,
    "honour_assessment": ReviewKind.TITLE.value,
}


def settle(records: Records) -> None:
    """Check the rows, and tell the kind of review from the header where only that says it."""
    check_someone_named(records)
    check_person(records)
    for name, kind in _KIND_OF.items():
        told = records.column(name)
        where = records.column("result").is_null() & told.is_not_null()
        records.fill("result", where, told)
        unsaid = records.column("review_kind").is_null() & ~records.told_mask("review_kind")
        records.fill("review_kind", where & unsaid, kind)
    check_filled(records, "year", "review_kind", "result")
    _check_titles(records)


def _check_titles(records: Records) -> None:
    """Leave out the title of a yearly review, which is of the person; it is told."""
    is_annual = records.column("review_kind") == ReviewKind.ANNUAL.value
    is_named = records.column("title_kind").is_not_null()
    records.report("review-of-no-title", is_annual & is_named, name="title_kind")
    for name in ("title_kind", "level"):
        records.empty(name, is_annual)


REVIEWS: Final = Kind(
    name="reviews",
    fields=(
        Field("name", "name"),
        Field("id_number", "id_number"),
        Field("staff_no"),
        Field("school_name"),
        Field("birth_date", "partial_date"),
        Field("year", "year"),
        Field("review_kind", "code", "review_kinds"),
        Field("result", "code", "review_results", is_hidden=True),
        Field("annual_result", "code", "review_results", is_aid=True, is_hidden=True),
        Field("honour_assessment", "code", "review_results", is_aid=True, is_hidden=True),
        Field("title_kind", "code", "title_kinds"),
        Field("level", "code", "levels"),
        Field("reviewed_by"),
        Field("document_no"),
    ),
    needs=(PERSON, ("year",), ("result", "annual_result", "honour_assessment")),
    marks=(("review_kind", "annual_result", "honour_assessment"), ("year",)),
    keys=PERSON,
    settle=settle,
)
