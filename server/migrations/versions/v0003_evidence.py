"""Evidence of sound and carrier of suspect FM emitters."""

import sqlalchemy as sa
from alembic import op

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "evidence",
        sa.Column("id", ROW_ID, autoincrement=True, nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("task_id", ROW_ID, nullable=False),
        sa.Column("asked_utc_ns", sa.BigInteger(), nullable=False),
        sa.Column("done_utc_ns", sa.BigInteger(), nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.Column("manifest", sa.Text(), nullable=True),
        sa.Column("sigmf_meta", sa.Text(), nullable=True),
        sa.Column("flac", sa.LargeBinary(), nullable=True),
        sa.Column("opus", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("task_id"),
    )
    op.create_index("evidence_case", "evidence", ["case_id"])
