"""Reading a person's file from the command line."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from teacherreg.cli import frame

ROWS = """
INSERT INTO school (id, county_code, name) VALUES
 (1, '640199', '第一小学'), (2, '640199', '沙沟小学');
INSERT INTO teacher (id, name, staff_no, id_number, birth_date, political_status, party_joined_on,
                     work_started_on)
 VALUES (1, '张[三]', '007', '640199198503150012', '1985-03-15', '01', '2008-07-01', '2008-09-15'),
        (2, '李四', '008', NULL, NULL, NULL, NULL, NULL);
INSERT INTO post (teacher_id, school_id, stage, subject, is_full_time_teacher, attachment, status)
 VALUES (1, 1, 'primary', 'chinese', 1, 'home', '100');
INSERT INTO title_award (teacher_id, title_kind, level, awarded_on, term_ends_on, is_term_by_rule)
 VALUES (1, 'backbone_teacher', 'county', '2022-09-01', '2025-08-31', 0);
INSERT INTO training (teacher_id, project, tenths_of_hours, ends_on)
 VALUES (1, '国培', 720, '2024-07-20'), (1, '校本[一]', 45, '2024-12-31');
INSERT INTO review (teacher_id, review_kind, year, result) VALUES (1, 'annual', 2025, 'qualified');
INSERT INTO mentoring (teacher_id, mentee_id, starts_on) VALUES (1, 2, '2023-09-01');
INSERT INTO rotation (teacher_id, from_school_id, to_school_id, starts_on, ends_on)
 VALUES (1, 1, 2, '2016-09-01', '2017-07-31'), (1, 1, 2, '2018-09-03', '2019-07-30');
INSERT INTO conduct_record (teacher_id, record_kind, sanction_kind, decided_on, ends_on, summary,
                            appealed_on, appeal_decided_on, appeal_result)
 VALUES (1, 'sanction', 'warning', '2021-03-15', '2021-09-15', '暗号海棠', NULL, NULL, NULL),
        (1, 'handling', 'criticism', '2021-10-08', NULL, NULL, '2021-10-20', '2021-11-05',
         'upheld');
"""


@pytest.fixture
def county(run, tmp_path: Path):  # type: ignore[no-untyped-def]
    assert run("init", "--county", "640199", "--name", "青禾县").exit_code == frame.EXIT_DONE
    with closing(sqlite3.connect(tmp_path / "registry.db")) as connection:
        connection.executescript(ROWS)
    return run


def test_a_file_is_a_line_for_each_thing_in_order_of_time(county) -> None:  # type: ignore[no-untyped-def]
    shown = county("teacher", "show", "007", "--on", "2026-09-01", lang="zh").out
    assert "张[三]" in shown
    lines = [" ".join(line.split()) for line in shown.splitlines()]
    details = [line for line in lines if " · " in line or "学时：" in line]
    assert details == [
        "建档前 至 今 任职 第一小学 · 小学 · 语文 · 在本单位任职",
        "2016-09 至 2017-07 交流轮岗 流出学校 第一小学 · 流入学校 沙沟小学",
        "2018-09-03 至 2019-07-30 交流轮岗 流出学校 第一小学 · 流入学校 沙沟小学",
        "2021-03-15 师德师风 处分 · 警告 · 期满未记录解除 · 处分期满日期 2021-09-15 · 暗号海棠",
        "2021-10-08 师德师风 处理 · 批评教育 · 申诉日期 2021-10-20 · 申诉处理日期 2021-11-05"
        " · 申诉处理结果 维持",
        "2022-09-01 称号 骨干教师 · 县级 · 有效期至 2025-08-31 · 已到期",
        "2023-09-01 至 今 师徒结对 导师 张[三] · 徒弟 李四",
        "2024 培训 76.5 学时：国培（72）、校本[一]（4.5）",
        "2025 考核 年度考核 · 2025 年度 · 合格",
    ]
    assert lines[-1] == (
        "培训学时合计（2022-01-01 至 2026-09-01）：76.5 学时，应满 360 学时，还差 283.5 学时。"
    )
    assert "入党时间 2008-07 " in shown
    assert "参加工作年月 2008-09-15" in shown


def test_each_audience_is_shown_what_is_its_own(county) -> None:  # type: ignore[no-untyped-def]
    def shown(audience: str) -> str:
        return county("teacher", "show", "1", "--audience", audience, lang="zh").out

    assert "骨干教师" in shown("staff")
    assert not any(word in shown("staff") for word in ("警告", "暗号", "年度考核", "1985-03-15"))
    assert "暗号海棠" in shown("conduct")
    assert "6401" not in shown("conduct")
    assert "看不到任何个人的记录" in shown("overview")
    assert "张" not in shown("overview")


def test_a_file_as_json(county) -> None:  # type: ignore[no-untyped-def]
    document = json.loads(county("teacher", "show", "007", "--format", "json").out)
    assert document["id_number"] == "640199********0012"
    assert (document["audience"], document["posts"][0]["school"]) == (None, "第一小学")
    assert document["titles"][0]["is_held"] is False
    assert document["conduct"][0]["decided_on"] == "2021-03-15"
    public = json.loads(
        county("teacher", "show", "007", "--format", "json", "--audience", "overview").out
    )
    assert {key: value for key, value in public.items() if value} == {
        "on": public["on"],
        "audience": "overview",
    }


def test_who_has_no_records_is_told_so(county) -> None:  # type: ignore[no-untyped-def]
    ran = county("teacher", "show", "008", "--on", "2020-01-01", lang="zh")
    assert (ran.exit_code, "没有任职" in ran.out) == (frame.EXIT_DONE, True)


def test_nobody_of_that_number_is_refused(county) -> None:  # type: ignore[no-untyped-def]
    assert county("teacher", "show", "999").exit_code == frame.EXIT_REFUSED
