"""From workbooks to a plan: what importing them would do. A plan touches nothing.

Reading and checking the files is `read`'s work; here their rows meet the registry as it is.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Engine

from teacherreg import database
from teacherreg.errors import UsageError
from teacherreg.intake.context import Context
from teacherreg.intake.departures import Departure
from teacherreg.intake.earlier import tell_of_earlier_imports
from teacherreg.intake.file_tables import Table
from teacherreg.intake.fingerprint import Fingerprint, fingerprint
from teacherreg.intake.layout import AS_FOUND, Layout
from teacherreg.intake.ledger import Ledger
from teacherreg.intake.mappings import recall
from teacherreg.intake.notices import Notice
from teacherreg.intake.plans.cases import plan_cases
from teacherreg.intake.plans.conduct import plan_conduct
from teacherreg.intake.plans.duties import plan_duties
from teacherreg.intake.plans.mentoring import plan_mentoring
from teacherreg.intake.plans.reviews import plan_reviews
from teacherreg.intake.plans.rotations import plan_rotations
from teacherreg.intake.plans.schools import plan_schools
from teacherreg.intake.plans.sessions import plan_sessions
from teacherreg.intake.plans.supervisors import plan_supervisors
from teacherreg.intake.plans.teachers import plan_teachers
from teacherreg.intake.plans.titles import plan_titles
from teacherreg.intake.plans.training import plan_training
from teacherreg.intake.problems import Problem
from teacherreg.intake.progress import Progress, silent
from teacherreg.intake.read import Reading, SourceFile, read_files
from teacherreg.intake.writes import Row, Write
from teacherreg.settings import Settings

PLANNERS: Final = {
    "schools": plan_schools,
    "teachers": plan_teachers,
    "titles": plan_titles,
    "conduct": plan_conduct,
    "training": plan_training,
    "reviews": plan_reviews,
    "mentoring": plan_mentoring,
    "rotations": plan_rotations,
    "duties": plan_duties,
    "cases": plan_cases,
    "sessions": plan_sessions,
    "supervisors": plan_supervisors,
}

# Whom or what a row is about, the first it has.
_WHO: Final = ("name", "mentor_name", "school_name", "held_on", "case_no")


@dataclass(frozen=True)
class Counts:
    """How many records of the files come to what.

    ``read`` is the sum of the others.
    """

    read: int
    added: int
    changed: int
    unchanged: int
    rejected: int

    def to_document(self) -> dict[str, int]:
        """Give the ``rows`` of the contract's JSON."""
        return {
            "read": self.read,
            "added": self.added,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "rejected": self.rejected,
        }


@dataclass(frozen=True)
class Change:
    """One row that is added, or one thing known that becomes different.

    Attributes:
        action: ``add`` or ``change``.
        table: The table that it is about.
        row_id: Number of the row; a post that another follows is named by its own.
        who: Name of the person or the school.
        file: File of the row that asks for it.
        sheet: Its sheet.
        row: Its number as the spreadsheet program shows it.
        old: What is known now, by column; empty for a row that is added.
        new: What it will be, schools by name; whole, so mask it before it is shown.
    """

    action: str
    table: str
    row_id: int
    who: str
    file: str
    sheet: str
    row: int
    old: Row
    new: Row


@dataclass(frozen=True)
class Plan:
    """What importing some files would do to a registry as it is.

    Attributes:
        kind: What the files hold.
        on: The day as of which the rows are true.
        files: The files, known by their content.
        columns: For each header as written, the field that it was taken for, or None.
        problems: What is wrong with rows, in the order of the files.
        notices: What else was settled and should be known.
        counts: How many rows come to what.
        skipped: Rows that hold no record, by reason.
        is_full: Whether the files are said to be the complete roster of their schools.
        departures: Who is missing from them then, and what becomes of the post there.
    """

    kind: str
    on: date
    files: Sequence[SourceFile]
    columns: Mapping[str, str | None]
    problems: Sequence[Problem]
    notices: Sequence[Notice]
    counts: Counts
    skipped: Mapping[str, int]
    is_full: bool
    departures: Sequence[Departure]
    fingerprint: Fingerprint
    _reading: Reading
    _ledger: Ledger
    _school_names: Mapping[int, str]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to write."""
        return next(self.writes(), None) is None

    @property
    def needs_attention(self) -> bool:
        """Whether somebody should look at some rows, or say what became of those missing."""
        return bool(self.problems) or any(d.ends_on is None for d in self.departures)

    @property
    def tables(self) -> Sequence[Table]:
        """The sheets that were read, and what their columns were taken for."""
        return self._reading.tables

    @property
    def layout(self) -> Layout:
        """What a person said about the files."""
        return self._reading.layout

    def writes(self) -> Iterator[Write]:
        """Give what would be written, in the order in which the database accepts it."""
        return self._ledger.writes()

    def added_rows(self) -> Counter[str]:
        """Count the rows that would be added, by table."""
        counted: Counter[str] = Counter()
        for added in self._ledger.added:
            counted[added.rows.table] += added.rows.frame.height
        return counted

    @property
    def changes(self) -> Iterator[Change]:
        """Give what becomes different, then each row that is added, one by one."""
        for changed in self._ledger.changed:
            yield Change(
                "change",
                changed.table,
                changed.row_id,
                changed.who,
                *self._place(changed.source),
                changed.old,
                changed.new,
            )
        for added in self._ledger.added:
            rows = zip(added.sources, added.rows.frame.iter_rows(named=True), strict=True)
            for source, row in rows:
                new = {name: self._by_name(name, v) for name, v in row.items() if v is not None}
                who, place = self._who(source), self._place(source)
                yield Change("add", added.rows.table, row["id"], who, *place, {}, new)

    def changed(self) -> list[Change]:
        """List what becomes different, without the rows that are added."""
        count = len(self._ledger.changed)
        return [change for change, _ in zip(self.changes, range(count), strict=False)]

    def _place(self, source: int) -> tuple[str, str, int]:
        rows = self._reading.rows
        return rows["file"][source], rows["sheet"][source], rows["row"][source]

    def _by_name(self, column: str, value: Any) -> Any:
        return self._school_names.get(value, value) if column.endswith("school_id") else value

    def _who(self, source: int) -> str:
        rows = self._reading.rows
        column = next(name for name in _WHO if name in rows.columns)
        return str(rows[column][source] or "")

    def to_document(self, batch_id: int | None = None, *, dry_run: bool = True) -> dict[str, Any]:
        """Give the JSON of the contract; ID numbers and phones are masked."""
        document: dict[str, Any] = {
            "batch": batch_id,
            "kind": self.kind,
            "dry_run": dry_run,
            "rows": self.counts.to_document(),
            "columns": dict(self.columns),
            "problems": [problem.to_document() for problem in self.problems],
            "skipped": dict(self.skipped),
            "notices": [{"code": one.code, "message": one.message} for one in self.notices],
        }
        if self.is_full:
            ended = sum(departure.ends_on is not None for departure in self.departures)
            document["departures"] = [departure.to_document() for departure in self.departures]
            document["departed"] = {"listed": len(self.departures), "ended": ended}
        return document


def plan_import(
    engine: Engine,
    kind: str,
    paths: Sequence[Path],
    *,
    settings: Settings,
    on: date,
    layout: Layout = AS_FOUND,
    school: str | None = None,
    add_schools: bool = False,
    skip_unreadable: bool = False,
    full: bool = False,
    allow_departures: int | None = None,
    progress: Progress = silent,
) -> Plan:
    """Read files and work out what importing them would do.

    Args:
        engine: The registry.
        kind: ``schools``, ``teachers``, ``titles`` or ``conduct``.
        paths: The files, and folders of files; together they are one batch.
        settings: The county's settings.
        on: The day as of which the rows are true.
        layout: What a person says of the files; it goes before what is remembered.
        school: The school of every row that names none.
        add_schools: Make the schools that the registry does not know yet.
        skip_unreadable: Go on without files that cannot be read; each is a problem then.
        full: The files are the complete roster of the schools that they hold.
        allow_departures: End the posts of those missing from it, if they are at most so many.
        progress: Told how far the work has come.

    Raises:
        IntakeError: If the kind is unknown, files cannot be read as rosters at all, or
            more people are missing than may leave.
        RegistryError: If the school named for all rows is not known.
        UsageError: If options do not go together, or name a field that the kind has not.
    """
    reading = read_files(
        kind,
        list(paths),
        settings=settings,
        on=on,
        layout=layout,
        remembered=recall(engine, kind),
        skip_unreadable=skip_unreadable,
        progress=progress,
    )
    progress("plan", 0, 1)
    plan = plan_reading(
        engine,
        reading,
        settings=settings,
        on=on,
        school=school,
        add_schools=add_schools,
        full=full,
        allow_departures=allow_departures,
    )
    progress("plan", 1, 1)
    return plan


def plan_reading(
    engine: Engine,
    reading: Reading,
    *,
    settings: Settings,
    on: date,
    school: str | None = None,
    add_schools: bool = False,
    full: bool = False,
    allow_departures: int | None = None,
) -> Plan:
    """Work out what rows that have been read come to; see `plan_import`."""
    _require_roster(reading.kind, full=full, allow_departures=allow_departures)
    with database.clear_words(engine.url), engine.connect() as connection:
        context = Context(
            connection, reading, settings, on, school, add_schools, full, allow_departures
        )
        taken = fingerprint(connection)
        PLANNERS[reading.kind](context)
        tell_of_earlier_imports(context)
    problems = sorted([*reading.problems, *context.faults.problems], key=_place_of(reading))
    return Plan(
        kind=reading.kind,
        on=on,
        files=reading.files,
        columns=reading.columns,
        problems=problems,
        notices=context.notices,
        counts=_count(context),
        skipped=reading.skipped,
        is_full=context.full,
        departures=context.departures,
        fingerprint=taken,
        _reading=reading,
        _ledger=context.ledger,
        _school_names={number: place.name for number, place in context.schools.by_id.items()},
    )


def _require_roster(kind: str, *, full: bool, allow_departures: int | None) -> None:
    """Refuse what makes no sense: only a complete roster can tell who is missing."""
    if full and kind != "teachers":
        raise UsageError("full-not-teachers", kind=kind)
    if allow_departures is not None and not full:
        raise UsageError("departures-need-full")
    if allow_departures is not None and allow_departures < 0:
        raise UsageError("departures-below-zero")


def _place_of(reading: Reading) -> Any:
    """Sort problems as a person meets them: by file, sheet in the file, and row."""
    files = {file.name: place for place, file in enumerate(reading.files)}
    sheets: dict[tuple[str, str], int] = {}
    for file, sheet in reading.rows.select("file", "sheet").unique(maintain_order=True).rows():
        sheets.setdefault((file, sheet), len(sheets))
    last = len(files) + len(sheets)

    def place(problem: Problem) -> tuple[int, int, int]:
        sheet = sheets.get((problem.file, problem.sheet), last)
        return files.get(problem.file, last), sheet, problem.row or 0

    return place


def _count(context: Context) -> Counts:
    """Count the records of the files by what becomes of them; one row may hold several."""
    reading = context.reading
    rejected = context.faults.rejected
    if not rejected and not context.ledger.outcomes:
        unchanged = reading.rows_read - reading.rows_rejected
        return Counts(reading.rows_read, 0, 0, unchanged, reading.rows_rejected)
    outcomes: dict[int, str] = dict.fromkeys(rejected, "reject") | context.ledger.outcomes
    counted = Counter(outcomes.values())
    added, changed = counted["add"], counted["change"]
    all_rejected = reading.rows_rejected + counted["reject"]
    unchanged = reading.rows_read - added - changed - all_rejected
    return Counts(reading.rows_read, added, changed, unchanged, all_rejected)
