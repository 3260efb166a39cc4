"""What unlicensed emitters played: a loop that was noticed survives a restart."""

import sqlalchemy as sa
from alembic import op

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "programme_look",
        sa.Column("id", ROW_ID, autoincrement=True, nullable=False),
        sa.Column("emitter_id", sa.String(length=32), nullable=False),
        sa.Column("time_utc_ns", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("programme_look_time", "programme_look", ["time_utc_ns"])
