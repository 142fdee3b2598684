"""Reading “XML Spreadsheet 2003”, which some systems hand out under the name .xls.

One plain XML document holds the whole workbook; Microsoft describes it as the XML
Spreadsheet Reference. An XML with a document type is refused before any of it is expanded:
no spreadsheet program writes one, and entities within entities are how such a file is made
to fill a machine.
"""

import re
from datetime import datetime
from typing import Any, Final
from xml.parsers import expat

from teacherreg.errors import IntakeError
from teacherreg.intake.laid_out import LaidSheet, Merge, require_possible

_NAMESPACE: Final = "urn:schemas-microsoft-com:office:spreadsheet"
_EXCEL: Final = "urn:schemas-microsoft-com:office:excel"
_DECLARATION: Final = re.compile(r"\s*<\?xml\b[^>]*\?>")
_LOOKED_AT: Final = 4_000


def looks_like_spreadsheet_xml(text: str) -> bool:
    """Tell whether a text is a workbook in XML rather than a page."""
    start = text[:_LOOKED_AT]
    return _NAMESPACE in start and not re.search(r"<html\b", start, re.IGNORECASE)


def read_spreadsheet_xml(text: str, file: str) -> list[LaidSheet]:
    """Read the sheets of a workbook in XML.

    Args:
        text: The whole file, decoded.
        file: Its name, for errors.

    Returns:
        The sheets with cells, in the workbook's order.

    Raises:
        IntakeError: ``file-damaged`` if it is no well-formed XML or has a document type,
            ``sheet-too-large``.
    """
    workbook = _Workbook()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = workbook.refuse_doctype
    parser.StartElementHandler = workbook.start
    parser.EndElementHandler = workbook.end
    parser.CharacterDataHandler = workbook.text
    try:
        # The encoding it declares is that of the bytes, which have been decoded.
        parser.Parse(_DECLARATION.sub("", text, count=1), True)
    except (expat.ExpatError, ValueError) as error:
        raise IntakeError("file-damaged", file=file) from error
    return [sheet.laid_out(file) for sheet in workbook.sheets if sheet.cells]


class _Sheet:
    """The cells of a sheet by their places, as they are met."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.cells: dict[tuple[int, int], Any] = {}
        self.merges: list[Merge] = []
        self.hidden_rows: set[int] = set()
        self.is_hidden = False
        self.row = self.column = -1
        self.next_column = 0

    def laid_out(self, file: str) -> LaidSheet:
        height = 1 + max(row for row, _column in self.cells)
        width = 1 + max(column for _row, column in self.cells)
        require_possible(file, self.name, height, width, self.merges)
        rows = [[""] * width for _row in range(height)]
        for (row, column), cell in self.cells.items():
            rows[row][column] = cell
        return LaidSheet(
            self.name, rows, tuple(self.merges), self.is_hidden, frozenset(self.hidden_rows)
        )


class _Workbook:
    """Follows the parser through a workbook."""

    def __init__(self) -> None:
        self.sheets: list[_Sheet] = []
        self._type = ""  # of the cell whose text is being met
        self._said: list[str] | None = None
        self._is_in_comment = False

    def refuse_doctype(self, *_declared: object) -> None:
        raise ValueError("a document type")

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        own = {name.removeprefix(f"{_NAMESPACE} "): text for name, text in attributes.items()}
        namespace, _space, name = tag.rpartition(" ")
        if namespace == _EXCEL and name == "Visible":
            self._said = []
        elif namespace != _NAMESPACE:
            return
        elif name == "Worksheet":
            self.sheets.append(_Sheet(own.get("Name", "")))
        elif not self.sheets:
            return
        elif name == "Row":
            self._start_row(self.sheets[-1], own)
        elif name == "Cell":
            self._start_cell(self.sheets[-1], own)
        elif name == "Comment":
            self._is_in_comment = True
        elif name == "Data" and not self._is_in_comment:
            self._type, self._said = own.get("Type", "String"), []

    def text(self, said: str) -> None:
        if self._said is not None:
            self._said.append(said)

    def end(self, tag: str) -> None:
        if tag == f"{_NAMESPACE} Comment":
            self._is_in_comment = False
        if self._said is None or not self.sheets:
            return
        sheet = self.sheets[-1]
        if tag == f"{_NAMESPACE} Data":
            if said := "".join(self._said):
                sheet.cells[sheet.row, sheet.column] = _value(said, self._type)
        elif tag == f"{_EXCEL} Visible":
            sheet.is_hidden = "".join(self._said).strip() in ("SheetHidden", "SheetVeryHidden")
        else:
            return
        self._said = None

    @staticmethod
    def _start_row(sheet: _Sheet, own: dict[str, str]) -> None:
        sheet.row = int(own["Index"]) - 1 if "Index" in own else sheet.row + 1
        sheet.next_column = 0
        if own.get("Hidden") == "1":
            sheet.hidden_rows.add(sheet.row)

    @staticmethod
    def _start_cell(sheet: _Sheet, own: dict[str, str]) -> None:
        column = int(own["Index"]) - 1 if "Index" in own else sheet.next_column
        if sheet.row < 0 or column < 0:
            raise ValueError("a cell before the first")
        across, down = int(own.get("MergeAcross", 0)), int(own.get("MergeDown", 0))
        if across > 0 or down > 0:
            sheet.merges.append(((sheet.row, column), (sheet.row + down, column + across)))
        sheet.column, sheet.next_column = column, column + max(across, 0) + 1


def _value(said: str, kind: str) -> Any:
    """Give a cell as what it is; what is not written as its type says stays text."""
    try:
        if kind == "Number":
            return float(said)
        if kind == "DateTime":
            return datetime.fromisoformat(said)
        if kind == "Boolean":
            return bool(int(said))
    except ValueError:
        return said
    return said
