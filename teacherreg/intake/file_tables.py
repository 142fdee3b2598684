"""Which sheets of a file hold records, and what is said of those that do not.

A workbook carries more than its roster: the lists behind the drop-downs, rules for filling
in, last year's sheet, a form, a timetable. Every sheet with a header that the kind can use
is read; where one may have been meant to be read and was not, it is named.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import polars as pl

from teacherreg.codes.columns import column_of
from teacherreg.errors import IntakeError
from teacherreg.intake.extract import Question, extract
from teacherreg.intake.first_rows import look_at
from teacherreg.intake.folders import RosterFile
from teacherreg.intake.header import LEAST_KNOWN, Header, find_header
from teacherreg.intake.kinds import Kind
from teacherreg.intake.layout import NO_HEADER, Layout, Remembered, chosen_sheets
from teacherreg.intake.listed import InSheets, Listed
from teacherreg.intake.notices import Notice
from teacherreg.intake.ooxml import column_letters
from teacherreg.intake.other_kind import KindNamed, OtherKind, other_kind
from teacherreg.intake.problems import Problem
from teacherreg.intake.recognise import What, recognise
from teacherreg.intake.records import Records
from teacherreg.intake.report_marks import is_report_sheet
from teacherreg.intake.rows import filled_rows
from teacherreg.intake.sheets import Sheet, read_sheets
from teacherreg.intake.typed import typed

_LIKE_A_PERSON: Final = r"\d{17}[\dXx]"
_HEADERS_NAMED: Final = 40
# Rows that say that somebody filled the sheet in, though they give no record.
_FILLED_IN: Final = frozenset({"no_title", "title_candidate", "second_table"})


@dataclass(frozen=True)
class Table:
    """A sheet whose records were read, and what its columns were taken for."""

    file: str
    sheet: str
    header: Header


@dataclass(frozen=True)
class FileTables:
    """What the sheets of a file hold.

    Attributes:
        parts: The records of each sheet that was read.
        tables: These sheets.
        notices: What was settled on the way.
    """

    parts: list[Records]
    tables: list[Table]
    notices: list[Notice]


@dataclass(frozen=True, eq=False)
class _Found:
    """A sheet, and what it was found to be."""

    sheet: Sheet
    header: Header | None = None
    what: What | None = None
    other: OtherKind | None = None


@dataclass
class _File:
    """One file while it is read."""

    source: RosterFile
    question: Question
    layout: Layout
    remembered: Sequence[Remembered]
    notices: list[Notice] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.source.name

    @property
    def kind(self) -> Kind:
        return self.question.kind

    def command(self, other: OtherKind, sheet: Sheet | None = None) -> str:
        """Give the command that reads it as another kind, as it is typed."""
        options = ["--sheet", sheet.name] if sheet is not None and sheet.name else []
        return typed("teacherreg", "import", other.name, self.source.path, *options)

    def find(self, sheet: Sheet) -> _Found:
        """Tell what a sheet is; what a person says of it goes before what it looks like."""
        header = find_header(sheet, self.kind, self.layout, self.remembered, file=self.name)
        is_settled = self.layout.header_row is not None or (header and header.remembered)
        what = None if is_settled else recognise(sheet)
        is_mapped = self.layout.columns or (header and header.remembered)
        other = None if what or is_mapped else other_kind(sheet, self.kind, header)
        return _Found(sheet, None if what else header, what, other)

    def wanted(self, found: list[_Found]) -> list[_Found]:
        """Choose among the sheets with a whole header: visible ones, or those once chosen."""
        whole = [
            one
            for one in found
            if one.header and not one.other and not one.header.missing(self.kind)
        ]
        if self.layout.sheets:
            return whole
        once = {
            name
            for one in whole
            if one.header and one.header.remembered
            for name in one.header.remembered.sheets
        }
        if once:
            return [one for one in whole if one.sheet.name in once]
        return [one for one in whole if not one.sheet.is_hidden] or whole


def read_tables(
    content: bytes,
    source: RosterFile,
    question: Question,
    layout: Layout,
    remembered: Sequence[Remembered],
) -> FileTables:
    """Read every sheet of a file that holds records.

    Args:
        content: The whole file.
        source: Where it is, and its name.
        question: What is asked of it.
        layout: What a person says about it.
        remembered: What was said of earlier files with the same header.

    Raises:
        IntakeError: If it cannot be read, or no sheet holds records; it says what there is.
    """
    one, file = _File(source, question, layout, remembered), source.name
    sheets = [sheet for sheet in read_sheets(content, file) if not is_report_sheet(sheet)]
    if layout.sheets:
        sheets = chosen_sheets(sheets, layout.sheets, file)
    found = [one.find(sheet) for sheet in sheets]
    wanted = one.wanted(found)
    if not wanted or (layout.sheets and len(wanted) < len(found)):
        raise _no_records(one, [f for f in found if f not in wanted])
    pairs = [(f, extract(f.sheet, f.header, file, question)) for f in wanted if f.header]
    read = _without_lists(pairs)
    if all(_is_empty(records) for _f, records in read):
        raise IntakeError("form-empty", file=file, sheets=_named([f.sheet for f, _ in read]))
    held = [f for f, _records in read]
    aside = [f for f in found if f not in held]
    if not layout.sheets:
        _tell_of_others(one, read, aside)
    _tell_of_choices(one, read)
    tables = [Table(file, f.sheet.name, f.header) for f, _records in read if f.header]
    return FileTables([records for _f, records in read], tables, one.notices)


def _without_lists(pairs: list[tuple[_Found, Records]]) -> list[tuple[_Found, Records]]:
    """Leave out sheets that name nobody beside one that does: lists behind drop-downs."""
    named = [(f, records) for f, records in pairs if not _names_nobody(records)]
    return named if any(len(records) for _f, records in named) else pairs


def _names_nobody(records: Records) -> bool:
    keys = {*records.kind.keys, *(name for group in records.kind.needs for name in group)}
    columns = [records.raw[name] for name in keys if name in records.raw]
    return bool(len(records)) and all(column.null_count() == column.len() for column in columns)


def _is_empty(records: Records) -> bool:
    return not len(records) and not _FILLED_IN.intersection(records.skipped)


def _no_records(one: _File, found: list[_Found]) -> IntakeError:
    """Say what a file is, or what it lacks: a header, or columns of one."""
    file, kind = one.name, one.kind
    other = next((f for f in found if f.other and not f.sheet.is_hidden), None)
    if other is not None and other.other is not None:
        return _of_other_kind(one, other.sheet, other.header, other.other)
    headers = [f.header for f in found if f.header is not None]
    if headers and one.layout.header_row != NO_HEADER:
        best = max(headers, key=lambda header: header.known)
        missing = "；".join(
            "/".join(_label(kind, name) for name in group) for group in best.missing(kind)
        )
        own = tuple(column.label for column in best.columns)
        free = [c.label for c in best.columns if c.field is None and not c.is_serial]
        return IntakeError(
            "columns-missing",
            file=file,
            row=best.bottom + 1,
            missing=missing,
            headers=Listed(own, _HEADERS_NAMED),
            example=typed(f"{next(iter(free), 'A')}={best.missing(kind)[0][-1]}"),
        )
    said = next((f.what for f in found if f.what not in (None, "rules")), None)
    if said is not None:
        return IntakeError(
            said, file=file, sheets=_named([f.sheet for f in found if f.what == said])
        )
    longest = max((f.sheet for f in found), key=lambda s: s.cells.height, default=None)
    row = one.layout.header_row
    if row and longest is not None and row > longest.cells.height:
        return IntakeError("header-row-outside", file=file, row=row, rows=longest.cells.height)
    if longest is None:
        return IntakeError("file-empty", file=file)
    return _no_header(one, longest)


def _of_other_kind(
    one: _File, sheet: Sheet, header: Header | None, other: OtherKind
) -> IntakeError:
    """Say what kind of list a sheet is, which command reads it, and how to insist."""
    missing = one.kind.needs if header is None else header.missing(one.kind)
    field = (missing or one.kind.needs)[0][-1]
    given = None if header is None else next(iter(header.of(field)), None)
    return IntakeError(
        "kind-other",
        file=one.name,
        sheets=_named([sheet]),
        kind=KindNamed(one.kind.name),
        other=other.named,
        headers=other.headers,
        command=one.command(other, sheet if one.layout.sheets else None),
        insist=typed("--map", f"{column_letters(given.index if given else 0)}={field}"),
    )


def _no_header(one: _File, sheet: Sheet) -> IntakeError:
    """Ask about a file without a header: show what stands there and how to settle it."""
    look = look_at(sheet, one.kind)
    own = [field for field in one.kind.fields if not field.is_aid][:6]
    return IntakeError(
        "no-header",
        file=one.name,
        look=look,
        advice=look.advice,
        expected="、".join(_label(one.kind, field.name) for field in own),
        least=LEAST_KNOWN,
    )


def _label(kind: Kind, name: str) -> str:
    return column_of(kind.name, name).label()


def _named(sheets: Sequence[Sheet]) -> InSheets:
    return InSheets(tuple(sheet.name for sheet in sheets))


def _tell_of_others(
    one: _File, read: list[tuple[_Found, Records]], aside: Sequence[_Found]
) -> None:
    """Name the sheets that were not read although they seem to hold people."""
    first = read[0][1]
    for f in aside:
        sheet = f.sheet
        code = _warning_of(f, one.kind)
        if f.other is not None and not sheet.is_hidden:
            parameters = {
                "file": one.name,
                "sheets": _named([sheet]),
                "other": f.other.named,
                "command": one.command(f.other, sheet),
            }
            one.notices.append(Notice("kind-other", parameters))
        elif code is not None:
            first.problems.append(Problem(one.name, sheet.name, None, None, code, "warning"))
        elif f.what not in (None, "rules"):
            one.notices.append(Notice(f.what, {"file": one.name, "sheets": _named([sheet])}))
        first.skip("other_sheet", filled_rows(sheet.cells))
    empty = [f.sheet for f, records in read if _is_empty(records)]
    if empty:
        one.notices.append(Notice("form-empty", {"file": one.name, "sheets": _named(empty)}))


def _warning_of(found: _Found, kind: Kind) -> str | None:
    """Tell the code of the warning that a sheet deserves which was not read."""
    sheet, header = found.sheet, found.header
    if found.what == "form-one-person":
        return found.what
    is_whole = header is not None and not header.missing(kind)
    if sheet.is_hidden:
        return "sheet-hidden" if is_whole or _holds_people(sheet) else None
    return "sheet-not-read" if _holds_people(sheet) else None


def _holds_people(sheet: Sheet) -> bool:
    return bool(
        sheet.cells.select(pl.any_horizontal(pl.all().str.contains(_LIKE_A_PERSON).any())).item()
    )


def _tell_of_choices(one: _File, read: list[tuple[_Found, Records]]) -> None:
    """Warn of headers with several meanings, once each, and say how to tell which is meant."""
    told: set[str] = set()
    for f, records in read:
        for column in f.header.columns if f.header else ():
            if not column.choices or column.field is None or column.label in told:
                continue
            told.add(column.label)
            others = [name for name in column.choices if name != column.field]
            records.report_sheet(
                "header-ambiguous",
                column.label,
                letters=column_letters(column.index),
                taken=_label(one.kind, column.field),
                others=Listed(tuple(_label(one.kind, name) for name in others)),
                option=typed("--map", f"{column.label}={others[0]}"),
                confirm=typed("--map", f"{column.label}={column.field}"),
            )
