"""What a rotation plan is made of: units with too many and too few, and who may leave them."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import polars as pl
from sqlalchemy import Connection, or_, select

from teacherreg.codes import code_table
from teacherreg.coverage.asked import Question
from teacherreg.coverage.cells import count, holders
from teacherreg.coverage.people import people_of_the_day
from teacherreg.coverage.standard import DEFAULT_STANDARD
from teacherreg.coverage.standards import standard_of
from teacherreg.coverage.units import Unit, judge
from teacherreg.development.rotations import Standing, standings
from teacherreg.models import Attachment
from teacherreg.posts import POST

OTHER: Final = "other"

Place: TypeAlias = tuple[int, str]  # number of a school, and a stage
Group: TypeAlias = tuple[str, str | None]  # a stage and a township
Person: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True)
class Ground:
    """What a plan is made of.

    Attributes:
        units: Those that the standard counts, by school and stage, in one fixed order.
        people: Whom it counts, by unit, who has been at the school longest first; with
            ``standing`` and ``is_backbone``.
    """

    units: Mapping[Place, Unit]
    people: Mapping[Place, Sequence[Person]]

    def surplus(self, place: Place) -> int:
        """How many a unit has over its requirement."""
        unit = self.units[place]
        return max(0, unit.count.holders - unit.required)

    def movable(self, place: Place, *, is_backbone: bool | None = None) -> list[Person]:
        """Who of a unit may move: all, backbone teachers only, or others only."""
        return [
            person
            for person in self.people.get(place, ())
            if person["standing"] == Standing.ELIGIBLE.value
            and is_backbone in (None, person["is_backbone"])
        ]

    @property
    def giving(self) -> dict[Group, list[Place]]:
        """Units that can give somebody, by stage and township."""
        return self._grouped(lambda place: bool(self.surplus(place) and self.movable(place)))

    @property
    def receiving(self) -> dict[Group, list[Place]]:
        """Units that are short, by stage and township."""
        return self._grouped(lambda place: self.units[place].missing > 0)

    def _grouped(self, is_in: Callable[[Place], bool]) -> dict[Group, list[Place]]:
        found: dict[Group, list[Place]] = {}
        for place in filter(is_in, self.units):
            found.setdefault((place[1], self.units[place].count.township), []).append(place)
        return found


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
    people: defaultdict[Place, list[Person]] = defaultdict(list)
    for person in _people(connection, question):
        place = (person["school_id"], person["stage"])
        if place in units:
            people[place].append(person)
    return Ground(units, people)


def _people(connection: Connection, question: Question) -> Iterable[Person]:
    """Give whom the standard counts, who has been at the school longest first."""
    counted = people_of_the_day(connection, question).filter("is_holder")
    standing = standings(connection, question.settings, question.on)
    backbone = backbone_of(connection, question)
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


def backbone_of(connection: Connection, question: Question) -> set[int]:
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
