"""Files made to harm who opens them: small, and without end, measure or sense inside."""

import io
import struct
import zlib
from collections.abc import Callable
from typing import Final

from tests.intake.reading import formats
from tests.intake.reading.made import MAN, xls

ROWS: Final = [["姓名", "身份证件号", "性别", "学校名称"], ["张三", MAN, "男", "青禾一小"]]

_SHEET: Final = "xl/worksheets/sheet1.xml"
_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def laughs(root: str) -> str:
    """A document type in which ten entities make ten thousand million times “哈”."""
    entities = '<!ENTITY a0 "哈哈哈哈哈哈哈哈哈哈">' + "".join(
        f'<!ENTITY a{number} "{f"&a{number - 1};" * 10}">' for number in range(1, 10)
    )
    return f"<!DOCTYPE {root} [{entities}]>"


def xml_bomb_in_sheet() -> bytes:
    return formats.xlsx_of(formats.sheet_xml({"A1": "&a9;"}, before=laughs("worksheet")))


def xml_bomb_in_strings() -> bytes:
    sheet = (
        f'<worksheet xmlns="{_MAIN}"><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c></row>'
        "</sheetData></worksheet>"
    )
    strings = f'{laughs("sst")}<sst xmlns="{_MAIN}"><si><t>&a9;</t></si></sst>'
    return formats.xlsx_of(sheet, strings)


def xml_bomb_in_spreadsheet_xml() -> bytes:
    inside = '<Row><Cell><Data ss:Type="String">&a9;</Data></Cell></Row>'
    return formats.spreadsheet_xml(ROWS, before=laughs("Workbook"), inside=inside).encode()


def deflated(block: bytes, times: int, first: bytes = b"") -> bytes:
    """Deflate the same block many times over without going through it each time."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    start = packer.compress(first) + packer.flush(zlib.Z_FULL_FLUSH)
    one = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)
    return start + one * times + b"\x03\x00"  # an empty last block


def with_raw_part(content: bytes, name: str, raw: bytes, size: int, *, copies: int = 1) -> bytes:
    """Put deflated bytes under a name, with a size that is only said.

    With copies the directory names the same bytes several times: entries that overlap.
    """
    parts = [(part, zlib.crc32(b), len(b), deflated(b, 1)) for part, b in
             formats.unpacked(content).items() if part != name]  # fmt: skip
    parts.append((name, 0, size, raw))
    out, directory = io.BytesIO(), b""
    for part, crc, length, packed in parts:
        start, said = out.tell(), part.encode()
        fields = struct.pack("<5H3I", 20, 0x800, 8, 0, 33, crc, len(packed), min(length, 2**32 - 2))
        out.write(b"PK\x03\x04" + fields + struct.pack("<2H", len(said), 0) + said + packed)
        for copy in range(copies if part == name else 1):
            called = said if not copy else b"xl/worksheets/copy%d.xml" % copy
            directory += b"PK\x01\x02" + struct.pack("<H", 20) + fields
            directory += struct.pack("<5H2I", len(called), 0, 0, 0, 0, 0, start) + called
    count, start = len(parts) + copies - 1, out.tell()
    end = struct.pack("<4H2IH", 0, 0, count, count, len(directory), start, 0)
    return out.getvalue() + directory + b"PK\x05\x06" + end


def zip_bomb(said: int) -> bytes:
    """A sheet that inflates to 4 GB of blanks; its directory says another size."""
    return with_raw_part(formats.xlsx(ROWS), _SHEET, deflated(b" " * 1_000_000, 4_000), said)


def string_bomb() -> bytes:
    """The same in the shared strings, which only calamine unpacks."""
    first = f'<sst xmlns="{_MAIN}">'.encode()
    raw = deflated(b"<si><t>" + b"x" * 999_980 + b"</t></si>", 1_400, first)
    return with_raw_part(formats.xlsx(ROWS), "xl/sharedStrings.xml", raw, 1_400_000_000)


def overlapping_entries() -> bytes:
    """Thousands of parts, all of them the same bytes of the file."""
    raw = deflated(b" " * 1_000_000, 100)
    return with_raw_part(formats.xlsx(ROWS), _SHEET, raw, 100_000_000, copies=4_000)


def nested_archives() -> bytes:
    return formats.packed({"a.xlsx": formats.packed({"b.xlsx": formats.xlsx(ROWS)})})


def long_text_in_many_cells() -> bytes:
    """One text of 32,767 characters, shown by 200,000 cells."""
    rows = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 200_001))
    strings = f'<sst xmlns="{_MAIN}"><si><t>{"长" * 32_767}</t></si></sst>'
    sheet = f'<worksheet xmlns="{_MAIN}"><sheetData>{rows}</sheetData></worksheet>'
    return formats.xlsx_of(sheet, strings)


def far_cell() -> bytes:
    return formats.xlsx_of(formats.sheet_xml({"A1": "姓名", "XFD1048576": "x"}))


def far_cell_without_order() -> bytes:
    """The far cell comes first, so that the last cell of the part looks harmless."""
    return formats.xlsx_of(formats.sheet_xml({"XFD1048576": "x", "A1": "姓名"}))


def far_row_number() -> bytes:
    return formats.xlsx_of(formats.sheet_xml({"A1": "姓名", "A4294967295": "x"}))


def many_merges() -> bytes:
    """Ten thousand merges, each over all of two hundred thousand rows."""
    merges = '<mergeCell ref="A1:B200000"/>' * 10_000
    after = f'<mergeCells count="10000">{merges}</mergeCells>'
    return formats.xlsx_of(formats.sheet_xml({"A1": "姓名", "D200000": "x"}, after=after))


def xlsb_extent() -> bytes:
    return formats.xlsb(ROWS, extent=(0, 2**32 - 2, 0, 16_383))


def xlsb_row() -> bytes:
    return formats.xlsb(ROWS, first_row=2**31)


def xlsb_long_text() -> bytes:
    """A text that says it has two thousand million letters."""
    parts = formats.unpacked(formats.xlsb(ROWS))
    name = "xl/worksheets/sheet1.bin"
    at = parts[name].index("姓名".encode("utf-16-le")) - 4
    sheet = parts[name][:at] + struct.pack("<I", 2**31) + parts[name][at + 4 :]
    return formats.packed({**parts, name: sheet})


def ods_repeated(rows: int, columns: int) -> bytes:
    rest = (
        f'<table:table-row table:number-rows-repeated="{rows}">'
        f'<table:table-cell office:value-type="string" table:number-columns-repeated="{columns}">'
        "<text:p>甲</text:p></table:table-cell></table:table-row>"
    )
    return formats.ods(ROWS, rest=rest)


def xls_extent() -> bytes:
    """Its Dimensions record ([MS-XLS] 2.4.90) announces four thousand million rows."""
    content = xls(ROWS)
    at = content.index(b"\x00\x02\x0e\x00") + 4  # kind 0x0200, 14 bytes: first row, last row
    return content[: at + 4] + b"\xff\xff\xff\xff" + content[at + 8 :]


def html_spans() -> bytes:
    cell = '<td rowspan="1000" colspan="1000">x</td>'
    return f"<table>{'<tr>' + cell * 20 + '</tr>'}{'<tr></tr>' * 20_000}</table>".encode()


def html_without_end() -> bytes:
    """What a careless pattern for comments takes 2 to the 500th steps to refuse."""
    return b"<!---->" * 500 + b"x"


def xml_far_cell() -> bytes:
    far = 'ss:Index="2000000000"'
    inside = f'<Row {far}><Cell {far}><Data ss:Type="String">x</Data></Cell></Row>'
    return formats.spreadsheet_xml(ROWS, inside=inside).encode()


def endless_tags() -> bytes:
    """Tags that are opened and never closed: whoever looks for an end looks for hours."""
    return formats.xlsx_of(formats.sheet_xml({"A1": "姓名"}, after='<c r="AA1" ' * 400_000 + "/>"))


def wide_lines() -> bytes:
    """Two columns beyond a thousand announced, a million lines of one: no workbook, but text."""
    return b"," * 1_900 + b"\n" + b"a\n" * 1_000_000


# Each with the code it is refused with.
HOSTILE: Final[dict[str, tuple[Callable[[], bytes], str]]] = {
    "XML bomb in a sheet": (xml_bomb_in_sheet, "file-damaged"),
    "XML bomb in the strings": (xml_bomb_in_strings, "file-damaged"),
    "XML bomb in XML Spreadsheet": (xml_bomb_in_spreadsheet_xml, "file-damaged"),
    "zip bomb": (lambda: zip_bomb(4_000_000_000), "sheet-too-large"),
    "zip bomb of forged size": (lambda: zip_bomb(1_000), "file-damaged"),
    "zip bomb in the strings": (string_bomb, "file-memory"),
    "overlapping entries": (overlapping_entries, "sheet-too-large"),
    "nested archives": (nested_archives, "file-archive"),
    "a long text in many cells": (long_text_in_many_cells, "file-memory"),
    "a far cell": (far_cell, "sheet-too-large"),
    "a far cell, out of order": (far_cell_without_order, "sheet-too-large"),
    "a row number beyond any": (far_row_number, "sheet-too-large"),
    "merges over everything": (many_merges, "sheet-too-large"),
    "an .xlsb with a far row": (xlsb_row, "file-empty"),
    "an .xlsb with a long text": (xlsb_long_text, "file-damaged"),
    "an .ods with rows repeated": (lambda: ods_repeated(2**31, 15), "file-memory"),
    "an .ods with columns repeated": (lambda: ods_repeated(1, 2**31), "sheet-too-large"),
    "an .ods with both repeated": (lambda: ods_repeated(10**6, 16_384), "file-damaged"),
    "an .xls with an impossible extent": (xls_extent, "file-damaged"),
    "spans over everything": (html_spans, "sheet-too-large"),
    "comments without end": (html_without_end, "file-not-workbook"),
    "a far cell in XML Spreadsheet": (xml_far_cell, "sheet-too-large"),
    "lines of very unlike length": (wide_lines, "text-too-large"),
}
