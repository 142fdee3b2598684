"""Student-weighted coefficients of variation; the vectors were worked out by hand."""

import math
from collections.abc import Callable
from datetime import date

import pytest

from teacherreg.coverage import Coverage

from .conftest import County

ON = date(2026, 9, 1)
Ask = Callable[..., Coverage]


def primary(county: County, ask: Ask, schools: list[tuple[int, int]], stage: str) -> Coverage:
    for number, (students, holders) in enumerate(schools):
        county.holders(holders, county.school(f"学校{number}", {stage: students}), stage)
    return ask()


@pytest.mark.parametrize(
    ("stage", "schools", "cv", "meets"),
    [
        pytest.param("primary", [(100, 3), (100, 1)], 0.5, True, id="0.50 passes in primary"),
        pytest.param("junior", [(100, 3), (100, 1)], 0.5, False, id="0.50 fails in junior"),
        pytest.param("junior", [(90, 29), (90, 11)], 0.45, True, id="0.45, whatever floats say"),
        pytest.param("primary", [(300, 3), (300, 3)], 0.0, True, id="all alike"),
    ],
)
def test_the_verdict_is_exact(
    county: County, ask: Ask, stage: str, schools: list[tuple[int, int]], cv: float, meets: bool
) -> None:
    rows = primary(county, ask, schools, stage).equity(on=ON).indicators
    (row,) = [row for row in rows if row.stage == stage]
    assert row.cv == pytest.approx(cv, abs=1e-15)
    assert row.meets is meets
    assert row.limit == {"primary": 0.5, "junior": 0.45}[stage]
    assert row.schools == 2


def test_the_mean_is_the_countys_own_value(county: County, ask: Ask) -> None:
    schools = [(420, 3), (980, 12), (260, 4), (640, 5)]
    row = primary(county, ask, schools, "primary").equity(on=ON).indicators[0]
    assert row.mean == pytest.approx(1.0435, abs=5e-5)  # 24 for 2300
    assert row.cv == pytest.approx(0.2720, abs=5e-5)


@pytest.mark.parametrize(
    ("schools", "reason", "mean"),
    [
        pytest.param([], "too_few_schools", None, id="no school"),
        pytest.param([(300, 3)], "too_few_schools", 1.0, id="one school"),
        pytest.param([(300, 0), (200, 0)], "no_holders", 0.0, id="nobody anywhere"),
        pytest.param([(300, 3), (0, 2)], "too_few_schools", 1.0, id="the other has no pupils"),
    ],
)
def test_what_cannot_be_worked_out_is_null_with_its_reason(
    county: County, ask: Ask, schools: list[tuple[int, int]], reason: str, mean: float | None
) -> None:
    row = primary(county, ask, schools, "primary").equity(on=ON).indicators[0]
    assert (row.cv, row.meets, row.reason, row.mean) == (None, None, reason, mean)


def test_schools_outside_the_standard_are_not_compared(county: County, ask: Ask) -> None:
    county.school("教学点", {"primary": 49}, school_type="teaching_point")
    county.school("特校", {"primary": 80}, school_type="special_school")
    coverage = primary(county, ask, [(300, 3), (300, 3)], "primary")
    row = coverage.equity(on=ON).indicators[0]
    assert (row.schools, row.students, row.cv) == (2, 600, 0.0)


def test_the_document_has_the_agreed_keys(county: County, ask: Ask) -> None:
    document = primary(county, ask, [(100, 3), (100, 1)], "primary").equity(on=ON).to_document()
    assert document["on"] == "2026-09-01"
    assert document["indicators"][0] == {
        "stage": "primary",
        "indicator": "backbone_per_100_students",
        "standard": "quality-balance-2017-backbone",
        "schools": 2,
        "students": 200,
        "holders": 4,
        "mean": 2.0,
        "cv": 0.5,
        "limit": 0.5,
        "meets": True,
        "reason": None,
        "gini": 0.25,  # |300 - 100| / (200 · 4)
        "theil": pytest.approx(0.75 * math.log(1.5) + 0.25 * math.log(0.5)),
        "parts": {"locality": None, "township": None},
    }
    assert document["indicators"][1]["stage"] == "junior"
    assert document["indicators"][1]["cv"] is None


def test_the_frame_holds_a_row_for_each_stage(ask: Ask) -> None:
    frame = ask().equity(on=ON).to_polars()
    assert frame["stage"].to_list() == ["primary", "junior"]
    assert frame["cv"].to_list() == [None, None]
