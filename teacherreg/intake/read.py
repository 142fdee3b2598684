"""Reading files: bytes to clean, checked columns. Nothing here knows a database.

Each file is opened by its content, each sheet that holds records is read, and what comes
out is one table of all accepted rows with every problem found on the way. A file that
cannot be read at all is an `IntakeError`; a bad row never is.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

import polars as pl

from teacherreg.codes.columns import column_of
from teacherreg.errors import IntakeError
from teacherreg.intake.duplicates import find_duplicates
from teacherreg.intake.extract import Question, extract
from teacherreg.intake.folders import RosterFile, gather
from teacherreg.intake.header import LEAST_KNOWN, Header, find_header
from teacherreg.intake.kinds import KINDS, Kind
from teacherreg.intake.left_over import as_json
from teacherreg.intake.notices import Notice
from teacherreg.intake.problems import Problem
from teacherreg.intake.progress import Progress, silent
from teacherreg.intake.records import Records
from teacherreg.intake.report_marks import is_report_sheet
from teacherreg.intake.rows import filled_rows
from teacherreg.intake.sheets import Sheet, read_sheets
from teacherreg.intake.unreadable import Unreadable, require_readable
from teacherreg.settings import Settings

# Who is meant by a row that cannot be used, as far as it can be read.
WHO: Final = ("name", "id_number", "staff_no", "birth_date", "school_name")

MOST_BYTES: Final = 500_000_000  # of one file: two and a half million rows as text

_LIKE_A_PERSON: Final = re.compile(r"\d{17}[\dXx]").pattern


_REFUSED: Final = dict.fromkeys(WHO, pl.String()) | {
    "file": pl.String(),
    "sheet": pl.String(),
    "row": pl.Int64(),
}


@dataclass(frozen=True)
class SourceFile:
    """A file that was read; ``path`` is None where its rows were made by hand."""

    name: str
    sha256: str
    size_bytes: int
    path: Path | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class Table:
    """A sheet whose records were read, and what its columns were taken for."""

    file: str
    sheet: str
    header: Header


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
        tables: The sheets that were read.
        refused: For each rejected row whom it means (`WHO`), as far as it can be read, with
            ``file``, ``sheet`` and ``row``: whoever is listed, however badly, is not missing.
        notices: What else was settled on the way and should be known.
    """

    kind: str
    files: tuple[SourceFile, ...]
    rows: pl.DataFrame
    problems: list[Problem]
    columns: dict[str, str | None]
    skipped: dict[str, int]
    rows_read: int
    rows_rejected: int
    tables: tuple[Table, ...] = ()
    refused: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=_REFUSED))
    notices: tuple[Notice, ...] = ()


def read_files(
    kind: str,
    paths: Sequence[Path],
    *,
    settings: Settings,
    on: date,
    skip_unreadable: bool = False,
    progress: Progress = silent,
) -> Reading:
    """Read files of one kind.

    Args:
        kind: Name of the kind.
        paths: The files, and folders of files; together they are one batch.
        settings: The county's settings.
        on: The day as of which ages are told.
        skip_unreadable: Go on without files that cannot be read; each is a problem then.
        progress: Told after each file.

    Raises:
        IntakeError: If the kind is unknown, or files cannot be read or hold no records;
            all of them are named.
    """
    if kind not in KINDS:
        raise IntakeError("kind-unknown", kind=kind, known=", ".join(KINDS))
    today = max(on, datetime.now(UTC).astimezone().date())
    question = Question(KINDS[kind], settings, on, today)
    gathered = gather(paths)
    batch = _Batch(question)
    if gathered.passed_over:
        batch.notices.append(Notice("passed-over", gathered.parameters))
    for number, source in enumerate(gathered.files):
        progress("read", number, len(gathered.files))
        batch.read(source)
    progress("read", len(gathered.files), len(gathered.files))
    require_readable(batch.unreadable, of=len(gathered.files), skip=skip_unreadable)
    reading = _joined(
        question.kind, tuple(batch.files), batch.parts, batch.columns, tuple(batch.tables)
    )
    reading.problems.extend(file.problem() for file in batch.unreadable)
    return replace(reading, notices=tuple(batch.notices))


@dataclass
class _Batch:
    """What the files of a batch held, as they are read one after the other."""

    question: Question
    files: list[SourceFile] = field(default_factory=list)
    parts: list[Records] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    columns: dict[str, str | None] = field(default_factory=dict)
    notices: list[Notice] = field(default_factory=list)
    unreadable: list[Unreadable] = field(default_factory=list)

    def read(self, source: RosterFile) -> None:
        """Read one more file; the same content is read once."""
        try:
            content = _content(source.path)
            digest = hashlib.sha256(content).hexdigest()
            same = next((file.name for file in self.files if file.sha256 == digest), None)
            if same is not None:
                self.notices.append(Notice("file-twice", {"file": source.name, "other": same}))
                return
            parts = _read_file(content, source.name, self.question, self.columns, self.tables)
        except IntakeError as error:
            self.unreadable.append(Unreadable(source.name, error))
            return
        self.parts.extend(parts)
        self.files.append(SourceFile(source.name, digest, len(content), source.path))


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            # What is no file, but a device, may never end.
            is_known = path.is_file() and path.stat().st_size <= MOST_BYTES
            content = file.read(-1 if is_known else MOST_BYTES + 1)
    except FileNotFoundError as error:
        raise IntakeError("file-missing", file=str(path)) from error
    except OSError as error:
        raise IntakeError("file-not-readable", file=str(path)) from error
    if len(content) > MOST_BYTES:
        raise IntakeError("file-too-large", file=str(path), most=MOST_BYTES // 1_000_000)
    return content


def _read_file(
    content: bytes,
    file: str,
    question: Question,
    columns: dict[str, str | None],
    tables: list[Table],
) -> list[Records]:
    """Read every sheet that holds records; name the others that may have been meant to."""
    sheets = [sheet for sheet in read_sheets(content, file) if not is_report_sheet(sheet)]
    found = [(sheet, find_header(sheet, question.kind)) for sheet in sheets]
    whole = [(s, h) for s, h in found if h is not None and not h.missing(question.kind)]
    shown = [(sheet, header) for sheet, header in whole if not sheet.is_hidden] or whole
    if not shown:
        raise _no_records(file, question.kind, [h for _sheet, h in found if h is not None])
    parts = [extract(sheet, header, file, question) for sheet, header in shown]
    for sheet, header in shown:
        tables.append(Table(file, sheet.name, header))
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
    kind: Kind,
    files: tuple[SourceFile, ...],
    parts: list[Records],
    columns: dict[str, str | None],
    tables: tuple[Table, ...],
) -> Reading:
    frames = [_frame(records) for records in parts]
    rows = pl.concat(frames)
    problems = [problem for records in parts for problem in records.problems]
    labels = {(r.file, r.sheet): r.labels.get("id_number") for r in parts}
    refused = [_refused(records) for records in parts if records.rejected]
    repeated, rejected = find_duplicates(rows, kind.name)
    for problem in repeated:
        column = labels[problem.file, problem.sheet]
        problems.append(replace(problem, column=column))
    if rejected:
        places = pl.Series(sorted(rejected), dtype=pl.Int64)
        is_refused = pl.int_range(pl.len()).is_in(places.implode())
        refused.append(rows.filter(is_refused).select(set(_REFUSED) & set(rows.columns)))
        rows = rows.filter(~is_refused)
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
        tables=tables,
        refused=pl.concat([pl.DataFrame(schema=_REFUSED), *refused], how="diagonal"),
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


def _refused(records: Records) -> pl.DataFrame:
    """Tell whom the rejected rows mean; what could not be cleaned stands as it was written."""
    names = [name for name in WHO if name in records.kind.names]
    cells = {name: records.column(name) for name in names}
    for name in names:
        if name in records.raw:
            cells[name] = cells[name].zip_with(cells[name].is_not_null(), records.raw[name])
    places = pl.Series(sorted(records.rejected), dtype=pl.Int64)
    return (
        pl.DataFrame([cells[name].alias(name) for name in names])
        .with_columns(
            records.rows.cast(pl.Int64).alias("row"),
            file=pl.lit(records.file),
            sheet=pl.lit(records.sheet),
        )
        .filter(pl.int_range(pl.len()).is_in(places.implode()))
    )


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
