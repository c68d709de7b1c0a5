"""The next appointment is the planned treatment session of its area; reminders by mail too; silence that ended

Revision ID: 0003
Revises: 0002
"""

from uuid import uuid4

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

PLANNED = sa.text("state = 'planned'")
MOVED = ("care_plan", "treatment_session")
APPOINTMENTS = sa.text(
    "SELECT p.clinic_id, p.client_id, p.area_id, t.course_id, p.next_treatment_at, p.started_by"
    " FROM care_plan p JOIN treatment_session t ON t.clinic_id = p.clinic_id AND t.id = p.treatment_id"
    " WHERE p.next_treatment_at IS NOT NULL AND p.ended_at IS NULL ORDER BY p.started_at DESC"
)
GIVEN_BACK = sa.text(
    "UPDATE care_plan SET next_treatment_at = (SELECT s.planned_at FROM treatment_session s"
    " WHERE s.clinic_id = care_plan.clinic_id AND s.area_id = care_plan.area_id AND s.state = 'planned')"
    " WHERE ended_at IS NULL"
)


def upgrade() -> None:
    op.add_column("reminder", sa.Column("by_mail", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("client", sa.Column("resumed_at", sa.DateTime(timezone=True)))
    op.create_index("ix_pause_plan", "pause", ["clinic_id", "care_plan_id"])
    op.create_index(
        "uq_treatment_session_planned",
        "treatment_session",
        ["clinic_id", "area_id"],
        unique=True,
        sqlite_where=PLANNED,
        postgresql_where=PLANNED,
    )
    _force(False)
    _plan_sessions()
    _force(True)
    with op.batch_alter_table("care_plan") as table:
        table.drop_column("next_treatment_at")


def downgrade() -> None:
    op.add_column("care_plan", sa.Column("next_treatment_at", sa.DateTime(timezone=True)))
    _force(False)
    op.execute(GIVEN_BACK)
    op.execute(sa.text("DELETE FROM treatment_session WHERE state = 'planned'"))
    _force(True)
    op.drop_index("uq_treatment_session_planned", "treatment_session")
    op.drop_index("ix_pause_plan", "pause")
    with op.batch_alter_table("client") as table:
        table.drop_column("resumed_at")
    with op.batch_alter_table("reminder") as table:
        table.drop_column("by_mail")


def _plan_sessions() -> None:
    """Every booked date becomes a planned session, one an area."""
    session = sa.table(
        "treatment_session",
        *(sa.column(name, sa.Uuid()) for name in ("clinic_id", "id", "client_id", "course_id", "area_id", "by")),
        sa.column("number", sa.Integer()),
        sa.column("state", sa.String()),
        sa.column("planned_at", sa.DateTime(timezone=True)),
        sa.column("details", sa.JSON()),
    )
    kinds = {name: sa.Uuid() for name in ("clinic_id", "client_id", "area_id", "course_id", "started_by")}
    rows = op.get_bind().execute(APPOINTMENTS.columns(**kinds, next_treatment_at=sa.DateTime(timezone=True))).all()
    done: set[tuple[object, object]] = set()
    for row in rows:
        if (row.clinic_id, row.area_id) in done:
            continue
        done.add((row.clinic_id, row.area_id))
        op.execute(
            session.insert().values(
                clinic_id=row.clinic_id,
                id=uuid4(),
                client_id=row.client_id,
                course_id=row.course_id,
                area_id=row.area_id,
                by=row.started_by,
                number=0,
                state="planned",
                planned_at=row.next_treatment_at,
                details={},
            )
        )


def _force(on: bool) -> None:
    """Row-level security binds the owner too: it would move nothing, in silence."""
    if op.get_context().dialect.name == "postgresql":
        for table in MOVED:
            op.execute(f"ALTER TABLE {table} {'' if on else 'NO '}FORCE ROW LEVEL SECURITY")
