"""Lists of titles (称号): one row for each award, or several awards named in one cell.

A row whose 事项 is not the award tells what happened to a title later; its date is that of
the event then.
"""

from datetime import date
from typing import Final

import polars as pl

from teacherreg.intake.check import check_filled, check_order, check_person, check_someone_named
from teacherreg.intake.clean import level_words
from teacherreg.intake.coded import Choices
from teacherreg.intake.dates import DateForm, read_date
from teacherreg.intake.fields import PERSON, Field, Kind
from teacherreg.intake.records import Records
from teacherreg.intake.titles_text import NO_TITLE, TitleText, read_titles
from teacherreg.models import TitleEventKind

# A column headed by one title holds levels alone: 骨干教师 | 县级.
KIND_OF_HEADER: Final = (("学科带头人", "subject_leader"), ("骨干", "backbone_teacher"))

# What the 事项 of an award is called where it is written.
AWARDED: Final = "awarded"

_UNREAD: Final = TitleText(None, None, None, None, "")


def settle(records: Records) -> None:
    """Read the titles in each cell, one row each, and check the rows."""
    check_someone_named(records)
    check_person(records)
    _part_titles(records)
    _settle_events(records)
    _report_missing(records, "level", "level-missing")
    _report_missing(records, "awarded_on", "awarded-on-missing")
    check_order(records, "awarded_on", "term_ends_on", is_error=True)
    check_order(records, "awarded_on", "revoked_on", is_error=True)


def holds_no_title(records: Records) -> pl.Series:
    """Tell the rows that say there is no title.

    In a roster of all teachers with a column for titles, an empty cell says so; in a list
    of titles, which has levels or dates too, it is a fault.
    """
    written = records.raw["title_kind"]
    says_none = written.is_in(pl.Series(list(NO_TITLE), dtype=pl.String).implode())
    is_roster = "level" not in records.raw and "awarded_on" not in records.raw
    return says_none.fill_null(is_roster)


def _settle_events(records: Records) -> None:
    """Tell events from awards, which have none; an event cannot do without its date."""
    records.empty("event", records.column("event") == AWARDED)
    is_event = records.column("event").is_not_null()
    is_revoked = records.column("event") == TitleEventKind.REVOKED.value
    revoked_on = records.column("revoked_on")
    records.fill("awarded_on", is_revoked & revoked_on.is_not_null(), revoked_on)
    records.empty("revoked_on", is_event)
    _settle_last_days(records)
    check_filled(records, "awarded_on", where=is_event)


def _settle_last_days(records: Records) -> None:
    """Take the last day of a month in which a term is said to have ended."""
    is_ended = (records.column("event") == TitleEventKind.EXPIRED.value).fill_null(False)
    if not is_ended.any() or "awarded_on" not in records.raw:
        return
    last = [
        read_date(text, DateForm(end=True)).value if here and day and day.day == 1 else None
        for here, day, text in zip(
            is_ended, records.column("awarded_on"), records.raw["awarded_on"], strict=True
        )
    ]
    days = pl.Series(last, dtype=pl.Date)
    records.fill("awarded_on", days.is_not_null(), days)


def _report_missing(records: Records, name: str, code: str) -> None:
    """Warn of a title that cannot be counted, unless its row has been told about."""
    empty = (records.column(name).is_null() & records.column("title_kind").is_not_null()).arg_true()
    silent = records.told(name) | records.rejected
    places = [place for place in empty.to_list() if place not in silent]
    if name not in records.raw and len(places) == len(records) - len(records.rejected) > 1:
        records.report_sheet(f"{code}-throughout", count=len(places))
    else:
        records.report(code, places, name=name)


def _part_titles(records: Records) -> None:
    """Give each title that a cell names a row of its own."""
    written = records.raw.get("title_kind", records.column("title_kind"))
    levels = level_words(records)
    header_kind = _kind_of_header(records.labels.get("title_kind", ""))
    read = {text: read_titles(text, levels, header_kind) for text in written.drop_nulls().unique()}
    pairs = [
        (place, title)
        for place, text in enumerate(written.to_list())
        for title in ((_UNREAD,) if text is None else read[text])
    ]
    held = [(place, title) for place, title in pairs if not title.is_candidate]
    _report_candidates(records, [place for place, title in pairs if title.is_candidate])
    records.take([place for place, _title in held])
    several = pl.Series([text is not None and len(read.get(text, ())) > 1
                         for text in records.raw["title_kind"]], dtype=pl.Boolean)  # fmt: skip
    _write_titles(records, [title for _place, title in held], several)


def _kind_of_header(label: str) -> str | None:
    return next((kind for word, kind in KIND_OF_HEADER if word in label), None)


def _report_candidates(records: Records, places: list[int]) -> None:
    records.report("title-candidate", places, name="title_kind")
    records.skip("title_candidate", len(places))


def _write_titles(records: Records, titles: list[TitleText], several: pl.Series) -> None:
    """Put what the texts say beside what the columns say.

    A column holds for a cell with one title; where a cell names several, each has its own.
    """
    kinds = pl.Series([title.kind for title in titles], dtype=pl.String)
    unknown = kinds.is_null()
    empty = unknown & records.raw["title_kind"].is_null()
    records.report("title-kind-missing", empty, name="title_kind", severity="error")
    records.report("title-unknown", unknown & ~empty, name="title_kind", severity="error")
    records.clean["title_kind"] = kinds
    _merge_level(records, pl.Series([title.level for title in titles], dtype=pl.String), several)
    subjects = pl.Series([title.subject for title in titles], dtype=pl.String)
    records.fill("subject", records.column("subject").is_null(), subjects)
    _merge_year(records, pl.Series([title.year for title in titles], dtype=pl.Int32), several)


def _merge_level(records: Records, said: pl.Series, several: pl.Series) -> None:
    column = records.column("level")
    differs = column.is_not_null() & said.is_not_null() & (column != said) & ~several
    for level in said.filter(differs.fill_null(False)).unique().to_list():
        where = differs & (said == level)
        records.report("level-differs", where, name="level", said=Choices("levels", (level,)))
    records.fill("level", (column.is_null() | several) & said.is_not_null(), said)


def _merge_year(records: Records, said: pl.Series, several: pl.Series) -> None:
    """Take 1 January of a year that only the text tells, with a warning."""
    column = records.column("awarded_on")
    told = pl.Series(
        "told", [None if year is None else date(year, 1, 1) for year in said], dtype=pl.Date
    )
    from_text = told.is_not_null() & (column.is_null() | (several & (column.dt.year() != said)))
    records.fill("awarded_on", from_text, told)
    records.report("award-year-only", from_text, name="title_kind")


TITLES: Final = Kind(
    name="titles",
    fields=(
        Field("name", "name"),
        Field("id_number", "id_number"),
        Field("staff_no"),
        Field("school_name"),
        Field("birth_date", "partial_date"),
        Field("title_kind"),
        Field("level", "code", "levels"),
        Field("subject", "code", "subjects"),
        Field("event", "code", "title_events", rejects_unknown=True),
        Field("awarded_on", "date"),
        Field("term_ends_on", "date", day="last", may_lie_ahead=True),
        Field("issuer"),
        Field("document_no"),
        Field("revoked_on", "date"),
    ),
    needs=(PERSON, ("title_kind",)),
    marks=(("title_kind",), ("level", "awarded_on", "term_ends_on", "document_no")),
    settle=settle,
    keys=PERSON,
    holds_nothing=holds_no_title,
)
