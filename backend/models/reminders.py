"""CONTRACT. The reminder table: the only queue. States and the conservation law: ARCHITECTURE section 3."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ColumnElement,
    ForeignKeyConstraint,
    Index,
    Integer,
    SmallInteger,
    Text,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import Base, Guarded, Tenant, fk, through

PENDING = "planned"
TERMINAL = ("sent", "merged", "withdrawn", "unreachable", "expired", "failed")
RED_LANE, REST_LANE = 0, 1
UNCONFIRMED = "shown_at IS NULL AND state IN ('sent', 'merged') AND kind IN ('act_now', 'help_followup', 'mask_done')"


class Reminder(Tenant, Base):
    """Push this to that recipient then. Claimed is no state: planned under a running lease (lease_token, leased_until).

    `recipient_kind`: client or practitioner. `lane`: 0 red flags, 1 the rest. `carrier_id`: the row that carries this
    one; it becomes `merged` when its carrier is recorded as sent. `reason`: why it is in its state. `trail`: how it
    came about, in words; `moves`: when it stood elsewhere, a line a move, newest first (`services/moves.py`).
    `by_mail`: a client's goes by mail too. `resend_of`: the row that this one repeats, under the same collapse id. A
    row withdrawn frees its dedupe_key; every other state keeps it.
    """

    __tablename__ = "reminder"
    worker_reads = True

    client_id: Mapped[UUID | None]  # whom it is about; None: a practitioner's digest
    care_plan_id: Mapped[UUID | None]
    flag_id: Mapped[UUID | None]
    recipient_kind: Mapped[str]
    recipient_id: Mapped[UUID]
    kind: Mapped[str]
    lane: Mapped[int] = mapped_column(SmallInteger)
    rung: Mapped[int | None] = mapped_column(SmallInteger)
    dedupe_key: Mapped[str]
    collapse_id: Mapped[str]
    occurrence_key: Mapped[str | None]
    carrier_id: Mapped[UUID | None]
    state: Mapped[str]
    reason: Mapped[str | None]
    trail: Mapped[str | None]
    moves: Mapped[str | None] = mapped_column(Text)
    resend_of: Mapped[UUID | None]
    by_mail: Mapped[bool] = mapped_column(default=False)
    send_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    lease_token: Mapped[UUID | None]
    leased_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    shown_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]

    __table_args__ = (
        ForeignKeyConstraint(["clinic_id"], ["clinic.id"]),
        fk("client_id", "client"),
        fk("care_plan_id", "care_plan"),
        fk("flag_id", "flag"),
        CheckConstraint(
            "state IN ('planned','sent','merged','withdrawn','unreachable','expired','failed')", name="state"
        ),
        Index(
            "ix_reminder_due",
            "lane",
            "send_at",
            sqlite_where=text("state = 'planned' AND carrier_id IS NULL"),
            postgresql_where=text("state = 'planned' AND carrier_id IS NULL"),
        ),
        Index(
            "ix_reminder_carried",  # what the expiry tick asks
            "send_at",
            sqlite_where=text("state = 'planned' AND carrier_id IS NOT NULL"),
            postgresql_where=text("state = 'planned' AND carrier_id IS NOT NULL"),
        ),
        Index(
            "uq_reminder_dedupe",
            "clinic_id",
            "recipient_id",
            "dedupe_key",
            unique=True,
            sqlite_where=text("state <> 'withdrawn'"),
            postgresql_where=text("state <> 'withdrawn'"),
        ),
        Index(
            "ix_reminder_carrier",
            "clinic_id",
            "carrier_id",
            sqlite_where=text("carrier_id IS NOT NULL"),
            postgresql_where=text("carrier_id IS NOT NULL"),
        ),
        Index(
            "ix_reminder_unconfirmed",  # what the tick that sends again asks
            "settled_at",
            sqlite_where=text(UNCONFIRMED),
            postgresql_where=text(UNCONFIRMED),
        ),
        Index("ix_reminder_plan", "clinic_id", "care_plan_id"),
        Index("ix_reminder_client", "clinic_id", "client_id", "send_at"),
        {"postgresql_with": {"fillfactor": 85}},
    )


class DeliveryAttempt(Guarded, Base):
    """One try to one address, kept also when its lease was lost. `address_id` is no key: addresses come and go."""

    __tablename__ = "delivery_attempt"
    client_column = None
    worker_reads = True

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True)
    clinic_id: Mapped[UUID]
    reminder_id: Mapped[UUID]
    address_id: Mapped[UUID | None]
    channel: Mapped[str]
    attempt: Mapped[int]
    outcome: Mapped[str]
    detail: Mapped[str]
    provider_id: Mapped[str]
    lease_token: Mapped[UUID | None]
    at: Mapped[datetime]

    __table_args__ = (fk("reminder_id", "reminder"), Index("ix_delivery_attempt_reminder", "clinic_id", "reminder_id"))

    @classmethod
    def of_client(cls, client_id: UUID) -> ColumnElement[bool]:
        return through(cls, "reminder_id", "reminder", client_id)


class Receipt(Tenant, Base):
    """The phone's word: shown, opened, dismissed. One of each per reminder and device."""

    __tablename__ = "receipt"
    client_column = None

    reminder_id: Mapped[UUID]
    device_id: Mapped[UUID]
    event: Mapped[str]
    at: Mapped[datetime]
    received_at: Mapped[datetime]

    __table_args__ = (
        fk("reminder_id", "reminder"),
        Index("uq_receipt_event", "clinic_id", "reminder_id", "device_id", "event", unique=True),
    )

    @classmethod
    def of_client(cls, client_id: UUID) -> ColumnElement[bool]:
        return through(cls, "reminder_id", "reminder", client_id)
