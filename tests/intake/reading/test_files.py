"""What is a workbook, whatever its name says, and what is refused."""

import io
import zipfile
from pathlib import Path
from typing import Any

import msoffcrypto
import pytest
import xlsxwriter
from msoffcrypto.format.ooxml import OOXMLFile

from teacherreg.errors import IntakeError
from teacherreg.locale import speaking
from tests.intake.reading.made import MAN, WOMAN, codes, xls

HEADER = ["姓名", "身份证件号", "性别", "学校名称"]
ROWS = [HEADER, ["张三", MAN, "男", "青禾一小"], ["李四", WOMAN, "女", "青禾一小"]]


def names(reading: Any) -> list[str]:
    return reading.rows["name"].to_list()


def test_reads_xlsx(read: Any, workbook: Any) -> None:
    reading = read("teachers", workbook.write(ROWS))
    assert names(reading) == ["张三", "李四"]
    assert reading.rows["row"].to_list() == [2, 3]
    assert reading.rows["sheet"].to_list() == ["Sheet1", "Sheet1"]


def test_reads_xls_under_any_name(read: Any, tmp_path: Path) -> None:
    for name in ("roster.xls", "roster.et", "roster.xlsx"):
        path = tmp_path / name
        path.write_bytes(xls(ROWS))
        assert names(read("teachers", path)) == ["张三", "李四"]


def test_reads_text_and_html_that_call_themselves_xls(read: Any, tmp_path: Path) -> None:
    path = tmp_path / "roster.xls"
    path.write_text("\n".join("\t".join(row) for row in ROWS), encoding="gb18030")
    assert names(read("teachers", path)) == ["张三", "李四"]
    cells = "".join(
        "<tr>" + "".join(f"<td style='mso-number-format:\\@'>{c}</td>" for c in row) + "</tr>"
        for row in ROWS
    )
    title = "<tr><td colspan=4>教师花名册</td></tr>"
    path.write_text(f"<html><meta charset=utf-8><body><table>{title}{cells}</table></body></html>")
    reading = read("teachers", path)
    assert (names(reading), reading.rows["row"].to_list()) == (["张三", "李四"], [3, 4])
    assert reading.skipped == {"title": 1}


def test_reads_ods(read: Any, tmp_path: Path) -> None:
    path = tmp_path / "roster.ods"
    rows = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p>'
            "</table:table-cell>"
            for cell in row
        )
        + "</table:table-row>"
        for row in ROWS
    )
    names_of = "urn:oasis:names:tc:opendocument:xmlns"
    manifest = f"{names_of}:manifest:1.0"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "META-INF/manifest.xml",
            f'<m:manifest xmlns:m="{manifest}"><m:file-entry m:full-path="/" m:media-type="x"/>'
            "</m:manifest>",
        )
        archive.writestr(
            "content.xml",
            f'<?xml version="1.0"?><office:document-content xmlns:office="{names_of}:office:1.0" '
            f'xmlns:table="{names_of}:table:1.0" xmlns:text="{names_of}:text:1.0"><office:body>'
            f'<office:spreadsheet><table:table table:name="甲">{rows}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )
    assert names(read("teachers", path)) == ["张三", "李四"]


def test_names_and_sizes_the_files(read: Any) -> None:
    reading = read("teachers", ROWS, [HEADER, ROWS[1]])
    assert [file.name for file in reading.files] == ["0-roster.csv", "1-roster.csv"]
    assert {len(file.sha256) for file in reading.files} == {64}
    assert reading.rows_read == 3


def protected(plain: bytes, password: str) -> bytes:
    out = io.BytesIO()
    OOXMLFile(io.BytesIO(plain)).encrypt(password, out)
    return out.getvalue()


def broken_zip(content: bytes) -> bytes:
    return content[: len(content) // 2]


def word_document() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<w:document/>")
    return out.getvalue()


def with_a_far_cell() -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, HEADER)
    sheet.write(1048575, 16383, "x")
    book.close()
    return out.getvalue()


def with_an_impossible_extent() -> bytes:
    """An .xls whose Dimensions record ([MS-XLS] 2.4.90) announces four thousand million rows."""
    content = xls(ROWS)
    at = content.index(b"\x00\x02\x0e\x00") + 4  # kind 0x0200, 14 bytes: first row, last row
    return content[: at + 4] + b"\xff\xff\xff\xff" + content[at + 8 :]


def as_xlsx(rows: list[list[str]]) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet()
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    book.close()
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        pytest.param(b"", "file-empty", id="empty"),
        pytest.param(b"\xef\xbb\xbf\r\n ,,\n", "file-empty", id="nothing but separators"),
        pytest.param(
            b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 5\n",
            "file-git-lfs",
            id="Git LFS pointer",
        ),
        pytest.param(b"%PDF-1.7\n1 0 obj\n", "file-not-workbook", id="PDF"),
        pytest.param(b"\x89PNG\r\n\x1a\n\x00\x00", "file-not-workbook", id="picture"),
        pytest.param(word_document(), "file-not-workbook", id="Word document"),
        pytest.param(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "file-damaged",
                     id="empty compound file"),
        pytest.param(b"<html><body>401</body></html>", "file-not-workbook", id="error page"),
        pytest.param(b'<?xml version="1.0"?><Workbook/>', "file-not-workbook", id="XML"),
        pytest.param(broken_zip(as_xlsx(ROWS)), "file-damaged", id="half an xlsx"),
        pytest.param(broken_zip(xls(ROWS)), "file-damaged", id="half an xls"),
        pytest.param(protected(as_xlsx(ROWS), "geheim"), "file-password", id="password"),
        pytest.param(with_a_far_cell(), "sheet-too-large", id="a far cell"),
        pytest.param(with_an_impossible_extent(), "file-damaged", id="an impossible extent"),
        pytest.param("甲,乙\n丙,丁\n".encode(), "no-header", id="no header"),
        pytest.param("性别,民族,学段\n男,汉,小学\n".encode(), "columns-missing", id="no name"),
    ],
)  # fmt: skip
def test_refuses_what_it_cannot_read(read: Any, content: bytes, code: str) -> None:
    with pytest.raises(IntakeError) as raised:
        read("teachers", content, name="roster.xlsx")
    assert raised.value.code == code
    assert "roster.xlsx" in raised.value.message
    for language in ("zh", "en"):
        with speaking(language):
            assert raised.value.hint


def test_a_workbook_that_opens_without_asking_is_read(read: Any, tmp_path: Path) -> None:
    """Excel encrypts workbooks marked read-only with a password that everybody knows."""
    path = tmp_path / "roster.xlsx"
    path.write_bytes(protected(as_xlsx(ROWS), "VelvetSweatshop"))
    assert msoffcrypto.OfficeFile(io.BytesIO(path.read_bytes())).is_encrypted()
    assert names(read("teachers", path)) == ["张三", "李四"]


def test_refuses_what_is_not_there(read: Any, tmp_path: Path) -> None:
    missing = tmp_path / "none.xlsx"
    for path, code in ((missing, "file-missing"), (tmp_path, "folder-without-rosters")):
        with pytest.raises(IntakeError) as raised:
            read("teachers", path)
        assert raised.value.code == code


def test_refuses_an_unknown_kind(read: Any) -> None:
    with pytest.raises(IntakeError) as raised:
        read("pupils", ROWS)
    assert "schools, teachers, titles, conduct" in raised.value.message


def test_says_which_columns_are_expected(read: Any) -> None:
    with speaking("zh"):
        with pytest.raises(IntakeError) as raised:
            read("titles", "姓名,级别,授予时间\n张三,县级,2020-09\n")
        assert raised.value.message == (
            "roster.csv 第 1 行的表头缺少必需的列：称号。表头有：姓名、级别、授予时间。"
        )
        assert "--map A=title_kind" in raised.value.hint


def test_an_error_cell_is_told_and_not_taken(read: Any, tmp_path: Path) -> None:
    path = tmp_path / "roster.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, [*HEADER, "学段"])
    sheet.write_row(1, 0, ["张三", MAN, "男", "青禾一小"])
    sheet.write_formula(1, 4, "=VLOOKUP(1,A1:B2,2)", None, "#N/A")
    sheet.write_row(2, 1, [WOMAN, "女", "青禾一小"])
    sheet.write_formula(2, 0, "=A99", None, "#REF!")
    book.close()
    reading = read("teachers", path)
    assert codes(reading) == [(2, "cell-error", "warning"), (3, "cell-error", "error")]
    assert names(reading) == ["张三"]


def test_hidden_rows_are_read_and_told(read: Any, tmp_path: Path) -> None:
    path = tmp_path / "roster.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet()
    for number, row in enumerate(ROWS):
        sheet.write_row(number, 0, row)
    sheet.set_row(2, None, None, {"hidden": True})
    book.close()
    reading = read("teachers", path)
    assert codes(reading) == [(None, "rows-hidden", "warning")]
    assert len(names(reading)) == 2


def test_day_numbers_follow_the_calendar_of_the_workbook(read: Any, tmp_path: Path) -> None:
    path = tmp_path / "roster.xlsx"
    book = xlsxwriter.Workbook(str(path), {"date_1904": True})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["姓名", "学校名称", "参加工作年月"])
    sheet.write_row(1, 0, ["张三", "青禾一小", 38595])  # 40057 - 1462; 1904 base: 2009-09-01
    book.close()
    assert str(read("teachers", path).rows["work_started_on"][0]) == "2009-09-01"
