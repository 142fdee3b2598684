"""The pass rule, with the vectors of rules.md as far as the registry has the indicators."""

from collections.abc import Callable
from datetime import date

import pytest

from teacherreg.coverage import Coverage

from .conftest import County

ON = date(2026, 9, 1)
Ask = Callable[..., Coverage]


def school(county: County, name: str, students: int, educated: int, backbone: int, art: int) -> int:
    """A primary school with so many teachers above the required education, and so on."""
    number = county.school(name, {"primary": students}, school_type="primary_school")
    for _ in range(educated):
        county.person(county.teacher(number), education="31")
    county.holders(backbone, number)
    for _ in range(art):
        county.teacher(number, subject="music")
    return number


@pytest.mark.parametrize(
    ("educated", "backbone", "art", "below", "can_pass", "reason"),
    [
        pytest.param(84, 20, 18, 0, True, None, id="4.2, 1, 0.9: all reached"),
        pytest.param(84, 18, 18, 1, True, None, id="L2 0.9"),
        pytest.param(84, 17, 18, 1, True, None, id="L2 exactly 0.85"),
        pytest.param(84, 16, 18, 1, False, "below_floor", id="L2 0.80"),
        pytest.param(84, 18, 17, 2, False, "too_many_below", id="two below"),
        pytest.param(72, 20, 18, 1, True, None, id="L1 3.6; its floor 71.4 makes 72"),
        pytest.param(71, 20, 18, 1, False, "below_floor", id="L1 3.55"),
        pytest.param(84, 20, 16, 1, True, None, id="L3 0.8; its floor 15.3 makes 16"),
        pytest.param(84, 20, 15, 1, False, "below_floor", id="L3 0.75"),
    ],
)
def test_a_school_may_miss_one_indicator_down_to_its_floor(
    county: County,
    ask: Ask,
    educated: int,
    backbone: int,
    art: int,
    below: int,
    can_pass: bool,
    reason: str | None,
) -> None:
    school(county, "一小", 2000, educated, backbone, art)
    (row,) = ask().verdict(on=ON).schools
    assert (row.below, row.can_pass, row.reason) == (below, can_pass, reason)
    assert [one.holders for one in row.reached] == [educated, backbone, art]
    assert [one.required for one in row.reached] == [84, 20, 18]
    assert [one.value for one in row.reached] == [educated / 20, backbone / 20, art / 20]


def test_a_nine_year_school_is_judged_in_each_stage(county: County, ask: Ask) -> None:
    number = county.school("九年制", {"primary": 100, "junior": 100})
    for _ in range(6):
        county.title(
            county.person(county.teacher(number, "junior", subject="music"), education="21")
        )
    rows = {row.count.stage: row for row in ask().verdict(on=ON).schools}
    assert (rows["primary"].can_pass, rows["primary"].below) == (False, 3)
    assert (rows["junior"].can_pass, rows["junior"].below) == (True, 0)


def test_what_stands_outside_is_listed_last_with_its_reason(county: County, ask: Ask) -> None:
    county.school("教学点", {"primary": 49}, school_type="teaching_point")
    school(county, "二小", 100, 5, 1, 1)
    school(county, "一小", 100, 5, 0, 0)
    verdict = ask().verdict(on=ON)
    assert [(row.count.school, row.can_pass, row.outside) for row in verdict.schools] == [
        ("一小", False, None),
        ("二小", True, None),
        ("教学点", None, "small_teaching_point"),
    ]
    assert verdict.totals == {"judged": 2, "can_pass": 1, "out": 1}


def test_the_county_passes_with_each_coefficient_by_itself(county: County, ask: Ask) -> None:
    school(county, "一小", 100, 5, 3, 1)
    school(county, "二小", 100, 5, 1, 1)
    for name in ("一中", "二中"):
        number = county.school(name, {"junior": 100})
        county.title(
            county.person(county.teacher(number, "junior", subject="music"), education="21")
        )
    coverage = ask()
    verdict = coverage.verdict(on=ON)
    assert len(verdict.indicators) == 6
    (backbone,) = [
        row
        for row in verdict.indicators
        if (row.stage, row.indicator) == ("primary", "backbone_per_100_students")
    ]
    assert (backbone.cv, backbone.meets) == (0.5, True)  # exactly the limit
    assert verdict.meets is True


@pytest.mark.parametrize(
    ("second", "meets"),
    [pytest.param(0, False, id="1.0 is over 0.5"), pytest.param(3, None, id="0")],
)
def test_one_coefficient_over_its_limit_is_enough_to_fail(
    county: County, ask: Ask, second: int, meets: bool | None
) -> None:
    school(county, "一小", 100, 5, 3, 1)
    school(county, "二小", 100, 5, second, 1)
    assert ask().verdict(on=ON).meets is meets  # there is no junior school: nobody can say more


def test_the_document_says_that_three_of_seven_are_computed(county: County, ask: Ask) -> None:
    school(county, "一小", 100, 5, 0, 1)
    document = ask().verdict(on=ON).to_document()
    assert document["indicators"] == {
        "of_the_document": 7,
        "computed": 3,
        "may_be_below": 1,
        "floor": 0.85,
    }
    (row,) = document["schools"]
    assert (row["school"], row["stage"], row["can_pass"], row["reason"]) == (
        "一小",
        "primary",
        False,
        "below_floor",
    )
    assert row["indicators"][1] == {
        "indicator": "backbone_per_100_students",
        "value": 0.0,
        "holders": 0,
        "required": 1,
        "missing": 1,
        "meets": False,
        "reaches_floor": False,
    }
    assert document["county"]["meets"] is None
    assert document["totals"] == {"judged": 1, "can_pass": 0, "out": 1}


def test_the_frame_has_the_same_columns_whatever_is_in_it(county: County, ask: Ask) -> None:
    empty = ask().verdict(on=ON).to_polars()
    assert empty.is_empty()
    assert empty.columns[:7] == [
        "school", "school_code", "school_type", "township", "locality", "stage", "students",
    ]  # fmt: skip
    assert empty.columns[-4:] == ["below", "can_pass", "reason", "outside"]
    assert "pe_art_per_100_students_missing" in empty.columns
