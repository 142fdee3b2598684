"""Development: training, duties of a title, mentoring and studios, rotations."""

from datetime import date

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from teacherreg.models.columns import Level, in_order, one_of


class Training(SQLModel, table=True):
    """One course that a person finished."""

    __table_args__ = (
        one_of("level", Level),
        in_order("starts_on", "ends_on"),
        CheckConstraint("tenths_of_hours > 0", name="hours_positive"),
        Index("uq_training", "teacher_id", "project", "ends_on", unique=True),
    )

    id: int | None = Field(default=None, primary_key=True)
    teacher_id: int = Field(foreign_key="teacher.id")
    project: str
    level: str | None = None
    tenths_of_hours: int  # 学时 times ten: 4.5 hours are 45, and sums stay exact
    starts_on: date | None = None
    ends_on: date  # the day on which the hours count
    organiser: str | None = None
    document_no: str | None = None  # 证书编号


class Duty(SQLModel, table=True):
    """Something done as a duty of a title: a demonstration lesson, a paper, a project …"""

    __table_args__ = (
        one_of("level", Level),
        CheckConstraint("amount > 0", name="amount_positive"),
        Index(
            "uq_duty",
            "teacher_id",
            "duty_kind",
            "done_on",
            text("coalesce(theme, '')"),
            unique=True,
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    teacher_id: int = Field(foreign_key="teacher.id")
    duty_kind: str  # key of data/codes/duty_kinds.csv
    done_on: date
    amount: int = 1  # lessons, papers, visits: whatever the kind counts
    theme: str | None = None  # of the lesson, the paper, the project
    level: str | None = None  # how far it reached: of the county, of the school
    organiser: str | None = None


class Mentoring(SQLModel, table=True):
    """A mentor and a mentee; or a studio's leader and a member, where a studio is named."""

    __table_args__ = (
        in_order("starts_on", "ends_on"),
        CheckConstraint("mentee_id <> teacher_id", name="not_oneself"),
        Index(
            "uq_mentoring",
            "teacher_id",
            "mentee_id",
            "starts_on",
            text("coalesce(studio, '')"),
            unique=True,
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    teacher_id: int = Field(foreign_key="teacher.id")  # the mentor
    mentee_id: int = Field(foreign_key="teacher.id", index=True)
    studio: str | None = None
    subject: str | None = None
    starts_on: date
    ends_on: date | None = None
    aim: str | None = None


class Rotation(SQLModel, table=True):
    """A move to another school for a time (交流轮岗)."""

    __table_args__ = (
        in_order("starts_on", "ends_on"),
        CheckConstraint("from_school_id <> to_school_id", name="to_another_school"),
        Index("uq_rotation", "teacher_id", "to_school_id", "starts_on", unique=True),
    )

    id: int | None = Field(default=None, primary_key=True)
    teacher_id: int = Field(foreign_key="teacher.id")
    from_school_id: int = Field(foreign_key="school.id", index=True)
    to_school_id: int = Field(foreign_key="school.id", index=True)
    rotation_kind: str | None = None  # key of data/codes/rotation_kinds.csv
    starts_on: date
    ends_on: date | None = None
