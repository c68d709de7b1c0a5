"""Which push channels a worker holds back because their provider does not take messages

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "worker_heartbeat", sa.Column("channels_down", sa.String(length=200), nullable=False, server_default="")
    )


def downgrade() -> None:
    op.drop_column("worker_heartbeat", "channels_down")
