"""Kinds of figure and of persons counted; every number worked out by hand or from rules.md."""

from collections.abc import Callable
from datetime import date
from fractions import Fraction

import pytest

from teacherreg.coverage import Coverage
from teacherreg.coverage.figures import Figure, FigureKind, Whole
from teacherreg.coverage.rotated import UncountedDimensionError
from teacherreg.coverage.standards import standard_of

from .conftest import County

ON = date(2026, 9, 1)
Ask = Callable[..., Coverage]

EDUCATION = "quality-balance-2017-education"
PE_ART = "quality-balance-2017-pe-art"
IN_REACH = "subject-leader-in-reach"
TRAINING = "quality-balance-2017-training"
ROTATION = "quality-balance-2017-rotation"
ROTATION_BACKBONE = "quality-balance-2017-rotation-backbone"


@pytest.mark.parametrize(
    ("standard", "required"),
    [("ningxia-2027-county", 186), ("ningxia-2027-prefecture", 149), ("ningxia-2027-province", 99)],
)
def test_a_share_is_rounded_up_to_whole_persons(standard: str, required: int) -> None:
    # 1234 teachers: 15 % are 185.1, 12 % are 148.08, 8 % are 98.72
    whole = Whole({"primary": 20_000}, teachers=1234, schools=30)
    assert standard_of(standard).required(whole) == required


@pytest.mark.parametrize(
    ("students", "required", "floor"),
    [
        pytest.param({"primary": 500}, 21, 18, id="4.2 x 5; floor 17.85"),
        pytest.param({"junior": 500}, 27, 23, id="5.3 x 5 = 26.5; floor 22.525"),
        pytest.param({"primary": 500, "junior": 500}, 48, 41, id="47.5; floor 40.375"),
        pytest.param({"primary": 1000}, 42, 36, id="exactly 42; floor 35.7"),
    ],
)
def test_a_figure_may_differ_by_stage(students: dict[str, int], required: int, floor: int) -> None:
    standard, whole = standard_of(EDUCATION), Whole(students, teachers=0, schools=1)
    assert (standard.required(whole), standard.required_for_floor(whole)) == (required, floor)


def test_a_figure_per_school_is_of_schools_and_a_least_number_is_of_the_unit() -> None:
    whole = Whole({}, teachers=90, schools=3)
    assert Figure(FigureKind.PER_SCHOOL, {"primary": Fraction(2)}).required(whole) == 6
    assert Figure(FigureKind.AT_LEAST, {"primary": Fraction(2)}).required(whole) == 2


@pytest.mark.parametrize(
    ("code", "stages"),
    [
        ("31", {"primary"}),
        ("21", {"primary", "junior"}),
        ("32", set()),
        ("41", set()),
        (None, set()),
    ],
)
def test_education_counts_from_junior_college_in_primary_and_from_university_in_junior(
    county: County, ask: Ask, code: str | None, stages: set[str]
) -> None:
    school = county.school("九年制", {"primary": 100, "junior": 100})
    for stage in ("primary", "junior"):
        county.person(county.teacher(school, stage), education=code)
        county.person(county.teacher(school, stage, is_full_time_teacher=False), education="11")
    cells = ask().gaps(EDUCATION, on=ON).cells
    assert {cell.stage for cell in cells if cell.holders == 1} == stages
    assert sum(cell.holders for cell in cells) == len(stages)  # the others are not full-time


@pytest.mark.parametrize(
    ("subject", "full_time", "counts"),
    [
        ("physical_education", True, 1),
        ("music", True, 1),
        ("fine_arts", True, 1),
        ("arts", True, 1),
        ("dance", True, 0),
        ("calligraphy", True, 0),
        ("music", False, 0),
        (None, True, 0),
    ],
)
def test_pe_and_art_teachers_are_full_time_teachers_of_the_marked_subjects(
    county: County, ask: Ask, subject: str | None, full_time: bool, counts: int
) -> None:
    school = county.school("一小", {"primary": 111})
    county.teacher(school, subject=subject, is_full_time_teacher=full_time)
    (cell,) = ask().gaps(PE_ART, on=ON).cells
    assert (cell.holders, cell.required) == (counts, 1)  # 0.999


@pytest.mark.parametrize(
    ("students", "school", "visitors"),
    [
        pytest.param(49, {"locality": "rural", "school_type": "primary_school"}, 0, id="49"),
        pytest.param(50, {"locality": "rural"}, 1, id="50"),
        pytest.param(99, {"locality": "rural"}, 1, id="99"),
        pytest.param(100, {"locality": "rural"}, 0, id="100"),
        pytest.param(60, {"locality": "town"}, 0, id="not in the country"),
        pytest.param(60, {"school_type": "teaching_point"}, 1, id="a teaching point anywhere"),
    ],
)
def test_visiting_teachers_count_at_small_schools_of_the_country(
    county: County, ask: Ask, students: int, school: dict[str, str], visitors: int
) -> None:
    centre = county.school("中心校", {"primary": 300}, locality="town")
    small = county.school("村小", {"primary": students}, **school)
    teacher = county.teacher(centre, subject="music")
    county.post(teacher, small, subject="music", attachment="visiting", is_full_time_teacher=False)
    gaps = ask().gaps(PE_ART, on=ON)
    cells = {cell.school: cell for cell in gaps.cells}
    assert (cells["村小"].holders, cells["村小"].visitors) == (visitors, visitors)
    assert cells["村小"].missing == (1 - visitors)
    assert (cells["中心校"].holders, cells["中心校"].visitors) == (1, 0)
    assert gaps.totals.holders == 1  # one person, wherever she teaches


def test_visiting_teachers_are_of_no_moment_for_backbone_teachers(county: County, ask: Ask) -> None:
    centre = county.school("中心校", {"primary": 300})
    small = county.school("村小", {"primary": 60}, locality="rural")
    teacher = county.teacher(centre)
    county.post(teacher, small, attachment="visiting")
    county.title(teacher)
    cells = {cell.school: cell.holders for cell in ask().gaps(on=ON).cells}
    assert cells == {"中心校": 1, "村小": 0}


def test_a_person_counts_at_every_level_held(county: County, ask: Ask) -> None:
    school = county.school("一小", {"primary": 500}, school_type="primary_school")
    teachers = [county.teacher(school) for _ in range(14)]
    county.teacher(county.school("职校"), "vocational")  # no teacher of 基础教育
    for level in ("county", "province"):
        county.title(teachers[0], level=level)
    county.title(teachers[1], level="county")
    coverage = ask()
    found = {
        level: coverage.gaps(f"ningxia-2027-{level}", on=ON)
        for level in ("county", "prefecture", "province")
    }
    # of 14 teachers: 15 % are 2.1, 12 % are 1.68, 8 % are 1.12
    assert {level: gaps.totals.required for level, gaps in found.items()} == {
        "county": 3,
        "prefecture": 2,
        "province": 2,
    }
    assert {level: gaps.totals.holders for level, gaps in found.items()} == {
        "county": 2,
        "prefecture": 0,
        "province": 1,
    }
    (cell,) = found["county"].cells
    assert (cell.county, cell.teachers, cell.missing, cell.schools) == ("青禾县", 14, 1, 1)
    assert (cell.school, cell.schools_short, cell.percent_of_teachers) == (
        None, None, pytest.approx(100 / 7),
    )  # fmt: skip


def test_of_a_countys_share_nothing_is_required_by_school(county: County, ask: Ask) -> None:
    county.holders(1, county.school("一小", {"primary": 500}))
    gaps = ask().gaps("ningxia-2027-county", by="school", on=ON)
    (cell,) = gaps.cells
    assert (cell.school, cell.holders, cell.required, cell.missing) == ("一小", 1, None, None)
    assert (gaps.totals.required, gaps.totals.missing) == (1, 0)


def test_each_core_subject_of_each_school_wants_a_leader_even_where_nobody_teaches_it(
    county: County, ask: Ask
) -> None:
    school = county.school("九年制", {"primary": 200, "junior": 100}, township="城关镇")
    county.title(county.teacher(school, "junior", subject="chinese"), "subject_leader")
    county.title(county.teacher(school, subject="mathematics"))  # backbone teacher: one below
    county.title(county.teacher(school, subject="music"), "subject_leader")  # no core subject
    county.school("教学点", {"primary": 49}, school_type="teaching_point", township="城关镇")
    coverage = ask()
    gaps = coverage.gaps(IN_REACH, on=ON)
    assert gaps.by == ("school", "subject")
    of_school = [cell for cell in gaps.cells if cell.school == "九年制"]
    assert [(cell.subject, cell.teachers, cell.holders, cell.missing) for cell in of_school] == [
        ("mathematics", 1, 0, 1),
        ("english", 0, 0, 1),
        ("chinese", 1, 1, 0),
    ]
    assert {cell.outside for cell in gaps.cells if cell.school == "教学点"} == {
        "small_teaching_point"
    }
    (town,) = coverage.gaps(IN_REACH, by="township", on=ON).cells
    # 49 pupils of the point are there too, and no pupil is counted once for each subject
    assert (town.required, town.missing, town.students, town.schools) == (3, 2, 349, 1)
    totals = gaps.totals
    assert (totals.required, totals.holders, totals.missing, totals.students) == (3, 1, 2, 349)
    assert (totals.schools, totals.schools_short) == (1, 1)


def test_a_subject_is_wanted_only_where_its_stage_is_taught() -> None:
    standard = standard_of(IN_REACH)
    assert standard.subjects_of("junior") == ("chinese", "mathematics", "english")
    assert standard.subjects_of("senior") == ("chinese", "mathematics", "english")
    assert standard.subjects_of("kindergarten") == ()


def test_all_full_time_teachers_want_360_hours(county: County, ask: Ask) -> None:
    school = county.school("一小", {"primary": 200})
    enough, short, old = (county.teacher(school) for _ in range(3))
    for year in range(2022, 2027):
        county.train(enough, 72, date(year, 7, 1))
        county.train(short, 71 if year == 2026 else 72, date(year, 7, 1))
    county.train(old, 360, date(2021, 12, 31))
    gaps = ask().gaps(TRAINING, on=ON)
    (cell,) = gaps.cells
    assert gaps.by == ("school",)
    assert (cell.teachers, cell.holders, cell.required, cell.missing) == (3, 1, 3, 2)


def test_the_five_years_are_those_of_the_setting(county: County, ask: Ask) -> None:
    county.train(county.teacher(county.school("一小", {"primary": 1})), 360, date(2021, 9, 2))
    assert ask(training__window="rolling").gaps(TRAINING, on=ON).totals.holders == 1


def rotating(county: County, moved: int, backbone: int) -> None:
    """120 teachers are to move; so many do, and so many of these hold a title."""
    school, other = (county.school(name, {"primary": 900}) for name in ("甲校", "乙校"))
    county.teacher(school, starts_on=date(2024, 9, 1))  # too few years to move
    county.teacher(school, "senior", starts_on=date(2015, 9, 1))  # of no compulsory stage
    for number in range(120):
        teacher = county.teacher(school, starts_on=date(2015, 9, 1))
        if number < moved:
            county.rotate(teacher, school, other, date(2025, 10, 1))
        if number < backbone:
            county.title(teacher)


@pytest.mark.parametrize(
    ("moved", "backbone", "missing", "backbone_missing"),
    [
        pytest.param(11, 3, 1, 0, id="9.17 % fail, 12 are needed"),
        pytest.param(12, 2, 0, 1, id="12 moved; 2 backbone are 16.67 %, 3 are needed"),
        pytest.param(12, 3, 0, 0, id="both reached"),
    ],
)
def test_rotation_asks_a_tenth_of_those_to_move_and_a_fifth_of_backbone(
    county: County, ask: Ask, moved: int, backbone: int, missing: int, backbone_missing: int
) -> None:
    rotating(county, moved, backbone)
    coverage = ask()
    day = date(2026, 6, 1)
    (cell,) = coverage.gaps(ROTATION, on=day).cells
    assert (cell.teachers, cell.holders, cell.required) == (120, moved, 12)
    assert (cell.missing, cell.county) == (missing, "青禾县")
    (of_moved,) = coverage.gaps(ROTATION_BACKBONE, on=day).cells
    assert (of_moved.teachers, of_moved.holders, of_moved.required) == (moved, backbone, 3)
    assert of_moved.missing == backbone_missing


def test_who_rotates_is_counted_by_the_school_left(county: County, ask: Ask) -> None:
    rotating(county, moved=5, backbone=0)
    coverage = ask()
    (cell,) = coverage.gaps(ROTATION, by="school,stage", on=date(2026, 6, 1)).cells
    assert (cell.school, cell.stage, cell.teachers, cell.holders) == ("甲校", "primary", 120, 5)
    assert cell.required is None
    assert coverage.gaps(ROTATION, on=date(2025, 9, 30)).totals.holders == 0  # not yet moved
    with pytest.raises(UncountedDimensionError, match="sex"):
        coverage.gaps(ROTATION, by="sex", on=ON)


def test_by_level_a_person_is_in_each_group_and_in_the_total_once(county: County, ask: Ask) -> None:
    school = county.school("一小", {"primary": 300})
    both, none = county.teacher(school), county.teacher(school)
    county.title(both, level="county")
    county.title(both, level="province")
    county.title(both, "subject_leader", level="county")
    county.title(none, "excellent_teacher")
    coverage = ask()
    gaps = coverage.gaps(by="level", on=ON)
    assert [(cell.level, cell.teachers, cell.holders) for cell in gaps.cells] == [
        ("province", 1, 1),
        ("county", 1, 1),
        (None, 1, 0),
    ]
    assert (gaps.totals.teachers, gaps.totals.holders, gaps.totals.missing) == (2, 1, 2)
    kinds = coverage.gaps(by=("title_kind", "level"), on=ON).cells
    assert [(cell.title_kind, cell.level) for cell in kinds] == [
        ("subject_leader", "county"),
        ("backbone_teacher", "province"),
        ("backbone_teacher", "county"),
        (None, None),
    ]


@pytest.mark.parametrize(
    ("born", "on", "band"),
    [
        ("1996-09-01", "2026-09-01", "30_34"),  # thirty on that day
        ("1996-09-02", "2026-09-01", "25_29"),
        ("1996-09-02", "2027-08-31", "25_29"),  # still the school year of 2026
        ("1996-09-02", "2027-09-01", "30_34"),
        ("1996-09", "2026-09-01", "30_34"),  # of a month, its first day
        ("1996-10", "2026-09-01", "25_29"),
        ("1966-08-31", "2026-09-01", "60_up"),
        ("2004-01-01", "2026-09-01", "under_25"),
        (None, "2026-09-01", None),
    ],
)
def test_an_age_is_that_of_1_september(
    county: County, ask: Ask, born: str | None, on: str, band: str | None
) -> None:
    school = county.school("一小", {"primary": 100})
    county.person(county.teacher(school), birth_date=born)
    (cell,) = ask().gaps(by="age_band", on=date.fromisoformat(on)).cells
    assert cell.age_band == band


def test_persons_are_told_apart_by_party_sex_and_rank(county: County, ask: Ask) -> None:
    school = county.school("一小", {"primary": 100})
    for status, sex, rank in (
        ("01", "2", "senior_teacher"),
        ("02", "1", None),
        ("13", "2", "senior_teacher"),
        (None, None, None),
    ):
        teacher = county.teacher(school, professional_rank=rank)
        county.person(teacher, political_status=status, sex=sex)
    coverage = ask()
    cells = coverage.gaps(by="party,sex,rank", on=ON).cells
    assert [(cell.party, cell.sex, cell.rank, cell.teachers) for cell in cells] == [
        ("member", "2", "senior_teacher", 1),
        ("probationary", "1", None, 1),
        ("other", "2", "senior_teacher", 1),
        (None, None, None, 1),
    ]


def test_what_stands_outside_as_a_whole_is_not_said_to_meet(county: County, ask: Ask) -> None:
    county.teacher(county.school("一小"))
    gaps = ask().gaps(by="stage", on=ON)
    (cell,) = gaps.cells
    assert (cell.outside, cell.meets, cell.schools) == ("no_enrolment", None, 0)
    assert gaps.without_enrolment == 1


def test_without_a_grouping_that_of_the_standard_is_meant(county: County, ask: Ask) -> None:
    county.teacher(county.school("一小", {"primary": 1}))
    coverage = ask()
    assert coverage.gaps(on=ON).by == ("school", "stage")
    assert coverage.gaps("ningxia-2027-county", on=ON).by == ("county",)
