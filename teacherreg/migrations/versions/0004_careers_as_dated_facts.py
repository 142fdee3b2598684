"""Careers as dated facts: what becomes of titles, development, prevention, more on conduct.

Revision: 0004, after 0003.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

LEVEL_KNOWN = (
    "level = 'national' OR level = 'province' OR level = 'prefecture'"
    " OR level = 'county' OR level = 'township' OR level = 'school'"
)

CONDUCT_COLUMNS = {
    "person_category": sa.String,
    "occurred_on": sa.Date,
    "released_by": sa.String,
    "release_document_no": sa.String,
    "extended_on": sa.Date,
    "extended_to": sa.Date,
    "appealed_on": sa.Date,
    "appeal_decided_on": sa.Date,
    "appeal_result": sa.String,
    "annulled_on": sa.Date,
}
CONDUCT_ORDER = (
    ("occurred_on", "decided_on"),
    ("decided_on", "extended_on"),
    ("ends_on", "extended_to"),
    ("decided_on", "appealed_on"),
    ("appealed_on", "appeal_decided_on"),
    ("decided_on", "annulled_on"),
)
CONDUCT_CODES = {
    "person_category": ("staff", "manager", "private"),
    "appeal_result": ("upheld", "changed", "annulled"),
}


def upgrade() -> None:
    """Make the tables, and give conduct records and persons their new columns."""
    _make_title_events()
    _make_reviews()
    _make_deeds()
    _make_mentoring_and_rotation()
    _make_cases()
    _make_sessions_and_supervisors()
    _widen_conduct_records()
    op.add_column("teacher", sa.Column("party_joined_on", sa.Date()))


def _make_title_events() -> None:
    """What happened to titles, and the kinds that a county added."""
    op.create_table(
        "title_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("teacher_id", sa.Integer(), nullable=False),
        sa.Column("title_kind", sa.String(), nullable=False),
        sa.Column("level", sa.String()),
        sa.Column("subject", sa.String()),
        sa.Column("event", sa.String(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date()),
        sa.Column("issuer", sa.String()),
        sa.Column("document_no", sa.String()),
        _check(
            "title_event",
            "event_known",
            "event = 'nominated' OR event = 'renewed' OR event = 'suspended'"
            " OR event = 'resumed' OR event = 'expired' OR event = 'revoked'",
        ),
        _check("title_event", "level_known", LEVEL_KNOWN),
        _check("title_event", "ends_on_after_happened_on", "ends_on >= happened_on"),
        sa.ForeignKeyConstraint(["teacher_id"], ["teacher.id"], name="fk_title_event_teacher_id"),
        sa.PrimaryKeyConstraint("id", name="pk_title_event"),
    )
    op.create_index(
        "uq_title_event",
        "title_event",
        [
            "teacher_id",
            "title_kind",
            sa.text("coalesce(level, '')"),
            sa.text("coalesce(subject, '')"),
            "event",
            "happened_on",
        ],
        unique=True,
    )
    op.create_table(
        "local_title_kind",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("columns", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("code", name="pk_local_title_kind"),
    )


def _make_reviews() -> None:
    """Yearly reviews, and reviews of titles."""
    op.create_table(
        "review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("teacher_id", sa.Integer(), nullable=False),
        sa.Column("review_kind", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("title_kind", sa.String()),
        sa.Column("level", sa.String()),
        sa.Column("result", sa.String(), nullable=False),
        sa.Column("reviewed_on", sa.Date()),
        sa.Column("reviewed_by", sa.String()),
        sa.Column("document_no", sa.String()),
        _check("review", "level_known", LEVEL_KNOWN),
        _check(
            "review",
            "annual_names_no_title",
            "review_kind <> 'annual' OR (title_kind IS NULL AND level IS NULL)",
        ),
        _check("review", "review_kind_known", "review_kind = 'annual' OR review_kind = 'title'"),
        _check("review", "year_plausible", "year BETWEEN 1949 AND 2999"),
        sa.ForeignKeyConstraint(["teacher_id"], ["teacher.id"], name="fk_review_teacher_id"),
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


def _make_deeds() -> None:
    """Training, and what was done as a duty of a title."""
    op.create_table(
        "training",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("teacher_id", sa.Integer(), nullable=False),
        sa.Column("project", sa.String(), nullable=False),
        sa.Column("level", sa.String()),
        sa.Column("tenths_of_hours", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date()),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("organiser", sa.String()),
        sa.Column("document_no", sa.String()),
        _check("training", "level_known", LEVEL_KNOWN),
        _check("training", "ends_on_after_starts_on", "ends_on >= starts_on"),
        _check("training", "hours_positive", "tenths_of_hours > 0"),
        sa.ForeignKeyConstraint(["teacher_id"], ["teacher.id"], name="fk_training_teacher_id"),
        sa.PrimaryKeyConstraint("id", name="pk_training"),
    )
    op.create_index("uq_training", "training", ["teacher_id", "project", "ends_on"], unique=True)
    op.create_table(
        "duty",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("teacher_id", sa.Integer(), nullable=False),
        sa.Column("duty_kind", sa.String(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("theme", sa.String()),
        sa.Column("level", sa.String()),
        sa.Column("organiser", sa.String()),
        _check("duty", "level_known", LEVEL_KNOWN),
        _check("duty", "amount_positive", "amount > 0"),
        sa.ForeignKeyConstraint(["teacher_id"], ["teacher.id"], name="fk_duty_teacher_id"),
        sa.PrimaryKeyConstraint("id", name="pk_duty"),
    )
    op.create_index(
        "uq_duty",
        "duty",
        ["teacher_id", "duty_kind", "done_on", sa.text("coalesce(theme, '')")],
        unique=True,
    )


def _make_mentoring_and_rotation() -> None:
    """Who guides whom, and who works elsewhere for a time."""
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
        _check("mentoring", "ends_on_after_starts_on", "ends_on >= starts_on"),
        _check("mentoring", "not_oneself", "mentee_id <> teacher_id"),
        sa.ForeignKeyConstraint(["mentee_id"], ["teacher.id"], name="fk_mentoring_mentee_id"),
        sa.ForeignKeyConstraint(["teacher_id"], ["teacher.id"], name="fk_mentoring_teacher_id"),
        sa.PrimaryKeyConstraint("id", name="pk_mentoring"),
    )
    op.create_index("ix_mentoring_mentee_id", "mentoring", ["mentee_id"])
    op.create_index(
        "uq_mentoring",
        "mentoring",
        ["teacher_id", "mentee_id", "starts_on", sa.text("coalesce(studio, '')")],
        unique=True,
    )
    op.create_table(
        "rotation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("teacher_id", sa.Integer(), nullable=False),
        sa.Column("from_school_id", sa.Integer(), nullable=False),
        sa.Column("to_school_id", sa.Integer(), nullable=False),
        sa.Column("rotation_kind", sa.String()),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date()),
        _check("rotation", "ends_on_after_starts_on", "ends_on >= starts_on"),
        _check("rotation", "to_another_school", "from_school_id <> to_school_id"),
        sa.ForeignKeyConstraint(
            ["from_school_id"], ["school.id"], name="fk_rotation_from_school_id"
        ),
        sa.ForeignKeyConstraint(["teacher_id"], ["teacher.id"], name="fk_rotation_teacher_id"),
        sa.ForeignKeyConstraint(["to_school_id"], ["school.id"], name="fk_rotation_to_school_id"),
        sa.PrimaryKeyConstraint("id", name="pk_rotation"),
    )
    op.create_index("ix_rotation_from_school_id", "rotation", ["from_school_id"])
    op.create_index("ix_rotation_to_school_id", "rotation", ["to_school_id"])
    op.create_index(
        "uq_rotation", "rotation", ["teacher_id", "to_school_id", "starts_on"], unique=True
    )


def _make_cases() -> None:
    """Cases without names, with what they ask to be mended."""
    op.create_table(
        "ethics_case",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_no", sa.String(), nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("act", sa.String()),
        sa.Column("level", sa.String()),
        sa.Column("circulated_on", sa.Date()),
        sa.Column("issuer", sa.String()),
        sa.Column("document_no", sa.String()),
        _check("ethics_case", "level_known", LEVEL_KNOWN),
        sa.PrimaryKeyConstraint("id", name="pk_ethics_case"),
        sa.UniqueConstraint("case_no", name="uq_ethics_case_case_no"),
    )
    op.create_table(
        "corrective_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ethics_case_id", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("responsible", sa.String()),
        sa.Column("due_on", sa.Date()),
        sa.Column("closed_on", sa.Date()),
        sa.ForeignKeyConstraint(
            ["ethics_case_id"], ["ethics_case.id"], name="fk_corrective_item_ethics_case_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_corrective_item"),
        sa.UniqueConstraint(
            "ethics_case_id", "item", name="uq_corrective_item_ethics_case_id_item"
        ),
    )


def _make_sessions_and_supervisors() -> None:
    """Sessions of warning, and the team of supervisors."""
    op.create_table(
        "education_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("level", sa.String()),
        sa.Column("organiser", sa.String()),
        sa.Column("audience", sa.String()),
        sa.Column("expected", sa.Integer()),
        sa.Column("attended", sa.Integer()),
        sa.Column("ethics_case_id", sa.Integer()),
        _check("education_session", "level_known", LEVEL_KNOWN),
        _check("education_session", "numbers_not_negative", "expected >= 0 AND attended >= 0"),
        sa.ForeignKeyConstraint(
            ["ethics_case_id"], ["ethics_case.id"], name="fk_education_session_ethics_case_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_education_session"),
    )
    op.create_index("ix_education_session_ethics_case_id", "education_session", ["ethics_case_id"])
    op.create_index(
        "uq_education_session",
        "education_session",
        ["held_on", "topic", sa.text("coalesce(organiser, '')")],
        unique=True,
    )
    op.create_table(
        "supervision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("teacher_id", sa.Integer(), nullable=False),
        sa.Column("team", sa.String()),
        sa.Column("school_id", sa.Integer()),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date()),
        sa.Column("issuer", sa.String()),
        sa.Column("document_no", sa.String()),
        _check("supervision", "ends_on_after_starts_on", "ends_on >= starts_on"),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name="fk_supervision_school_id"),
        sa.ForeignKeyConstraint(["teacher_id"], ["teacher.id"], name="fk_supervision_teacher_id"),
        sa.PrimaryKeyConstraint("id", name="pk_supervision"),
    )
    op.create_index("ix_supervision_school_id", "supervision", ["school_id"])
    op.create_index(
        "uq_supervision",
        "supervision",
        [
            "teacher_id",
            sa.text("coalesce(team, '')"),
            sa.text("coalesce(school_id, 0)"),
            "starts_on",
        ],
        unique=True,
    )


def _widen_conduct_records() -> None:
    """SQLite adds no constraint to a table: the rows move into a new one.

    The unique index is made anew: a table made anew loses its indexes on expressions.
    """
    op.drop_index("uq_conduct_record", "conduct_record")
    with op.batch_alter_table("conduct_record", copy_from=_conduct_records_of_0001()) as batch:
        for column, kind in CONDUCT_COLUMNS.items():
            batch.add_column(sa.Column(column, kind()))
        for earlier, later in CONDUCT_ORDER:
            name = op.f(f"ck_conduct_record_{later}_after_{earlier}")
            batch.create_check_constraint(name, f"{later} >= {earlier}")
        for column, codes in CONDUCT_CODES.items():
            listed = " OR ".join(f"{column} = '{code}'" for code in codes)
            batch.create_check_constraint(op.f(f"ck_conduct_record_{column}_known"), listed)
    op.create_index(
        "uq_conduct_record",
        "conduct_record",
        [
            "teacher_id",
            "record_kind",
            sa.text("coalesce(year, 0)"),
            sa.text("coalesce(sanction_kind, '')"),
            sa.text("coalesce(decided_on, '0001-01-01')"),
            sa.text("(CASE WHEN record_kind = 'commendation' THEN result ELSE '' END)"),
        ],
        unique=True,
    )


def _conduct_records_of_0001() -> sa.Table:
    """Give the table as it is, because SQLite's own words for it are not read back in full."""
    return sa.Table(
        "conduct_record",
        sa.MetaData(),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("teacher_id", sa.Integer(), nullable=False),
        sa.Column("record_kind", sa.String(), nullable=False),
        sa.Column("year", sa.Integer()),
        sa.Column("result", sa.String()),
        sa.Column("sanction_kind", sa.String()),
        sa.Column("rule_version", sa.String()),
        sa.Column("act", sa.String()),
        sa.Column("decided_on", sa.Date()),
        sa.Column("ends_on", sa.Date()),
        sa.Column("released_on", sa.Date()),
        sa.Column("decided_by", sa.String()),
        sa.Column("document_no", sa.String()),
        sa.Column("summary", sa.String()),
        _check(
            "conduct_record",
            "commendation_has_result",
            "record_kind <> 'commendation' OR result IS NOT NULL",
        ),
        _check(
            "conduct_record",
            "review_has_year_and_result",
            "record_kind <> 'review' OR (year IS NOT NULL AND result IS NOT NULL)",
        ),
        _check(
            "conduct_record",
            "record_kind_known",
            "record_kind = 'review' OR record_kind = 'commendation'"
            " OR record_kind = 'handling' OR record_kind = 'sanction'",
        ),
        _check(
            "conduct_record",
            "sanction_has_kind_and_decision",
            "record_kind NOT IN ('handling', 'sanction')"
            " OR (sanction_kind IS NOT NULL AND decided_on IS NOT NULL)",
        ),
        _check("conduct_record", "ends_on_after_decided_on", "ends_on >= decided_on"),
        _check("conduct_record", "released_on_after_decided_on", "released_on >= decided_on"),
        _check("conduct_record", "year_plausible", "year BETWEEN 1949 AND 2999"),
        sa.ForeignKeyConstraint(
            ["teacher_id"], ["teacher.id"], name=op.f("fk_conduct_record_teacher_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conduct_record")),
    )


def _check(table: str, rule: str, holds: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(holds, name=op.f(f"ck_{table}_{rule}"))
