"""Mentors and mentees on a day, and studios across schools."""

from datetime import date

import pytest

from teacherreg.development.mentoring import Studio, pairs, studios_of

from .conftest import County

ON = date(2026, 9, 1)
STUDIO = "张三名师工作室"


@pytest.fixture
def people(county: County) -> dict[str, int]:
    one, two = county.school("一小"), county.school("二小")
    found = {
        "张三": county.teacher("张三", one, since="2000-09-01"),
        "李四": county.teacher("李四", one, since="2020-09-01"),
        "王五": county.teacher("王五", two, since="2021-09-01"),
        "赵六": county.teacher("赵六"),  # has no post
    }
    return found | {"一小": one, "二小": two}


def together(
    county: County, mentor: int, mentee: int, first: str, last: str | None, **more: str
) -> None:
    county.add(
        "mentoring", teacher_id=mentor, mentee_id=mentee, starts_on=first, ends_on=last, **more
    )


def test_a_pair_is_together_from_its_first_day_to_its_last(
    county: County, people: dict[str, int]
) -> None:
    together(county, people["张三"], people["李四"], "2025-09-01", "2026-08-31", aim="县级骨干")
    for day, count in (("2025-08-31", 0), ("2025-09-01", 1), ("2026-08-31", 1), ("2026-09-01", 0)):
        assert pairs(county.connection, date.fromisoformat(day)).height == count, day
    found = pairs(county.connection, date(2026, 1, 1)).row(0, named=True)
    assert found | {"teacher_id": 0, "mentee_id": 0} == {
        "mentor": "张三",
        "mentor_school": "一小",
        "mentee": "李四",
        "mentee_school": "一小",
        "studio": None,
        "subject": None,
        "starts_on": date(2025, 9, 1),
        "ends_on": date(2026, 8, 31),
        "aim": "县级骨干",
        "teacher_id": 0,
        "mentee_id": 0,
    }


def test_a_studio_counts_each_member_once_and_names_all_schools(
    county: County, people: dict[str, int]
) -> None:
    leader = people["张三"]
    for first in ("2025-09-01", "2026-03-01"):
        together(county, leader, people["王五"], first, None, studio=STUDIO)
    together(county, leader, people["赵六"], "2025-09-01", None, studio=STUDIO)
    together(county, leader, people["李四"], "2025-09-01", None)
    assert studios_of(pairs(county.connection, ON)) == [
        Studio(STUDIO, leaders=("张三",), members=2, schools=("一小", "二小"))
    ]


def test_a_school_sees_pairs_of_its_mentors_and_of_its_mentees(
    county: County, people: dict[str, int]
) -> None:
    together(county, people["张三"], people["李四"], "2025-09-01", None)
    together(county, people["张三"], people["王五"], "2025-09-01", None)
    two = pairs(county.connection, ON, [people["二小"]])
    assert two["mentee"].to_list() == ["王五"]
    assert pairs(county.connection, ON, [people["一小"]])["mentee"].to_list() == ["李四", "王五"]
