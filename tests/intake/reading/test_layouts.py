"""Where the header is, what its columns mean, and which rows are records."""

import json
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from teacherreg.errors import IntakeError
from teacherreg.intake.meanings import header_key, meanings
from teacherreg.intake.rows import reason_in_words
from tests.intake.reading.made import MAN, SECOND_WOMAN, WOMAN, codes, xls

HEADER = ["姓名", "身份证件号", "性别", "学校名称"]
ZHANG = ["张三", MAN, "男", "青禾一小"]
LI = ["李四", WOMAN, "女", "青禾一小"]


def names(reading: Any) -> list[str]:
    return reading.rows["name"].to_list()


@pytest.mark.parametrize(
    ("written", "field"),
    [
        ("姓名", "name"),
        ("姓 名", "name"),
        ("姓\n名*", "name"),
        ("★姓名", "name"),
        ("1.姓名", "name"),
        ("1、姓名", "name"),
        ("（1）姓名", "name"),
        ("（必填）姓名", "name"),
        ("必填:姓名", "name"),
        ("姓名：", "name"),
        ("姓名（与身份证一致）", "name"),
        ("身份证号码（文本格式）", "id_number"),
        ("任教学科（只能选一门）", "subject"),
        ("任教学科（资格证）", "certificate_subject"),
        ("2025年9月人员状态", "status"),
        ("9月在岗状态", "status"),
        ("主教学科（只能选一门）", "subject"),
        ("id_number", "id_number"),
    ],
)
def test_knows_a_header_whatever_stands_around_it(written: str, field: str) -> None:
    assert meanings(written)[0] == field


def test_drops_what_people_write_around_headers() -> None:
    assert header_key(" 姓\u3000名\u00a0＊\n") == "姓名"


def test_finds_the_header_under_titles(read: Any) -> None:
    reading = read(
        "teachers",
        [
            ["青禾县在职教师花名册", "", "", ""],
            ["填报单位：教育局", "", "", "2026年9月1日"],
            [],
            HEADER,
            ZHANG,
        ],
    )
    assert reading.rows["row"].to_list() == [5]
    assert reading.skipped == {"title": 2}


@pytest.mark.parametrize(
    ("kind", "header"),
    [
        ("schools", ["学校名称", "乡镇", "小学学生数", "在校学生数"]),
        ("teachers", HEADER),
        ("titles", ["姓名", "称号", "级别", "授予时间"]),
        ("conduct", ["姓名", "记录类别", "年度", "结论", "处分类别", "违规情形", "决定日期"]),
    ],
)
def test_a_header_alone_is_an_empty_form(read: Any, kind: str, header: list[str]) -> None:
    with pytest.raises(IntakeError) as refused:
        read(kind, [header])
    assert refused.value.code == "form-empty"


def test_reads_a_header_of_two_merged_rows(read: Any, workbook: Any) -> None:
    rows = [
        ["青禾县教师花名册", "", "", "", "", "", ""],
        ["姓名", "身份证件号", "最高学历", "", "", "第一学历", ""],
        ["", "", "学历", "毕业院校", "毕业时间", "学历", "毕业院校"],
        ["张三", MAN, "本科", "宁夏大学", "2008.7", "中师", "固原师范"],
    ]
    path = workbook.write(
        rows, merges=[(0, 0, 0, 6), (1, 0, 2, 0), (1, 1, 2, 1), (1, 2, 1, 4), (1, 5, 1, 6)]
    )
    reading = read("teachers", path)
    assert reading.rows["education"].to_list() == ["21"]
    assert reading.columns["姓名"] == "name"
    assert reading.columns["最高学历/学历"] == "education"
    assert reading.columns["第一学历/学历"] is None
    assert "固原师范" in reading.rows["unmapped"][0]


def test_reads_a_header_of_two_rows_without_merges(read: Any) -> None:
    reading = read(
        "teachers",
        "姓名,身份证件号,最高学历,,第一学历,\n"
        ",,学历,毕业院校,学历,毕业院校\n"
        f"张三,{MAN},本科,宁夏大学,中师,固原师范\n",
    )
    assert reading.rows.select("name", "education", "row").rows() == [("张三", "21", 3)]


def test_the_name_of_a_relative_is_not_the_name(read: Any, workbook: Any) -> None:
    rows = [
        ["姓名", "身份证件号", "学校名称", "紧急联系人", ""],
        ["", "", "", "姓名", "关系"],
        ["张三", MAN, "青禾一小", "王五", "配偶"],
    ]
    merges = [(0, 0, 1, 0), (0, 1, 1, 1), (0, 2, 1, 2), (0, 3, 0, 4)]
    reading = read("teachers", workbook.write(rows, merges=merges))
    assert names(reading) == ["张三"]
    assert "王五" in reading.rows["unmapped"][0]


def test_keeps_what_nobody_knows_under_its_header(read: Any) -> None:
    reading = read(
        "teachers", [[*HEADER, "备注2", "序号", "健康状况"], [*ZHANG, "返聘", "1", "好"]]
    )
    assert reading.columns["备注2"] is None
    assert "序号" not in reading.columns
    assert reading.rows["unmapped"].to_list() == ['{"备注2":"返聘"}']


def test_escapes_what_it_keeps(read: Any) -> None:
    reading = read("teachers", '姓名,学校名称,性别,"备""注"\n张三,一小,男,"他说""好""\\n"\n')
    assert json.loads(reading.rows["unmapped"][0]) == {'备"注': '他说"好"\\n'}


def test_ignores_a_note_beside_the_header(read: Any) -> None:
    reading = read("teachers", [[*HEADER, "注:只可导入同一所学校老师"], ZHANG])
    assert list(reading.columns) == HEADER


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (["合计", "2", "", ""], "total"),
        (["小 计", "", "1", ""], "total"),
        (["青禾一小", "小计", "", "2"], "total"),
        (["共2人", "", "", ""], "total"),
        (["注：以上均为在编教师", "", "", ""], "note"),
        (["说明：身份证号用文本格式", "", "", ""], "note"),
        (["填表人：王五", "", "审核人：赵六", ""], "signature"),
        (["单位（盖章）：", "", "", "2026年9月1日"], "signature"),
        (["校长签字：", "", "", ""], "signature"),
        (HEADER, "repeated_header"),
        (["示例", "640199********0012", "男", "某某小学"], "example"),
        (["", "", "", ""], "blank"),
        (["二、初中部", "", "", ""], "title"),
    ],
)
def test_skips_and_counts_what_is_no_record(read: Any, row: list[str], reason: str) -> None:
    reading = read("teachers", [HEADER, ZHANG, row, LI])
    assert names(reading) == ["张三", "李四"]
    assert reading.skipped == {reason: 1}
    assert reason_in_words(reason)
    assert reading.rows["row"].to_list() == [2, 4]
    assert (reading.rows_read, reading.problems) == (2, [])


def test_skips_instructions_and_examples_under_the_header(read: Any) -> None:
    reading = read(
        "teachers",
        [HEADER, ["必填", "文本格式", "下拉选择", "必填"], ["例：张三", "", "男", "一小"], LI],
    )
    assert (names(reading), reading.skipped) == (["李四"], {"example": 2})


def test_a_record_may_hold_words_that_are_headers(read: Any) -> None:
    header = ["姓名", "性别", "教职工类别", "学历", "荣誉", "职务", "学校名称", "民族"]
    row = ["张三", "男", "专任教师", "研究生", "骨干教师", "学科带头人", "青禾一小", "汉"]
    reading = read("teachers", [header, row])
    assert (names(reading), reading.skipped) == (["张三"], {})


def test_skips_rows_with_only_a_number(read: Any) -> None:
    reading = read("teachers", [["序号", *HEADER], ["1", *ZHANG], ["2", "", "", "", ""]])
    assert reading.skipped == {"only_number": 1}


@pytest.mark.parametrize(
    "row",
    [
        pytest.param(["校长", "张三", MAN, "青禾一小"], id="a post before the name"),
        pytest.param(["负责人", "李四", "", "青禾一小"], id="a person in charge"),
        pytest.param(["单位", "王五", "", ""], id="few cells"),
    ],
)
def test_does_not_take_people_for_signatures(read: Any, row: list[str]) -> None:
    reading = read("teachers", [["校内职务", "姓名", "身份证件号", "学校名称"], row])
    assert reading.rows_read == 1


def test_a_school_may_be_merged_over_its_rows(read: Any, workbook: Any) -> None:
    header = ["学校名称", "姓名", "身份证件号", "性别"]
    rows = [
        header,
        ["青禾一小", "张三", MAN, "男"],
        ["", "李四", WOMAN, "女"],
        ["", "王五", SECOND_WOMAN, "女"],
    ]
    path = workbook.write(rows, merges=[(1, 0, 2, 0)])
    reading = read("teachers", path)
    assert reading.rows["school_name"].to_list() == ["青禾一小", "青禾一小", None]


def test_xls_merges_too(read: Any) -> None:
    rows: list[list[Any]] = [
        ["学校名称", "姓名", "身份证件号"],
        ["青禾一小", "张三", MAN],
        [None, "李四", WOMAN],
    ]
    reading = read("teachers", xls(rows, merges=[(1, 0, 2, 0)]), name="roster.xls")
    assert reading.rows["school_name"].to_list() == ["青禾一小", "青禾一小"]


def test_a_merge_over_empty_rows_makes_no_records(read: Any, workbook: Any) -> None:
    rows = [
        ["学校名称", "姓名", "性别"],
        ["青禾一小", "张三", "男"],
        ["", "", ""],
        ["", "", ""],
        ["青禾二小", "李四", "女"],
    ]
    reading = read("teachers", workbook.write(rows, merges=[(1, 0, 3, 0)]))
    assert (reading.rows_read, reading.skipped) == (2, {"blank": 2})


def test_writes_out_same_as_above(read: Any) -> None:
    rows = [HEADER, ZHANG, ["李四", WOMAN, "女", "同上"], ["王五", SECOND_WOMAN, "〃", "〃"]]
    reading = read("teachers", rows)
    assert reading.rows["school_name"].to_list() == ["青禾一小"] * 3
    assert reading.problems == []


def test_reads_every_sheet_and_takes_the_school_from_its_tab(read: Any, workbook: Any) -> None:
    header = ["姓名", "身份证件号", "性别"]
    path = workbook.write(
        [header, ["张三", MAN, "男"]],
        name="青禾一小",
        **{"青禾二中": [header, ["李四", WOMAN, "女"]], "填表说明": [["请用文本格式"]]},
    )
    reading = read("teachers", path)
    assert reading.rows.select("name", "school_name", "sheet").rows() == [
        ("张三", "青禾一小", "青禾一小"),
        ("李四", "青禾二中", "青禾二中"),
    ]
    assert reading.skipped == {"other_sheet": 1}
    assert reading.problems == []


def test_the_unit_above_the_header_is_the_school(read: Any) -> None:
    rows = [["单位：青禾县第三小学（公章）", "", ""], ["姓名", "身份证件号", "性别"], ZHANG[:3]]
    assert read("teachers", rows).rows["school_name"].to_list() == ["青禾县第三小学"]


def test_names_sheets_that_seem_to_hold_people(read: Any, workbook: Any) -> None:
    path = workbook.write([HEADER, ZHANG], 二月=[["李四", WOMAN, "女", "青禾一小"]])
    reading = read("teachers", path)
    assert codes(reading) == [(None, "sheet-not-read", "warning")]
    assert reading.problems[0].sheet == "二月"


def test_hidden_sheets_are_not_read(read: Any, tmp_path: Path) -> None:
    path = tmp_path / "roster.xlsx"
    book = xlsxwriter.Workbook(str(path))
    for name, person in (("今年", ZHANG), ("去年", LI)):
        sheet = book.add_worksheet(name)
        sheet.write_row(0, 0, HEADER)
        sheet.write_row(1, 0, person)
        if name == "去年":
            sheet.hide()
    book.close()
    reading = read("teachers", path)
    assert names(reading) == ["张三"]
    assert codes(reading) == [(None, "sheet-hidden", "warning")]


def test_a_second_table_below_is_named_and_not_read(read: Any) -> None:
    below = [["学校名称", "姓名", "职称", "民族"], ["青禾一小", "王五", "一级教师", "汉"]]
    reading = read("teachers", [HEADER, ZHANG, [], *below])
    assert names(reading) == ["张三"]
    assert codes(reading) == [(None, "second-table", "warning")]
    assert reading.problems[0].parameters == {"at": 4}


def test_a_second_table_beside_is_named_and_not_read(read: Any) -> None:
    reading = read("teachers", [[*HEADER, "", *HEADER], [*ZHANG, "", *LI]])
    assert names(reading) == ["张三"]
    assert codes(reading) == [(None, "tables-side-by-side", "warning")]


def test_two_columns_of_one_field_fill_each_other(read: Any) -> None:
    header = ["姓名", "学校名称", "性别", "单位名称"]
    reading = read(
        "teachers",
        [header, ["张三", "", "男", "青禾一小"], ["李四", "青禾二小", "女", "青禾二小"]],
    )
    assert reading.rows["school_name"].to_list() == ["青禾一小", "青禾二小"]
    assert reading.problems == []


def test_two_columns_of_one_field_that_differ_are_told_once(read: Any) -> None:
    header = ["姓名", "参加工作年月", "性别", "入职时间"]
    reading = read(
        "teachers",
        [header, ["张三", "2007.09", "男", "2007-09"], ["李四", "2008.09", "女", "2010-09"]],
    )
    assert codes(reading) == [(None, "columns-differ", "warning")]
    assert reading.problems[0].parameters == {"count": 1, "first": 3}
    assert str(reading.rows["work_started_on"][1]) == "2008-09-01"


def test_rows_whose_columns_slipped_are_rejected(read: Any) -> None:
    header = ["姓名", "性别", "出生日期", "民族", "学段"]
    slipped = [["李四", "1988-02-29", "汉", "小学", "语文"]] * 3
    reading = read("teachers", [header, ["张三", "男", "1985-03-15", "汉", "小学"], *slipped])
    assert names(reading) == ["张三"]
    assert codes(reading) == [(row, "row-shifted", "error") for row in (3, 4, 5)]


def test_a_row_that_slipped_is_not_told_of_once_more_for_what_it_lacks(read: Any) -> None:
    header = ["姓名", "性别", "出生日期", "民族", "学段"]
    slipped = [["", "李四", "男", "1988-02-29", "汉"]] * 3
    reading = read("teachers", [header, ["张三", "男", "1985-03-15", "汉", "小学"], *slipped])
    assert codes(reading) == [(row, "row-shifted", "error") for row in (3, 4, 5)]


def test_words_of_a_county_s_own_are_no_slip(read: Any) -> None:
    header = ["姓名", "性别", "学段", "职称", "人员状态"]
    own = [["李四", "女", "完小", "甲等", "忙"]] * 3
    reading = read("teachers", [header, *own])
    assert reading.rows.height == 3
    assert {problem.code for problem in reading.problems} == {"code-unknown"}


def test_reads_wide_tables_with_trailing_blanks(read: Any) -> None:
    reading = read("teachers", [[*HEADER, "", ""], [*ZHANG, "", ""]])
    assert list(reading.columns) == HEADER


def test_a_cell_without_a_header_keeps_the_letter_of_its_column(read: Any) -> None:
    reading = read("teachers", [[*HEADER, ""], [*ZHANG, "返聘"]])
    assert reading.rows["unmapped"].to_list() == ['{"E":"返聘"}']


def test_a_stray_space_in_the_last_column_of_all_widens_nothing(read: Any, tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(str(tmp_path / "wide.xlsx"))
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["姓名", "性别", "学校名称"])
    sheet.write_row(1, 0, ["张三", "男", "青禾县第一小学"])
    sheet.write("XFD1", " ")
    book.close()
    reading = read("teachers", tmp_path / "wide.xlsx")
    assert names(reading) == ["张三"]
    assert list(reading.columns) == ["姓名", "性别", "学校名称"]
