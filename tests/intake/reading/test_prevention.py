"""Reading lists of cases, of sessions and of supervisors."""

from datetime import date

import pytest

from tests.intake.reading.made import codes


def test_a_list_of_cases_is_read_by_what_officers_write_over_it(read):
    found = read(
        "cases",
        "案件编号,案例名称,违规类型,通报时间,整改措施,责任部门,完成时限,销号时间\n"
        "2026-01,有偿补课,有偿补课,2026-04-01,自查,人事股,2026-06,2026-06-20\n",
    )
    assert codes(found) == []
    asked = ("case_no", "topic", "act", "item", "responsible", "due_on", "closed_on")
    assert found.rows.select(asked).rows() == [
        ("2026-01", "有偿补课", "ps_10_paid_tutoring", "自查", "人事股",
         date(2026, 6, 30), date(2026, 6, 20))
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "text", "code"),
    [
        ("cases", "案例编号,案例主题,通报日期\n,有偿补课,2026-04-01\n", "cell-missing"),
        ("sessions", "举办日期,活动主题\n,有偿补课\n", "cell-missing"),
        ("sessions", "举办日期,活动主题\n2026-04-10,\n", "cell-missing"),
        ("supervisors", "姓名,督导专家团队,聘期开始\n张伟,督导组,\n", "cell-missing"),
    ],
)
def test_a_row_that_lacks_what_it_must_have_is_rejected(read, kind, text, code):
    assert [(c, severity) for _, c, severity in codes(read(kind, text))] == [(code, "error")]


def test_words_of_a_case_that_may_name_a_pupil_are_told(read):
    found = read("cases", "案例编号,案例主题,整改事项\n2026-01,体罚学生张小明,自查\n")
    assert codes(found) == [(2, "pupil-named", "warning")]
    assert "张小明" not in found.problems[0].in_full


def test_more_who_came_than_were_expected_are_told(read):
    found = read("sessions", "举办日期,活动主题,应到人数,实到人数\n2026-04-10,有偿补课,10,12\n")
    assert codes(found) == [(2, "attended-over-expected", "warning")]
