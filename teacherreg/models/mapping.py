"""What an import was told of a header, kept for the next file with the same one."""

from typing import Any

from sqlalchemy import JSON, Column, Index
from sqlmodel import Field, SQLModel


class ColumnMapping(SQLModel, table=True):
    """What the columns under one header mean, as a person said and an import accepted.

    The last one said of a header holds; those before it stay, for an undo to go back to.
    """

    __tablename__ = "column_mapping"
    __table_args__ = (Index("ix_column_mapping_header", "kind", "fingerprint"),)

    id: int | None = Field(default=None, primary_key=True)
    batch_id: int = Field(foreign_key="import_batch.id", index=True)
    kind: str  # teachers, titles …
    fingerprint: str  # SHA-256 of the header
    header: list[str] = Field(sa_column=Column(JSON, nullable=False))
    columns: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))  # header: field
    sheets: list[str] = Field(sa_column=Column(JSON, nullable=False))  # those chosen
