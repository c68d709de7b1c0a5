"""CONTRACT. Sessions of phones and browsers, and where pushes go."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Index, Text, or_, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import Base, Tenant, fk


class DeviceSession(Tenant, Base):
    """One phone (or browser) that is signed in. Tokens are random, only their SHA-256 is stored (PROMISES K4).

    `holder_kind`: client or practitioner. `previous_hash`: the token before, which gets the same successor again within
    60 s or until the successor was used.
    """

    __tablename__ = "device_session"
    client_column = "holder_id"

    holder_kind: Mapped[str]
    holder_id: Mapped[UUID]
    name: Mapped[str]
    platform: Mapped[str]
    token_hash: Mapped[str]
    previous_hash: Mapped[str | None]
    rotated_at: Mapped[datetime | None]
    successor_used_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str | None]

    __table_args__ = (
        Index("uq_device_session_token", "token_hash", unique=True),
        Index("ix_device_session_previous", "previous_hash"),
        Index("ix_device_session_holder", "clinic_id", "holder_id"),
    )

    @classmethod
    def behind_door(cls, secret: str) -> ColumnElement[bool]:
        return or_(cls.token_hash == secret, cls.previous_hash == secret)


class PushAddress(Tenant, Base):
    """Where a push goes: fcm_fid, fcm_token or web_push. Retired alone (P5). `address_hash` makes it unique."""

    __tablename__ = "push_address"
    client_column = "holder_id"
    worker_reads = True

    device_id: Mapped[UUID]
    holder_kind: Mapped[str]
    holder_id: Mapped[UUID]
    kind: Mapped[str]
    endpoint: Mapped[str] = mapped_column(Text)
    token: Mapped[str] = mapped_column(Text)
    p256dh: Mapped[str]
    auth: Mapped[str]
    address_hash: Mapped[str]
    changed_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]
    retire_reason: Mapped[str | None]

    __table_args__ = (
        fk("device_id", "device_session"),
        Index(
            "ix_push_address_holder",
            "clinic_id",
            "holder_id",
            sqlite_where=text("retired_at IS NULL"),
            postgresql_where=text("retired_at IS NULL"),
        ),
        Index("uq_push_address_device", "clinic_id", "device_id", unique=True),
    )
