"""What stands in the way of taking an import back: which imports, and which rows of whom."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import polars as pl
from sqlalchemy import JSON, Column, Connection, Select, Table, select

from teacherreg.errors import RegistryError
from teacherreg.intake.listed import Listed
from teacherreg.intake.tables import (
    BATCH,
    CONDUCT_RECORD,
    DUTY,
    ETHICS_CASE,
    FILE,
    FILLED,
    JOURNAL,
    MENTORING,
    POST,
    REVIEW,
    ROTATION,
    SCHOOL,
    SUPERVISION,
    TEACHER,
    TITLE_AWARD,
    TITLE_EVENT,
    TRAINING,
    fetch,
    table,
)
from teacherreg.intake.whose import whose
from teacherreg.locale import t
from teacherreg.models import Attachment, BatchStatus, JournalAction
from teacherreg.models.batch import in_utc

_ROWS_NAMED: Final = 5  # of each import
_IMPORTS_NAMED: Final = 5

_RUNS: Final = {"batch_id": pl.Int64(), "table_name": pl.String(), "first": pl.Int64(),
                "last": pl.Int64(), "is_run": pl.Boolean()}  # fmt: skip
_ROWS: Final = {"batch_id": pl.Int64(), "table_name": pl.String(), "row_id": pl.Int64()}

# Numbers and names that only one row may hold; an empty one is none.
_UNIQUE: Final = (
    (TEACHER, TEACHER.c.id_number),
    (TEACHER, TEACHER.c.staff_no),
    (SCHOOL, SCHOOL.c.name),
    (SCHOOL, SCHOOL.c.code),
    (ETHICS_CASE, ETHICS_CASE.c.case_no),
)

# What only one record of a person may be.
_UNIQUE_OF_PERSON: Final = (
    (POST, ()),  # only the open one at home: see `_identity`
    (TITLE_AWARD, ("title_kind", "level", "subject", "awarded_on")),
    (CONDUCT_RECORD, ("record_kind", "year", "sanction_kind", "decided_on", "result")),
    (TITLE_EVENT, ("title_kind", "level", "subject", "event", "happened_on")),
    (REVIEW, ("review_kind", "year", "title_kind", "level")),
    (TRAINING, ("project", "ends_on")),
    (DUTY, ("duty_kind", "done_on", "theme")),
    (MENTORING, ("mentee_id", "starts_on", "studio")),
    (ROTATION, ("to_school_id", "starts_on")),
    (SUPERVISION, ("team", "school_id", "starts_on")),
)


@dataclass(frozen=True)
class RowsOf:
    """Some rows by the names of whom they are about, as the language in force lists them.

    Attributes:
        named: Whom and what: the name (the row's number where that is gone) and the table.
    """

    named: Sequence[tuple[str | int, str]]

    def __str__(self) -> str:
        """List the first of them, and say how many more there are."""
        if not self.named:
            return t("imports.rows-unknown")
        words = [
            t("imports.row-of", who=who, table=t(f"imports.stored.{name}"))
            for who, name in self.named[:_ROWS_NAMED]
        ]
        listed = t("imports.list-comma").join(words)
        rest = len(self.named) - len(words)
        return listed + t("imports.rows-more", count=rest) if rest else listed


@dataclass(frozen=True)
class InTheWay:
    """A later import, and its rows that stand in the way of taking back an earlier one."""

    batch_id: int
    kind: str
    imported_at: datetime
    imported_by: str
    file: str
    rows: RowsOf

    def __str__(self) -> str:
        """Say it on a line of its own."""
        return "\n" + t(
            "imports.in-the-way",
            batch=self.batch_id,
            kind=t(f"imports.kind.{self.kind}"),
            day=in_utc(self.imported_at).astimezone().date(),
            by=self.imported_by,
            file=self.file,
            rows=self.rows,
        )


@dataclass(frozen=True)
class _Imports:
    """Those in the way, the newest first, a line each; of very many only some."""

    imports: Sequence[InTheWay]

    def __str__(self) -> str:
        lines = "".join(map(str, self.imports[:_IMPORTS_NAMED]))
        rest = len(self.imports) - _IMPORTS_NAMED
        return lines + "\n" + t("imports.in-the-way-more", count=rest) if rest > 0 else lines


def require_free(connection: Connection, batch_id: int) -> None:
    """Refuse where later imports, or rows added by hand, stand on what would go.

    Raises:
        RegistryError: ``undo-later`` with the imports in the way as ``imports``, or
            ``undo-changed-by-hand`` with the ``rows``.
    """
    own = _entries(connection, batch_id, later=False)
    later = _entries(connection, batch_id, later=True)
    found = [_on_same_rows(own, later)]
    by_hand: list[tuple[Table, int]] = []
    for which, ids in _referring(connection, own):
        theirs, nobodys = _by_import(which, ids, later)
        found.append(theirs)
        by_hand.extend((which, row_id) for row_id in nobodys)
    _refuse(connection, batch_id, pl.concat(found), by_hand)


def refusal_after_failure(connection: Connection, batch_id: int) -> RegistryError:
    """Tell why rows did not become what they were, though no later import touched them."""
    later = _entries(connection, batch_id, later=True)
    found, by_hand = [pl.DataFrame(schema=_ROWS)], list(_differing(connection, batch_id))
    for which, ids in _clashing(connection, batch_id):
        theirs, nobodys = _by_import(which, ids, later)
        found.append(theirs)
        by_hand.extend((which, row_id) for row_id in nobodys)
    try:
        _refuse(connection, batch_id, pl.concat(found), by_hand)
    except RegistryError as refused:
        return refused
    return RegistryError("undo-changed-by-hand", batch=batch_id, rows=RowsOf(()))


def _refuse(
    connection: Connection, batch_id: int, found: pl.DataFrame, by_hand: Sequence[tuple[Table, int]]
) -> None:
    if not found.is_empty():
        imports = _described(connection, found.unique(maintain_order=True))
        numbers = Listed(tuple(one.batch_id for one in imports))
        raise RegistryError(
            "undo-later", batch=batch_id, numbers=numbers, imports=_Imports(imports)
        )
    if by_hand:
        rows = _named(connection, [(which.name, row_id) for which, row_id in by_hand])
        raise RegistryError("undo-changed-by-hand", batch=batch_id, rows=rows)


def _described(connection: Connection, found: pl.DataFrame) -> list[InTheWay]:
    described = []
    for (number,), rows in sorted(found.group_by("batch_id"), reverse=True, key=lambda g: g[0]):
        batch = connection.execute(select(BATCH).where(BATCH.c.id == number)).one()
        file = connection.execute(
            select(FILE.c.name).where(FILE.c.batch_id == number).order_by(FILE.c.id).limit(1)
        ).scalar_one_or_none()
        described.append(
            InTheWay(
                batch.id, batch.kind, batch.imported_at, batch.imported_by, file or "",
                _named(connection, rows.select("table_name", "row_id").rows()),
            )
        )  # fmt: skip
    return described


def _named(connection: Connection, rows: Sequence[tuple[str, int]]) -> RowsOf:
    ids: dict[str, list[int]] = {}
    for name, row_id in rows:
        ids.setdefault(name, []).append(row_id)
    who = {name: whose(connection, table(name), some) for name, some in ids.items()}
    named = dict.fromkeys((who[name].get(row_id, row_id), name) for name, row_id in rows)
    return RowsOf(tuple(named))


def _entries(connection: Connection, batch_id: int, *, later: bool) -> pl.DataFrame:
    """Read the journal of a batch, or of the later ones that stand."""
    statement: Select[Any] = select(
        JOURNAL.c.batch_id,
        JOURNAL.c.table_name,
        JOURNAL.c.first_row_id,
        JOURNAL.c.last_row_id,
        (JOURNAL.c.action == JournalAction.INSERT.value).label("is_run"),
    ).order_by(JOURNAL.c.id)
    if later:
        statement = statement.join(BATCH, BATCH.c.id == JOURNAL.c.batch_id).where(
            BATCH.c.id > batch_id, BATCH.c.status == BatchStatus.APPLIED.value
        )
    else:
        statement = statement.where(JOURNAL.c.batch_id == batch_id)
    rows = [tuple(row) for row in connection.execute(statement)]
    return pl.DataFrame(rows, schema=_RUNS, orient="row")


def _on_same_rows(own: pl.DataFrame, later: pl.DataFrame) -> pl.DataFrame:
    """Find the rows of a batch that later ones changed; a number is never given out twice."""
    changed = later.filter(~pl.col("is_run")).rename({"first": "row_id"}).select(*_ROWS)
    singles = own.filter(~pl.col("is_run")).select("table_name", row_id="first")
    parts = [changed.join(singles, on=["table_name", "row_id"], how="semi", maintain_order="left")]
    for run in own.filter("is_run").iter_rows(named=True):
        of_run = pl.col("row_id").is_between(run["first"], run["last"])
        parts.append(changed.filter(pl.col("table_name") == run["table_name"], of_run))
    return pl.concat(parts)


def _referring(connection: Connection, own: pl.DataFrame) -> Iterator[tuple[Table, list[int]]]:
    """Find rows that refer to rows which would go, and that this batch did not write."""
    for run in own.filter("is_run").iter_rows(named=True):
        for child, column in _columns_that_name(run["table_name"]):
            named = column.between(run["first"], run["last"])
            query = select(child.c.id).where(named).order_by(child.c.id)
            ids = pl.Series([row.id for row in connection.execute(query)], dtype=pl.Int64())
            foreign = _not_among(ids, own.filter(pl.col("table_name") == child.name))
            if foreign:
                yield child, foreign


def _columns_that_name(table_name: str) -> list[tuple[Table, Column[Any]]]:
    return [
        (child, column)
        for child in FILLED
        for column in child.c
        for key in column.foreign_keys
        if key.column.table.name == table_name
    ]


def _not_among(ids: pl.Series, entries: pl.DataFrame) -> list[int]:
    """Leave out the rows that entries of the journal cover."""
    rest = ids.filter(~ids.is_in(entries.filter(~pl.col("is_run"))["first"].implode()))
    for first, last in entries.filter("is_run").select("first", "last").rows():
        rest = rest.filter(~rest.is_between(first, last))
    return rest.to_list()


def _by_import(
    which: Table, ids: Iterable[int], later: pl.DataFrame
) -> tuple[pl.DataFrame, list[int]]:
    """Part rows into those that later imports wrote, and those that no import did."""
    wanted = pl.Series("row_id", list(ids), dtype=pl.Int64())
    of_table = later.filter(pl.col("table_name") == which.name)
    parts = [pl.DataFrame(schema=_ROWS)]
    for number, first, last in of_table.select("batch_id", "first", "last").rows():
        covered = wanted.filter(wanted.is_between(first, last))
        parts.append(
            covered.to_frame().select(
                pl.lit(number, pl.Int64()).alias("batch_id"),
                pl.lit(which.name).alias("table_name"),
                "row_id",
            )
        )
    theirs = pl.concat(parts)
    return theirs, wanted.filter(~wanted.is_in(theirs["row_id"].implode())).to_list()


def _written(
    connection: Connection, batch_id: int
) -> dict[str, dict[int, tuple[dict[str, Any], dict[str, Any]]]]:
    """Give the rows that a batch changed: what they were before all of it, and after."""
    written: dict[str, dict[int, tuple[dict[str, Any], dict[str, Any]]]] = {}
    statement = (
        select(JOURNAL.c.table_name, JOURNAL.c.first_row_id, JOURNAL.c.before, JOURNAL.c.after)
        .where(JOURNAL.c.batch_id == batch_id, JOURNAL.c.action == JournalAction.UPDATE.value)
        .order_by(JOURNAL.c.id)
    )
    for name, row_id, before, after in connection.execute(statement):
        was, became = written.setdefault(name, {}).get(row_id, ({}, {}))
        written[name][row_id] = (before | was, became | after)
    return written


def _differing(connection: Connection, batch_id: int) -> Iterator[tuple[Table, int]]:
    """Find rows that are not as a batch left them."""
    for name, rows in _written(connection, batch_id).items():
        which = table(name)
        now = fetch(connection, which.c, (which.c.id, rows)).rows_by_key(
            "id", named=True, unique=True
        )
        for row_id, (_, became) in rows.items():
            told = {key: became[key] for key in became if not isinstance(which.c[key].type, JSON)}
            row = now.get(row_id)
            if row is None or any(row[key] != value for key, value in told.items()):
                yield which, row_id
    for run in _entries(connection, batch_id, later=False).filter("is_run").iter_rows(named=True):
        which = table(run["table_name"])
        query = select(which.c.id).where(which.c.id.between(run["first"], run["last"]))
        there = {row.id for row in connection.execute(query)}
        gone = set(range(run["first"], run["last"] + 1)) - there
        yield from ((which, row_id) for row_id in sorted(gone))


def _clashing(connection: Connection, batch_id: int) -> Iterator[tuple[Table, list[int]]]:
    """Find rows that hold what only one row may hold and what would come back."""
    written = _written(connection, batch_id)
    for which, column in _UNIQUE:
        rows = written.get(which.name, {})
        back = {was[column.name] for was, _ in rows.values() if was.get(column.name) is not None}
        found = fetch(connection, (which.c.id, column), (column, back))["id"]
        yield which, sorted(row_id for row_id in found if row_id not in rows)
    for which, key in _UNIQUE_OF_PERSON:
        rows = written.get(which.name, {})
        persons = fetch(connection, (which.c.id, which.c.teacher_id), (which.c.id, rows))
        theirs = fetch(connection, which.c, (which.c.teacher_id, persons["teacher_id"].unique()))
        known = theirs.rows_by_key("id", named=True, unique=True)
        back = {
            _identity(known[number] | was, key)
            for number, (was, _) in rows.items()
            if number in known
        } - {None}
        held = [number for number, row in known.items() if _identity(row, key) in back]
        yield which, sorted(number for number in held if number not in rows)


def _identity(record: Mapping[str, Any], key: Sequence[str]) -> tuple[Any, ...] | None:
    """Give what no other record of the person may have in common; None if all may.

    Of a conduct record the result is part of it only where it names a commendation.
    """
    if not key:
        is_open = record["ends_on"] is None and record["attachment"] == Attachment.HOME.value
        return (record["teacher_id"],) if is_open else None
    is_named = record.get("record_kind", "commendation") == "commendation"
    told = [record[name] for name in key if name != "result" or is_named]
    return (record["teacher_id"], *told)
