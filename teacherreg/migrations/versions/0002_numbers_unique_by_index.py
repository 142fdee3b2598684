"""Persons' numbers are unique by index, so that a bulk load can make the indexes last.

Posts are looked up by school alone: no question asks for a school's stage by itself.

Revision: 0002, after 0001.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

NUMBERS = ("id_number", "staff_no")


def upgrade() -> None:
    """Trade constraints for indexes."""
    if op.get_bind().dialect.name == "sqlite":
        _make_the_table_anew()
    else:
        for name in NUMBERS:
            op.drop_constraint(f"uq_teacher_{name}", "teacher", type_="unique")
    for name in NUMBERS:
        op.create_index(f"ix_teacher_{name}", "teacher", [name], unique=True)
    op.drop_index("ix_post_school_id_stage", "post")
    op.create_index("ix_post_school_id", "post", ["school_id"])


def _make_the_table_anew() -> None:
    """SQLite cannot drop a constraint: the rows move into a table without it."""
    without = sa.Table(
        "teacher",
        sa.MetaData(),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("id_number", sa.String()),
        sa.Column("staff_no", sa.String()),
        sa.Column("sex", sa.String()),
        sa.Column("birth_date", sa.String()),
        sa.Column("ethnicity", sa.String()),
        sa.Column("political_status", sa.String()),
        sa.Column("education", sa.String()),
        sa.Column("degree", sa.String()),
        sa.Column("work_started_on", sa.Date()),
        sa.Column("phone", sa.String()),
        sa.Column("unmapped", sa.JSON()),
        sa.CheckConstraint(
            "sex = '0' OR sex = '1' OR sex = '2' OR sex = '9'", name=op.f("ck_teacher_sex_known")
        ),
        sa.CheckConstraint("length(id_number) = 18", name=op.f("ck_teacher_id_number_length")),
        sa.CheckConstraint(
            "length(birth_date) IN (7, 10)", name=op.f("ck_teacher_birth_date_form")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_teacher")),
        sa.Index("ix_teacher_name", "name"),
    )
    with op.batch_alter_table("teacher", copy_from=without, recreate="always"):
        pass
