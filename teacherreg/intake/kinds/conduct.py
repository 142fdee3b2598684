"""Conduct records: reviews (师德考核), commendations, handlings and sanctions.

Which fields a row must have depends on what it records: a review its year and result, a
commendation what it is, a handling or sanction its kind and the day of the decision.
"""

from typing import Final

import polars as pl

from teacherreg.codes import code_table
from teacherreg.conduct.pupils import names_pupil
from teacherreg.intake.check import check_order, check_person, check_someone_named
from teacherreg.intake.coded import read_code
from teacherreg.intake.fields import PERSON, Field, Kind
from teacherreg.intake.records import Records

# What the categories of data/codes/sanctions.csv are recorded as, where a sheet of cases
# has no column for it.
MEASURES: Final = frozenset({"measure", "other"})

_IN_ORDER: Final = (
    ("occurred_on", "decided_on"),
    *(
        ("decided_on", later)
        for later in ("ends_on", "released_on", "extended_on", "appealed_on", "annulled_on")
    ),
    ("appealed_on", "appeal_decided_on"),
)


def settle(records: Records) -> None:
    """Check the rows by what they record."""
    check_someone_named(records)
    check_person(records)
    _tell_kind(records)
    _settle_reviews(records)
    _settle_commendations(records)
    _settle_cases(records)
    _keep_unknown_acts(records)
    warn_of_pupils(records, "summary")
    _take_annulments_for_releases(records)
    for earlier, later in _IN_ORDER:
        check_order(records, earlier, later, is_error=True)


def _tell_kind(records: Records) -> None:
    """Tell the kind of record by what stands in the row, where no column says it."""
    kind = records.column("record_kind")
    unsaid = kind.is_null() & ~records.told_mask("record_kind")
    if not records.has("record_kind"):
        records.fill("record_kind", unsaid, _by_sanction(records))
        results = records.column("result")
        grades = [t for t in results.drop_nulls().unique() if read_code("review_results", t).code]
        is_review = results.is_not_null() & records.column("year").is_not_null()
        is_review |= results.is_in(pl.Series(grades, dtype=pl.String).implode())
        records.fill("record_kind", records.column("record_kind").is_null() & is_review, "review")
    unsaid &= records.column("record_kind").is_null() & ~records.told_mask("sanction_kind")
    records.report("record-kind-missing", unsaid, name="record_kind", severity="error")


def _by_sanction(records: Records) -> pl.Series:
    table = code_table("sanctions")
    kinds = {
        code: "handling" if table.value(code, "category") in MEASURES else "sanction"
        for code in table.codes
    }
    return records.column("sanction_kind").replace_strict(
        list(kinds), list(kinds.values()), default=None, return_dtype=pl.String
    )


def _is(records: Records, *kinds: str) -> pl.Series:
    return records.column("record_kind").is_in(list(kinds)).fill_null(False)


def _settle_reviews(records: Records) -> None:
    is_review = _is(records, "review")
    if not is_review.any():
        return
    written = records.column("result")
    read = {
        t: read_code("review_results", t) for t in written.filter(is_review).drop_nulls().unique()
    }
    codes = written.replace_strict(
        list(read), [one.code for one in read.values()], default=None, return_dtype=pl.String
    )
    missing = is_review & written.is_null()
    unknown = is_review & written.is_not_null() & codes.is_null()
    records.report("result-missing", missing, name="result", severity="error")
    records.report("result-unknown", unknown, name="result", severity="error")
    if records.settings["ethics.grades"] == "three":
        fourth = is_review & (codes == "basically_qualified")
        records.report("grade-not-in-use", fourth, name="result")
    records.fill("result", is_review, codes)
    without_year = is_review & records.column("year").is_null()
    silent = records.told_mask("year")
    records.report("year-missing", without_year & ~silent, name="year", severity="error")
    records.escalate("year", without_year)


def _settle_commendations(records: Records) -> None:
    is_commendation = _is(records, "commendation")
    for other in ("title_kind", "summary"):
        empty = is_commendation & records.column("result").is_null()
        records.fill("result", empty, records.column(other))
    empty = is_commendation & records.column("result").is_null()
    records.report("commendation-missing", empty, name="result", severity="error")


def _settle_cases(records: Records) -> None:
    """Check handlings and sanctions; what was decided may stand in the result."""
    is_case = _is(records, "handling", "sanction")
    if not is_case.any():
        return
    untold = (
        is_case & records.column("sanction_kind").is_null() & ~records.told_mask("sanction_kind")
    )
    results = records.column("result")
    read = {t: read_code("sanctions", t).code for t in results.filter(untold).drop_nulls().unique()}
    codes = results.replace_strict(
        list(read), list(read.values()), default=None, return_dtype=pl.String
    )
    records.fill("sanction_kind", untold & codes.is_not_null(), codes)
    untold &= records.column("sanction_kind").is_null()
    records.report("sanction-kind-missing", untold, name="sanction_kind", severity="error")
    undated = is_case & records.column("decided_on").is_null()
    silent = records.told_mask("decided_on")
    records.report("decided-on-missing", undated & ~silent, name="decided_on", severity="error")
    records.escalate("decided_on", undated)


def _keep_unknown_acts(records: Records) -> None:
    """Keep the words of an act that no list has with what else is said of what happened."""
    if "act" not in records.raw:
        return
    is_lost = records.column("act").is_null() & records.raw["act"].is_not_null()
    both = pl.concat_str(
        [pl.lit(records.column("summary")), pl.lit(records.raw["act"])],
        separator="；", ignore_nulls=True,
    )  # fmt: skip
    records.fill("summary", is_lost, pl.select(both).to_series())


def warn_of_pupils(records: Records, name: str) -> None:
    """Warn of words that may say who a pupil is, without saying them again."""
    texts = records.column(name)
    telling = [text for text in texts.drop_nulls().unique() if names_pupil(text)]
    where = texts.is_in(pl.Series(telling, dtype=pl.String).implode())
    records.report("pupil-named", where, name=name, tells_value=False)


def _take_annulments_for_releases(records: Records) -> None:
    """Read 处分撤销日期 as the release, where no other column is of releases.

    The ministry's form so calls the day on which a sanction is lifted; an annulment, which
    unmakes it, has a column beside that of releases.
    """
    if records.has("annulled_on") and not records.has("released_on"):
        records.fill("released_on", records.column("annulled_on").is_not_null(),
                     records.column("annulled_on"))  # fmt: skip
        records.labels["released_on"] = header = records.labels["annulled_on"]
        del records.clean["annulled_on"]
        if records.column("released_on").is_not_null().any():
            records.report_sheet("annulment-as-release", header)


CONDUCT: Final = Kind(
    name="conduct",
    fields=(
        Field("name", "name"),
        Field("id_number", "id_number"),
        Field("staff_no"),
        Field("school_name"),
        Field("birth_date", "partial_date"),
        Field("record_kind", "code", "record_kinds", rejects_unknown=True),
        Field("year", "year"),
        Field("result", is_hidden=True),
        Field("title_kind", is_aid=True),
        Field("sanction_kind", "code", "sanctions", rejects_unknown=True, is_hidden=True),
        Field("act", "code", "ethics_acts", unknown="act-unknown", is_hidden=True),
        Field("person_category", "code", "person_categories", rejects_unknown=True),
        Field("occurred_on", "date"),
        Field("decided_on", "date", wants_day=True),
        Field("ends_on", "date", wants_day=True, may_lie_ahead=True),
        Field("decided_by"),
        Field("document_no"),
        Field("summary", is_hidden=True),
        Field("extended_on", "date", wants_day=True),
        Field("extended_to", "date", wants_day=True, may_lie_ahead=True),
        Field("released_on", "date", wants_day=True),
        Field("released_by"),
        Field("release_document_no"),
        Field("appealed_on", "date", wants_day=True),
        Field("appeal_decided_on", "date", wants_day=True),
        Field("appeal_result", "code", "appeal_results", is_hidden=True),
        Field("annulled_on", "date", wants_day=True),
    ),
    needs=(PERSON, ("record_kind", "sanction_kind", "result")),
    marks=(("record_kind", "sanction_kind"),),
    settle=settle,
    keys=PERSON,
)
