"""Reviews: the yearly review of a person, and the review of a title in its term."""

from datetime import date

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from teacherreg.models.columns import Level, ReviewKind, one_of


class Review(SQLModel, table=True):
    """One result for one year. Reviews of ethics (师德考核) are conduct records.

    A sanction lowers the yearly grade, so the grade tells of it: discipline officers
    alone see it. A title's review that names no title is of all that the person holds.
    """

    __table_args__ = (
        one_of("review_kind", ReviewKind),
        one_of("level", Level),
        CheckConstraint("year BETWEEN 1949 AND 2999", name="year_plausible"),
        CheckConstraint(
            "review_kind <> 'annual' OR (title_kind IS NULL AND level IS NULL)",
            name="annual_names_no_title",
        ),
        Index(
            "uq_review",
            "teacher_id",
            "review_kind",
            "year",
            text("coalesce(title_kind, '')"),
            text("coalesce(level, '')"),
            unique=True,
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    teacher_id: int = Field(foreign_key="teacher.id")
    review_kind: str
    year: int
    title_kind: str | None = None  # of a title's review; key of data/codes/title_kinds.csv
    level: str | None = None
    result: str  # key of data/codes/review_results.csv
    reviewed_on: date | None = None
    reviewed_by: str | None = None
    document_no: str | None = None
