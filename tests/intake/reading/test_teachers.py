"""Rosters of teachers: cleaning and checks, fault by fault."""

from datetime import date
from typing import Any

import polars as pl
import pytest
import xlsxwriter

from tests.intake.reading.made import MAN, SECOND_WOMAN, WOMAN, codes


def one(read: Any, header: str, cell: str, **more: str) -> Any:
    """Read a roster of one person with one column more than a name and a school."""
    columns = {"姓名": "张三", "学校名称": "青禾一小", **more, header: cell}
    return read("teachers", [list(columns), list(columns.values())])


@pytest.mark.parametrize(
    ("header", "written", "field", "value"),
    [
        ("身份证件号", MAN, "id_number", MAN),
        ("身份证件号", f"'{MAN}", "id_number", MAN),
        ("身份证件号", "640199 19850315 0012", "id_number", MAN),
        ("身份证件号", "640199-19850315-0012", "id_number", MAN),
        ("身份证件号", "６４０１９９１９８５０３１５００１２", "id_number", MAN),
        ("身份证件号", SECOND_WOMAN.lower(), "id_number", SECOND_WOMAN),
        ("身份证件号", SECOND_WOMAN[:-1] + "Х", "id_number", SECOND_WOMAN),
        ("身份证件号", SECOND_WOMAN[:-1] + "×", "id_number", SECOND_WOMAN),
        ("身份证件号", "\u200e" + MAN, "id_number", MAN),
        ("姓名", "\u202e张三", "name", "张三"),
        ("教职工号", "00123", "staff_no", "00123"),
        ("教职工号", " 00123\t", "staff_no", "00123"),
        ("教职工号", "'00123", "staff_no", "00123"),
        ("教职工号", '="00123"', "staff_no", "00123"),
        ("性别", "男", "sex", "1"),
        ("性别", "2", "sex", "2"),
        ("性别", "F", "sex", "2"),
        ("出生日期", "1985.3.15", "birth_date", "1985-03-15"),
        ("出生年月", "1985年3月", "birth_date", "1985-03"),
        ("民族", "汉", "ethnicity", "01"),
        ("民族", "维吾尔", "ethnicity", "05"),
        ("民族", "维族", "ethnicity", "05"),
        ("民族", "1", "ethnicity", "01"),
        ("民族", "01-汉族", "ethnicity", "01"),
        ("政治面貌", "党员", "political_status", "01"),
        ("政治面貌", "党员；民盟", "political_status", "01"),
        ("政治面貌", "九三", "political_status", "10"),
        ("学段", "小学", "stage", "primary"),
        ("任教年级", "七年级", "stage", "junior"),
        ("任教年级", "初一", "stage", "junior"),
        ("任教年级", "高一", "stage", "senior"),
        ("任教年级", "1-3年级", "stage", "primary"),
        ("任教年级", "小班", "stage", "kindergarten"),
        ("任教学科", "体育", "subject", "physical_education"),
        ("任教学科", "道法", "subject", "morality_law"),
        ("任教学科", "语文、道法", "subject", "chinese"),
        ("任教学科", "小学数学", "subject", "mathematics"),
        ("任教学科", "语文教师", "subject", "chinese"),
        ("最高学历", "本科", "education", "21"),
        ("最高学历", "在职本科", "education", "21"),
        ("最高学历", "全日制大学本科毕业", "education", "21"),
        ("最高学历", "大专（函授）", "education", "31"),
        ("最高学历", "中师/本科", "education", "21"),
        ("最高学历", "中专（非师范）", "education", "41"),
        ("最高学位", "学士", "degree", "4"),
        ("最高学位", "学士学位", "degree", "4"),
        ("最高学位", "无", "degree", None),
        ("职称", "中小学一级教师（语文）", "professional_rank", "first_grade_teacher"),
        ("职称", "一级教师(暂聘)", "professional_rank", "first_grade_teacher"),
        ("职称", "小高", "professional_rank", "first_grade_teacher"),
        ("职称", "中高", "professional_rank", "senior_teacher"),
        ("职称", "小学高级教师", "professional_rank", "first_grade_teacher"),
        ("职称", "小中高", "professional_rank", "senior_teacher"),
        ("职称", "小一", "professional_rank", "second_grade_teacher"),
        ("职称", "中学三级教师", "professional_rank", "third_grade_teacher"),
        ("职称", "高级教师", "professional_rank", "senior_teacher"),
        ("职称", "未定级", "professional_rank", "not_rated"),
        ("教职工类别", "专任教师", "staff_category", "full_time_teacher"),
        ("是否专任教师", "√", "is_full_time_teacher", True),
        ("是否专任教师", "否", "is_full_time_teacher", False),
        ("人员状态", "在职在岗（本校任教）", "status", "100"),
        ("人员状态", "长期病休", "status", "203"),
        ("参加工作年月", "2007.09", "work_started_on", date(2007, 9, 1)),
        ("参加工作时间", "85.07", "work_started_on", date(1985, 7, 1)),
        ("进本校年月", "2010年9月", "school_joined_on", date(2010, 9, 1)),
        ("入党时间", "2008.07", "party_joined_on", date(2008, 7, 1)),
        ("参加党派时间", "2008-07-01", "party_joined_on", date(2008, 7, 1)),
        ("手机号", "138 0000 1234", "phone", "13800001234"),
        ("手机号", "+86 13800001234", "phone", "13800001234"),
        ("手机号", "0953-5011234", "phone", "09535011234"),
        ("手机号", "13800001234/13900001234", "phone", "13800001234"),
        ("手机号", "无", "phone", None),
        ("学段", "—", "stage", None),
        ("学段", "", "stage", None),
    ],
)
def test_cleans_silently(read: Any, header: str, written: str, field: str, value: Any) -> None:
    reading = one(read, header, written)
    assert reading.rows[field].to_list() == [value]
    assert reading.problems == []


@pytest.mark.parametrize(
    ("header", "written", "code"),
    [
        ("身份证件号", "6.40199E+17", "id-lost-digits"),
        ("身份证件号", "640199198503150000", "id-lost-digits"),
        ("身份证件号", "64019919850315001", "id-length"),
        ("身份证件号", "6401991985031500123", "id-length"),
        ("身份证件号", "64019919850315OO12", "id-characters"),
        ("身份证件号", "64019919900229002X", "id-impossible-date"),
        ("身份证件号", "640199198503150013", "id-checksum"),
        ("姓名", "", "name-missing"),
        ("姓名", "13800001234", "name-unreadable"),
    ],
)
def test_rejects_the_row(read: Any, header: str, written: str, code: str) -> None:
    reading = one(read, header, written, 性别="女", 出生日期="1990-01-01")
    assert codes(reading) == [(2, code, "error")]
    assert (reading.rows.height, reading.rows_rejected, reading.rows_read) == (0, 1, 1)
    assert reading.problems[0].column == header


@pytest.mark.parametrize(
    ("header", "written", "code", "field", "value"),
    [
        ("身份证件号", "640199850315001", "id-15-digits", "id_number", MAN),
        ("身份证件号", "64019919830405006*", "id-check-letter", "id_number", SECOND_WOMAN),
        ("身份证件号", "640199201903150016", "id-age", "sex", "1"),
        ("姓名", "张?明", "name-characters", "name", "张?明"),
        ("性别", "0", "code-ambiguous", "sex", None),
        ("性别", "妇", "code-unknown", "sex", None),
        ("民族", "火星族", "code-unknown", "ethnicity", None),
        ("学段", "中学", "code-ambiguous", "stage", None),
        ("学段", "小学、初中", "stage-several", "stage", "primary"),
        ("任教学科", "音体美", "code-assumed", "subject", "physical_education"),
        ("任教学科", "政治", "code-assumed", "subject", "ideology_politics"),
        ("任教学科", "后勤", "code-unknown", "subject", None),
        ("最高学历", "中央党校大学", "code-ambiguous", "education", None),
        ("职称", "副高（聘中级）", "rank-employed", "professional_rank", "senior_teacher"),
        ("出生日期", "3/4/1985", "date-ambiguous", "birth_date", None),
        ("出生日期", "1985", "birth-year-only", "birth_date", None),
        ("出生日期", "2205-07", "date-implausible", "birth_date", None),
        ("参加工作年月", "1885-07", "date-implausible", "work_started_on", None),
        ("参加工作年月", "1985年秋", "date-year-only", "work_started_on", date(1985, 1, 1)),
        ("参加工作年月", "忘了", "date-unreadable", "work_started_on", None),
        ("手机号", "1.38E+10", "phone-unreadable", "phone", None),
        ("手机号", "1380000123", "phone-unreadable", "phone", None),
        ("是否专任教师", "也许", "yes-no-unreadable", "is_full_time_teacher", None),
    ],
)
def test_warns_and_keeps_the_row(
    read: Any, header: str, written: str, code: str, field: str, value: Any
) -> None:
    reading = one(read, header, written)
    assert codes(reading) == [(2, code, "warning")]
    assert reading.rows.height == 1
    assert reading.rows[field].to_list() == [value]


def test_what_cannot_be_read_is_kept_beside_the_row(read: Any) -> None:
    reading = one(read, "任教学科", "后勤")
    assert reading.rows["unmapped"].to_list() == ['{"任教学科":"后勤"}']


def test_a_broken_number_of_a_person_is_kept_nowhere(read: Any) -> None:
    assert one(read, "手机号", "1380000123").rows["unmapped"].to_list() == [None]


@pytest.mark.parametrize(
    ("stage", "subject"),
    [("小学", "morality_law"), ("初中", "morality_law"), ("高中", "ideology_politics")],
)
def test_the_stage_tells_what_politics_is(read: Any, stage: str, subject: str) -> None:
    reading = one(read, "任教学科", "政治", 学段=stage)
    assert (reading.rows["subject"].to_list(), reading.problems) == ([subject], [])


def test_the_number_tells_sex_and_birth_date_that_are_not_written(read: Any) -> None:
    reading = one(read, "身份证件号", WOMAN)
    assert reading.rows.select("sex", "birth_date", "birth_date_from_id").rows() == [
        ("2", "1988-02-29", True)
    ]


def test_the_number_tells_the_day_of_a_birth_month(read: Any) -> None:
    reading = one(read, "身份证件号", MAN, 出生年月="1985-03")
    assert reading.rows.select("birth_date", "birth_date_from_id").rows() == [("1985-03-15", False)]
    assert reading.problems == []


@pytest.mark.parametrize("written", ["1985-03-01", "1985/3/1", "1985年3月1日"])
def test_the_first_of_a_month_under_a_header_of_months_is_the_month(
    read: Any, written: str
) -> None:
    reading = one(read, "身份证件号", MAN, 出生年月=written)
    assert codes(reading) == []
    assert reading.rows["birth_date"][0] == "1985-03-15"  # the day is the number's
    alone = one(read, "出生年月", written)
    assert alone.rows["birth_date"][0] == "1985-03"


def test_the_first_of_a_month_under_a_header_of_days_is_a_day(read: Any) -> None:
    assert one(read, "出生日期", "1985-03-01").rows["birth_date"][0] == "1985-03-01"


def test_the_sex_of_the_number_wins(read: Any) -> None:
    reading = one(read, "身份证件号", MAN, 性别="女")
    assert codes(reading) == [(2, "id-sex", "warning")]
    assert reading.rows["sex"].to_list() == ["1"]


@pytest.mark.parametrize("written", ["1985-03-16", "1985-04", "1984-03-15"])
def test_a_written_birth_date_is_kept_against_the_number(read: Any, written: str) -> None:
    reading = one(read, "身份证件号", MAN, 出生日期=written)
    assert codes(reading) == [(2, "id-birth-date", "warning")]
    assert reading.rows["birth_date"].to_list() == [written]


@pytest.mark.parametrize(
    ("number", "on", "told"),
    [
        (MAN, date(2001, 3, 14), [(2, "id-age", "warning")]),  # the day before 16
        (MAN, date(2001, 3, 15), []),
        (MAN, date(2076, 3, 14), []),  # 90
        (MAN, date(2076, 3, 15), [(2, "id-age", "warning")]),  # 91
    ],
)
def test_age_is_told_as_of_the_day_asked(read: Any, number: str, on: date, told: list[Any]) -> None:
    text = f"姓名,身份证件号,学校名称\n张三,{number},一小\n"
    assert codes(read("teachers", text, on=on)) == told


def test_beside_a_rounded_number_none_that_ends_alike_is_believed(read: Any) -> None:
    """640199198503156000 has a right check character, by chance."""
    text = "姓名,身份证件号\n张三,640199198503156000\n"
    assert read("teachers", text).rows.height == 1
    reading = read("teachers", text + "李四,640199198503150000\n")
    assert codes(reading) == [(2, "id-lost-digits", "error"), (3, "id-lost-digits", "error")]


def test_one_fault_gives_one_problem(read: Any) -> None:
    """A number that is refused says nothing about sex, birth date or age."""
    reading = one(read, "身份证件号", "640199198503150013", 性别="女", 出生日期="1990-01-01")
    assert [problem.code for problem in reading.problems] == ["id-checksum"]


def test_a_passport_is_no_id_card(read: Any) -> None:
    text = f"姓名,身份证件类型,身份证件号\nJohn Smith,护照,E12345678\n张三,居民身份证,{MAN}\n"
    reading = read("teachers", text)
    assert codes(reading) == [(2, "id-other-document", "warning")]
    assert reading.rows["id_number"].to_list() == [None, MAN]
    assert reading.columns["身份证件类型"] is None


def test_numbers_in_number_cells(read: Any, tmp_path: Any) -> None:
    path = tmp_path / "roster.xlsx"
    book = xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy.mm"})
    sheet = book.add_worksheet()
    rows: list[list[Any]] = [
        ["姓名", "身份证件号", "教职工号", "手机号", "参加工作年月", "出生日期", "学校名称"],
        ["张三", 640199198503150012, 123, 13800001234, 1990.1, date(1970, 1, 5), "一小"],
        ["李四", None, 124.0, None, 1990.11, 25569, "一小"],
        ["王五", 640199850315001, 125, None, 199009, 19700105, "一小"],
    ]
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    book.close()
    reading = read("teachers", path)
    assert codes(reading) == [
        (2, "id-lost-digits", "error"),
        (2, "date-ambiguous", "warning"),
        (4, "id-15-digits", "warning"),
        (4, "id-birth-date", "warning"),
    ]
    assert reading.rows.select("staff_no", "work_started_on", "birth_date").rows() == [
        ("124", date(1990, 11, 1), "1970-01-01"),
        ("125", date(1990, 9, 1), "1970-01-05"),
    ]


def test_a_note_beside_a_name_is_kept_and_tells_the_sex(read: Any) -> None:
    reading = read("teachers", "姓名,学校名称\n李某（女）,一小\n王五,一小\n")
    assert reading.rows.select("name", "sex", "unmapped").rows() == [
        ("李某", "2", '{"姓名":"李某（女）"}'),
        ("王五", None, None),
    ]


@pytest.mark.parametrize(
    ("columns", "code"),
    [
        ({"出生日期": "1985-03-15", "参加工作年月": "1995-09"}, "work-age"),
        ({"参加工作年月": "2007-09", "进本校年月": "2005-09"}, "date-order"),
        ({"最高学历": "大专", "最高学位": "学士"}, "degree-above-education"),
        ({"学段": "小学", "职称": "高级教师", "职称取得时间": "1998-07"}, "rank-old-name"),
    ],
)
def test_columns_that_contradict_each_other(read: Any, columns: dict[str, str], code: str) -> None:
    reading = one(read, *next(iter(columns.items())), **columns)
    assert codes(reading) == [(2, code, "warning")]
    assert reading.rows.height == 1


PARTY = [
    pytest.param("入党时间", "中共党员", date(2008, 7, 1), [], id="member"),
    pytest.param("入党时间", "预备党员", date(2008, 7, 1), [], id="on probation"),
    pytest.param("入党时间", "", date(2008, 7, 1), [], id="status not given"),
    pytest.param("入党时间", "群众", None, ["party-date-of-none"], id="no member"),
    pytest.param("入党时间", "共青团员", None, ["party-date-of-none"], id="of the League"),
    pytest.param("入党（团）时间", "共青团员", None, [], id="of the League, in its own column"),
    pytest.param("入党（团）时间", "中共党员", date(2008, 7, 1), [], id="member, in that column"),
    pytest.param("入党时间", "火星党", date(2008, 7, 1), ["code-unknown"], id="status not known"),
]


@pytest.mark.parametrize(("header", "status", "taken", "told"), PARTY)
def test_only_members_of_the_party_have_joined_it(
    read: Any, header: str, status: str, taken: date | None, told: list[str]
) -> None:
    reading = one(read, header, "2008-07", 政治面貌=status)
    assert reading.rows["party_joined_on"].to_list() == [taken]
    assert [problem.code for problem in reading.problems] == told


def test_one_number_under_two_names_is_no_key(read: Any) -> None:
    reading = read(
        "teachers",
        f"姓名,身份证件号,学校名称\n张三,{MAN},一小\n李四,{WOMAN},一小\n王五,{MAN},一小\n",
    )
    assert codes(reading) == [(2, "id-two-names", "error"), (4, "id-two-names", "error")]
    assert reading.rows["name"].to_list() == ["李四"]
    assert reading.rows_rejected == 2
    assert reading.problems[0].parameters["row"] == 4


def test_the_same_row_twice_is_no_fault(read: Any) -> None:
    row = f"张三,{MAN},一小,语文\n"
    reading = read("teachers", f"姓名,身份证件号,学校名称,任教学科\n{row}{row}")
    assert reading.problems == []


def test_one_person_twice_with_other_content_is_told(read: Any) -> None:
    text = f"姓名,身份证件号,学校名称,任教学科\n张三,{MAN},一小,语文\n张三,{MAN},一小,数学\n"
    reading = read("teachers", text)
    assert codes(reading) == [(3, "id-twice", "warning")]
    assert reading.problems[0].column == "身份证件号"


def test_a_person_at_two_schools_is_left_to_planning(read: Any) -> None:
    text = f"姓名,身份证件号,学校名称,任教学科\n张三,{MAN},一小,语文\n张三,{MAN},二小,语文\n"
    assert read("teachers", text).problems == []


def test_a_bad_row_stops_no_other(read: Any) -> None:
    people = [("张三", MAN), ("李四", "1"), ("王五", WOMAN), ("", ""), ("赵六", SECOND_WOMAN)]
    header = ["姓名", "身份证件号", "学校名称", "民族"]
    rows = [header, *([name, number, "一小", "汉"] for name, number in people)]
    reading = read("teachers", rows)
    assert reading.rows["name"].to_list() == ["张三", "王五", "赵六"]
    assert (reading.rows_read, reading.rows_rejected) == (5, 2)


def test_every_field_is_there_in_its_type(read: Any) -> None:
    schema = read("teachers", "姓名,性别,民族\n张三,男,汉\n").rows.schema
    assert schema["work_started_on"] == pl.Date()
    assert schema["is_full_time_teacher"] == pl.Boolean()
    assert {schema[name] for name in ("name", "phone", "stage", "birth_date")} == {pl.String()}
    assert schema["row"] == pl.Int64()
    assert list(schema)[-4:] == ["file", "sheet", "row", "unmapped"]


def test_quoted_line_breaks_do_not_move_row_numbers(read: Any) -> None:
    text = '姓名,性别,备注\n张三,男,"一行\n二行"\n李四,甲,\n'
    assert codes(read("teachers", text)) == [(3, "code-unknown", "warning")]


def test_reads_gb18030(read: Any) -> None:
    reading = read("teachers", "姓名,性别,民族\n张𠮷,男,维吾尔族\n".encode("gb18030"))
    assert reading.rows["name"].to_list() == ["张𠮷"]
