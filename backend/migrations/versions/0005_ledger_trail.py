"""What moved a reminder and what is sent again, and a worker's word about the ledger and the alarms

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# what may be sent again: the few pushes of high value that no device has confirmed
UNCONFIRMED = sa.text(
    "shown_at IS NULL AND state IN ('sent', 'merged') AND kind IN ('act_now', 'help_followup', 'mask_done')"
)


def upgrade() -> None:
    for name in ("ledger_faults", "alarms"):
        op.add_column("worker_heartbeat", sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
    op.add_column("reminder", sa.Column("moves", sa.Text()))
    op.add_column("reminder", sa.Column("resend_of", sa.Uuid()))
    op.create_index(
        "ix_reminder_unconfirmed",
        "reminder",
        ["settled_at"],
        sqlite_where=UNCONFIRMED,
        postgresql_where=UNCONFIRMED,
    )


def downgrade() -> None:
    op.drop_index("ix_reminder_unconfirmed", "reminder")
    for name in ("resend_of", "moves"):
        op.drop_column("reminder", name)
    for name in ("alarms", "ledger_faults"):
        op.drop_column("worker_heartbeat", name)
