"""What a person says about a file that the file itself does not settle.

Which sheets, which row is the header, what a column means: whoever sends the file knows it.
What was said once and accepted is remembered with the header it was said of; see `mappings`.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from teacherreg.codes.columns import column_of
from teacherreg.codes.words import normalise
from teacherreg.errors import IntakeError, UsageError
from teacherreg.intake.fields import Kind
from teacherreg.intake.listed import Listed
from teacherreg.intake.sheets import Sheet
from teacherreg.locale import t

NO_HEADER: Final = 0  # said of a file that has none
_NAMED_AT_MOST: Final = 60
_LEFT_OUT: Final = frozenset({"", "-", "－", "—"})
_LETTERS: Final = re.compile(r"[A-Za-z]{1,3}")


@dataclass(frozen=True)
class Layout:
    """How files are laid out, as far as a person says so.

    Attributes:
        sheets: The sheets to read, by name or by number from 1; empty: all with records.
        header_row: Number of the last row of the header as the spreadsheet program shows it;
            0 where there is no header; None: it is looked for.
        columns: What columns mean: a header as written, or the letters of a column, to a
            field by its name or its label; None leaves the column out.
    """

    sheets: tuple[str, ...] = ()
    header_row: int | None = None
    columns: Mapping[str, str | None] = field(default_factory=dict)

    @property
    def is_said(self) -> bool:
        """Whether anything was said at all."""
        return bool(self.sheets or self.columns) or self.header_row is not None

    def of_kind(self, kind: Kind) -> "Layout":
        """Give the same with every field by its own name.

        Raises:
            UsageError: If a field is not known, or the row's number cannot be one.
        """
        if self.header_row is not None and self.header_row < NO_HEADER:
            raise UsageError("header-row-below-zero")
        fields = {
            column: None if wanted is None else _field_named(wanted, kind)
            for column, wanted in self.columns.items()
        }
        return replace(self, columns=fields)


AS_FOUND: Final = Layout()


@dataclass(frozen=True)
class Remembered:
    """What an earlier import was told of one header, and accepted.

    Attributes:
        id: Its number.
        kind: What the sheet holds.
        fingerprint: Of the header; see `header.fingerprint_of`.
        header: What is written over its columns.
        columns: Header to field; None where the column is left out.
        sheets: The sheets that were chosen; empty: all.
        batch_id: The import.
    """

    id: int
    kind: str
    fingerprint: str
    header: tuple[str, ...]
    columns: Mapping[str, str | None]
    sheets: tuple[str, ...]
    batch_id: int


@dataclass(frozen=True)
class Said:
    """What is remembered of a header, in the language in force."""

    entry: Remembered

    def __str__(self) -> str:
        """Say which columns mean what, and which sheets are read."""
        parts = [
            t("imports.mapping.left-out", column=column)
            if name is None
            else t(
                "imports.mapping.means",
                column=column,
                field=column_of(self.entry.kind, name).label(),
            )
            for column, name in self.entry.columns.items()
        ]
        if self.entry.sheets:
            named = Listed(self.entry.sheets, _NAMED_AT_MOST)
            parts.append(t("imports.mapping.sheets", sheets=named))
        return t("imports.list-semicolon").join(parts) or t("imports.mapping.header-only")


def columns_said(texts: Iterable[str]) -> dict[str, str | None]:
    """Read ``列=field`` as it is typed; ``列=`` and ``列=-`` leave the column out.

    Raises:
        UsageError: If the form is not that, or a column is named twice.

    Example:
        >>> columns_said(["单位=school_name", "备注="])
        {'单位': 'school_name', '备注': None}
    """
    said: dict[str, str | None] = {}
    for text in texts:
        column, sign, wanted = (part.strip() for part in text.rpartition("="))
        if not sign or not column:
            raise UsageError("map-form", text=text)
        if column in said:
            raise UsageError("map-twice", column=column)
        said[column] = None if wanted in _LEFT_OUT else wanted
    return said


def is_letters(column: str) -> bool:
    """Tell whether a column may be named by its letters."""
    return bool(_LETTERS.fullmatch(column))


def _field_named(wanted: str, kind: Kind) -> str:
    """Find a field by its name or by what it is called in either language."""
    fields = [one for one in kind.fields if not one.is_aid]
    for one in fields:
        labels = column_of(kind.name, one.name).labels.values()
        if normalise(wanted) in {normalise(name) for name in (one.name, *labels)}:
            return one.name
    known = [f"{one.name}（{column_of(kind.name, one.name).label('zh')}）" for one in fields]
    raise UsageError("map-field-unknown", field=wanted, known=Listed(tuple(known), _NAMED_AT_MOST))


def chosen_sheets(sheets: list[Sheet], wanted: tuple[str, ...], file: str) -> list[Sheet]:
    """Give the sheets that a person names, by name or by number, in the order of the file.

    Raises:
        IntakeError: ``sheet-unknown`` if the file has none of a name; it names those it has.
    """
    found = [_sheet_named(sheets, name, file) for name in wanted]
    return [sheet for sheet in sheets if any(sheet is one for one in found)]


def _sheet_named(sheets: list[Sheet], wanted: str, file: str) -> Sheet:
    by_name = (sheet for sheet in sheets if sheet.name.strip() == wanted.strip())
    by_number = (sheet for sheet in sheets if str(sheet.number) == wanted.strip())
    sheet = next(by_name, None) or next(by_number, None)
    if sheet is None:
        known = tuple(f"{sheet.number} {sheet.name}".strip() for sheet in sheets)
        raise IntakeError(
            "sheet-unknown", file=file, sheet=wanted, known=Listed(known, _NAMED_AT_MOST)
        )
    return sheet
