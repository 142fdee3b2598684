"""Collecting what planning finds wrong, and which rows it therefore cannot use."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import polars as pl

from teacherreg.intake.listed import Listed
from teacherreg.intake.problems import Problem, Severity
from teacherreg.intake.read import Reading
from teacherreg.locale import t

Parameters = Mapping[str, object]


@dataclass(frozen=True)
class Person:
    """How a problem names somebody of the registry: by all but a number of the state's."""

    name: str
    school: str
    birth_date: str | None
    staff_no: str | None
    number: int

    def __str__(self) -> str:
        """Say it in the language in force when it is read."""
        known = ""
        if self.birth_date:
            known = t("imports.born", day=self.birth_date)
        elif self.staff_no:
            known = t("imports.staff-no", number=self.staff_no)
        return t(
            "imports.person", name=self.name, school=self.school, known=known, number=self.number
        )


@dataclass(frozen=True)
class _Place:
    """A row, named as far as it is not where the reader looks anyway."""

    file: str
    sheet: str
    row: int
    here_file: str
    here_sheet: str

    def __str__(self) -> str:
        if (self.file, self.sheet) == (self.here_file, self.here_sheet):
            return str(self.row)
        where = self.sheet if self.file == self.here_file else self.file
        return t("imports.row-elsewhere", row=self.row, where=where)


class Faults:
    """The problems of one plan; rows are named by their place in the reading."""

    def __init__(self, reading: Reading) -> None:
        self.about = ""  # stands before the fields of the person that is looked for
        self._rows = reading.rows.select("file", "sheet", "row")
        self._headers: dict[str, str] = {}
        for header, field in reading.columns.items():
            if field is not None:
                self._headers.setdefault(field, header)
        self.problems: list[Problem] = []
        self.rejected: set[int] = set()

    def header(self, field: str | None) -> str | None:
        """Give the header of a field as it is written in the file."""
        return self._headers.get(f"{self.about}{field}") if field else None

    def add(
        self,
        index: int,
        code: str,
        severity: Severity,
        field: str | None = None,
        value: str | None = None,
        parameters: Parameters | None = None,
    ) -> None:
        """Note a fault of one row; an error also keeps the row from being written.

        A row that is rejected already gets no second problem.
        """
        if index in self.rejected:
            return
        file, sheet, row = self._rows.row(index)
        self.problems.append(
            Problem(
                file, sheet, row, self.header(field), code, severity, value, dict(parameters or {})
            )
        )
        if severity == "error":
            self.rejected.add(index)

    def add_whole(
        self, index: int, code: str, value: str, parameters: Parameters | None = None
    ) -> None:
        """Warn of something that is true of a file, or of a school in it, as a whole.

        Args:
            index: A row of that file and sheet.
            code: Code of the problem.
            value: What it is about.
            parameters: What its sentence names besides.
        """
        file, sheet, _row = self._rows.row(index)
        named = dict(parameters or {})
        self.problems.append(Problem(file, sheet, None, None, code, "warning", value, named))

    def keep(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Leave out the rows that were rejected."""
        if not self.rejected:
            return rows
        return rows.filter(~pl.col("i").is_in(list(self.rejected)))

    def rows_of(self, indexes: Iterable[int], *, seen_from: int) -> Listed:
        """Name rows by the numbers that the spreadsheet program shows.

        Args:
            indexes: The rows.
            seen_from: The row whose problem names them: those of another sheet or file
                are named with it.
        """
        here = self._rows.row(seen_from)
        return Listed(tuple(_Place(*self._rows.row(index), *here[:2]) for index in indexes))
