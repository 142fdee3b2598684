"""Conduct (师德师风): yearly reviews, commendations, handlings and sanctions.

The most sensitive table: its rows reach the discipline officers' file alone.
"""

from datetime import date

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from teacherreg.models.columns import AppealResult, PersonCategory, RecordKind, in_order, one_of


class ConductRecord(SQLModel, table=True):
    """One record on one person; which fields it must have depends on its kind."""

    __tablename__ = "conduct_record"
    __table_args__ = (
        one_of("record_kind", RecordKind),
        CheckConstraint(
            "record_kind <> 'review' OR (year IS NOT NULL AND result IS NOT NULL)",
            name="review_has_year_and_result",
        ),
        CheckConstraint(
            "record_kind <> 'commendation' OR result IS NOT NULL",
            name="commendation_has_result",
        ),
        CheckConstraint(
            "record_kind NOT IN ('handling', 'sanction')"
            " OR (sanction_kind IS NOT NULL AND decided_on IS NOT NULL)",
            name="sanction_has_kind_and_decision",
        ),
        CheckConstraint("year BETWEEN 1949 AND 2999", name="year_plausible"),
        in_order("decided_on", "ends_on"),
        in_order("decided_on", "released_on"),
        in_order("occurred_on", "decided_on"),
        in_order("decided_on", "extended_on"),
        in_order("ends_on", "extended_to"),
        in_order("decided_on", "appealed_on"),
        in_order("appealed_on", "appeal_decided_on"),
        in_order("decided_on", "annulled_on"),
        one_of("person_category", PersonCategory),
        one_of("appeal_result", AppealResult),
        Index(
            "uq_conduct_record",
            "teacher_id",
            "record_kind",
            text("coalesce(year, 0)"),
            text("coalesce(sanction_kind, '')"),
            text("coalesce(decided_on, '0001-01-01')"),
            text("(CASE WHEN record_kind = 'commendation' THEN result ELSE '' END)"),
            unique=True,
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    teacher_id: int = Field(foreign_key="teacher.id")
    record_kind: str
    year: int | None = None  # of a review
    result: str | None = None  # review: key of review_results.csv; commendation: its name
    sanction_kind: str | None = None  # key of data/codes/sanctions.csv
    rule_version: str | None = None  # the rules in force on the day of the decision
    act: str | None = None  # key of data/codes/ethics_acts.csv
    decided_on: date | None = None  # takes effect on this day
    ends_on: date | None = None  # last day of the period, by rule_version; none: no period
    released_on: date | None = None
    decided_by: str | None = None
    document_no: str | None = None
    summary: str | None = None
    person_category: str | None = None  # on the day of the decision; picks the rules
    occurred_on: date | None = None  # the breach itself
    released_by: str | None = None
    release_document_no: str | None = None
    extended_on: date | None = None  # 延长: decided on this day …
    extended_to: date | None = None  # … the new last day
    appealed_on: date | None = None
    appeal_decided_on: date | None = None
    appeal_result: str | None = None
    annulled_on: date | None = None  # 撤销: from this day on it never counted
