"""What nightly self-tests found: which sensors are left out of fixes, and why."""

import sqlalchemy as sa
from alembic import op

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "self_test",
        sa.Column("id", ROW_ID, autoincrement=True, nullable=False),
        sa.Column("time_utc_ns", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
