"""What calamine does not tell about a workbook that is an archive, read from its parts.

`opendocument` looks through an .ods and `xlsb` through an .xlsb. Of an .xlsx three things:
how far a sheet reaches, because calamine lays it out as a full rectangle and one stray cell
in the last corner would take half a terabyte and end the process; which rows and columns
are hidden; which cells hold an error such as #REF!, which calamine gives as empty.
"""

import html
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO, Final

from teacherreg.errors import IntakeError
from teacherreg.intake.laid_out import MOST_CELLS, MOST_COLUMNS, require_possible
from teacherreg.intake.opendocument import facts_of_tables
from teacherreg.intake.sheet_facts import SheetFacts, WorkbookFacts
from teacherreg.intake.xlsb import WORKBOOK, facts_of_parts

MOST_BYTES: Final = 1_500_000_000  # unpacked; a county's roster has a hundredth of it
_PIECE: Final = 4_000_000
_LONGEST_CELL: Final = 500_000  # of 32,767 characters, each written as a number
BROKEN: Final = (
    zipfile.BadZipFile, zlib.error, OSError, EOFError, KeyError, ValueError, NotImplementedError,
    RuntimeError,
)  # fmt: skip

# Documents of Office are archives too, and have one of these.
_OF_DOCUMENTS: Final = frozenset(
    {"[Content_Types].xml", "mimetype", "META-INF/manifest.xml", "content.xml"}
)
_SHEET: Final = re.compile(rb"<(?:\w+:)?sheet\b[^>]*>")
_RELATION: Final = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*>")
_ATTRIBUTE: Final = re.compile(rb'([\w:]+)="([^"]*)"')
_ROW_NUMBER: Final = re.compile(rb'<c\b[^>]*?\br="[A-Z]+(\d+)"')
_FAR_COLUMN: Final = re.compile(rb'<c\b[^>]*?\br="([A-Z]{2,3})\d+"[^>]*[^/]>')
_NEAR_COLUMN: Final = re.compile(rb'<c\b[^>]*?\br="([A-Z])\d+"[^>]*[^/]>')
_FEWEST_COLUMNS: Final = 26  # taken for granted in short sheets, because to look costs time
_LATER_THAN_Z: Final = re.compile(rb' r="[A-Z]{2}')
_HIDDEN_ROW: Final = re.compile(rb'<row\b(?=[^>]*\bhidden="(?:1|true)")[^>]*?\br="(\d+)"')
_HIDDEN_COLUMN: Final = re.compile(rb'<col\b(?=[^>]*\bhidden="(?:1|true)")[^>]*>')
_ERROR_CELL: Final = re.compile(
    rb'<c\b(?=[^>]*\bt="e")[^>]*?\br="([A-Z]+)(\d+)"[^>]*>(?:<f\b.*?</f>|<f\b[^>]*/>)?<v>([^<]*)<'
)
# A formula without a value; one whose value is an empty text says so by its type.
_UNCALCULATED: Final = re.compile(
    rb'<c\b(?![^>]*\bt="str")[^>]*?\br="([A-Z]+)(\d+)"[^>]*>'
    rb"(?:<f\b[^>]*/>|<f\b[^>]*>[^<]*</f>)(?:<v\s*/>|<v></v>)?</c>"
)
_DATES_FROM_1904: Final = re.compile(rb'<(?:\w+:)?workbookPr\b[^>]*\bdate1904="(?:1|true)"')


def read_facts(content: bytes, file: str) -> WorkbookFacts:
    """Look through the parts of an .xlsx, .xlsb or .ods.

    Args:
        content: The whole file.
        file: Its name, for the error.

    Raises:
        IntakeError: ``sheet-too-large``, ``file-password``; ``file-damaged`` if the archive is
            broken, ``file-not-workbook`` if it is a letter or slides, ``file-archive`` if it is a
            .zip with files, which are for a person to unpack.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(part.file_size for part in archive.infolist()) > MOST_BYTES:
                raise IntakeError("sheet-too-large", file=file, sheet="")
            if not _is_workbook(archive):
                is_bare = _OF_DOCUMENTS.isdisjoint(archive.namelist())
                raise IntakeError("file-archive" if is_bare else "file-not-workbook", file=file)
            if _has_password(archive):
                raise IntakeError("file-password", file=file)
            if "content.xml" in archive.namelist():
                with archive.open("content.xml") as tables:
                    return WorkbookFacts(facts_of_tables(tables))
            if WORKBOOK in archive.namelist():
                return WorkbookFacts(facts_of_parts(archive, _targets(archive, WORKBOOK)))
            workbook = archive.read("xl/workbook.xml")
            sheets = {
                name: _facts_of(archive, part, file, name)
                for name, part in _sheet_parts(archive, workbook).items()
            }
    except BROKEN as error:
        raise IntakeError("file-damaged", file=file) from error
    return WorkbookFacts(sheets, bool(_DATES_FROM_1904.search(workbook)))


def _is_workbook(archive: zipfile.ZipFile) -> bool:
    names = set(archive.namelist())
    if "mimetype" in names:
        return b"opendocument.spreadsheet" in archive.read("mimetype")
    return bool(names & {"xl/workbook.xml", WORKBOOK})


def _has_password(archive: zipfile.ZipFile) -> bool:
    """Tell an .ods with a password, of which calamine only says that it is no workbook."""
    manifest = "META-INF/manifest.xml"
    return manifest in archive.namelist() and b"encryption-data" in archive.read(manifest)


def _targets(archive: zipfile.ZipFile, workbook: str) -> dict[str, str]:
    """Give the parts that a workbook has relations to, by the name of the relation."""
    names = set(archive.namelist())
    relations = workbook.replace("xl/", "xl/_rels/") + ".rels"
    targets = {}
    for tag in _RELATION.findall(archive.read(relations)) if relations in names else ():
        attributes = dict(_ATTRIBUTE.findall(tag))
        target = attributes.get(b"Target", b"").decode().lstrip("/")
        part = target if target.startswith("xl/") else f"xl/{target}"
        if part in names:
            targets[attributes.get(b"Id", b"").decode()] = part
    return targets


def _sheet_parts(archive: zipfile.ZipFile, workbook: bytes) -> dict[str, str]:
    """Tell the part that holds each sheet."""
    targets = _targets(archive, "xl/workbook.xml")
    parts = {}
    for tag in _SHEET.findall(workbook):
        attributes = dict(_ATTRIBUTE.findall(tag))
        relation = next((v for k, v in attributes.items() if k.endswith(b":id")), b"")
        part = targets.get(relation.decode())
        if part is not None and b"name" in attributes:
            parts[html.unescape(attributes[b"name"].decode())] = part
    return parts


def _facts_of(archive: zipfile.ZipFile, part: str, file: str, sheet: str) -> SheetFacts:
    rows, columns = 0, 1
    hidden_rows: set[int] = set()
    hidden_columns: set[int] = set()
    errors: dict[tuple[int, int], str] = {}
    uncalculated: set[tuple[int, int]] = set()
    with archive.open(part) as stream:
        for piece in _pieces(stream):
            rows, columns = max(rows, _last_row(piece)), max(columns, _columns(piece))
            require_possible(file, sheet, rows, columns, may_be_narrower=True)
            # Looking for the word first spares most sheets a search for the pattern.
            if b' hidden="' in piece:
                hidden_rows.update(int(row) - 1 for row in _HIDDEN_ROW.findall(piece))
                hidden_columns |= _hidden_columns(piece)
            if b' t="e"' in piece:
                errors |= {
                    (int(row) - 1, column_index(column)): html.unescape(text.decode())
                    for column, row, text in _ERROR_CELL.findall(piece)
                }
            if b"</f><" in piece or b"<f " in piece:
                uncalculated.update(
                    (int(row) - 1, column_index(column))
                    for column, row in _UNCALCULATED.findall(piece)
                )
    if rows * _FEWEST_COLUMNS > MOST_CELLS:  # a stray space may stand far below
        columns = max(columns, _near_columns(archive, part))
    require_possible(file, sheet, rows, columns, may_be_narrower=True)
    return SheetFacts(
        frozenset(hidden_rows), frozenset(hidden_columns), errors, frozenset(uncalculated)
    )


def _near_columns(archive: zipfile.ZipFile, part: str) -> int:
    """Tell how far the cells in which something stands reach up to Z."""
    with archive.open(part) as stream:
        near = {found for piece in _pieces(stream) for found in _NEAR_COLUMN.findall(piece)}
    return max(map(column_index, near), default=0) + 1


def _pieces(stream: IO[bytes]) -> Iterator[bytes]:
    """Give a part in pieces that end between two cells: unpacked, it may be very large."""
    rest = b""
    while block := stream.read(_PIECE):
        rest += block
        end = max(rest.rfind(b"<c "), rest.rfind(b"<row"))
        if end > 0:
            yield rest[:end]
            rest = rest[end:]
        else:
            rest = rest[-_LONGEST_CELL:]  # what follows the cells, or stands for none
    yield rest


def _last_row(piece: bytes) -> int:
    """Tell the row of the last cell in which something stands."""
    last = piece.rfind(b"<c ", 0, max(piece.rfind(b"</c>"), 0))
    numbered = _ROW_NUMBER.match(piece, last) if last >= 0 else None
    return int(numbered[1]) if numbered else 0


def _columns(piece: bytes) -> int:
    """Tell how far the cells in which something stands reach, if it is beyond Z."""
    if not _LATER_THAN_Z.search(piece):
        return 0
    far = {found[1] for found in _FAR_COLUMN.finditer(piece)}
    return max(map(column_index, far), default=-1) + 1


def _hidden_columns(piece: bytes) -> set[int]:
    hidden: set[int] = set()
    for tag in _HIDDEN_COLUMN.findall(piece, 0, piece.find(b"<sheetData") + 1 or len(piece)):
        attributes = dict(_ATTRIBUTE.findall(tag))
        first, last = int(attributes.get(b"min", b"0")), int(attributes.get(b"max", b"0"))
        hidden.update(range(max(first, 1) - 1, min(last, MOST_COLUMNS)))
    return hidden


def column_index(letters: bytes) -> int:
    """Tell the number of a column, from zero: A is 0, AA is 26."""
    index = 0
    for letter in letters:
        index = index * 26 + letter - 64
    return index - 1


def column_letters(index: int) -> str:
    """Tell the letters of a column number that counts from zero."""
    letters = ""
    index += 1
    while index:
        index, remainder = divmod(index - 1, 26)
        letters = chr(65 + remainder) + letters
    return letters
