"""Pushes about messages: to the client where the clinic wrote, to the practitioner where the client did. Used by the
services beside it. One that waits speaks for all that follow; what was read meanwhile is not sent."""

from datetime import datetime, time, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from backend.ids import new_id
from backend.models import Client, Clinic, Practitioner, Reminder
from backend.models.reminders import PENDING, REST_LANE
from backend.services import news, plan_facts, reminder_rows
from backend.services.loaded_plans import LoadedPlan
from schedules import ClientClock, QuietHours, ZoneHistory

KIND: Final = "message"
NIGHT = (time(22), time(7, 30))  # in which no practitioner hears of a message, on the clinic's clock (DESIGN section 7)
GOOD_FOR = timedelta(days=1)


def tell_client(session: Session, client: Client, message_id: UUID, now: datetime) -> None:
    """Says to the phone that there is a message; through the newest plan, since a push belongs to one. A client who
    never had a plan finds it in the app."""
    newest = plan_facts.find_newest_plan(session, client.clinic_id, client.id)
    if newest is not None:
        tell_in_plan(session, plan_facts.load_plan(session, client.clinic_id, newest), message_id, now, "a message")


def tell_in_plan(session: Session, plan: LoadedPlan, message_id: UUID, now: datetime, reason: str) -> None:
    """The same, through a given plan."""
    if not _waits(session, _to_client(plan.client)):
        news.send(session, plan, KIND, f"{KIND}:{message_id.hex}", now, reason)


def tell_practitioner(session: Session, client: Client, message_id: UUID, now: datetime) -> None:
    """Says to who looks after the client that there is a message; in the night it waits for the morning."""
    carer = session.get(Practitioner, (client.clinic_id, client.practitioner_id))
    if carer is None or not carer.active or _waits(session, _to_practitioner(client)):
        return
    zone = session.get_one(Clinic, client.clinic_id).zone
    night = QuietHours(NIGHT, ClientClock(ZoneHistory(zone))).around(now)
    send_at = night.ends_at if night else now
    key = f"{KIND}:{message_id.hex}"
    session.add(
        Reminder(
            clinic_id=client.clinic_id,
            id=new_id(now),
            client_id=client.id,
            recipient_kind="practitioner",
            recipient_id=carer.id,
            kind=KIND,
            lane=REST_LANE,
            dedupe_key=key,
            collapse_id=reminder_rows.collapse_id(client.id, key),
            state=PENDING,
            trail="a message",
            send_at=send_at,
            expires_at=send_at + GOOD_FOR,
            attempts=0,
            created_at=now,
        )
    )


def take_back_from_client(session: Session, client: Client, now: datetime) -> None:
    """The client has read all there is."""
    _take_back(session, _to_client(client), now)


def take_back_from_practitioner(session: Session, client: Client, now: datetime) -> None:
    """Somebody of the clinic has read all there is."""
    _take_back(session, _to_practitioner(client), now)


def _to_client(client: Client) -> tuple[ColumnElement[bool], ...]:
    return (Reminder.recipient_kind == "client", *_about(client))


def _to_practitioner(client: Client) -> tuple[ColumnElement[bool], ...]:
    return (Reminder.recipient_kind == "practitioner", *_about(client))


def _about(client: Client) -> tuple[ColumnElement[bool], ...]:
    own = (Reminder.clinic_id == client.clinic_id, Reminder.client_id == client.id)
    return (*own, Reminder.kind == KIND, Reminder.state == PENDING)


def _waits(session: Session, pending: tuple[ColumnElement[bool], ...]) -> bool:
    """Whether one is still to be sent. One that a worker has taken may have left already."""
    unclaimed = select(Reminder.id).where(*pending, Reminder.leased_until.is_(None)).limit(1)
    return session.scalar(unclaimed) is not None


def _take_back(session: Session, pending: tuple[ColumnElement[bool], ...], now: datetime) -> None:
    session.execute(
        update(Reminder)
        .where(*pending)
        .values(state="withdrawn", reason="done", settled_at=now, lease_token=None, leased_until=None)
        .execution_options(synchronize_session=False)
    )
