"""Reading files: bytes to clean, checked columns. Nothing here knows a database.

Each file is opened by its content, each sheet that holds records is read, and what comes
out is one table of all accepted rows with every problem found on the way. A file that
cannot be read at all is an `IntakeError`; a bad row never is.
"""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

import polars as pl

from teacherreg.errors import IntakeError
from teacherreg.intake.duplicates import find_duplicates
from teacherreg.intake.extract import Question
from teacherreg.intake.file_tables import Table, read_tables
from teacherreg.intake.folders import RosterFile, gather
from teacherreg.intake.kinds import KINDS, Kind
from teacherreg.intake.layout import AS_FOUND, Layout, Remembered, Said
from teacherreg.intake.left_over import as_json
from teacherreg.intake.listed import Listed
from teacherreg.intake.notices import Notice
from teacherreg.intake.problems import Problem
from teacherreg.intake.progress import Progress, silent
from teacherreg.intake.records import Records
from teacherreg.intake.unreadable import Unreadable, require_readable
from teacherreg.settings import Settings

# Who is meant by a row that cannot be used, as far as it can be read.
WHO: Final = ("name", "id_number", "staff_no", "birth_date", "school_name")

MOST_BYTES: Final = 500_000_000  # of one file: two and a half million rows as text
_COLUMNS_NAMED: Final = 60

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
        layout: What a person said about the files.
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
    layout: Layout = AS_FOUND


def read_files(
    kind: str,
    paths: Sequence[Path],
    *,
    settings: Settings,
    on: date,
    layout: Layout = AS_FOUND,
    remembered: Sequence[Remembered] = (),
    skip_unreadable: bool = False,
    progress: Progress = silent,
) -> Reading:
    """Read files of one kind.

    Args:
        kind: Name of the kind.
        paths: The files, and folders of files; together they are one batch.
        settings: The county's settings.
        on: The day as of which ages are told.
        layout: What a person says about the files: sheets, header row, columns.
        remembered: What was said of earlier files; used where a header is the same.
        skip_unreadable: Go on without files that cannot be read; each is a problem then.
        progress: Told after each file.

    Raises:
        IntakeError: If the kind is unknown, or files cannot be read or hold no records;
            all of them are named. Or if no file has a column that the layout names.
        UsageError: If the layout names a field that the kind has not.
    """
    if kind not in KINDS:
        raise IntakeError("kind-unknown", kind=kind, known=", ".join(KINDS))
    today = max(on, datetime.now(UTC).astimezone().date())
    question = Question(KINDS[kind], settings, on, today)
    layout = layout.of_kind(question.kind)
    gathered = gather(paths)
    batch = _Batch(question, layout, remembered)
    if gathered.passed_over:
        batch.notices.append(Notice("passed-over", gathered.parameters))
    for number, source in enumerate(gathered.files):
        progress("read", number, len(gathered.files))
        batch.read(source)
    progress("read", len(gathered.files), len(gathered.files))
    require_readable(batch.unreadable, of=len(gathered.files), skip=skip_unreadable)
    batch.require_columns()
    batch.tell_of_remembered()
    reading = _joined(
        question.kind, tuple(batch.files), batch.parts, batch.columns, tuple(batch.tables)
    )
    reading.problems.extend(file.problem() for file in batch.unreadable)
    return replace(reading, notices=tuple(batch.notices), layout=layout)


@dataclass
class _Batch:
    """What the files of a batch held, as they are read one after the other."""

    question: Question
    layout: Layout
    remembered: Sequence[Remembered]
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
            read = read_tables(content, source, self.question, self.layout, self.remembered)
        except IntakeError as error:
            self.unreadable.append(Unreadable(source.name, error))
            return
        self.parts.extend(read.parts)
        self.tables.extend(read.tables)
        self.notices.extend(read.notices)
        self.files.append(SourceFile(source.name, digest, len(content), source.path))
        for column in (column for table in read.tables for column in table.header.columns):
            if not column.is_serial and not self.columns.get(column.label):
                self.columns[column.label] = _given(self.question.kind, column.field)

    def require_columns(self) -> None:
        """Refuse a column that was named and stands in no file."""
        matched = {name for table in self.tables for name in table.header.matched}
        for column in self.layout.columns:
            if column not in matched:
                known = Listed(tuple(self.columns), _COLUMNS_NAMED)
                raise IntakeError("map-column-unknown", column=column, known=known)

    def tell_of_remembered(self) -> None:
        """Tell of each header that was known from an earlier import, once."""
        files: dict[int, dict[str, None]] = {}
        entries: dict[int, Remembered] = {}
        for table in self.tables:
            if (entry := table.header.remembered) is not None:
                entries[entry.id] = entry
                files.setdefault(entry.id, {})[table.file] = None
        for number, entry in entries.items():
            parameters = {
                "files": Listed(tuple(files[number])),
                "batch": entry.batch_id,
                "mapping": number,
                "said": Said(entry),
            }
            self.notices.append(Notice("mapping-remembered", parameters))


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


def _given(kind: Kind, name: str | None) -> str | None:
    """Give the field of a column, unless it is read only to settle another."""
    return None if name is None or kind.field(name).is_aid else name


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
    if not names:
        return pl.DataFrame(schema=_REFUSED)
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
