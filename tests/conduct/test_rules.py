"""A decision falls under the rules of its day, and its period ends on the day they give."""

from datetime import date

import pytest

from teacherreg.codes import code_table
from teacherreg.conduct.effects import WITHOUT_RULES, effect_rules
from teacherreg.conduct.rules import StaffCategory, rule_of, rules_without, sanction_rule
from teacherreg.settings import Settings


@pytest.mark.parametrize(
    ("decided_on", "kind", "category", "version", "months", "last_day"),
    [
        ("2024-03-15", "warning", "staff", "staff_2023", 6, "2024-09-15"),
        ("2023-08-31", "warning", "staff", "staff_2012", 6, "2024-02-29"),
        ("2024-08-31", "warning", "staff", "staff_2023", 6, "2025-02-28"),
        ("2024-05-31", "demerit", "staff", "staff_2023", 12, "2025-05-31"),
        ("2024-02-29", "post_grade_reduction", "staff", "staff_2023", 24, "2026-02-28"),
        ("2024-08-30", "major_demerit", "manager", "manager_2020", 18, "2026-02-28"),
        ("2024-03-15", "dismissal", "staff", "staff_2023", None, None),
    ],
)
def test_a_sanction_ends_on_the_same_day_months_later(
    decided_on: str,
    kind: str,
    category: StaffCategory,
    version: str,
    months: int | None,
    last_day: str | None,
) -> None:
    day = date.fromisoformat(decided_on)
    rule = sanction_rule(kind, day, category)
    assert rule is not None
    assert (rule.rule_version, rule.months) == (version, months)
    ends_on = rule.ends_on(day)
    assert (ends_on.isoformat() if ends_on else None) == last_day


@pytest.mark.parametrize(
    ("decided_on", "kind", "category", "version"),
    [
        pytest.param("2012-08-31", "warning", "staff", None, id="before any rule"),
        pytest.param("2012-09-01", "warning", "staff", "staff_2012", id="first day of 2012"),
        pytest.param("2023-11-05", "warning", "staff", "staff_2012", id="last day of 2012"),
        pytest.param("2023-11-06", "warning", "staff", "staff_2023", id="first day of 2023"),
        pytest.param("2020-06-30", "removal", "staff", "staff_2012", id="manager under 2012"),
        pytest.param("2020-07-01", "removal", "staff", "manager_2020", id="manager since 2020"),
        pytest.param("2024-01-01", "warning", "manager", "manager_2020", id="manager"),
        pytest.param("2019-01-01", "warning", "manager", "staff_2012", id="manager before 2020"),
        pytest.param(
            "2018-11-07", "warning", "private", "teacher_2014", id="private, last of 2014"
        ),
        pytest.param("2018-11-08", "warning", "private", "teacher_2018", id="private, since 2018"),
        pytest.param("2018-11-07", "criticism", "staff", None, id="handling before its rule"),
        pytest.param("2018-11-08", "criticism", "staff", "teacher_2018", id="handling"),
        pytest.param("2023-12-31", "party_warning", "staff", None, id="party, before 2024"),
        pytest.param("2024-01-01", "party_warning", "staff", "party_2023", id="party, since 2024"),
        pytest.param("2016-01-01", "rank_reduction", "staff", "teacher_2014", id="rank, 2014"),
        pytest.param("2019-01-01", "rank_reduction", "staff", None, id="rank, gone since"),
    ],
)
def test_a_decision_falls_under_the_rules_of_its_day(
    decided_on: str, kind: str, category: StaffCategory, version: str | None
) -> None:
    rule = sanction_rule(kind, date.fromisoformat(decided_on), category)
    assert (rule.rule_version if rule else None) == version


def test_a_disqualification_lasts_two_years_unless_the_decision_says_more() -> None:
    rule = sanction_rule("disqualification", date(2024, 3, 15))
    assert rule is not None
    assert rule.ends_on(date(2024, 3, 15)) == date(2026, 3, 15)


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(KeyError):
        sanction_rule("exile", date(2024, 1, 1))


def test_a_county_moves_the_day_on_which_the_provisions_of_2023_begin() -> None:
    later = Settings({"sanctions.staff_rule_switch": "2023-12-01"})
    versions = [
        rule.rule_version
        for day in (date(2023, 11, 6), date(2023, 11, 30), date(2023, 12, 1))
        if (rule := sanction_rule("warning", day, "staff", later))
    ]
    assert versions == ["staff_2012", "staff_2012", "staff_2023"]
    assert rule_of("removal", "staff_2012", later) is not None
    assert sanction_rule("removal", date(2020, 7, 1), "manager", later) == rule_of(
        "removal", "manager_2020", later
    )


@pytest.mark.parametrize(
    ("changed", "kind", "last_day"),
    [
        ({}, "warning", date(2024, 9, 15)),
        ({"sanctions.end_rule": "day_before"}, "warning", date(2024, 9, 14)),
        ({"sanctions.disqualification_months": 36}, "disqualification", date(2027, 3, 15)),
        ({"sanctions.disqualification_months": 36}, "warning", date(2024, 9, 15)),
    ],
)
def test_a_county_settles_what_the_rules_leave_open(
    changed: dict[str, str | int], kind: str, last_day: date
) -> None:
    rule = sanction_rule(kind, date(2024, 3, 15), "staff", Settings(changed))
    assert rule is not None
    assert rule.ends_on(date(2024, 3, 15)) == last_day


def test_a_decision_without_rules_has_none() -> None:
    assert rule_of("warning", None) is None
    assert rule_of("exile", "staff_2023") is None


def test_every_effect_names_codes_and_a_document_that_exist() -> None:
    kinds, whats = code_table("sanctions"), code_table("sanction_effects")
    versions = {row["rule_version"] for kind in kinds.codes for row in kinds.rows(kind)}
    for rule in effect_rules():
        assert set(rule.kinds) <= set(kinds.codes), rule
        assert set(rule.versions) <= {*versions, WITHOUT_RULES}, rule
        assert rule.what in whats
        assert rule.until in {"period", "decision_year", "next_year", "never"}
        assert rule.limit in {"", "not_excellent", "no_grade", "not_qualified", "not_basic"}
        assert rule.document


def test_each_version_speaks_of_kinds_that_it_knows() -> None:
    for rule in effect_rules():
        for version in {*rule.versions} - {WITHOUT_RULES}:
            assert all(rule_of(kind, version) for kind in rule.kinds), rule


@pytest.mark.parametrize(
    ("decided_on", "kind", "category", "document"),
    [
        # 人社部发〔2023〕58号 has 警告, 记过, 降低岗位等级, 开除; 撤职 was for managers alone
        pytest.param("2024-03-15", "major_demerit", "staff", "人社部发〔2023〕58号", id="staff"),
        pytest.param("2024-03-15", "removal", "staff", "人社部发〔2023〕58号", id="no removal"),
        pytest.param(
            "2019-03-15",
            "removal",
            "staff",
            "事业单位工作人员处分暂行规定（人社部、监察部令第18号）",
            id="managers' kind of 2012",
        ),
        pytest.param("2024-03-15", "post_grade_reduction", "staff", None, id="staff, known"),
        pytest.param("2024-03-15", "removal", "manager", None, id="manager, known"),
        pytest.param("2019-03-15", "removal", "manager", None, id="manager, known before 2020"),
        pytest.param(
            "2024-03-15",
            "post_grade_reduction",
            "manager",
            "公职人员政务处分法 第七条、第八条",
            id="a kind of others",
        ),
        pytest.param("2024-03-15", "removal", "private", None, id="private, known"),
        pytest.param(
            "2024-03-15", "rank_reduction", "private", "教师〔2018〕18号 第三条", id="gone in 2018"
        ),
        pytest.param("2016-03-15", "rank_reduction", "private", None, id="private, 2014"),
        pytest.param("2011-03-15", "major_demerit", "staff", None, id="before any rules"),
        pytest.param("2024-03-15", "party_warning", "staff", None, id="no disciplinary sanction"),
        pytest.param("2024-03-15", "criticism", "manager", None, id="a handling"),
        pytest.param("2024-03-15", "exile", "staff", None, id="no kind at all"),
    ],
)
def test_a_kind_that_the_rules_for_a_category_lack_is_told(
    decided_on: str, kind: str, category: StaffCategory, document: str | None
) -> None:
    assert rules_without(kind, date.fromisoformat(decided_on), category) == document
