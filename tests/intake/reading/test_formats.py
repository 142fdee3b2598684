"""Every format is read by its content, whatever the name says."""

from typing import Any

import pytest

from teacherreg.errors import IntakeError
from teacherreg.intake.sheets import read_sheets
from tests.intake.reading import formats
from tests.intake.reading.made import MAN, WOMAN, xls

ROWS = [
    ["姓名", "身份证件号", "性别", "学校名称"],
    ["张三", MAN, "男", "青禾一小"],
    ["李四", WOMAN, "女", "青禾一小"],
]
CSV = "".join(",".join(row) + "\n" for row in ROWS)

CONTENTS = {
    "xlsx": formats.xlsx(ROWS),
    "xlsx, strict": formats.strict(ROWS),
    "xlsm": formats.xlsm(ROWS),
    "xlsb": formats.xlsb(ROWS),
    "xls": xls(ROWS),
    "ods": formats.ods(ROWS),
    "csv": CSV.encode("gb18030"),
    "tsv": CSV.replace(",", "\t").encode("utf-16"),
    "html": formats.html(ROWS).encode("gb18030"),
    "mhtml": formats.mhtml(ROWS),
    "xml": formats.spreadsheet_xml(ROWS).encode("gb18030"),
}


@pytest.mark.parametrize("ending", ["xlsx", "xls", "et", "csv"])
@pytest.mark.parametrize("kind", CONTENTS)
def test_the_content_decides(read: Any, kind: str, ending: str) -> None:
    reading = read("teachers", CONTENTS[kind], name=f"roster.{ending}")
    assert reading.rows["name"].to_list() == ["张三", "李四"]
    assert reading.rows["id_number"].to_list() == [MAN, WOMAN]
    assert reading.rows["row"].to_list() == [2, 3]


def test_an_ods_padded_to_the_last_row_and_column_is_read(read: Any) -> None:
    """LibreOffice writes what is empty below as one row repeated a million times."""
    rest = (
        '<table:table-row table:number-rows-repeated="1048573">'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    )
    reading = read("teachers", formats.ods(ROWS, rest=rest), name="roster.ods")
    assert reading.rows_read == 2


def test_an_ods_with_a_password_is_told(read: Any) -> None:
    manifest = formats.unpacked(formats.ods(ROWS))["META-INF/manifest.xml"].decode()
    entry = (
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml">'
        '<manifest:encryption-data manifest:checksum="x"/></manifest:file-entry>'
    )
    locked = manifest.replace("</manifest:manifest>", f"{entry}</manifest:manifest>")
    content = formats.with_part(formats.ods(ROWS), "META-INF/manifest.xml", locked)
    with pytest.raises(IntakeError) as raised:
        read("teachers", content, name="roster.ods")
    assert raised.value.code == "file-password"


def test_days_of_a_strict_workbook_are_days() -> None:
    parts = formats.unpacked(formats.strict([["出生日期", "x"]]))
    name = "xl/worksheets/sheet1.xml"
    cell = b'<c r="C1" t="d"><v>1985-03-15</v></c></row>'
    content = formats.with_part(
        formats.packed(parts), name, parts[name].replace(b"</row>", cell, 1)
    )
    (sheet,) = read_sheets(content, "a.xlsx")
    assert sheet.cells.row(0) == ("出生日期", "x", "1985-03-15")


def test_a_sheet_that_begins_further_in_keeps_its_places() -> None:
    content = formats.xlsx_of(formats.sheet_xml({"C3": "丙", "D5": "丁"}))
    (sheet,) = read_sheets(content, "a.xlsx")
    none = (None,) * 4
    assert sheet.cells.rows() == [
        none, none, (None, None, "丙", None), none, (None, None, None, "丁"),
    ]  # fmt: skip


def test_numbers_are_told_from_texts_over_many_rows() -> None:
    """Sheets travel two thousand rows at a time."""
    rows = [["x", str(number)] for number in range(4_500)]
    rows[2_100:2_100] = [["x", 7]]  # type: ignore[list-item]
    (sheet,) = read_sheets(formats.xlsx(rows), "a.xlsx")
    assert sheet.cells["1"].to_list() == [
        *map(str, range(2_100)),
        "7",
        *map(str, range(2_100, 4_500)),
    ]
    assert sheet.numbers["1"].arg_true().to_list() == [2_100]
    assert list(sheet.numbers) == ["1"]


def test_no_character_of_a_cell_ends_it() -> None:
    (sheet,) = read_sheets(xls([["甲\0乙", "丙"], ["丁", "\0"]]), "a.xls")
    assert sheet.cells.rows() == [("甲乙", "丙"), ("丁", None)]


def test_pages_name_their_sheets() -> None:
    head = "<!--[if gte mso 9]><xml><x:Name>甲&amp;乙</x:Name></xml><![endif]-->"
    (sheet,) = read_sheets(formats.html(ROWS, head).encode(), "a.xls")
    assert sheet.name == "甲&乙"
    assert [sheet.name for sheet in read_sheets(formats.mhtml(ROWS), "a.xls")] == ["甲校"]


def test_xml_spreadsheets_keep_places_types_and_merges() -> None:
    inside = """
      <Row ss:Index="5" ss:Hidden="1">
        <Cell ss:MergeDown="1"><Data ss:Type="String">甲</Data></Cell>
        <Cell ss:Index="3" ss:MergeAcross="1"><Data ss:Type="Number">6.4</Data></Cell>
        <Cell><Data ss:Type="DateTime">1985-03-15T00:00:00.000</Data>
          <Comment><ss:Data>看</ss:Data></Comment></Cell>
      </Row>
      <Row><Cell ss:Index="2"><Data ss:Type="Number">12</Data></Cell></Row>
      <Row><Cell><Data ss:Type="Boolean">1</Data></Cell><Cell><Data ss:Type="Number">?</Data></Cell>
      </Row>"""
    (sheet,) = read_sheets(formats.spreadsheet_xml([], inside=inside).encode(), "a.xls")
    assert sheet.cells.rows()[4:] == [
        ("甲", None, "6.4", None, "1985-03-15"),
        ("甲", "12", None, None, None),
        ("TRUE", "?", None, None, None),
    ]
    assert sheet.merges == (((4, 0), (5, 0)), ((4, 2), (4, 3)))
    assert sheet.filled == {(5, 0)}
    assert sheet.hidden_rows == {4}
    assert {index: flags.arg_true().to_list() for index, flags in sheet.numbers.items()} == {
        "1": [5], "2": [4],
    }  # fmt: skip


def test_xml_spreadsheets_tell_hidden_sheets() -> None:
    options = "</Table><x:WorksheetOptions><x:Visible>SheetHidden</x:Visible></x:WorksheetOptions>"
    text = formats.spreadsheet_xml(ROWS).replace("</Table>", options)
    assert [sheet.is_hidden for sheet in read_sheets(text.encode(), "a.xls")] == [True]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        pytest.param(b"PK\x05\x06" + b"\0" * 18, "file-not-workbook", id="empty archive"),
        pytest.param(formats.packed({"a.txt": "x"}), "file-archive", id="archive of files"),
        pytest.param(b"Rar!\x1a\x07\x00" + b"\0" * 50, "file-archive", id="RAR"),
        pytest.param(b"\x1f\x8b\x08" + b"\0" * 50, "file-archive", id="gzip"),
        pytest.param(b"<?xml version='1.0'?><a/>", "file-not-workbook", id="other XML"),
        pytest.param(
            formats.spreadsheet_xml(ROWS)[:-30].encode(), "file-damaged", id="half an XML workbook"
        ),
        pytest.param(b"MIME-Version: 1.0\n\nletter\n", "file-not-workbook", id="letter"),
    ],
)
def test_refuses_what_is_none(read: Any, content: bytes, code: str) -> None:
    with pytest.raises(IntakeError) as raised:
        read("teachers", content, name="roster.xls")
    assert raised.value.code == code


def test_an_error_in_a_cell_is_given_as_it_is_written() -> None:
    content = formats.xlsx(ROWS)
    parts = formats.unpacked(content)
    name = "xl/worksheets/sheet1.xml"
    cell = b'<c r="F1" t="e"><v>#REF!</v></c><c r="G1" t="str"><v>x</v></c></row>'
    content = formats.with_part(content, name, parts[name].replace(b"</row>", cell, 1))
    (sheet,) = read_sheets(content, "a.xlsx")
    assert sheet.cells.row(0)[4:] == (None, "#REF!", "x")
