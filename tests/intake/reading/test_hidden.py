"""What is hidden is read and told in every format that can hide; formulas without result too."""

import io
from collections.abc import Collection
from typing import Any

import pytest
import xlsxwriter
import xlwt

from teacherreg.intake.sheets import read_sheets
from tests.intake.reading import formats
from tests.intake.reading.made import MAN, SECOND_WOMAN, WOMAN, codes

ROWS = [
    ["姓名", "身份证件号", "性别", "学校名称"],
    ["张三", MAN, "男", "青禾一小"],
    ["李四", WOMAN, "女", "青禾一小"],
    ["王五", SECOND_WOMAN, "女", "青禾一小"],
]
ROW, COLUMN = 2, 3  # from zero: 李四 and 学校名称


def xls() -> bytes:
    book, out = xlwt.Workbook(), io.BytesIO()
    for name in ("说明", "花名册 & 其他"):
        sheet = book.add_sheet(name)
        for number, row in enumerate(ROWS):
            for index, cell in enumerate(row):
                sheet.write(number, index, cell)
    sheet.row(ROW).hidden = True
    sheet.col(COLUMN).hidden = True
    book.save(out)
    return out.getvalue()


def xlsx() -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    book.add_worksheet("说明").write(0, 0, "甲")
    sheet = book.add_worksheet("花名册 & 其他")
    for number, row in enumerate(ROWS):
        sheet.write_row(number, 0, row)
    sheet.set_row(ROW, None, None, {"hidden": True})
    sheet.set_column(COLUMN, COLUMN, None, None, {"hidden": True})
    book.close()
    return out.getvalue()


def ods(
    rest: str = "", hidden: Collection[int] = (ROW,), how: str = "collapse", columns: str = ""
) -> bytes:
    """An .ods with rows hidden; its rows stand in the order of ``ROWS``."""
    content = formats.ods(ROWS, rest=rest)
    first, *rows = formats.unpacked(content)["content.xml"].decode().split("<table:table-row>")
    tags = [
        f'<table:table-row table:visibility="{how}">' if number in hidden else "<table:table-row>"
        for number in range(len(rows))
    ]
    body = "".join(tag + row for tag, row in zip(tags, rows, strict=True))
    text = first.replace("甲", "花名册 &amp; 其他") + columns + body
    return formats.with_part(content, "content.xml", text)


COLUMNS = (
    '<table:table-column table:number-columns-repeated="3"/>'
    '<table:table-column table:visibility="collapse"/>'
    '<table:table-column table:number-columns-repeated="16380"/>'
)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(xls(), id="xls"),
        pytest.param(xlsx(), id="xlsx"),
        pytest.param(ods(columns=COLUMNS), id="ods"),
        pytest.param(formats.xlsb(ROWS, hidden=([ROW], [COLUMN]), name="花名册 & 其他"), id="xlsb"),
    ],
)
def test_hidden_rows_and_columns_are_read_and_told(read: Any, content: bytes) -> None:
    sheet = read_sheets(content, "roster")[-1]
    assert sheet.name == "花名册 & 其他"
    assert (sheet.hidden_rows, sheet.hidden_columns) == ({ROW}, {COLUMN})
    reading = read("teachers", content, name="roster.et")
    told = {problem.code: problem.parameters["count"] for problem in reading.problems
            if problem.sheet == sheet.name}  # fmt: skip
    assert told == {"rows-hidden": 1, "columns-hidden": 1}
    assert "李四" in reading.rows["name"].to_list()


def test_rows_that_a_filter_hides_in_an_ods_are_hidden_too() -> None:
    (sheet,) = read_sheets(ods(hidden=(1, 3), how="filter"), "roster.ods")
    assert sheet.hidden_rows == {1, 3}


def test_what_an_ods_hides_below_its_last_row_is_not_counted() -> None:
    rest = (
        '<table:table-row table:number-rows-repeated="2147483647" table:visibility="collapse">'
        "<table:table-cell/></table:table-row>"
    )
    (sheet,) = read_sheets(ods(rest, hidden=()), "roster.ods")
    assert sheet.hidden_rows == frozenset()


def test_rows_of_an_ods_are_counted_as_often_as_they_are_repeated() -> None:
    rest = (
        '<table:table-row table:number-rows-repeated="7"><table:table-cell/></table:table-row>'
        '<table:table-row table:visibility="collapse" table:number-rows-repeated="2">'
        '<table:table-cell office:value-type="string"><text:p>赵六</text:p></table:table-cell>'
        "</table:table-row>"
    )
    (sheet,) = read_sheets(ods(rest, hidden=()), "roster.ods")
    assert sheet.hidden_rows == {11, 12}
    assert sheet.cells["0"].to_list()[-2:] == ["赵六", "赵六"]


def test_a_formula_of_an_ods_without_result_is_told(read: Any) -> None:
    rest = (
        "<table:table-row>"
        '<table:table-cell office:value-type="string"><text:p>赵六</text:p></table:table-cell>'
        '<table:table-cell table:number-columns-repeated="2"/>'
        '<table:table-cell table:formula="of:=IF([.A1]&gt;&quot;a&quot;;[.D2];&quot;&quot;)"/>'
        "</table:table-row><table:table-row>"
        '<table:table-cell office:value-type="string"><text:p>孙七</text:p></table:table-cell>'
        "<table:table-cell/><table:table-cell/>"
        '<table:table-cell table:formula="of:=[.D2]" office:value-type="string">'
        "<text:p>青禾一小</text:p></table:table-cell></table:table-row>"
    )
    content = ods(rest, hidden=())
    (sheet,) = read_sheets(content, "roster.ods")
    assert sheet.uncalculated == {(4, 3)}
    reading = read("teachers", content, name="roster.ods")
    assert (None, "formula-not-calculated", "warning") in codes(reading)
