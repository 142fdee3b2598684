"""Who is missing where; every figure worked out by hand."""

from collections.abc import Callable
from datetime import date

import polars as pl
import pytest

from teacherreg.coverage import Coverage, UnknownDimensionError, UnknownStandardError
from teacherreg.coverage.gaps import Cell

from .conftest import County

ON = date(2026, 9, 1)
Ask = Callable[..., Coverage]


def by_name(cells: list[Cell]) -> dict[str | None, Cell]:
    return {cell.school: cell for cell in cells}


@pytest.mark.parametrize(
    ("students", "holders", "missing", "missing_to_floor"),
    [
        pytest.param(400, 4, 0, 0, id="just enough"),
        pytest.param(400, 3, 1, 1, id="one short"),
        pytest.param(110, 1, 1, 0, id="the last begun hundred counts: 1.1 makes 2; floor 0.935"),
        pytest.param(1000, 8, 2, 1, id="ten wanted; floor 8.5 makes 9"),
        pytest.param(2000, 17, 3, 0, id="exactly at the floor"),
        pytest.param(99, 0, 1, 1, id="under a hundred"),
        pytest.param(812, 5, 4, 2, id="nine wanted; floor 6.902 makes 7"),
        pytest.param(100, 3, 0, 0, id="more than enough misses nobody"),
    ],
)
def test_missing_persons_are_whole_persons(
    county: County, ask: Ask, students: int, holders: int, missing: int, missing_to_floor: int
) -> None:
    county.holders(holders, county.school("实验小学", {"primary": students}))
    (cell,) = ask().gaps(on=ON).cells
    assert (cell.students, cell.holders) == (students, holders)
    assert (cell.missing, cell.missing_to_floor) == (missing, missing_to_floor)
    assert cell.meets is (missing == 0)
    assert cell.required == -(-students // 100)


def test_one_schools_surplus_fills_no_other_schools_gap(county: County, ask: Ask) -> None:
    county.holders(9, county.school("一小", {"primary": 300}, township="城关镇"))
    county.holders(1, county.school("二小", {"primary": 500}, township="城关镇"))
    county.school("三小", {"primary": 120}, township="青山乡")
    coverage = ask()
    # 3 wanted and 9 there; 5 wanted and 1 there; 2 wanted and none there
    for by in ("school,stage", "school", "township", "stage", "county", "locality,stage"):
        gaps = coverage.gaps(by=by, on=ON)
        assert (gaps.totals.required, gaps.totals.holders, gaps.totals.missing) == (10, 10, 6)
        assert sum(cell.missing or 0 for cell in gaps.cells) == 6
    town, hills = coverage.gaps(by="township", on=ON).cells
    assert (town.township, town.required, town.holders, town.missing) == ("城关镇", 8, 10, 4)
    assert (town.schools, town.schools_short, town.meets) == (2, 1, False)
    assert (hills.township, hills.required, hills.holders, hills.missing) == ("青山乡", 2, 0, 2)


def test_the_neediest_come_first(county: County, ask: Ask) -> None:
    for name, students in (("甲", 100), ("乙", 300), ("丙", 200)):
        county.school(name, {"primary": students})
    assert [cell.school for cell in ask().gaps(on=ON).cells] == ["乙", "丙", "甲"]


def test_a_person_with_several_titles_counts_once(county: County, ask: Ask) -> None:
    teacher = county.teacher(county.school("一小", {"primary": 200}))
    county.title(teacher)
    county.title(teacher, level="province")
    county.title(teacher, "subject_leader")
    (cell,) = ask().gaps(on=ON).cells
    assert (cell.teachers, cell.holders, cell.missing) == (1, 1, 1)


@pytest.mark.parametrize(
    ("title", "counts"),
    [
        pytest.param({"awarded_on": ON}, True, id="awarded on the day"),
        pytest.param({"awarded_on": date(2026, 9, 2)}, False, id="awarded the day after"),
        pytest.param({"awarded_on": None}, False, id="nobody knows when"),
        pytest.param({"term_ends_on": ON}, True, id="the term's last day"),
        pytest.param({"term_ends_on": date(2026, 8, 31)}, False, id="the day after the term"),
        pytest.param({"revoked_on": date(2026, 9, 2)}, True, id="revoked tomorrow"),
        pytest.param({"revoked_on": ON}, False, id="revoked today"),
        pytest.param({"level": "national"}, True, id="above the county"),
        pytest.param({"level": "township"}, False, id="below the county"),
        pytest.param({"level": None}, False, id="of unknown level"),
        pytest.param({"kind": "special_grade_teacher", "level": "province"}, True, id="特级教师"),
        pytest.param({"kind": "rising_teacher"}, False, id="a kind that is no backbone"),
        pytest.param({"kind": "excellent_teacher"}, False, id="a commendation"),
    ],
)
def test_a_title_counts_while_it_is_held(
    county: County, ask: Ask, title: dict[str, object], counts: bool
) -> None:
    county.title(county.teacher(county.school("一小", {"primary": 100})), **title)
    assert ask().gaps(on=ON).totals.holders == int(counts)


def test_an_expired_title_counts_where_the_county_says_so(county: County, ask: Ask) -> None:
    teacher = county.teacher(county.school("一小", {"primary": 100}))
    county.title(teacher, term_ends_on=date(2023, 8, 31))
    assert ask(titles__count_expired=True).gaps(on=ON).totals.holders == 1


@pytest.mark.parametrize(
    ("event", "happened_on", "holders"),
    [
        ("suspended", ON, 0),
        ("suspended", date(2026, 9, 2), 1),
        ("revoked", ON, 0),
        ("expired", date(2026, 8, 31), 0),
        ("expired", ON, 1),
        ("nominated", ON, 1),
    ],
)
def test_what_happened_to_a_title_by_the_day_counts(
    county: County, ask: Ask, event: str, happened_on: date, holders: int
) -> None:
    teacher = county.teacher(county.school("一小", {"primary": 100}))
    county.title(teacher)
    county.event(teacher, event, happened_on)
    assert ask().gaps(on=ON).totals.holders == holders


@pytest.mark.parametrize(
    ("post", "teachers", "holders"),
    [
        pytest.param({"starts_on": ON, "ends_on": ON}, 1, 1, id="first and last day"),
        pytest.param({"starts_on": date(2026, 9, 2)}, 0, 0, id="begins tomorrow"),
        pytest.param({"ends_on": date(2026, 8, 31)}, 0, 0, id="ended yesterday"),
        pytest.param({"status": "101"}, 1, 1, id="rotated to this school"),
        pytest.param({"status": "203"}, 0, 0, id="on long sick leave"),
        pytest.param({"status": "205"}, 0, 0, id="rotated away"),
        pytest.param({"status": "301"}, 0, 0, id="retired"),
        pytest.param({"is_full_time_teacher": False}, 0, 1, id="holds a title, not full-time"),
    ],
)
def test_a_person_counts_while_serving(
    county: County, ask: Ask, post: dict[str, object], teachers: int, holders: int
) -> None:
    county.title(county.teacher(county.school("一小", {"primary": 100}), **post))
    totals = ask().gaps(on=ON).totals
    assert (totals.teachers, totals.holders) == (teachers, holders)


def test_a_visiting_post_counts_only_where_no_home_post_is_served(county: County, ask: Ask) -> None:
    home, host = (county.school(name, {"primary": 100}) for name in ("本校", "对口校"))
    both = county.teacher(home)
    county.post(both, host, attachment="visiting", status="101", starts_on=date(2026, 3, 1))
    rotated = county.teacher(home, status="205")
    county.post(rotated, host, attachment="visiting", status="101")
    county.title(both)
    county.title(rotated)
    cells = by_name(ask().gaps(on=ON).cells)
    assert (cells["本校"].teachers, cells["本校"].holders) == (1, 1)
    assert (cells["对口校"].teachers, cells["对口校"].holders) == (1, 1)


def test_of_two_home_posts_the_later_one_counts(county: County, ask: Ask) -> None:
    old, new = (county.school(name, {"primary": 100}) for name in ("旧校", "新校"))
    teacher = county.teacher(new, starts_on=date(2026, 8, 20))
    county.post(teacher, old, starts_on=date(2020, 9, 1), ends_on=date(2026, 9, 30))
    county.title(teacher)
    cells = by_name(ask().gaps(on=ON).cells)
    assert (cells["新校"].holders, cells["旧校"].holders) == (1, 0)


def test_a_nine_year_schools_teacher_counts_at_the_stage_taught(county: County, ask: Ask) -> None:
    school = county.school("九年制", {"primary": 250, "junior": 90}, school_type="nine_year_school")
    county.holders(2, school, "primary")
    county.holders(1, school, "junior")
    coverage = ask()
    primary, junior = coverage.gaps(on=ON).cells
    assert (primary.stage, primary.holders, primary.required, primary.missing) == (
        "primary", 2, 3, 1,
    )  # fmt: skip
    assert (junior.stage, junior.holders, junior.required, junior.missing) == ("junior", 1, 1, 0)
    (whole,) = coverage.gaps(by="school", on=ON).cells
    assert (whole.students, whole.holders, whole.required, whole.missing) == (340, 3, 4, 1)


def test_other_stages_are_not_the_standards(county: County, ask: Ask) -> None:
    school = county.school("完中", {"junior": 200, "senior": 900}, school_type="complete_secondary")
    county.holders(3, school, "senior")
    (cell,) = ask().gaps(on=ON).cells
    assert (cell.stage, cell.students, cell.holders, cell.missing) == ("junior", 200, 0, 2)


@pytest.mark.parametrize(
    ("school", "students", "outside"),
    [
        pytest.param({"school_type": "teaching_point"}, 49, "small_teaching_point", id="49"),
        pytest.param({"school_type": "teaching_point"}, 50, None, id="50"),
        pytest.param({"school_type": "primary_school"}, 49, None, id="a small school is in"),
        pytest.param({"school_type": "special_school"}, 120, "school_type", id="special"),
        pytest.param({"school_type": "vocational_school"}, 500, "school_type", id="vocational"),
        pytest.param({"parent_school_id": 1}, 20, "small_teaching_point", id="has a parent school"),
        pytest.param(
            {"parent_school_id": 1, "school_type": "primary_school"}, 20, None, id="says it is one"
        ),
        pytest.param({}, 0, "no_pupils", id="no pupils"),
    ],
)
def test_what_stands_outside_is_listed_with_its_reason(
    county: County, ask: Ask, school: dict[str, object], students: int, outside: str | None
) -> None:
    county.holders(1, county.school("中心校", {"primary": 100}, school_type="primary_school"))
    county.school("此处", {"primary": students}, **school)
    cell = by_name(ask().gaps(on=ON).cells)["此处"]
    assert cell.outside == outside
    assert cell.required == (0 if outside else -(-students // 100))
    assert cell.missing == cell.required
    assert cell.students == students


def test_a_school_without_enrolment_is_listed_not_forgotten(county: County, ask: Ask) -> None:
    county.holders(1, county.school("新校"))
    (cell,) = ask().gaps(on=ON).cells
    assert (cell.outside, cell.students, cell.holders, cell.required) == ("no_enrolment", 0, 1, 0)
    assert cell.per_100_students is None


@pytest.mark.parametrize(
    ("standard", "required"),
    [
        ("quality-balance-2017-backbone", 0),
        ("quality-balance-2017-training", 0),
        ("subject-leader-in-reach", 0),
        ("ningxia-2027-county", 1),  # its stages have kindergartens too
    ],
)
def test_a_teacher_with_a_wrong_stage_makes_no_primary_school_of_a_kindergarten(
    county: County, ask: Ask, standard: str, required: int
) -> None:
    kindergarten = county.school("幼儿园", {"kindergarten": 300}, school_type="kindergarten")
    county.teacher(kindergarten, "primary", subject="chinese")
    answer = ask().gaps(standard, on=ON)
    assert answer.totals.required == required
    if not required:
        assert {cell.outside for cell in answer.cells} == {"school_type"}
        assert answer.without_enrolment == 0


def test_pupils_of_a_stage_count_whatever_the_type_of_school_says(county: County, ask: Ask) -> None:
    county.school("幼儿园", {"primary": 101}, school_type="kindergarten")
    (cell,) = ask().gaps(on=ON).cells
    assert (cell.outside, cell.required) == (None, 2)


def test_a_stage_taught_without_pupils_or_staff_is_listed(county: County, ask: Ask) -> None:
    school = county.school("九年制", {"primary": 100})
    county.add("school_stage", school_id=school, stage="junior")
    cells = {cell.stage: cell for cell in ask().gaps(on=ON).cells}
    assert cells["junior"].outside == "no_pupils"


def test_pupils_are_those_of_the_newest_year_not_after_the_day(county: County, ask: Ask) -> None:
    school = county.school("一小", {"primary": 100}, school_year="2024-2025")
    county.enrol(school, "primary", 250, "2025-2026")
    county.enrol(school, "primary", 400, "2026-2027")
    coverage = ask()
    students = {
        day: coverage.gaps(on=date.fromisoformat(day)).totals.students
        for day in ("2024-08-31", "2024-09-01", "2026-08-31", "2026-09-01", "2030-01-01")
    }
    assert students == {
        "2024-08-31": 0,
        "2024-09-01": 100,
        "2026-08-31": 250,
        "2026-09-01": 400,
        "2030-01-01": 400,
    }


def test_a_stage_that_the_newest_year_leaves_out_has_no_pupils(county: County, ask: Ask) -> None:
    school = county.school("一贯制", {"primary": 100, "junior": 60}, school_year="2025-2026")
    county.enrol(school, "primary", 110, "2026-2027")
    county.teacher(school, "junior")
    cells = {cell.stage: cell for cell in ask().gaps(on=ON).cells}
    assert (cells["primary"].students, cells["junior"].students) == (110, 0)
    assert cells["junior"].outside == "no_pupils"


def test_a_past_day_is_answered_as_it_was(county: County, ask: Ask) -> None:
    first = county.school("旧校", {"primary": 200}, school_year="2023-2024")
    second = county.school("新校", {"primary": 100}, school_year="2023-2024")
    teacher = county.teacher(first, starts_on=date(2018, 9, 1), ends_on=date(2024, 8, 31))
    county.post(teacher, second, starts_on=date(2024, 9, 1))
    county.title(teacher, awarded_on=date(2022, 9, 1), term_ends_on=date(2025, 8, 31))
    coverage = ask()

    def holders(day: str) -> dict[str | None, int]:
        cells = coverage.gaps(on=date.fromisoformat(day)).cells
        return {cell.school: cell.holders for cell in cells}

    assert holders("2022-08-31") == {"旧校": 0}  # the new school has neither pupils nor staff
    assert holders("2023-09-01") == {"旧校": 1, "新校": 0}
    assert holders("2024-09-01") == {"旧校": 0, "新校": 1}
    assert holders("2025-09-01") == {"旧校": 0, "新校": 0}


def test_by_subject_persons_are_counted_and_nothing_is_required(county: County, ask: Ask) -> None:
    school = county.school("九年制", {"primary": 200, "junior": 100})
    county.title(county.teacher(school, subject="mathematics"))
    county.teacher(school, "junior", subject="mathematics")
    county.teacher(school, subject="chinese")
    county.teacher(school, subject=None)
    coverage = ask()
    gaps = coverage.gaps(by=("school", "subject"), on=ON)
    assert [(cell.subject, cell.teachers, cell.holders) for cell in gaps.cells] == [
        ("chinese", 1, 0),
        ("mathematics", 2, 1),
        (None, 1, 0),
    ]
    for cell in gaps.cells:
        assert (cell.students, cell.required, cell.missing, cell.meets) == (300, None, None, None)
    assert (gaps.totals.required, gaps.totals.missing) == (3, 2)
    cells = coverage.gaps(by=("stage", "subject"), on=ON).cells
    (maths,) = [cell for cell in cells if (cell.stage, cell.subject) == ("junior", "mathematics")]
    assert (maths.students, maths.teachers) == (100, 1)


def test_teachers_without_a_stage_are_told_of(county: County, ask: Ask) -> None:
    school = county.school("九年制", {"primary": 200, "junior": 100})
    county.title(county.teacher(school, None))
    county.teacher(county.school("教研室"), None)  # not a school of the standard: no word of it
    gaps = ask().gaps(on=ON)
    assert (gaps.unplaced.teachers, gaps.unplaced.holders) == (1, 1)
    assert gaps.totals.holders == 0


def test_the_document_has_the_agreed_keys(county: County, ask: Ask) -> None:
    school = county.school("一小", {"primary": 812}, code="3164000001", township="城关镇")
    county.holders(5, school)
    for _ in range(40):
        county.teacher(school)
    assert ask().gaps(on=ON).to_document() == {
        "on": "2026-09-01",
        "standard": "quality-balance-2017-backbone",
        "by": ["school", "stage"],
        "gaps": [
            {
                "school": "一小",
                "school_code": "3164000001",
                "school_type": None,
                "township": "城关镇",
                "locality": None,
                "stage": "primary",
                "students": 812,
                "teachers": 45,
                "holders": 5,
                "per_100_students": 500 / 812,
                "required": 9,
                "missing": 4,
                "missing_to_floor": 2,
                "meets": False,
                "outside": None,
            }
        ],
        "totals": {
            "schools": 1,
            "schools_short": 1,
            "students": 812,
            "teachers": 45,
            "holders": 5,
            "required": 9,
            "missing": 4,
            "missing_to_floor": 2,
        },
        "unplaced": {"teachers": 0, "holders": 0},
    }


def test_the_frame_has_the_same_columns_whatever_is_in_it(county: County, ask: Ask) -> None:
    coverage = ask()
    for by in ("school,stage", "township", "subject,school", "county", "locality,stage"):
        gaps = coverage.gaps(by=by, on=ON)
        frame = gaps.to_polars()
        assert frame.is_empty()
        assert frame.columns == list(gaps.columns)
        assert frame.schema["missing"] == pl.Int64
        assert frame.schema["meets"] == pl.Boolean


def test_without_a_day_today_is_meant(county: County, ask: Ask) -> None:
    assert ask().gaps().on == date.today()  # noqa: DTZ011 - the officer's calendar


@pytest.mark.parametrize("by", [("colour",), (), "school,", "school,colour"])
def test_an_unknown_dimension_is_refused_with_those_that_exist(
    ask: Ask, by: str | tuple[str, ...]
) -> None:
    with pytest.raises(UnknownDimensionError, match="school, stage, township, locality, subject"):
        ask().gaps(by=by)


def test_an_unknown_standard_is_refused_with_those_that_exist(ask: Ask) -> None:
    with pytest.raises(UnknownStandardError, match="quality-balance-2017-backbone"):
        ask().gaps("quality-balance-1999")


def test_holders_where_nothing_is_asked_are_told_apart(county: County, ask: Ask) -> None:
    county.holders(1, county.school("中心校", {"primary": 200}, school_type="primary_school"))
    county.holders(2, county.school("教学点", {"primary": 49}, school_type="teaching_point"))
    gaps = ask().gaps(on=ON)
    assert (gaps.totals.holders, gaps.totals.missing, gaps.holders_outside) == (3, 1, 2)
