"""What is wrong with one row or one sheet, as a value.

A bad row is no exception: it is a code, a place and parameters. Its sentence comes from the
catalogue ``intake.toml`` under ``problem.<code>`` in the language in force when somebody
reads it, so the same plan can be shown in Chinese and in English.

An ``error`` means that the row is not written; a ``warning`` means that it is, with the
field left empty or kept as the sentence says.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from teacherreg.locale import t
from teacherreg.masks import mask_id_number, mask_phone

Severity = Literal["error", "warning"]

LONGEST_QUOTED: Final = 60  # characters of a cell in a sentence
HIDDEN: Final = "***"  # stands for what nobody but the officer who sent it may read

# Problems of another cell than the ID number's: its value may be read.
_NOT_ON_THE_NUMBER: Final = frozenset({"id-birth-date", "id-sex"})

_LONG_NUMBER: Final = re.compile(r"\d[\d ]{9,}[\dXx]")
_SHORT_NUMBER: Final = re.compile(r"\d[\d.E+ -]{4,}\d", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault of one row, or of a sheet where ``row`` is None.

    Attributes:
        file: Name of the file.
        sheet: Name of the sheet; empty for a text file.
        row: Row number as the spreadsheet program shows it.
        column: Header as written, or None where the whole row is meant.
        code: Stable name of the fault, such as ``id-checksum``.
        severity: Whether the row is written.
        value: What stands in the cell, whole.
        parameters: What the sentence names besides the value; never a number of a person.
        is_hidden: The cell tells what somebody did or suffered: a screen shows none of it.
    """

    file: str
    sheet: str
    row: int | None
    column: str | None
    code: str
    severity: Severity
    value: str | None = None
    parameters: Mapping[str, object] = field(default_factory=dict)
    is_hidden: bool = False

    @property
    def message(self) -> str:
        """What is wrong and what to do, in the language in force; numbers are masked."""
        return self._sentence(self._shown)

    @property
    def in_full(self) -> str:
        """The same with the value whole, for the officer who sent the file."""
        return self._sentence(self.value)

    def _sentence(self, value: str | None) -> str:
        quoted = value or ""
        if len(quoted) > LONGEST_QUOTED:
            quoted = quoted[:LONGEST_QUOTED] + "……"
        named: dict[str, object] = {"value": quoted, "column": self.column or ""}
        return t(f"intake.problem.{self.code}", **named, **self.parameters)

    @property
    def _shown(self) -> str | None:
        if self.is_hidden and self.value is not None:
            return HIDDEN
        return mask_value(self.value, self.code)

    def to_document(self) -> dict[str, Any]:
        """Give the JSON of the contract, masked."""
        return {
            "file": self.file,
            "sheet": self.sheet,
            "row": self.row,
            "column": self.column,
            "code": self.code,
            "severity": self.severity,
            "value": self._shown,
            "message": self.message,
        }


def mask_value(value: str | None, code: str = "") -> str | None:
    """Hide what tells who somebody is, whatever cell it stood in.

    Args:
        value: What stands in the cell.
        code: Code of the problem: those on ID numbers and phones hide short numbers too.

    Example:
        >>> mask_value("640199198503150013", "id-checksum")
        '640199********0013'
    """
    if value is None:
        return None
    masked = _LONG_NUMBER.sub(_mask_number, value)
    if masked == value and code.startswith(("id-", "phone-")) and code not in _NOT_ON_THE_NUMBER:
        masked = _SHORT_NUMBER.sub(lambda found: _stars(found.group()), masked)
    return masked


def _mask_number(found: re.Match[str]) -> str:
    number = found.group().replace(" ", "")
    if len(number) <= 13:
        return mask_phone(number) or ""
    masked = mask_id_number(number) or ""
    return masked if masked.strip("*") else _stars(number)


def _stars(number: str) -> str:
    """Keep the first three characters of a number too short or too odd to mask by form."""
    return number[:3] + "*" * (len(number) - 3)
