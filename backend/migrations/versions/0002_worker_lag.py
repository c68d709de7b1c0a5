"""The worker's lag in its heartbeat, and an index for what carriers leave behind

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

CARRIED = sa.text("state = 'planned' AND carrier_id IS NOT NULL")


def upgrade() -> None:
    for name in ("lag_s", "red_lag_s"):
        op.add_column("worker_heartbeat", sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
    op.create_index("ix_reminder_carried", "reminder", ["send_at"], sqlite_where=CARRIED, postgresql_where=CARRIED)


def downgrade() -> None:
    op.drop_index("ix_reminder_carried", "reminder")
    for name in ("red_lag_s", "lag_s"):
        op.drop_column("worker_heartbeat", name)
