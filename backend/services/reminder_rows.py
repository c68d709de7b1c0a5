"""The stored reminders of a client's plans: what is pending, what went out, and the set difference to what is wanted.

Pending rows are locked before they are compared, so that what a worker records meanwhile is seen and not written over.
Terminal rows are never touched.
"""

import hashlib
import hmac
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from backend.ids import new_id
from backend.models import Reminder
from backend.models.reminders import PENDING, REST_LANE
from backend.services import fact_sql, resending
from backend.services.carriers import ON_ITS_WAY, PendingRow, keep_carriers
from backend.services.loaded_plans import LoadedPlan
from backend.services.moves import write_move
from schedules import PlannedReminder

REMEMBERED = timedelta(days=5)  # a routine reminder's window is shorter, travel included


@dataclass(frozen=True, slots=True)
class RowOut:
    """A row that has left: sent, merged, expired, unreachable or failed."""

    care_plan_id: UUID
    kind: str
    occurrence_key: str | None
    send_at: datetime
    state: str


@dataclass(frozen=True, slots=True)
class StoredRows:
    """`pending` by dedupe key; `repeats`: second sendings that are still to go (`services/resending.py`)."""

    pending: dict[str, PendingRow]
    repeats: tuple[PendingRow, ...]
    out: tuple[RowOut, ...]


@dataclass(frozen=True, slots=True)
class RowsDiff:
    """Dedupe keys by what became of them; `unchanged` counts."""

    new: tuple[str, ...] = ()
    moved: tuple[str, ...] = ()
    withdrawn: tuple[str, ...] = ()
    unchanged: int = 0


def ref_of(plan: LoadedPlan) -> str:
    """What leads the dedupe keys of a plan."""
    return f"{plan.row.id.hex}:"


def collapse_id(plan_id: UUID, key: str) -> str:
    """The same at every try, tells nothing without the plan's id: 32 hex digits, which spell no word by chance."""
    return hmac.new(plan_id.bytes, key.encode(), hashlib.sha256).hexdigest()[:32]


def read_rows(session: Session, plans: Sequence[LoadedPlan], now: datetime, until: datetime) -> StoredRows:
    """The rows of some plans of one client; the pending ones up to `until`, locked. What was routine and left days
    before anything that may still be planned is not read."""
    given: dict[str, Any] = {"clinic_id": plans[0].row.clinic_id, "plan_ids": [plan.row.id for plan in plans]}
    found = [PendingRow(*row) for row in fact_sql.read(session, fact_sql.PENDING_ROWS, **given, until=until)]
    pending = {row.dedupe_key: row for row in found if row.resend_of is None}
    repeats = tuple(row for row in found if row.resend_of is not None)
    # read after the lock: what was recorded while this waited for it is here
    since = min((row.send_at for row in pending.values()), default=now) - REMEMBERED
    given["since"] = min(since, now - REMEMBERED)
    return StoredRows(
        pending, repeats, tuple(RowOut(*row) for row in fact_sql.read(session, fact_sql.ROWS_OUT, **given))
    )


def settle_difference(
    session: Session,
    plans: Sequence[LoadedPlan],
    rows: StoredRows,
    desired: Mapping[str, PlannedReminder],
    done: Mapping[UUID, frozenset[str]],
    now: datetime,
    reason: str,
) -> RowsDiff:
    """Withdraws what is no longer wanted, inserts what is missing, moves what has another time.

    `done`: settled occurrences by plan; their rows are withdrawn as done, all others with `reason`. Carriers that may
    have left, or were made after an outage, stay while they are wanted, and so do second sendings.
    """
    clinic_id = plans[0].row.clinic_id
    desired = keep_carriers(rows.pending, desired, now)
    withdrawn = [key for key, row in rows.pending.items() if key not in desired and row.expires_at > now]
    unwanted = [row for row in rows.repeats if not resending.is_wanted(session, clinic_id, row.id)]
    gone = []
    for row in (*(rows.pending[key] for key in withdrawn), *unwanted):
        why = "done" if row.occurrence_key in done.get(row.care_plan_id, ()) else reason
        gone.append({"of_clinic": clinic_id, "of_id": row.id, "why": why, "now": now})
    new, moved = _place(plans, rows.pending, desired, now, reason)
    # withdrawn ones first: that frees their dedupe keys
    for statement, each in (
        (fact_sql.WITHDRAW, gone),
        (fact_sql.ADD, [*new.values()]),
        (fact_sql.MOVE, [*moved.values()]),
    ):
        if each:
            fact_sql.write(session, statement, each)
    unchanged = len(rows.pending) - len(withdrawn) - len(moved)
    return RowsDiff(tuple(new), tuple(moved), tuple(withdrawn), unchanged)


def _place(
    plans: Sequence[LoadedPlan],
    pending: Mapping[str, PendingRow],
    desired: Mapping[str, PlannedReminder],
    now: datetime,
    reason: str,
) -> tuple[dict[str, dict[str, Any]], dict[str, dict[str, Any]]]:
    """The columns of rows that are missing, and what moves those that have another time, each by dedupe key."""
    by_ref = {ref_of(plan): plan for plan in plans}
    new: dict[str, dict[str, Any]] = {}
    moved: dict[str, dict[str, Any]] = {}
    ids: dict[str, UUID] = {}
    for key, planned in _carriers_first(desired.items()):
        carrier_id = ids.get(planned.carrier_key) if planned.carrier_key else None
        stored = pending.get(key)
        if stored is None:
            new[key] = row_values(by_ref[planned.ref], planned, carrier_id, now)
            ids[key] = new[key]["id"]
            continue
        ids[key] = stored.id
        move = _move(stored, planned, carrier_id, now, reason)
        if move is not None:
            moved[key] = {"of_clinic": plans[0].row.clinic_id, "of_id": stored.id, **move}
    return new, moved


def _carriers_first(items: Iterable[tuple[str, PlannedReminder]]) -> list[tuple[str, PlannedReminder]]:
    """So that a carried row can name its carrier."""
    return sorted(items, key=lambda item: (item[1].carrier_key is not None, item[1].send_at, item[0]))


def build_row(plan: LoadedPlan, planned: PlannedReminder, carrier_id: UUID | None, now: datetime) -> Reminder:
    """A pending row to the client of a plan."""
    return Reminder(**row_values(plan, planned, carrier_id, now))


def row_values(plan: LoadedPlan, planned: PlannedReminder, carrier_id: UUID | None, now: datetime) -> dict[str, Any]:
    """Its columns."""
    return {
        "clinic_id": plan.row.clinic_id,
        "id": new_id(now),
        "client_id": plan.row.client_id,
        "care_plan_id": plan.row.id,
        "recipient_kind": "client",
        "recipient_id": plan.row.client_id,
        "kind": planned.kind,
        "lane": REST_LANE,
        "dedupe_key": planned.dedupe_key,
        "collapse_id": collapse_id(plan.row.id, planned.dedupe_key.removeprefix(ref_of(plan))),
        "occurrence_key": planned.occurrence,
        "carrier_id": carrier_id,
        "state": PENDING,
        "trail": planned.reason[:200],
        "by_mail": planned.by_mail,
        "send_at": planned.send_at,
        "expires_at": planned.expires_at,
        "attempts": 0,
        "created_at": now,
    }


def _move(
    row: PendingRow, planned: PlannedReminder, carrier_id: UUID | None, now: datetime, reason: str
) -> dict[str, Any] | None:
    """What moves a pending row; None: it stays. One that waits for its next try keeps the later time."""
    send_at = max(planned.send_at, row.send_at) if row.attempts else planned.send_at
    wanted = (send_at, planned.expires_at, carrier_id, planned.by_mail)
    noted = planned.reason.startswith(ON_ITS_WAY) and not (row.trail or "").startswith(ON_ITS_WAY)
    if (row.send_at, row.expires_at, row.carrier_id, row.by_mail) == wanted and not noted:
        return None
    return {
        "to_send_at": send_at,
        "to_expires_at": planned.expires_at,
        "to_carrier_id": carrier_id,
        "to_by_mail": planned.by_mail,
        "to_trail": planned.reason[:200],
        "move": write_move(now, row.send_at, reason) if send_at != row.send_at else "",
    }
