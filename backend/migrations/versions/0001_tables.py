"""The tables, and who may touch which rows.

Revision: 0001, the first one.
"""

import sqlalchemy as sa
from alembic import op

from backend.migrations.policies_0001 import STATEMENTS

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = (
    "clinic",
    "device_session",
    "guess",
    "worker_heartbeat",
    "audit_head",
    "audit_entry",
    "practitioner",
    "push_address",
    "client",
    "clinic_protocol",
    "consent",
    "health_factor",
    "invite",
    "treated_area",
    "zone_move",
    "course",
    "treatment_session",
    "care_plan",
    "treatment_step_record",
    "anchor_observation",
    "check_in",
    "flag",
    "pause",
    "photo",
    "readiness_sign_off",
    "step_log",
    "assessment",
    "reminder",
    "review",
    "delivery_attempt",
    "receipt",
)


def upgrade() -> None:
    op.create_table(
        "clinic",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("phone", sa.String(length=200), nullable=True),
        sa.Column("zone", sa.String(length=200), nullable=False),
        sa.Column("country", sa.String(length=200), nullable=False),
        sa.Column("emergency", sa.JSON(), nullable=False),
        sa.Column("emergency_confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reply_promise_h", sa.Integer(), nullable=False),
        sa.Column("second_practitioner_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clinic")),
    )
    op.create_table(
        "device_session",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("holder_kind", sa.String(length=200), nullable=False),
        sa.Column("holder_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("platform", sa.String(length=200), nullable=False),
        sa.Column("token_hash", sa.String(length=200), nullable=False),
        sa.Column("previous_hash", sa.String(length=200), nullable=True),
        sa.Column("rotated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("successor_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_reason", sa.String(length=200), nullable=True),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_device_session")),
    )
    op.create_index("ix_device_session_holder", "device_session", ["clinic_id", "holder_id"])
    op.create_index("ix_device_session_previous", "device_session", ["previous_hash"])
    op.create_index("uq_device_session_token", "device_session", ["token_hash"], unique=True)
    op.create_table(
        "guess",
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("window_starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_guess")),
    )
    op.create_table(
        "worker_heartbeat",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("host", sa.String(length=200), nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("beat_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("progress_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent", sa.BigInteger(), nullable=False),
        sa.Column("in_flight_bound", sa.Integer(), nullable=False),
        sa.Column("stopped_channels", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_worker_heartbeat")),
    )
    op.create_table(
        "audit_head",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.String(length=200), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_audit_head_clinic_id_clinic")),
        sa.PrimaryKeyConstraint("clinic_id", name=op.f("pk_audit_head")),
    )
    op.create_table(
        "audit_entry",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_kind", sa.String(length=200), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("act", sa.String(length=200), nullable=False),
        sa.Column("subject_kind", sa.String(length=200), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("client_id", sa.Uuid(), nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=True),
        sa.Column("hash", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_audit_entry_clinic_id_clinic")),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_audit_entry")),
    )
    op.create_index("ix_audit_entry_client", "audit_entry", ["clinic_id", "client_id", "at"])
    op.create_index("uq_audit_entry_sequence", "audit_entry", ["clinic_id", "sequence"], unique=True)
    op.create_table(
        "practitioner",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=200), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_practitioner_clinic_id_clinic")),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_practitioner")),
    )
    op.create_index("uq_practitioner_email", "practitioner", ["email"], unique=True)
    op.create_table(
        "push_address",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("holder_kind", sa.String(length=200), nullable=False),
        sa.Column("holder_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=200), nullable=False),
        sa.Column("endpoint", sa.Text(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("p256dh", sa.String(length=200), nullable=False),
        sa.Column("auth", sa.String(length=200), nullable=False),
        sa.Column("address_hash", sa.String(length=200), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retire_reason", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(
            ["clinic_id", "device_id"],
            ["device_session.clinic_id", "device_session.id"],
            name=op.f("fk_push_address_clinic_id_device_id_device_session"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_push_address")),
    )
    op.create_index(
        "ix_push_address_holder",
        "push_address",
        ["clinic_id", "holder_id"],
        sqlite_where=sa.text("retired_at IS NULL"),
        postgresql_where=sa.text("retired_at IS NULL"),
    )
    op.create_index("uq_push_address_device", "push_address", ["clinic_id", "device_id"], unique=True)
    op.create_table(
        "client",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("practitioner_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=200), nullable=True),
        sa.Column("zone", sa.String(length=200), nullable=False),
        sa.Column("language", sa.String(length=200), nullable=False),
        sa.Column("quiet_from", sa.Time(), nullable=True),
        sa.Column("quiet_until", sa.Time(), nullable=True),
        sa.Column("check_in_at", sa.Time(), nullable=False),
        sa.Column("step_times", sa.JSON(), nullable=False),
        sa.Column("discreet", sa.Boolean(), nullable=False),
        sa.Column("cover_photos", sa.Boolean(), nullable=False),
        sa.Column("help_may_break_quiet", sa.Boolean(), nullable=False),
        sa.Column("skin_type", sa.String(length=200), nullable=True),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id", "practitioner_id"],
            ["practitioner.clinic_id", "practitioner.id"],
            name=op.f("fk_client_clinic_id_practitioner_id_practitioner"),
        ),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_client_clinic_id_clinic")),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_client")),
    )
    op.create_table(
        "clinic_protocol",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("method", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content_version", sa.String(length=200), nullable=False),
        sa.Column("overlay", sa.JSON(), nullable=False),
        sa.Column("confirmed_steps", sa.JSON(), nullable=False),
        sa.Column("turned_on_steps", sa.JSON(), nullable=False),
        sa.Column("clinic_min_days", sa.Integer(), nullable=True),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("signed_by", sa.Uuid(), nullable=False),
        sa.Column("signed_by_name", sa.String(length=200), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id", "signed_by"],
            ["practitioner.clinic_id", "practitioner.id"],
            name=op.f("fk_clinic_protocol_clinic_id_signed_by_practitioner"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_clinic_protocol")),
    )
    op.create_index("uq_clinic_protocol_version", "clinic_protocol", ["clinic_id", "method", "version"], unique=True)
    op.create_table(
        "consent",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=200), nullable=False),
        sa.Column("given", sa.Boolean(), nullable=False),
        sa.Column("text_version", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id", "client_id"],
            ["client.clinic_id", "client.id"],
            name=op.f("fk_consent_clinic_id_client_id_client"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_consent")),
    )
    op.create_index("ix_consent_client", "consent", ["clinic_id", "client_id"])
    op.create_table(
        "health_factor",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("modifier_id", sa.String(length=200), nullable=False),
        sa.Column("last_applied_on", sa.Date(), nullable=True),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cleared_by", sa.Uuid(), nullable=True),
        sa.Column("cleared_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cleared_note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["clinic_id", "client_id"],
            ["client.clinic_id", "client.id"],
            name=op.f("fk_health_factor_clinic_id_client_id_client"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_health_factor")),
    )
    op.create_index("ix_health_factor_client", "health_factor", ["clinic_id", "client_id"])
    op.create_table(
        "invite",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("code_hash", sa.String(length=200), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("redeemed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoke_reason", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(
            ["clinic_id", "client_id"],
            ["client.clinic_id", "client.id"],
            name=op.f("fk_invite_clinic_id_client_id_client"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "made_by"],
            ["practitioner.clinic_id", "practitioner.id"],
            name=op.f("fk_invite_clinic_id_made_by_practitioner"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_invite")),
    )
    op.create_index("ix_invite_client", "invite", ["clinic_id", "client_id"])
    op.create_index("uq_invite_code", "invite", ["code_hash"], unique=True)
    op.create_table(
        "treated_area",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("site", sa.String(length=200), nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id", "client_id"],
            ["client.clinic_id", "client.id"],
            name=op.f("fk_treated_area_clinic_id_client_id_client"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_treated_area")),
    )
    op.create_index("ix_treated_area_client", "treated_area", ["clinic_id", "client_id"])
    op.create_table(
        "zone_move",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("from_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("zone", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id", "client_id"],
            ["client.clinic_id", "client.id"],
            name=op.f("fk_zone_move_clinic_id_client_id_client"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_zone_move")),
    )
    op.create_index("ix_zone_move_client", "zone_move", ["clinic_id", "client_id"])
    op.create_table(
        "course",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("area_id", sa.Uuid(), nullable=False),
        sa.Column("method", sa.String(length=200), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_reason", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(
            ["clinic_id", "area_id"],
            ["treated_area.clinic_id", "treated_area.id"],
            name=op.f("fk_course_clinic_id_area_id_treated_area"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "client_id"],
            ["client.clinic_id", "client.id"],
            name=op.f("fk_course_clinic_id_client_id_client"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_course")),
    )
    op.create_index("ix_course_client", "course", ["clinic_id", "client_id"])
    op.create_table(
        "treatment_session",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("area_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=200), nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("planned_on", sa.Date(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id", "area_id"],
            ["treated_area.clinic_id", "treated_area.id"],
            name=op.f("fk_treatment_session_clinic_id_area_id_treated_area"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "client_id"],
            ["client.clinic_id", "client.id"],
            name=op.f("fk_treatment_session_clinic_id_client_id_client"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "course_id"],
            ["course.clinic_id", "course.id"],
            name=op.f("fk_treatment_session_clinic_id_course_id_course"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_treatment_session")),
    )
    op.create_index("ix_treatment_session_client", "treatment_session", ["clinic_id", "client_id"])
    op.create_table(
        "care_plan",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("treatment_id", sa.Uuid(), nullable=False),
        sa.Column("area_id", sa.Uuid(), nullable=False),
        sa.Column("method", sa.String(length=200), nullable=False),
        sa.Column("clinic_protocol_id", sa.Uuid(), nullable=False),
        sa.Column("zone", sa.String(length=200), nullable=False),
        sa.Column("tzdata", sa.String(length=200), nullable=False),
        sa.Column("care_style", sa.String(length=200), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_by", sa.Uuid(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_reason", sa.String(length=200), nullable=True),
        sa.Column("next_treatment_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("planned_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("facts_version", sa.Integer(), nullable=False),
        sa.Column("facts_changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["clinic_id", "area_id"],
            ["treated_area.clinic_id", "treated_area.id"],
            name=op.f("fk_care_plan_clinic_id_area_id_treated_area"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "client_id"],
            ["client.clinic_id", "client.id"],
            name=op.f("fk_care_plan_clinic_id_client_id_client"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "clinic_protocol_id"],
            ["clinic_protocol.clinic_id", "clinic_protocol.id"],
            name=op.f("fk_care_plan_clinic_id_clinic_protocol_id_clinic_protocol"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "treatment_id"],
            ["treatment_session.clinic_id", "treatment_session.id"],
            name=op.f("fk_care_plan_clinic_id_treatment_id_treatment_session"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_care_plan")),
    )
    op.create_index("ix_care_plan_client", "care_plan", ["clinic_id", "client_id"])
    op.create_index("ix_care_plan_planned_until", "care_plan", ["planned_until"])
    op.create_table(
        "treatment_step_record",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("treatment_id", sa.Uuid(), nullable=False),
        sa.Column("step_id", sa.String(length=200), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id", "treatment_id"],
            ["treatment_session.clinic_id", "treatment_session.id"],
            name=op.f("fk_treatment_step_record_clinic_id_treatment_id_treatment_session"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_treatment_step_record")),
    )
    op.create_index(
        "uq_treatment_step_record_step", "treatment_step_record", ["clinic_id", "treatment_id", "step_id"], unique=True
    )
    op.create_table(
        "anchor_observation",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("care_plan_id", sa.Uuid(), nullable=False),
        sa.Column("anchor", sa.String(length=200), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("check_in_id", sa.Uuid(), nullable=True),
        sa.Column("by", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["clinic_id", "care_plan_id"],
            ["care_plan.clinic_id", "care_plan.id"],
            name=op.f("fk_anchor_observation_clinic_id_care_plan_id_care_plan"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "client_id"],
            ["client.clinic_id", "client.id"],
            name=op.f("fk_anchor_observation_clinic_id_client_id_client"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_anchor_observation")),
    )
    op.create_index("ix_anchor_observation_plan", "anchor_observation", ["clinic_id", "care_plan_id"])
    op.create_table(
        "check_in",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("care_plan_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=200), nullable=False),
        sa.Column("occurrence_key", sa.String(length=200), nullable=True),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("excluded", sa.JSON(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("partial", sa.Boolean(), nullable=False),
        sa.Column("amends", sa.Uuid(), nullable=True),
        sa.Column("photo_ids", sa.JSON(), nullable=False),
        sa.Column("body_hash", sa.String(length=200), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id", "care_plan_id"],
            ["care_plan.clinic_id", "care_plan.id"],
            name=op.f("fk_check_in_clinic_id_care_plan_id_care_plan"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "client_id"],
            ["client.clinic_id", "client.id"],
            name=op.f("fk_check_in_clinic_id_client_id_client"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "client_id", "id", name=op.f("pk_check_in")),
    )
    op.create_index("ix_check_in_plan", "check_in", ["clinic_id", "care_plan_id", "answered_at"])
    op.create_table(
        "flag",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("care_plan_id", sa.Uuid(), nullable=False),
        sa.Column("area_id", sa.Uuid(), nullable=False),
        sa.Column("rule_id", sa.String(length=200), nullable=False),
        sa.Column("urgency", sa.String(length=200), nullable=False),
        sa.Column("level", sa.String(length=200), nullable=False),
        sa.Column("raised_by", sa.String(length=200), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("acknowledged_by", sa.Uuid(), nullable=True),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Uuid(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("close_reason", sa.Text(), nullable=True),
        sa.Column("got_help_who", sa.String(length=200), nullable=True),
        sa.Column("got_help_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["clinic_id", "area_id"],
            ["treated_area.clinic_id", "treated_area.id"],
            name=op.f("fk_flag_clinic_id_area_id_treated_area"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "care_plan_id"],
            ["care_plan.clinic_id", "care_plan.id"],
            name=op.f("fk_flag_clinic_id_care_plan_id_care_plan"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "client_id"],
            ["client.clinic_id", "client.id"],
            name=op.f("fk_flag_clinic_id_client_id_client"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_flag")),
    )
    op.create_index("ix_flag_client", "flag", ["clinic_id", "client_id"])
    op.create_index(
        "uq_flag_open_rule",
        "flag",
        ["clinic_id", "care_plan_id", "rule_id"],
        unique=True,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_table(
        "pause",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("care_plan_id", sa.Uuid(), nullable=False),
        sa.Column("from_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id", "care_plan_id"],
            ["care_plan.clinic_id", "care_plan.id"],
            name=op.f("fk_pause_clinic_id_care_plan_id_care_plan"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "client_id"],
            ["client.clinic_id", "client.id"],
            name=op.f("fk_pause_clinic_id_client_id_client"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_pause")),
    )
    op.create_table(
        "photo",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("care_plan_id", sa.Uuid(), nullable=False),
        sa.Column("occurrence_key", sa.String(length=200), nullable=True),
        sa.Column("view", sa.String(length=200), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_on", sa.Date(), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("body_hash", sa.String(length=200), nullable=False),
        sa.Column("key_id", sa.String(length=200), nullable=False),
        sa.Column("nonce", sa.LargeBinary(length=12), nullable=False),
        sa.Column("thumb_nonce", sa.LargeBinary(length=12), nullable=False),
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("thumb_path", sa.String(length=200), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id", "care_plan_id"],
            ["care_plan.clinic_id", "care_plan.id"],
            name=op.f("fk_photo_clinic_id_care_plan_id_care_plan"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "client_id"],
            ["client.clinic_id", "client.id"],
            name=op.f("fk_photo_clinic_id_client_id_client"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "client_id", "id", name=op.f("pk_photo")),
    )
    op.create_index("ix_photo_plan", "photo", ["clinic_id", "care_plan_id"])
    op.create_table(
        "readiness_sign_off",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("care_plan_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=200), nullable=False),
        sa.Column("condition_id", sa.String(length=200), nullable=True),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column("by_name", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by", sa.Uuid(), nullable=True),
        sa.Column("revoke_reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["clinic_id", "by"],
            ["practitioner.clinic_id", "practitioner.id"],
            name=op.f("fk_readiness_sign_off_clinic_id_by_practitioner"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "care_plan_id"],
            ["care_plan.clinic_id", "care_plan.id"],
            name=op.f("fk_readiness_sign_off_clinic_id_care_plan_id_care_plan"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "client_id"],
            ["client.clinic_id", "client.id"],
            name=op.f("fk_readiness_sign_off_clinic_id_client_id_client"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_readiness_sign_off")),
    )
    op.create_index("ix_readiness_sign_off_plan", "readiness_sign_off", ["clinic_id", "care_plan_id"])
    op.create_table(
        "step_log",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("care_plan_id", sa.Uuid(), nullable=False),
        sa.Column("occurrence_key", sa.String(length=200), nullable=False),
        sa.Column("event", sa.String(length=200), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id", "care_plan_id"],
            ["care_plan.clinic_id", "care_plan.id"],
            name=op.f("fk_step_log_clinic_id_care_plan_id_care_plan"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "client_id"],
            ["client.clinic_id", "client.id"],
            name=op.f("fk_step_log_clinic_id_client_id_client"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "client_id", "id", name=op.f("pk_step_log")),
    )
    op.create_index("ix_step_log_plan", "step_log", ["clinic_id", "care_plan_id"])
    op.create_table(
        "assessment",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("care_plan_id", sa.Uuid(), nullable=False),
        sa.Column("level", sa.String(length=200), nullable=False),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.Column("more_than_usual", sa.JSON(), nullable=False),
        sa.Column("told", sa.JSON(), nullable=False),
        sa.Column("content_version", sa.String(length=200), nullable=False),
        sa.Column("clinic_protocol_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id", "care_plan_id"],
            ["care_plan.clinic_id", "care_plan.id"],
            name=op.f("fk_assessment_clinic_id_care_plan_id_care_plan"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "client_id", "id"],
            ["check_in.clinic_id", "check_in.client_id", "check_in.id"],
            name=op.f("fk_assessment_clinic_id_client_id_id_check_in"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "client_id", "id", name=op.f("pk_assessment")),
    )
    op.create_table(
        "reminder",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=True),
        sa.Column("care_plan_id", sa.Uuid(), nullable=True),
        sa.Column("flag_id", sa.Uuid(), nullable=True),
        sa.Column("recipient_kind", sa.String(length=200), nullable=False),
        sa.Column("recipient_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=200), nullable=False),
        sa.Column("lane", sa.SmallInteger(), nullable=False),
        sa.Column("rung", sa.SmallInteger(), nullable=True),
        sa.Column("dedupe_key", sa.String(length=200), nullable=False),
        sa.Column("collapse_id", sa.String(length=200), nullable=False),
        sa.Column("occurrence_key", sa.String(length=200), nullable=True),
        sa.Column("carrier_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.Column("trail", sa.String(length=200), nullable=True),
        sa.Column("send_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease_token", sa.Uuid(), nullable=True),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("shown_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('planned','sent','merged','withdrawn','unreachable','expired','failed')",
            name=op.f("ck_reminder_state"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "care_plan_id"],
            ["care_plan.clinic_id", "care_plan.id"],
            name=op.f("fk_reminder_clinic_id_care_plan_id_care_plan"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "client_id"],
            ["client.clinic_id", "client.id"],
            name=op.f("fk_reminder_clinic_id_client_id_client"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "flag_id"], ["flag.clinic_id", "flag.id"], name=op.f("fk_reminder_clinic_id_flag_id_flag")
        ),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_reminder_clinic_id_clinic")),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_reminder")),
        postgresql_with={"fillfactor": 85},
    )
    op.create_index(
        "ix_reminder_carrier",
        "reminder",
        ["clinic_id", "carrier_id"],
        sqlite_where=sa.text("carrier_id IS NOT NULL"),
        postgresql_where=sa.text("carrier_id IS NOT NULL"),
    )
    op.create_index("ix_reminder_client", "reminder", ["clinic_id", "client_id", "send_at"])
    op.create_index(
        "ix_reminder_due",
        "reminder",
        ["lane", "send_at"],
        sqlite_where=sa.text("state = 'planned' AND carrier_id IS NULL"),
        postgresql_where=sa.text("state = 'planned' AND carrier_id IS NULL"),
    )
    op.create_index("ix_reminder_plan", "reminder", ["clinic_id", "care_plan_id"])
    op.create_index(
        "uq_reminder_dedupe",
        "reminder",
        ["clinic_id", "recipient_id", "dedupe_key"],
        unique=True,
        sqlite_where=sa.text("state <> 'withdrawn'"),
        postgresql_where=sa.text("state <> 'withdrawn'"),
    )
    op.create_table(
        "review",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("check_in_id", sa.Uuid(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column("by_name", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("words", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["clinic_id", "by"],
            ["practitioner.clinic_id", "practitioner.id"],
            name=op.f("fk_review_clinic_id_by_practitioner"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "client_id", "check_in_id"],
            ["check_in.clinic_id", "check_in.client_id", "check_in.id"],
            name=op.f("fk_review_clinic_id_client_id_check_in_id_check_in"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_review")),
    )
    op.create_index("ix_review_check_in", "review", ["clinic_id", "client_id", "check_in_id"])
    op.create_table(
        "delivery_attempt",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("reminder_id", sa.Uuid(), nullable=False),
        sa.Column("address_id", sa.Uuid(), nullable=True),
        sa.Column("channel", sa.String(length=200), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=200), nullable=False),
        sa.Column("detail", sa.String(length=200), nullable=False),
        sa.Column("provider_id", sa.String(length=200), nullable=False),
        sa.Column("lease_token", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id", "reminder_id"],
            ["reminder.clinic_id", "reminder.id"],
            name=op.f("fk_delivery_attempt_clinic_id_reminder_id_reminder"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery_attempt")),
    )
    op.create_index("ix_delivery_attempt_reminder", "delivery_attempt", ["clinic_id", "reminder_id"])
    op.create_table(
        "receipt",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reminder_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("event", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id", "reminder_id"],
            ["reminder.clinic_id", "reminder.id"],
            name=op.f("fk_receipt_clinic_id_reminder_id_reminder"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_receipt")),
    )
    op.create_index("uq_receipt_event", "receipt", ["clinic_id", "reminder_id", "device_id", "event"], unique=True)
    if op.get_context().dialect.name == "postgresql":
        for statement in STATEMENTS:
            op.execute(statement)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)  # takes indexes and policies along; roles belong to the server and stay
