"""Where fixed sensors are known to stand: one that says it is elsewhere is left out of fixes."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("sensor", sa.Column("surveyed_lat_deg", sa.Float()))
    op.add_column("sensor", sa.Column("surveyed_lon_deg", sa.Float()))
