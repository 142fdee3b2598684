"""Titles: 称号 such as master teacher or subject leader, each award a dated row."""

from datetime import date

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from teacherreg.models.columns import Level, TitleEventKind, in_order, one_of


class TitleAward(SQLModel, table=True):
    """One award of one title. The highest level held is derived, never stored.

    The first and the last day of the term count. A title without ``awarded_on`` is kept
    but counts nowhere: its validity is not known.
    """

    __tablename__ = "title_award"
    __table_args__ = (
        one_of("level", Level),
        in_order("awarded_on", "term_ends_on"),
        in_order("awarded_on", "revoked_on"),
        Index(
            "uq_title_award",
            "teacher_id",
            "title_kind",
            text("coalesce(level, '')"),
            text("coalesce(subject, '')"),
            text("coalesce(awarded_on, '0001-01-01')"),
            unique=True,
        ),
        Index("ix_title_award_kind_level", "title_kind", "level"),
    )

    id: int | None = Field(default=None, primary_key=True)
    teacher_id: int = Field(foreign_key="teacher.id")
    title_kind: str  # key of data/codes/title_kinds.csv
    level: str | None = None
    subject: str | None = None
    awarded_on: date | None = None
    term_ends_on: date | None = None  # no end: a title without a term
    is_term_by_rule: bool = False  # the end was computed from the kind's usual term
    revoked_on: date | None = None  # from this day on it is not held
    issuer: str | None = None
    document_no: str | None = None


class TitleEvent(SQLModel, table=True):
    """What happened to a title beside its award: nominated, renewed, suspended, revoked …

    It concerns the awards of its person, kind and level (and subject, where it names one)
    that were made by its day; a nomination comes before any award.
    """

    __tablename__ = "title_event"
    __table_args__ = (
        one_of("level", Level),
        one_of("event", TitleEventKind),
        in_order("happened_on", "ends_on"),
        Index(
            "uq_title_event",
            "teacher_id",
            "title_kind",
            text("coalesce(level, '')"),
            text("coalesce(subject, '')"),
            "event",
            "happened_on",
            unique=True,
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    teacher_id: int = Field(foreign_key="teacher.id")
    title_kind: str  # key of data/codes/title_kinds.csv
    level: str | None = None
    subject: str | None = None
    event: str
    happened_on: date
    ends_on: date | None = None  # last day of a renewed term, or of a suspension
    issuer: str | None = None
    document_no: str | None = None


class LocalTitleKind(SQLModel, table=True):
    """A kind of title that this county added to those of ``data/codes/title_kinds.csv``."""

    __tablename__ = "local_title_kind"

    code: str = Field(primary_key=True)
    columns: str  # JSON: the columns of title_kinds.csv that are not empty
