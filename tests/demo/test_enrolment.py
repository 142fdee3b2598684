"""The made-up county knows its pupils of earlier school years, and those of today stay."""

import random
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from teacherreg.demo.county import DemoSchool, draw_schools
from teacherreg.demo.enrolment import EARLIER_YEARS, earlier_years
from teacherreg.demo.make import make_samples

MOST_CHANGE = 0.1  # in a year


@pytest.fixture(scope="module")
def schools() -> list[DemoSchool]:
    return draw_schools(3000, random.Random(1))


@pytest.fixture(scope="module")
def years(schools: list[DemoSchool]) -> list[list[DemoSchool]]:
    """All school years, the present one first."""
    return [schools, *earlier_years(schools, seed=1)]


def pupils(schools: list[DemoSchool], stage: str, terrain: str = "") -> int:
    return sum(
        school.students.get(stage, 0) for school in schools if terrain in ("", school.terrain)
    )


def test_there_are_at_least_four_earlier_years_of_the_same_schools(
    years: list[list[DemoSchool]],
) -> None:
    assert EARLIER_YEARS >= 4
    assert len(years) == 1 + EARLIER_YEARS
    assert len({tuple(school.name for school in year) for year in years}) == 1


def test_pupils_change_by_a_few_percent_a_year(years: list[list[DemoSchool]]) -> None:
    for later, before in pairwise(years):
        for school, was in zip(later, before, strict=True):
            assert school.students.keys() == was.students.keys()
            for stage, number in school.students.items():
                assert abs(number - was.students[stage]) <= MOST_CHANGE * number + 1
        assert [school.students for school in later] != [school.students for school in before]


def test_kindergartens_and_mountains_empty_while_the_seat_and_junior_schools_grow(
    years: list[list[DemoSchool]],
) -> None:
    last, first = years[0], years[-1]
    assert pupils(last, "kindergarten") < pupils(first, "kindergarten")
    assert pupils(last, "junior") > pupils(first, "junior")
    assert pupils(last, "primary", "seat") > pupils(first, "primary", "seat")
    assert pupils(last, "primary", "mountain") < pupils(first, "primary", "mountain")


def test_earlier_years_keep_to_the_sizes_of_schools(years: list[list[DemoSchool]]) -> None:
    for schools in years:
        for school in schools:
            assert all(3 <= number <= 2000 for number in school.students.values())
            if school.school_type == "teaching_point":
                assert school.students["primary"] < 50


def test_the_list_of_schools_has_a_sheet_for_each_school_year(tmp_path: Path) -> None:
    make_samples(tmp_path, on=date(2026, 8, 31))
    names = CalamineWorkbook.from_path(tmp_path / "schools.xlsx").sheet_names
    assert names == [f"{year}-{year + 1}学年" for year in range(2025, 2025 - len(names), -1)]
    assert len(names) == 1 + EARLIER_YEARS
