"""The records of one sheet while they are cleaned and checked.

A cleaning step puts whole columns in and reports faults by a mask over the rows; which
row of which file that is, the table knows. Nothing here loops over rows except over the
few that have a fault.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import polars as pl

from teacherreg.intake.fields import Kind
from teacherreg.intake.problems import Problem, Severity
from teacherreg.settings import Settings


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a cell, wherever it stands."""

    code: str
    severity: Severity = "warning"
    parameters: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Cell:
    """What one text means, and what is wrong with it."""

    value: Any
    fault: Fault | None = None


@dataclass
class Records:
    """The records of one sheet.

    Attributes:
        kind: What they are records of.
        file: Name of the file.
        sheet: Name of the sheet; empty for a text file.
        rows: Row numbers as the spreadsheet program shows them.
        labels: For each field that has a column, its header as written.
        settings: The county's settings.
        today: The last day that can lie behind us.
        on: The day as of which ages are told.
        raw: What stood in the cells, stripped, by field.
        clean: Clean columns, by field.
        left_over: Columns that the kind has no use for, by header.
        problems: Faults found so far.
        skipped: How many rows held no record, by reason.
    """

    kind: Kind
    file: str
    sheet: str
    rows: pl.Series
    labels: dict[str, str]
    settings: Settings
    today: date
    on: date
    raw: dict[str, pl.Series] = field(default_factory=dict)
    clean: dict[str, pl.Series] = field(default_factory=dict)
    left_over: dict[str, pl.Series] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    skipped: dict[str, int] = field(default_factory=dict)
    _rejected: set[int] = field(default_factory=set)
    _explained: set[int] = field(default_factory=set)
    _told: dict[str, dict[int, int]] = field(default_factory=dict)  # position: problem

    def __len__(self) -> int:
        return self.rows.len()

    def has(self, name: str) -> bool:
        """Tell whether a field has a column here."""
        return name in self.clean

    def column(self, name: str) -> pl.Series:
        """Give a clean column; all empty where the sheet has none."""
        if name in self.clean:
            return self.clean[name]
        return pl.Series(name, [None] * len(self), dtype=self.kind.field(name).polars_type)

    def empty(self, name: str, where: pl.Series) -> None:
        """Empty a field in some rows."""
        self.clean[name] = without(self.column(name), where)

    def fill(self, name: str, where: pl.Series, value: object) -> None:
        """Write a value, or a column of values, into a field in some rows."""
        column = self.column(name)
        if where.any():
            other = (
                value if isinstance(value, pl.Series) else pl.Series([value], dtype=column.dtype)
            )
            column = column.zip_with(~where.fill_null(False), other)
        self.clean[name] = column

    def report(
        self,
        code: str,
        where: pl.Series | Sequence[int],
        *,
        name: str | None = None,
        severity: Severity = "warning",
        each: Mapping[str, pl.Series] | None = None,
        tells_value: bool = True,
        **parameters: object,
    ) -> None:
        """Report one fault of some rows.

        Args:
            code: Code of the problem.
            where: A mask over the rows, or positions.
            name: The field at fault: its header and what stands in its cell are named.
            severity: ``error`` rejects the rows.
            each: Parameters of the sentence that differ from row to row, over all rows.
            tells_value: Keep what stands in the cell; not where it must not be said again.
            parameters: Parameters that are the same in all rows.
        """
        for position in _positions(where):
            own = {key: column[position] for key, column in (each or {}).items()}
            fault = Fault(code, severity, {**parameters, **own})
            self.report_at(position, fault, name, tells_value=tells_value)

    def report_texts(self, name: str, cells: pl.Series, faults: Mapping[str, Fault]) -> None:
        """Report the rows of a column in which one of some texts stands."""
        if not faults:
            return
        texts = pl.Series(list(faults), dtype=pl.String)
        for position in _positions(cells.is_in(texts.implode())):
            self.report_at(position, faults[cells[position]], name)

    def report_at(
        self, position: int, fault: Fault, name: str | None = None, *, tells_value: bool = True
    ) -> None:
        """Report a fault of one row; one that is rejected as a whole gets no other."""
        if position in self._explained:
            return
        raw = self.raw.get(name) if name is not None and tells_value else None
        self.problems.append(
            Problem(
                file=self.file,
                sheet=self.sheet,
                row=int(self.rows[position]),
                column=self.labels.get(name) if name is not None else None,
                code=fault.code,
                severity=fault.severity,
                value=None if raw is None else raw[position],
                parameters=fault.parameters,
                is_hidden=name in self.kind.hidden,
            )
        )
        if name is not None:
            self._told.setdefault(name, {})[position] = len(self.problems) - 1
        if fault.severity == "error":
            self._rejected.add(position)

    def told(self, name: str) -> frozenset[int]:
        """The positions of the rows on which a fault of a field was reported."""
        return frozenset(self._told.get(name, ()))

    def told_mask(self, name: str) -> pl.Series:
        """The same as a mask over the rows."""
        return mask_of(sorted(self._told.get(name, ())), len(self))

    def escalate(self, name: str, where: pl.Series) -> None:
        """Make errors of the faults of a field, in rows that cannot do without it."""
        for position, index in self._told.get(name, {}).items():
            if where[position]:
                self.problems[index] = replace(self.problems[index], severity="error")
                self._rejected.add(position)

    @property
    def rejected(self) -> frozenset[int]:
        """The positions of the rows on which an error was reported."""
        return frozenset(self._rejected)

    def take(self, positions: Sequence[int]) -> None:
        """Keep the rows at some positions, in that order; one may be taken twice."""
        indexes = pl.Series(positions, dtype=pl.UInt32)
        self.rows = self.rows.gather(indexes)
        self._rejected = {new for new, old in enumerate(positions) if old in self._rejected}
        self._explained = {new for new, old in enumerate(positions) if old in self._explained}
        self._told = {
            name: {new: told[old] for new, old in enumerate(positions) if old in told}
            for name, told in self._told.items()
        }
        for columns in (self.raw, self.clean, self.left_over):
            for name, column in columns.items():
                columns[name] = column.gather(indexes)

    def reject_whole(self, positions: Sequence[int], code: str) -> None:
        """Reject some rows for one reason, in the place of all other problems that they have."""
        self._forget(positions)
        self.report(code, positions, severity="error")
        self._explained.update(positions)

    def _forget(self, positions: Sequence[int]) -> None:
        numbers = {int(self.rows[position]) for position in positions}
        kept = [i for i, problem in enumerate(self.problems) if problem.row not in numbers]
        moved = {old: new for new, old in enumerate(kept)}
        self.problems[:] = [self.problems[index] for index in kept]
        self._told = {
            name: {place: moved[index] for place, index in told.items() if index in moved}
            for name, told in self._told.items()
        }

    def report_sheet(self, code: str, column: str | None = None, **parameters: object) -> None:
        """Report what is odd about the sheet as a whole; no row is rejected for it."""
        self.problems.append(
            Problem(self.file, self.sheet, None, column, code, "warning", None, parameters)
        )

    def skip(self, reason: str, count: int) -> None:
        """Count rows that hold no record."""
        if count:
            self.skipped[reason] = self.skipped.get(reason, 0) + count


def _positions(where: pl.Series | Sequence[int]) -> list[int]:
    if isinstance(where, pl.Series):
        return where.fill_null(False).arg_true().to_list()
    return list(where)


def mask_of(positions: Sequence[int], length: int) -> pl.Series:
    """Make a mask that is true at some positions."""
    mask = pl.repeat(False, length, eager=True)
    return mask.scatter(positions, True) if positions else mask


def without(column: pl.Series, where: pl.Series) -> pl.Series:
    """Empty a column where a mask is true."""
    if not where.any():
        return column
    return column.zip_with(~where.fill_null(False), pl.Series([None], dtype=column.dtype))
