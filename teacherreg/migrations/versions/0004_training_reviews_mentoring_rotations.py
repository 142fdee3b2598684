"""Training, reviews, mentoring and rotations.

Revision: 0004, after 0003.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

LEVELS = ("national", "province", "prefecture", "county", "township", "school")


def upgrade() -> None:
    """Make the tables of a career's development."""
    _make_training()
    _make_review()
    _make_mentoring()
    _make_rotation()


def _level_known(table: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(
        " OR ".join(f"level = '{level}'" for level in LEVELS), name=f"ck_{table}_level_known"
    )


def _person(table: str, column: str = "teacher_id") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["teacher.id"], name=f"fk_{table}_{column}")


def _in_order(table: str) -> sa.CheckConstraint:
    return sa.CheckConstraint("ends_on >= starts_on", name=f"ck_{table}_ends_on_after_starts_on")


def _make_training() -> None:
    op.create_table(
        "training",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("teacher_id", sa.Integer(), nullable=False),
        sa.Column("project", sa.String(), nullable=False),
        sa.Column("level", sa.String()),
        sa.Column("hours_tenths", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date()),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("organiser", sa.String()),
        sa.Column("certificate_no", sa.String()),
        _level_known("training"),
        _in_order("training"),
        sa.CheckConstraint("hours_tenths > 0", name="ck_training_hours_positive"),
        _person("training"),
        sa.PrimaryKeyConstraint("id", name="pk_training"),
    )
    op.create_index("uq_training", "training", ["teacher_id", "project", "ends_on"], unique=True)


def _make_review() -> None:
    op.create_table(
        "review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("teacher_id", sa.Integer(), nullable=False),
        sa.Column("review_kind", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("title_kind", sa.String()),
        sa.Column("level", sa.String()),
        sa.Column("result", sa.String(), nullable=False),
        sa.Column("decided_by", sa.String()),
        sa.Column("document_no", sa.String()),
        sa.CheckConstraint(
            "review_kind = 'annual' OR review_kind = 'title'", name="ck_review_review_kind_known"
        ),
        _level_known("review"),
        sa.CheckConstraint("year BETWEEN 1949 AND 2999", name="ck_review_year_plausible"),
        sa.CheckConstraint(
            "review_kind <> 'annual' OR title_kind IS NULL",
            name="ck_review_annual_names_no_title",
        ),
        _person("review"),
        sa.PrimaryKeyConstraint("id", name="pk_review"),
    )
    op.create_index(
        "uq_review",
        "review",
        [
            "teacher_id",
            "review_kind",
            "year",
            sa.text("coalesce(title_kind, '')"),
            sa.text("coalesce(level, '')"),
        ],
        unique=True,
    )


def _make_mentoring() -> None:
    op.create_table(
        "mentoring",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("teacher_id", sa.Integer(), nullable=False),
        sa.Column("mentee_id", sa.Integer(), nullable=False),
        sa.Column("studio", sa.String()),
        sa.Column("subject", sa.String()),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date()),
        sa.Column("aim", sa.String()),
        _in_order("mentoring"),
        sa.CheckConstraint("mentee_id <> teacher_id", name="ck_mentoring_not_oneself"),
        _person("mentoring"),
        _person("mentoring", "mentee_id"),
        sa.PrimaryKeyConstraint("id", name="pk_mentoring"),
    )
    op.create_index("ix_mentoring_mentee_id", "mentoring", ["mentee_id"])
    op.create_index(
        "uq_mentoring", "mentoring", ["teacher_id", "mentee_id", "starts_on"], unique=True
    )


def _make_rotation() -> None:
    op.create_table(
        "rotation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("teacher_id", sa.Integer(), nullable=False),
        sa.Column("from_school_id", sa.Integer(), nullable=False),
        sa.Column("to_school_id", sa.Integer(), nullable=False),
        sa.Column("rotation_kind", sa.String()),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date()),
        _in_order("rotation"),
        sa.CheckConstraint("from_school_id <> to_school_id", name="ck_rotation_to_another_school"),
        _person("rotation"),
        *(
            sa.ForeignKeyConstraint([column], ["school.id"], name=f"fk_rotation_{column}")
            for column in ("from_school_id", "to_school_id")
        ),
        sa.PrimaryKeyConstraint("id", name="pk_rotation"),
    )
    for column in ("from_school_id", "to_school_id"):
        op.create_index(f"ix_rotation_{column}", "rotation", [column])
    op.create_index(
        "uq_rotation", "rotation", ["teacher_id", "to_school_id", "starts_on"], unique=True
    )
