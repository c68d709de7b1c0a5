"""CONTRACT. Invitations, codes that hand a session over, and guessing counters."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Index
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import Base, Tenant, fk


class Invite(Tenant, Base):
    """Works once, 48 h; redeemed by a conditional update, never by GET. Only SHA-256 of code and token is stored."""

    __tablename__ = "invite"

    client_id: Mapped[UUID]
    code_hash: Mapped[str]
    made_by: Mapped[UUID]
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    redeemed_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    revoke_reason: Mapped[str | None]

    __table_args__ = (
        fk("client_id", "client"),
        fk("made_by", "practitioner"),
        Index("uq_invite_code", "code_hash", unique=True),
        Index("ix_invite_client", "clinic_id", "client_id"),
    )

    @classmethod
    def behind_door(cls, secret: str) -> ColumnElement[bool]:
        return cls.code_hash == secret


class HandOver(Tenant, Base):
    """An open code by which a device signs in another one of the same client; gone once it was used. `code_hash` is
    keyed with the server's secret: a code of 8 characters is too short for a bare hash."""

    __tablename__ = "hand_over"

    client_id: Mapped[UUID]
    device_id: Mapped[UUID]
    code_hash: Mapped[str]
    expires_at: Mapped[datetime]

    __table_args__ = (
        fk("client_id", "client"),
        fk("device_id", "device_session"),
        Index("uq_hand_over_code", "code_hash", unique=True),
        Index("uq_hand_over_device", "clinic_id", "device_id", unique=True),
    )

    @classmethod
    def behind_door(cls, secret: str) -> ColumnElement[bool]:
        return cls.code_hash == secret


class Guess(Base):
    """Failed tries by key (a hash of what was tried and from where), for throttling in the database."""

    __tablename__ = "guess"

    key: Mapped[str] = mapped_column(primary_key=True)
    window_starts_at: Mapped[datetime]
    count: Mapped[int]
