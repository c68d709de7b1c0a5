"""Sends a high-value push again once, when no device has confirmed it (DESIGN section 7; the rule: `schedules/resend`).

The second sending is a row of its own under the same collapse id, so that the phone shows one notification, the first
row keeps its terminal state and the conservation law counts both. What has been done, seen or closed meanwhile is not
repeated. A push that was carried by another one is repeated alone, under its carrier's collapse id.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, func, literal_column, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased

from backend import prepared
from backend.db import StaffScope, transaction, work
from backend.ids import new_id
from backend.models import Client, DeliveryAttempt, Flag, Reminder, StepLog
from schedules import may_resend, resend_after

KINDS = ("act_now", "help_followup", "mask_done")  # also in the condition of the index ix_reminder_unconfirmed
LOOK_BACK = timedelta(days=1)  # what is older is past its window, or its ladder has gone on
LIMIT = 500
RUNS_ON = ("started", "resumed")
_WAITS = {kind: after for kind in KINDS if (after := resend_after(kind)) is not None}

_Again = aliased(Reminder)
_Carrier = aliased(Reminder)


@dataclass(frozen=True, slots=True)
class _Unconfirmed:
    """A push that left and was not confirmed. `collapse_id`: of what the phone was shown."""

    clinic_id: UUID
    id: UUID
    collapse_id: str


def resend_unconfirmed(*, now: datetime) -> int:
    """Plan the second sending of every push that has waited long enough for a word of its phone; gives how many."""
    by_clinic: dict[UUID, list[_Unconfirmed]] = {}
    for each in _list_unconfirmed(now):
        by_clinic.setdefault(each.clinic_id, []).append(each)
    return sum(_resend(clinic_id, rows, now) for clinic_id, rows in by_clinic.items())


def _list_unconfirmed(now: datetime) -> list[_Unconfirmed]:
    """Those that may go out at this moment: a client's quiet hours hold back the second sending too."""
    given = {"now": now, "looked_back_to": now - LOOK_BACK}
    given |= {_before(kind): now - after for kind, after in _WAITS.items()}
    with work(write=False) as connection:
        rows = prepared.read(connection, UNCONFIRMED, given)
    found = []
    for row in rows:
        quiet = (row.quiet_from, row.quiet_until) if row.quiet_from and row.quiet_until else None
        free = row.recipient_kind != "client" or may_resend(
            row.kind, now, row.zone, quiet, help_may_break_quiet=row.help_may_break_quiet
        )
        if free and resend_after(row.kind, row.rung) is not None:
            found.append(_Unconfirmed(row.clinic_id, row.id, row.collapse_id))
    return found


def _before(kind: str) -> str:
    return f"{kind}_before"


def _write_unconfirmed() -> Select[*tuple[Any, ...]]:
    """What left long enough ago and was neither confirmed nor repeated, with the client's quiet hours."""
    waited = (and_(Reminder.kind == kind, Reminder.settled_at <= bindparam(_before(kind))) for kind in _WAITS)
    again = exists().where(
        _Again.clinic_id == Reminder.clinic_id,
        _Again.client_id == Reminder.client_id,  # so that the index of a client's reminders finds it
        _Again.resend_of == Reminder.id,
    )
    return (
        select(
            Reminder.clinic_id,
            Reminder.id,
            Reminder.kind,
            Reminder.rung,
            func.coalesce(_Carrier.collapse_id, Reminder.collapse_id).label("collapse_id"),
            Reminder.recipient_kind,
            Client.zone,
            Client.quiet_from,
            Client.quiet_until,
            Client.help_may_break_quiet,
        )
        .outerjoin(_Carrier, and_(_Carrier.clinic_id == Reminder.clinic_id, _Carrier.id == Reminder.carrier_id))
        .outerjoin(Client, and_(Client.clinic_id == Reminder.clinic_id, Client.id == Reminder.client_id))
        .where(
            *_left_unconfirmed(),
            Reminder.settled_at > bindparam("looked_back_to"),
            Reminder.expires_at > bindparam("now"),
            or_(*waited),
            _was_pushed(),
            ~again,
        )
        .order_by(Reminder.kind == "help_followup", Reminder.settled_at)  # what quiet hours may hold, last
        .limit(LIMIT)
    )


def _left_unconfirmed() -> tuple[ColumnElement[bool], ...]:
    """The first three as the index says them, to the letter: SQLite would read the whole table else."""
    return (
        Reminder.shown_at.is_(None),
        Reminder.state.in_([literal_column(f"'{state}'") for state in ("sent", "merged")]),
        Reminder.kind.in_([literal_column(f"'{kind}'") for kind in KINDS]),
        Reminder.resend_of.is_(None),
        or_(Reminder.state == "sent", and_(_Carrier.state == "sent", _Carrier.shown_at.is_(None))),
    )


def _was_pushed() -> ColumnElement[bool]:
    """A provider took it for a device; nothing confirms a mail."""
    return exists().where(
        DeliveryAttempt.clinic_id == Reminder.clinic_id,
        DeliveryAttempt.reminder_id == func.coalesce(_Carrier.id, Reminder.id),
        DeliveryAttempt.outcome == "accepted",
        DeliveryAttempt.channel != "mail",
    )


def _resend(clinic_id: UUID, rows: Sequence[_Unconfirmed], now: datetime) -> int:
    made = 0
    with transaction(StaffScope(clinic_id)) as session:
        for each in rows:
            first = session.get_one(Reminder, (clinic_id, each.id))
            if not _is_wanted(session, first):
                continue
            try:
                with session.begin_nested():
                    session.add(_build_second(first, each.collapse_id, now))
            except IntegrityError:  # another worker did it at the same moment
                continue
            made += 1
    return made


def is_wanted(session: Session, clinic_id: UUID, reminder_id: UUID) -> bool:
    """Whether what a push of one of these kinds says still waits to be done, seen or closed."""
    return _is_wanted(session, session.get_one(Reminder, (clinic_id, reminder_id)))


def _is_wanted(session: Session, first: Reminder) -> bool:
    own = (Flag.clinic_id == first.clinic_id, Flag.closed_at.is_(None))
    match first.kind:
        case "act_now":
            unseen = select(Flag.id).where(*own, Flag.id == first.flag_id, Flag.acknowledged_at.is_(None))
            return session.scalar(unseen) is not None
        case "help_followup":
            opened = select(Flag.id).where(*own, Flag.care_plan_id == first.care_plan_id, Flag.level != "watch")
            return session.scalar(opened.limit(1)) is not None
        case _:
            last = (
                select(StepLog.event)
                .where(
                    StepLog.clinic_id == first.clinic_id,
                    StepLog.care_plan_id == first.care_plan_id,
                    StepLog.occurrence_key == first.occurrence_key,
                )
                .order_by(StepLog.at.desc(), StepLog.received_at.desc(), StepLog.id.desc())
                .limit(1)
            )
            return session.scalar(last) in RUNS_ON


def _build_second(first: Reminder, collapse_id: str, now: datetime) -> Reminder:
    return Reminder(
        clinic_id=first.clinic_id,
        id=new_id(now),
        client_id=first.client_id,
        care_plan_id=first.care_plan_id,
        flag_id=first.flag_id,
        recipient_kind=first.recipient_kind,
        recipient_id=first.recipient_id,
        kind=first.kind,
        lane=first.lane,
        rung=first.rung,
        dedupe_key=f"{first.dedupe_key}:again",
        collapse_id=collapse_id,
        occurrence_key=first.occurrence_key,
        resend_of=first.id,
        state="planned",
        trail="no device has confirmed the first one: sent again once",
        send_at=now,
        expires_at=first.expires_at,
        attempts=0,
        created_at=now,
    )


UNCONFIRMED = _write_unconfirmed()
