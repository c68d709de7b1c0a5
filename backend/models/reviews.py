"""CONTRACT. A practitioner's recorded decisions; only ever appended."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import Base, JsonObject, Tenant, fk


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
