"""Leaders see people, masked; discipline officers see records with their state."""

import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, select
from sqlmodel import Session

from teacherreg import Registry
from teacherreg.codes import code_table
from teacherreg.models import ConductRecord, Post, Teacher, TitleAward, TitleEvent
from teacherreg.posts import post_of_the_day
from teacherreg.publish import conduct, staff
from teacherreg.publish.build import publish
from teacherreg.settings import Settings
from tests.publish.conftest import Ask, settings_of
from tests.publish.sample_registry import ON


def test_numbers_are_masked(ask: Ask) -> None:
    found = ask("staff", "SELECT id_number, phone, birth_year FROM teachers WHERE id = 2")
    assert found == [("640199********0022", "138****0002", 1972)]


def test_holders_can_be_counted_by_membership_of_the_party(ask: Ask) -> None:
    found = ask(
        "staff",
        "SELECT party_joined_on, count(*) FROM teachers WHERE political_status = '中国共产党党员'"
        " AND highest_level IN ('县级', '地市级', '省级', '国家级') GROUP BY 1 ORDER BY 1",
    )
    # Numbers 4, 8, 20 and 24 of the holders are of the Party; 8 and 24 told since when.
    assert found == [(None, 2), ("2008-07-01", 2)]


def test_a_person_stands_at_the_post_of_the_day(ask: Ask) -> None:
    found = ask(
        "staff",
        "SELECT name, school, stage, subject, status FROM teachers"
        " WHERE name IN ('张伟', '尉迟恭', '乐天') ORDER BY id",
    )
    assert found == [
        ("张伟", "青禾县第一小学", "小学", "语文", "在本单位任职"),
        ("尉迟恭", "青禾县第一小学", "小学", None, "退休"),
        ("乐天", None, None, None, None),
    ]


def test_the_highest_title_is_by_level_then_by_kind(ask: Ask) -> None:
    found = {
        name: (title, level)
        for name, title, level in ask(
            "staff", "SELECT name, highest_title, highest_level FROM teachers"
        )
    }
    assert found["张薇"] == ("骨干教师", "国家级")  # and a teaching expert of the county
    assert found["张伟"] == ("学科带头人", "地市级")
    assert found["马福"] == (None, None)  # expired the day before
    assert found["田苗"] == ("骨干教师", "校级")


def test_titles_say_in_what_state_they_are(ask: Ask) -> None:
    found = ask("staff", "SELECT name, state FROM titles WHERE state <> '有效' ORDER BY id")
    assert found == [
        ("马福", "已到期"),
        ("金花", "目前无效"),  # revoked: leaders learn no more
        ("杜鹃", "授予时间不明"),
        ("贾宝", "未生效"),
    ]


def test_records_say_in_what_state_they_are(ask: Ask) -> None:
    found = ask(
        "conduct",
        "SELECT name, record_kind, sanction_kind, state, result FROM records ORDER BY id",
    )
    assert found == [
        ("王强", "处分", "警告", "执行中", None),
        ("石磊", "处分", "警告", "期满未记录解除", None),
        ("郭勇", "处分", "开除", None, None),
        ("唐宁", "处理", "批评教育", None, None),
        ("张伟", "师德考核", None, None, "优秀"),
        ("王芳", "师德考核", None, None, "合格"),
        ("张伟", "表彰", None, None, "暗号海棠先进个人"),
    ]


def test_a_record_of_a_later_day_is_not_known_yet(sample: Engine) -> None:
    with sample.connect() as connection:
        (_, rows), *_others = conduct.filled(connection, settings_of(sample), date(2026, 5, 9))
        names = [row[2] for row in rows]
    assert "王强" not in names  # decided on the tenth
    assert "石磊" in names


def published(sample: Engine, on: date, **changed: bool | int) -> dict[str, list[tuple[Any, ...]]]:
    settings = Settings({f"ethics.{name}": value for name, value in changed.items()})
    with sample.connect() as connection:
        return {t.name: list(rows) for t, rows in conduct.filled(connection, settings, on)}


def test_records_of_what_is_over_are_listed_when_the_county_says_so(sample: Engine) -> None:
    with Session(sample) as session:
        for day, facts in (
            (1, {"annulled_on": date(2026, 8, 1)}),
            (2, {"extended_on": date(2026, 8, 30), "extended_to": date(2026, 12, 31)}),
        ):
            session.add(
                ConductRecord(
                    teacher_id=day,
                    record_kind="sanction",
                    sanction_kind="warning",
                    rule_version="staff_2023",
                    decided_on=date(2026, 3, day),
                    ends_on=date(2026, 9, day),
                    **facts,
                )
            )
        session.commit()
    columns = list(conduct.RECORDS.columns)
    state, ends_on, name = (columns.index(one) for one in ("state", "ends_on", "name"))

    def stand(*, hide_released: bool) -> dict[str, tuple[str | None, str | None]]:
        rows = published(sample, ON, hide_released=hide_released)["records"]
        return {row[name]: (row[state], row[ends_on]) for row in rows if row[state]}

    ordinary = {
        "王强": ("执行中", "2026-11-10"),
        "石磊": ("期满未记录解除", "2026-06-01"),
        "单玉兰": ("延长", "2026-12-31"),
    }
    assert stand(hide_released=True) == ordinary
    assert stand(hide_released=False) == ordinary | {
        "马福": ("已解除", "2025-03-01"),
        "张伟": ("撤销", None),
    }


def test_a_new_sanction_is_published_with_what_remains_of_the_one_before(sample: Engine) -> None:
    with Session(sample) as session:
        held = session.exec(
            select(ConductRecord.teacher_id).where(ConductRecord.ends_on == date(2026, 11, 10))
        )
        (teacher_id,) = held.one()
        session.add(
            ConductRecord(
                teacher_id=teacher_id,
                record_kind="sanction",
                sanction_kind="demerit",
                rule_version="staff_2023",
                decided_on=date(2026, 8, 10),
                ends_on=date(2027, 8, 10),
            )
        )
        session.commit()
    # three months of the warning remain on 2026-08-10, and twelve
    ends = {row[8] for row in published(sample, ON)["records"] if row[1] == teacher_id}
    assert ends == {"2026-11-10", "2027-11-10"}


def test_figures_on_conduct_tell_no_small_counts(ask: Ask) -> None:
    asked = "SELECT year, breakdown, sanction_kind, act, decisions FROM decision_figures"
    # 2026: a warning, a dismissal, a criticism; 2025 one decision, 2024 one
    assert ask("conduct", f"{asked} ORDER BY id") == [
        (2026, "全年合计", None, None, 3),
        (2026, "其余种类合并", None, None, 3),
        (2026, "其余情形合并", None, None, 3),
        (2025, "全年合计", None, None, None),
        (2024, "全年合计", None, None, None),
    ]


def test_cases_are_published_with_what_is_open(ask: Ask, sample: Engine) -> None:
    assert ask("conduct", "SELECT case_no, act, level, open_items FROM cases") == [
        ("2026-01", "有偿补课、为校外机构介绍生源或提供信息", "县级", 2)
    ]
    asked = "SELECT responsible, due_on, closed_on, state FROM corrective_items ORDER BY id"
    assert ask("conduct", asked) == [
        ("人事股", "2026-06-30", "2026-06-20", "已销号"),
        ("教研室", "2026-08-31", None, "逾期未销号"),
        ("各学校", "2026-12-31", None, "未销号"),
    ]
    assert ask("conduct", "SELECT held_on, expected, attended, ethics_case_id FROM sessions") == [
        ("2026-04-10", 120, 117, 1)
    ]
    earlier = published(sample, date(2026, 4, 9))
    assert [row[-1] for row in earlier["corrective_items"]] == ["未销号"] * 3
    assert earlier["sessions"] == []
    assert published(sample, date(2026, 3, 31))["cases"] == []


def test_a_visiting_post_stands_only_where_there_is_no_home_post(sample: Engine) -> None:
    with Session(sample) as session:
        session.add(
            Post(teacher_id=1, school_id=5, attachment="visiting", starts_on=date(2026, 1, 1))
        )
        session.add(
            Post(teacher_id=60, school_id=5, attachment="visiting", starts_on=date(2026, 1, 1))
        )
        session.commit()
    post = post_of_the_day(ON)
    with sample.connect() as connection:
        asked = select(post.c.teacher_id, post.c.school_id).where(post.c.teacher_id.in_([1, 60]))
        assert dict(tuple(row) for row in connection.execute(asked)) == {1: 1, 60: 5}


def test_a_commendation_is_no_highest_title(sample: Engine) -> None:
    with Session(sample) as session:
        session.add(
            TitleAward(
                teacher_id=34,  # 马福, whose title has expired
                title_kind="excellent_teacher",
                level="national",
                awarded_on=date(2026, 1, 1),
            )
        )
        session.commit()
    with sample.connect() as connection:
        assert 34 not in staff.highest_titles(connection, ON)
        assert len(list(connection.execute(select(Teacher.id)))) == 60


def test_search_finds_people_by_name_pinyin_initials_and_number(ask: Ask) -> None:
    asked = (
        "SELECT name FROM teachers WHERE id IN"
        " (SELECT rowid FROM teachers_search WHERE teachers_search MATCH ?)"
    )
    for question in ('"张 伟"', '"zw"*', '"zhangw"*', '"qh00001"*'):
        assert ("张伟",) in ask("staff", asked, question), question
    assert ask("staff", asked, '"shanyulan"*') == [("单玉兰",)]
    asked = asked.replace("teachers", "records")
    assert set(ask("conduct", asked, '"wq"*')) == {("王强",)}


def test_leaders_learn_that_a_title_is_not_in_force_and_not_what_was_done_about_it(
    sample: Engine, site: Path
) -> None:
    title = {"title_kind": "backbone_teacher", "level": "prefecture"}
    cases = {  # days of the suspension and the revocation, last day of the term
        1: ("2026-03-01", None, "2028-08-31", "not_in_force"),
        2: (None, "2026-03-01", "2028-08-31", "not_in_force"),
        3: (None, "2025-03-01", "2026-08-31", "expired"),
        4: (None, None, "2028-08-31", "in_force"),
    }
    with Session(sample) as session:
        for person, (suspended, revoked, ends, _) in cases.items():
            last = date.fromisoformat(ends)
            award = {"awarded_on": date(2024, 9, 1), "term_ends_on": last, "document_no": "样"}
            session.add(TitleAward(teacher_id=person, **title, **award))
            for event, day in (("suspended", suspended), ("revoked", revoked)):
                if day:
                    happened = {"event": event, "happened_on": date.fromisoformat(day)}
                    session.add(TitleEvent(teacher_id=person, **title, **happened))
        session.commit()
    publish(sample, settings_of(sample), site, ON)
    content = (site / "staff.db").read_bytes()
    assert not any(word.encode() in content for word in ("已暂停", "已撤销"))
    with closing(sqlite3.connect(site / "staff.db")) as connection:
        states = dict(
            connection.execute("SELECT teacher_id, state FROM titles WHERE document_no = '样'")
        )
    labels = code_table("title_states")
    assert states == {person: labels.label(state, "zh") for person, (*_, state) in cases.items()}
    registry = Registry(sample)
    for person, (*_, state) in cases.items():
        seen = registry.teacher(str(person), on=ON, audience="staff")
        (row,) = [one for one in seen.parts["titles"] if one["document_no"] == "样"]
        assert (row["state"], row["is_held"]) == (state, state == "in_force")
        assert "revoked_on" not in row
        assert seen.parts["title_events"] == []
