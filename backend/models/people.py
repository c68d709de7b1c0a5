"""CONTRACT. Clinics and the people in them."""

from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import ColumnElement, ForeignKeyConstraint, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import Base, ClinicWide, JsonObject, Tenant, fk


class Clinic(ClinicWide, Base):
    """The tenant; "studio" on screens. `emergency` is {emergency, advice, advice_name} as the owner confirmed it."""

    __tablename__ = "clinic"
    clinic_column = "id"
    worker_reads = True

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    phone: Mapped[str | None]
    zone: Mapped[str]
    country: Mapped[str]
    emergency: Mapped[JsonObject]
    emergency_confirmed_at: Mapped[datetime | None]
    reply_promise_h: Mapped[int] = mapped_column(default=24)
    second_practitioner_id: Mapped[UUID | None]  # the ladder's second person; not a key: practitioner refers to clinic
    created_at: Mapped[datetime]


class Practitioner(ClinicWide, Tenant, Base):
    """`role`: owner, practitioner or assistant. `password_hash` is argon2id."""

    __tablename__ = "practitioner"

    name: Mapped[str]
    email: Mapped[str]
    role: Mapped[str]
    password_hash: Mapped[str]
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]

    __table_args__ = (
        ForeignKeyConstraint(["clinic_id"], ["clinic.id"]),
        Index("uq_practitioner_email", "email", unique=True),
    )

    @classmethod
    def behind_door(cls, secret: str) -> ColumnElement[bool]:
        return cls.email == secret


class Client(Tenant, Base):
    """`practitioner_id` looks after this client. `zone` is where the phone is now; the history is ZoneMove.

    `step_times`: {method: {step id: ["HH:MM", ...]}}, the client's own times. `resumed_at`: when reminders that had
    stopped after a silence were started again.
    """

    __tablename__ = "client"
    client_column = "id"
    worker_reads = True

    practitioner_id: Mapped[UUID]
    name: Mapped[str]
    email: Mapped[str | None]
    zone: Mapped[str]
    language: Mapped[str] = mapped_column(default="en")
    quiet_from: Mapped[time | None]
    quiet_until: Mapped[time | None]
    check_in_at: Mapped[time]
    step_times: Mapped[JsonObject]
    discreet: Mapped[bool] = mapped_column(default=True)
    cover_photos: Mapped[bool] = mapped_column(default=True)
    help_may_break_quiet: Mapped[bool] = mapped_column(default=False)
    skin_type: Mapped[str | None]
    joined_at: Mapped[datetime | None]
    resumed_at: Mapped[datetime | None]
    created_at: Mapped[datetime]

    __table_args__ = (ForeignKeyConstraint(["clinic_id"], ["clinic.id"]), fk("practitioner_id", "practitioner"))

    @property
    def quiet(self) -> tuple[time, time] | None:
        """The local hours [from, until) in which the client wants to hear nothing; None: there are none."""
        return (self.quiet_from, self.quiet_until) if self.quiet_from and self.quiet_until else None


class Consent(Tenant, Base):
    """One decision on one kind (care, photos, show_photos); the newest of a kind counts."""

    __tablename__ = "consent"

    client_id: Mapped[UUID]
    kind: Mapped[str]
    given: Mapped[bool]
    text_version: Mapped[str]
    at: Mapped[datetime]

    __table_args__ = (fk("client_id", "client"), Index("ix_consent_client", "clinic_id", "client_id"))


class ZoneMove(Tenant, Base):
    """From `from_at` on the client's wall clock is that of `zone`."""

    __tablename__ = "zone_move"

    client_id: Mapped[UUID]
    from_at: Mapped[datetime]
    zone: Mapped[str]

    __table_args__ = (fk("client_id", "client"), Index("ix_zone_move_client", "clinic_id", "client_id"))


class HealthFactorRow(Tenant, Base):
    """A modifier that applies to a client; a person clears it (protocols rule 51)."""

    __tablename__ = "health_factor"

    client_id: Mapped[UUID]
    modifier_id: Mapped[str]
    last_applied_on: Mapped[date | None]
    recorded_by: Mapped[UUID]
    recorded_at: Mapped[datetime]
    cleared_by: Mapped[UUID | None]
    cleared_at: Mapped[datetime | None]
    cleared_note: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (fk("client_id", "client"), Index("ix_health_factor_client", "clinic_id", "client_id"))


__all__ = ["Client", "Clinic", "Consent", "HealthFactorRow", "Practitioner", "ZoneMove"]
