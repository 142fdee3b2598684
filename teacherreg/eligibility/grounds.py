"""The grounds: each looks at one thing that is known of a person, for one rule.

A ground gives reasons against a nomination, and notes. It says nothing where nothing
stands against it. Which ground a rule uses, for which titles and with which figures, its
file says.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from teacherreg.codes import add_months, code_table
from teacherreg.conduct.sanctions import SanctionState, State
from teacherreg.eligibility.answer import AnyOf, Asked, Missing, Note, Reason, Title, Word
from teacherreg.eligibility.facts import Facts, YearlyResult
from teacherreg.eligibility.ladder import steps_before
from teacherreg.eligibility.rules import BY_RECORD, LOCAL, Rule
from teacherreg.locale import t
from teacherreg.settings import Settings
from teacherreg.titles.kinds import only_level

Finding = Reason | Note
Ground = Callable[["Case"], Iterator[Finding]]

NOTHING: Final[Mapping[str, object]] = {}  # a sentence names nothing more

_A_DAY: Final = timedelta(days=1)
_HELD: Final = frozenset({"in_force", "suspended"})  # a suspended title is not given anew
_RANKS_OF_TEACHERS: Final = frozenset({"school", "vocational_theory", "vocational_practice"})


@dataclass(frozen=True)
class Case:
    """One person, one rule and what was asked."""

    asked: Asked
    rule: Rule
    facts: Facts
    settings: Settings

    def figure(self, name: str) -> Any:
        """Give a figure of the rule."""
        return self.rule.figure(name, self.settings)

    def reason(
        self,
        sentence: str,
        until: date | None = None,
        *,
        named: Mapping[str, object] = NOTHING,
        source: str | None = None,
        missing: Missing | None = None,
    ) -> Reason:
        """Make a reason of this rule."""
        source = source or self.rule.source
        return Reason(self.rule.id, source, until, sentence, named, missing)

    def note(
        self,
        sentence: str,
        *,
        named: Mapping[str, object] = NOTHING,
        source: str | None = None,
    ) -> Note:
        """Make a note of this rule."""
        return Note(self.rule.id, source or self.rule.source, sentence, named)


def findings(case: Case) -> Iterator[Finding]:
    """Look at what the rule looks at."""
    return GROUNDS[case.rule.looks_at](case)


def _conduct(case: Case) -> Iterator[Finding]:
    """A record bars while it is in force, or as long as one of the named effects holds.

    One that ran out without a recorded release bars nothing by itself; a note says so, and
    of one that a heavier decision of its day took up, as long as that is not done with.
    """
    records, effects = set(case.figure("records")), set(case.figure("effects"))
    for state in case.facts.sanctions:
        if not {state.kind, state.category} & records:
            continue
        named: dict[str, object] = {
            "sanction": Word("sanctions", state.kind),
            "decided_on": state.decided_on,
        }
        source, decided_by = _source_of(case.rule, state, effects), _document_of(state)
        holding = [one for one in state.effects if one.what in effects]
        match state.state:
            case State.IN_FORCE | State.EXTENDED if state.ends_on is not None:
                until = state.ends_on + _A_DAY
                named |= {"ends_on": state.ends_on, "document": state.document}
                yield case.reason(_in_force(state), until, named=named, source=source)
            case State.NO_PERIOD if holding:
                yield case.reason(_without_end(state.kind), named=named, source=source)
            case State.NO_PERIOD if not state.is_carried_out:
                if _is_heavier_open(state, case.facts.sanctions):
                    yield case.note("taken_up", named=named, source=decided_by)
            case State.NO_PERIOD:
                yield case.note(_without_end(state.kind), named=named, source=decided_by)
            case State.EXPIRED_UNRELEASED if state.ends_on is not None:
                named["ends_on"] = state.ends_on
                yield case.note("expired_unreleased", named=named, source=decided_by)


def _source_of(rule: Rule, state: SanctionState, effects: set[str]) -> str:
    """Name what bars: the document of the effect; where it names none, the county's own rule."""
    if rule.document != BY_RECORD:
        return rule.source
    for effect in state.effects:
        if effect.what in effects and effect.document != LOCAL:
            return f"{effect.document} {effect.article}".strip()
    return t("eligibility.local")


def _document_of(state: SanctionState) -> str:
    """Name the rules under which a decision was made."""
    return state.document or t("eligibility.local")


def _in_force(state: SanctionState) -> str:
    """Name the rules of a period where a sanction has one by them, whatever it bars."""
    is_by_rules = state.category == "disciplinary" and state.document
    return f"{state.state}_under" if is_by_rules else str(state.state)


def _is_heavier_open(state: SanctionState, decisions: Sequence[SanctionState]) -> bool:
    """Tell whether the decision of the day that is carried out is not released yet."""
    return any(
        one.is_carried_out
        and one.state not in {State.RELEASED, State.ANNULLED}
        and (one.category, one.decided_on) == (state.category, state.decided_on)
        for one in decisions
    )


def _without_end(kind: str) -> str:
    """Tell a record that has no period by its nature from one whose end is not on file."""
    return "end_unknown" if _has_period(kind) else "no_period"


def _has_period(kind: str) -> bool:
    table = code_table("sanctions")
    return kind in table and any(row["months"] for row in table.rows(kind))


def _ethics_review(case: Case) -> Iterator[Finding]:
    yield from _failed(case, case.facts.ethics_reviews, "ethics_review")


def _annual_review(case: Case) -> Iterator[Finding]:
    yield from _failed(case, case.facts.annual_reviews, "annual_review")


def _failed(case: Case, reviews: Sequence[YearlyResult], sentence: str) -> Iterator[Finding]:
    """A failed review bars until so many calendar years after its own are over."""
    failed = [one for one in reviews if one.result in case.figure("results")]
    for year, result in sorted(failed):
        until = date(min(year + 1 + case.figure("years"), date.max.year), 1, 1)
        if case.asked.on < until:
            grade = Word("review_results", result)
            yield case.reason(sentence, until, named={"year": year, "result": grade})


def _in_service(case: Case) -> Iterator[Finding]:
    """Somebody serves at one of the posts of the day, or stands where the rule says so."""
    serving = {*code_table("person_status").where("counts_as_serving", "1"), *case.figure("also")}
    statuses = [post.status for post in case.facts.posts]
    if serving & set(statuses):
        return
    if statuses:
        yield case.reason("not_serving", named={"status": Word("person_status", statuses[0])})
    else:
        yield case.reason("no_post")


def _full_time_teacher(case: Case) -> Iterator[Finding]:
    posts = case.facts.posts
    if posts and not any(post.is_full_time_teacher for post in posts):
        yield case.reason("not_full_time")


def _already_held(case: Case) -> Iterator[Finding]:
    asked = case.asked
    held = [
        title
        for title in case.facts.titles
        if title.kind == asked.title_kind
        and title.state in _HELD
        and (asked.level is None or (title.level or only_level(title.kind)) == asked.level)
    ]
    if not held:
        return
    last = max(held, key=lambda title: title.term_ends_on or date.max)
    title = Title(last.kind, last.level)
    if last.term_ends_on is None or last.term_ends_on == date.max:
        yield case.reason("held", named={"title": title})
    else:
        until = last.term_ends_on + _A_DAY
        yield case.reason("held_until", until, named={"title": title, "ends_on": last.term_ends_on})


def _ever_awarded(case: Case) -> Iterator[Finding]:
    for title in case.facts.titles:
        if title.kind == case.asked.title_kind and title.state not in {"not_yet", "undated"}:
            yield case.reason("given_once", named={"title": Title(title.kind, title.level)})
            return


def _lower_level(case: Case) -> Iterator[Finding]:
    kind = case.asked.title_kind
    if case.asked.level is None:
        yield case.note("level_not_asked")
        return
    steps = steps_before(kind, case.asked.level, case.figure("from"))
    own = [
        title
        for title in case.facts.titles
        if any(step.is_reached_by(title.kind, title.level) for step in steps)
    ]
    states = {"in_force", "expired"} if case.settings["titles.count_expired"] else {"in_force"}
    if not steps or any(title.state in states for title in own):
        return
    needed = [{"title_kind": step.kind, "level": step.level} for step in steps]
    is_expired = any(title.state == "expired" for title in own)
    yield case.reason(
        "lower_level_expired" if is_expired else "lower_level",
        named={"title": AnyOf([Title(*step) for step in steps])},
        missing=Missing("lower_level", None, needed),
    )


def _professional_rank(case: Case) -> Iterator[Finding]:
    table = code_table("professional_rank")
    tiers = list(dict.fromkeys(table.value(code, "tier") for code in table.codes))  # high to low
    needed = case.figure("rank")
    enough = set(tiers[: tiers.index(table.value(needed, "tier")) + 1])
    ranks = [post.professional_rank for post in case.facts.posts if post.professional_rank]
    for rank in ranks:
        is_of_teachers = rank in table and table.value(rank, "series") in _RANKS_OF_TEACHERS
        if is_of_teachers and table.value(rank, "tier") in enough:
            return
    have = ranks[0] if ranks else None
    missing = Missing("professional_rank", have, needed)
    named: dict[str, object] = {"needed": Word("professional_rank", needed)}
    if have is None:
        yield case.reason("rank_unknown", named=named, missing=missing)
    else:
        named["have"] = Word("professional_rank", have)
        yield case.reason("rank", named=named, missing=missing)


def _teaching_years(case: Case) -> Iterator[Finding]:
    needed, started = case.figure("years"), case.facts.work_started_on
    if started is None:
        missing = Missing("teaching_years", None, needed)
        yield case.reason("teaching_years_unknown", named={"needed": needed}, missing=missing)
        return
    until = add_months(started, 12 * needed)
    if case.asked.on < until:
        have = full_years(started, case.asked.on)
        missing = Missing("teaching_years", have, needed, needed - have)
        named = {"have": have, "needed": needed, "short": needed - have}
        yield case.reason("teaching_years", until, named=named, missing=missing)


def _age(case: Case) -> Iterator[Finding]:
    most, born = case.figure("years"), case.facts.birth_date
    if born is None:
        yield case.reason("age_unknown", named={"most": most}, missing=Missing("age", None, most))
        return
    # Where the day is not on file, the last day of the month: nobody is made older.
    birthday = add_months(date.fromisoformat(f"{born}-01"), 1) - _A_DAY if len(born) == 7 else None
    age = full_years(birthday or date.fromisoformat(born), case.asked.on)
    if age > most:
        yield case.reason(
            "age", named={"age": age, "most": most}, missing=Missing("age", age, most)
        )


def _training_hours(case: Case) -> Iterator[Finding]:
    hours = case.facts.hours
    if hours is None or hours.short_tenths <= 0:
        return
    have, needed, short = (_hours(tenths) for tenths in hours)
    missing = Missing("training_hours", have, needed, short)
    named = {"have": have, "needed": needed, "short": short}
    yield case.reason("training_hours", named=named, missing=missing)


def _hours(tenths: int) -> int | float:
    """Give whole hours as whole numbers: 72, 4.5."""
    return tenths / 10 if tenths % 10 else tenths // 10


def full_years(since: date, on: date) -> int:
    """Count the full years between two days.

    Example:
        >>> full_years(date(2020, 8, 1), date(2025, 7, 31))
        4
    """
    return on.year - since.year - ((on.month, on.day) < (since.month, since.day))


GROUNDS: Final[Mapping[str, Ground]] = {
    "conduct": _conduct,
    "ethics_review": _ethics_review,
    "annual_review": _annual_review,
    "in_service": _in_service,
    "full_time_teacher": _full_time_teacher,
    "already_held": _already_held,
    "ever_awarded": _ever_awarded,
    "lower_level": _lower_level,
    "professional_rank": _professional_rank,
    "teaching_years": _teaching_years,
    "age": _age,
    "training_hours": _training_hours,
}
