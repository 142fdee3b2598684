"""Imports: what came in, from which files, and what each row was before."""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import JSON, Column, DateTime, Index
from sqlmodel import Field, SQLModel

from teacherreg.models.columns import BatchStatus, JournalAction, one_of


class ImportBatch(SQLModel, table=True):
    """One import: all of it was written, in one transaction, or none of it."""

    __tablename__ = "import_batch"
    __table_args__ = (one_of("status", BatchStatus),)

    id: int | None = Field(default=None, primary_key=True)
    kind: str  # teachers, titles …
    status: str = BatchStatus.APPLIED.value
    on_date: date  # the day as of which the rows were true
    imported_at: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))
    imported_by: str  # login name on the machine, or what the caller said
    undone_at: datetime | None = Field(default=None, sa_column=Column(DateTime(timezone=True)))
    undone_by: str | None = None
    rows_read: int
    rows_added: int
    rows_changed: int
    rows_unchanged: int
    rows_rejected: int


class ImportFile(SQLModel, table=True):
    """A file of a batch, known by its content."""

    __tablename__ = "import_file"

    id: int | None = Field(default=None, primary_key=True)
    batch_id: int = Field(foreign_key="import_batch.id", index=True)
    name: str  # without its folder
    sha256: str = Field(index=True)
    size_bytes: int


class JournalEntry(SQLModel, table=True):
    """What one import did to a run of rows of one table.

    An inserted run is one entry from ``first_row_id`` to ``last_row_id``; an updated row
    is an entry of its own, with the columns that changed as they were ``before``.
    """

    __tablename__ = "journal_entry"
    __table_args__ = (
        one_of("action", JournalAction),
        Index("ix_journal_entry_rows", "table_name", "first_row_id", "last_row_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    batch_id: int = Field(foreign_key="import_batch.id", index=True)
    table_name: str
    action: str
    first_row_id: int
    last_row_id: int
    before: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    after: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))


def in_utc(moment: datetime) -> datetime:
    """Give a stored time as UTC; SQLite forgets that it was, PostgreSQL may show another zone."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
