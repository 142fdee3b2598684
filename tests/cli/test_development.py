"""Asking for training, rotations and mentors from the command line, in every form."""

import csv
import io
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from teacherreg.cli import frame

ROWS = """
INSERT INTO school (id, county_code, name)
 VALUES (1, '640199', '第一小学'), (2, '640199', '沙沟小学');
INSERT INTO teacher (id, name, staff_no)
 VALUES (1, '张三', '001'), (2, '李四', '002'), (3, '=王五', '003');
INSERT INTO post (teacher_id, school_id, stage, is_full_time_teacher, attachment, status, starts_on)
 VALUES (1, 1, 'primary', 1, 'home', '100', '2015-09-01'),
        (2, 1, 'primary', 1, 'home', '100', '2019-09-01'),
        (3, 2, 'primary', 1, 'home', '100', '2024-09-01');
INSERT INTO training (teacher_id, project, tenths_of_hours, ends_on)
 VALUES (1, '国培', 3600, '2025-07-20'), (2, '国培', 3545, '2025-07-20'),
        (2, '校本', 720, '2026-07-20');
INSERT INTO mentoring (teacher_id, mentee_id, studio, subject, starts_on, aim)
 VALUES (1, 3, '张三[名师]工作室', 'chinese', '2025-09-01', '县级骨干');
INSERT INTO rotation (teacher_id, from_school_id, to_school_id, starts_on)
 VALUES (1, 1, 2, '2026-09-01');
INSERT INTO title_award (teacher_id, title_kind, level, awarded_on, is_term_by_rule)
 VALUES (1, 'backbone_teacher', 'county', '2024-09-01', 0),
        (2, 'backbone_teacher', 'school', '2024-09-01', 0);
"""
ON = ("--on", "2026-09-01")


@pytest.fixture
def county(run, tmp_path: Path):  # type: ignore[no-untyped-def]
    assert run("init", "--county", "640199", "--name", "青禾县").exit_code == frame.EXIT_DONE
    with closing(sqlite3.connect(tmp_path / "registry.db")) as connection:
        connection.executescript(ROWS)
    return run


def document(run, *words: str):  # type: ignore[no-untyped-def]
    ran = run("development", *words, *ON, "--format", "json")
    assert (ran.exit_code, ran.err) == (frame.EXIT_DONE, "")
    return json.loads(ran.out)


def test_hours_as_json(county) -> None:  # type: ignore[no-untyped-def]
    found = document(county, "hours")
    assert found["window"] == {"rule": "calendar", "from": "2022-01-01", "to": "2026-09-01"}
    assert found["needed_hours"] == 360
    assert found["totals"] == {
        "teachers": 3,
        "reached": 2,
        "short": 1,
        "reached_72_this_year": 1,
        "reached_90_this_year": 0,
    }
    assert [(row["name"], row["hours"], row["short_hours"]) for row in found["teachers"]] == [
        ("张三", 360, 0),
        ("李四", 426.5, 0),
        ("=王五", 0, 360),
    ]


def test_hours_on_a_screen_list_who_is_short(county) -> None:  # type: ignore[no-untyped-def]
    shown = county("development", "hours", "--on", "2025-12-31", lang="zh").out
    assert "2021-01-01 至 2025-12-31" in shown
    assert "专任教师 3 人，已满 360 学时 1 人，占 33.33%" in shown
    assert "张三" not in shown
    assert shown.index("=王五") < shown.index("李四")
    assert "354.5" in shown
    assert "5.5" in shown


def test_hours_of_one_school_by_part_of_its_name(county) -> None:  # type: ignore[no-untyped-def]
    found = document(county, "hours", "--school", "沙沟小学")
    assert [row["name"] for row in found["teachers"]] == ["=王五"]


def test_an_unknown_school_is_refused(county) -> None:  # type: ignore[no-untyped-def]
    ran = county("development", "hours", "--school", "没有的学校")
    assert (ran.exit_code, ran.out) == (frame.EXIT_REFUSED, "")
    assert "没有的学校" in ran.err


def test_a_csv_carries_words_and_runs_nothing(county) -> None:  # type: ignore[no-untyped-def]
    ran = county("development", "rotations", *ON, "--format", "csv", lang="zh")
    rows = list(csv.reader(io.StringIO(ran.out.lstrip("\ufeff"))))
    assert rows[0] == [
        "姓名",
        "教职工号",
        "学校",
        "进本校时间",
        "满年数",
        "法定退休日期",
        "交流条件",
    ]
    assert [(row[0], row[-1]) for row in rows[1:]] == [
        ("张三", "正在交流"),
        ("李四", "符合条件"),
        ("'=王五", "年限未到"),
    ]


def test_hours_stand_in_a_csv_as_people_write_them(county) -> None:  # type: ignore[no-untyped-def]
    ran = county("development", "hours", *ON, "--format", "csv", lang="zh")
    rows = list(csv.reader(io.StringIO(ran.out.lstrip("\ufeff"))))
    assert rows[0] == ["姓名", "教职工号", "学校", "学时", "还差学时", "当年学时"]
    assert [row[3:] for row in rows[1:]] == [
        ["360", "0", "0"],
        ["426.5", "0", "72"],
        ["0", "360", "0"],
    ]


def test_rotations_as_json(county) -> None:  # type: ignore[no-untyped-def]
    found = document(county, "rotations")
    assert (found["school_year_from"], found["eligible_on_eve"]) == ("2026-09-01", 2)
    assert found["moved"] == {"count": 1, "needed": 1, "percent": 10, "meets": True}
    assert found["backbone"] == {"count": 1, "needed": 1, "percent": 20, "meets": True}
    assert found["standings"] == {"away": 1, "eligible": 1, "not_yet": 1}


def test_rotations_on_a_screen(county) -> None:  # type: ignore[no-untyped-def]
    shown = county("development", "rotations", *ON, lang="zh").out
    assert "学年开始前符合条件 2 人，已交流 1 人，占 50.00%；10% 需 1 人，已达到。" in shown
    assert "李四" in shown
    assert "=王五" not in shown


def test_mentoring_in_every_form(county) -> None:  # type: ignore[no-untyped-def]
    found = document(county, "mentoring")
    assert [(row["mentor"], row["mentee"], row["mentee_school"]) for row in found["pairs"]] == [
        ("张三", "=王五", "沙沟小学")
    ]
    assert found["studios"][0] == {
        "name": "张三[名师]工作室",
        "leaders": ["张三"],
        "members": 1,
        "schools": ["沙沟小学", "第一小学"],
    }
    shown = county("development", "mentoring", *ON, lang="zh").out
    assert "张三[名师]工作室：主持 张三，成员 1 人，来自 2 所学校（沙沟小学、第一小学）。" in shown
    table = county("development", "mentoring", *ON, "--format", "csv", lang="zh").out
    assert "语文" in table


@pytest.mark.parametrize("question", ["hours", "rotations", "mentoring"])
@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_no_day_of_the_calendar_breaks_it(county, question: str, day: str) -> None:  # type: ignore[no-untyped-def]
    assert county("development", question, "--on", day).exit_code == frame.EXIT_DONE
