"""Who is to move and whether enough did; vectors of the domain rules, section 10, and by hand."""

from datetime import date
from typing import Any

import pytest

from teacherreg.development.rotations import (
    Share,
    moved_in_year,
    school_year_begins,
    standings,
    years_between,
)
from teacherreg.settings import Settings

from .conftest import County

DEFAULTS = Settings({})
ON = date(2026, 9, 1)


@pytest.fixture
def two_schools(county: County) -> tuple[int, int]:
    return county.school("一小"), county.school("二小")


def standing(county: County, on: date = ON, settings: Settings = DEFAULTS) -> list[str]:
    return standings(county.connection, settings, on)["standing"].to_list()


@pytest.mark.parametrize(
    ("whole", "part", "percent", "needed", "meets"),
    [
        pytest.param(120, 11, 10, 12, False, id="11 of 120 moved"),
        pytest.param(120, 12, 10, 12, True, id="12 of 120 moved"),
        pytest.param(12, 2, 20, 3, False, id="2 backbone of 12"),
        pytest.param(12, 3, 20, 3, True, id="3 backbone of 12"),
        pytest.param(0, 0, 10, 0, None, id="nobody eligible"),
        pytest.param(70, 7, 10, 7, True, id="exactly a tenth, which floats miss"),
    ],
)
def test_a_share_is_compared_in_whole_persons(
    whole: int, part: int, percent: int, needed: int, meets: bool | None
) -> None:
    share = Share(whole, part, percent)
    assert (share.needed, share.meets) == (needed, meets)


@pytest.mark.parametrize(
    ("first", "last", "years"),
    [
        ("2020-09-01", "2026-08-30", 5),
        ("2020-09-01", "2026-08-31", 6),
        ("2020-09-02", "2026-09-01", 6),
        ("2020-02-29", "2026-02-27", 5),
        ("2020-02-29", "2026-02-28", 6),
        ("2026-09-01", "2026-09-01", 0),
    ],
)
def test_a_year_is_whole_on_its_last_day(first: str, last: str, years: int) -> None:
    assert years_between(date.fromisoformat(first), date.fromisoformat(last)) == years


@pytest.mark.parametrize(
    ("day", "begins"),
    [("2026-08-31", "2025-09-01"), ("2026-09-01", "2026-09-01"), ("2027-01-01", "2026-09-01")],
)
def test_a_school_year_begins_on_1_september(day: str, begins: str) -> None:
    assert school_year_begins(date.fromisoformat(day)) == date.fromisoformat(begins)


@pytest.mark.parametrize(
    ("person", "expected"),
    [
        pytest.param({"since": "2020-09-02"}, "eligible", id="six years with this day"),
        pytest.param({"since": "2020-09-03"}, "not_yet", id="six years tomorrow"),
        pytest.param({}, "unknown", id="nobody wrote down since when"),
        pytest.param(  # 16 months late: 2031-08
            {"since": "2000-09-01", "sex": "1", "birth_date": "1970-04-20"},
            "near_retirement",
            id="retires in five years less a day, on 31 August 2031",
        ),
        pytest.param(  # 17 months late: 2031-10
            {"since": "2000-09-01", "sex": "1", "birth_date": "1970-05"},
            "eligible",
            id="retires in more than five years",
        ),
        pytest.param(  # 55 years and 1 month, in 2025-02, were she not 高级教师: then 2031-05
            {
                "since": "2000-09-01",
                "sex": "2",
                "birth_date": "1970-01-01",
                "professional_rank": "senior_teacher",
            },
            "near_retirement",
            id="a woman of senior rank retires as men do",
        ),
        pytest.param(
            {"since": "2000-09-01", "birth_date": "1966-01-01"},
            "eligible",
            id="whose sex is not on file is not exempt",
        ),
    ],
)
def test_who_is_to_move(
    county: County, two_schools: tuple[int, int], person: dict[str, Any], expected: str
) -> None:
    county.teacher(school=two_schools[0], **person)
    assert standing(county) == [expected]


def test_years_and_exemption_are_settings(county: County, two_schools: tuple[int, int]) -> None:
    old = {"since": "2018-09-01", "sex": "1", "birth_date": "1970-01-01"}  # retires 2031-05
    county.teacher(school=two_schools[0], **old)
    assert standing(county) == ["near_retirement"]
    for changed, expected in (
        ({"rotation.exempt_years_to_retirement": 4}, "eligible"),
        ({"rotation.exempt_years_to_retirement": 0}, "eligible"),
        ({"rotation.years_limit": 9}, "not_yet"),
    ):
        assert standing(county, settings=Settings(changed)) == [expected]


def test_a_new_rank_begins_no_new_stay(county: County, two_schools: tuple[int, int]) -> None:
    one, two = two_schools
    person = county.teacher(school=two, since="2010-09-01", ends_on="2018-08-31")
    county.post(person, one, "2018-09-01", ends_on="2022-12-31")
    county.post(person, one, "2023-01-01")
    found = standings(county.connection, DEFAULTS, ON)
    assert found.select("school", "since", "years").row(0) == ("一小", date(2018, 9, 1), 8)
    assert standing(county, date(2020, 9, 1)) == ["not_yet"]
    assert standing(county, date(2018, 8, 31)) == ["eligible"]  # 8 years at the other school


def test_a_gap_begins_a_new_stay(county: County, two_schools: tuple[int, int]) -> None:
    person = county.teacher(school=two_schools[0], since="2010-09-01", ends_on="2022-08-31")
    county.post(person, two_schools[0], "2022-09-02")
    assert standings(county.connection, DEFAULTS, ON)["since"].to_list() == [date(2022, 9, 2)]


def rotate(
    county: County, person: int, schools: tuple[int, int], first: str, last: str | None
) -> None:
    county.add(
        "rotation",
        teacher_id=person,
        from_school_id=schools[0],
        to_school_id=schools[1],
        starts_on=first,
        ends_on=last,
    )


def test_years_begin_anew_after_a_rotation(county: County, two_schools: tuple[int, int]) -> None:
    person = county.teacher(school=two_schools[0])
    rotate(county, person, two_schools, "2019-09-01", "2020-07-31")
    assert standing(county, date(2019, 8, 31)) == ["unknown"]
    assert standing(county, date(2020, 7, 31)) == ["away"]
    assert standing(county, date(2020, 8, 1)) == ["not_yet"]
    assert standing(county, date(2026, 7, 31)) == ["eligible"]


def test_only_a_schools_own_full_time_teachers_in_service_are_asked(
    county: County, two_schools: tuple[int, int]
) -> None:
    one, two = two_schools
    county.teacher("甲", one, since="2010-09-01")
    county.teacher("乙", one, since="2010-09-01", is_full_time_teacher=False)
    county.teacher("丙", one, since="2010-09-01", status="301")
    county.teacher("丁", one, since="2010-09-01", attachment="visiting")
    county.teacher("戊", two, since="2010-09-01")
    assert standings(county.connection, DEFAULTS, ON)["name"].to_list() == ["甲", "戊"]
    assert standings(county.connection, DEFAULTS, ON, [two])["name"].to_list() == ["戊"]


def test_those_who_moved_are_held_against_the_eve_of_the_school_year(
    county: County, two_schools: tuple[int, int]
) -> None:
    one, two = two_schools
    people = [county.teacher(f"王{n}", one, since="2020-09-01") for n in range(20)]
    county.teacher("不详", one)
    county.teacher("新人", one, since="2025-09-01")
    rotate(county, people[0], two_schools, "2026-09-01", None)
    rotate(county, people[1], two_schools, "2026-09-15", "2027-07-31")
    rotate(county, people[2], two_schools, "2026-08-31", None)  # in the year before: is away

    first_day = moved_in_year(county.connection, DEFAULTS, ON, [people[1]])
    assert first_day.moved == Share(19, 1, 10)  # 20 with six years on 31 August, one is away
    assert (first_day.backbone, first_day.unknown) == (Share(1, 0, 20), 1)
    later = moved_in_year(county.connection, DEFAULTS, date(2026, 9, 15), [people[1]])
    assert (later.moved, later.backbone) == (Share(19, 2, 10), Share(2, 1, 20))
    assert (later.moved.meets, later.backbone.meets) == (True, True)
    elsewhere = moved_in_year(county.connection, DEFAULTS, ON, [], [two])
    assert elsewhere.moved == Share(0, 0, 10)


def test_the_shares_are_of_compulsory_education(
    county: County, two_schools: tuple[int, int]
) -> None:
    one, _ = two_schools
    county.teacher("甲", one, since="2010-09-01", stage="junior")
    for stage in ("kindergarten", "senior", None):
        county.teacher("乙", one, since="2010-09-01", stage=stage)
    senior = county.teacher("丙", one, since="2010-09-01", stage="senior")
    rotate(county, senior, two_schools, "2026-09-01", None)
    year = moved_in_year(county.connection, DEFAULTS, ON, [senior])
    assert (year.moved, year.backbone) == (Share(1, 0, 10), Share(0, 0, 20))
