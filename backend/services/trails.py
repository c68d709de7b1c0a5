"""Why a reminder was, or was not, sent: its way from plan to receipt, and the client's reach. Reads only."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import Session

from backend.db import StaffScope, WorkerScope, transaction
from backend.errors import NotFound
from backend.models import Client, DeliveryAttempt, Reminder
from backend.services import reach
from backend.services.moves import read_moves
from schedules import Reach

LIMIT = 200
Key = tuple[UUID, UUID]


@dataclass(frozen=True, slots=True)
class TrailStep:
    """One thing that happened to a reminder: `at`, a word for it, and why in neutral words. `was_at`: of a move."""

    at: datetime
    what: str
    why: str
    was_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Trail:
    """One reminder from plan to receipt (ARCHITECTURE 3). `carried_by`: the push that spoke for it. `repeats`: the
    push that this one sends again. `channels`: over which a provider took it; `shown_at`, `opened_at`: the device's
    word, of a carried one its carrier's."""

    id: UUID
    clinic_id: UUID
    client_id: UUID | None
    recipient_kind: str
    kind: str
    state: str
    reason: str | None
    carried_by: UUID | None
    repeats: UUID | None
    send_at: datetime
    expires_at: datetime
    channels: tuple[str, ...]
    shown_at: datetime | None
    opened_at: datetime | None
    steps: tuple[TrailStep, ...]


@dataclass(frozen=True, slots=True)
class ClientTrails:
    """A client's reminders, newest first, and whether the phone can be reached. `next_at`: of the first to come."""

    client_id: UUID
    client_name: str
    joined_at: datetime | None
    reach: Reach
    next_at: datetime | None
    trails: tuple[Trail, ...]


def list_trails(scope: StaffScope, client_id: UUID, *, now: datetime, limit: int = LIMIT) -> ClientTrails:
    """What became of each reminder to a client up to now, newest first. NotFound for an unknown or foreign client."""
    with transaction(scope, write=False) as session:
        client = session.get(Client, (scope.clinic_id, client_id))
        if client is None:
            raise NotFound("no such client")
        own = (
            Reminder.clinic_id == scope.clinic_id,
            Reminder.client_id == client_id,
            Reminder.recipient_kind == "client",
        )
        # what was withdrawn long before its time stands where that happened
        at = case((Reminder.settled_at < Reminder.send_at, Reminder.settled_at), else_=Reminder.send_at)
        rows = session.scalars(
            select(Reminder)
            .where(*own, or_(Reminder.send_at <= now, Reminder.state == "withdrawn"))
            .order_by(at.desc(), Reminder.send_at.desc(), Reminder.id)
            .limit(limit)
        ).all()
        next_at = session.scalar(
            select(func.min(Reminder.send_at)).where(*own, Reminder.state == "planned", Reminder.send_at > now)
        )
        reached = reach.read_reach(session, scope.clinic_id, client_id)
        return ClientTrails(client.id, client.name, client.joined_at, reached, next_at, _trails(session, rows))


def find_trails(reminder_or_client: UUID, *, limit: int = LIMIT) -> tuple[Trail, ...]:
    """The trails of one reminder, or of all of a client, whatever the clinic: for the operator's command line."""
    with transaction(WorkerScope(), write=False) as session:
        rows = session.scalars(
            select(Reminder)
            .where(or_(Reminder.id == reminder_or_client, Reminder.client_id == reminder_or_client))
            .order_by(Reminder.send_at.desc())
            .limit(limit)
        ).all()
        return _trails(session, rows)


def _trails(session: Session, rows: Sequence[Reminder]) -> tuple[Trail, ...]:
    tries: dict[Key, list[DeliveryAttempt]] = {}
    if rows:
        keys = {row.id for row in rows} | {row.carrier_id for row in rows if row.carrier_id is not None}
        found = session.scalars(
            select(DeliveryAttempt)
            .where(
                DeliveryAttempt.clinic_id.in_({row.clinic_id for row in rows}),
                DeliveryAttempt.reminder_id.in_(keys),
            )
            .order_by(DeliveryAttempt.id)
        )
        for entry in found:
            tries.setdefault((entry.clinic_id, entry.reminder_id), []).append(entry)
    carriers = _read_carriers(session, rows)
    return tuple(_trail(row, tries, carriers) for row in rows)


def _read_carriers(session: Session, rows: Sequence[Reminder]) -> dict[Key, Reminder]:
    wanted = {row.carrier_id for row in rows if row.carrier_id is not None}
    if not wanted:
        return {}
    clinics = {row.clinic_id for row in rows}
    found = session.scalars(select(Reminder).where(Reminder.clinic_id.in_(clinics), Reminder.id.in_(wanted)))
    return {(row.clinic_id, row.id): row for row in found}


def _trail(row: Reminder, tries: Mapping[Key, Sequence[DeliveryAttempt]], carriers: Mapping[Key, Reminder]) -> Trail:
    carrier = carriers.get((row.clinic_id, row.carrier_id)) if row.carrier_id is not None else None
    shown_by = carrier or row
    own = tries.get((row.clinic_id, row.id), ())
    accepted = [entry.channel for entry in tries.get((row.clinic_id, shown_by.id), ()) if entry.outcome == "accepted"]
    return Trail(
        id=row.id,
        clinic_id=row.clinic_id,
        client_id=row.client_id,
        recipient_kind=row.recipient_kind,
        kind=row.kind,
        state=row.state,
        reason=row.reason,
        carried_by=row.carrier_id,
        repeats=row.resend_of,
        send_at=row.send_at,
        expires_at=row.expires_at,
        channels=tuple(dict.fromkeys(accepted)),
        shown_at=shown_by.shown_at,
        opened_at=shown_by.opened_at,
        steps=tuple(sorted(_steps(row, own, shown_by), key=lambda step: step.at)),
    )


def _steps(row: Reminder, tries: Sequence[DeliveryAttempt], shown_by: Reminder) -> Iterator[TrailStep]:
    """In the order in which such things happen; what fell on one moment stays in it."""
    yield TrailStep(row.created_at, "planned", row.trail or "")
    for move in read_moves(row.moves):
        yield TrailStep(move.at, "moved", move.why, move.was_at)
    for entry in tries:
        late = row.settled_at is not None and entry.at > row.settled_at
        lost = " (under a lost lease)" if late else ""
        yield TrailStep(entry.at, f"try {entry.attempt}", f"{entry.channel}: {entry.outcome}{lost}")
    if row.settled_at is not None:
        yield TrailStep(row.settled_at, row.state, row.reason or "")
    elif row.reason:
        yield TrailStep(row.send_at, "waits", row.reason)
    if shown_by.shown_at is not None:
        yield TrailStep(shown_by.shown_at, "shown", "the device says so")
    if shown_by.opened_at is not None:
        yield TrailStep(shown_by.opened_at, "opened", "the device says so")
