"""The first schema.

Revision: 0001, the root.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make every table."""
    op.create_table(
        "county",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("code", name="pk_county"),
    )
    op.create_table(
        "import_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("imported_by", sa.String(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.String(), nullable=True),
        sa.Column("rows_read", sa.Integer(), nullable=False),
        sa.Column("rows_added", sa.Integer(), nullable=False),
        sa.Column("rows_changed", sa.Integer(), nullable=False),
        sa.Column("rows_unchanged", sa.Integer(), nullable=False),
        sa.Column("rows_rejected", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "status = 'applied' OR status = 'undone'", name="ck_import_batch_status_known"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_import_batch"),
    )
    op.create_table(
        "setting",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_setting"),
    )
    op.create_table(
        "teacher",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("id_number", sa.String(), nullable=True),
        sa.Column("staff_no", sa.String(), nullable=True),
        sa.Column("sex", sa.String(), nullable=True),
        sa.Column("birth_date", sa.String(), nullable=True),
        sa.Column("ethnicity", sa.String(), nullable=True),
        sa.Column("political_status", sa.String(), nullable=True),
        sa.Column("education", sa.String(), nullable=True),
        sa.Column("degree", sa.String(), nullable=True),
        sa.Column("work_started_on", sa.Date(), nullable=True),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("unmapped", sa.JSON(none_as_null=True), nullable=True),
        sa.CheckConstraint(
            "sex = '0' OR sex = '1' OR sex = '2' OR sex = '9'", name="ck_teacher_sex_known"
        ),
        sa.CheckConstraint("length(birth_date) IN (7, 10)", name="ck_teacher_birth_date_form"),
        sa.CheckConstraint("length(id_number) = 18", name="ck_teacher_id_number_length"),
        sa.PrimaryKeyConstraint("id", name="pk_teacher"),
        sa.UniqueConstraint("id_number", name="uq_teacher_id_number"),
        sa.UniqueConstraint("staff_no", name="uq_teacher_staff_no"),
    )
    op.create_index("ix_teacher_name", "teacher", ["name"], unique=False)
    op.create_table(
        "conduct_record",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("teacher_id", sa.Integer(), nullable=False),
        sa.Column("record_kind", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("result", sa.String(), nullable=True),
        sa.Column("sanction_kind", sa.String(), nullable=True),
        sa.Column("rule_version", sa.String(), nullable=True),
        sa.Column("act", sa.String(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("released_on", sa.Date(), nullable=True),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("document_no", sa.String(), nullable=True),
        sa.Column("summary", sa.String(), nullable=True),
        sa.CheckConstraint(
            "record_kind <> 'commendation' OR result IS NOT NULL",
            name="ck_conduct_record_commendation_has_result",
        ),
        sa.CheckConstraint(
            "record_kind <> 'review' OR (year IS NOT NULL AND result IS NOT NULL)",
            name="ck_conduct_record_review_has_year_and_result",
        ),
        sa.CheckConstraint(
            "record_kind = 'review' OR record_kind = 'commendation' OR record_kind = 'handling' OR record_kind = 'sanction'",
            name="ck_conduct_record_record_kind_known",
        ),
        sa.CheckConstraint(
            "record_kind NOT IN ('handling', 'sanction') OR (sanction_kind IS NOT NULL AND decided_on IS NOT NULL)",
            name="ck_conduct_record_sanction_has_kind_and_decision",
        ),
        sa.CheckConstraint(
            "ends_on >= decided_on", name="ck_conduct_record_ends_on_after_decided_on"
        ),
        sa.CheckConstraint(
            "released_on >= decided_on", name="ck_conduct_record_released_on_after_decided_on"
        ),
        sa.CheckConstraint("year BETWEEN 1949 AND 2999", name="ck_conduct_record_year_plausible"),
        sa.ForeignKeyConstraint(
            ["teacher_id"], ["teacher.id"], name="fk_conduct_record_teacher_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_conduct_record"),
    )
    op.create_table(
        "import_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batch.id"], name="fk_import_file_batch_id"),
        sa.PrimaryKeyConstraint("id", name="pk_import_file"),
    )
    op.create_index("ix_import_file_batch_id", "import_file", ["batch_id"], unique=False)
    op.create_index("ix_import_file_sha256", "import_file", ["sha256"], unique=False)
    op.create_table(
        "journal_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("table_name", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("first_row_id", sa.Integer(), nullable=False),
        sa.Column("last_row_id", sa.Integer(), nullable=False),
        sa.Column("before", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("after", sa.JSON(none_as_null=True), nullable=True),
        sa.CheckConstraint(
            "action = 'insert' OR action = 'update'", name="ck_journal_entry_action_known"
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batch.id"], name="fk_journal_entry_batch_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_journal_entry"),
    )
    op.create_index("ix_journal_entry_batch_id", "journal_entry", ["batch_id"], unique=False)
    op.create_index(
        "ix_journal_entry_rows",
        "journal_entry",
        ["table_name", "first_row_id", "last_row_id"],
        unique=False,
    )
    op.create_table(
        "school",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("county_code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=True),
        sa.Column("school_type", sa.String(), nullable=True),
        sa.Column("township", sa.String(), nullable=True),
        sa.Column("locality", sa.String(), nullable=True),
        sa.Column("parent_school_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "locality = 'city' OR locality = 'town' OR locality = 'rural'",
            name="ck_school_locality_known",
        ),
        sa.CheckConstraint("parent_school_id <> id", name="ck_school_not_its_own_parent"),
        sa.ForeignKeyConstraint(["county_code"], ["county.code"], name="fk_school_county_code"),
        sa.ForeignKeyConstraint(
            ["parent_school_id"], ["school.id"], name="fk_school_parent_school_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_school"),
        sa.UniqueConstraint("code", name="uq_school_code"),
        sa.UniqueConstraint("county_code", "name", name="uq_school_county_code_name"),
    )
    op.create_index("ix_school_parent_school_id", "school", ["parent_school_id"], unique=False)
    op.create_index("ix_school_township", "school", ["township"], unique=False)
    op.create_table(
        "title_award",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("teacher_id", sa.Integer(), nullable=False),
        sa.Column("title_kind", sa.String(), nullable=False),
        sa.Column("level", sa.String(), nullable=True),
        sa.Column("subject", sa.String(), nullable=True),
        sa.Column("awarded_on", sa.Date(), nullable=True),
        sa.Column("term_ends_on", sa.Date(), nullable=True),
        sa.Column("is_term_by_rule", sa.Boolean(), nullable=False),
        sa.Column("revoked_on", sa.Date(), nullable=True),
        sa.Column("issuer", sa.String(), nullable=True),
        sa.Column("document_no", sa.String(), nullable=True),
        sa.CheckConstraint(
            "level = 'national' OR level = 'province' OR level = 'prefecture' OR level = 'county' OR level = 'township' OR level = 'school'",
            name="ck_title_award_level_known",
        ),
        sa.CheckConstraint(
            "revoked_on >= awarded_on", name="ck_title_award_revoked_on_after_awarded_on"
        ),
        sa.CheckConstraint(
            "term_ends_on >= awarded_on", name="ck_title_award_term_ends_on_after_awarded_on"
        ),
        sa.ForeignKeyConstraint(["teacher_id"], ["teacher.id"], name="fk_title_award_teacher_id"),
        sa.PrimaryKeyConstraint("id", name="pk_title_award"),
    )
    op.create_index(
        "ix_title_award_kind_level", "title_award", ["title_kind", "level"], unique=False
    )
    op.create_table(
        "enrolment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("school_year", sa.String(), nullable=False),
        sa.Column("students", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "stage = 'kindergarten' OR stage = 'primary' OR stage = 'junior' OR stage = 'senior' OR stage = 'vocational' OR stage = 'special'",
            name="ck_enrolment_stage_known",
        ),
        sa.CheckConstraint("length(school_year) = 9", name="ck_enrolment_school_year_form"),
        sa.CheckConstraint("students >= 0", name="ck_enrolment_students_not_negative"),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name="fk_enrolment_school_id"),
        sa.PrimaryKeyConstraint("id", name="pk_enrolment"),
        sa.UniqueConstraint(
            "school_id", "stage", "school_year", name="uq_enrolment_school_id_stage_school_year"
        ),
    )
    op.create_table(
        "post",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("teacher_id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(), nullable=True),
        sa.Column("subject", sa.String(), nullable=True),
        sa.Column("professional_rank", sa.String(), nullable=True),
        sa.Column("staff_category", sa.String(), nullable=True),
        sa.Column("is_full_time_teacher", sa.Boolean(), nullable=False),
        sa.Column("attachment", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "attachment = 'home' OR attachment = 'visiting'", name="ck_post_attachment_known"
        ),
        sa.CheckConstraint(
            "stage = 'kindergarten' OR stage = 'primary' OR stage = 'junior' OR stage = 'senior' OR stage = 'vocational' OR stage = 'special'",
            name="ck_post_stage_known",
        ),
        sa.CheckConstraint("ends_on >= starts_on", name="ck_post_ends_on_after_starts_on"),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name="fk_post_school_id"),
        sa.ForeignKeyConstraint(["teacher_id"], ["teacher.id"], name="fk_post_teacher_id"),
        sa.PrimaryKeyConstraint("id", name="pk_post"),
    )
    op.create_index("ix_post_school_id_stage", "post", ["school_id", "stage"], unique=False)
    op.create_index("ix_post_teacher_id", "post", ["teacher_id"], unique=False)
    op.create_index(
        "uq_post_open_home",
        "post",
        ["teacher_id"],
        unique=True,
        sqlite_where=sa.text("ends_on IS NULL AND attachment = 'home'"),
        postgresql_where=sa.text("ends_on IS NULL AND attachment = 'home'"),
    )
    op.create_table(
        "school_alias",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name="fk_school_alias_school_id"),
        sa.PrimaryKeyConstraint("id", name="pk_school_alias"),
        sa.UniqueConstraint("school_id", "name", name="uq_school_alias_school_id_name"),
    )
    op.create_index("ix_school_alias_name", "school_alias", ["name"], unique=False)
    op.create_table(
        "school_stage",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.CheckConstraint(
            "stage = 'kindergarten' OR stage = 'primary' OR stage = 'junior' OR stage = 'senior' OR stage = 'vocational' OR stage = 'special'",
            name="ck_school_stage_stage_known",
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name="fk_school_stage_school_id"),
        sa.PrimaryKeyConstraint("id", name="pk_school_stage"),
        sa.UniqueConstraint("school_id", "stage", name="uq_school_stage_school_id_stage"),
    )
    op.create_index(
        "uq_title_award",
        "title_award",
        [
            "teacher_id",
            "title_kind",
            sa.text("coalesce(level, '')"),
            sa.text("coalesce(subject, '')"),
            sa.text("coalesce(awarded_on, '0001-01-01')"),
        ],
        unique=True,
    )
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
