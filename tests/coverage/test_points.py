"""Teaching points that are no schools of their own count with the school above them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from teacherreg.coverage import Coverage
from teacherreg.coverage.standards import DEFAULT_STANDARD, read_standard, standard_of
from teacherreg.errors import CoverageError
from teacherreg.shipped import shipped

from .conftest import County

ON = date(2026, 9, 1)
Ask = Callable[..., Coverage]


def told(coverage: Coverage, **asked: Any) -> list[tuple[str | None, int, int, int | None]]:
    return [
        (cell.school, cell.students, cell.holders, cell.missing)
        for cell in coverage.gaps(on=ON, **asked).cells
    ]


def test_without_pupils_of_its_own_a_point_counts_with_its_parent(county: County, ask: Ask) -> None:
    head = county.school("中心校", {"primary": 400}, school_type="primary_school")
    point = county.school("沙沟教学点", school_type="teaching_point", parent_school_id=head)
    county.add("school_stage", school_id=point, stage="primary")
    county.holders(3, head)
    county.holders(1, point)
    coverage = ask()
    assert told(coverage) == [("中心校", 400, 4, 0)]
    assert coverage.gaps(on=ON).merged_points == 1
    assert coverage.gaps(on=ON).without_enrolment == 0


def test_a_point_below_a_point_without_pupils_stays_where_it_is(county: County, ask: Ask) -> None:
    head = county.school("中心校", {"primary": 100}, school_type="primary_school")
    point = county.school("沙沟教学点", school_type="teaching_point", parent_school_id=head)
    far = county.school("远处教学点", school_type="teaching_point", parent_school_id=point)
    county.holders(1, point)
    county.holders(1, far)
    gaps = ask().gaps(on=ON)
    assert [(cell.school, cell.holders) for cell in gaps.cells] == [
        ("中心校", 1),
        ("远处教学点", 1),
    ]
    assert (gaps.merged_points, gaps.without_enrolment) == (1, 1)


def test_with_pupils_of_its_own_it_stays_by_itself(county: County, ask: Ask) -> None:
    head = county.school("中心校", {"primary": 400}, school_type="primary_school")
    point = county.school(
        "沙沟教学点", {"primary": 60}, school_type="teaching_point", parent_school_id=head
    )
    county.holders(1, point)
    coverage = ask()
    assert told(coverage) == [("中心校", 400, 0, 4), ("沙沟教学点", 60, 1, 0)]
    assert coverage.gaps(on=ON).merged_points == 0


def test_a_number_of_a_later_year_says_nothing_of_today(county: County, ask: Ask) -> None:
    head = county.school("中心校", {"primary": 100}, school_type="primary_school")
    point = county.school(
        "沙沟教学点",
        {"primary": 60},
        school_type="teaching_point",
        parent_school_id=head,
        school_year="2027-2028",
    )
    county.holders(1, point)
    assert told(ask()) == [("中心校", 100, 1, 0)]


@pytest.mark.parametrize(
    "school",
    [
        pytest.param({"school_type": "teaching_point"}, id="a point without a parent"),
        pytest.param({"school_type": "primary_school", "parent_school_id": 1}, id="a school"),
        pytest.param({"school_type": "teaching_point", "parent_school_id": 2}, id="a junior one's"),
    ],
)
def test_other_schools_without_pupils_stay_where_they_are(
    county: County, ask: Ask, school: dict[str, object]
) -> None:
    county.school("中心校", {"primary": 100}, school_type="primary_school")
    county.school("初中", {"junior": 100}, school_type="junior_secondary")
    county.holders(1, county.school("此处", **school))
    coverage = ask()
    assert told(coverage) == [("中心校", 100, 0, 1), ("初中", 100, 0, 1), ("此处", 0, 1, 0)]
    assert coverage.gaps(on=ON).merged_points == 0


def test_who_visits_a_point_of_the_own_school_counts_there_once(county: County, ask: Ask) -> None:
    head = county.school("中心校", {"primary": 60}, school_type="primary_school", locality="rural")
    point = county.school("沙沟教学点", school_type="teaching_point", parent_school_id=head)
    teacher = county.teacher(head, subject="music")
    county.post(teacher, point, subject="music", attachment="visiting", is_full_time_teacher=False)
    (cell,) = ask().gaps("quality-balance-2017-pe-art", on=ON).cells
    assert (cell.school, cell.holders, cell.visitors) == ("中心校", 1, 0)


def test_persons_of_a_point_are_asked_for_where_they_count(county: County, ask: Ask) -> None:
    head = county.school("中心校", {"primary": 300}, school_type="primary_school")
    point = county.school("沙沟教学点", school_type="teaching_point", parent_school_id=head)
    holder = county.teacher(point)
    county.title(holder)
    county.person(holder, sex="1", birth_date="1966-05-05")  # 60 years 5 months: October 2026
    ahead = ask().forecast(on=ON, years=1)
    assert [(year.holders, year.missing) for year in ahead.years] == [(1, 2), (0, 3)]


def test_pupils_foreseen_for_a_merged_point_are_asked_for_at_its_parent(
    county: County, ask: Ask
) -> None:
    head = county.school("中心校", {"primary": 300}, school_type="primary_school")
    county.school("沙沟教学点", school_type="teaching_point", parent_school_id=head)
    row = ("沙沟教学点", "小学", "2027-2028", "100")
    columns = ("school_name", "stage", "school_year", "student_count")
    foreseen = pl.DataFrame([row], columns, orient="row")
    coverage = ask()
    with pytest.raises(CoverageError) as caught:
        coverage.forecast(on=ON, years=1, pupils=foreseen)
    assert caught.value.code == "pupils-of-a-merged-point"
    ahead = coverage.forecast("ningxia-2027-county", on=ON, years=1, pupils=foreseen)
    assert ahead.years[1].students == 400  # this standard lets the point stand by itself


def test_a_county_may_leave_them_where_they_are(tmp_path: Path, county: County, ask: Ask) -> None:
    own = tmp_path / "own.toml"
    text = shipped(f"data/standards/{DEFAULT_STANDARD}.toml").read_text(encoding="utf-8")
    own.write_text(text.replace("without_enrolment = true", "without_enrolment = false"), "utf-8")
    head = county.school("中心校", {"primary": 100}, school_type="primary_school")
    point = county.school("沙沟教学点", school_type="teaching_point", parent_school_id=head)
    county.holders(1, point)
    coverage = ask()
    assert read_standard(own) == replace(
        standard_of(DEFAULT_STANDARD), merges_teaching_points=False
    )
    assert told(coverage, standard=own) == [("中心校", 100, 0, 1), ("沙沟教学点", 0, 1, 0)]


@pytest.mark.parametrize("name", ["subject-leader-in-reach", "quality-balance-2017-rotation"])
def test_a_standard_that_counts_persons_elsewhere_cannot_merge_them(
    tmp_path: Path, name: str
) -> None:
    own = tmp_path / "own.toml"
    text = shipped(f"data/standards/{name}.toml").read_text(encoding="utf-8")
    own.write_text(f"{text}\n[merged]\nteaching_points_without_enrolment = true\n", "utf-8")
    with pytest.raises(CoverageError, match="teaching_points_without_enrolment"):
        read_standard(own)
