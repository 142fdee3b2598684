"""Student-weighted coefficients of variation; the vectors were worked out by hand."""

import math
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from teacherreg.coverage import Coverage, UnknownStandardError
from teacherreg.coverage.equity_rows import BestMove
from teacherreg.coverage.standards import DEFAULT_STANDARD, standard_of
from teacherreg.errors import CoverageError
from teacherreg.shipped import shipped as data

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


@pytest.fixture
def small_county(county: County) -> County:
    """Two city schools, one in town, two in the country: 12 holders for 1,000 pupils."""
    for name, students, holders, locality, township in (
        ("城关一小", 300, 6, "city", "城关镇"),
        ("城关二小", 300, 3, "city", "城关镇"),
        ("河湾小学", 200, 2, "town", "河湾镇"),
        ("红崖小学", 100, 1, "rural", "红崖乡"),
        ("柳泉小学", 100, 0, "rural", "红崖乡"),
    ):
        school = county.school(name, {"primary": students}, locality=locality, township=township)
        county.holders(holders, school)
    return county


def test_what_each_school_adds(small_county: County, ask: Ask) -> None:
    """CV² = 1000 (36/300 + 9/300 + 4/200 + 1/100) / 144 − 1 = 1/4, of which P(X/m − 1)²/ΣP."""
    listing = ask().equity(on=ON).contributions()
    frame = listing.to_polars()
    assert [row.share for row in listing.rows] == [
        Fraction(8, 15),
        Fraction(2, 5),
        Fraction(1, 30),
        Fraction(1, 45),
        Fraction(1, 90),
    ]
    assert frame["school"].to_list() == [
        "城关一小",
        "柳泉小学",
        "城关二小",
        "河湾小学",
        "红崖小学",
    ]
    assert frame["above_mean"].to_list() == [True, False, False, False, False]
    assert frame["value"].to_list() == [2.0, 0.0, 1.0, 1.0, 1.0]
    assert frame["from_mean"].to_list() == pytest.approx([0.8, -1.2, -0.2, -0.2, -0.2])
    assert frame["stage"].unique().to_list() == ["primary"]  # junior has no schools to tell of
    document = listing.to_document()
    assert document["indicators"][0]["cv"] == 0.5
    assert document["contributions"][0]["share"] == pytest.approx(8 / 15)


def test_the_best_move_with_the_coefficient_after_it(small_county: County, ask: Ask) -> None:
    """From (6, 300) to (0, 100): the squares over pupils fall by 11/300 and rise by 1/100."""
    primary, junior = ask().equity(on=ON).best_moves().rows
    assert isinstance(primary, BestMove)
    assert (primary.from_school, primary.to_school) == ("城关一小", "柳泉小学")
    assert (primary.squared_before, primary.squared_after) == (
        Fraction(1, 4),
        Fraction(1, 4) - Fraction(1000, 144) * Fraction(8, 300),
    )
    assert (primary.giver_meets, primary.meets, primary.moves_to_limit) == (True, True, 0)
    assert isinstance(junior, BestMove)
    assert (junior.reason, junior.from_school, junior.cv_after) == ("too_few_schools", None, None)


@pytest.mark.parametrize(
    ("stage", "schools", "moves", "giver_meets"),
    [
        # junior, limit 0.45: 4 and 0 → CV 1, 3 and 1 → 0.5, 2 and 2 → 0
        pytest.param("junior", [(100, 4), (100, 0)], 2, True, id="two moves"),
        pytest.param("junior", [(100, 2), (100, 2)], 0, None, id="none needed"),
        # 1 and 0 → CV 1, and no move betters that
        pytest.param("primary", [(300, 1), (300, 0)], None, None, id="out of reach"),
        pytest.param("primary", [(300, 3), (100, 0)], 1, False, id="the giver falls short"),
    ],
)
def test_how_many_moves_reach_the_limit(
    county: County,
    ask: Ask,
    stage: str,
    schools: list[tuple[int, int]],
    moves: int | None,
    giver_meets: bool | None,
) -> None:
    rows = primary(county, ask, schools, stage).equity(on=ON).best_moves().to_polars()
    (row,) = rows.filter(stage=stage).to_dicts()
    assert (row["moves_to_limit"], row["giver_meets"]) == (moves, giver_meets)
    assert row["reason"] == (None if giver_meets is not None else "no_better_move")


def test_town_and_country(small_county: County, ask: Ask) -> None:
    frame = ask().equity(on=ON).groups("locality").to_polars()
    columns = ("locality", "schools", "holders", "mean", "compared_with", "ratio")
    assert frame.select(columns).rows() == [
        ("city", 2, 9, 1.5, "city", 1.0),
        ("town", 1, 2, 1.0, "city", pytest.approx(2 / 3)),
        ("rural", 2, 1, 0.5, "city", pytest.approx(1 / 3)),
    ]
    assert frame["cv"].to_list() == [pytest.approx(1 / 3), None, 1.0]
    assert frame["reason"].to_list() == [None, "too_few_schools", None]


def test_townships_are_held_against_the_county(small_county: County, ask: Ask) -> None:
    frame = ask().equity(on=ON).groups("township").to_polars()
    assert frame.select("township", "mean", "ratio_to_county").rows() == [
        ("红崖乡", 0.5, pytest.approx(0.5 / 1.2)),
        ("河湾镇", 1.0, pytest.approx(1 / 1.2)),
        ("城关镇", 1.5, 1.25),
    ]
    assert {"locality", "ratio"}.isdisjoint(frame.columns)


def test_a_county_without_a_city_compares_with_its_towns(county: County, ask: Ask) -> None:
    county.holders(2, county.school("镇小", {"primary": 100}, locality="town"))
    county.holders(1, county.school("村小", {"primary": 100}, locality="rural"))
    county.school("某小", {"primary": 100})
    rows = ask().equity(on=ON).groups("locality").to_polars()
    assert rows.select("locality", "compared_with", "ratio").rows() == [
        ("town", "town", 1.0),
        ("rural", "town", 0.5),
        (None, "town", 0.0),
    ]


def test_with_nobody_in_the_city_there_is_no_ratio(county: County, ask: Ask) -> None:
    county.school("城小", {"primary": 100}, locality="city")
    county.holders(1, county.school("村小", {"primary": 100}, locality="rural"))
    rows = ask().equity(on=ON).groups("locality").to_polars()
    assert rows["ratio"].to_list() == [None, None]


def test_the_parts_stand_in_columns_and_add_up(small_county: County, ask: Ask) -> None:
    row = ask().equity(on=ON).to_polars().row(0, named=True)
    for grouping in ("locality", "township"):
        between, within = row[f"theil_between_{grouping}"], row[f"theil_within_{grouping}"]
        assert between + within == pytest.approx(row["theil"], abs=1e-12)
        # Σ|xᵢPⱼ − xⱼPᵢ| / (1000 · 12): 3000 over schools, 2000 over the groups, alike by either
        assert row["gini"] == 0.25
        assert row[f"gini_between_{grouping}"] == pytest.approx(1 / 6)
        assert row[f"gini_within_{grouping}"] == pytest.approx(1 / 12)
        assert row[f"gini_overlap_{grouping}"] == pytest.approx(0, abs=1e-12)


def test_where_no_school_has_pupils_on_file_that_is_the_reason(county: County, ask: Ask) -> None:
    county.holders(2, county.school("一小"))
    county.holders(1, county.school("二小"))
    equity = ask().equity(on=ON)
    row = equity.indicators[0]
    assert (row.reason, row.cv, row.gini, row.theil) == ("no_pupils", None, None, None)
    assert equity.contributions().rows == ()
    assert equity.groups("locality").rows == ()
    assert equity.best_moves().to_polars()["reason"].to_list()[0] == "no_pupils"


def test_all_alike_shares_nothing_out(county: County, ask: Ask) -> None:
    rows = primary(county, ask, [(300, 3), (300, 3)], "primary").equity(on=ON).contributions().rows
    assert [(row.share, row.above_mean) for row in rows] == [(None, None), (None, None)]  # type: ignore[union-attr]


def test_several_standards_are_answered_in_one(county: County, ask: Ask, tmp_path: Path) -> None:
    shipped = standard_of(DEFAULT_STANDARD)
    own = tmp_path / "own.toml"
    text = (data("data/standards") / f"{DEFAULT_STANDARD}.toml").read_text("utf-8")
    changed = text.replace(f'id = "{shipped.id}"', 'id = "own"').replace("= 0.50", "= 0.40")
    own.write_text(changed, "utf-8")
    coverage = primary(county, ask, [(100, 3), (100, 1)], "primary")
    equity = coverage.equity([DEFAULT_STANDARD, own, own], on=ON)
    assert [(row.standard, row.stage, row.limit, row.meets) for row in equity.indicators] == [
        (shipped.id, "primary", 0.5, True),
        (shipped.id, "junior", 0.45, None),
        ("own", "primary", 0.4, False),
        ("own", "junior", 0.45, None),
    ]
    assert equity.to_document()["standards"] == [shipped.id, "own"]


def test_all_are_the_shipped_standards_that_set_a_limit(ask: Ask) -> None:
    coverage = ask()
    limiting = [standard.id for standard in coverage.standards() if standard.cv_limits]
    assert DEFAULT_STANDARD in limiting
    assert [one.id for one in coverage.equity("all", on=ON).standards] == limiting


def test_each_indicator_counts_its_own_people(county: County, ask: Ask) -> None:
    """Ten music teachers in one school and two in the other: CV = 8/12, over the 0.50."""
    for school, teachers in (("一小", 10), ("二小", 2)):
        number = county.school(school, {"primary": 100})
        for _ in range(teachers):
            county.teacher(number, subject="music")
    rows = ask().equity("all", on=ON).indicators
    found = {row.indicator: row for row in rows if row.stage == "primary"}
    pe_art, backbone = found["pe_art_per_100_students"], found["backbone_per_100_students"]
    assert (pe_art.holders, pe_art.cv, pe_art.meets) == (12, pytest.approx(2 / 3), False)
    assert (backbone.holders, backbone.cv, backbone.reason) == (0, None, "no_holders")
    assert len(found) == 3


def test_a_standard_that_is_not_of_students_has_no_coefficient(ask: Ask) -> None:
    with pytest.raises(CoverageError) as refused:
        ask().equity("ningxia-2027-county", on=ON)
    assert refused.value.code == "equity-not-of-students"


def test_asking_for_no_standard_is_refused(ask: Ask) -> None:
    with pytest.raises(UnknownStandardError):
        ask().equity([], on=ON)
