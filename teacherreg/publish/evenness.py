"""How evenly schools are provided, what makes it uneven, and the verdict, for the public file."""

from collections.abc import Iterator, Mapping
from typing import Final

from teacherreg.coverage import Equity, Verdict
from teacherreg.coverage.equity_rows import BestMove, Contribution, Group
from teacherreg.coverage.verdict import Judged
from teacherreg.publish.tables import Row, Table, flag, place_number, word

EQUITY = Table(
    "equity",
    {
        "id": int,
        "stage": str,
        "indicator": str,
        "cv": float,
        "limit_value": float,
        "meets": int,
        "mean": float,
        "schools": int,
        "gini": float,
        "theil": float,
    },
    label="indicator",
    facets=("stage", "indicator"),
    sortable=("cv", "gini", "theil"),
)
EQUITY_SCHOOLS = Table(
    "equity_schools",
    {
        "id": int,
        "school": str,
        "stage": str,
        "indicator": str,
        "cv_share": float,
        "value": float,
        "from_mean": float,
        "holders": int,
        "students": int,
        "township": str,
        "locality": str,
    },
    label="school",
    sort="cv_share",
    is_descending=True,
    facets=("indicator", "stage", "township", "locality"),
    sortable=("school", "value", "from_mean", "holders", "students"),
    searched={"school": "place", "township": "place"},
)
EQUITY_MOVES = Table(
    "equity_moves",
    {
        "id": int,
        "stage": str,
        "indicator": str,
        "cv_before": float,
        "cv_after": float,
        "limit_value": float,
        "moves_to_limit": int,
        "from_school": str,
        "to_school": str,
        "giver_meets": int,
    },
    label="indicator",
    facets=("stage", "indicator"),
)
EQUITY_LOCALITIES = Table(
    "equity_localities",
    {
        "id": int,
        "stage": str,
        "indicator": str,
        "locality": str,
        "mean": float,
        "ratio_to_county": float,
        "ratio": float,
        "cv": float,
        "schools": int,
        "students": int,
        "holders": int,
    },
    label="locality",
    facets=("indicator", "stage", "locality"),
    sortable=("mean", "ratio_to_county", "ratio", "cv"),
)

# The indicators about teachers that are computed, as the columns of the verdict name them.
JUDGED: Final[Mapping[str, str]] = {
    "above_required_education_per_100_students": "education",
    "backbone_per_100_students": "backbone",
    "pe_art_per_100_students": "pe_art",
}
VERDICT = Table(
    "verdict",
    {
        "id": int,
        "school": str,
        "stage": str,
        "can_pass": int,
        "reason": str,
        "below": int,
        **{
            column: kind
            for name in JUDGED.values()
            for column, kind in ((name, float), (f"{name}_missing", int))
        },
        "students": int,
        "township": str,
        "locality": str,
        "outside": str,
    },
    label="school",
    sort="below",
    is_descending=True,
    facets=("can_pass", "reason", "stage", "township", "locality"),
    sortable=("school", "students", *(f"{name}_missing" for name in JUDGED.values())),
    searched={"school": "place", "township": "place"},
)


def equity_rows(equity: Equity) -> Iterator[Row]:
    """Give a row for each indicator and stage."""
    for number, row in enumerate(equity.indicators, start=1):
        yield (
            number,
            *_about(row.stage, row.indicator),
            row.cv,
            row.limit,
            flag(row.meets),
            row.mean,
            row.schools,
            row.gini,
            row.theil,
        )


def school_rows(equity: Equity) -> Iterator[Row]:
    """Give a row for what each school adds to each coefficient, most first."""
    for number, row in enumerate(equity.contributions().rows, start=1):
        assert isinstance(row, Contribution)  # noqa: S101 - of this listing
        yield (
            number,
            row.school,
            *_about(row.stage, row.indicator),
            None if row.share is None else float(100 * row.share),
            row.value,
            row.from_mean,
            row.holders,
            row.students,
            row.township,
            word("localities", row.locality),
        )


def move_rows(equity: Equity) -> Iterator[Row]:
    """Give a row for the single move that helps each coefficient most."""
    for number, row in enumerate(equity.best_moves().rows, start=1):
        assert isinstance(row, BestMove)  # noqa: S101 - of this listing
        yield (
            number,
            *_about(row.stage, row.indicator),
            row.cv_before,
            row.cv_after,
            row.limit,
            row.moves_to_limit,
            row.from_school,
            row.to_school,
            flag(row.giver_meets),
        )


def locality_rows(equity: Equity) -> Iterator[Row]:
    """Give a row for each locality, by indicator and stage."""
    for number, row in enumerate(equity.groups("locality").rows, start=1):
        assert isinstance(row, Group)  # noqa: S101 - of this listing
        yield (
            number,
            *_about(row.stage, row.indicator),
            word("localities", row.locality),
            row.mean,
            row.ratio_to_county,
            row.ratio,
            row.cv,
            row.schools,
            row.students,
            row.holders,
        )


def verdict_rows(verdict: Verdict, numbers: Mapping[str, int]) -> Iterator[Row]:
    """Give a row for each school's stage, with its indicators side by side.

    Args:
        verdict: The answer.
        numbers: Number of each school, by its name.
    """
    for row in verdict.schools:
        count = row.count
        yield (
            place_number(numbers, count.school, str(count.stage)),
            count.school,
            word("stages", count.stage),
            flag(row.can_pass),
            word("verdict_reasons", row.reason),
            None if row.outside else row.below,
            *_indicators(row),
            count.students,
            count.township,
            word("localities", count.locality),
            word("outside_reasons", row.outside),
        )


def _indicators(row: Judged) -> Iterator[object]:
    reached = {one.indicator: one for one in row.reached}
    for indicator in JUDGED:
        one = reached.get(indicator)
        yield from (None, None) if one is None else (one.value, one.missing)


def _about(stage: str, indicator: str) -> Row:
    return word("stages", stage), word("indicators", indicator)
