"""The grounds that look at careers: service, titles, rank, years, age and training."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from typing import Final

from teacherreg.codes import add_months, code_table
from teacherreg.eligibility.answer import AnyOf, Missing, Reason, Title, Word
from teacherreg.eligibility.case import Case, Finding, Look
from teacherreg.eligibility.facts import Facts, Hours, TitleFacts
from teacherreg.eligibility.ladder import steps_before
from teacherreg.titles.kinds import only_level

_A_DAY: Final = timedelta(days=1)
_HELD: Final = frozenset({"in_force", "suspended"})  # a suspended title is not given anew
_RANKS_OF_TEACHERS: Final = frozenset({"school", "vocational_theory", "vocational_practice"})


def in_service(case: Case) -> Look:
    """Somebody serves at one of the posts of the day, or stands where the rule says so."""
    serving = {*code_table("person_status").where("counts_as_serving", "1"), *case.figure("also")}

    def look(facts: Facts) -> Iterator[Finding]:
        statuses = [post.status for post in facts.posts]
        if not serving.isdisjoint(statuses):
            return
        if statuses:
            yield case.reason("not_serving", named={"status": Word("person_status", statuses[0])})
        else:
            yield case.reason("no_post")

    return look


def full_time_teacher(case: Case) -> Look:
    """Somebody is a full-time teacher at one of the posts of the day."""

    def look(facts: Facts) -> Iterator[Finding]:
        if facts.posts and not any(post.is_full_time_teacher for post in facts.posts):
            yield case.reason("not_full_time")

    return look


def already_held(case: Case) -> Look:
    """A title is not given anew while it is held, or suspended."""
    asked = case.asked

    def is_held(title: TitleFacts) -> bool:
        return (
            title.kind == asked.title_kind
            and title.state in _HELD
            and (asked.level is None or (title.level or only_level(title.kind)) == asked.level)
        )

    def look(facts: Facts) -> Iterator[Finding]:
        held = list(filter(is_held, facts.titles))
        if not held:
            return
        last = max(held, key=lambda title: title.term_ends_on or date.max)
        ends_on, named = last.term_ends_on, {"title": Title(last.kind, last.level)}
        if ends_on is None or ends_on == date.max:
            yield case.reason("held", named=named)
        else:
            yield case.reason("held_until", ends_on + _A_DAY, named=named | {"ends_on": ends_on})

    return look


def ever_awarded(case: Case) -> Look:
    """A title is given once in a life."""

    def look(facts: Facts) -> Iterator[Finding]:
        for title in facts.titles:
            if title.kind == case.asked.title_kind and title.state not in {"not_yet", "undated"}:
                yield case.reason("given_once", named={"title": Title(title.kind, title.level)})
                return

    return look


def lower_level(case: Case) -> Look:
    """One of the titles that the ladder puts first is held."""
    kind, level = case.asked.title_kind, case.asked.level
    if level is None:
        return lambda _: iter([case.note("level_not_asked")])
    steps = steps_before(kind, level, case.figure("from"))
    if not steps:
        return lambda _: iter(())
    states = {"in_force", "expired"} if case.settings["titles.count_expired"] else {"in_force"}
    needed = [{"title_kind": step.kind, "level": step.level} for step in steps]
    never, expired = (
        case.reason(
            sentence,
            named={"title": AnyOf([Title(*step) for step in steps])},
            missing=Missing("lower_level", None, needed),
        )
        for sentence in ("lower_level", "lower_level_expired")
    )

    def look(facts: Facts) -> Iterator[Finding]:
        own = {
            title.state
            for title in facts.titles
            if any(step.is_reached_by(title.kind, title.level) for step in steps)
        }
        if own.isdisjoint(states):
            yield expired if "expired" in own else never

    return look


def professional_rank(case: Case) -> Look:
    """A rank of teachers is at least so high; other series do not count."""
    table = code_table("professional_rank")
    tiers = list(dict.fromkeys(table.value(code, "tier") for code in table.codes))  # high to low
    needed = case.figure("rank")
    high_enough = set(tiers[: tiers.index(table.value(needed, "tier")) + 1])
    enough = {
        code
        for code in table.codes
        if table.value(code, "series") in _RANKS_OF_TEACHERS
        and table.value(code, "tier") in high_enough
    }

    @cache
    def too_low(have: str | None) -> Reason:
        missing = Missing("professional_rank", have, needed)
        named: dict[str, object] = {"needed": Word("professional_rank", needed)}
        if have is None:
            return case.reason("rank_unknown", named=named, missing=missing)
        named["have"] = Word("professional_rank", have)
        return case.reason("rank", named=named, missing=missing)

    def look(facts: Facts) -> Iterator[Finding]:
        ranks = [post.professional_rank for post in facts.posts if post.professional_rank]
        if enough.isdisjoint(ranks):
            yield too_low(ranks[0] if ranks else None)

    return look


def teaching_years(case: Case) -> Look:
    """The day of beginning work is on file, and so many years ago."""
    needed, on = case.figure("years"), case.asked.on

    @cache
    def too_few(started: date | None) -> Reason | None:
        if started is None:
            missing = Missing("teaching_years", None, needed)
            return case.reason("teaching_years_unknown", named={"needed": needed}, missing=missing)
        until = add_months(started, 12 * needed)
        if on >= until:
            return None
        have = full_years(started, on)
        missing = Missing("teaching_years", have, needed, needed - have)
        named = {"have": have, "needed": needed, "short": needed - have}
        return case.reason("teaching_years", until, named=named, missing=missing)

    def look(facts: Facts) -> Iterator[Finding]:
        if reason := too_few(facts.work_started_on):
            yield reason

    return look


def age(case: Case) -> Look:
    """Somebody is no older than so many full years."""
    most = case.figure("years")

    def look(facts: Facts) -> Iterator[Finding]:
        born = facts.birth_date
        if born is None:
            missing = Missing("age", None, most)
            yield case.reason("age_unknown", named={"most": most}, missing=missing)
            return
        age = full_years(_birthday(born), case.asked.on)
        if age > most:
            missing = Missing("age", age, most)
            yield case.reason("age", named={"age": age, "most": most}, missing=missing)

    return look


def _birthday(born: str) -> date:
    """Read a birth; without its day it is the last of the month, so nobody is made older."""
    is_whole = len(born) > len("1985-03")
    return (
        date.fromisoformat(born)
        if is_whole
        else add_months(date.fromisoformat(f"{born}-01"), 1) - _A_DAY
    )


def training_hours(case: Case) -> Look:
    """The hours of five years suffice."""

    @cache
    def too_few(hours: Hours) -> Reason:
        have, needed, short = map(_in_hours, hours)
        missing = Missing("training_hours", have, needed, short)
        named = {"have": have, "needed": needed, "short": short}
        return case.reason("training_hours", named=named, missing=missing)

    def look(facts: Facts) -> Iterator[Finding]:
        if facts.hours is not None and facts.hours.short_tenths > 0:
            yield too_few(facts.hours)

    return look


def _in_hours(tenths: int) -> int | float:
    """Give whole hours as whole numbers: 72, 4.5."""
    return tenths / 10 if tenths % 10 else tenths // 10


def full_years(since: date, on: date) -> int:
    """Count the full years between two days.

    Example:
        >>> full_years(date(2020, 8, 1), date(2025, 7, 31))
        4
    """
    return on.year - since.year - ((on.month, on.day) < (since.month, since.day))
