"""CONTRACT. A practitioner's recorded decisions, and the words between client and clinic; only ever appended."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import Base, ClientMade, JsonObject, Tenant, fk


class Review(Tenant, Base):
    """Somebody looked at a check-in. `words`: the reply to the client, if any."""

    __tablename__ = "review"

    client_id: Mapped[UUID]
    check_in_id: Mapped[UUID]
    by: Mapped[UUID]
    by_name: Mapped[str]
    at: Mapped[datetime]
    words: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (
        fk("client_id check_in_id", "check_in", "client_id id"),
        fk("by", "practitioner"),
        Index("ix_review_check_in", "clinic_id", "client_id", "check_in_id"),
    )


class ReadinessSignOff(Tenant, Base):
    """The yes to the next treatment (`condition_id` NULL), or to one condition (rule 48), or a hold.

    `facts`: what it was made on. `kind`: sign_off, condition, hold or seen_in_person (rule 49; `on` counts).
    """

    __tablename__ = "readiness_sign_off"

    client_id: Mapped[UUID]
    care_plan_id: Mapped[UUID]
    kind: Mapped[str]
    condition_id: Mapped[str | None]
    on: Mapped[date]
    by: Mapped[UUID]
    by_name: Mapped[str]
    at: Mapped[datetime]
    note: Mapped[str | None] = mapped_column(Text)
    facts: Mapped[JsonObject]
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[UUID | None]
    revoke_reason: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (
        fk("client_id", "client"),
        fk("care_plan_id", "care_plan"),
        fk("by", "practitioner"),
        Index("ix_readiness_sign_off_plan", "clinic_id", "care_plan_id"),
    )


class Message(ClientMade, Base):
    """One message of the thread between a client and the clinic. `by` NULL: the client wrote it, else a practitioner.

    `check_in_id`: the check-in that a practitioner's words answer. `claimed_at`: the phone's word on when it was
    written; `at`: that word, bounded; `received_at`: when the server had it. `seen_at`: when the other side first had
    it on a screen. `settled_at`: when the clinic had answered, or said that no answer is needed; its own messages need
    none. The words never change.
    """

    __tablename__ = "message"
    worker_reads = True  # how many are unread, never the words

    by: Mapped[UUID | None]
    by_name: Mapped[str | None]
    check_in_id: Mapped[UUID | None]
    words: Mapped[str] = mapped_column(Text)
    claimed_at: Mapped[datetime]
    at: Mapped[datetime]
    received_at: Mapped[datetime]
    seen_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]

    __table_args__ = (
        fk("client_id", "client"),
        fk("by", "practitioner"),
        fk("client_id check_in_id", "check_in", "client_id id"),
        Index("ix_message_thread", "clinic_id", "client_id", "at"),
        Index(
            "ix_message_waiting",  # what the inbox asks
            "clinic_id",
            "client_id",
            sqlite_where=text("settled_at IS NULL"),
            postgresql_where=text("settled_at IS NULL"),
        ),
    )
