"""The clinic's own words to a client: what hangs on no occurrence of a plan. Sent at once, held in quiet hours."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from backend.models import Client, Reminder
from backend.models.reminders import PENDING
from backend.services import reminder_rows
from backend.services.loaded_plans import LoadedPlan
from backend.services.moves import MOST_CHARACTERS, write_move
from backend.services.reminder_rows import ref_of
from schedules import ClientClock, PlannedReminder, QuietHours, ReminderKind, ZoneHistory

KINDS = ("message", "ready", "plan_changed", "correction")
OF_A_PLAN = ("ready", "plan_changed")
GOOD_FOR = timedelta(days=1)


def send(
    session: Session,
    plan: LoadedPlan,
    kind: ReminderKind,
    key: str,
    now: datetime,
    reason: str,
    *,
    at: datetime | None = None,
) -> Reminder:
    """A push of one of these kinds: at the end of quiet hours, outside them at once (or at `at`); good for a day."""
    send_at = _outside_quiet(plan.client, at or now)
    planned = PlannedReminder(
        dedupe_key=ref_of(plan) + key,
        kind=kind,
        occurrence=None,
        occurrences=(),
        send_at=send_at,
        expires_at=send_at + GOOD_FOR,
        local=send_at,
        reason=reason,
    )
    row = reminder_rows.build_row(plan, planned, None, now)
    session.add(row)
    session.flush()
    return row


def hold(session: Session, client: Client, now: datetime, reason: str) -> None:
    """Moves what is still to be sent out of the quiet hours of a client whose zone or quiet hours changed (T4)."""
    rows = select(Reminder).where(*_pending_to(client.clinic_id, client.id), Reminder.kind.in_(KINDS))
    for row in session.scalars(rows.order_by(Reminder.id).with_for_update()):
        reached = max(row.send_at, now)
        send_at = _outside_quiet(client, reached)
        if send_at != reached:
            row.moves = (write_move(now, row.send_at, reason) + (row.moves or ""))[:MOST_CHARACTERS]
            row.expires_at += send_at - row.send_at
            row.send_at = send_at


def withdraw(session: Session, plan: LoadedPlan, now: datetime, reason: str) -> None:
    """Withdraws what was said of a plan that has ended, where quiet hours still hold it."""
    session.execute(
        update(Reminder)
        .where(
            *_pending_to(plan.row.clinic_id, plan.row.client_id),
            Reminder.care_plan_id == plan.row.id,
            Reminder.kind.in_(OF_A_PLAN),
        )
        .values(state="withdrawn", reason=reason, settled_at=now, lease_token=None, leased_until=None)
        .execution_options(synchronize_session=False)
    )


def _pending_to(clinic_id: UUID, client_id: UUID) -> tuple[ColumnElement[bool], ...]:
    return (
        Reminder.clinic_id == clinic_id,
        Reminder.client_id == client_id,
        Reminder.recipient_kind == "client",
        Reminder.state == PENDING,
    )


def _outside_quiet(client: Client, at: datetime) -> datetime:
    quiet = QuietHours(client.quiet, ClientClock(ZoneHistory(client.zone))).around(at)
    return quiet.ends_at if quiet else at
