"""Posts: who teaches what, where, from when to when."""

from datetime import date

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from teacherreg.models.columns import Attachment, Stage, in_order, one_of


class Post(SQLModel, table=True):
    """A stretch of time in which nothing about a person's work at a school changed.

    A new school, stage, subject, rank or status ends one post and begins the next, so
    "how many on that day" has the same answer next year. Both days count. No start means
    that it began before anybody wrote it down; no end means that it still runs.
    """

    __table_args__ = (
        one_of("stage", Stage),
        one_of("attachment", Attachment),
        in_order("starts_on", "ends_on"),
        Index(
            "uq_post_open_home",
            "teacher_id",
            unique=True,
            sqlite_where=text("ends_on IS NULL AND attachment = 'home'"),
            postgresql_where=text("ends_on IS NULL AND attachment = 'home'"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    teacher_id: int = Field(foreign_key="teacher.id", index=True)
    school_id: int = Field(foreign_key="school.id", index=True)
    stage: str | None = None
    subject: str | None = None  # key of data/codes/subjects.csv, the main one
    professional_rank: str | None = None  # key of data/codes/professional_rank.csv
    staff_category: str | None = None  # key of data/codes/staff_categories.csv
    is_full_time_teacher: bool = True  # 专任教师: what the indicators count
    attachment: str = Attachment.HOME.value
    status: str = "100"  # code of data/codes/person_status.csv
    starts_on: date | None = None
    ends_on: date | None = None
