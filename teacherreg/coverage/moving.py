"""Planning the moves (交流轮岗) of a year that close most of a standard's gap.

Hard rules, kept in every plan: who moves is eligible (`Standing.ELIGIBLE`) and teaches at no
other school too; a school gives only of what it has over its own requirement, so none that is
short loses anybody; everybody goes on teaching the same stage; of those who move at least
20 % are backbone teachers. A school that the standard does not count neither gives nor gets.

Told beside the plan and not forced: that 10 % of those eligible move in a school year. Only
moves of people whom the standard counts close a gap; whom else to move is not ours to choose.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import polars as pl
from sqlalchemy import Connection, or_, select

from teacherreg.codes import code_table
from teacherreg.coverage.asked import Question
from teacherreg.coverage.cells import count, holders
from teacherreg.coverage.distances import UNIT, Distances, distances_of
from teacherreg.coverage.figures import OF_PERSONS
from teacherreg.coverage.people import people_of_the_day
from teacherreg.coverage.plan import (
    Bound,
    Move,
    Place,
    Plan,
    SchoolYear,
    StageLimits,
    neediest_first,
)
from teacherreg.coverage.standard import DEFAULT_STANDARD, SCHOOL_AND_STAGE, Standard
from teacherreg.coverage.standards import standard_of
from teacherreg.coverage.transport import Flow, Giver, Problem, Receiver, Solution, solve
from teacherreg.coverage.units import Unit, judge
from teacherreg.development.rotations import (
    BACKBONE_PERCENT,
    Share,
    Standing,
    moved_in_year,
    standings,
)
from teacherreg.errors import CoverageError
from teacherreg.models import Attachment
from teacherreg.posts import POST

OTHER: Final = "other"

_Place: TypeAlias = tuple[int, str]  # number of a school, and a stage
_Person: TypeAlias = Mapping[str, Any]


class UnplannableError(CoverageError):
    """A standard whose gap nobody's move from school to school closes."""


@dataclass(frozen=True)
class Ground:
    """What a plan is made of.

    Attributes:
        units: Those that the standard counts, by school and stage, in one fixed order.
        people: Whom it counts, by unit, who has been at the school longest first; with
            ``standing`` and ``is_backbone``.
    """

    units: Mapping[_Place, Unit]
    people: Mapping[_Place, Sequence[_Person]]

    def surplus(self, place: _Place) -> int:
        """How many a unit has over its requirement."""
        unit = self.units[place]
        return max(0, unit.count.holders - unit.required)

    def movable(self, place: _Place, *, is_backbone: bool | None = None) -> list[_Person]:
        """Who of a unit may move: all, backbone teachers only, or others only."""
        return [
            person
            for person in self.people.get(place, ())
            if person["standing"] == Standing.ELIGIBLE.value
            and is_backbone in (None, person["is_backbone"])
        ]

    @property
    def giving(self) -> list[_Place]:
        """Units that can give somebody."""
        return [place for place in self.units if self.surplus(place) and self.movable(place)]

    @property
    def receiving(self) -> dict[tuple[str, str | None], list[_Place]]:
        """Units that are short, by stage and township."""
        found: defaultdict[tuple[str, str | None], list[_Place]] = defaultdict(list)
        for place, unit in self.units.items():
            if unit.missing:
                found[place[1], unit.count.township].append(place)
        return found


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
    townships = sorted({unit.count.township or "" for unit in ground.units.values()} - {""})
    ways = Distances() if distances is None else distances_of(distances, townships)
    giving, receiving = ground.giving, ground.receiving
    problem = Problem(
        givers=[_giver(ground, place) for place in giving],
        receivers=[
            Receiver(*group, sum(ground.units[place].missing for place in places))
            for group, places in receiving.items()
        ],
        length=ways.between,
        most_moves=most_moves,
        backbone_percent=BACKBONE_PERCENT,
    )
    solution = solve(problem, seconds)
    moved = _assigned(ground, giving, list(receiving.values()), solution.flows, ways)
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


_Moved: TypeAlias = tuple[_Person, _Place, _Place]  # who, whence, whither


def require_plannable(standard: Standard) -> None:
    """Refuse a standard that asks nothing of a school and stage, or asks for shares of persons.

    Raises:
        UnplannableError: Because of the unit, or because a move would change what is asked.
    """
    if standard.unit != SCHOOL_AND_STAGE:
        raise UnplannableError("plan-unit", standard=standard.name)
    if standard.figure.kind in OF_PERSONS:
        raise UnplannableError("plan-share", standard=standard.name)


def ground_of(connection: Connection, question: Question) -> Ground:
    """Read what a plan is made of."""
    order = code_table("stages").codes.index
    units = {
        (unit.count.school_id, str(unit.count.stage)): unit
        for unit in sorted(
            judge(question.standard, count(connection, question)),
            key=lambda unit: (
                order(str(unit.count.stage)),
                unit.count.school,
                unit.count.school_id,
            ),
        )
        if unit.outside is None
    }
    people: defaultdict[_Place, list[_Person]] = defaultdict(list)
    for person in _people(connection, question):
        place = (person["school_id"], person["stage"])
        if place in units:
            people[place].append(person)
    return Ground(units, people)


def _people(connection: Connection, question: Question) -> Iterable[_Person]:
    """Give whom the standard counts, who has been at the school longest first."""
    counted = people_of_the_day(connection, question).filter("is_holder")
    standing = standings(connection, question.settings, question.on)
    backbone = _backbone(connection, question)
    elsewhere = _visitors(connection, question)
    is_bound = pl.col("teacher_id").is_in(list(elsewhere)) | pl.col("standing").is_null()
    return (
        counted.join(
            standing.select("teacher_id", "since", "years", "standing"), "teacher_id", how="left"
        )
        .with_columns(
            standing=pl.when(is_bound).then(pl.lit(OTHER)).otherwise("standing"),
            is_backbone=pl.col("teacher_id").is_in(list(backbone)),
        )
        .sort("since", "name", "staff_no", "teacher_id", nulls_last=True)
        .iter_rows(named=True)
    )


def _backbone(connection: Connection, question: Question) -> set[int]:
    """Give those who count as backbone teachers (骨干教师), whatever the standard counts."""
    asked = Question(
        standard=standard_of(DEFAULT_STANDARD),
        on=question.on,
        count_expired=question.count_expired,
        settings=question.settings,
    )
    return set(connection.execute(holders(asked)).scalars())


def _visitors(connection: Connection, question: Question) -> set[int]:
    """Give those who visit a school that day (走教, 支教): who does is not moved as well."""
    asked = select(POST.c.teacher_id).where(
        POST.c.attachment == Attachment.VISITING.value,
        or_(POST.c.starts_on.is_(None), POST.c.starts_on <= question.on),
        or_(POST.c.ends_on.is_(None), POST.c.ends_on >= question.on),
    )
    return set(connection.execute(asked).scalars())


def _giver(ground: Ground, place: _Place) -> Giver:
    return Giver(
        stage=place[1],
        township=ground.units[place].count.township,
        surplus=ground.surplus(place),
        backbone=len(ground.movable(place, is_backbone=True)),
        others=len(ground.movable(place, is_backbone=False)),
    )


def _assigned(
    ground: Ground,
    giving: Sequence[_Place],
    receiving: Sequence[Sequence[_Place]],
    flows: Sequence[Flow],
    ways: Distances,
) -> list[_Moved]:
    """Name the persons and schools of flows.

    Who has been at a school longest leaves it first. Of the schools of a township, which are
    all as near, the one that misses most gets the next; of equals the one that needs fewest,
    which has the least part of them, and then the first by name.
    """
    queues = {
        (place, is_backbone): iter(ground.movable(place, is_backbone=is_backbone))
        for place in giving
        for is_backbone in (True, False)
    }
    missing = {place: ground.units[place].missing for group in receiving for place in group}
    moved: list[_Moved] = []
    for flow in sorted(flows):
        source = giving[flow.giver]
        for _ in range(flow.persons):
            target = max(
                receiving[flow.receiver],
                key=lambda place: (missing[place], -ground.units[place].required),
            )
            missing[target] -= 1
            moved.append((next(queues[source, flow.is_backbone]), source, target))
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


def _length(ground: Ground, moved: _Moved, ways: Distances) -> int:
    _, source, target = moved
    return ways.between(ground.units[source].count.township, ground.units[target].count.township)


def _move(ground: Ground, person: _Person, source: _Place, target: _Place, ways: Distances) -> Move:
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


def _places(ground: Ground, moved: Sequence[_Moved]) -> list[Place]:
    given = Counter(source for _, source, _ in moved)
    received = Counter(target for _, _, target in moved)
    return neediest_first(
        [
            Place(
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
    connection: Connection, question: Question, planned: Sequence[_Person]
) -> SchoolYear:
    backbone = _backbone(connection, question)
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
