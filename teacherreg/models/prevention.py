"""Prevention: cases without names (以案促改), sessions of warning (警示教育), supervisors."""

from datetime import date

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from teacherreg.models.columns import Level, in_order, one_of


class EthicsCase(SQLModel, table=True):
    """A case that others learn from. It names nobody and points at no record of a person."""

    __tablename__ = "ethics_case"
    __table_args__ = (one_of("level", Level),)

    id: int | None = Field(default=None, primary_key=True)
    case_no: str = Field(unique=True)
    topic: str
    act: str | None = None  # key of data/codes/ethics_acts.csv
    level: str | None = None  # who circulated it: the county, the region
    circulated_on: date | None = None
    issuer: str | None = None
    document_no: str | None = None


class CorrectiveItem(SQLModel, table=True):
    """Something that a case asks to be mended (整改事项)."""

    __tablename__ = "corrective_item"
    __table_args__ = (UniqueConstraint("ethics_case_id", "item"),)

    id: int | None = Field(default=None, primary_key=True)
    ethics_case_id: int = Field(foreign_key="ethics_case.id")
    item: str
    responsible: str | None = None
    due_on: date | None = None
    closed_on: date | None = None


class EducationSession(SQLModel, table=True):
    """A session of warning education: who was to come, how many did."""

    __tablename__ = "education_session"
    __table_args__ = (
        one_of("level", Level),
        CheckConstraint("expected >= 0 AND attended >= 0", name="numbers_not_negative"),
        Index(
            "uq_education_session",
            "held_on",
            "topic",
            text("coalesce(organiser, '')"),
            unique=True,
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    held_on: date
    topic: str
    level: str | None = None
    organiser: str | None = None  # a school or the bureau, as written
    audience: str | None = None
    expected: int | None = None
    attended: int | None = None
    ethics_case_id: int | None = Field(default=None, foreign_key="ethics_case.id", index=True)


class Supervision(SQLModel, table=True):
    """A term in the team of supervisors (督导专家团队), for a school or the whole county."""

    __table_args__ = (
        in_order("starts_on", "ends_on"),
        Index(
            "uq_supervision",
            "teacher_id",
            text("coalesce(team, '')"),
            text("coalesce(school_id, 0)"),
            "starts_on",
            unique=True,
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    teacher_id: int = Field(foreign_key="teacher.id")
    team: str | None = None
    school_id: int | None = Field(default=None, foreign_key="school.id", index=True)
    starts_on: date
    ends_on: date | None = None
    issuer: str | None = None
    document_no: str | None = None
