"""Reading files: bytes to clean, checked columns. Nothing here knows a database.

Each file is opened by its content, each sheet that holds records is read, and what comes
out is one table of all accepted rows with every problem found on the way. A file that
cannot be read at all is an `IntakeError`; a bad row never is.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

import polars as pl

from teacherreg.codes.columns import column_of
from teacherreg.errors import IntakeError
from teacherreg.intake.duplicates import find_duplicates
from teacherreg.intake.extract import Question, extract
from teacherreg.intake.header import LEAST_KNOWN, Header, find_header
from teacherreg.intake.kinds import KINDS, Kind
from teacherreg.intake.left_over import as_json
from teacherreg.intake.problems import Problem
from teacherreg.intake.records import Records
from teacherreg.intake.rows import filled_rows
from teacherreg.intake.sheets import Sheet, read_sheets
from teacherreg.settings import Settings

_LIKE_A_PERSON: Final = re.compile(r"\d{17}[\dXx]").pattern


@dataclass(frozen=True)
class SourceFile:
    """A file that was read."""

    name: str
    sha256: str
    size_bytes: int


@dataclass(frozen=True)
class Reading:
    """What some files of one kind hold.

    Attributes:
        kind: ``schools``, ``teachers``, ``titles`` or ``conduct``.
        files: The files, in the order given.
        rows: One row for each accepted record: every field of the kind in its clean type,
            all null where no sheet has it, and ``file``, ``sheet``, ``row``, ``unmapped``;
            where ID numbers and birth dates are read, ``birth_date_from_id`` tells that
            the birth date was not written but taken from the number.
        problems: Every problem, by file, sheet and row.
        columns: Each header as written and its field, or None where it has none.
        skipped: How many rows held no record, by reason.
        rows_read: How many records were found.
        rows_rejected: How many of them have an error.
    """

    kind: str
    files: tuple[SourceFile, ...]
    rows: pl.DataFrame
    problems: list[Problem]
    columns: dict[str, str | None]
    skipped: dict[str, int]
    rows_read: int
    rows_rejected: int


def read_files(kind: str, paths: Sequence[Path], *, settings: Settings, on: date) -> Reading:
    """Read files of one kind.

    Args:
        kind: Name of the kind.
        paths: The files; together they are one batch.
        settings: The county's settings.
        on: The day as of which ages are told.

    Raises:
        IntakeError: If the kind is unknown, or a file cannot be read or holds no records.
    """
    if kind not in KINDS:
        raise IntakeError("kind-unknown", kind=kind, known=", ".join(KINDS))
    today = max(on, datetime.now(UTC).astimezone().date())
    question = Question(KINDS[kind], settings, on, today)
    files: list[SourceFile] = []
    parts: list[Records] = []
    columns: dict[str, str | None] = {}
    for path in paths:
        content = _content(path)
        digest = hashlib.sha256(content).hexdigest()
        files.append(SourceFile(path.name, digest, len(content)))
        parts.extend(_read_file(content, path.name, question, columns))
    return _joined(question.kind, tuple(files), parts, columns)


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise IntakeError("file-missing", file=str(path)) from error
    except IsADirectoryError as error:
        raise IntakeError("file-is-folder", file=str(path)) from error
    except OSError as error:
        raise IntakeError("file-not-readable", file=str(path)) from error


def _read_file(
    content: bytes, file: str, question: Question, columns: dict[str, str | None]
) -> list[Records]:
    """Read every sheet that holds records; name the others that may have been meant to."""
    sheets = read_sheets(content, file)
    found = [(sheet, find_header(sheet, question.kind)) for sheet in sheets]
    whole = [(s, h) for s, h in found if h is not None and not h.missing(question.kind)]
    shown = [(sheet, header) for sheet, header in whole if not sheet.is_hidden] or whole
    if not shown:
        raise _no_records(file, question.kind, [h for _sheet, h in found if h is not None])
    parts = [extract(sheet, header, file, question) for sheet, header in shown]
    for _sheet, header in shown:
        for column in header.columns:
            if not column.is_serial and not columns.get(column.label):
                columns[column.label] = _given(question.kind, column.field)
    read = {id(sheet) for sheet, _header in shown}
    _tell_of_others(parts[0], [(s, h) for s, h in found if id(s) not in read])
    return parts


def _given(kind: Kind, name: str | None) -> str | None:
    """Give the field of a column, unless it is read only to settle another."""
    return None if name is None or kind.field(name).is_aid else name


def _no_records(file: str, kind: Kind, headers: list[Header]) -> IntakeError:
    """Say what a file lacks: a header, or columns of one."""
    if not headers:
        expected = "、".join(
            _label(kind, field.name) for field in [f for f in kind.fields if not f.is_aid][:6]
        )
        return IntakeError("no-header", file=file, expected=expected, least=LEAST_KNOWN)
    best = max(headers, key=lambda header: header.known)
    missing = "；".join(
        "/".join(_label(kind, name) for name in group) for group in best.missing(kind)
    )
    return IntakeError("columns-missing", file=file, row=best.bottom + 1, missing=missing)


def _label(kind: Kind, name: str) -> str:
    return column_of(kind.name, name).label()


def _tell_of_others(first: Records, others: list[tuple[Sheet, Header | None]]) -> None:
    """Name the sheets that were not read although they seem to hold people."""
    for sheet, header in others:
        code = "sheet-hidden" if sheet.is_hidden else "sheet-not-read"
        if _holds_people(sheet) or (sheet.is_hidden and header and not header.missing(first.kind)):
            first.problems.append(
                Problem(first.file, sheet.name, None, None, code, "warning", None, {})
            )
        first.skip("other_sheet", filled_rows(sheet.cells))


def _holds_people(sheet: Sheet) -> bool:
    return bool(
        sheet.cells.select(pl.any_horizontal(pl.all().str.contains(_LIKE_A_PERSON).any())).item()
    )


def _joined(
    kind: Kind, files: tuple[SourceFile, ...], parts: list[Records], columns: dict[str, str | None]
) -> Reading:
    frames = [_frame(records) for records in parts]
    rows = pl.concat(frames)
    problems = [problem for records in parts for problem in records.problems]
    labels = {(r.file, r.sheet): r.labels.get("id_number") for r in parts}
    repeated, rejected = find_duplicates(rows, kind.name)
    for problem in repeated:
        column = labels[problem.file, problem.sheet]
        problems.append(replace(problem, column=column))
    if rejected:
        places = pl.Series(sorted(rejected), dtype=pl.Int64)
        rows = rows.filter(~pl.int_range(pl.len()).is_in(places.implode()))
    skipped: Counter[str] = Counter()
    for records in parts:
        skipped.update(records.skipped)
    return Reading(
        kind=kind.name,
        files=files,
        rows=rows,
        problems=_in_order(problems, files),
        columns=columns,
        skipped=dict(skipped),
        rows_read=sum(map(len, parts)),
        rows_rejected=sum(map(len, parts)) - rows.height,
    )


def _frame(records: Records) -> pl.DataFrame:
    """Give the accepted rows with every field of the kind."""
    columns = [
        records.column(field.name).alias(field.name)
        for field in records.kind.fields
        if not field.is_aid
    ]
    if {"id_number", "birth_date"} <= records.kind.names:
        told = records.clean.get("birth_date_from_id")
        none = pl.repeat(False, len(records), eager=True)
        columns.append((none if told is None else told).alias("birth_date_from_id"))
    frame = pl.DataFrame(columns).with_columns(
        pl.lit(records.file).alias("file"),
        pl.lit(records.sheet).alias("sheet"),
        records.rows.cast(pl.Int64).alias("row"),
        as_json(records.left_over, len(records)).alias("unmapped"),
    )
    if not records.rejected:
        return frame
    places = pl.Series(sorted(records.rejected), dtype=pl.Int64)
    return frame.filter(~pl.int_range(pl.len()).is_in(places.implode()))


def _in_order(problems: list[Problem], files: Sequence[SourceFile]) -> list[Problem]:
    """Sort problems as a person reads the files, those of a whole sheet first.

    A cell with several titles has the same fault only once.
    """
    order: Mapping[str, int] = {file.name: place for place, file in enumerate(files)}
    sheets: dict[tuple[str, str], int] = {}
    for problem in problems:
        sheets.setdefault((problem.file, problem.sheet), len(sheets))
    once: dict[tuple[object, ...], Problem] = {}
    for problem in problems:
        what = (problem.file, problem.sheet, problem.row, problem.column, problem.code)
        once.setdefault((*what, problem.value), problem)
    return sorted(once.values(), key=lambda p: (order[p.file], sheets[p.file, p.sheet], p.row or 0))
