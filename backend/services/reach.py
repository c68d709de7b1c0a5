"""Whether a client's phone can be reached. Reads only; used by the services beside it; the rule: `schedules/reach`."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, and_, exists, select
from sqlalchemy.orm import Session

from backend.models import DeliveryAttempt, DeviceSession, Reminder
from schedules import PushOut, Reach, ScheduledCheckIn, judge_reach, mark_arrived

LOOKED_AT = 30  # pushes, newest first: a week or more of them


def read_reach(session: Session, clinic_id: UUID, client_id: UUID) -> Reach:
    """By the newest pushes that left, or found no way, and by when any phone of the client was last heard of."""
    newest = _pushes_out(clinic_id, client_id).order_by(Reminder.send_at.desc()).limit(LOOKED_AT)
    pushes = [PushOut(row.settled_at or row.send_at, row.shown_at) for row in session.execute(newest)]
    return judge_reach(pushes, _heard_at(session, clinic_id, client_id)) if pushes else Reach()


def mark_unreached(
    session: Session, clinic_id: UUID, client_id: UUID, check_ins: Sequence[ScheduledCheckIn], since: datetime
) -> list[ScheduledCheckIn]:
    """The check-ins, none of which was due before `since`, each marked whether it can have arrived."""
    mailed = exists().where(
        DeliveryAttempt.clinic_id == Reminder.clinic_id,
        DeliveryAttempt.reminder_id == Reminder.id,
        DeliveryAttempt.channel == "mail",
        DeliveryAttempt.outcome == "accepted",
    )
    listed = _pushes_out(clinic_id, client_id).add_columns(and_(Reminder.by_mail, mailed).label("mailed"))
    rows = session.execute(listed.where(Reminder.send_at >= since))
    pushes = [PushOut(row.settled_at or row.send_at, row.shown_at, row.mailed) for row in rows]
    return mark_arrived(check_ins, pushes, _heard_at(session, clinic_id, client_id))


def _pushes_out(clinic_id: UUID, client_id: UUID) -> Select[datetime | None, datetime, datetime | None]:
    return select(Reminder.settled_at, Reminder.send_at, Reminder.shown_at).where(
        Reminder.clinic_id == clinic_id,
        Reminder.client_id == client_id,
        Reminder.recipient_kind == "client",
        Reminder.state.in_(("sent", "unreachable")),
    )


def _heard_at(session: Session, clinic_id: UUID, client_id: UUID) -> datetime | None:
    return session.scalar(
        select(DeviceSession.seen_at)
        .where(
            DeviceSession.clinic_id == clinic_id,
            DeviceSession.holder_id == client_id,
            DeviceSession.holder_kind == "client",
        )
        .order_by(DeviceSession.seen_at.desc())
        .limit(1)
    )
