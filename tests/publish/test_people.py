"""Leaders see people, masked; discipline officers see records with their state."""

from datetime import date

from sqlalchemy import Engine, select
from sqlmodel import Session

from teacherreg.models import Post, Teacher, TitleAward
from teacherreg.posts import post_of_the_day
from teacherreg.publish import staff
from tests.publish.conftest import Ask
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
        ("金花", "已撤销"),
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
        ("马福", "处分", "记过", "已解除", None),
        ("石磊", "处分", "警告", "期满未记录解除", None),
        ("郭勇", "处分", "开除", None, None),
        ("唐宁", "处理", "批评教育", None, None),
        ("张伟", "师德考核", None, None, "优秀"),
        ("王芳", "师德考核", None, None, "合格"),
        ("张伟", "表彰", None, None, "暗号海棠先进个人"),
    ]


def test_a_record_of_a_later_day_is_not_known_yet(sample: Engine) -> None:
    from teacherreg.publish import conduct

    with sample.connect() as connection:
        ((_, rows),) = conduct.filled(connection, date(2026, 5, 9))
        names = [row[2] for row in rows]
    assert "王强" not in names  # decided on the tenth
    assert "石磊" in names


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
