"""CONTRACT. What the client answered, the photos, and what the rules said."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, LargeBinary, Text
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import Base, ClientMade, JsonList, JsonObject, fk


class CheckIn(ClientMade, Base):
    """`kind`: planned, report, follow_up; never edited. `answers`: {question: value}; `excluded`: {question: [values]}.

    `claimed_at` is the phone's time as sent; `answered_at` the same, bounded by the server; `received_at` the server's.
    """

    __tablename__ = "check_in"

    care_plan_id: Mapped[UUID]
    kind: Mapped[str]
    occurrence_key: Mapped[str | None]
    day: Mapped[int]
    on: Mapped[date]
    answers: Mapped[JsonObject]
    excluded: Mapped[JsonObject]
    note: Mapped[str | None] = mapped_column(Text)
    partial: Mapped[bool] = mapped_column(default=False)
    amends: Mapped[UUID | None]
    photo_ids: Mapped[JsonList]
    body_hash: Mapped[str]
    claimed_at: Mapped[datetime]
    answered_at: Mapped[datetime]
    received_at: Mapped[datetime]

    __table_args__ = (
        fk("client_id", "client"),
        fk("care_plan_id", "care_plan"),
        Index("ix_check_in_plan", "clinic_id", "care_plan_id", "answered_at"),
    )


class AssessmentRow(ClientMade, Base):
    """The result of the rules for one check-in (same id); never edited.

    `told`: what the client was told, word for word, with its rule ids. `findings`: [{rule_id, urgency, level,
    readings: [...]}]; `more_than_usual`: [readings].
    """

    __tablename__ = "assessment"

    care_plan_id: Mapped[UUID]
    level: Mapped[str]
    findings: Mapped[JsonList]
    more_than_usual: Mapped[JsonList]
    told: Mapped[JsonList]
    content_version: Mapped[str]
    clinic_protocol_id: Mapped[UUID]
    at: Mapped[datetime]

    __table_args__ = (fk("client_id id", "check_in", "client_id id"), fk("care_plan_id", "care_plan"))


class Photo(ClientMade, Base):
    """A sealed photo; its bytes lie in the store at `path`, the thumbnail at `thumb_path`, sealed with `key_id`.

    `view`: one of the protocol's, or `message:<id>` where it belongs to a message of its client.
    """

    __tablename__ = "photo"

    care_plan_id: Mapped[UUID]
    occurrence_key: Mapped[str | None]
    view: Mapped[str]
    taken_at: Mapped[datetime]
    taken_on: Mapped[date]
    day: Mapped[int]
    width: Mapped[int]
    height: Mapped[int]
    size_bytes: Mapped[int]
    body_hash: Mapped[str]  # SHA-256 of what was sent, for repeats
    key_id: Mapped[str]
    nonce: Mapped[bytes] = mapped_column(LargeBinary(12))
    thumb_nonce: Mapped[bytes] = mapped_column(LargeBinary(12))
    path: Mapped[str]
    thumb_path: Mapped[str]
    received_at: Mapped[datetime]

    __table_args__ = (
        fk("client_id", "client"),
        fk("care_plan_id", "care_plan"),
        Index("ix_photo_plan", "clinic_id", "care_plan_id"),
    )
