"""The thread between a client and the clinic; replies to check-ins that were sent before stand in it too

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

from backend.migrations.policies_0007 import STATEMENTS

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

READ = ("client", "practitioner", "check_in", "review")  # the new keys and what is filled in read these
WAITING = sa.text("settled_at IS NULL")
# whether a reply was read was not kept: it counts as seen when it was written
REPLIES = sa.text(
    'INSERT INTO message (clinic_id, client_id, id, "by", by_name, check_in_id, words, claimed_at, at, received_at,'
    " seen_at, settled_at)"
    ' SELECT clinic_id, client_id, id, "by", by_name, check_in_id, words, at, at, at, at, at FROM review'
    " WHERE words IS NOT NULL"
)


def upgrade() -> None:
    _force(False)
    op.create_table(
        "message",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("by", sa.Uuid()),
        sa.Column("by_name", sa.String(length=200)),
        sa.Column("check_in_id", sa.Uuid()),
        sa.Column("words", sa.Text(), nullable=False),
        *(sa.Column(name, _instant(), nullable=False) for name in ("claimed_at", "at", "received_at")),
        *(sa.Column(name, _instant()) for name in ("seen_at", "settled_at")),
        _fk(["client_id"], "client", ["id"]),
        _fk(["by"], "practitioner", ["id"]),
        _fk(["client_id", "check_in_id"], "check_in", ["client_id", "id"]),
        sa.PrimaryKeyConstraint("clinic_id", "client_id", "id", name=op.f("pk_message")),
    )
    op.create_index("ix_message_thread", "message", ["clinic_id", "client_id", "at"])
    op.create_index(
        "ix_message_waiting", "message", ["clinic_id", "client_id"], sqlite_where=WAITING, postgresql_where=WAITING
    )
    op.execute(REPLIES)
    _force(True)
    if op.get_context().dialect.name == "postgresql":
        for statement in STATEMENTS:
            op.execute(statement)


def downgrade() -> None:
    op.drop_table("message")


def _force(on: bool) -> None:
    """Row-level security binds the owner too: it would read nothing."""
    if op.get_context().dialect.name == "postgresql":
        for table in READ:
            op.execute(f"ALTER TABLE {table} {'' if on else 'NO '}FORCE ROW LEVEL SECURITY")


def _instant() -> sa.DateTime:
    return sa.DateTime(timezone=True)


def _fk(columns: list[str], there: str, referred: list[str]) -> sa.ForeignKeyConstraint:
    own = ["clinic_id", *columns]
    return sa.ForeignKeyConstraint(
        own,
        [f"{there}.{name}" for name in ("clinic_id", *referred)],
        name=op.f(f"fk_message_{'_'.join(own)}_{there}"),
    )
