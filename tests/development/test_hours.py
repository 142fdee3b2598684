"""Hours in five years, exactly; vectors of the domain rules, section 10, and by hand."""

from datetime import date

import polars as pl
import pytest

from teacherreg.development.hours import hours_by_year, hours_of, hours_of_the_year, window, written
from teacherreg.settings import Settings

from .conftest import County

CALENDAR, ROLLING = Settings({}), Settings({"training.window": "rolling"})
ON = date(2026, 9, 1)


def figures(frame: pl.DataFrame) -> list[tuple[int, int, int]]:
    return list(frame.select("tenths", "needed_tenths", "short_tenths").iter_rows())


def test_four_years_of_72_hours_and_one_of_71_are_one_hour_short(county: County) -> None:
    person = county.teacher()
    for year, tenths in ((2022, 720), (2023, 720), (2024, 720), (2025, 720), (2026, 710)):
        county.course(person, tenths, f"{year}-07-20")
    assert figures(hours_of(county.connection, CALENDAR, ON)) == [(3590, 3600, 10)]


def test_tenths_of_hours_are_added_exactly(county: County) -> None:
    person = county.teacher()
    for _ in range(36):
        county.course(person, 1, "2026-05-01")
    county.course(person, 3563, "2026-05-02")
    assert figures(hours_of(county.connection, CALENDAR, ON)) == [(3599, 3600, 1)]
    county.course(person, 5, "2026-05-03")
    assert figures(hours_of(county.connection, CALENDAR, ON)) == [(3604, 3600, 0)]


@pytest.mark.parametrize(
    ("settings", "on", "first"),
    [
        pytest.param(CALENDAR, "2026-01-01", "2022-01-01", id="calendar, first day of a year"),
        pytest.param(CALENDAR, "2026-12-31", "2022-01-01", id="calendar, last day of a year"),
        pytest.param(ROLLING, "2026-09-01", "2021-09-02", id="rolling"),
        pytest.param(ROLLING, "2026-08-31", "2021-09-01", id="rolling, end of a month"),
        pytest.param(ROLLING, "2024-02-29", "2019-03-01", id="rolling, leap day"),
        pytest.param(ROLLING, "2029-02-28", "2024-02-29", id="rolling, to a leap day"),
        pytest.param(ROLLING, "0003-05-01", "0001-01-01", id="rolling, no such year"),
        pytest.param(CALENDAR, "0003-05-01", "0001-01-01", id="calendar, no such year"),
    ],
)
def test_the_setting_says_which_five_years(settings: Settings, on: str, first: str) -> None:
    day = date.fromisoformat(on)
    assert window(settings, day) == (date.fromisoformat(first), day)


@pytest.mark.parametrize(
    ("settings", "counted"), [(CALENDAR, 8 + 16), (ROLLING, 2 + 4 + 8 + 16)], ids=["year", "months"]
)
def test_a_course_counts_on_the_day_it_ended(
    county: County, settings: Settings, counted: int
) -> None:
    person = county.teacher()
    days = ("2021-09-01", "2021-09-02", "2021-12-31", "2022-01-01", "2026-09-01", "2026-09-02")
    for power, day in enumerate(days):
        county.course(person, 2**power, day)
    assert hours_of(county.connection, settings, ON)["tenths"].to_list() == [counted]


def test_who_has_no_training_is_short_of_all_of_it(county: County) -> None:
    one, two = county.teacher("甲"), county.teacher("乙")
    county.course(two, 3600, "2025-03-01")
    found = hours_of(county.connection, CALENDAR, ON)
    assert found["teacher_id"].to_list() == [one, two]
    assert found["short_tenths"].to_list() == [3600, 0]
    assert found.row(0)[-2:] == (date(2022, 1, 1), ON)


def test_only_those_asked_for_are_answered(county: County) -> None:
    people = [county.teacher(f"王{number}") for number in range(4)]
    found = hours_of(county.connection, CALENDAR, ON, [people[2], 99])
    assert found["teacher_id"].to_list() == [people[2]]
    assert hours_of(county.connection, CALENDAR, ON, []).is_empty()
    many = [people[1], *range(100, 700)]
    assert hours_of(county.connection, CALENDAR, ON, many)["teacher_id"].to_list() == [people[1]]


def test_the_hours_of_one_year_and_of_each_year(county: County) -> None:
    person = county.teacher()
    for tenths, day in (
        (100, "2024-12-31"),
        (45, "2025-01-01"),
        (20, "2025-06-01"),
        (7, "2026-01-01"),
    ):
        county.course(person, tenths, day)
    on = date(2025, 12, 31)
    assert hours_of_the_year(county.connection, on)["tenths"].to_list() == [65]
    assert hours_by_year(county.connection, person, on) == {2024: 100, 2025: 65}


@pytest.mark.parametrize(("tenths", "text"), [(0, "0"), (720, "72"), (45, "4.5"), (3599, "359.9")])
def test_hours_are_written_as_people_write_them(tenths: int, text: str) -> None:
    assert written(tenths) == text
