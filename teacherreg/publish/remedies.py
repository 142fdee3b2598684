"""What would close the gap, for the public file: who could follow, who moves, new honours.

Nobody is named. Who may be nominated depends on conduct too, so the pipeline tells nothing
from which somebody could work out that one of a few teachers may not be: it tells how much
of a gap could be filled now, not how many could fill it; and where the gap is larger than
that, nothing at all unless those of whom nothing is told are as many as a figure on conduct
must count (``ethics.min_cell``).
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from teacherreg.codes import code_table
from teacherreg.coverage import Gaps, Honours, Pipeline, Plan
from teacherreg.coverage.leaders import NO_SUBJECT
from teacherreg.coverage.pipeline import PipelineCell
from teacherreg.publish.tables import Row, Table, place_number, word

PIPELINE = Table(
    "pipeline",
    {
        "id": int,
        "school": str,
        "stage": str,
        "missing": int,
        "ready": int,
        "close": int,
        "nobody": int,
        "township": str,
        "locality": str,
    },
    label="school",
    sort="missing",
    is_descending=True,
    facets=("stage", "township", "locality"),
    sortable=("school", "ready", "close", "nobody"),
    searched={"school": "place", "township": "place"},
)
PIPELINE_SUBJECTS = Table(
    "pipeline_subjects",
    {
        "id": int,
        "stage": str,
        "subject": str,
        "places": int,
        "ready": int,
        "close": int,
        "nobody": int,
    },
    label="subject",
    sort="places",
    is_descending=True,
    facets=("stage", "subject"),
    sortable=("ready", "close", "nobody"),
)
PLAN = Table(
    "plan",
    {
        "id": int,
        "school": str,
        "stage": str,
        "missing_before": int,
        "missing_after": int,
        "received": int,
        "given": int,
        "required": int,
        "holders_before": int,
        "holders_after": int,
        "township": str,
    },
    label="school",
    sort="missing_before",
    is_descending=True,
    facets=("stage", "township"),
    sortable=("school", "missing_after", "received", "given", "required"),
    searched={"school": "place", "township": "place"},
)
HONOURS = Table(
    "honours",
    {
        "id": int,
        "school": str,
        "stage": str,
        "honours": int,
        "missing_before": int,
        "missing_after": int,
        "required": int,
        "holders_before": int,
        "township": str,
    },
    label="school",
    sort="honours",
    is_descending=True,
    facets=("stage", "township"),
    sortable=("school", "missing_before", "missing_after", "required"),
    searched={"school": "place", "township": "place"},
)

Told: TypeAlias = "tuple[int, int, int] | tuple[None, None, None]"


@dataclass(frozen=True)
class Remedies:
    """The answers on what would help, as of one day.

    Attributes:
        honours: For as many as must be grown in a year.
        least: The fewest persons that a figure which depends on conduct may tell of.
    """

    pipeline: Pipeline
    plan: Plan
    honours: Honours
    least: int


def pipeline_rows(remedies: Remedies, by_school: Gaps, numbers: Mapping[str, int]) -> Iterator[Row]:
    """Give a row for each school's stage with a gap.

    Args:
        remedies: The answers.
        by_school: The gaps by school and stage.
        numbers: Number of each school, by its name.
    """
    teachers = {(cell.school, cell.stage): cell.teachers - cell.holders for cell in by_school.cells}
    for cell in remedies.pipeline.cells:
        yield (
            place_number(numbers, str(cell.school), str(cell.stage)),
            cell.school,
            word("stages", cell.stage),
            cell.missing,
            *filled(cell, teachers[cell.school, cell.stage], remedies.least),
            cell.township,
            word("localities", cell.locality),
        )


def filled(cell: PipelineCell, teachers: int, least: int) -> Told:
    """Part a gap into what can be filled now, what soon, and for what nobody is coming.

    Args:
        cell: A school's stage.
        teachers: Its full-time teachers whom the standard does not count, as the public knows.
        least: The fewest persons that may be told of.

    Returns:
        The three parts; Nones where the gap is larger than who could fill it now, so that
        their number is told, and too few others are there who are not even close.
    """
    ready = min(cell.missing, cell.ready)
    close = min(cell.missing - ready, cell.close)
    nobody = cell.missing - ready - close
    if ready < cell.missing and teachers - cell.ready - cell.close < least:
        return None, None, None
    return ready, close, nobody


def subject_rows(remedies: Remedies, by_subject: Gaps) -> Iterator[Row]:
    """Give a row for each stage and subject: at how many places its teachers hold no title.

    Args:
        remedies: The answers.
        by_subject: The gaps by school, stage and subject.
    """
    stages, subjects = code_table("stages").codes, code_table("subjects").codes
    places = _empty_places(remedies.pipeline, by_subject)
    for stage, subject in sorted(
        places, key=lambda one: (stages.index(one[0]), subjects.index(one[1]))
    ):
        found = places[stage, subject]
        yield (
            stages.index(stage) * 1_000 + subjects.index(subject),
            word("stages", stage),
            word("subjects", subject),
            len(found),
            *told_places(found, remedies.least),
        )


State: TypeAlias = Literal["ready", "close", "nobody"]


@dataclass(frozen=True)
class Empty:
    """A subject of a school's stage that nobody with a title teaches.

    Attributes:
        state: Whether one of its teachers may be nominated, or is close to it, or nobody.
        teachers: How many they are.
    """

    state: State
    teachers: int


def told_places(places: Sequence[Empty], least: int) -> Told:
    """Count places by their state.

    Returns:
        How many are ready, close and without anybody; Nones where those that are not ready
        have fewer teachers than may be told of.
    """
    states = Counter(place.state for place in places)
    unready = [place.teachers for place in places if place.state != "ready"]
    if unready and sum(unready) < least:
        return None, None, None
    return states["ready"], states["close"], states["nobody"]


def _empty_places(pipeline: Pipeline, by_subject: Gaps) -> dict[tuple[str, str], list[Empty]]:
    short = {(cell.school, cell.stage) for cell in pipeline.cells}
    there = {(one.school, one.stage, one.subject) for one in pipeline.candidates}
    ready = {(one.school, one.stage, one.subject) for one in pipeline.candidates if one.is_ready}
    found: dict[tuple[str, str], list[Empty]] = defaultdict(list)
    for cell in by_subject.cells:
        place = (cell.school, cell.stage, cell.subject)
        is_empty = cell.teachers and not cell.holders and place[:2] in short
        if is_empty and cell.subject and cell.subject not in NO_SUBJECT:
            state: State = "ready" if place in ready else "close" if place in there else "nobody"
            found[str(cell.stage), str(cell.subject)].append(Empty(state, cell.teachers))
    return found


def plan_rows(plan: Plan, numbers: Mapping[str, int]) -> Iterator[Row]:
    """Give a row for each school's stage, before and after the moves.

    Args:
        plan: The answer.
        numbers: Number of each school, by its name.
    """
    for place in plan.places:
        yield (
            place_number(numbers, place.school, place.stage),
            place.school,
            word("stages", place.stage),
            place.missing_before,
            place.missing_after,
            place.received,
            place.given,
            place.required,
            place.holders_before,
            place.holders_after,
            place.township,
        )


def honour_rows(honours: Honours, numbers: Mapping[str, int]) -> Iterator[Row]:
    """Give a row for each school's stage where some of the honours help most.

    Args:
        honours: The answer.
        numbers: Number of each school, by its name.
    """
    for place in honours.places:
        unit = place.unit
        yield (
            place_number(numbers, unit.count.school, str(unit.count.stage)),
            unit.count.school,
            word("stages", unit.count.stage),
            place.honours,
            unit.missing,
            place.missing_after,
            unit.required,
            unit.count.holders,
            unit.count.township,
        )
