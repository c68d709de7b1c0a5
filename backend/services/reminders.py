"""What phone and console ask about reminders: what one stands for, the phone's receipts, why it was (not) sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, cast
from uuid import UUID

from sqlalchemy import CursorResult, func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from backend.db import ClientScope, StaffScope, WorkerScope, transaction
from backend.errors import InputFault, InvalidInput, NotFound
from backend.ids import new_id
from backend.models import DeliveryAttempt, DeviceSession, Receipt, Reminder

Event = Literal["shown", "opened", "dismissed"]
EVENTS = ("shown", "opened", "dismissed")
TRAIL_LIMIT = 200


@dataclass(frozen=True, slots=True)
class ReminderSeen:
    """What a tap on a push opens. `occurrences`: the keys of what it speaks of, those it carries included."""

    id: UUID
    kind: str
    state: str
    client_id: UUID | None
    care_plan_id: UUID | None
    flag_id: UUID | None
    occurrences: tuple[str, ...]
    send_at: datetime


@dataclass(frozen=True, slots=True)
class TrailStep:
    """One thing that happened to a reminder: `at`, a word for it, and why in neutral words."""

    at: datetime
    what: str
    why: str


@dataclass(frozen=True, slots=True)
class Trail:
    """One reminder from plan to receipt (ARCHITECTURE 3). `carried_by`: the push that spoke for it."""

    id: UUID
    clinic_id: UUID
    client_id: UUID | None
    recipient_kind: str
    kind: str
    state: str
    carried_by: UUID | None
    send_at: datetime
    expires_at: datetime
    steps: tuple[TrailStep, ...]


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


def list_trails(scope: StaffScope, client_id: UUID, *, limit: int = TRAIL_LIMIT) -> tuple[Trail, ...]:
    """Why a client did (not) get each reminder, newest first."""
    with transaction(scope, write=False) as session:
        rows = session.scalars(
            select(Reminder)
            .where(Reminder.clinic_id == scope.clinic_id, Reminder.client_id == client_id)
            .order_by(Reminder.send_at.desc())
            .limit(limit)
        ).all()
        return _trails(session, rows)


def find_trails(reminder_or_client: UUID, *, limit: int = TRAIL_LIMIT) -> tuple[Trail, ...]:
    """The trails of one reminder, or of all of a client, whatever the clinic: for the operator's command line."""
    with transaction(WorkerScope(), write=False) as session:
        rows = session.scalars(
            select(Reminder)
            .where(or_(Reminder.id == reminder_or_client, Reminder.client_id == reminder_or_client))
            .order_by(Reminder.send_at.desc())
            .limit(limit)
        ).all()
        return _trails(session, rows)


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


def _trails(session: Session, rows: Sequence[Reminder]) -> tuple[Trail, ...]:
    tries: dict[tuple[UUID, UUID], list[DeliveryAttempt]] = {}
    if rows:
        found = session.scalars(
            select(DeliveryAttempt)
            .where(
                DeliveryAttempt.clinic_id.in_({row.clinic_id for row in rows}),
                DeliveryAttempt.reminder_id.in_({row.id for row in rows}),
            )
            .order_by(DeliveryAttempt.id)
        )
        for entry in found:
            tries.setdefault((entry.clinic_id, entry.reminder_id), []).append(entry)
    return tuple(_trail(row, tries.get((row.clinic_id, row.id), [])) for row in rows)


def _trail(row: Reminder, tries: Sequence[DeliveryAttempt]) -> Trail:
    steps = [TrailStep(row.created_at, "planned", row.trail or "")]
    for entry in tries:
        late = row.settled_at is not None and entry.at > row.settled_at
        lost = " (under a lost lease)" if late else ""
        steps.append(TrailStep(entry.at, f"try {entry.attempt}", f"{entry.channel}: {entry.outcome}{lost}"))
    if row.settled_at is not None:
        steps.append(TrailStep(row.settled_at, row.state, row.reason or ""))
    elif row.reason:
        steps.append(TrailStep(row.send_at, "waits", row.reason))
    if row.shown_at is not None:
        steps.append(TrailStep(row.shown_at, "shown", "the phone says so"))
    if row.opened_at is not None:
        steps.append(TrailStep(row.opened_at, "opened", "the phone says so"))
    return Trail(
        id=row.id,
        clinic_id=row.clinic_id,
        client_id=row.client_id,
        recipient_kind=row.recipient_kind,
        kind=row.kind,
        state=row.state,
        carried_by=row.carrier_id,
        send_at=row.send_at,
        expires_at=row.expires_at,
        steps=tuple(steps),
    )
