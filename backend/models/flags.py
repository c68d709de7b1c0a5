"""CONTRACT. Warnings that were raised and the people who looked."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import Base, Tenant, fk


class Flag(Tenant, Base):
    """A rule of red_flags that fired. Acknowledge ends the ladder, close is "it is over".

    Open twice is impossible (protocols rule 35). `raised_by`: check_in or step_log; `source_id` the row.
    `got_help_who` is the client's word only.
    """

    __tablename__ = "flag"
    worker_reads = True

    client_id: Mapped[UUID]
    care_plan_id: Mapped[UUID]
    area_id: Mapped[UUID]
    rule_id: Mapped[str]
    urgency: Mapped[str]
    level: Mapped[str]
    raised_by: Mapped[str]
    source_id: Mapped[UUID]
    raised_at: Mapped[datetime]
    acknowledged_by: Mapped[UUID | None]
    acknowledged_at: Mapped[datetime | None]
    closed_by: Mapped[UUID | None]
    closed_at: Mapped[datetime | None]
    close_reason: Mapped[str | None] = mapped_column(Text)
    got_help_who: Mapped[str | None]
    got_help_at: Mapped[datetime | None]

    __table_args__ = (
        fk("client_id", "client"),
        fk("care_plan_id", "care_plan"),
        fk("area_id", "treated_area"),
        Index("ix_flag_client", "clinic_id", "client_id"),
        Index(
            "uq_flag_open_rule",
            "clinic_id",
            "care_plan_id",
            "rule_id",
            unique=True,
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
    )
