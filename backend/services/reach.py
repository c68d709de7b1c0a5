"""Whether a client's phone can be reached. Reads only; used by the services beside it; the rule: `schedules/reach`."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.models import DeviceSession, Reminder
from schedules import PushOut, Reach, judge_reach

LOOKED_AT = 30  # pushes, newest first: a week or more of them


def read_reach(session: Session, clinic_id: UUID, client_id: UUID) -> Reach:
    """By the newest pushes that left, or found no way, and by when any phone of the client was last heard of."""
    rows = session.execute(
        select(Reminder.settled_at, Reminder.send_at, Reminder.shown_at)
        .where(
            Reminder.clinic_id == clinic_id,
            Reminder.client_id == client_id,
            Reminder.recipient_kind == "client",
            Reminder.state.in_(("sent", "unreachable")),
        )
        .order_by(Reminder.send_at.desc())
        .limit(LOOKED_AT)
    )
    pushes = [PushOut(row.settled_at or row.send_at, row.shown_at is not None) for row in rows]
    return judge_reach(pushes, _heard_at(session, clinic_id, client_id)) if pushes else Reach()


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
