"""The verdict and what makes the county uneven, as worked out by hand in `sample_registry`."""

import json
from fractions import Fraction
from pathlib import Path

from sqlalchemy import Engine

from teacherreg.coverage import Coverage
from tests.publish.conftest import Ask, settings_of
from tests.publish.sample_registry import ON

BACKBONE = "每百名学生拥有县级以上骨干教师数"


def test_each_school_says_whether_it_can_pass_and_what_it_lacks(ask: Ask) -> None:
    found = ask(
        "overview",
        "SELECT school, stage, can_pass, reason, below, education_missing, backbone_missing, "
        "pe_art_missing, outside FROM verdict WHERE stage = '小学' ORDER BY id",
    )
    too_many = (0, "未达标的不止一项")
    # For each 100 students 4.2 above the required education, 1 backbone, 0.9 PE and art:
    # of 812 students 35, 9 and 8; there are 18, 8 and 6.
    assert found == [
        ("青禾县第一小学", "小学", *too_many, 3, 17, 1, 2, None),
        ("河湾中心小学", "小学", *too_many, 3, 7, 3, 2, None),
        ("河湾九年制学校", "小学", *too_many, 3, 3, 2, 2, None),
        ("沙沟小学", "小学", *too_many, 3, 2, 1, 2, None),
        ("石崖教学点", "小学", None, None, None, None, None, None, "规模较小的教学点"),
    ]


def test_every_indicator_has_its_coefficient_and_the_backbone_teachers_come_first(
    sample: Engine, ask: Ask
) -> None:
    verdict = Coverage(sample, settings_of(sample)).verdict(on=ON)
    found = ask("overview", "SELECT indicator, cv, meets FROM equity ORDER BY id")
    assert len(found) == 6
    assert [row[0] for row in found[:2]] == [BACKBONE, BACKBONE]
    assert sorted(row[1] for row in found) == sorted(row.cv or 0 for row in verdict.indicators)
    assert [row[2] for row in found].count(0) == 1


def test_what_schools_add_to_a_coefficient_adds_up_to_all_of_it(ask: Ask) -> None:
    found = ask(
        "overview",
        "SELECT stage, indicator, sum(cv_share) FROM equity_schools GROUP BY stage, indicator",
    )
    assert len(found) == 6
    assert all(abs(total - 100) < 1e-9 for _, _, total in found)
    junior = ask(
        "overview",
        "SELECT school, cv_share, value FROM equity_schools WHERE stage = '初中' AND indicator = ?",
        BACKBONE,
    )
    # 620 and 230 students, 7 and 1 holders: the smaller school is 620 / 850 of the square
    assert junior[0] == ("河湾九年制学校", 100 * float(Fraction(620, 850)), 100 / 230)


def test_the_best_move_says_what_it_does_to_the_coefficient_and_to_who_gives(ask: Ask) -> None:
    found = ask(
        "overview",
        "SELECT from_school, to_school, round(cv_before, 3), round(cv_after, 3), moves_to_limit, "
        "giver_meets FROM equity_moves WHERE stage = '小学' AND indicator = ?",
        BACKBONE,
    )
    assert found == [("青禾县第一小学", "河湾九年制学校", 0.545, 0.356, 1, 0)]


def test_town_and_country_are_set_against_the_county_and_the_city(ask: Ask) -> None:
    found = ask(
        "overview",
        "SELECT locality, holders, students, round(ratio_to_county, 3), round(ratio, 3) "
        "FROM equity_localities WHERE stage = '初中' AND indicator = ?",
        BACKBONE,
    )
    # 7 of 620 and 1 of 230 against 8 of 850
    assert found == [("城区", 7, 620, 1.2, 1.0), ("镇区", 1, 230, 0.462, 0.385)]


def test_the_verdict_says_in_words_what_it_is_of(published_once: Path) -> None:
    manifest = json.loads((published_once / "site.json").read_text(encoding="utf-8"))
    (verdict,) = [chart for chart in manifest["charts"] if chart["name"] == "verdict"]
    assert verdict["page"] == "evenness"
    assert "尚有可能达标 0 个，已不可能达标 6 个" in verdict["remark"]["zh"]
    assert "另外 4 项须另行核对" in verdict["remark"]["zh"]
    assert "can still pass: 0; out already: 6" in verdict["remark"]["en"]
