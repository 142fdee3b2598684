"""What would close the gap, for the public file: who could follow, who moves, new honours.

Nobody is named. Who may be nominated depends on conduct too, so the pipeline tells nothing
from which somebody could work out that one of a few teachers may not be: it tells how much
of a gap could be filled, not how many could fill it; and where the gap is larger than that,
nothing at all unless those who may not be nominated are as many as a figure on conduct
must count (``ethics.min_cell``).
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from teacherreg.coverage import Gaps, Honours, Pipeline, Plan
from teacherreg.coverage.reached import NO_SUBJECT
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
        left = teachers[cell.school, cell.stage] - cell.ready - cell.close
        ready = min(cell.missing, cell.ready)
        close = min(cell.missing - ready, cell.close)
        nobody = cell.missing - ready - close
        is_told = not nobody or left >= remedies.least
        yield (
            place_number(numbers, str(cell.school), str(cell.stage)),
            cell.school,
            word("stages", cell.stage),
            cell.missing,
            *((ready, close, nobody) if is_told else (None, None, None)),
            cell.township,
            word("localities", cell.locality),
        )


def subject_rows(remedies: Remedies, by_subject: Gaps) -> Iterator[Row]:
    """Give a row for each stage and subject: at how many places its teachers hold no title.

    Args:
        remedies: The answers.
        by_subject: The gaps by school, stage and subject.
    """
    places = _empty_places(remedies.pipeline, by_subject)
    for number, ((stage, subject), found) in enumerate(sorted(places.items()), start=1):
        count = [sum(place.state == state for place in found) for state in _STATES]
        left = sum(place.teachers for place in found if place.state == _NOBODY)
        is_told = not left or left >= remedies.least
        yield (
            number,
            word("stages", stage),
            word("subjects", subject),
            len(found),
            *(count if is_told else (None, None, None)),
        )


_READY, _CLOSE, _NOBODY = _STATES = ("ready", "close", "nobody")


@dataclass(frozen=True)
class _Empty:
    """A subject of a school's stage that nobody with a title teaches."""

    state: str
    teachers: int


def _empty_places(pipeline: Pipeline, by_subject: Gaps) -> dict[tuple[str, str], list[_Empty]]:
    short = {(cell.school, cell.stage) for cell in pipeline.cells}
    there = {(one.school, one.stage, one.subject) for one in pipeline.candidates}
    ready = {(one.school, one.stage, one.subject) for one in pipeline.candidates if one.is_ready}
    found: dict[tuple[str, str], list[_Empty]] = defaultdict(list)
    for cell in by_subject.cells:
        place = (cell.school, cell.stage, cell.subject)
        is_empty = cell.teachers and not cell.holders and place[:2] in short
        if is_empty and cell.subject and cell.subject not in NO_SUBJECT:
            state = _READY if place in ready else _CLOSE if place in there else _NOBODY
            found[str(cell.stage), str(cell.subject)].append(_Empty(state, cell.teachers))
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
