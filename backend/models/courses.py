"""CONTRACT. Areas, courses and treatment sessions: what was done at the clinic."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import Base, JsonObject, Tenant, fk, through


class TreatedArea(Tenant, Base):
    """One patch of skin; `site` is scalp, brows or body."""

    __tablename__ = "treated_area"

    client_id: Mapped[UUID]
    site: Mapped[str]
    label: Mapped[str]
    created_at: Mapped[datetime]

    __table_args__ = (fk("client_id", "client"), Index("ix_treated_area_client", "clinic_id", "client_id"))


class Course(Tenant, Base):
    """All treatment sessions of one client for one method and area."""

    __tablename__ = "course"

    client_id: Mapped[UUID]
    area_id: Mapped[UUID]
    method: Mapped[str]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str | None]

    __table_args__ = (
        fk("client_id", "client"),
        fk("area_id", "treated_area"),
        Index("ix_course_client", "clinic_id", "client_id"),
    )


class TreatmentSession(Tenant, Base):
    """The appointment; day 0 is the local date of `ended_at`. `state`: planned, running, done. `number`: from 1.

    An area has at most one planned session: its next appointment, at `planned_at`.
    """

    __tablename__ = "treatment_session"

    client_id: Mapped[UUID]
    course_id: Mapped[UUID]
    area_id: Mapped[UUID]
    number: Mapped[int]
    state: Mapped[str]
    planned_at: Mapped[datetime | None]
    planned_on: Mapped[date | None]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    by: Mapped[UUID]
    details: Mapped[JsonObject]

    __table_args__ = (
        fk("client_id", "client"),
        fk("course_id", "course"),
        fk("area_id", "treated_area"),
        Index("ix_treatment_session_client", "clinic_id", "client_id"),
        Index(
            "uq_treatment_session_planned",
            "clinic_id",
            "area_id",
            unique=True,
            sqlite_where=text("state = 'planned'"),
            postgresql_where=text("state = 'planned'"),
        ),
    )


class TreatmentStepRecord(Tenant, Base):
    """Start and end of one in-treatment step. `position`: the order of beginning; `reason` for another order."""

    __tablename__ = "treatment_step_record"
    client_column = None

    treatment_id: Mapped[UUID]
    step_id: Mapped[str]
    position: Mapped[int]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    reason: Mapped[str | None] = mapped_column(Text)
    by: Mapped[UUID]

    __table_args__ = (
        fk("treatment_id", "treatment_session"),
        Index("uq_treatment_step_record_step", "clinic_id", "treatment_id", "step_id", unique=True),
    )

    @classmethod
    def of_client(cls, client_id: UUID) -> ColumnElement[bool]:
        return through(cls, "treatment_id", "treatment_session", client_id)
