"""What an import was told of a header is remembered.

Revision: 0003, after 0002.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the table of mappings."""
    op.create_table(
        "column_mapping",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("header", sa.JSON(), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("sheets", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batch.id"], name="fk_column_mapping_batch_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_column_mapping"),
    )
    op.create_index("ix_column_mapping_batch_id", "column_mapping", ["batch_id"])
    op.create_index("ix_column_mapping_header", "column_mapping", ["kind", "fingerprint"])
