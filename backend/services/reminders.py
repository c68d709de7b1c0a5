"""What phone and console ask about reminders: what one stands for, and the receipts."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, cast
from uuid import UUID

from sqlalchemy import CursorResult, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from backend.db import ClientScope, StaffScope, transaction
from backend.errors import InputFault, InvalidInput, NotFound
from backend.ids import new_id
from backend.models import DeviceSession, Receipt, Reminder
from backend.services import corrections

Event = Literal["shown", "opened", "dismissed"]
EVENTS = ("shown", "opened", "dismissed")


@dataclass(frozen=True, slots=True)
class ReminderSeen:
    """What a tap on a push opens. `occurrences`: the keys of what it speaks of, those it carries included.

    `correction_id`: of a push that asks to read a correction.
    """

    id: UUID
    kind: str
    state: str
    client_id: UUID | None
    care_plan_id: UUID | None
    flag_id: UUID | None
    occurrences: tuple[str, ...]
    send_at: datetime
    correction_id: UUID | None = None


def get_reminder(scope: ClientScope | StaffScope, reminder_id: UUID) -> ReminderSeen:
    """One reminder of this recipient, for `/o/{id}`. A carried one leads to the same place as its carrier."""
    with transaction(scope, write=False) as session:
        row = _own(session, scope, reminder_id)
        carried = session.scalars(
            select(Reminder.occurrence_key)
            .where(
                Reminder.clinic_id == scope.clinic_id,
                Reminder.carrier_id == row.id,
                Reminder.state != "withdrawn",
                Reminder.occurrence_key.is_not(None),
            )
            .order_by(Reminder.occurrence_key)
        ).all()
        keys = [row.occurrence_key, *carried]
        return ReminderSeen(
            id=row.id,
            kind=row.kind,
            state=row.state,
            client_id=row.client_id,
            care_plan_id=row.care_plan_id,
            flag_id=row.flag_id,
            occurrences=tuple(dict.fromkeys(key for key in keys if key)),
            send_at=row.send_at,
            correction_id=corrections.id_of(row.dedupe_key) if row.kind == "correction" else None,
        )


def record_receipt(
    scope: ClientScope | StaffScope, reminder_id: UUID, device_id: UUID, event: str, at: datetime, *, now: datetime
) -> bool:
    """The phone's word that it showed, opened or dismissed a push; False where it had said so before.

    `at` is the phone's clock and believed up to `now`. Raises NotFound for a reminder or a device of somebody else.
    """
    if event not in EVENTS:
        raise InvalidInput((InputFault("/event", f"one of {', '.join(EVENTS)}"),))
    at = min(at, now)
    with transaction(scope) as session:
        row = _own(session, scope, reminder_id)
        _check_device(session, scope, device_id)
        known = session.scalar(
            select(Receipt.id).where(
                Receipt.clinic_id == scope.clinic_id,
                Receipt.reminder_id == row.id,
                Receipt.device_id == device_id,
                Receipt.event == event,
            )
        )
        if known is not None:
            return False
        receipt = Receipt(
            clinic_id=scope.clinic_id,
            id=new_id(now),
            reminder_id=row.id,
            device_id=device_id,
            event=event,
            at=at,
            received_at=now,
        )
        try:
            with session.begin_nested():
                session.add(receipt)
        except IntegrityError:  # the same word came twice at once
            return False
        _note_first(session, row, event, at)
        return True


def _own(session: Session, scope: ClientScope | StaffScope, reminder_id: UUID) -> Reminder:
    row = session.get(Reminder, (scope.clinic_id, reminder_id))
    recipient = scope.client_id if isinstance(scope, ClientScope) else scope.practitioner_id
    if row is None or row.recipient_id != recipient:
        raise NotFound("no such reminder")
    return row


def _check_device(session: Session, scope: ClientScope | StaffScope, device_id: UUID) -> None:
    holder = scope.client_id if isinstance(scope, ClientScope) else scope.practitioner_id
    device = session.get(DeviceSession, (scope.clinic_id, device_id))
    if device is None or device.holder_id != holder:
        raise NotFound("no such device")


def _note_first(session: Session, row: Reminder, event: str, at: datetime) -> None:
    """Opened or dismissed means shown too. A statement of its own: the worker may be settling this row."""
    values: dict[str, Any] = {"shown_at": func.coalesce(Reminder.shown_at, at)}
    if event == "opened":
        values["opened_at"] = func.coalesce(Reminder.opened_at, at)
    changed = session.execute(
        update(Reminder)
        .where(Reminder.clinic_id == row.clinic_id, Reminder.id == row.id)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    assert cast(CursorResult[Any], changed).rowcount == 1  # read in this transaction
