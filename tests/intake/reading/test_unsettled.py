"""Files that do not say what they are: asked about, or told what they are; never swallowed."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from teacherreg.errors import IntakeError, UsageError
from teacherreg.intake.layout import Layout, columns_said
from teacherreg.intake.read import read_files
from teacherreg.intake.report_cells import cell_of
from teacherreg.intake.sheets import Sheet
from teacherreg.locale import LANGUAGES, speaking
from teacherreg.settings import Settings
from tests.intake.reading.made import MAN, ON, SECOND_WOMAN, WOMAN, as_text, codes

HEADER = ["姓名", "身份证件号", "性别", "学校名称"]
ZHANG = ["张三", MAN, "男", "青禾一小"]
LI = ["李四", WOMAN, "女", "青禾一小"]
WANG = ["王五", SECOND_WOMAN, "女", "青禾二小"]
UNKNOWN_HEADER = ["xm", "sfz", "xb", "xx"]

FORM = [
    ["教师登记表", "", "", "", "", ""],
    ["姓名", "张三", "性别", "男", "民族", "汉族"],
    ["出生年月", "1985.03", "政治面貌", "党员", "学历", "本科"],
    ["身份证号", MAN, "", "工作单位", "青禾一小", ""],
    ["教师资格", "小学", "职称", "一级教师", "任教学科", "语文"],
    ["个人简历", "2007年9月至今 青禾一小任教", "", "", "", ""],
    ["家庭成员", "姓名", "关系", "单位", "", ""],
]
TIMETABLE = [
    ["七年级一班课程表", "", "", "", "", ""],
    ["节次", "星期一", "星期二", "星期三", "星期四", "星期五"],
    ["1", "语文", "数学", "英语", "语文", "数学"],
    ["2", "数学", "语文", "体育", "英语", "音乐"],
]

ReadSo = Callable[..., Any]


@pytest.fixture
def read_so(tmp_path: Path, settings: Settings) -> ReadSo:
    """Read a table as a person says: sheets, header row, columns."""

    def run(source: Any, *sheets: str, kind: str = "teachers", **said: Any) -> Any:
        path = source
        if not isinstance(source, Path):
            path = tmp_path / "roster.csv"
            path.write_text(as_text(source), encoding="utf-8")
        layout = Layout(sheets=sheets, **said)
        return read_files(kind, [path], settings=settings, on=ON, layout=layout)

    return run


def people(reading: Any) -> list[tuple[Any, ...]]:
    return reading.rows.select("name", "id_number", "school_name").rows()


def refused(run: Callable[[], Any]) -> IntakeError:
    with pytest.raises(IntakeError) as caught:
        run()
    for language in LANGUAGES:
        with speaking(language):
            assert caught.value.message
            assert "640199" not in str(caught.value)
    return caught.value


@pytest.mark.parametrize(
    ("rows", "options"),
    [
        pytest.param([ZHANG, LI, WANG], "--header-row 0", id="records at once"),
        pytest.param([["教师名单", "", "", ""], ZHANG, LI], "--header-row 0", id="under a title"),
        pytest.param([UNKNOWN_HEADER, ZHANG], "--header-row 1", id="an unknown header"),
        pytest.param([["名单"], UNKNOWN_HEADER, ZHANG, LI], "--header-row 2", id="title, header"),
    ],
)
def test_without_a_header_the_first_rows_are_shown_and_the_options_that_settle_it(
    read_so: ReadSo, rows: Any, options: str
) -> None:
    error = refused(lambda: read_so(rows))
    assert error.code == "no-header"
    with speaking("zh"):
        assert error.message == (
            "在 roster.csv 里没有认出表头。开头几行里，A 列像姓名；B 列像身份证件号；"
            "C 列像性别；D 列像学校名称。"
        )
        settled = "--map A=name --map B=id_number --map C=sex --map D=school_name"
        assert f"{options} {settled}" in error.hint


def test_the_options_that_are_offered_settle_it(read_so: ReadSo) -> None:
    advice = str(refused(lambda: read_so([ZHANG, LI])).parameters["advice"])
    assert "--header-row 0 " in advice
    columns = columns_said(re.findall(r"--map (\w+=\w+)", advice))
    reading = read_so([ZHANG, LI], header_row=0, columns=columns)
    assert people(reading) == [("张三", MAN, "青禾一小"), ("李四", WOMAN, "青禾一小")]
    assert reading.rows["row"].to_list() == [1, 2]
    assert reading.problems == []


def test_a_problem_in_a_file_without_a_header_is_shown_at_a_cell(read_so: ReadSo) -> None:
    reading = read_so([["张三", MAN, "女人"]], header_row=0, columns={"A": "name", "C": "sex"})
    header = reading.tables[0].header
    (problem,) = reading.problems
    sheet = Sheet("", pl.DataFrame({"0": ["张三"], "1": [MAN], "2": ["女人"]}))
    assert cell_of(problem, sheet, header, reading.columns) == (0, 2)
    whole = replace(problem, row=None, column=None)
    assert cell_of(whole, sheet, header, reading.columns) == (0, 0)


def test_words_of_records_that_are_headers_too_are_no_header(read_so: ReadSo) -> None:
    record = ["张三", MAN, "专任教师", "骨干教师", "学科带头人", "研究生"]
    assert refused(lambda: read_so([record, record])).code == "no-header"


def test_without_a_header_nothing_is_taken_for_anything_unsaid(read_so: ReadSo) -> None:
    assert refused(lambda: read_so([ZHANG], header_row=0)).code == "no-header"
    reading = read_so([["教师名单"], ZHANG], header_row=0, columns={"A": "name"})
    assert reading.columns == {"A": "name", "B": None, "C": None, "D": None}
    assert reading.skipped == {"title": 1}


def test_a_header_that_lacks_a_column_names_those_it_has(read_so: ReadSo) -> None:
    error = refused(lambda: read_so([["教工", *HEADER[1:]], ZHANG]))
    assert error.code == "columns-missing"
    assert "教工, 身份证件号, 性别, 学校名称" in error.message
    assert "--map 教工=name" in error.hint
    assert people(read_so([["教工", *HEADER[1:]], ZHANG], columns={"教工": "name"})) == [
        ("张三", MAN, "青禾一小")
    ]


@pytest.mark.parametrize(
    "columns",
    [
        pytest.param({"xm": "name", "sfz": "id_number", "xx": "school_name"}, id="headers, fields"),
        pytest.param({"xm": "姓名", "sfz": "身份证件号", "xx": "学校名称"}, id="Chinese labels"),
        pytest.param({"A": "Name", "b": "ID number", "D": "School"}, id="letters, English labels"),
        pytest.param({" x m* ": "name", "SFZ": "id_number", "xx：": "school_name"}, id="spelling"),
    ],
)
def test_columns_are_meant_by_header_or_letter_and_fields_by_name_or_label(
    read_so: ReadSo, columns: dict[str, str]
) -> None:
    columns = {column.rstrip("："): field for column, field in columns.items()}
    reading = read_so([["名单"], UNKNOWN_HEADER, ZHANG], header_row=2, columns=columns)
    assert people(reading) == [("张三", MAN, "青禾一小")]
    assert reading.rows["unmapped"].to_list() == ['{"xb":"男"}']


def test_a_header_is_found_by_the_columns_that_are_said(read_so: ReadSo) -> None:
    rows = [["名单"], UNKNOWN_HEADER, ZHANG]
    reading = read_so(rows, columns={"xm": "name", "sfz": "id_number", "xx": "school_name"})
    assert people(reading) == [("张三", MAN, "青禾一小")]


def test_what_is_said_goes_before_what_a_header_means(read_so: ReadSo) -> None:
    rows = [["姓名", "学校名称", "现在哪里", "性别"], ["张三", "青禾一小", "青禾二小", "男"]]
    reading = read_so(rows, columns={"现在哪里": "school_name"})
    assert people(reading) == [("张三", None, "青禾二小")]
    assert reading.rows["unmapped"].to_list() == ['{"学校名称":"青禾一小"}']


def test_a_column_that_is_left_out_is_not_even_kept(read_so: ReadSo) -> None:
    rows = [[*HEADER, "备注"], [*ZHANG, "返聘"]]
    reading = read_so(rows, columns={"备注": None, "性别": None})
    assert reading.rows["unmapped"].to_list() == [None]
    assert (reading.columns["备注"], reading.columns["性别"]) == (None, None)
    assert reading.rows["sex"].to_list() == ["1"]  # from the ID number


def test_the_header_row_is_the_last_of_several(read_so: ReadSo, workbook: Any) -> None:
    rows = [
        ["姓名", "身份证件号", "最高学历", "", "学校名称"],
        ["", "", "学历", "毕业院校", ""],
        ["张三", MAN, "本科", "宁夏大学", "青禾一小"],
    ]
    merges = [(0, 0, 1, 0), (0, 1, 1, 1), (0, 2, 0, 3), (0, 4, 1, 4)]
    reading = read_so(workbook.write(rows, merges=merges), header_row=2)
    assert people(reading) == [("张三", MAN, "青禾一小")]
    assert reading.rows["education"].to_list() == ["21"]


def test_sheets_are_chosen_by_name_or_number(read_so: ReadSo, workbook: Any) -> None:
    path = workbook.write([HEADER, ZHANG], name="一月", 二月=[HEADER, LI], 三月=[HEADER, WANG])
    assert [name for name, *_ in people(read_so(path, "二月"))] == ["李四"]
    assert [name for name, *_ in people(read_so(path, "3", "一月"))] == ["张三", "王五"]


def test_the_number_of_a_sheet_counts_empty_ones_too(read_so: ReadSo, workbook: Any) -> None:
    path = workbook.write([HEADER, ZHANG], name="一月", 空=[], 三月=[HEADER, WANG])
    assert [name for name, *_ in people(read_so(path, "3"))] == ["王五"]


def test_of_sheets_that_are_chosen_none_is_passed_over(read_so: ReadSo, workbook: Any) -> None:
    path = workbook.write([HEADER, ZHANG], name="一月", 说明=[["请用文本格式"]])
    assert refused(lambda: read_so(path, "一月", "说明")).code == "no-header"


@pytest.mark.parametrize(
    ("said", "code", "words"),
    [
        ({"sheets": ("三月",)}, "sheet-unknown", "1 一月, 2 二月"),
        ({"header_row": 9}, "header-row-outside", "3 rows"),
        ({"header_row": 2}, "header-row-is-record", "(sheet 一月)"),
        ({"columns": {"职位": "subject"}}, "map-column-unknown", "姓名, 身份证件号, 性别"),
        ({"columns": {"Z": "subject"}}, "map-column-unknown", "姓名, 身份证件号, 性别"),
        ({"columns": {"备注": "phone"}}, "map-column-several", "备注, 备注 (2)"),
    ],
)
def test_what_is_not_there_is_refused_with_what_is(
    read_so: ReadSo, workbook: Any, said: dict[str, Any], code: str, words: str
) -> None:
    header = [*HEADER, "备注", "备注 "]
    path = workbook.write([header, [*ZHANG, "x", "y"], LI], name="一月", 二月=[header, LI])
    error = refused(lambda: read_so(path, *said.pop("sheets", ()), **said))
    assert (error.code, words in error.message) == (code, True), error.message


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"columns": {"姓名": "nonsense"}}, "map-field-unknown"),
        ({"columns": {"姓名": "grade"}}, "map-field-unknown"),
        ({"header_row": -1}, "header-row-below-zero"),
    ],
)
def test_a_field_or_row_that_cannot_be_is_wrong_usage(
    read_so: ReadSo, said: dict[str, Any], code: str
) -> None:
    with pytest.raises(UsageError) as caught:
        read_so([HEADER, ZHANG], **said)
    assert caught.value.code == code
    if code == "map-field-unknown":
        assert "school_name（学校名称）" in caught.value.message


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        (["单位=school_name", "C=姓名"], {"单位": "school_name", "C": "姓名"}),
        (["备注=", "健康=-", "a=b=name"], {"备注": None, "健康": None, "a=b": "name"}),
    ],
)
def test_columns_are_said_as_they_are_typed(texts: list[str], said: dict[str, Any]) -> None:
    assert columns_said(texts) == said


@pytest.mark.parametrize(
    ("texts", "code"),
    [(["单位"], "map-form"), (["=name"], "map-form"), (["a=name", "a="], "map-twice")],
)
def test_columns_said_in_another_form_are_wrong_usage(texts: list[str], code: str) -> None:
    with pytest.raises(UsageError) as caught:
        columns_said(texts)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        pytest.param(FORM, "form-one-person", id="a form of one person"),
        pytest.param(
            [[*row[:1], row[1] or "略"] for row in FORM[1:]], "form-one-person", id="label, value"
        ),
        pytest.param(
            [FORM[1], ["身份证号", MAN, "民族", "汉族"], ["工作单位", "青禾一小"]],
            "form-one-person",
            id="a form of three lines",
        ),
        pytest.param(TIMETABLE, "timetable", id="a timetable"),
        pytest.param(
            [["", "一", "二"], *([f"周{day}", "语文", "数学"] for day in "一二三四五")],
            "timetable",
            id="a timetable with the days below each other",
        ),
        pytest.param([HEADER], "form-empty", id="a header alone"),
        pytest.param(
            [["花名册", "", "", ""], HEADER, ["1", "", "", ""], ["2", "", "", ""]],
            "form-empty",
            id="a header and numbers",
        ),
        pytest.param(
            [[cell * (i % 2 == 0) for i, cell in enumerate(row)] for row in FORM],
            "form-empty",
            id="a form without values",
        ),
    ],
)
def test_what_is_no_list_is_told_what_it_is(
    read_so: ReadSo, workbook: Any, rows: Any, code: str
) -> None:
    filled = [row for row in rows if any(row)]
    assert refused(lambda: read_so(filled)).code == code
    assert refused(lambda: read_so(workbook.write(filled))).code == code


def test_forms_of_one_person_a_sheet_are_all_named(read_so: ReadSo, workbook: Any) -> None:
    error = refused(lambda: read_so(workbook.write(FORM, name="张三", 李四=FORM)))
    assert error.code == "form-one-person"
    assert error.message.startswith("roster.xlsx (sheet 张三, 李四) is a form")


def test_beside_a_list_a_form_is_a_warning_and_a_timetable_a_notice(
    read_so: ReadSo, workbook: Any
) -> None:
    path = workbook.write([HEADER, ZHANG], 登记表=FORM, 课程表=TIMETABLE, 空表=[HEADER])
    reading = read_so(path)
    assert people(reading) == [("张三", MAN, "青禾一小")]
    assert codes(reading) == [(None, "form-one-person", "warning")]
    assert reading.problems[0].sheet == "登记表"
    assert [notice.message for notice in reading.notices] == [
        "roster.xlsx (sheet 课程表) is a timetable and was not read.",
        "roster.xlsx (sheet 空表) is a form that nobody filled in.",
    ]


@pytest.mark.parametrize(
    ("kind", "rows", "count"),
    [
        pytest.param("teachers", [["姓名", "性别"], ["张三", "男"]], 1, id="one person"),
        pytest.param(
            "titles",
            [
                ["称号", "姓名", "学校名称", "级别", "授予时间"],
                *(
                    [title, who, "青禾一小", "县级", "2020-09"]
                    for title, who in zip(
                        ["骨干教师", "学科带头人", "名师", "特级教师"], "张李王赵", strict=True
                    )
                ),
            ],
            4,
            id="titles first",
        ),
        pytest.param(
            "teachers",
            [["姓名", "学校名称", "周一", "周二", "周三", "周四"], ["张三", "一小", *"4321"]],
            1,
            id="hours a day of each teacher",
        ),
    ],
)  # fmt: skip
def test_lists_that_look_like_forms_are_lists(
    read_so: ReadSo, kind: str, rows: Any, count: int
) -> None:
    assert read_so(rows, kind=kind).rows_read == count


def test_a_header_with_several_meanings_is_told_with_how_to_say_which(read_so: ReadSo) -> None:
    header = ["姓名", "单位", "称号", "级别", "授予时间"]
    rows = [header, ["张三", "青禾一小", "骨干教师", "县级", "2020-09"]]
    with speaking("zh"):
        (problem,) = read_so(rows, kind="titles").problems
        assert (problem.code, problem.severity) == ("header-ambiguous", "warning")
        assert problem.message == (
            "B 列的表头“单位”有几种可能，已按“学校名称”处理。"
            "不对请加 --map 单位=issuer（授予单位）；"
            "对的请加 --map 单位=school_name，以后不再提示。"
        )
    assert read_so(rows, kind="titles", columns={"单位": "school_name"}).problems == []
    spaced = [["姓名", "单 位", "称号", "级别", "授予时间"], rows[1]]
    (problem,) = read_so(spaced, kind="titles").problems
    assert 'add --map "单 位=issuer"' in problem.message  # one word for every shell
    both = [[*header, "授予单位"], [*rows[1], "教育局"]]
    assert read_so(both, kind="titles").problems == []


def test_what_looks_like_no_roster_at_all_gets_no_options_to_copy(read_so: ReadSo) -> None:
    error = refused(lambda: read_so([["会议纪要"], ["一、研究秋季开学工作"]]))
    with speaking("zh"):
        assert error.hint.startswith("请核对是否拿错了文件；")
        assert "--map" not in error.hint
