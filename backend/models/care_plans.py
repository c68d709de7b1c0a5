"""CONTRACT. Care plans and the facts their timelines are built from. The timeline itself is never stored."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import Base, ClientMade, ClinicWide, JsonList, JsonObject, Tenant, fk


class ClinicProtocol(ClinicWide, Tenant, Base):
    """A protocol version that this clinic's owner has read and signed, with its overlay. `version` counts per method.

    `overlay`: [{path, value, by, at, ...}]. `author_name`: who made its changes; `reviewed_by`: who looked at them
    before they were signed. `confirmed_steps` / `turned_on_steps`: step ids. `document`: the compiled protocol as
    mappings (method document + shared document) at signing, so that pinned plans never depend on files.
    """

    __tablename__ = "clinic_protocol"

    method: Mapped[str]
    version: Mapped[int]
    content_version: Mapped[str]
    overlay: Mapped[JsonList]
    confirmed_steps: Mapped[JsonList]
    turned_on_steps: Mapped[JsonList]
    clinic_min_days: Mapped[int | None]
    document: Mapped[JsonObject] = mapped_column(deferred=True)  # large; read once, to compile it
    signed_by: Mapped[UUID]
    signed_by_name: Mapped[str]
    signed_at: Mapped[datetime]
    author_name: Mapped[str | None]
    reviewed_by: Mapped[UUID | None]
    reviewed_by_name: Mapped[str | None]

    __table_args__ = (
        fk("signed_by", "practitioner"),
        fk("reviewed_by", "practitioner"),
        Index("uq_clinic_protocol_version", "clinic_id", "method", "version", unique=True),
    )


class CarePlan(Tenant, Base):
    """A signed protocol version applied to one treatment session. `facts_version` rises with every change of fact.

    `planned_until`: reminders are planned up to here. `zone`: where the plan was started. `tzdata`: the release it was
    made with.
    """

    __tablename__ = "care_plan"
    worker_reads = True

    client_id: Mapped[UUID]
    treatment_id: Mapped[UUID]
    area_id: Mapped[UUID]
    method: Mapped[str]
    clinic_protocol_id: Mapped[UUID]
    zone: Mapped[str]
    tzdata: Mapped[str]
    care_style: Mapped[str]
    started_at: Mapped[datetime]
    started_by: Mapped[UUID]
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str | None]
    planned_until: Mapped[datetime | None]
    facts_version: Mapped[int] = mapped_column(default=1)
    facts_changed_at: Mapped[datetime | None]

    __table_args__ = (
        fk("client_id", "client"),
        fk("treatment_id", "treatment_session"),
        fk("area_id", "treated_area"),
        fk("clinic_protocol_id", "clinic_protocol"),
        Index("ix_care_plan_client", "clinic_id", "client_id"),
        Index("ix_care_plan_planned_until", "planned_until"),
    )


class StepLog(ClientMade, Base):
    """One tap: started, paused, resumed, done, undone, declined, stopped_burning.

    `claimed_at` is the phone's time as sent, `at` the same, bounded.
    """

    __tablename__ = "step_log"

    care_plan_id: Mapped[UUID]
    occurrence_key: Mapped[str]
    event: Mapped[str]
    claimed_at: Mapped[datetime]
    at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    received_at: Mapped[datetime]

    __table_args__ = (
        fk("client_id", "client"),
        fk("care_plan_id", "care_plan"),
        Index("ix_step_log_plan", "clinic_id", "care_plan_id"),
    )


class AnchorObservation(Tenant, Base):
    """An anchor's date from a check-in or set by a person; the newest that is not superseded counts."""

    __tablename__ = "anchor_observation"

    client_id: Mapped[UUID]
    care_plan_id: Mapped[UUID]
    anchor: Mapped[str]
    on: Mapped[date]
    source: Mapped[str]  # check_in or practitioner
    check_in_id: Mapped[UUID | None]
    by: Mapped[UUID | None]
    at: Mapped[datetime]
    superseded_at: Mapped[datetime | None]

    __table_args__ = (
        fk("client_id", "client"),
        fk("care_plan_id", "care_plan"),
        Index("ix_anchor_observation_plan", "clinic_id", "care_plan_id"),
    )


class Pause(Tenant, Base):
    """A time in which the plan asks nothing. `until_at` None: until somebody goes on with it."""

    __tablename__ = "pause"

    client_id: Mapped[UUID]
    care_plan_id: Mapped[UUID]
    from_at: Mapped[datetime]
    until_at: Mapped[datetime | None]
    reason: Mapped[str | None] = mapped_column(Text)
    by: Mapped[UUID]

    __table_args__ = (
        fk("client_id", "client"),
        fk("care_plan_id", "care_plan"),
        Index("ix_pause_plan", "clinic_id", "care_plan_id"),
    )
