"""Workbooks of every format, written by hand where no program is at hand to write them."""

import base64
import io
import re
import struct
import zipfile
from collections.abc import Collection, Mapping, Sequence
from html import escape
from typing import Any

import xlsxwriter

Rows = Sequence[Sequence[str]]

_OFFICE = "http://schemas.openxmlformats.org"
_OASIS = "urn:oasis:names:tc:opendocument:xmlns"


def packed(parts: Mapping[str, str | bytes]) -> bytes:
    """A .zip of parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def unpacked(content: bytes) -> dict[str, bytes]:
    """The parts of a .zip."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def with_part(content: bytes, name: str, part: str | bytes) -> bytes:
    """The same workbook with another part under a name."""
    return packed({**unpacked(content), name: part})


def xlsx(rows: Rows, **options: Any) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, **options})
    sheet = book.add_worksheet()
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    book.close()
    return out.getvalue()


def strict(rows: Rows) -> bytes:
    """What Excel saves as “Strict Open XML Spreadsheet”: the same under ISO's own names."""
    names = {
        f"{_OFFICE}/spreadsheetml/2006/main": "http://purl.oclc.org/ooxml/spreadsheetml/main",
        f"{_OFFICE}/officeDocument/2006/": "http://purl.oclc.org/ooxml/officeDocument/",
    }
    parts = {name: part.decode() for name, part in unpacked(xlsx(rows)).items()}
    for old, new in names.items():
        parts = {name: part.replace(old, new) for name, part in parts.items()}
    return packed(parts)


def xlsm(rows: Rows) -> bytes:
    """A workbook with macros: another type, and a part of code that nobody runs."""
    parts = unpacked(xlsx(rows))
    types = parts["[Content_Types].xml"].decode()
    kind = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    parts["[Content_Types].xml"] = re.sub(
        r"application/vnd\.openxmlformats[^\"]*sheet\.main\+xml", kind, types
    ).encode()
    return packed({**parts, "xl/vbaProject.bin": b"\x00code"})


def xlsx_of(sheet: str, strings: str | None = None) -> bytes:
    """A workbook with the parts of its sheet and of its shared strings as given."""
    parts = {**unpacked(xlsx([["甲"]])), "xl/worksheets/sheet1.xml": sheet.encode()}
    if strings is not None:
        parts["xl/sharedStrings.xml"] = strings.encode()
    return packed(parts)


def sheet_xml(cells: Mapping[str, str], before: str = "", after: str = "") -> str:
    """A sheet part with inline texts at places such as "B3", in the order given."""
    rows = "".join(
        f'<row r="{re.sub("[A-Z]", "", place)}"><c r="{place}" t="inlineStr"><is><t>{text}</t>'
        "</is></c></row>"
        for place, text in cells.items()
    )
    return (
        f'{before}<worksheet xmlns="{_OFFICE}/spreadsheetml/2006/main">'
        f"<sheetData>{rows}</sheetData>{after}</worksheet>"
    )


def ods(rows: Rows, *, rest: str = "", in_cell: str = "") -> bytes:
    """An .ods; ``rest`` stands after the rows, ``in_cell`` in the tag of every cell."""
    body = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"{in_cell}><text:p>{escape(cell)}</text:p>'
            "</table:table-cell>"
            for cell in row
        )
        + "</table:table-row>"
        for row in rows
    )
    return packed(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "META-INF/manifest.xml": f'<manifest:manifest xmlns:manifest="{_OASIS}:'
            'manifest:1.0"><manifest:file-entry manifest:full-path="/" manifest:media-type="x"/>'
            "</manifest:manifest>",
            "content.xml": f'<?xml version="1.0"?><office:document-content '
            f'xmlns:office="{_OASIS}:office:1.0" xmlns:table="{_OASIS}:table:1.0" '
            f'xmlns:text="{_OASIS}:text:1.0"><office:body><office:spreadsheet>'
            f'<table:table table:name="甲">{body}{rest}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        }
    )


def _record(kind: int, content: bytes = b"") -> bytes:
    """A record of [MS-XLSB] 2.1.4: kind and size in seven bits a byte."""
    name = bytes([kind]) if kind < 0x80 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size, length = b"", len(content)
    while True:
        length, low = length >> 7, length & 0x7F
        size += bytes([low | 0x80 if length else low])
        if not length:
            return name + size + content


def _wide(text: str) -> bytes:
    return struct.pack("<I", len(text.encode("utf-16-le")) // 2) + text.encode("utf-16-le")


def xlsb(
    rows: Rows,
    extent: tuple[int, int, int, int] | None = None,
    first_row: int = 0,
    hidden: tuple[Collection[int], Collection[int]] = ((), ()),
    name: str = "Sheet1",
) -> bytes:
    """An .xlsb ([MS-XLSB]); its extent and the number of its first row may be forged.

    ``hidden`` are its hidden rows and columns, each as a number from zero.
    """
    extent = extent or (0, len(rows) - 1, 0, max(map(len, rows)) - 1)
    cells = b"".join(
        _record(  # BrtRowHdr; fDyZero hides it
            0,
            struct.pack(
                "<IIHBBBI", first_row + number, 0, 300, 0, 0x10 * (number in hidden[0]), 0, 0
            ),
        )
        + b"".join(
            _record(6, struct.pack("<II", column, 0) + _wide(cell))  # BrtCellSt
            for column, cell in enumerate(row)
        )
        for number, row in enumerate(rows)
    )
    sheet = _record(129) + _record(148, struct.pack("<4I", *extent))  # BrtBeginSheet, BrtWsDim
    infos = [_record(60, struct.pack("<4IH", at, at, 2304, 0, 1)) for at in hidden[1]]  # BrtColInfo
    if infos:
        sheet += _record(390) + b"".join(infos) + _record(391)  # BrtBeginColInfos
    sheet += _record(145) + cells + _record(146) + _record(130)
    bundle = _record(156, struct.pack("<II", 0, 1) + _wide("rId1") + _wide(name))
    return packed(
        {
            "[Content_Types].xml": f'<Types xmlns="{_OFFICE}/package/2006/content-types"/>',
            "xl/workbook.bin": _record(131) + _record(143) + bundle + _record(144) + _record(132),
            "xl/_rels/workbook.bin.rels": "<Relationships xmlns="
            f'"{_OFFICE}/package/2006/relationships"><Relationship Id="rId1" '
            f'Type="{_OFFICE}/officeDocument/2006/relationships/worksheet" '
            'Target="worksheets/sheet1.bin"/></Relationships>',
            "xl/worksheets/sheet1.bin": sheet,
        }
    )


def html(rows: Rows, head: str = "") -> str:
    """A page as WPS saves it under .xls."""
    cells = "".join(
        "<tr>" + "".join(f"<td x:str>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows
    )
    return (
        '<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head>'
        f"{head}</head><body><table>{cells}</table></body></html>"
    )


def mhtml(rows: Rows) -> bytes:
    """A “single file web page” of Excel: the frame, then a part for each sheet."""
    frame = (
        "<html><head><xml><x:ExcelWorkbook><x:ExcelWorksheets><x:ExcelWorksheet>"
        "<x:Name>甲校</x:Name></x:ExcelWorksheet></x:ExcelWorksheets></x:ExcelWorkbook></xml>"
        "</head></html>"
    )
    parts = [
        f"------=_P\nContent-Location: file:///C:/{name}\nContent-Transfer-Encoding: base64\n"
        f'Content-Type: text/html; charset="gb2312"\n\n'
        f"{base64.encodebytes(text.encode('gb18030')).decode()}\n"
        for name, text in (("a.htm", frame), ("a.files/sheet001.htm", html(rows)))
    ]
    head = "MIME-Version: 1.0\nX-Document-Type: Workbook\nContent-Type: multipart/related; "
    return f'{head}boundary="----=_P"\n\n{"".join(parts)}------=_P--\n'.encode()


def spreadsheet_xml(rows: Rows, *, before: str = "", inside: str = "") -> str:
    """“XML Spreadsheet 2003”; ``inside`` stands after the rows."""
    body = "".join(
        "<Row>"
        + "".join(f'<Cell><Data ss:Type="String">{escape(cell)}</Data></Cell>' for cell in row)
        + "</Row>"
        for row in rows
    )
    return (
        f'<?xml version="1.0" encoding="gb2312"?>{before}\n'
        '<?mso-application progid="Excel.Sheet"?>\n'
        '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
        'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet" '
        'xmlns:x="urn:schemas-microsoft-com:office:excel">'
        f'<Worksheet ss:Name="甲校"><Table>{body}{inside}</Table></Worksheet></Workbook>'
    )
