"""The life of a clinic's overlay: the draft, which version each plan followed when, and what was corrected."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import Base, ClinicWide, JsonList, Tenant, fk


class OverlayDraft(ClinicWide, Tenant, Base):
    """A clinic's unpublished changes to one method; one draft a method.

    `content_version`: the shipped version that it stands on. `revision` rises with every edit, so that an edit made on
    an older sight of it is refused. `changes`: [{path, value, by, at, reason, by_owner}].
    """

    __tablename__ = "overlay_draft"

    method: Mapped[str]
    content_version: Mapped[str]
    revision: Mapped[int]
    changes: Mapped[JsonList]
    edited_by: Mapped[UUID]
    edited_by_name: Mapped[str]
    edited_at: Mapped[datetime]

    __table_args__ = (
        fk("edited_by", "practitioner"),
        Index("uq_overlay_draft_method", "clinic_id", "method", unique=True),
    )


class PlanVersion(Tenant, Base):
    """A span of time in which a care plan followed one signed version; `until_at` None: it still does (PROMISES S6)."""

    __tablename__ = "plan_version"

    client_id: Mapped[UUID]
    care_plan_id: Mapped[UUID]
    clinic_protocol_id: Mapped[UUID]
    from_at: Mapped[datetime]
    until_at: Mapped[datetime | None]

    __table_args__ = (
        fk("client_id", "client"),
        fk("care_plan_id", "care_plan"),
        fk("clinic_protocol_id", "clinic_protocol"),
        Index("ix_plan_version_protocol", "clinic_id", "clinic_protocol_id"),
        Index(
            "uq_plan_version_now",
            "clinic_id",
            "care_plan_id",
            unique=True,
            sqlite_where=text("until_at IS NULL"),
            postgresql_where=text("until_at IS NULL"),
        ),
    )


class Correction(ClinicWide, Tenant, Base):
    """One recall: words to everybody who was told a version of a method, or one step of it.

    `step_id` None: it is about the whole version. `step_title` as it was told. `by` None: the operator sent it in the
    clinic's name.
    """

    __tablename__ = "correction"

    method: Mapped[str]
    version: Mapped[int]
    step_id: Mapped[str | None]
    step_title: Mapped[str | None] = mapped_column(Text)
    words: Mapped[str] = mapped_column(Text)
    by: Mapped[UUID | None]
    by_name: Mapped[str]
    at: Mapped[datetime]

    __table_args__ = (fk("by", "practitioner"), Index("ix_correction_method", "clinic_id", "method", "version"))


class CorrectionReceipt(Tenant, Base):
    """A client whom a correction was sent to, and when it was read."""

    __tablename__ = "correction_receipt"

    client_id: Mapped[UUID]
    care_plan_id: Mapped[UUID]
    correction_id: Mapped[UUID]
    read_at: Mapped[datetime | None]

    __table_args__ = (
        fk("client_id", "client"),
        fk("care_plan_id", "care_plan"),
        fk("correction_id", "correction"),
        Index("uq_correction_receipt_client", "clinic_id", "correction_id", "client_id", unique=True),
        Index("ix_correction_receipt_client", "clinic_id", "client_id"),
    )
