"""CONTRACT. Who did what when; appended in the act's transaction, sealed into the clinic's hash chain later."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import Base, ClinicWide, JsonObject, Tenant


class AuditEntry(Tenant, Base):
    """`actor_kind`: client, practitioner, worker or cli. `act` is a verb phrase ("flag.acknowledge").

    `subject_id`: what it was done to. `sequence`, `hash`: NULL until sealed.
    """

    __tablename__ = "audit_entry"

    at: Mapped[datetime]
    actor_kind: Mapped[str]
    actor_id: Mapped[UUID | None]
    act: Mapped[str]
    subject_kind: Mapped[str]
    subject_id: Mapped[UUID | None]
    client_id: Mapped[UUID | None]
    details: Mapped[JsonObject]
    sequence: Mapped[int | None] = mapped_column(BigInteger)
    hash: Mapped[str | None]

    __table_args__ = (
        ForeignKeyConstraint(["clinic_id"], ["clinic.id"]),
        Index("uq_audit_entry_sequence", "clinic_id", "sequence", unique=True),
        Index("ix_audit_entry_client", "clinic_id", "client_id", "at"),
    )


class AuditHead(ClinicWide, Base):
    """Where a clinic's chain ends: without it, cutting off the last rows would leave a shorter chain that holds."""

    __tablename__ = "audit_head"

    clinic_id: Mapped[UUID] = mapped_column(primary_key=True)
    sequence: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[str]
    sealed_at: Mapped[datetime]

    __table_args__ = (ForeignKeyConstraint(["clinic_id"], ["clinic.id"]),)
