"""The public figures are those worked out by hand in `sample_registry`."""

import json
import math
from pathlib import Path

from sqlalchemy import Engine

from teacherreg.coverage import Coverage
from tests.publish.conftest import Ask, settings_of
from tests.publish.sample_registry import ON


def test_each_school_and_stage_misses_what_the_standard_says(ask: Ask) -> None:
    found = ask(
        "overview",
        "SELECT school, stage, students, required, holders, missing, meets FROM school_gaps"
        " WHERE required IS NOT NULL ORDER BY id",
    )
    assert found == [
        ("青禾县第一小学", "小学", 812, 9, 8, 1, 0),
        ("青禾县第三中学", "初中", 620, 7, 7, 0, 1),
        ("河湾中心小学", "小学", 360, 4, 1, 3, 0),
        ("河湾九年制学校", "小学", 150, 2, 0, 2, 0),
        ("河湾九年制学校", "初中", 230, 3, 1, 2, 0),
        ("沙沟小学", "小学", 120, 2, 1, 1, 0),
    ]


def test_a_school_that_is_not_judged_has_a_reason_and_no_verdict(ask: Ask) -> None:
    found = ask(
        "overview",
        "SELECT school, required, missing, meets, outside FROM school_gaps"
        " WHERE outside IS NOT NULL",
    )
    assert found == [("石崖教学点", None, None, None, "规模较小的教学点")]


def test_headlines_are_the_sums(ask: Ask) -> None:
    found = {row[0]: row[1:] for row in ask("overview", "SELECT * FROM headline")}
    counts = {key: found[key][0] for key in found if not key.startswith("cv_")}
    assert counts == {
        "teachers": 58,  # 60 people, one retired, one gone; three of them in a kindergarten
        "title_holders": 18,
        "schools_judged": 5,
        "schools_meeting": 1,
        "missing": 9,
        "stages_judged": 6,
        "stages_able": 0,
        "stages_out": 6,
        "cvs_judged": 6,
        "cvs_over": 1,
        "not_reached": 21,
        "missing_after_plan": 9,
        "missing_after_honours": 6,
    }
    # Junior: 8 of 850 students. 620·(7/620)² + 230·(1/230)² over the mean, by hand 0.3277.
    mean = 8 / 850
    spread = (620 * (7 / 620 - mean) ** 2 + 230 * (1 / 230 - mean) ** 2) / 850
    value, limit, meets = found["cv_junior"]
    assert math.isclose(value, math.sqrt(spread) / mean, rel_tol=1e-12)
    assert round(value, 4) == 0.3277
    assert (limit, meets) == (0.45, 1)
    assert found["cv_primary"][1:] == (0.5, 0)


def test_townships_miss_what_their_schools_miss(ask: Ask) -> None:
    found = ask("overview", "SELECT township, schools, required, missing FROM township_gaps")
    assert found == [("河湾镇", 2, 9, 7), ("城关镇", 2, 16, 1), ("沙沟乡", 1, 2, 1)]


def test_localities_are_set_against_each_other_by_stage(ask: Ask) -> None:
    found = ask("overview", "SELECT locality, stage, students, holders, missing FROM locality_gaps")
    assert found == [
        ("城区", "小学", 812, 8, 1),
        ("镇区", "小学", 510, 1, 5),
        ("乡村", "小学", 138, 1, 1),
        ("城区", "初中", 620, 7, 0),
        ("镇区", "初中", 230, 1, 2),
    ]


def test_a_title_counts_while_it_is_held_by_somebody_in_service(ask: Ask) -> None:
    found = ask("overview", "SELECT title_kind, level, holders FROM holders_by_kind")
    # 18 holders in turn over four kinds, by their number in the roster; a second title of
    # one, and one of school level. Not: expired, revoked, undated, not begun, retired.
    assert sorted(found) == sorted(
        [
            ("学科带头人", "地市级", 5),  # numbers 1, 5 / 21, 25 / 33
            ("教学能手", "县级", 4),  # 2, 6 / 22 / 46
            ("特级教师", "省级", 5),  # 3, 7 / 19, 23 / 55
            ("骨干教师", "县级", 4),  # 4, 8 / 20, 24
            ("骨干教师", "国家级", 1),
            ("骨干教师", "校级", 1),
        ]
    )


def test_subjects_tell_teachers_from_holders(ask: Ask) -> None:
    found = ask(
        "overview",
        "SELECT subject, teachers, holders FROM school_subjects WHERE school = ?",
        "河湾中心小学",
    )
    # Nine teachers over six subjects in turn; the first of them holds a title.
    assert sorted(found) == sorted(
        [
            ("语文", 2, 1),
            ("数学", 2, 0),
            ("英语", 2, 0),
            ("道德与法治", 1, 0),
            ("音乐", 1, 0),
            ("美术", 1, 0),
        ]
    )


def test_schools_have_all_their_pupils_and_teachers(ask: Ask) -> None:
    found = ask(
        "overview",
        "SELECT school, students, teachers, parent_school FROM schools WHERE id IN (4, 6, 7)",
    )
    assert found == [
        ("河湾九年制学校", 380, 9, None),
        ("石崖教学点", 18, 1, "沙沟小学"),
        ("青禾县幼儿园", 200, 3, None),
    ]


def test_the_site_and_the_command_line_tell_the_same(sample: Engine, ask: Ask) -> None:
    gaps = Coverage(sample, settings_of(sample)).gaps(by=("school", "stage"), on=ON)
    published = ask("overview", "SELECT sum(missing), sum(required), sum(holders) FROM school_gaps")
    assert published == [(gaps.totals.missing, gaps.totals.required, gaps.totals.holders)]


def test_the_manifest_says_what_was_published(published_once: Path) -> None:
    manifest = json.loads((published_once / "site.json").read_text(encoding="utf-8"))
    assert manifest["county"] == {"code": "640199", "name": "青禾县"}
    assert manifest["on"] == "2026-09-01"
    assert manifest["standard"]["document"] == "教督〔2017〕6号"
    assert manifest["rows"]["staff"] == {
        "teachers": 60,
        "posts": 60,
        "titles": 25,
        "training": 3,
        "mentoring": 3,
        "rotations": 1,
        "schools": 7,
    }
    assert [figure["key"] for figure in manifest["headline"]][:2] == ["teachers", "title_holders"]


def test_years_to_come_are_those_of_the_command_line(sample: Engine, ask: Ask) -> None:
    forecast = Coverage(sample, settings_of(sample)).forecast(years=10, on=ON)
    published = ask("overview", "SELECT id, day, missing, missing_renewed FROM forecast")
    assert published == [
        (
            year.on.year if year.year else 0,
            year.on.isoformat(),
            year.missing,
            year.missing_renewed,
        )
        for year in forecast.years
    ]
    assert published[0] == (0, "2026-09-01", 9, 9)  # as the headline says
    assert len(published) == 11


def test_past_years_of_which_nothing_is_known_are_left_out(ask: Ask) -> None:
    assert ask("overview", "SELECT day, required, holders, missing FROM trend")[-1] == (
        "2026-09-01",
        27,
        18,
        9,
    )


def test_each_school_tells_whom_its_holders_reach(sample: Engine, ask: Ask) -> None:
    reach = Coverage(sample, settings_of(sample)).reach(by="school", on=ON)
    published = ask(
        "overview",
        "SELECT school, none, teachers, holders + direct + studio + mentoring + rotation "
        "+ [group] + none FROM reach ORDER BY none DESC, school",
    )
    assert [row[:2] for row in published] == sorted(
        ((cell.school, cell.numbers["none"]) for cell in reach.cells),
        key=lambda row: (-row[1], row[0] or ""),
    )
    assert sum(row[1] for row in published) == 21  # as the headline says
    assert all(teachers == parts for _, _, teachers, parts in published)
    teachers = ask("overview", "SELECT sum(teachers) FROM schools")[0][0]
    assert sum(row[2] for row in published) == teachers
