"""How the columns of a batch were understood: each header, its field, what becomes of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from teacherreg.codes.columns import column_of
from teacherreg.intake.extract import NOT_KEPT
from teacherreg.intake.header import HeaderColumn
from teacherreg.intake.kinds import KINDS
from teacherreg.intake.ooxml import column_letters
from teacherreg.intake.plan import Plan
from teacherreg.locale import t

STORED_UNMAPPED: Final = "teachers"  # the one kind whose unknown columns are kept


@dataclass(frozen=True)
class Understood:
    """One column of one sheet.

    Attributes:
        file: Its file.
        sheet: Its sheet; empty for a text file.
        letters: The column as the spreadsheet program names it.
        header: What is written over it.
        field: The field that it gives, or None.
        fate: What becomes of its cells: ``imported``, ``aid`` (read to settle another
            field), ``serial``, ``kept`` or ``left-out``.
        kind: What the sheet holds.
    """

    file: str
    sheet: str
    letters: str
    header: str
    field: str | None
    fate: str
    kind: str

    @property
    def label(self) -> str:
        """The field in the language in force; empty where there is none of its own."""
        if self.field is None or self.fate == "aid":
            return ""
        return column_of(self.kind, self.field).label()

    @property
    def treatment(self) -> str:
        """What becomes of its cells, in the language in force."""
        return t(f"imports.column.{self.fate}")


def columns_understood(plan: Plan) -> Iterator[Understood]:
    """Tell for each column of each sheet that was read what it was taken for."""
    for table in plan.tables:
        for column in table.header.columns:
            yield Understood(
                file=table.file,
                sheet=table.sheet,
                letters=column_letters(column.index),
                header=column.label,
                field=column.field,
                fate=_fate(plan.kind, column),
                kind=plan.kind,
            )


def _fate(kind: str, column: HeaderColumn) -> str:
    if column.field is not None:
        return "aid" if KINDS[kind].field(column.field).is_aid else "imported"
    if column.is_left_out:
        return "left-out"
    if column.is_serial:
        return "serial"
    is_kept = kind == STORED_UNMAPPED and not NOT_KEPT.search(column.label)
    return "kept" if is_kept else "left-out"
