"""Titles: each award a row, known by person, kind, level, subject and day of award.

What happened to a title later (续任, 暂停, 撤销 …) is an event, known by the same and by
what it is; see `teacherreg.titles.held` for what it does to the title.
"""

from datetime import date
from typing import Final

import polars as pl

from teacherreg.intake.context import Context
from teacherreg.intake.plans.records import plan_records
from teacherreg.intake.plans.references import find_people
from teacherreg.intake.tables import TITLE_AWARD, TITLE_EVENT, fetch
from teacherreg.models import TitleEventKind
from teacherreg.settings import Settings
from teacherreg.titles.terms import usual_end

_TITLE: Final = ("teacher_id", "title_kind", "level", "subject")
AWARD_KEY: Final = (*_TITLE, "awarded_on")
AWARD_FACTS: Final = ("term_ends_on", "is_term_by_rule", "revoked_on", "issuer", "document_no")
EVENT_KEY: Final = (*_TITLE, "event", "happened_on")
EVENT_FACTS: Final = ("ends_on", "issuer", "document_no")
_DECIDES_TERM: Final = ["title_kind", "level", "awarded_on"]


def plan_titles(context: Context) -> None:
    """Plan a list of titles."""
    rows, _ = find_people(context)
    rows = _with_usual_ends(rows, context.settings)
    is_award = pl.col("event").is_null()
    awards, events = rows.filter(is_award), rows.filter(~is_award)
    if not awards.is_empty():
        _plan_awards(context, awards)
    if not events.is_empty():
        _plan_events(context, events)
        _tell_of_no_award(context, events, awards)


def _plan_awards(context: Context, rows: pl.DataFrame) -> None:
    said = pl.col("term_ends_on").is_not_null()
    plan_records(
        context,
        rows.with_columns(is_term_by_rule=pl.when(said).then(pl.lit(False))),
        TITLE_AWARD,
        key=AWARD_KEY,
        facts=AWARD_FACTS,
        also=("usual_end",),
        when_new={
            "term_ends_on": pl.coalesce("term_ends_on", "usual_end"),
            "is_term_by_rule": ~said & pl.col("usual_end").is_not_null(),
        },
    )


def _plan_events(context: Context, rows: pl.DataFrame) -> None:
    is_renewal = pl.col("event") == TitleEventKind.RENEWED.value
    plan_records(
        context,
        rows.rename({"awarded_on": "happened_on", "term_ends_on": "ends_on"}),
        TITLE_EVENT,
        key=EVENT_KEY,
        facts=EVENT_FACTS,
        also=("usual_end",),
        when_new={"ends_on": pl.coalesce("ends_on", pl.when(is_renewal).then("usual_end"))},
    )


def _tell_of_no_award(context: Context, events: pl.DataFrame, awards: pl.DataFrame) -> None:
    """Warn of what happened to titles that nobody was awarded by then."""
    events = events.filter(pl.col("event") != TitleEventKind.NOMINATED.value)
    if events.is_empty():
        return
    columns = [TITLE_AWARD.c[name] for name in AWARD_KEY]
    among = (TITLE_AWARD.c.teacher_id, events["teacher_id"].unique())
    known = pl.concat([fetch(context.connection, columns, among), awards.select(AWARD_KEY)])
    pairs = events.join(
        known,
        on=["teacher_id", "title_kind", "level"],
        nulls_equal=True,
        suffix="_of_award",
    )
    same_subject = (pl.col("subject") == pl.col("subject_of_award")).fill_null(True)
    by_then = pl.col("awarded_on_of_award") <= pl.col("awarded_on")
    concerned = set(pairs.filter(same_subject & by_then)["i"])
    for index in events["i"]:
        if index not in concerned:
            context.faults.add(index, "title-event-no-award", "warning", "event")


def _with_usual_ends(rows: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    """Add the last day that each term has by the county's settings or the kind's usual term."""
    terms = rows.select(_DECIDES_TERM).unique()
    ends = [
        None if day is None else usual_end(kind, level, date.fromisoformat(day), settings)
        for kind, level, day in terms.iter_rows()
    ]
    written = [None if end is None else end.isoformat() for end in ends]
    return rows.join(
        terms.with_columns(usual_end=pl.Series(written, dtype=pl.String())),
        on=_DECIDES_TERM,
        how="left",
        nulls_equal=True,
        maintain_order="left",
    )
