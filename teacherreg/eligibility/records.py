"""The grounds that look at records: sanctions and handlings, failed yearly reviews."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from typing import Final

from teacherreg.codes import code_table
from teacherreg.conduct.sanctions import SanctionState, State
from teacherreg.eligibility.answer import Word
from teacherreg.eligibility.case import Case, Finding, Look
from teacherreg.eligibility.facts import Facts, YearlyResult
from teacherreg.eligibility.rules import BY_RECORD, LOCAL
from teacherreg.locale import t

_A_DAY: Final = timedelta(days=1)


def conduct(case: Case) -> Look:
    """A record bars while it is in force, or as long as one of the named effects holds.

    One that ran out without a recorded release bars nothing by itself; a note says so, and
    of one that a heavier decision of its day took up, as long as that is not done with.
    """
    records, effects = set(case.figure("records")), set(case.figure("effects"))

    def look(facts: Facts) -> Iterator[Finding]:
        for state in facts.sanctions:
            if {state.kind, state.category} & records:
                yield from _of_a_record(case, state, facts.sanctions, effects)

    return look


def _of_a_record(
    case: Case, state: SanctionState, decisions: Sequence[SanctionState], effects: set[str]
) -> Iterator[Finding]:
    named: dict[str, object] = {
        "sanction": Word("sanctions", state.kind),
        "decided_on": state.decided_on,
    }
    source, decided_by = _source_of(case, state, effects), _document_of(state)
    holding = [one for one in state.effects if one.what in effects]
    match state.state:
        case State.IN_FORCE | State.EXTENDED if state.ends_on is not None:
            until = state.ends_on + _A_DAY
            named |= {"ends_on": state.ends_on, "document": state.document}
            yield case.reason(_in_force(state), until, named=named, source=source)
        case State.NO_PERIOD if holding:
            yield case.reason(_without_end(state.kind), named=named, source=source)
        case State.NO_PERIOD if not state.is_carried_out:
            if _is_heavier_open(state, decisions):
                yield case.note("taken_up", named=named, source=decided_by)
        case State.NO_PERIOD:
            yield case.note(_without_end(state.kind), named=named, source=decided_by)
        case State.EXPIRED_UNRELEASED if state.ends_on is not None:
            named["ends_on"] = state.ends_on
            yield case.note("expired_unreleased", named=named, source=decided_by)


def _source_of(case: Case, state: SanctionState, effects: set[str]) -> str:
    """Name what bars: the document of the effect; where it names none, the county's own rule."""
    if case.rule.document != BY_RECORD:
        return case.source
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


def ethics_review(case: Case) -> Look:
    """A review of ethics that was failed bars for some years."""
    failed = _failed(case, "ethics_review")
    return lambda facts: failed(facts.ethics_reviews)


def annual_review(case: Case) -> Look:
    """A yearly review that was failed bars for some years."""
    failed = _failed(case, "annual_review")
    return lambda facts: failed(facts.annual_reviews)


def _failed(case: Case, sentence: str) -> Callable[[Sequence[YearlyResult]], Iterator[Finding]]:
    """A failed review bars until so many calendar years after its own are over."""
    results, years = set(case.figure("results")), case.figure("years")

    def look(reviews: Sequence[YearlyResult]) -> Iterator[Finding]:
        for year, result in sorted(reviews):
            until = date(min(year + 1 + years, date.max.year), 1, 1)
            if result in results and case.asked.on < until:
                grade = Word("review_results", result)
                yield case.reason(sentence, until, named={"year": year, "result": grade})

    return look
