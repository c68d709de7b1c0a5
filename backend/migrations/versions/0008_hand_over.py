"""Codes by which a browser hands its session to the app on the Home Screen; the worker counts unread messages

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

from backend.migrations.policies_0008 import STATEMENTS, WITHDRAWN

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "hand_over",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("code_hash", sa.String(length=200), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        _fk("client_id", "client"),
        _fk("device_id", "device_session"),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_hand_over")),
    )
    op.create_index("uq_hand_over_code", "hand_over", ["code_hash"], unique=True)
    op.create_index("uq_hand_over_device", "hand_over", ["clinic_id", "device_id"], unique=True)
    if op.get_context().dialect.name == "postgresql":
        for statement in STATEMENTS:
            op.execute(statement)


def downgrade() -> None:
    op.drop_table("hand_over")
    if op.get_context().dialect.name == "postgresql":
        for statement in WITHDRAWN:
            op.execute(statement)


def _fk(column: str, there: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["clinic_id", column],
        [f"{there}.clinic_id", f"{there}.id"],
        name=op.f(f"fk_hand_over_clinic_id_{column}_{there}"),
    )
