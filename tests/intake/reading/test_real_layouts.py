"""Layouts that counties hand in, each made here by code and read by the real reader."""

import re
import zipfile
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter

from teacherreg.locale import speaking
from tests.intake.reading.made import MAN, SECOND_WOMAN, WOMAN, codes

HEADER = ["姓名", "身份证件号", "性别", "学校名称"]
ZHANG = ["张三", MAN, "男", "青禾一小"]
LI = ["李四", WOMAN, "女", "青禾一小"]
WANG = ["王五", SECOND_WOMAN, "女", "青禾二小"]


@pytest.fixture
def decorated(tmp_path: Path) -> Callable[..., Path]:
    """Write a sheet and let a test do to it what xlsxwriter can."""

    def write(
        rows: Sequence[Sequence[Any]], decorate: Callable[[Any, Any], None], **options: Any
    ) -> Path:
        path = tmp_path / "roster.xlsx"
        book = xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd", **options})
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
        decorate(book, sheet)
        book.close()
        return path

    return write


def people(reading: Any) -> list[tuple[Any, ...]]:
    return reading.rows.select("name", "id_number", "school_name").rows()


ZHANG_READ = ("张三", MAN, "青禾一小")
LI_READ = ("李四", WOMAN, "青禾一小")
WANG_READ = ("王五", SECOND_WOMAN, "青禾二小")


def test_title_unit_and_instruction_rows_above(read: Any, workbook: Any) -> None:
    rows = [
        ["附件1", "", "", ""],
        ["青禾县在职教师花名册", "", "", ""],
        ["填表要求：姓名、性别、身份证件号、学校名称必须填写，不得改动表头", "", "", ""],
        ["填报单位：教育局", "", "", "2026年9月1日"],
        [],
        HEADER,
        ZHANG,
        LI,
    ]
    reading = read("teachers", workbook.write(rows, merges=[(1, 0, 1, 3), (2, 0, 2, 3)]))
    assert people(reading) == [ZHANG_READ, LI_READ]
    assert (reading.problems, reading.skipped) == ([], {"title": 4})


def test_hints_of_every_column_under_the_header(read: Any) -> None:
    hints = ["与身份证一致", "18位", "男/女", "全称"]
    reading = read("teachers", [HEADER, hints, ZHANG])
    assert people(reading) == [ZHANG_READ]
    assert (reading.problems, reading.skipped) == ([], {"example": 1})


def test_a_header_of_three_merged_rows(read: Any, workbook: Any) -> None:
    rows = [
        ["青禾县花名册", "", "", "", "", "", "", ""],
        ["序号", "基本信息", "", "", "工作信息", "", "", ""],
        ["", "姓名", "证件", "", "单位", "任教", "", ""],
        ["", "", "身份证件号", "性别", "", "学段", "学科", "备注"],
        [1, "张三", MAN, "男", "青禾一小", "小学", "语文", "返聘"],
        [2, "李四", WOMAN, "女", "青禾一小", "小学", "数学", ""],
    ]
    merges = [
        (0, 0, 0, 7), (1, 0, 3, 0), (1, 1, 1, 3), (2, 1, 3, 1), (2, 2, 2, 3), (1, 4, 1, 7),
        (2, 4, 3, 4), (2, 5, 2, 7),
    ]  # fmt: skip
    reading = read("teachers", workbook.write(rows, merges=merges))
    assert people(reading) == [ZHANG_READ, LI_READ]
    assert reading.columns == {
        "姓名": "name",
        "身份证件号": "id_number",
        "性别": "sex",
        "单位": "school_name",
        "学段": "stage",
        "学科": "subject",
        "备注": None,
    }
    assert reading.rows["unmapped"].to_list() == ['{"备注":"返聘"}', None]
    assert reading.problems == []


def test_headers_with_hints_stars_line_breaks_and_spaces(read: Any, workbook: Any) -> None:
    header = [
        "姓\n名*\n（与身份证一致）",
        "★身份证\n件号（18位，文本格式）",
        "性　别\n（下拉选择）",
        "（必填）学校 名称：",
    ]
    assert people(read("teachers", workbook.write([header, ZHANG]))) == [ZHANG_READ]


def test_header_and_data_merged_across_columns(read: Any, workbook: Any) -> None:
    rows = [
        ["姓名", "", "身份证件号", "", "", "性别", "学校名称", ""],
        ["张三", "", MAN, "", "", "男", "青禾一小", ""],
        ["李四", "", WOMAN, "", "", "女", "青禾一小", ""],
    ]
    merges = [(row, *ends) for row in range(3) for ends in ((0, row, 1), (2, row, 4), (6, row, 7))]
    reading = read("teachers", workbook.write(rows, merges=merges))
    assert people(reading) == [ZHANG_READ, LI_READ]
    assert list(reading.columns) == HEADER
    assert reading.problems == []


def test_data_that_stand_anywhere_under_a_merged_header(read: Any, workbook: Any) -> None:
    rows = [
        ["姓名", "身份证件号", "性别", "学校名称", ""],
        ["张三", MAN, "男", "", "青禾一小"],
        ["李四", WOMAN, "女", "青禾一小", ""],
    ]
    reading = read("teachers", workbook.write(rows, merges=[(0, 3, 0, 4)]))
    assert people(reading) == [ZHANG_READ, LI_READ]
    assert reading.problems == []


def test_a_cell_merged_over_two_columns_is_the_first_ones(read: Any, workbook: Any) -> None:
    rows = [[*HEADER, "原学校"], [*ZHANG, ""], [*LI, "青禾三小"]]
    reading = read("teachers", workbook.write(rows, merges=[(1, 3, 1, 4)]))
    assert people(reading) == [ZHANG_READ, LI_READ]
    assert reading.rows["unmapped"].to_list() == [None, '{"原学校":"青禾三小"}']


def test_a_section_title_merged_over_the_data_is_skipped(read: Any, workbook: Any) -> None:
    rows = [HEADER, ["语文组", "", "", ""], ZHANG, ["数学组", "", "", ""], LI]
    reading = read("teachers", workbook.write(rows, merges=[(1, 0, 1, 3), (3, 0, 3, 3)]))
    assert people(reading) == [ZHANG_READ, LI_READ]
    assert reading.skipped == {"title": 2}


def test_a_header_of_two_rows_repeated_on_each_page(read: Any, workbook: Any) -> None:
    header = [
        ["姓名", "身份证件号", "最高学历", "", "学校名称"],
        ["", "", "学历", "毕业院校", ""],
    ]
    rows = [
        *header,
        ["张三", MAN, "本科", "宁夏大学", "青禾一小"],
        *header,
        ["李四", WOMAN, "本科", "宁夏大学", "青禾一小"],
    ]
    merges = [
        merge
        for top in (0, 3)
        for merge in (
            (top, 0, top + 1, 0), (top, 1, top + 1, 1), (top, 2, top, 3), (top, 4, top + 1, 4),
        )
    ]  # fmt: skip
    reading = read("teachers", workbook.write(rows, merges=merges))
    assert people(reading) == [ZHANG_READ, LI_READ]
    assert reading.skipped == {"repeated_header": 2}


@pytest.mark.parametrize(
    ("rows", "merges", "beside"),
    [
        pytest.param([[*HEADER, "", *HEADER], [*ZHANG, "", *LI]], [], "姓名", id="a gap"),
        pytest.param(
            [
                ["在编", "", "", "", "编外", "", "", ""],
                [*HEADER, *HEADER],
                [*ZHANG, *LI],
            ],
            [(0, 0, 0, 3), (0, 4, 0, 7)],
            "姓名",
            id="titles and no gap",
        ),
        pytest.param(
            [
                [*HEADER, "", "姓名", "学校名称", "职称"],
                [*ZHANG, "", "李四", "青禾一小", "一级教师"],
            ],
            [],
            "姓名",
            id="other headers",
        ),
        pytest.param(
            [
                [*HEADER, "", "学科", "人数"],
                [*ZHANG, "", "语文", 20],
                ["", "", "", "", "", "数学", 10],
            ],
            [],
            "学科",
            id="counts that go on below",
        ),
    ],
)
def test_of_two_tables_side_by_side_the_first_is_read(
    read: Any, workbook: Any, rows: Any, merges: Any, beside: str
) -> None:
    reading = read("teachers", workbook.write(rows, merges=merges))
    assert people(reading) == [ZHANG_READ]
    assert codes(reading) == [(None, "tables-side-by-side", "warning")]
    assert reading.problems[0].parameters["header"] == beside
    assert reading.rows["unmapped"].to_list() == [None]


def test_two_columns_and_the_same_two_again_are_two_tables(read: Any) -> None:
    reading = read("teachers", [["姓名", "学校名称"] * 2, ["张三", "青禾一小", "李四", "青禾二小"]])
    assert reading.rows["name"].to_list() == ["张三"]
    assert codes(reading) == [(None, "tables-side-by-side", "warning")]
    with speaking("zh"):
        assert "右边从 C 列（姓名）起" in reading.problems[0].message


def test_a_spouse_is_no_second_table(read: Any, workbook: Any) -> None:
    rows = [
        ["本人", "", "", "", "配偶", "", "", "学校名称"],
        ["姓名", "性别", "出生日期", "民族", "姓名", "性别", "出生日期", ""],
        ["张三", "男", "1985-03-15", "汉", "李四", "女", "1986-02-03", "青禾一小"],
    ]
    merges = [(0, 0, 0, 3), (0, 4, 0, 6), (0, 7, 1, 7)]
    reading = read("teachers", workbook.write(rows, merges=merges))
    assert reading.rows.select("name", "sex", "school_name").rows() == [("张三", "1", "青禾一小")]
    assert (reading.rows_read, reading.problems) == (1, [])


def test_an_empty_column_inside_a_table_is_no_gap(read: Any) -> None:
    rows = [[*HEADER, "", "职称", "手机号"], *([*who, "", "一级教师", ""] for who in (ZHANG, LI))]
    reading = read("teachers", rows)
    assert reading.columns["职称"] == "professional_rank"
    assert reading.problems == []


def test_sheets_behind_the_drop_downs_and_rules_are_left_alone(read: Any, workbook: Any) -> None:
    path = workbook.write(
        [HEADER, ZHANG],
        name="花名册",
        数据源=[["性别", "民族", "政治面貌", "学历"], ["男", "汉族", "党员", "本科"]],
        字典=[["姓名", "性别", "学历", "职称"], ["", "男", "本科", "一级"], ["", "女", "专科", ""]],
        填表说明=[["1.姓名要与身份证一致"], ["2.身份证件号18位"]],
        校验规则=[HEADER, ["必填", "18位", "下拉", "全称"]],
        栏目=[["姓名", "必填"], ["身份证件号", "18位"], ["性别", "下拉"], ["学校名称", "必填"]],
    )
    reading = read("teachers", path)
    assert people(reading) == [ZHANG_READ]
    assert reading.problems == []


def test_sheets_that_repeat_the_same_people_are_all_read(read: Any, workbook: Any) -> None:
    rows = [HEADER, ZHANG, LI]
    path = workbook.write(rows, name="总表", 青禾一小=[HEADER, ZHANG], 按学科=[HEADER, LI])
    reading = read("teachers", path)
    assert people(reading) == [ZHANG_READ, LI_READ, ZHANG_READ, LI_READ]
    assert reading.problems == []


def test_blank_rows_do_not_end_a_table(read: Any, workbook: Any) -> None:
    reading = read("teachers", workbook.write([HEADER, [], ZHANG, [], ["", " ", "", ""], LI, []]))
    assert people(reading) == [ZHANG_READ, LI_READ]
    assert reading.skipped == {"blank": 3}


@pytest.mark.parametrize(
    "row",
    [
        ["合  计", "2", "", ""],
        ["总人数", "2", "", ""],
        ["本表共2人", "", "", ""],
        ["男1人，女1人", "", "", ""],
        ["人数：2", "", "", ""],
        ["填报人：王五", "电话：0953-1234567", "", ""],
        ["经办人签字：", "", "审批人签字：", ""],
        ["分管领导（签字）：", "", "", ""],
        ["校长签名", "", "", "园长："],
        ["制表人", "王五", "审核人", "赵六"],
        ["上报时间：2026.9.1", "", "", ""],
        ["联系人及电话", "王五 13900000000", "", ""],
        ["单位公章", "", "", "2026年9月1日"],
        ["（公章）", "", "", ""],
        ["", "", "", "二〇二六年九月一日"],
        ["注1：一式两份", "", "", ""],
        ["※说明：略", "", "", ""],
        ["附：相关证书复印件", "", "", ""],
        ["以上情况属实。", "", "", ""],
        ["（以下空白）", "", "", ""],
        ["人事股审核意见：", "", "", ""],
        ["教育局意见", "", "", "年 月 日"],
        ["第 1 页，共 3 页", "", "", ""],
        ["3", "", "", ""],
    ],
    ids=lambda row: "".join(row)[:12],
)
def test_footers_totals_notes_and_signatures_are_no_people(read: Any, row: list[str]) -> None:
    reading = read("teachers", [HEADER, ZHANG, LI, row])
    assert people(reading) == [ZHANG_READ, LI_READ]
    assert (reading.problems, sum(reading.skipped.values())) == ([], 1)


def test_rows_with_only_a_number_are_no_people(read: Any, workbook: Any) -> None:
    rows = [["序号", *HEADER], [1, *ZHANG], [2, "", "", "", ""], [3, "", "", "", ""]]
    reading = read("teachers", workbook.write(rows))
    assert people(reading) == [ZHANG_READ]
    assert reading.skipped == {"only_number": 2}


def test_formatted_cells_thousands_of_rows_below_hold_nothing(read: Any, decorated: Any) -> None:
    def frame(book: Any, sheet: Any) -> None:
        border = book.add_format({"border": 1})
        for row in range(3, 5000):
            sheet.write_blank(row, 0, None, border)
        sheet.write_blank(1_048_575, 5, None, border)

    reading = read("teachers", decorated([HEADER, ZHANG, LI], frame))
    assert people(reading) == [ZHANG_READ, LI_READ]
    assert (reading.problems, reading.skipped) == ([], {})


@pytest.mark.parametrize(
    ("text", "skipped"),
    [
        pytest.param(" ", {}, id="a space"),
        pytest.param("完", {"blank": 49_997, "title": 1}, id="a word"),
    ],
)
def test_a_stray_cell_far_below_is_no_person(
    read: Any, decorated: Any, text: str, skipped: dict[str, int]
) -> None:
    path = decorated([HEADER, ZHANG, LI], lambda _, sheet: sheet.write_string(50_000, 2, text))
    reading = read("teachers", path)
    assert people(reading) == [ZHANG_READ, LI_READ]
    assert (reading.problems, reading.skipped) == ([], skipped)


def test_a_dimension_that_claims_every_column_and_row(read: Any, workbook: Any) -> None:
    path = workbook.write([HEADER, ZHANG])
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    claim = b'<dimension ref="A1:XFD1048576"/>'
    parts[sheet], replaced = re.subn(rb'<dimension ref="[^"]*"/>', claim, parts[sheet])
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    assert replaced == 1
    assert people(read("teachers", path)) == [ZHANG_READ]


def test_a_formatted_cell_in_the_last_column_holds_nothing(read: Any, decorated: Any) -> None:
    def frame(book: Any, sheet: Any) -> None:
        sheet.write_blank(1, 16_383, None, book.add_format({"border": 1}))

    assert people(read("teachers", decorated([HEADER, ZHANG], frame))) == [ZHANG_READ]


def test_hidden_rows_and_columns_are_read_and_told(read: Any, decorated: Any) -> None:
    def hide(_book: Any, sheet: Any) -> None:
        sheet.set_row(1, None, None, {"hidden": True})
        sheet.set_column(1, 2, None, None, {"hidden": True})
        sheet.set_column(9, 9, None, None, {"hidden": True})  # holds nothing

    reading = read("teachers", decorated([HEADER, ZHANG, LI], hide))
    assert people(reading) == [ZHANG_READ, LI_READ]
    assert codes(reading) == [
        (None, "rows-hidden", "warning"),
        (None, "columns-hidden", "warning"),
    ]
    assert reading.problems[1].message == (
        "2 columns of this sheet are hidden and were read too: 身份证件号, 性别. "
        "Delete those that are not wanted."
    )


def test_the_result_of_a_formula_is_read(read: Any, decorated: Any) -> None:
    def calculate(_book: Any, sheet: Any) -> None:
        sheet.write_formula(1, 3, '="青禾"&"一小"', None, "青禾一小")
        sheet.write_formula(2, 3, "=D2", None, "青禾一小")

    reading = read("teachers", decorated([HEADER, ZHANG[:3], LI[:3]], calculate))
    assert people(reading) == [ZHANG_READ, LI_READ]
    assert reading.problems == []


def test_formulas_without_a_result_are_told_once_for_each_column(read: Any, tmp_path: Path) -> None:
    book = openpyxl.Workbook()  # writes formulas and never a result
    sheet = book.active
    assert sheet is not None
    for row in (HEADER, ZHANG, [*LI[:3], "=D2"], [*WANG[:3], "=D2"]):
        sheet.append(row)
    sheet["F2"] = "=1+1"  # under no header
    book.save(tmp_path / "roster.xlsx")
    reading = read("teachers", tmp_path / "roster.xlsx")
    assert people(reading) == [ZHANG_READ, (*LI_READ[:2], None), (*WANG_READ[:2], None)]
    assert codes(reading) == [(None, "formula-not-calculated", "warning")]
    assert reading.problems[0].column == "学校名称"
    assert reading.problems[0].parameters == {"count": 2, "first": 3}


def test_a_formula_that_gives_an_empty_text_has_a_result(read: Any, workbook: Any) -> None:
    path = workbook.write([HEADER, ZHANG[:3]])
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    cell = b'<c r="D2" t="str"><f>IF(A2="","","")</f><v></v></c></row></sheetData>'
    parts[sheet] = parts[sheet].replace(b"</row></sheetData>", cell)
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    assert read("teachers", path).problems == []


@pytest.mark.parametrize("since_1904", [False, True])
def test_real_date_cells_stand_beside_text_dates(
    read: Any, decorated: Any, since_1904: bool
) -> None:
    header = ["姓名", "身份证件号", "学校名称", "参加工作年月"]
    rows = [
        header,
        ["张三", MAN, "青禾一小", date(2007, 9, 1)],
        ["李四", WOMAN, "青禾一小", "2010.09"],
        ["王五", SECOND_WOMAN, "青禾一小", "2011年9月1日"],
    ]
    path = decorated(rows, lambda *_: None, date_1904=since_1904)
    reading = read("teachers", path)
    assert reading.rows["work_started_on"].to_list() == [
        date(2007, 9, 1),
        date(2010, 9, 1),
        date(2011, 9, 1),
    ]
    assert reading.problems == []
