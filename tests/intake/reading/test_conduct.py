"""Conduct records: what a row must have depends on what it records."""

from datetime import date
from typing import Any

import pytest

from teacherreg.intake.read import read_files
from teacherreg.locale import speaking
from teacherreg.settings import Settings
from tests.intake.reading.made import codes

HEADER = "姓名,学校名称,记录类别,年度,结论,处分类别,违规情形,决定日期,解除日期,决定机关,文号,事由\n"


def conduct(read: Any, *rows: str) -> Any:
    return read("conduct", HEADER + "".join(f"{row}\n" for row in rows))


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("张三,一小,师德考核,2023,合格,,,,,,,", ("review", 2023, "qualified", None, None)),
        ("张三,一小,考核,2023年度,优秀,,,,,,,", ("review", 2023, "excellent", None, None)),
        (
            "张三,一小,表彰,2022,优秀教师,,,2022-09-10,,县政府,,",
            ("commendation", 2022, "优秀教师", None, date(2022, 9, 10)),
        ),
        (
            "张三,一小,处分,,,警告,有偿补课,2024-03-15,,县教育局,,",
            ("sanction", None, None, "warning", date(2024, 3, 15)),
        ),
        (
            "张三,一小,处分,,,行政记过处分,,2024-03-15,,县教育局,,",
            ("sanction", None, None, "demerit", date(2024, 3, 15)),
        ),
        (
            "张三,一小,处分,,,记过一次,,2024-03-15,,县教育局,,",
            ("sanction", None, None, "demerit", date(2024, 3, 15)),
        ),
        (
            "张三,一小,处理,,诫勉谈话,,,2024-03-15,,县教育局,,",
            ("handling", None, "诫勉谈话", "admonition", date(2024, 3, 15)),
        ),
        (
            "张三,一小,表彰,2022,,,,,,,,优秀班主任",
            ("commendation", 2022, "优秀班主任", None, None),
        ),
    ],
)
def test_reads_each_kind_of_record(read: Any, row: str, expected: tuple[Any, ...]) -> None:
    reading = conduct(read, row)
    assert reading.problems == []
    fields = ("record_kind", "year", "result", "sanction_kind", "decided_on")
    assert reading.rows.select(fields).rows() == [expected]


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (",一小,师德考核,2023,合格,,,,,,,", "person-missing"),
        ("张三,一小,,2023,合格,,,,,,,", "record-kind-missing"),
        ("张三,一小,聊天,2023,合格,,,,,,,", "code-unknown"),
        ("张三,一小,师德考核,,合格,,,,,,,", "year-missing"),
        ("张三,一小,师德考核,去年,合格,,,,,,,", "year-unreadable"),
        ("张三,一小,师德考核,2023,,,,,,,,", "result-missing"),
        ("张三,一小,师德考核,2023,很好,,,,,,,", "result-unknown"),
        ("张三,一小,表彰,2023,,,,,,,,", "commendation-missing"),
        ("张三,一小,处分,,,,,2024-03-15,,,,", "sanction-kind-missing"),
        ("张三,一小,处分,,,大过大错,,2024-03-15,,,,", "code-unknown"),
        ("张三,一小,处分,,,警告,,,,,,", "decided-on-missing"),
        ("张三,一小,处分,,,警告,,某日,,,,", "date-unreadable"),
        ("张三,一小,处分,,,警告,,2024-03-15,2023-03-15,,,", "date-order"),
    ],
)
def test_rejects_a_record_that_lacks_what_it_must_have(read: Any, row: str, told: str) -> None:
    reading = conduct(read, row)
    assert codes(reading) == [(2, told, "error")]
    assert reading.rows.height == 0


def test_a_month_is_not_a_day_of_decision(read: Any) -> None:
    reading = conduct(read, "张三,一小,处分,,,警告,,2024-03,,,,")
    assert codes(reading) == [(2, "date-month-only", "warning")]
    assert reading.rows["decided_on"].to_list() == [date(2024, 3, 1)]


def test_the_words_of_an_unknown_act_are_kept_but_shown_to_nobody(read: Any) -> None:
    reading = conduct(read, "张三,一小,处分,,,警告,与家长争执并辱骂,2024-03-15,,,,")
    assert codes(reading) == [(2, "act-unknown", "warning")]
    assert reading.rows["summary"].to_list() == ["与家长争执并辱骂"]
    for language in ("zh", "en"):
        with speaking(language):
            assert "争执" not in str(reading.problems[0].to_document())


def test_the_words_of_an_unknown_act_join_what_else_is_said_of_the_case(read: Any) -> None:
    reading = conduct(read, "张三,一小,处分,,,警告,与家长争执并辱骂,2024-03-15,,,,家长来信反映")
    assert reading.rows["summary"].to_list() == ["家长来信反映；与家长争执并辱骂"]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("张三,一小,处分,,,体罚后果严重,,2024-03-15,,,,", "code-unknown"),
        ("张三,一小,师德考核,2024,打骂学生,,,,,,,", "result-unknown"),
    ],
)
def test_what_a_record_says_of_somebody_is_shown_to_nobody(read: Any, row: str, code: str) -> None:
    (problem,) = conduct(read, row).problems
    assert (problem.code, problem.value in row) == (code, True)  # the report has it whole
    assert problem.to_document()["value"] == "***"
    assert problem.value not in problem.message
    assert problem.value in problem.in_full


def test_tells_the_kind_of_record_of_a_sheet_of_cases(read: Any) -> None:
    text = (
        "姓名,单位,违规类型,处分类别,处分日期,处分单位\n"
        "张三,一小,有偿补课,警告,2024-03-15,教育局\n李四,一小,有偿补课,诫勉谈话,2024-03-15,一小\n"
    )
    reading = read("conduct", text)
    assert reading.rows["record_kind"].to_list() == ["sanction", "handling"]
    assert reading.problems == []


def test_tells_the_kind_of_record_of_a_sheet_of_reviews(read: Any) -> None:
    reading = read("conduct", "姓名,学校名称,考核年度,师德考核结论\n张三,一小,2023,合格\n")
    assert reading.rows.select("record_kind", "result").rows() == [("review", "qualified")]


def test_a_sheet_of_review_grades_without_a_year_is_asked_for_the_year(read: Any) -> None:
    reading = read("conduct", "姓名,学校名称,考核等次\n张三,一小,合格\n李四,一小,优秀\n")
    assert codes(reading) == [(2, "year-missing", "error"), (3, "year-missing", "error")]


def test_an_act_that_has_one_name_is_not_asked_about(read: Any) -> None:
    reading = conduct(read, "张三,一小,处分,,,警告,其他,2024-03-15,,,,")
    assert codes(reading) == []


def test_a_year_of_a_school_year_is_told(read: Any) -> None:
    reading = conduct(read, "张三,一小,师德考核,2022-2023学年,合格,,,,,,,")
    assert codes(reading) == [(2, "year-of-school-year", "warning")]
    assert reading.rows["year"].to_list() == [2022]


@pytest.mark.parametrize("text", ["课堂上体罚学生张小明", "学生 640199201203150016 受伤"])
def test_words_that_may_name_a_pupil_are_told_without_being_said_again(
    read: Any, text: str
) -> None:
    reading = conduct(read, f"张三,一小,处分,,,警告,,2024-03-15,,,,{text}")
    (problem,) = reading.problems
    assert (problem.code, problem.severity, problem.column) == ("pupil-named", "warning", "事由")
    assert problem.value is None
    for told in (problem.message, problem.in_full, str(problem.to_document()), str(problem)):
        assert "张小明" not in told
        assert "6401992012" not in told
    assert reading.rows["summary"].to_list() == [text]  # the row is imported as it is


MINISTRY = "姓名,单位,处分类别,处分日期,处分发生日期,处分撤销日期"


def test_the_day_on_which_the_ministrys_form_lifts_a_sanction_is_its_release(read: Any) -> None:
    row = "张三,一小,警告,2024-03-15,2024-02-01,2024-09-16"
    reading = read("conduct", f"{MINISTRY}\n{row}\n")
    assert (None, "annulment-as-release", "warning") in codes(reading)
    days = reading.rows.select("occurred_on", "decided_on", "released_on", "annulled_on").rows()
    assert days == [(date(2024, 2, 1), date(2024, 3, 15), date(2024, 9, 16), None)]


def test_beside_a_column_of_releases_it_is_an_annulment(read: Any) -> None:
    row = "张三,一小,警告,2024-03-15,2024-02-01,2024-05-16,"
    rows = read("conduct", f"{MINISTRY},解除日期\n{row}\n").rows
    assert rows.select("released_on", "annulled_on").rows() == [(None, date(2024, 5, 16))]


@pytest.mark.parametrize(
    ("header", "day"),
    [
        ("发生日期", "2024-03-16"),
        ("延长决定日期", "2024-03-14"),
        ("申诉日期", "2024-03-14"),
        ("处分撤销日期", "2024-03-14"),
    ],
)
def test_days_out_of_order_reject_the_row(read: Any, header: str, day: str) -> None:
    reading = read(
        "conduct",
        f"姓名,学校名称,处分类别,决定日期,解除日期,{header}\n张三,一小,警告,2024-03-15,,{day}\n",
    )
    assert codes(reading) == [(2, "date-order", "error")]


def test_a_grade_that_the_county_does_not_use_is_told(tmp_path: Any) -> None:
    path = tmp_path / "c.csv"
    path.write_text(
        "姓名,学校名称,考核年度,师德考核结论\n张三,一小,2023,基本合格\n", encoding="utf-8"
    )
    told = {
        grades: [
            problem.code
            for problem in read_files(
                "conduct",
                [path],
                settings=Settings({"ethics.grades": grades}),
                on=date(2026, 9, 1),
            ).problems
        ]
        for grades in ("four", "three")
    }
    assert told == {"four": [], "three": ["grade-not-in-use"]}
