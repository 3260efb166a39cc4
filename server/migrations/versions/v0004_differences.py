"""Time differences: moments that sensors were asked to hear together, and what was measured of them."""

import sqlalchemy as sa
from alembic import op

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "difference_request",
        sa.Column("id", ROW_ID, autoincrement=True, nullable=False),
        sa.Column("emitter_id", sa.String(length=32), nullable=False),
        sa.Column("asked_utc_ns", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("done_utc_ns", sa.BigInteger(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("difference_request_open", "difference_request", ["done_utc_ns"])
    op.create_table(
        "difference",
        sa.Column("id", ROW_ID, autoincrement=True, nullable=False),
        sa.Column("request_id", ROW_ID, nullable=False),
        sa.Column("measured_utc_ns", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["request_id"], ["difference_request.id"]),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
