"""Retirement by month: the vectors of the domain rules, section 10, from the decision's annexes."""

from datetime import date

import pytest

from teacherreg.development.retirement import (
    Leave,
    Track,
    last_working_day,
    leaving_month,
    retirement_month,
    track_of,
)

VECTORS = [
    ("1964-12", "male", "2024-12"),
    ("1965-01", "male", "2025-02"),
    ("1965-04", "male", "2025-05"),
    ("1965-05", "male", "2025-07"),
    ("1965-12", "male", "2026-03"),
    ("1970-01", "male", "2031-05"),
    ("1976-08", "male", "2039-07"),
    ("1976-09", "male", "2039-09"),
    ("1963-04", "female55", "2018-04"),
    ("1970-01", "female55", "2025-02"),
    ("1971-04", "female55", "2026-08"),
    ("1981-09", "female55", "2039-09"),
    ("1975-01", "female50", "2025-02"),
    ("1975-03", "female50", "2025-05"),
    ("1984-11", "female50", "2039-11"),
    ("1972-06", "male", "2034-05"),  # a woman with 高级教师: by default …
    ("1972-06", "female55", "2028-02"),  # … and if she wants
]


@pytest.mark.parametrize(("born", "track", "month"), VECTORS)
def test_the_month_of_retirement(born: str, track: str, month: str) -> None:
    for day in (1, 28):
        assert retirement_month(date.fromisoformat(f"{born}-{day:02}"), Track(track)) == (
            date.fromisoformat(f"{month}-01")
        )


def test_one_leaves_at_the_end_of_that_month() -> None:
    assert last_working_day(date(1972, 6, 15), Track.FEMALE_55) == date(2028, 2, 29)


@pytest.mark.parametrize(
    ("sex", "category", "rank", "senior_women", "track"),
    [
        ("1", "logistics", None, "male", Track.MALE),
        ("2", "full_time_teacher", "first_grade_teacher", "male", Track.FEMALE_55),
        ("2", None, None, "male", Track.FEMALE_55),
        ("2", "logistics", None, "male", Track.FEMALE_50),
        ("2", "full_time_teacher", "senior_teacher", "male", Track.MALE),
        ("2", "full_time_teacher", "full_senior_teacher", "female55", Track.FEMALE_55),
        ("2", "full_time_teacher", "a rank of another time", "male", Track.FEMALE_55),
        (None, "full_time_teacher", None, "male", None),
        ("9", "full_time_teacher", None, "male", None),
    ],
)
def test_sex_post_and_rank_choose_the_schedule(
    sex: str | None, category: str | None, rank: str | None, senior_women: str, track: Track | None
) -> None:
    assert track_of(sex, category, rank, senior_women) is track


@pytest.mark.parametrize(
    ("born", "track", "early", "late"),
    [  # by hand: three years before and after, not before 60, 55 or 50
        ("1965-01", "male", "2025-01", "2028-02"),
        ("1970-01", "male", "2030-01", "2034-05"),
        ("1976-09", "male", "2036-09", "2042-09"),
        ("1964-12", "male", "2024-12", "2027-12"),
        ("1981-09", "female55", "2036-09", "2042-09"),
        ("1970-01", "female55", "2025-01", "2028-02"),
        ("1984-11", "female50", "2036-11", "2042-11"),
        ("1975-03", "female50", "2025-03", "2028-05"),
    ],
)
def test_one_may_go_three_years_early_or_late(born: str, track: str, early: str, late: str) -> None:
    day = date.fromisoformat(f"{born}-20")
    found = {leave: leaving_month(day, Track(track), leave) for leave in Leave}
    assert found[Leave.STATUTORY] == retirement_month(day, Track(track))
    assert found[Leave.EARLY] == date.fromisoformat(f"{early}-01")
    assert found[Leave.LATE] == date.fromisoformat(f"{late}-01")
