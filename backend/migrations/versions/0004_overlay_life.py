"""Drafts of overlays, which version each plan followed when, and corrections with their receipts

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

from backend.migrations.policies_0004 import STATEMENTS

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TABLES = ("overlay_draft", "plan_version", "correction", "correction_receipt")
READ = ("clinic_protocol", "practitioner", "care_plan")  # a new key and what is filled in read these
REVIEWER = "fk_clinic_protocol_clinic_id_reviewed_by_practitioner"
OPEN = sa.text("until_at IS NULL")
# plans that run already have followed one version since they started
FOLLOWED = sa.text(
    "INSERT INTO plan_version (clinic_id, id, client_id, care_plan_id, clinic_protocol_id, from_at)"
    " SELECT clinic_id, id, client_id, id, clinic_protocol_id, started_at FROM care_plan"
)


def upgrade() -> None:
    _force(False)
    with op.batch_alter_table("clinic_protocol") as table:
        table.add_column(sa.Column("author_name", sa.String(length=200)))
        table.add_column(sa.Column("reviewed_by", sa.Uuid()))
        table.add_column(sa.Column("reviewed_by_name", sa.String(length=200)))
        table.create_foreign_key(op.f(REVIEWER), "practitioner", ["clinic_id", "reviewed_by"], ["clinic_id", "id"])
    _create_draft()
    _create_plan_version()
    _create_corrections()
    op.execute(FOLLOWED)
    _force(True)
    if op.get_context().dialect.name == "postgresql":
        for statement in STATEMENTS:
            op.execute(statement)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    with op.batch_alter_table("clinic_protocol") as table:
        table.drop_constraint(op.f(REVIEWER), type_="foreignkey")
        for name in ("reviewed_by_name", "reviewed_by", "author_name"):
            table.drop_column(name)


def _force(on: bool) -> None:
    """Row-level security binds the owner too: it would read nothing."""
    if op.get_context().dialect.name == "postgresql":
        for table in READ:
            op.execute(f"ALTER TABLE {table} {'' if on else 'NO '}FORCE ROW LEVEL SECURITY")


def _create_draft() -> None:
    op.create_table(
        "overlay_draft",
        *_key(),
        _text("method"),
        _text("content_version"),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("edited_by", sa.Uuid(), nullable=False),
        _text("edited_by_name"),
        _instant("edited_at"),
        _fk("overlay_draft", "edited_by", "practitioner"),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_overlay_draft")),
    )
    op.create_index("uq_overlay_draft_method", "overlay_draft", ["clinic_id", "method"], unique=True)


def _create_plan_version() -> None:
    op.create_table(
        "plan_version",
        *_key(),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("care_plan_id", sa.Uuid(), nullable=False),
        sa.Column("clinic_protocol_id", sa.Uuid(), nullable=False),
        _instant("from_at"),
        sa.Column("until_at", sa.DateTime(timezone=True)),
        _fk("plan_version", "client_id", "client"),
        _fk("plan_version", "care_plan_id", "care_plan"),
        _fk("plan_version", "clinic_protocol_id", "clinic_protocol"),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_plan_version")),
    )
    op.create_index("ix_plan_version_protocol", "plan_version", ["clinic_id", "clinic_protocol_id"])
    op.create_index(
        "uq_plan_version_now",
        "plan_version",
        ["clinic_id", "care_plan_id"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )


def _create_corrections() -> None:
    op.create_table(
        "correction",
        *_key(),
        _text("method"),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("step_id", sa.String(length=200)),
        sa.Column("step_title", sa.Text()),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("by", sa.Uuid()),
        _text("by_name"),
        _instant("at"),
        _fk("correction", "by", "practitioner"),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_correction")),
    )
    op.create_index("ix_correction_method", "correction", ["clinic_id", "method", "version"])
    op.create_table(
        "correction_receipt",
        *_key(),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("care_plan_id", sa.Uuid(), nullable=False),
        sa.Column("correction_id", sa.Uuid(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True)),
        _fk("correction_receipt", "client_id", "client"),
        _fk("correction_receipt", "care_plan_id", "care_plan"),
        _fk("correction_receipt", "correction_id", "correction"),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_correction_receipt")),
    )
    own = ["clinic_id", "correction_id", "client_id"]
    op.create_index("uq_correction_receipt_client", "correction_receipt", own, unique=True)
    op.create_index("ix_correction_receipt_client", "correction_receipt", ["clinic_id", "client_id"])


def _key() -> tuple[sa.Column, sa.Column]:
    return sa.Column("clinic_id", sa.Uuid(), nullable=False), sa.Column("id", sa.Uuid(), nullable=False)


def _text(name: str) -> sa.Column:
    return sa.Column(name, sa.String(length=200), nullable=False)


def _instant(name: str) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)


def _fk(table: str, column: str, there: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["clinic_id", column],
        [f"{there}.clinic_id", f"{there}.id"],
        name=op.f(f"fk_{table}_clinic_id_{column}_{there}"),
    )
