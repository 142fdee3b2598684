"""The verdict of the quality-balance evaluation, as far as the registry can tell.

A school's stage passes with all but one indicator at their standard and that one at its
floor; the county with every coefficient of variation within its limit, each by itself. Three
of the seven indicators are about teachers; the other four (rooms, sports grounds, equipment)
are not in the registry. So a school can be out already, or able to pass still: never in.

Source:
    教督〔2017〕6号; the numbers are in ``data/evaluations``.
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from fractions import Fraction
from functools import cache
from typing import Any, Final

import polars as pl

from teacherreg.coverage.asked import Count
from teacherreg.coverage.equity_rows import Indicator
from teacherreg.coverage.spread import Spread
from teacherreg.coverage.standard import Standard
from teacherreg.coverage.units import Unit
from teacherreg.locale import language
from teacherreg.shipped import shipped

DEFAULT_EVALUATION: Final = "quality-balance-2017"

# Why a school's stage is out.
TOO_MANY_BELOW: Final = "too_many_below"
BELOW_FLOOR: Final = "below_floor"


@dataclass(frozen=True)
class Evaluation:
    """A pass rule over several indicators.

    Attributes:
        indicators: Indicators of the document.
        may_be_below: Of how many a school may miss the standard, if it reaches the floor.
        standards: Those that are computed here, by id.
    """

    id: str
    name_zh: str
    name_en: str
    document: str
    indicators: int
    may_be_below: int
    standards: tuple[str, ...]

    @property
    def name(self) -> str:
        """What it is called, in the language in force."""
        return self.name_zh if language() == "zh" else self.name_en


@cache
def evaluation() -> Evaluation:
    """Read the pass rule of ``data/evaluations``."""
    text = shipped(f"data/evaluations/{DEFAULT_EVALUATION}.toml").read_text(encoding="utf-8")
    keys = tomllib.loads(text)
    return Evaluation(**keys | {"standards": tuple(keys["standards"])})


@dataclass(frozen=True, slots=True)
class Reached:
    """One indicator of a school's stage.

    Attributes:
        value: Persons counted for each 100 students, for display.
        meets: Whether it reaches its standard, compared exactly.
        reaches_floor: Whether it reaches the floor.
    """

    indicator: str
    value: float
    holders: int
    required: int
    missing: int
    meets: bool
    reaches_floor: bool


@dataclass(frozen=True, slots=True)
class Judged:
    """A school's stage before the evaluation.

    Attributes:
        count: Its names and students.
        reached: Its indicators; none where it stands outside.
        below: How many of them miss their standard.
        can_pass: Whether it can pass still, whatever the other indicators are; None outside.
        reason: Why it is out: too many miss their standard, or one is below the floor.
        outside: Why it is not judged; None where it is.
    """

    count: Count
    reached: tuple[Reached, ...]
    below: int
    can_pass: bool | None
    reason: str | None
    outside: str | None


@dataclass(frozen=True)
class Verdict:
    """The verdict as of a day: schools that are out first.

    Attributes:
        floor: Share of the standard that the remaining indicator must reach.
        schools: Each school's stage.
        indicators: The county's coefficients of variation, by indicator and stage.
    """

    on: date
    evaluation: Evaluation
    floor: Fraction
    schools: list[Judged]
    indicators: list[Indicator]

    @property
    def meets(self) -> bool | None:
        """Whether every coefficient of the county is within its limit; None where unknown."""
        verdicts = {row.meets for row in self.indicators}
        return False if False in verdicts else None if None in verdicts else True

    @property
    def totals(self) -> dict[str, int]:
        """Count schools' stages that are judged, that can pass and that are out."""
        judged = [row.can_pass for row in self.schools if row.can_pass is not None]
        can_pass = sum(judged)
        return {"judged": len(judged), "can_pass": can_pass, "out": len(judged) - can_pass}

    def to_polars(self) -> pl.DataFrame:
        """Give a row for each school's stage, its indicators side by side."""
        codes = list(dict.fromkeys(row.indicator for row in self.indicators))
        schema = {**dict.fromkeys(_NAMES, pl.String()), "students": pl.Int64()}
        for code in codes:
            schema |= {code: pl.Float64(), f"{code}_missing": pl.Int64()}
            schema |= {f"{code}_meets": pl.Boolean()}
        schema |= {"below": pl.Int64(), "can_pass": pl.Boolean()}
        schema |= {"reason": pl.String(), "outside": pl.String()}
        rows = [tuple(_cells(row, len(codes))) for row in self.schools]
        return pl.DataFrame(rows, schema, orient="row")

    def to_document(self) -> dict[str, Any]:
        """Give the answer as JSON."""
        return {
            "on": self.on.isoformat(),
            "evaluation": self.evaluation.id,
            "document": self.evaluation.document,
            "indicators": {
                "of_the_document": self.evaluation.indicators,
                "computed": len(self.evaluation.standards),
                "may_be_below": self.evaluation.may_be_below,
                "floor": float(self.floor),
            },
            "schools": [
                {
                    **{name: getattr(row.count, name) for name in (*_NAMES, "students")},
                    "indicators": [asdict(one) for one in row.reached],
                    "below": row.below,
                    "can_pass": row.can_pass,
                    "reason": row.reason,
                    "outside": row.outside,
                }
                for row in self.schools
            ],
            "county": {
                "meets": self.meets,
                "indicators": [asdict(row) for row in self.indicators],
            },
            "totals": self.totals,
        }


_NAMES: Final = ("school", "school_code", "school_type", "township", "locality", "stage")


def _cells(row: Judged, indicators: int) -> Iterator[object]:
    yield from (getattr(row.count, name) for name in (*_NAMES, "students"))
    for one in row.reached:
        yield from (one.value, one.missing, one.meets)
    if not row.reached:
        yield from [None] * 3 * indicators
    yield from (None if row.outside else row.below, row.can_pass, row.reason, row.outside)


def verdict_of(
    rule: Evaluation, on: date, judged: Sequence[tuple[Standard, Sequence[Unit]]]
) -> Verdict:
    """Put the judged units of several standards together.

    Args:
        rule: The pass rule.
        on: The day.
        judged: Each standard of the rule with its units, which are schools' stages.
    """
    by_place: dict[tuple[int, str | None], dict[str, Unit]] = {}
    for standard, units in judged:
        for unit in units:
            place = (unit.count.school_id, unit.count.stage)
            by_place.setdefault(place, {})[standard.indicator] = unit
    schools = [_judged(rule, units) for units in by_place.values()]
    return Verdict(
        on=on,
        evaluation=rule,
        floor=max(standard.floor for standard, _ in judged),
        schools=sorted(schools, key=_out_first),
        indicators=[
            Spread.of(standard, stage, units).indicator
            for standard, units in judged
            for stage in standard.stages
        ],
    )


def _judged(rule: Evaluation, units: Mapping[str, Unit]) -> Judged:
    first = next(iter(units.values()))
    if first.outside is not None:
        return Judged(first.count, (), 0, can_pass=None, reason=None, outside=first.outside)
    reached = tuple(
        Reached(
            indicator=indicator,
            value=100 * unit.count.holders / unit.count.students,
            holders=unit.count.holders,
            required=unit.required,
            missing=unit.missing,
            meets=not unit.missing,
            reaches_floor=not unit.missing_to_floor,
        )
        for indicator, unit in units.items()
    )
    below = [one for one in reached if not one.meets]
    reason = (
        TOO_MANY_BELOW
        if len(below) > rule.may_be_below
        else None
        if all(one.reaches_floor for one in below)
        else BELOW_FLOOR
    )
    return Judged(first.count, reached, len(below), reason is None, reason, outside=None)


def _out_first(row: Judged) -> tuple[Any, ...]:
    missing = sum(one.missing for one in row.reached)
    order = {False: 0, True: 1, None: 2}
    return (order[row.can_pass], -row.below, -missing, row.count.school, row.count.stage)
