"""What a county comes to if nobody acts, worked out by hand."""

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import Any

import polars as pl
import pytest

from teacherreg.coverage import Coverage
from teacherreg.errors import CoverageError, UsageError

from .conftest import County

Ask = Callable[..., Coverage]
TODAY = date(2026, 11, 25)


def born(county: County, teacher: int, birth_date: str | None, sex: str | None = "1") -> int:
    """Give a person a birth and a sex, and everybody the columns for them."""
    for row in county.rows["teacher"]:
        row.setdefault("birth_date", None)
        row.setdefault("sex", None)
    county.rows["teacher"][teacher - 1].update(birth_date=birth_date, sex=sex)
    return teacher


def holder(county: County, school: int, birth_date: str | None = None, **title: Any) -> int:
    teacher = born(county, county.teacher(school), birth_date)
    county.title(teacher, **title)
    return teacher


@pytest.mark.parametrize(
    ("birth_date", "holders"),
    [  # men of 63: the whole delay has come
        pytest.param("1977-07-31", [1, 0, 0], id="end of July"),
        pytest.param("1977-08-01", [1, 0, 0], id="end of August"),
        pytest.param("1977-09-01", [1, 1, 0], id="end of September, so after the 1st"),
        pytest.param("1977-08", [1, 0, 0], id="a birth of a month"),
    ],
)
def test_who_retires_by_the_end_of_august_is_gone_in_september(
    ask: Ask, county: County, birth_date: str, holders: list[int]
) -> None:
    holder(county, county.school("甲校", {"primary": 100}), birth_date)
    forecast = ask().forecast(on=date(2040, 3, 1), years=2)
    assert [year.on for year in forecast.years[1:]] == [date(2040, 9, 1), date(2041, 9, 1)]
    assert [year.holders for year in forecast.years] == holders
    assert [year.missing for year in forecast.years] == [1 - count for count in holders]
    assert sum(year.retiring for year in forecast.years) == 1


def test_birth_months_of_the_first_delays_leave_as_the_annex_says(ask: Ask, county: County) -> None:
    """Men born in May, June and July 1965 go in July, August and September 2025."""
    school = county.school("甲校", {"primary": 300})
    for month in ("05", "06", "07"):
        holder(county, school, f"1965-{month}-20")
    years = ask().forecast(on=date(2025, 3, 1), years=2).years
    assert [(year.holders, year.retiring) for year in years] == [(3, 0), (1, 2), (0, 1)]


def test_a_term_that_ends_in_august_is_over_on_the_first_of_september(
    ask: Ask, county: County
) -> None:
    school = county.school("甲校", {"primary": 300})
    holder(county, school, term_ends_on=date(2027, 8, 31))
    holder(county, school, term_ends_on=date(2027, 9, 1))
    holder(county, school)
    years = ask().forecast(on=TODAY, years=2).years
    assert [(year.holders, year.terms_ending) for year in years] == [(3, 0), (2, 1), (1, 1)]
    assert [(year.missing, year.missing_renewed) for year in years] == [(0, 0), (1, 0), (2, 0)]
    assert [year.other for year in years] == [0, 0, 0]


def test_terms_that_count_after_their_end_do_not_end(ask: Ask, county: County) -> None:
    holder(county, county.school("甲校", {"primary": 100}), term_ends_on=date(2027, 8, 31))
    years = ask(titles__count_expired=True).forecast(on=TODAY, years=2).years
    assert [(year.holders, year.terms_ending) for year in years] == [(1, 0)] * 3


def test_who_retires_in_the_year_of_the_terms_end_is_counted_once(ask: Ask, county: County) -> None:
    """Born in January 1965: retires in February 2025, before the term is over or with it."""
    school = county.school("甲校", {"primary": 200})
    holder(county, school, "1965-01-10", term_ends_on=date(2025, 1, 31))
    holder(county, school, "1965-01-10", term_ends_on=date(2026, 8, 31))
    years = ask().forecast(on=date(2024, 12, 1), years=2).years
    assert [(year.retiring, year.terms_ending) for year in years] == [(0, 0), (2, 0), (0, 0)]
    assert [year.holders for year in years] == [2, 0, 0]


def test_a_renewed_term_ends_with_age(ask: Ask, county: County) -> None:
    holder(
        county, county.school("甲校", {"primary": 100}), "1977-08", term_ends_on=date(2039, 8, 31)
    )
    years = ask().forecast(on=date(2039, 3, 1), years=2).years
    assert [(year.holders, year.holders_renewed) for year in years] == [(1, 1), (0, 1), (0, 0)]


def test_people_may_go_three_years_early_or_late(ask: Ask, county: County) -> None:
    """A man born in August 1977 goes in August 2040; between 2037 and 2043 if he wants."""
    holder(county, county.school("甲校", {"primary": 100}), "1977-08-15")
    coverage = ask()
    years = coverage.forecast(on=date(2037, 3, 1), years=7).years
    assert [year.holders_early for year in years] == [1, 0, 0, 0, 0, 0, 0, 0]
    assert [year.holders for year in years] == [1, 1, 1, 1, 0, 0, 0, 0]
    assert [year.holders_late for year in years] == [1, 1, 1, 1, 1, 1, 1, 0]
    for leave, of in (("early", "missing_early"), ("late", "missing_late")):
        chosen = coverage.forecast(on=date(2037, 3, 1), years=7, leave=leave).years
        assert [year.missing for year in chosen] == [getattr(year, of) for year in years]


@pytest.mark.parametrize(
    ("rank", "category", "setting", "first_gone"),
    [  # born in June 1972: 2028-02 by the schedule of 55, 2034-05 by that of men
        pytest.param("senior_teacher", None, "male", 2034, id="senior, as men"),
        pytest.param("senior_teacher", None, "female55", 2028, id="senior, by the setting"),
        pytest.param("first_grade_teacher", None, "male", 2028, id="not senior"),
    ],
)
def test_senior_women_go_by_the_setting(
    ask: Ask, county: County, rank: str, category: str | None, setting: str, first_gone: int
) -> None:
    teacher = county.teacher(
        county.school("甲校", {"primary": 100}), professional_rank=rank, staff_category=category
    )
    born(county, teacher, "1972-06-02", "2")
    county.title(teacher)
    years = ask(retirement__senior_women=setting).forecast(on=date(2027, 9, 1)).years
    assert min(year.on.year for year in years if not year.holders) == first_gone


def test_who_cannot_be_dated_stays_and_is_counted(ask: Ask, county: County) -> None:
    school = county.school("甲校", {"primary": 100})
    holder(county, school)
    county.title(born(county, county.teacher(school), "1950-01-01", None))
    holder(county, school, "1980-01-01")
    forecast = ask().forecast(on=TODAY, years=3)
    assert forecast.undated == 2
    assert forecast.years[-1].holders == 3


def test_who_is_past_the_age_goes_within_the_first_year(ask: Ask, county: County) -> None:
    holder(county, county.school("甲校", {"primary": 100}), "1960-01-01")
    forecast = ask().forecast(on=TODAY, years=1)
    assert forecast.overdue == 1
    assert [(year.holders, year.retiring) for year in forecast.years] == [(1, 0), (0, 1)]


def test_who_leaves_at_the_usual_rate_is_a_fraction_and_the_gap_whole(
    ask: Ask, county: County
) -> None:
    """Two schools with just enough: 10 % of four and of one leave, so 0.5 are missing: one."""
    first = county.school("甲校", {"primary": 400})
    second = county.school("乙校", {"primary": 100})
    for school in (first, first, first, first, second):
        holder(county, school)
    years = ask(forecast__leave_percent_per_year=10).forecast(on=TODAY, years=2).years
    assert [year.leaving for year in years] == [0, Fraction(1, 2), Fraction(9, 20)]
    assert [year.expected_holders for year in years] == [5, Fraction(9, 2), Fraction(81, 20)]
    assert [(year.holders, year.missing, year.missing_dated) for year in years] == [
        (5, 0, 0),
        (5, 1, 0),
        (5, 1, 0),
    ]


def test_a_surplus_elsewhere_closes_no_gap_to_come(ask: Ask, county: County) -> None:
    """甲校 loses two of two in 2028, 乙校 has two more than it needs."""
    first = county.school("甲校", {"primary": 200}, township="东乡")
    second = county.school("乙校", {"primary": 100}, township="东乡")
    for _ in range(2):
        holder(county, first, term_ends_on=date(2028, 8, 31))
    for _ in range(3):
        holder(county, second)
    coverage = ask()
    forecast = coverage.forecast(on=TODAY, years=4, target_year=2029)
    assert [year.missing for year in forecast.years] == [0, 0, 2, 2, 2]
    growth = forecast.growth
    assert (growth.on, growth.missing, growth.each_year) == (date(2029, 9, 1), 2, (1, 1, 0))
    assert forecast.growth_renewed.missing == 0
    frame = coverage.forecast(on=TODAY, years=2, by="township,stage").to_polars()
    assert frame.select("year", "township", "holders", "required", "missing").rows() == [
        (0, "东乡", 5, 3, 0),
        (1, "东乡", 5, 3, 0),
        (2, "东乡", 3, 3, 2),
    ]


def test_the_places_of_the_retired_are_filled_where_a_share_of_teachers_is_asked(
    ask: Ask, county: County
) -> None:
    """15 % of 20 teachers are 3; two of three holders retire, 20 teachers stay."""
    school = county.school("甲校", {"primary": 300})
    for birth in ("1977-08", "1977-07", "1990-01"):
        holder(county, school, birth)
    for _ in range(17):
        county.teacher(school)
    born(county, 4, None, None)
    years = ask().forecast("ningxia-2027-county", on=date(2040, 3, 1), years=1).years
    assert [(year.holders, year.required, year.missing) for year in years] == [(3, 3, 0), (1, 3, 2)]


def test_a_visitor_who_retires_is_missing_at_both_schools(ask: Ask, county: County) -> None:
    """A rural school of 60 counts visitors: the music teacher of 甲校 teaches there too."""
    first = county.school("甲校", {"primary": 100}, locality="rural")
    second = county.school("乙校", {"primary": 60}, locality="rural")
    teacher = county.teacher(first, subject="music")
    county.post(teacher, second, subject="music", attachment="visiting")
    born(county, teacher, "1977-08")
    forecast = ask().forecast("quality-balance-2017-pe-art", on=date(2040, 3, 1), years=1)
    assert [(year.holders, year.missing) for year in forecast.years] == [(1, 0), (0, 2)]


def pupils(*rows: tuple[str, str, str, str], names: tuple[str, ...] = ()) -> pl.DataFrame:
    return pl.DataFrame(rows, names or ["学校名称", "学段", "学年", "学生数"], orient="row")


def test_pupils_foreseen_stand_in_the_place_of_those_enrolled(ask: Ask, county: County) -> None:
    county.school("甲校", {"primary": 100, "junior": 100})
    county.school("乙校", {"primary": 100})
    county.school("新校")
    forecast = ask().forecast(
        on=TODAY,
        years=4,
        pupils=pupils(
            ("甲 校", "小学", "2028-2029", "350"),
            ("甲校", "小学", "2029-2030", "0"),
            ("甲校", "幼儿园", "2027-2028", "900"),
            ("新校", "初中", "2028/29", "1,200"),
            ("乙校", "小学", "2026-2027", "5"),
        ),
    )
    # 300 enrolled; in 2028 甲校 250 more and 新校 1200, in 2029 甲校 100 fewer than enrolled
    assert [year.students for year in forecast.years] == [300, 300, 1750, 1400, 1400]
    assert [year.required for year in forecast.years] == [3, 3, 18, 14, 14]
    assert forecast.unused_pupils == 1


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (("丙校", "小学", "2027-2028", "1"), "pupils-school-unknown"),
        (("乙校", "小学", "2027-2028", "1"), "pupils-school-several"),
        (("甲校", "研究生", "2027-2028", "1"), "pupils-stage-unknown"),
        (("甲校", "小学", "2027-2029", "1"), "pupils-school-year"),
        (("甲校", "小学", "明年", "1"), "pupils-school-year"),
        (("甲校", "小学", "2027-2028", "约100"), "pupils-not-a-number"),
        (("甲校", "小学", "2027-2028", "-1"), "pupils-not-a-number"),
        (("甲校", "小学", "2027-2028", "12.5"), "pupils-not-a-number"),
        (("甲校", "小学", "2028-2029", "1"), "pupils-twice"),
    ],
)
def test_a_wrong_row_of_pupils_is_named(
    ask: Ask, county: County, row: tuple[str, str, str, str], code: str
) -> None:
    county.school("甲校", {"primary": 100})
    county.school("乙校", township="东乡")
    county.school("乙 校", township="西乡")
    table = pupils(("甲校", "小学", "2028-2029", "100"), row)
    with pytest.raises(CoverageError) as raised:
        ask().forecast(on=TODAY, pupils=table)
    assert (raised.value.code, raised.value.parameters["row"]) == (code, 3)


def test_a_school_of_pupils_may_be_named_shortly_or_by_its_code(ask: Ask, county: County) -> None:
    county.add("school_alias", school_id=county.school("第一小学", code="9064019901"), name="一小")
    county.add("school_alias", school_id=county.school("一小"), name="老一小")  # full names first
    coverage = ask()
    for written in ("老一小", "9064019901", "一小"):
        table = pupils(
            (written, "小学", "2027-2028", "200"), ("第一小学", "小学", "2027-2028", "9")
        )
        if written == "9064019901":  # it is 第一小学 itself
            with pytest.raises(CoverageError, match="2 "):
                coverage.forecast(on=TODAY, years=1, pupils=table)
        else:
            years = coverage.forecast(on=TODAY, years=1, pupils=table).years
            assert [year.students for year in years] == [0, 209]


def test_a_file_of_pupils_without_a_row_is_refused(ask: Ask, county: County) -> None:
    with pytest.raises(CoverageError) as raised:
        ask().forecast(on=TODAY, pupils=pupils())
    assert raised.value.code == "pupils-empty"


def test_columns_that_pupils_lack_are_named(ask: Ask, county: County) -> None:
    table = pl.DataFrame({"学段": ["小学"], "备注": ["无"]})
    with pytest.raises(CoverageError, match=r"学校, 学年, 学生数|school, school year, students"):
        ask().forecast(on=TODAY, pupils=table)


def test_what_cannot_be_foreseen_is_refused(ask: Ask, county: County) -> None:
    county.school("甲校", {"primary": 100})
    coverage = ask()
    for standard in ("quality-balance-2017-training", "quality-balance-2017-rotation"):
        with pytest.raises(CoverageError) as raised:
            coverage.forecast(standard, on=TODAY)
        assert raised.value.code == "forecast-of-the-year"
    with pytest.raises(CoverageError, match="subject"):
        coverage.forecast(on=TODAY, by="subject")
    for wrong in (
        *({"years": 0}, {"years": 41}, {"target_year": 2026}, {"target_year": 2037}),
        *({"target_year": 0}, {"target_year": 10000}, {"leave": "never"}),
    ):
        with pytest.raises(UsageError):
            coverage.forecast(on=TODAY, **wrong)


def test_a_school_of_which_nothing_is_required_is_counted_all_the_same(
    ask: Ask, county: County
) -> None:
    coverage = ask()
    assert coverage.forecast("ningxia-2027-county", on=TODAY, years=1).schools == 0
    county.school("甲校", {"primary": 100})  # nobody serves there: 15 % of no teachers
    ahead = ask().forecast("ningxia-2027-county", on=TODAY, years=1)
    assert ([year.required for year in ahead.years], ahead.schools) == ([0, 0], 1)
