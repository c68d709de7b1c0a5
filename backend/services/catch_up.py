"""After an outage: what is late for a client becomes one push (PROMISES P6). What to merge and when to send is decided
in `schedules/lateness.py`.

The worker passes every claim of the rest lane through `gather_late` before it sends. So nothing late is sent that was
not looked at, however many workers catch up: the first to look at a client locks and takes all that is due to that
client, also what another worker has claimed: that one comes to look at it too before it sends, waits, and finds it
taken. A row that was looked at and may go alone says so in its `reason`.

A row that was tried is never merged: it may have arrived, and must keep its collapse id.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Table, and_, bindparam, func, select, update
from sqlalchemy.orm import Session

from backend.db import StaffScope, transaction
from backend.ids import new_id
from backend.models import Client, Reminder
from backend.models.reminders import PENDING, REST_LANE
from backend.services.carriers import CAUGHT_UP
from backend.services.delivery_results import CHANNEL_STOPPED, Claim
from backend.services.fact_sql import ADD
from backend.services.reminder_rows import collapse_id
from schedules import MERGED_WHEN_LATE, ClientNight, ReminderKind, is_late, place_late

LOOKED_AT = "late, sent alone"
LOOK_BACK = timedelta(days=7)  # no window of a reminder to a client is longer
# What another worker claimed in time may be in its sender's hands until its lease and its time-outs are over.
SURELY_LATE_AFTER = timedelta(minutes=5)
TRAIL_LIMIT = 200  # the column's
Key = tuple[UUID, UUID]

# Plain tables, so that many rows are one call; each statement names its clinic itself.
_table = cast(Table, Reminder.__table__)
_row = _table.c
_noted = func.substr(func.coalesce(_row.trail, "") + bindparam("note"), 1, TRAIL_LIMIT)
_pending = (_row.clinic_id == bindparam("of_clinic"), _row.state == PENDING)
HANG = (
    update(_table)
    .where(*_pending, _row.id == bindparam("of_id"))
    .values(carrier_id=bindparam("to_carrier_id"), trail=_noted, reason=None, lease_token=None, leased_until=None)
)
PASS_ON = (  # what an earlier carrier carried
    update(_table)
    .where(*_pending, _row.carrier_id == bindparam("of_id"))
    .values(carrier_id=bindparam("to_carrier_id"), trail=_noted)
)


@dataclass(frozen=True, slots=True)
class _Due:
    """A due row of a client, as far as catching up looks at it."""

    id: UUID
    client_id: UUID
    care_plan_id: UUID | None
    kind: ReminderKind
    send_at: datetime
    expires_at: datetime
    attempts: int
    by_mail: bool
    reason: str | None
    lease_token: UUID | None

    @property
    def waited(self) -> bool:
        return self.reason == CHANNEL_STOPPED and not self.attempts

    @property
    def can_be_merged(self) -> bool:
        return self.kind in MERGED_WHEN_LATE and not self.attempts


def gather_late(claims: Sequence[Claim], *, now: datetime, rate: float = 1.0) -> tuple[Claim, ...]:
    """Merge what is late with all else that is due to the same client; gives the claims that may be sent as they are.

    The others now hang on a carrier, or wait for the end of quiet hours. In one transaction a clinic; run again, or by
    two workers at once, it changes nothing more. `rate`: the Clock's; an outage is counted in real time.
    """
    clock = _Lateness(now, max(rate, 1.0))
    late = [each for each in claims if each.recipient_kind == "client" and clock.is_late(each)]
    if not late:
        return tuple(claims)
    taken: set[Key] = set()
    for clinic_id in sorted({each.clinic_id for each in late}):
        of_clinic = [each for each in late if each.clinic_id == clinic_id]
        tokens = frozenset(each.token for each in of_clinic)
        with transaction(StaffScope(clinic_id)) as session:
            found = _Clinic(session, clinic_id, tokens, clock).gather({each.recipient_id for each in of_clinic})
            taken |= {(clinic_id, each) for each in found}
    return tuple(each for each in claims if each.key not in taken)


@dataclass(frozen=True, slots=True)
class _Lateness:
    now: datetime
    rate: float

    def is_late(self, row: _Due | Claim, margin: timedelta = timedelta()) -> bool:
        overdue = (self.now - row.send_at) / self.rate - margin
        return is_late(cast(ReminderKind, row.kind), overdue, waited=row.waited)


class _Clinic:
    """Catches up for some clients of one clinic, in the caller's transaction."""

    def __init__(self, session: Session, clinic_id: UUID, tokens: frozenset[UUID], clock: _Lateness) -> None:
        self._session = session
        self._clinic_id = clinic_id
        self._tokens = tokens
        self._clock = clock
        self._now = clock.now
        self._carriers: list[dict[str, Any]] = []
        self._hung: list[dict[str, Any]] = []
        self._passed_on: list[dict[str, Any]] = []

    def gather(self, client_ids: Iterable[UUID]) -> set[UUID]:
        """Give the ids of rows that are no longer to be sent by whoever claimed them."""
        wanted = sorted(client_ids)
        nights = self._read_nights(wanted)
        due: dict[UUID, list[_Due]] = {}
        for row in self._read_due(wanted):
            if self._is_free(row):
                due.setdefault(row.client_id, []).append(row)
        taken: set[UUID] = set()
        alone: set[UUID] = set()
        for client_id, rows in due.items():
            merged = self._find_merged(rows)
            if merged:
                self._merge(merged, nights[client_id])
                taken |= {row.id for row in merged}
            for row in rows:
                if row.id not in taken and self._clock.is_late(row):
                    (taken if self._hold_back(row, nights[client_id]) else alone).add(row.id)
        self._write()
        if alone:
            ours = Reminder.lease_token.in_(self._tokens)
            self._change_where(and_(Reminder.id.in_(alone), ours), reason=LOOKED_AT)
        return taken

    def _hold_back(self, row: _Due, night: ClientNight) -> bool:
        """Let a row that goes alone wait for the end of quiet hours; False outside them."""
        send_at = place_late(row.kind, row.expires_at, self._now, night)
        if send_at > self._now:
            self._change([row.id], send_at=send_at, lease_token=None, leased_until=None)
        return send_at > self._now

    def _is_free(self, row: _Due) -> bool:
        """Whether nobody may be sending it at this moment."""
        if row.lease_token is None or row.lease_token in self._tokens:
            return True
        return row.reason != LOOKED_AT and self._clock.is_late(row, SURELY_LATE_AFTER)

    def _find_merged(self, rows: Sequence[_Due]) -> list[_Due]:
        merged = [row for row in rows if row.can_be_merged]
        return merged if len(merged) > 1 and any(self._clock.is_late(row) for row in merged) else []

    def _merge(self, rows: Sequence[_Due], night: ClientNight) -> None:
        """Hang the rows, and what those among them that are carriers carry, on a new carrier."""
        client_id, carrier_id = rows[0].client_id, new_id(self._now)
        plan_id = next((row.care_plan_id for row in rows if row.care_plan_id), None)
        expires_at = max(row.expires_at for row in rows)
        key = f"{CAUGHT_UP}{carrier_id.hex}"
        carrier = {
            "clinic_id": self._clinic_id,
            "id": carrier_id,
            "client_id": client_id,
            "care_plan_id": plan_id,
            "recipient_kind": "client",
            "recipient_id": client_id,
            "kind": "merged",
            "lane": REST_LANE,
            "dedupe_key": key,
            "collapse_id": collapse_id(plan_id or client_id, key),
            "state": PENDING,
            "trail": f"carries {len(rows)} messages that were late",
            "by_mail": any(row.by_mail for row in rows),
            "send_at": place_late("merged", expires_at, self._now, night),
            "expires_at": expires_at,
            "attempts": 0,
            "created_at": self._now,
        }
        self._carriers.append(carrier)
        others = len(rows) - 1
        note = f"; late, merged with {others} other{'s' if others > 1 else ''}"
        for row in rows:
            hung = {"of_clinic": self._clinic_id, "of_id": row.id, "to_carrier_id": carrier_id, "note": note}
            self._hung.append(hung)
            if row.kind == "merged":
                self._passed_on.append(hung)

    def _write(self) -> None:
        """All at once: the fewer statements, the sooner other writers have their turn (SQLite has one)."""
        connection = self._session.connection()
        for statement, rows in ((ADD, self._carriers), (HANG, self._hung), (PASS_ON, self._passed_on)):
            if rows:
                connection.execute(statement, rows)

    def _change(self, ids: Sequence[UUID], **values: Any) -> None:
        self._change_where(Reminder.id.in_(ids), **values)

    def _change_where(self, which: ColumnElement[bool], **values: Any) -> None:
        self._session.execute(
            update(Reminder)
            .where(Reminder.clinic_id == self._clinic_id, which, Reminder.state == PENDING)
            .values(**values)
            .execution_options(synchronize_session=False)
        )

    def _read_nights(self, client_ids: Sequence[UUID]) -> Mapping[UUID, ClientNight]:
        rows = self._session.execute(
            select(Client.id, Client.zone, Client.quiet_from, Client.quiet_until, Client.help_may_break_quiet).where(
                Client.clinic_id == self._clinic_id, Client.id.in_(client_ids)
            )
        )
        return {
            row.id: ClientNight(
                row.zone,
                (row.quiet_from, row.quiet_until) if row.quiet_from and row.quiet_until else None,
                row.help_may_break_quiet,
            )
            for row in rows
        }

    def _read_due(self, client_ids: Sequence[UUID]) -> Sequence[_Due]:
        rows: Sequence[Any] = self._session.execute(
            select(
                Reminder.id,
                Reminder.client_id,
                Reminder.care_plan_id,
                Reminder.kind,
                Reminder.send_at,
                Reminder.expires_at,
                Reminder.attempts,
                Reminder.by_mail,
                Reminder.reason,
                Reminder.lease_token,
            )
            .where(
                Reminder.clinic_id == self._clinic_id,
                Reminder.client_id.in_(client_ids),
                Reminder.recipient_kind == "client",
                Reminder.lane == REST_LANE,
                Reminder.state == PENDING,
                Reminder.carrier_id.is_(None),
                Reminder.send_at <= self._now,
                Reminder.send_at > self._now - LOOK_BACK,
                Reminder.expires_at > self._now,
            )
            .order_by(Reminder.id)  # the order of locks of all who settle or plan reminders; workers take turns here
            .with_for_update()
        ).all()
        return tuple(_Due(*row) for row in rows)
