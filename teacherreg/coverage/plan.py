"""The answer to "who should move where": the moves, and the gap before and after them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Final

import polars as pl

from teacherreg.coverage.standard import Standard
from teacherreg.development.rotations import Share


@dataclass(frozen=True)
class Move:
    """A person to move; what he or she teaches stays the same.

    Attributes:
        since: Since when at the school that is left.
        years: Whole years there.
        distance: Length of the way, in the unit of the file of distances; 0 within a township.
    """

    name: str
    staff_no: str | None
    from_school: str
    from_township: str | None
    to_school: str
    to_township: str | None
    stage: str
    subject: str | None
    is_backbone: bool
    since: date
    years: int
    distance: float


@dataclass(frozen=True)
class Changed:
    """A school and stage, before and after; ``given`` and ``received`` are persons."""

    school: str
    stage: str
    township: str | None
    required: int
    holders_before: int
    given: int
    received: int
    missing_before: int

    @property
    def holders_after(self) -> int:
        """Whom it has when all have moved."""
        return self.holders_before - self.given + self.received

    @property
    def missing_after(self) -> int:
        """Whom it misses then."""
        return max(0, self.required - self.holders_after)


@dataclass(frozen=True)
class StageLimits:
    """What a stage has to move.

    Attributes:
        missing: Persons that its schools miss.
        surplus: Persons whom its schools have over their requirements.
        movable: Those of the surplus whom the rules let move.
        moves: Those who move.
    """

    stage: str
    missing: int
    surplus: int
    movable: int
    moves: int


@dataclass(frozen=True)
class Bound:
    """How good the moves are, at best.

    Attributes:
        most_closed: No moves close more than so much of the gap.
        distance: Length of all ways together.
        least_distance: No moves that close as much are shorter together.
        is_proved: Whether nothing better exists.
    """

    most_closed: int
    distance: float
    least_distance: float
    is_proved: bool


@dataclass(frozen=True)
class SchoolYear:
    """The shares of the school year (教督〔2017〕6号), with those who moved and who are to.

    Attributes:
        moved: Who moved and who is to, of those eligible on the eve of the school year.
        backbone: Those of them who are backbone teachers.
        already: Who moved before.
        unknown: Teachers of whom nobody can say whether they were eligible.
    """

    since: date
    moved: Share
    backbone: Share
    already: int
    unknown: int

    @property
    def more(self) -> int:
        """How many more must move."""
        return max(0, self.moved.needed - self.moved.part)


@dataclass(frozen=True)
class Plan:
    """Moves that close most of the gap, as of a day.

    Attributes:
        moves: Where most are missing first.
        places: Schools and stages that the standard counts, where most were missing first.
        limits: For each stage, what there was to move.
        standings: Those counted at schools with a surplus, by `Standing`; ``other`` is who is
            no full-time teacher of the school's own, or teaches at another school too.
        bound: How good the moves are.
        year: The shares of the school year.
        most_moves: The most that were asked for; None: any number.
        has_kilometres: Whether distances are of a file; else each way to another township is 1.
    """

    on: date
    standard: Standard
    moves: list[Move]
    places: list[Changed]
    limits: list[StageLimits]
    standings: Mapping[str, int]
    bound: Bound
    year: SchoolYear
    most_moves: int | None
    has_kilometres: bool

    @property
    def reason(self) -> str | None:
        """Why nobody moves, as a code; None where somebody does."""
        if self.moves:
            return None
        limits = self.limits
        if not self.places:
            return "no-places"
        if not any(limit.missing for limit in limits):
            return "nothing-missing"
        if not any(limit.surplus for limit in limits):
            return "no-surplus"
        if not any(limit.movable for limit in limits):
            return "nobody-eligible"
        if not any(limit.missing and limit.surplus for limit in limits):
            return "other-stages"
        if not any(limit.missing and limit.movable for limit in limits):
            return "nobody-eligible"
        return "no-backbone" if self.bound.is_proved else "no-time"

    @property
    def totals(self) -> dict[str, int]:
        """The county before and after."""
        places = self.places
        return {
            "required": sum(place.required for place in places),
            "holders": sum(place.holders_before for place in places),
            "missing_before": sum(place.missing_before for place in places),
            "missing_after": sum(place.missing_after for place in places),
            "places_short_before": sum(place.missing_before > 0 for place in places),
            "places_short_after": sum(place.missing_after > 0 for place in places),
        }

    def to_polars(self) -> pl.DataFrame:
        """Give the moves, a row each."""
        return pl.DataFrame([asdict(move) for move in self.moves], MOVES)

    def to_document(self) -> dict[str, Any]:
        """Give it as JSON: the moves, and every school before and after."""
        moves = [asdict(move) | {"since": move.since.isoformat()} for move in self.moves]
        return {
            "on": self.on.isoformat(),
            "standard": self.standard.id,
            "moves": moves,
            "places": self.schools.to_polars().to_dicts(),
            "totals": self.totals,
            "stages": [asdict(limit) for limit in self.limits],
            "standings": dict(self.standings),
            "bound": asdict(self.bound),
            "reason": self.reason,
            "school_year": {
                "from": self.year.since.isoformat(),
                "already": self.year.already,
                "moved": _share(self.year.moved),
                "backbone": _share(self.year.backbone),
                "more": self.year.more,
                "unknown": self.year.unknown,
            },
        }

    @property
    def schools(self) -> "SchoolsOfPlan":
        """The same answer by school: numbers, and nobody's name."""
        return SchoolsOfPlan(self)


@dataclass(frozen=True)
class SchoolsOfPlan:
    """What a plan does to each school and stage; names nobody."""

    plan: Plan

    def to_polars(self) -> pl.DataFrame:
        """Give a row for each school and stage."""
        return pl.DataFrame(list(self._rows()), PLACES)

    def to_document(self) -> dict[str, Any]:
        """Give it as JSON."""
        return {key: value for key, value in self.plan.to_document().items() if key != "moves"}

    def _rows(self) -> Iterator[dict[str, Any]]:
        for place in self.plan.places:
            yield {name: getattr(place, name) for name in PLACES}


def _share(share: Share) -> dict[str, Any]:
    return {
        "of": share.whole,
        "count": share.part,
        "needed": share.needed,
        "percent": share.percent,
        "meets": share.meets,
    }


def neediest_first(places: Sequence[Changed]) -> list[Changed]:
    """Sort places: where most are missing first, then where most is left over."""
    return sorted(
        places,
        key=lambda place: (
            -place.missing_before,
            -(place.holders_before - place.required),
            place.school,
            place.stage,
        ),
    )


MOVES: Final = {
    "name": pl.String,
    "staff_no": pl.String,
    "from_school": pl.String,
    "from_township": pl.String,
    "to_school": pl.String,
    "to_township": pl.String,
    "stage": pl.String,
    "subject": pl.String,
    "is_backbone": pl.Boolean,
    "since": pl.Date,
    "years": pl.Int64,
    "distance": pl.Float64,
}
PLACES: Final = {
    "school": pl.String,
    "township": pl.String,
    "stage": pl.String,
    "required": pl.Int64,
    "holders_before": pl.Int64,
    "holders_after": pl.Int64,
    "given": pl.Int64,
    "received": pl.Int64,
    "missing_before": pl.Int64,
    "missing_after": pl.Int64,
}
