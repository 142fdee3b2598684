"""Sanctions and handlings of a person as they stand on a day: state, last day, effects.

A decision keeps its own period; its last day depends on the person's other decisions too.
Of several of one day the heaviest is carried out; a new one while another runs adds its
months to what remains, at most 48 in all. What was decided, extended, released or
annulled after the day asked about does not count on it.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from itertools import groupby
from typing import Final

from sqlalchemy import Connection, Table, select
from sqlmodel import SQLModel

from teacherreg.codes import code_table
from teacherreg.conduct.effects import Effect, effects_of
from teacherreg.conduct.rules import END_RULES, LONGEST_MONTHS, SAME_DAY, last_day, rule_of
from teacherreg.models import AppealResult, ConductRecord, RecordKind
from teacherreg.settings import Value

_RECORD: Final[Table] = SQLModel.metadata.tables[str(ConductRecord.__tablename__)]
_ASKED_BY_NUMBER: Final = 1_000  # beyond that many persons all are read and sifted here
_A_DAY: Final = timedelta(days=1)

# Whose end wants a release on file: 教师〔2018〕18号 第九条. Other periods end by themselves.
_RELEASED: Final = frozenset({"disciplinary", "measure"})


class State(StrEnum):
    """How a decision stands on a day (keys of ``data/codes/record_states.csv``, and none)."""

    IN_FORCE = "in_force"
    EXPIRED_UNRELEASED = "expired_unreleased"
    RELEASED = "released"
    EXTENDED = "extended"
    ANNULLED = "annulled"
    ENDED = "ended"  # by itself: nobody releases from it
    NO_PERIOD = "no_period"


@dataclass(frozen=True)
class Decision:
    """One handling or sanction as the registry has it."""

    record_id: int
    teacher_id: int
    kind: str
    decided_on: date
    rule_version: str | None = None
    ends_on: date | None = None
    released_on: date | None = None
    extended_on: date | None = None
    extended_to: date | None = None
    annulled_on: date | None = None
    person_category: str | None = None

    @property
    def category(self) -> str:
        """Category of the kind: ``disciplinary``, ``measure``, ``party`` …"""
        table = code_table("sanctions")
        return table.value(self.kind, "category") if self.kind in table else ""

    @property
    def severity(self) -> int:
        """How heavy the kind is within its category."""
        table = code_table("sanctions")
        return int(table.value(self.kind, "severity")) if self.kind in table else 0

    def is_annulled(self, on: date) -> bool:
        """Tell whether it had been annulled by a day."""
        return self.annulled_on is not None and self.annulled_on <= on

    def released_by(self, on: date) -> date | None:
        """Give the day of its release, if that had come by a day."""
        return self.released_on if self.released_on and self.released_on <= on else None

    def extended_by(self, on: date) -> date | None:
        """Give the new last day, if it had been extended by a day."""
        is_known = (self.extended_on or self.decided_on) <= on
        return self.extended_to if is_known else None


@dataclass(frozen=True)
class SanctionState:
    """A decision as it stands on the day asked about.

    Attributes:
        record_id: Number of the conduct record.
        teacher_id: Of the person.
        kind: Code of ``sanctions``.
        category: Of the kind: ``disciplinary``, ``measure``, ``certificate``, ``ban``,
            ``party`` or ``other``.
        rule_version: The rules of the day of the decision, as stored with it.
        document: Of those rules; None where the decision keeps none.
        decided_on: The day of the decision.
        ends_on: The last day, all of the person's decisions taken together; None where
            there is no period, and of one that is annulled or not carried out.
        released_on: Day of the release, if it had come.
        state: How it stands.
        effects: What still holds on the day.
        person_category: Of the person on the day of the decision, if it is on record.
        is_carried_out: Not taken up in a heavier decision of the same day.
    """

    record_id: int
    teacher_id: int
    kind: str
    category: str
    rule_version: str | None
    document: str | None
    decided_on: date
    ends_on: date | None
    released_on: date | None
    state: State
    effects: tuple[Effect, ...]
    person_category: str | None = None
    is_carried_out: bool = True


def sanctions_of(
    connection: Connection,
    settings: Mapping[str, Value],
    on: date,
    teacher_ids: Collection[int] | None = None,
) -> list[SanctionState]:
    """Tell how the handlings and sanctions of persons stand on a day.

    Args:
        connection: The registry.
        settings: Those in force.
        on: The day; what was decided or done later does not count.
        teacher_ids: Whose; None: everybody's.

    Returns:
        A state for each decision made by the day, by person and day of decision.
    """
    decisions = _decisions(connection, on, teacher_ids)
    return [
        state
        for _, of_person in groupby(decisions, key=lambda one: one.teacher_id)
        for state in states_of(list(of_person), settings, on)
    ]


def states_of(
    decisions: Sequence[Decision], settings: Mapping[str, Value], on: date
) -> list[SanctionState]:
    """Tell how the decisions on one person stand on a day, in the order given."""
    standing = [one for one in decisions if one.decided_on <= on and not one.is_annulled(on)]
    ends = {one.record_id: one.ends_on for one in standing}
    ends |= _added_up((one for one in standing if one.category == "disciplinary"), settings)
    carried_out = _carried_out(standing)
    return [
        _state(one, ends.get(one.record_id), one.record_id in carried_out, settings, on)
        for one in decisions
        if one.decided_on <= on
    ]


def _decisions(
    connection: Connection, on: date, teacher_ids: Collection[int] | None
) -> Iterator[Decision]:
    c = _RECORD.c
    asked = (
        select(
            c.id, c.teacher_id, c.sanction_kind, c.decided_on, c.rule_version, c.ends_on,
            c.released_on, c.extended_on, c.extended_to, c.annulled_on, c.person_category,
            c.appeal_result, c.appeal_decided_on,
        )
        .where(
            c.record_kind.in_((RecordKind.HANDLING.value, RecordKind.SANCTION.value)),
            c.decided_on <= on,
        )
        .order_by(c.teacher_id, c.decided_on, c.id)
    )  # fmt: skip
    wanted = None if teacher_ids is None else frozenset(teacher_ids)
    if wanted is not None and len(wanted) <= _ASKED_BY_NUMBER:
        asked = asked.where(c.teacher_id.in_(sorted(wanted)))
    for *row, appeal_result, appeal_decided_on in connection.execute(asked):
        decision = Decision(*row)
        if wanted is not None and decision.teacher_id not in wanted:
            continue
        if appeal_result == AppealResult.ANNULLED.value and decision.annulled_on is None:
            annulled_on = appeal_decided_on or decision.decided_on
            decision = replace(decision, annulled_on=annulled_on)
        yield decision


def _carried_out(standing: Iterable[Decision]) -> frozenset[int]:
    """Find what is carried out: of disciplinary decisions of one day the heaviest kind alone.

    Source:
        政务处分法 第十五条.
    """
    heaviest: dict[date, int] = {}
    decisions = list(standing)
    for one in decisions:
        if one.category == "disciplinary":
            heaviest[one.decided_on] = max(heaviest.get(one.decided_on, 0), one.severity)
    return frozenset(
        one.record_id
        for one in decisions
        if one.category != "disciplinary" or one.severity == heaviest[one.decided_on]
    )


def _added_up(
    decisions: Iterable[Decision], settings: Mapping[str, Value]
) -> dict[int, date | None]:
    """Work out the last day of each disciplinary decision on one person.

    Source:
        政务处分法 第十五条; what remains of one that runs is added to the new period, at
        most 48 months in all from the new decision.
    """
    ends: dict[int, date | None] = {}
    before: list[tuple[Decision, date]] = []
    in_order = sorted(decisions, key=lambda one: (one.decided_on, one.record_id))
    for day, same_day in groupby(in_order, key=lambda one: one.decided_on):
        together = list(same_day)
        heaviest = max(one.severity for one in together)
        running = max((end for end in _running(before, day) if end >= day), default=None)
        carried = [one for one in together if one.severity == heaviest]
        last = max(
            (end for one in carried if (end := _last_day(one, running, settings))), default=None
        )
        for one in together:
            ends[one.record_id] = last if one.severity == heaviest else None
        if last is not None:
            before += [(one, last) for one in carried]
    return ends


def _running(before: Iterable[tuple[Decision, date]], day: date) -> Iterator[date]:
    """Give the last days of what had not been released when a new decision was made."""
    for one, end in before:
        if one.released_by(day) is None:
            yield one.extended_by(day) or end


def _last_day(one: Decision, running: date | None, settings: Mapping[str, Value]) -> date | None:
    """Work out the last day of a decision, while others run until a day.

    A last day that the decision itself names stands (several acts of one kind judged
    together: between one period and the sum), within the longest period there is.
    """
    rule = rule_of(one.kind, one.rule_version, settings)
    if one.ends_on is None:
        return None
    end_rule = str(settings["sanctions.end_rule"])
    longest = last_day(one.decided_on, LONGEST_MONTHS, end_rule)
    months = rule.months if rule else None
    is_by_rule = months is not None and one.ends_on in {
        last_day(one.decided_on, months, which) for which in END_RULES
    }
    if months is None or not is_by_rule or running is None:
        return min(one.ends_on, longest)
    starts_on = running if end_rule == SAME_DAY else running + _A_DAY
    return min(last_day(starts_on, months, end_rule), longest)


def _state(
    one: Decision,
    ends_on: date | None,
    is_carried_out: bool,
    settings: Mapping[str, Value],
    on: date,
) -> SanctionState:
    extended_to, released_on = one.extended_by(on), one.released_by(on)
    ends_on = (extended_to or ends_on) if is_carried_out else None
    state = _state_of(one, ends_on, released_on, settings, on)
    free_on = min(filter(None, (released_on, ends_on and ends_on + _A_DAY)), default=None)
    effects = effects_of(one.kind, one.rule_version, one.decided_on, free_on)
    rule = rule_of(one.kind, one.rule_version, settings)
    return SanctionState(
        record_id=one.record_id,
        teacher_id=one.teacher_id,
        kind=one.kind,
        category=one.category,
        rule_version=one.rule_version,
        document=rule.document if rule else None,
        decided_on=one.decided_on,
        ends_on=ends_on,
        released_on=released_on,
        state=state,
        effects=tuple(
            effect
            for effect in (effects if is_carried_out else ())
            if effect.until is None or effect.until > on
        ),
        person_category=one.person_category,
        is_carried_out=is_carried_out,
    )


def _state_of(
    one: Decision,
    ends_on: date | None,
    released_on: date | None,
    settings: Mapping[str, Value],
    on: date,
) -> State:
    if one.is_annulled(on):
        return State.ANNULLED
    if released_on is not None:
        return State.RELEASED
    if ends_on is None:
        return State.NO_PERIOD
    if ends_on >= on:
        return State.EXTENDED if one.extended_by(on) else State.IN_FORCE
    if one.category not in _RELEASED:
        return State.ENDED
    return State.RELEASED if settings["sanctions.auto_release"] else State.EXPIRED_UNRELEASED
