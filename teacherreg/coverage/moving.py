"""Planning the moves (交流轮岗) of a year that close most of a standard's gap.

Hard rules, kept in every plan: who moves is eligible (`Standing.ELIGIBLE`) and teaches at no
other school too; a school gives only of what it has over its own requirement, so none that is
short loses anybody; everybody goes on teaching the same stage; of those who move at least
20 % are backbone teachers. A school that the standard does not count neither gives nor gets.

Told beside the plan and not forced: that 10 % of those eligible move in a school year. Only
moves of people whom the standard counts close a gap; whom else to move is not ours to choose.
"""

from collections import Counter
from collections.abc import Sequence
from typing import TypeAlias

import polars as pl
from sqlalchemy import Connection, select

from teacherreg.coverage.asked import Question
from teacherreg.coverage.distances import UNIT, Distances, distances_of
from teacherreg.coverage.figures import OF_PERSONS
from teacherreg.coverage.ground import OTHER, Ground, Group, Person, Place, backbone_of, ground_of
from teacherreg.coverage.plan import (
    Bound,
    Changed,
    Move,
    Plan,
    SchoolYear,
    StageLimits,
    neediest_first,
)
from teacherreg.coverage.standard import SCHOOL_AND_STAGE, Standard
from teacherreg.coverage.tables import SCHOOL
from teacherreg.coverage.transport import Flow, Giver, Problem, Receiver, Solution, solve
from teacherreg.development.rotations import BACKBONE_PERCENT, Share, Standing, moved_in_year
from teacherreg.errors import CoverageError


class UnplannableError(CoverageError):
    """A standard whose gap nobody's move from school to school closes."""


def plan_moves(
    connection: Connection,
    question: Question,
    *,
    distances: pl.DataFrame | None,
    most_moves: int | None,
    seconds: float,
) -> Plan:
    """Plan the moves; see `Coverage.plan`."""
    require_plannable(question.standard)
    ground = ground_of(connection, question)
    ways = Distances()
    if distances is not None:
        asked = select(SCHOOL.c.township).where(SCHOOL.c.township.is_not(None)).distinct()
        ways = distances_of(distances, connection.execute(asked).scalars())
    giving, receiving = ground.giving, ground.receiving
    problem = Problem(
        givers=[_giver(ground, *group) for group in giving.items()],
        receivers=[
            Receiver(*group, sum(ground.units[place].missing for place in places))
            for group, places in receiving.items()
        ],
        length=ways.between,
        most_moves=most_moves,
        backbone_percent=BACKBONE_PERCENT,
    )
    solution = solve(problem, seconds)
    moved = _assigned(ground, list(giving.values()), list(receiving.values()), solution.flows, ways)
    return Plan(
        on=question.on,
        standard=question.standard,
        moves=[_move(ground, *one, ways) for one in moved],
        places=_places(ground, moved),
        limits=_limits(ground, moved),
        standings=_standings(ground),
        bound=_bound(solution, moved, ground, ways),
        year=_school_year(connection, question, [person for person, _, _ in moved]),
        most_moves=most_moves,
        has_kilometres=ways.has_numbers,
    )


_Moved: TypeAlias = tuple[Person, Place, Place]  # who, whence, whither


def require_plannable(standard: Standard) -> None:
    """Refuse a standard that asks nothing of a school and stage, or asks for shares of persons.

    Raises:
        UnplannableError: Because of the unit, or because a move would change what is asked.
    """
    if standard.unit != SCHOOL_AND_STAGE:
        raise UnplannableError("plan-unit", standard=standard.name)
    if standard.figure.kind in OF_PERSONS:
        raise UnplannableError("plan-share", standard=standard.name)


def _giver(ground: Ground, group: Group, places: Sequence[Place]) -> Giver:
    def leaving(is_backbone: bool | None) -> int:
        return sum(
            min(ground.surplus(place), len(ground.movable(place, is_backbone=is_backbone)))
            for place in places
        )

    return Giver(*group, surplus=leaving(None), backbone=leaving(True), others=leaving(False))


def _assigned(
    ground: Ground,
    giving: Sequence[Sequence[Place]],
    receiving: Sequence[Sequence[Place]],
    flows: Sequence[Flow],
    ways: Distances,
) -> list[_Moved]:
    """Name the persons and schools of flows.

    Of the schools of a township, which are all as near, the one that misses most gets the
    next; of equals the one that needs fewest, which has the least part of them, and then the
    first by name.
    """
    sent: Counter[tuple[int, bool]] = Counter()
    for flow in flows:
        sent[flow.giver, flow.is_backbone] += flow.persons
    leaving = {
        (giver, is_backbone): iter(people)
        for giver, places in enumerate(giving)
        for is_backbone, people in _leaving(
            ground, places, sent[giver, True], sent[giver, False]
        ).items()
    }
    missing = {place: ground.units[place].missing for group in receiving for place in group}
    moved: list[_Moved] = []
    for flow in sorted(flows):
        for _ in range(flow.persons):
            target = max(
                receiving[flow.receiver],
                key=lambda place: (missing[place], -ground.units[place].required),
            )
            missing[target] -= 1
            moved.append((*next(leaving[flow.giver, flow.is_backbone]), target))
    number = {place: index for index, place in enumerate(ground.units)}
    return sorted(
        moved,
        key=lambda one: (
            -ground.units[one[2]].missing,
            number[one[2]],
            _length(ground, one, ways),
            number[one[1]],
        ),
    )


def _leaving(
    ground: Ground, places: Sequence[Place], backbone: int, others: int
) -> dict[bool, list[tuple[Person, Place]]]:
    """Choose who leaves the schools of a township: who has been at his or hers longest first.

    A backbone teacher comes first whose leaving keeps none of the others at the school.
    """
    surplus = {place: ground.surplus(place) for place in places}
    rest = {place: len(ground.movable(place, is_backbone=False)) for place in places}
    chosen: dict[bool, list[tuple[Person, Place]]] = {True: [], False: []}
    gone: set[int] = set()
    nobody = dict.fromkeys(places, 0)
    for is_backbone, most, kept in (
        (True, backbone, rest),
        (True, backbone, nobody),
        (False, others, nobody),
    ):
        for person, place in _longest_first(ground, places, is_backbone):
            may_go = surplus[place] > kept[place] and person["teacher_id"] not in gone
            if may_go and len(chosen[is_backbone]) < most:
                chosen[is_backbone].append((person, place))
                gone.add(person["teacher_id"])
                surplus[place] -= 1
    return chosen


def _longest_first(
    ground: Ground, places: Sequence[Place], is_backbone: bool
) -> list[tuple[Person, Place]]:
    people = [
        (person, place)
        for place in places
        for person in ground.movable(place, is_backbone=is_backbone)
    ]
    return sorted(people, key=lambda one: (one[0]["since"], one[0]["name"]))


def _length(ground: Ground, moved: _Moved, ways: Distances) -> int:
    _, source, target = moved
    return ways.between(ground.units[source].count.township, ground.units[target].count.township)


def _move(ground: Ground, person: Person, source: Place, target: Place, ways: Distances) -> Move:
    left, entered = ground.units[source].count, ground.units[target].count
    return Move(
        name=person["name"],
        staff_no=person["staff_no"],
        from_school=left.school,
        from_township=left.township,
        to_school=entered.school,
        to_township=entered.township,
        stage=source[1],
        subject=person["subject"],
        is_backbone=person["is_backbone"],
        since=person["since"],
        years=person["years"],
        distance=_length(ground, (person, source, target), ways) / UNIT,
    )


def _places(ground: Ground, moved: Sequence[_Moved]) -> list[Changed]:
    given = Counter(source for _, source, _ in moved)
    received = Counter(target for _, _, target in moved)
    return neediest_first(
        [
            Changed(
                school=unit.count.school,
                stage=place[1],
                township=unit.count.township,
                required=unit.required,
                holders_before=unit.count.holders,
                given=given[place],
                received=received[place],
                missing_before=unit.missing,
            )
            for place, unit in ground.units.items()
        ]
    )


def _limits(ground: Ground, moved: Sequence[_Moved]) -> list[StageLimits]:
    moves = Counter(source[1] for _, source, _ in moved)
    limits = []
    for stage in dict.fromkeys(stage for _, stage in ground.units):
        places = [place for place in ground.units if place[1] == stage]
        surplus = {place: ground.surplus(place) for place in places}
        limits.append(
            StageLimits(
                stage=stage,
                missing=sum(ground.units[place].missing for place in places),
                surplus=sum(surplus.values()),
                movable=sum(min(surplus[place], len(ground.movable(place))) for place in places),
                moves=moves[stage],
            )
        )
    return limits


def _standings(ground: Ground) -> dict[str, int]:
    found = Counter(
        person["standing"]
        for place, people in ground.people.items()
        if ground.surplus(place)
        for person in people
    )
    return {code: found[code] for code in (*(standing.value for standing in Standing), OTHER)}


def _bound(solution: Solution, moved: Sequence[_Moved], ground: Ground, ways: Distances) -> Bound:
    return Bound(
        most_closed=solution.most_filled,
        distance=sum(_length(ground, one, ways) for one in moved) / UNIT,
        least_distance=solution.least_length / UNIT,
        is_proved=solution.is_proved,
    )


def _school_year(
    connection: Connection, question: Question, planned: Sequence[Person]
) -> SchoolYear:
    backbone = backbone_of(connection, question)
    year = moved_in_year(connection, question.settings, question.on, backbone)
    all_moved = year.moved.part + len(planned)
    all_backbone = year.backbone.part + sum(person["is_backbone"] for person in planned)
    return SchoolYear(
        since=year.since,
        moved=Share(year.moved.whole, all_moved, year.moved.percent),
        backbone=Share(all_moved, all_backbone, year.backbone.percent),
        already=year.moved.part,
        unknown=year.unknown,
    )
