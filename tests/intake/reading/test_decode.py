"""Bytes to text, and text to rows."""

import codecs
import csv
import io
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from teacherreg.errors import IntakeError
from teacherreg.intake.decode import decode
from teacherreg.intake.sheets import read_sheets
from teacherreg.intake.text_table import find_delimiter, read_text_table

ROSTER = "姓名,性别\n张三,男\n"


@pytest.mark.parametrize(
    ("written_as", "read_as"),
    [
        pytest.param("utf-8", "utf-8", id="UTF-8 without a mark"),
        pytest.param("utf-8-sig", "utf-8", id="Excel 'CSV UTF-8'"),
        pytest.param("gbk", "gb18030", id="Chinese Excel 'CSV'"),
        pytest.param("gb18030", "gb18030", id="WPS"),
        pytest.param("utf-16", "utf-16-le", id="Excel 'Unicode text'"),
    ],
)
def test_reads_what_office_programs_write(written_as: str, read_as: str) -> None:
    assert decode(ROSTER.encode(written_as), "a.csv") == (ROSTER.encode(), read_as)


def test_reads_big_endian_unicode() -> None:
    assert decode(b"\xfe\xff" + ROSTER.encode("utf-16-be"), "a.csv") == (
        ROSTER.encode(),
        "utf-16-be",
    )


def test_reads_characters_that_only_gb18030_has() -> None:
    assert decode("姓名\n𠮷㵘\n".encode("gb18030"), "a.csv")[0] == "姓名\n𠮷㵘\n".encode()


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(("姓名\n" + "张三丰\n" * 50).encode()[:-2], id="UTF-8 cut off"),
        pytest.param(b"\xef\xbb\xbf" + "姓名".encode("gbk"), id="mark of UTF-8 before GBK"),
        pytest.param(b"a,b\n\x01\x02\x03", id="controls"),
        pytest.param(b"\xff\xfe\x00", id="half a character"),
    ],
)
def test_refuses_rather_than_showing_nonsense(content: bytes) -> None:
    with pytest.raises(IntakeError) as raised:
        decode(content, "a.csv")
    assert raised.value.code == "file-encoding"
    assert "a.csv" in raised.value.message


@given(st.text(alphabet=st.characters(codec="gb18030", categories=("L", "N", "Po")), min_size=8))
def test_text_in_gb18030_is_read_or_refused_never_changed(text: str) -> None:
    content = text.encode("gb18030")
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        with suppress(IntakeError):
            assert decode(content, "a.csv")[0] == text.encode()


@given(st.text(alphabet=st.characters(categories=("L", "N", "P"))))
def test_text_in_utf8_is_read_as_it_is(text: str) -> None:
    assert decode(text.encode(), "a.csv")[0] == text.removeprefix("\ufeff").encode()


HAN = st.text(alphabet=st.characters(codec="gbk", categories=("Lo",)), min_size=1, max_size=5)


@given(
    st.lists(st.tuples(HAN, HAN), max_size=5),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16-le", "utf-16-be", "gbk", "gb18030"]),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from([",", "\t", ";"]),
)
def test_a_roster_is_the_same_in_every_encoding(
    people: list[tuple[str, str]], encoding: str, line_end: str, delimiter: str
) -> None:
    rows = [("姓名", "学校名称"), *people]
    text = "".join(delimiter.join(row) + line_end for row in rows)
    mark = {"utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE}
    content = mark.get(encoding, b"") + text.encode(encoding)
    (sheet,) = read_sheets(content, "roster.xls")
    assert sheet.cells.rows() == rows


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("a,b,c\n1,2,3\n", ","),
        ("a\tb\tc\n1\t2\t3\n", "\t"),
        ("a;b;c\n1,5;2;3\n", ";"),
        ("花名册\n姓名,性别,备注\n张三,男,甲;乙\n", ","),
        ('姓名,性别,备注\n张三,男,"甲,乙;"\n李四,女,"丙,丁,\n戊;"\n王五,女,";"\n', ","),
        ("a,b,c,d\n1,2,3,x;\n1,2,3,y;\n1,2,3;\n1,2,3;4;\n", ","),
        ("sep=;\na;b\n", ";"),
        ('"sep=;"\na,b;c\n', ";"),
        ("姓名\n张三\n", ","),
    ],
)
def test_finds_what_parts_the_columns(text: str, delimiter: str) -> None:
    assert find_delimiter(text) == delimiter


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("a,b\n\nc,d\n", [("a", "b"), (None, None), ("c", "d")]),
        ('a,"b\n2"\nc,d\n', [("a", "b\n2"), ("c", "d")]),
        ('a,"x, ""y"""\n', [("a", 'x, "y"')]),
        ("a\r\nb\r\n", [("a",), ("b",)]),
        ("a,b\rc,d\r", [("a", "b"), ("c", "d")]),
        ("title\na,b,c\nd\n", [("title", None, None), ("a", "b", "c"), ("d", None, None)]),
        ("a,b\nc,d,e\n", [("a", "b", None), ("c", "d", "e")]),
        ('a,5" pipe\nb,c\n', [("a", '5" pipe'), ("b", "c")]),
        ("a,\nb,c", [("a", None), ("b", "c")]),
    ],
)
def test_a_record_is_a_row_as_in_a_spreadsheet(text: str, rows: list[tuple[str, ...]]) -> None:
    assert read_text_table(text.encode(), "a.csv").rows() == rows


def test_a_longer_line_far_down_loses_nothing() -> None:
    text = "a,b\n" * 100_000 + "c,d,e,f\n"
    table = read_text_table(text.encode(), "a.csv")
    assert table.row(100_000) == ("c", "d", "e", "f")
    assert table.height == 100_001


CELL = st.text(alphabet='ab,"\n张', max_size=4)


@given(st.lists(st.lists(CELL, min_size=2, max_size=2), min_size=1, max_size=6))
def test_reads_back_what_python_writes(rows: list[list[str]]) -> None:
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows(rows)
    read = read_text_table(out.getvalue().encode(), "a.csv").rows()
    padded = [[cell or "" for cell in row] + [""] * (2 - len(row)) for row in read]
    assert padded == rows
