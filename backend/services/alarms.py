"""Red flags whose ladder has come to its end with nobody having seen them (PROMISES S2): for banner and metric.

An alarm whose time has come counts though no worker has sent it, and where there is no owner to send it to.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, exists, func, or_, select
from sqlalchemy.orm import Session

from backend.db import StaffScope, transaction
from backend.models import Client, Flag, Reminder
from schedules import ALARM_AT_LATEST

RED_LEVELS = ("today", "now")  # only these have a ladder
_ALARMS = select(Reminder.state, Reminder.send_at).where(
    Reminder.clinic_id == bindparam("clinic_id"),
    Reminder.care_plan_id == bindparam("plan_id"),
    Reminder.flag_id == bindparam("flag_id"),
    Reminder.kind == "alarm",
)


@dataclass(frozen=True, slots=True)
class Alarm:
    """One red flag that nobody has answered in time."""

    flag_id: UUID
    client_id: UUID
    client_name: str
    raised_at: datetime


def list_alarms(scope: StaffScope, *, now: datetime) -> tuple[Alarm, ...]:
    """The clinic's, oldest first."""
    with transaction(scope, write=False) as session:
        rows = session.execute(
            select(Flag.id, Flag.client_id, Client.name, Flag.raised_at)
            .join(Client, (Client.clinic_id == Flag.clinic_id) & (Client.id == Flag.client_id))
            .where(Flag.clinic_id == scope.clinic_id, *_alarmed(now))
            .order_by(Flag.raised_at, Flag.id)
        )
        return tuple(Alarm(*row) for row in rows)


def count_alarms(session: Session, now: datetime) -> int:
    """Of all clinics that the session sees."""
    return session.scalar(select(func.count(Flag.id)).where(*_alarmed(now))) or 0


def is_alarmed(session: Session, flag: Flag, now: datetime | None) -> bool:
    """The same of one flag, as it is shown. `now` None: only what was called counts."""
    if flag.acknowledged_at is not None or flag.level not in RED_LEVELS:
        return False
    given = {"clinic_id": flag.clinic_id, "plan_id": flag.care_plan_id, "flag_id": flag.id}
    rows = session.execute(_ALARMS, given).all()
    if any(row.state != "planned" for row in rows):
        return True
    latest = flag.raised_at + ALARM_AT_LATEST  # where there is no owner to alarm
    return now is not None and now >= min((row.send_at for row in rows), default=latest)


def _alarmed(now: datetime) -> tuple[ColumnElement[bool], ...]:
    called = exists().where(
        Reminder.clinic_id == Flag.clinic_id,
        Reminder.care_plan_id == Flag.care_plan_id,  # the index of a plan's rows
        Reminder.flag_id == Flag.id,
        Reminder.kind == "alarm",
        or_(Reminder.state != "planned", Reminder.send_at <= now),
    )
    return (
        Flag.closed_at.is_(None),
        Flag.acknowledged_at.is_(None),
        Flag.level.in_(RED_LEVELS),
        or_(called, Flag.raised_at <= now - ALARM_AT_LATEST),
    )
