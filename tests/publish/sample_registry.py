"""A small made-up registry, filled straight through the models, with figures to check by hand.

As of 2026-09-01, by the standard of one holder for each 100 students begun:

    school and stage             students  required  holders  missing
    青禾县第一小学 primary            812         9        8        1
    青禾县第三中学 junior             620         7        7        0
    河湾中心小学 primary              360         4        1        3
    河湾九年制学校 primary            150         2        0        2
    河湾九年制学校 junior             230         3        1        2
    沙沟小学 primary                  120         2        1        1
    石崖教学点 primary                 18   outside (a teaching point under 50)
    青禾县幼儿园 kindergarten         200   outside (not a stage of the standard)

Five schools are judged; one meets the standard; nine holders are missing.
"""

from datetime import date
from typing import Final, NamedTuple

from sqlalchemy import Engine
from sqlmodel import Session

from teacherreg.models import (
    ConductRecord,
    CorrectiveItem,
    EducationSession,
    Enrolment,
    EthicsCase,
    Mentoring,
    Post,
    Rotation,
    School,
    SchoolStage,
    Teacher,
    TitleAward,
    Training,
)

ON: Final = date(2026, 9, 1)
COUNTY: Final = "640199"
SECRET: Final = "暗号海棠"  # stands in every conduct text, and so may stand nowhere else

KINDERGARTEN, TEACHING_POINT = "青禾县幼儿园", "石崖教学点"


class Place(NamedTuple):
    """A school of the sample."""

    name: str
    school_type: str
    township: str
    locality: str
    students: dict[str, int]
    parent: str | None = None


PLACES: Final = (
    Place("青禾县第一小学", "primary_school", "城关镇", "city", {"primary": 812}),
    Place("青禾县第三中学", "junior_school", "城关镇", "city", {"junior": 620}),
    Place("河湾中心小学", "primary_school", "河湾镇", "town", {"primary": 360}),
    Place("河湾九年制学校", "nine_year_school", "河湾镇", "town", {"primary": 150, "junior": 230}),
    Place("沙沟小学", "primary_school", "沙沟乡", "rural", {"primary": 120}),
    Place(TEACHING_POINT, "teaching_point", "沙沟乡", "rural", {"primary": 18}, "沙沟小学"),
    Place(KINDERGARTEN, "kindergarten", "城关镇", "city", {"kindergarten": 200}),
)

# School, stage, names, how many of them (from the first) hold a counted title.
STAFF: Final = (
    (
        "青禾县第一小学",
        "primary",
        "张伟 单玉兰 曾志强 马小燕 买买提·艾力 王芳 李建国 仇晓梅 解文静 陈静 "
        "杨秀英 刘洋 虎生海 吕红霞 周敏 徐磊 孙丽娟 任海燕",
        8,
    ),
    (
        "青禾县第三中学",
        "junior",
        "欧阳雪 王强 区志明 查理想 盖文涛 华清 撒玉花 马文龙 丁香 石磊 郭勇 何平 罗兰 高峰",
        7,
    ),
    ("河湾中心小学", "primary", "张薇 马福 白雪梅 哈丽娜 郑伟 谢芳 韩冬 唐宁 冯刚", 1),
    ("河湾九年制学校", "primary", "马成功 金花 宋佳 邓丽", 0),
    ("河湾九年制学校", "junior", "许诺 曹阳 彭飞 曾艳 萧然", 1),
    ("沙沟小学", "primary", "马建军 田苗 杜鹃 贾宝", 1),
    (TEACHING_POINT, "primary", "马老三", 0),
    (KINDERGARTEN, "kindergarten", "梁晓 叶子 袁媛", 0),
)
SUBJECTS: Final = ("chinese", "mathematics", "english", "morality_law", "music", "fine_arts")
KINDS: Final = (
    ("backbone_teacher", "county"),
    ("subject_leader", "prefecture"),
    ("teaching_expert", "county"),
    ("special_grade_teacher", "province"),
)
RANKS: Final = ("senior_teacher", "first_grade_teacher", "second_grade_teacher")


def id_number(order: int) -> str:
    """Make a valid ID number of an unassigned area: GB 11643-1999."""
    digits = f"64019919{70 + order % 30:02}{1 + order % 12:02}{1 + order % 28:02}{order:03}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True))
    return digits + "10X98765432"[total % 11]


def phone(order: int) -> str:
    """Make a telephone number."""
    return f"1380955{order:04}"


def fill_sample(engine: Engine) -> None:
    """Fill an empty registry with 7 schools, 60 people, their titles and conduct records.

    Args:
        engine: A registry of county 640199.
    """
    with Session(engine) as session:
        schools = _add_schools(session)
        people = _add_staff(session, schools)
        _add_odd_people(session, schools)
        _add_odd_titles(session, people)
        _add_conduct(session, people)
        _add_prevention(session)
        _add_development(session, people, schools)
        session.commit()


def _add_schools(session: Session) -> dict[str, int]:
    ids: dict[str, int] = {}
    for number, place in enumerate(PLACES, start=1):
        school = School(
            county_code=COUNTY,
            name=place.name,
            code=f"640199{number:04}",
            school_type=place.school_type,
            township=place.township,
            locality=place.locality,
            parent_school_id=ids[place.parent] if place.parent else None,
        )
        session.add(school)
        session.flush()
        assert school.id is not None
        ids[place.name] = school.id
        for stage, students in place.students.items():
            session.add(SchoolStage(school_id=school.id, stage=stage))
            for year, count in (("2025-2026", students + 10), ("2026-2027", students)):
                session.add(
                    Enrolment(school_id=school.id, stage=stage, school_year=year, students=count)
                )
    return ids


def _add_staff(session: Session, schools: dict[str, int]) -> dict[str, int]:
    ids: dict[str, int] = {}
    for school, stage, names, holders in STAFF:
        for place, name in enumerate(names.split()):
            order = len(ids) + 1
            ids[name] = _add_person(session, order, name)
            session.add(
                Post(
                    teacher_id=ids[name],
                    school_id=schools[school],
                    stage=stage,
                    subject="preschool" if stage == "kindergarten" else SUBJECTS[place % 6],
                    professional_rank=RANKS[place % 3],
                    starts_on=date(2010 + order % 15, 9, 1),
                )
            )
            if place < holders:
                _add_title(session, ids[name], order)
    return ids


def _add_person(session: Session, order: int, name: str) -> int:
    teacher = Teacher(
        name=name,
        id_number=id_number(order),
        staff_no=f"QH{order:05}",
        sex="2" if order % 2 else "1",
        birth_date=f"19{70 + order % 30}-{1 + order % 12:02}",
        ethnicity="03" if name[0] in "马撒哈虎" else "01",
        political_status="01" if order % 4 == 0 else "13",
        party_joined_on=date(2008, 7, 1) if order % 8 == 0 else None,
        education="21" if order % 3 else "31",
        degree="4" if order % 3 else None,
        phone=phone(order),
        unmapped={"家庭住址": f"{SECRET}路 {order} 号"},
    )
    session.add(teacher)
    session.flush()
    assert teacher.id is not None
    return teacher.id


def _add_title(session: Session, teacher_id: int, order: int) -> None:
    kind, level = KINDS[order % 4]
    session.add(
        TitleAward(
            teacher_id=teacher_id,
            title_kind=kind,
            level=level,
            subject="chinese",
            awarded_on=date(2024, 9, 10),
            term_ends_on=None if kind == "special_grade_teacher" else date(2027, 9, 9),
            issuer="青禾县教育局",
            document_no=f"青教发〔2024〕{order}号",
        )
    )


def _add_odd_people(session: Session, schools: dict[str, int]) -> None:
    """Add one who has retired and still holds a title, and one whose post has ended."""
    retired = _add_person(session, 59, "尉迟恭")
    home = schools["青禾县第一小学"]
    session.add(Post(teacher_id=retired, school_id=home, stage="primary", status="301"))
    session.add(
        TitleAward(
            teacher_id=retired,
            title_kind="special_grade_teacher",
            level="province",
            awarded_on=date(2005, 9, 10),
        )
    )
    gone = _add_person(session, 60, "乐天")
    session.add(
        Post(
            teacher_id=gone,
            school_id=home,
            stage="primary",
            starts_on=date(2015, 9, 1),
            ends_on=date(2025, 8, 31),
        )
    )


def _add_odd_titles(session: Session, people: dict[str, int]) -> None:
    """Add titles that do not count on the day, and a second one of a holder."""
    for name, fields in (
        ("张薇", {"level": "national", "awarded_on": date(2020, 9, 10)}),  # second, never ends
        ("马福", {"term_ends_on": date(2026, 8, 31), "awarded_on": date(2023, 9, 1)}),
        ("金花", {"revoked_on": date(2026, 9, 1), "awarded_on": date(2024, 9, 10)}),
        ("田苗", {"level": "school", "awarded_on": date(2025, 9, 10)}),
        ("杜鹃", {}),  # nobody wrote down when
        ("贾宝", {"awarded_on": date(2026, 9, 2)}),  # from tomorrow
    ):
        award = {"title_kind": "backbone_teacher", "level": "county", **fields}
        session.add(TitleAward(teacher_id=people[name], **award))


def _add_conduct(session: Session, people: dict[str, int]) -> None:
    """Add a record of each kind and state; dismissal has no period, so no state."""
    text = f"{SECRET}：课后组织有偿补课"
    by, act = "青禾县教育局", "ps_10_paid_tutoring"
    sanctions: tuple[tuple[str, str, date, date | None, date | None], ...] = (
        ("王强", "warning", date(2026, 5, 10), date(2026, 11, 10), None),
        ("马福", "demerit", date(2024, 3, 1), date(2025, 3, 1), date(2025, 3, 5)),
        ("石磊", "warning", date(2025, 12, 1), date(2026, 6, 1), None),
        ("郭勇", "dismissal", date(2026, 1, 8), None, None),
    )
    for name, kind, decided, ends, released in sanctions:
        session.add(
            ConductRecord(
                teacher_id=people[name],
                record_kind="sanction",
                sanction_kind=kind,
                rule_version="staff_2023",
                act=act,
                decided_on=decided,
                ends_on=ends,
                released_on=released,
                decided_by=by,
                document_no=f"青教处〔{decided.year}〕1号",
                summary=text,
            )
        )
    session.add(
        ConductRecord(
            teacher_id=people["唐宁"],
            record_kind="handling",
            sanction_kind="criticism",
            decided_on=date(2026, 3, 3),
            summary=text,
        )
    )
    for name, result in (("张伟", "excellent"), ("王芳", "qualified")):
        session.add(
            ConductRecord(teacher_id=people[name], record_kind="review", year=2025, result=result)
        )
    session.add(
        ConductRecord(
            teacher_id=people["张伟"],
            record_kind="commendation",
            result=f"{SECRET}先进个人",
            decided_on=date(2025, 9, 10),
        )
    )


def _add_prevention(session: Session) -> None:
    """Add a case with three things to be mended, one of them late, and a session on it."""
    session.add(
        EthicsCase(
            id=1,
            case_no="2026-01",
            topic=f"{SECRET}案例",
            act="ps_10_paid_tutoring",
            level="county",
            circulated_on=date(2026, 4, 1),
        )
    )
    session.flush()
    for number, (responsible, due_on, closed_on) in enumerate(
        (
            ("人事股", date(2026, 6, 30), date(2026, 6, 20)),
            ("教研室", date(2026, 8, 31), None),
            ("各学校", date(2026, 12, 31), None),
        ),
        start=1,
    ):
        session.add(
            CorrectiveItem(
                ethics_case_id=1,
                item=f"{SECRET}整改{number}",
                responsible=responsible,
                due_on=due_on,
                closed_on=closed_on,
            )
        )
    session.add(
        EducationSession(
            held_on=date(2026, 4, 10),
            topic=f"{SECRET}警示教育",
            expected=120,
            attended=117,
            ethics_case_id=1,
        )
    )


def _add_development(session: Session, people: dict[str, int], schools: dict[str, int]) -> None:
    """Add courses, a studio across schools, a pair and moves; some begin after the day."""
    for name, tenths, ended in (
        ("张伟", 720, date(2025, 7, 20)),
        ("张伟", 45, date(2026, 9, 1)),
        ("张伟", 900, date(2026, 9, 2)),
        ("王芳", 720, date(2021, 12, 31)),
    ):
        session.add(
            Training(
                teacher_id=people[name],
                project=f"{ended.year} 年县级研修",
                level="county",
                tenths_of_hours=tenths,
                ends_on=ended,
            )
        )
    studio = {"studio": "青禾语文名师工作室", "subject": "chinese", "aim": "县级骨干教师"}
    for mentor, mentee, begins, more in (
        ("张伟", "许诺", date(2025, 9, 1), studio),
        ("张伟", "王芳", date(2025, 9, 1), studio),
        ("李建国", "张伟", date(2010, 9, 1), {"ends_on": date(2012, 8, 31)}),
        ("张伟", "陈静", date(2026, 9, 2), {}),
    ):
        pair = {"teacher_id": people[mentor], "mentee_id": people[mentee]}
        session.add(Mentoring(**pair, starts_on=begins, **more))
    for name, begins in (("王芳", date(2025, 9, 1)), ("陈静", date(2026, 9, 2))):
        session.add(
            Rotation(
                teacher_id=people[name],
                from_school_id=schools["青禾县第一小学"],
                to_school_id=schools["沙沟小学"],
                rotation_kind="support",
                starts_on=begins,
            )
        )
