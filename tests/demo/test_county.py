"""What a made-up county is like, whatever the seed."""

import random
from collections import Counter, defaultdict
from datetime import date
from math import sqrt

import pytest

from teacherreg.codes import code_table
from teacherreg.demo.county import draw_schools
from teacherreg.demo.make import Population, populate
from teacherreg.demo.tables import apportion, pick

ON = date(2026, 9, 15)


@pytest.fixture(scope="module")
def county() -> Population:
    return populate(3000, random.Random(1), 1, ON)


def holders_by_school(county: Population, stage: str) -> dict[str, int]:
    held: dict[str, set[str]] = defaultdict(set)
    counted = code_table("title_kinds").where("counts_backbone", "1")
    for award in county.awards:
        if award.is_held(ON) and award.kind in counted and award.person.stage == stage:
            held[award.person.school].add(award.person.id_number)
    return {s.name: len(held[s.name]) for s in county.schools if stage in s.staff}


def spread(county: Population, stage: str) -> float:
    """CV weighted by pupils: sqrt(sum P * sum(x²/P) / (sum x)² - 1), teaching points left out."""
    holders = holders_by_school(county, stage)
    cells = [
        (school.students[stage], holders[school.name])
        for school in county.schools
        if stage in school.staff and school.school_type != "teaching_point"
    ]
    students, held = sum(p for p, _ in cells), sum(x for _, x in cells)
    return sqrt(students * sum(x * x / p for p, x in cells) / held**2 - 1)


@pytest.mark.parametrize(
    ("total", "weights", "least", "shares"),
    [
        pytest.param(10, [1, 1, 2], 0, [3, 2, 5], id="the first of equal remainders gets it"),
        pytest.param(7, [1, 0, 0], 1, [5, 1, 1], id="everybody gets the least"),
        pytest.param(2, [1, 1, 1], 5, [1, 1, 0], id="where the total does not reach"),
        pytest.param(0, [], 0, [], id="nobody"),
    ],
)
def test_units_are_shared_out_whole(
    total: int, weights: list[float], least: int, shares: list[int]
) -> None:
    assert apportion(total, weights, least) == shares


def test_weightless_candidates_are_never_picked() -> None:
    assert pick(random.Random(1), ["a", "b", "c"], [1, 0, 1], 5) in (["a", "c"], ["c", "a"])


@pytest.mark.parametrize("teachers", [60, 200, 700, 3000, 20_000])
def test_schools_have_exactly_the_staff_asked_for_and_names_of_their_own(teachers: int) -> None:
    schools = draw_schools(teachers, random.Random(4))
    names = [school.name for school in schools]
    short = [name for school in schools for name in school.short_names]
    assert sum(sum(school.staff.values()) for school in schools) == teachers
    assert len(set(names)) == len(names)
    assert len(set(short)) == len(short)
    assert not set(short) & set(names)
    assert len({school.code for school in schools}) == len(schools)


def test_a_county_of_3000_has_about_60_schools_of_every_type(county: Population) -> None:
    types = Counter(school.school_type for school in county.schools)
    assert 55 <= len(county.schools) <= 65
    assert set(types) == {
        "kindergarten",
        "primary_school",
        "teaching_point",
        "nine_year_school",
        "junior_school",
        "complete_secondary",
        "senior_school",
        "vocational_school",
        "special_school",
    }
    by_name = {school.name: school for school in county.schools}
    for school in county.schools:
        assert (school.parent is not None) == (school.school_type == "teaching_point")
        if school.parent is not None:
            assert by_name[school.parent].township == school.township


@pytest.mark.parametrize(
    ("stage", "least", "most"),
    [("primary", 12.5, 17.0), ("junior", 10.0, 13.5), ("kindergarten", 8, 12)],
)
def test_pupils_for_each_teacher_are_plausible(
    county: Population, stage: str, least: float, most: float
) -> None:
    students = sum(school.students.get(stage, 0) for school in county.schools)
    staff = sum(school.staff.get(stage, 0) for school in county.schools)
    assert least <= students / staff <= most


def test_no_school_is_larger_than_the_standard_of_size_allows(county: Population) -> None:
    """教督〔2017〕6号: 2,000 pupils in a primary or junior school."""
    for school in county.schools:
        assert school.students.get("primary", 0) <= 2000
        assert school.students.get("junior", 0) <= 2000


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_honours_are_uneven(seed: int) -> None:
    county = populate(3000, random.Random(seed), seed, ON)
    holders = holders_by_school(county, "primary")
    missing: Counter[str] = Counter()
    surplus: Counter[str] = Counter()
    for school in county.schools:
        if "primary" in school.staff and school.school_type != "teaching_point":
            required = -(-school.students["primary"] // 100)
            missing[school.terrain] += max(0, required - holders[school.name])
            surplus[school.terrain] += max(0, holders[school.name] - required)
    assert surplus["seat"] >= 15
    assert missing["mountain"] >= 10
    assert surplus["mountain"] == 0
    assert spread(county, "primary") > 0.50
    assert 0.35 < spread(county, "junior") < 0.60


def test_a_tenth_or_so_hold_a_title(county: Population) -> None:
    held = {a.person.id_number for a in county.awards if a.is_held(ON)}
    seat = {school.name for school in county.schools if school.terrain == "seat"}
    in_seat = {
        a.person.id_number for a in county.awards if a.is_held(ON) if a.person.school in seat
    }
    staff_in_seat = sum(person.school in seat for person in county.people)
    rate = len(in_seat) / staff_in_seat
    rate_elsewhere = len(held - in_seat) / (len(county.people) - staff_in_seat)
    assert 0.08 <= len(held) / len(county.people) <= 0.15
    assert 1.8 <= rate / rate_elsewhere <= 4


def test_awards_follow_the_rules_of_terms(county: Population) -> None:
    expired = [a for a in county.awards if a.term_ends_on and a.term_ends_on < ON]
    revoked = [a for a in county.awards if a.revoked_on]
    assert len(expired) > 100
    assert len(revoked) >= 3
    for award in county.awards:
        assert award.person.work_started_on < award.awarded_on <= ON
        assert award.revoked_on is None or award.awarded_on < award.revoked_on <= ON
        if award.kind == "special_grade_teacher":
            assert award.term_ends_on is None
        elif award.term_ends_on is not None:
            years = 5 if award.level == "province" else 3
            first = award.awarded_on
            last = (award.term_ends_on.year, award.term_ends_on.month, award.term_ends_on.day + 1)
            assert last == (first.year + years, first.month, first.day)


def test_nobody_gets_the_same_title_twice_on_one_day(county: Population) -> None:
    keys = Counter(
        (a.person.id_number, a.kind, a.level, a.person.subject, a.awarded_on) for a in county.awards
    )
    assert max(keys.values()) == 1


def test_conduct_records_are_few_and_neutral(county: Population) -> None:
    kinds = Counter(record.record_kind for record in county.records)
    assert 200 <= kinds["review"] <= 400
    assert 60 <= kinds["commendation"] <= 120
    assert 8 <= kinds["handling"] <= 16
    assert 8 <= kinds["sanction"] <= 16
    for record in county.records:
        assert record.decided_on is None or record.decided_on <= ON
        if record.record_kind == "sanction":
            assert record.act is not None
            assert len(record.person.name) >= 3
            assert record.released_on is None or record.decided_on < record.released_on <= ON
    keys = Counter(
        (r.person.id_number, r.record_kind, r.year, r.sanction_kind, r.decided_on, r.result)
        for r in county.records
    )
    assert max(keys.values()) == 1


@pytest.mark.parametrize(
    "on",
    [date(2026, 1, 1), date(2024, 2, 29), date(2026, 8, 31), date(2027, 9, 7), date(2030, 12, 31)],
    ids=str,
)
def test_a_county_can_be_made_up_for_any_day(on: date) -> None:
    county = populate(300, random.Random(8), 8, on)
    assert any(award.is_held(on) for award in county.awards)
    assert all(award.awarded_on <= on for award in county.awards)
    assert all(person.school_joined_on <= on for person in county.people)
    assert all(record.decided_on is None or record.decided_on <= on for record in county.records)
