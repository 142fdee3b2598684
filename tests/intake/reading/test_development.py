"""Reading lists of training, reviews, mentors and rotations."""

from datetime import date

import pytest

from teacherreg.errors import IntakeError
from tests.intake.reading.made import MAN, WOMAN, codes


@pytest.mark.parametrize(
    ("written", "tenths"),
    [("72", 720), ("4.5", 45), ("4.50", 45), ("0.5", 5), ("120学时", 1200), ("１６ 课时", 160)],
)
def test_hours_are_read_as_tenths(read, written, tenths):
    found = read("training", f"姓名,培训项目,学时,结束日期\n张伟,研修,{written},2026-07-18\n")
    assert found.rows["hours"].to_list() == [tenths]
    assert codes(found) == []


@pytest.mark.parametrize(
    ("written", "code"),
    [("3天", "hours-unreadable"), ("0", "hours-unreadable"), ("4.25", "hours-unreadable"),
     ("", "cell-missing"), ("无", "cell-missing")],
)  # fmt: skip
def test_a_course_without_hours_is_not_taken(read, written, code):
    found = read("training", f"姓名,培训项目,学时,结束日期\n张伟,研修,{written},2026-07-18\n")
    assert codes(found) == [(2, code, "error")]
    assert found.rows.is_empty()


def test_the_last_day_of_a_month_stands_for_a_course_that_ends_in_it(read):
    found = read("training", "姓名,课程名称,学时,结束日期\n张伟,研修,8,2026-02\n")
    assert found.rows["ends_on"].to_list() == [date(2026, 2, 28)]


def test_a_header_tells_the_kind_of_review(read):
    found = read("reviews", "姓名,年度,年度考核结果\n张伟,2025,称职\n")
    assert found.rows.select("review_kind", "result").rows() == [("annual", "qualified")]
    found = read("reviews", "姓名,年度,履职考核结果\n张伟,2025,不合格\n")
    assert found.rows.select("review_kind", "result").rows() == [("title", "unqualified")]


def test_a_yearly_review_is_of_the_person_and_of_no_title(read):
    found = read(
        "reviews", "姓名,年度,考核类别,结论,称号,级别\n张伟,2025,年度考核,优秀,骨干教师,县级\n"
    )
    assert codes(found) == [(2, "review-of-no-title", "warning")]
    assert found.rows.select("title_kind", "level").rows() == [(None, None)]


def test_a_review_of_ethics_belongs_to_the_conduct_records(read):
    found = read("reviews", "姓名,年度,考核类别,结论\n张伟,2025,师德考核,合格\n")
    assert [(row, severity) for row, _, severity in codes(found)][-1] == (2, "error")
    assert found.rows.is_empty()


def test_mentor_and_mentee_each_have_their_own_number(read):
    found = read(
        "mentoring",
        f"导师,导师身份证件号,徒弟,徒弟身份证件号,开始日期\n张伟,{MAN},李芳,{WOMAN},2025-09\n",
    )
    row = found.rows.row(0, named=True)
    assert (row["mentor_id_number"], row["mentee_id_number"]) == (MAN, WOMAN)
    assert row["starts_on"] == date(2025, 9, 1)


def test_a_bad_number_of_a_mentee_names_its_column_and_rejects_the_row(read):
    wrong = f"{WOMAN[:-1]}0"
    found = read("mentoring", f"导师,徒弟,徒弟身份证件号,开始日期\n张伟,李芳,{wrong},2025-09\n")
    (problem,) = found.problems
    assert (problem.column, problem.code) == ("徒弟身份证件号", "id-checksum")
    assert found.rows.is_empty()


def test_a_rotation_needs_both_schools(read):
    with pytest.raises(IntakeError) as raised:
        read("rotations", "姓名,身份证号,流入学校,开始年月\n张伟,,二小,2025-09\n")
    assert raised.value.code == "columns-missing"
    found = read("rotations", "姓名,流出学校,流入学校,开始年月\n张伟,一小,,2025-09\n")
    assert codes(found) == [(2, "cell-missing", "error")]


def test_an_end_before_the_beginning_is_an_error(read):
    header = "姓名,流出学校,流入学校,开始年月,结束年月"
    found = read("rotations", f"{header}\n张伟,一小,二小,2025-09,2025-07\n")
    assert codes(found) == [(2, "date-order", "error")]


DUTIES = "姓名,学校名称,履职活动类别,完成日期,数量,题目,级别,组织单位\n"


def test_reads_a_list_of_duties(read):
    rows = "张三,一小,公开课,2026.4.16,2节,分数的意义,县级,县教研室\n"
    rows += "张三,一小,送课下乡,2025年10月,,,,\n"
    reading = read("duties", DUTIES + rows)
    assert reading.problems == []
    assert reading.rows.select("duty_kind", "done_on", "amount", "theme", "level").rows() == [
        ("demonstration_lesson", date(2026, 4, 16), 2, "分数的意义", "county"),
        ("rural_visit", date(2025, 10, 1), None, None, None),
    ]


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("张三,一小,,2026-04-16,1,,,", "cell-missing"),
        ("张三,一小,好事,2026-04-16,1,,,", "code-unknown"),
        ("张三,一小,论文,,1,,,", "cell-missing"),
        ("张三,一小,论文,2026-04-16,0,,,", "amount-zero"),
        ("张三,一小,论文,2026-04-16,若干,,,", "number-unreadable"),
    ],
)
def test_rejects_a_duty_that_cannot_be_counted(read, row, told):
    reading = read("duties", f"{DUTIES}{row}\n")
    assert codes(reading) == [(2, told, "error")]
    assert reading.rows.height == 0
