"""Lists of titles."""

from datetime import date
from typing import Any

import pytest

from teacherreg.intake.read import read_files
from teacherreg.settings import Settings
from tests.intake.reading.made import ON, codes

HEADER = "姓名,学校名称,称号,级别,学科,授予时间,有效期至,授予单位,文号,撤销时间\n"


def titles(read: Any, *rows: str) -> Any:
    return read("titles", HEADER + "".join(f"{row}\n" for row in rows))


def test_reads_a_list_of_titles(read: Any) -> None:
    row = "张三,一小,骨干教师,县级,语文,2022-09-01,2025-08,县教育局,青教发〔2022〕7号,"
    reading = titles(read, row)
    assert reading.problems == []
    assert reading.rows.drop("id_number", "staff_no", "birth_date").rows(named=True) == [
        {
            "name": "张三",
            "school_name": "一小",
            "title_kind": "backbone_teacher",
            "level": "county",
            "subject": "chinese",
            "event": None,
            "awarded_on": date(2022, 9, 1),
            "term_ends_on": date(2025, 8, 31),
            "issuer": "县教育局",
            "document_no": "青教发〔2022〕7号",
            "revoked_on": None,
            "birth_date_from_id": False,
            "file": "roster.csv",
            "sheet": "",
            "row": 2,
            "unmapped": None,
        }
    ]


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("张三,一小,骨干教师,,语文,2022-09,,,,", ["level-missing"]),
        ("张三,一小,骨干教师,县级,语文,,,,,", ["awarded-on-missing"]),
        ("张三,一小,骨干教师,县级,语文,不清楚,,,,", ["date-unreadable"]),
        ("张三,一小,骨干教师,厅级,语文,2022-09,,,,", ["code-unknown"]),
        ("张三,一小,市级骨干教师,县级,语文,2022-09,,,,", ["level-differs"]),
        ("张三,一小,2021年骨干教师,县级,语文,,,,,", ["award-year-only"]),
        ("张三,一小,骨干教师,县级,语文,2022年,,,,", ["date-year-only"]),
        ("张三,一小,特级教师,,语文,2022-09,,,,", []),
        ("张三,一小,骨干教师,县级,语文,2022-09,长期,,,", []),
        ("张三,一小,县级骨干教师,,语文,2022-09,,,,", []),
    ],
)
def test_keeps_a_title_that_lacks_something(read: Any, row: str, told: list[str]) -> None:
    reading = titles(read, row)
    assert codes(reading) == [(2, code, "warning") for code in told]
    assert reading.rows.height == 1


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (",一小,骨干教师,县级,语文,2022-09,,,,", "person-missing"),
        ("张三,一小,,县级,语文,2022-09,,,,", "title-kind-missing"),
        ("张三,一小,好人好事,县级,语文,2022-09,,,,", "title-unknown"),
        ("张三,一小,骨干教师,县级,语文,2022-09,2021-08,,,", "date-order"),
        ("张三,一小,骨干教师,县级,语文,2022-09,2025-08,,,2021-01-01", "date-order"),
    ],
)
def test_rejects_a_row_that_names_no_title(read: Any, row: str, told: str) -> None:
    reading = titles(read, row)
    assert codes(reading) == [(2, told, "error")]
    assert reading.rows.height == 0


def test_parts_the_titles_of_one_cell(read: Any) -> None:
    reading = titles(read, "张三,一小,2019年县级骨干教师、2021年市级学科带头人,,语文,,,,,")
    assert reading.rows.select("row", "title_kind", "level", "subject", "awarded_on").rows() == [
        (2, "backbone_teacher", "county", "chinese", date(2019, 1, 1)),
        (2, "subject_leader", "prefecture", "chinese", date(2021, 1, 1)),
    ]
    assert reading.rows_read == 2
    assert codes(reading) == [(2, "award-year-only", "warning")]


def test_takes_titles_from_a_roster(read: Any) -> None:
    text = (
        "姓名,学校名称,性别,荣誉称号\n张三,一小,男,2019年县级骨干教师\n"
        "李四,一小,女,\n王五,一小,女,无\n赵六,一小,女,省级骨干教师培养对象\n"
    )
    reading = read("titles", text)
    assert reading.rows["name"].to_list() == ["张三"]
    assert reading.skipped == {"no_title": 2, "title_candidate": 1}
    assert codes(reading) == [
        (2, "award-year-only", "warning"), (5, "title-candidate", "warning"),
    ]  # fmt: skip


def test_people_without_a_title_are_not_checked(read: Any) -> None:
    text = "姓名,身份证件号,荣誉称号\n张三,1,\n李四,,县级骨干教师\n"
    assert [problem.row for problem in read("titles", text).problems] == [3]


def test_a_column_headed_by_the_title_holds_levels(read: Any) -> None:
    reading = read("titles", "姓名,学校名称,性别,骨干教师\n张三,一小,男,县\n李四,一小,女,市级\n")
    assert reading.rows.select("title_kind", "level").rows() == [
        ("backbone_teacher", "county"),
        ("backbone_teacher", "prefecture"),
    ]


def test_a_missing_column_is_told_once(read: Any) -> None:
    text = "姓名,学校名称,称号,级别\n张三,一小,骨干教师,县级\n李四,一小,骨干教师,县级\n"
    reading = read("titles", text)
    assert codes(reading) == [(None, "awarded-on-missing-throughout", "warning")]
    assert reading.rows.height == 2


def test_the_county_says_what_its_levels_mean(tmp_path: Any) -> None:
    path = tmp_path / "titles.csv"
    rows = ["张三,一小,骨干教师,市级,,2022-09,,,,", "李四,一小,区级骨干教师,,,2022-09,,,,"]
    path.write_text(HEADER + "\n".join(rows) + "\n", encoding="utf-8")

    def levels(settings: Settings) -> list[str]:
        reading = read_files("titles", [path], settings=settings, on=ON)
        assert reading.problems == []
        return reading.rows["level"].to_list()

    # 64 is an autonomous region, 11 a municipality.
    assert levels(Settings({}, "640199", "青禾县")) == ["prefecture", "province"]
    assert levels(Settings({}, "640199", "青禾区")) == ["prefecture", "county"]
    changed = Settings({"levels.shi_word": "province"}, "110199", "青禾区")
    assert levels(changed) == ["province", "county"]


def test_names_the_person_by_number_or_staff_number(read: Any) -> None:
    text = "教职工号,称号,级别,授予时间\n00012,骨干教师,县级,2022-09\n"
    assert read("titles", text).rows.select("staff_no", "name").rows() == [("00012", None)]


EVENTS = "姓名,学校名称,称号,级别,事项,事项日期,有效期至,撤销时间\n"


@pytest.mark.parametrize(
    ("row", "event", "day"),
    [
        ("张三,一小,骨干教师,县级,,2022-09-01,,", None, date(2022, 9, 1)),
        ("张三,一小,骨干教师,县级,认定,2022-09-01,,", None, date(2022, 9, 1)),
        ("张三,一小,骨干教师,县级,续聘,2025-09-01,2028-08,", "renewed", date(2025, 9, 1)),
        ("张三,一小,骨干教师,县级,取消,2024-03-01,,", "revoked", date(2024, 3, 1)),
        ("张三,一小,骨干教师,县级,撤销,2022-09-01,,2024-03-01", "revoked", date(2024, 3, 1)),
        ("张三,一小,骨干教师,县级,撤销,,,2024-03-01", "revoked", date(2024, 3, 1)),
        ("张三,一小,骨干教师,县级,期满,2025-08,,", "expired", date(2025, 8, 31)),
        ("张三,一小,骨干教师,县级,期满,2025-08-01,,", "expired", date(2025, 8, 1)),
    ],
)
def test_reads_what_happened_to_a_title_and_when(
    read: Any, row: str, event: str | None, day: date
) -> None:
    reading = read("titles", EVENTS + row + "\n")
    assert reading.problems == []
    assert reading.rows.select("event", "awarded_on", "revoked_on").rows() == [(event, day, None)]


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("张三,一小,骨干教师,县级,好评,2025-09-01,,", "code-unknown"),
        ("张三,一小,骨干教师,县级,暂停,,,", "cell-missing"),
        ("张三,一小,骨干教师,县级,续任,2025-09-01,2024-08-31,", "date-order"),
    ],
)
def test_an_event_that_is_no_event_is_never_taken_for_an_award(
    read: Any, row: str, told: str
) -> None:
    reading = read("titles", EVENTS + row + "\n")
    assert codes(reading) == [(2, told, "error")]
    assert reading.rows.height == 0
