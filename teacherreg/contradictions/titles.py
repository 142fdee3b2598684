"""Titles that should not be held as they are."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from sqlalchemy import select

from teacherreg.codes import code_table
from teacherreg.conduct.sanctions import SanctionState
from teacherreg.contradictions.answer import Found
from teacherreg.contradictions.ground import Ground, table
from teacherreg.eligibility.answer import AnyOf, Title
from teacherreg.eligibility.ladder import Step, steps_before
from teacherreg.eligibility.rules import Rule, shipped_rules
from teacherreg.models import ReviewKind, TitleEventKind

REVIEW, EVENT = table("review"), table("title_event")

_HELD: Final = frozenset({"in_force", "suspended"})
_ENDS: Final = frozenset({"employment", "teaching"})  # with these no title can be held
_LOOKS_AGAIN: Final = "title_review"
_TAKEN_UP: Final = tuple(
    kind.value
    for kind in (TitleEventKind.SUSPENDED, TitleEventKind.RESUMED, TitleEventKind.RENEWED)
)


def under_sanction(ground: Ground) -> Iterator[Found]:
    """Find titles held under a sanction that ends them, or asks for a review that is not there.

    What a sanction does to a title the setting ``titles.sanction_effect`` says: the title is
    to be flagged for review, suspended or revoked. It was reviewed if a review of titles, or
    an event of the title, is on file since the decision.
    """
    awards = defaultdict(list)
    for row in ground.titles.filter(ground.titles["state"].is_in(_HELD)).iter_rows(named=True):
        awards[row["teacher_id"]].append(row)
    taken_up = _taken_up(ground)
    wanted = str(ground.settings["titles.sanction_effect"])
    for sanction in ground.sanctions:
        whats = {effect.what for effect in sanction.effects}
        for award in awards[sanction.teacher_id]:
            if whats & _ENDS or (
                _LOOKS_AGAIN in whats and _is_open(award, sanction, wanted, taken_up)
            ):
                yield _under(award, sanction)


def _is_open(
    award: Mapping[str, Any],
    sanction: SanctionState,
    wanted: str,
    taken_up: Mapping[tuple[int, str | None], date],
) -> bool:
    """Tell whether what the county wants done about a title has not been done."""
    if award["awarded_on"] > sanction.decided_on or wanted == "revoke":
        return True
    if wanted == "suspend":
        return bool(award["state"] != "suspended")
    person = sanction.teacher_id
    last = max(
        taken_up.get((person, award["title_kind"]), date.min),
        taken_up.get((person, None), date.min),
    )
    return last < sanction.decided_on


def _taken_up(ground: Ground) -> Mapping[tuple[int, str | None], date]:
    """Give the last day on which each person's titles of a kind (None: all) were looked at."""
    last: dict[tuple[int, str | None], date] = {}
    reviews = select(REVIEW.c.teacher_id, REVIEW.c.title_kind, REVIEW.c.year, REVIEW.c.reviewed_on)
    reviews = reviews.where(REVIEW.c.review_kind == ReviewKind.TITLE.value)
    events = select(EVENT.c.teacher_id, EVENT.c.title_kind, EVENT.c.happened_on)
    events = events.where(EVENT.c.event.in_(_TAKEN_UP))
    days = [
        (row.teacher_id, row.title_kind, row.reviewed_on or date(row.year, 12, 31))
        for row in ground.connection.execute(reviews)
    ]
    days += [tuple(row) for row in ground.connection.execute(events)]
    for person, kind, day in days:
        if day <= ground.on:
            last[person, kind] = max(day, last.get((person, kind), date.min))
    return last


def _under(award: Mapping[str, Any], sanction: SanctionState) -> Found:
    named = {
        "title": Title(award["title_kind"], award["level"]),
        "record": sanction.record_id,
        "decided_on": sanction.decided_on,
    }
    records = (("title_award", award["award_id"]), ("conduct_record", sanction.record_id))
    return Found("title-under-sanction", sanction.teacher_id, records, named)


def before_lower_level(ground: Ground) -> Iterator[Found]:
    """Find titles in force that were awarded before the lower one that the ladder asks for."""
    asks = [rule for rule in shipped_rules().entries if rule.looks_at == "lower_level"]
    own = defaultdict(list)
    for row in ground.titles.iter_rows(named=True):
        own[row["teacher_id"]].append(row)
    for person, awards in own.items():
        for award in awards:
            steps = _asked(ground, asks, award) if award["state"] in _HELD else []
            if steps and not any(_came_before(one, award, steps) for one in awards):
                title = Title(award["title_kind"], award["level"])
                named = {"title": title, "lower": AnyOf([Title(*step) for step in steps])}
                records = (("title_award", award["award_id"]),)
                yield Found("lower-title-missing", person, records, named)


def _asked(ground: Ground, rules: list[Rule], award: Mapping[str, Any]) -> list[Step]:
    """Name what the rule in force asks for before a title."""
    kind, level = award["title_kind"], award["level"]
    if level is None or kind not in code_table("title_kinds"):
        return []
    category = code_table("title_kinds").value(kind, "category")
    for rule in rules:
        is_asked = rule.is_on(ground.settings) and rule.is_for(kind, category, level)
        if is_asked and rule.holds_on(ground.on):
            return steps_before(kind, level, rule.figure("from", ground.settings))
    return []


def _came_before(one: Mapping[str, Any], award: Mapping[str, Any], steps: list[Step]) -> bool:
    """Tell whether a title is a step below an award, and was there on its day."""
    is_no_step = Step(award["title_kind"], award["level"]).is_reached_by(
        one["title_kind"], one["level"]
    )
    if is_no_step or one["awarded_on"] is None or one["awarded_on"] > award["awarded_on"]:
        return False
    return any(step.is_reached_by(one["title_kind"], one["level"]) for step in steps)


def without_term(ground: Ground) -> Iterator[Found]:
    """Find titles in force whose kind has a term and that have no end on file."""
    with_term = code_table("title_kinds").where("has_term", "1")
    for row in ground.titles.iter_rows(named=True):
        has_term = row["title_kind"] in with_term
        if row["state"] in _HELD and has_term and row["term_ends_on"] is None:
            named = {"title": Title(row["title_kind"], row["level"])}
            records = (("title_award", row["award_id"]),)
            yield Found("term-missing", row["teacher_id"], records, named)
