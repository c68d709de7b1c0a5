"""Plans a care plan's reminders anew after any change of fact, by set difference, inside that change's transaction.

Desired rows come from the core; existing pending rows that are no longer desired are withdrawn, missing ones are
inserted, moved ones are moved. Running it twice changes nothing. Terminal rows are never touched: pending ones are
locked before they are compared, so that what a worker records meanwhile is seen and not written over.
"""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.ids import new_id
from backend.models import Reminder
from backend.models.reminders import PENDING, REST_LANE
from backend.services import plan_facts
from backend.services.plan_facts import LoadedPlan
from schedules import (
    AnchorName,
    ClientClock,
    DayWindow,
    Horizon,
    PlannedReminder,
    QuietHours,
    ReminderFacts,
    ReminderKind,
    ReminderPreferences,
    RunningTimer,
    Timeline,
    build_timeline,
    is_before_change,
    plan_date,
    plan_reminders,
    resolve_local,
)

HORIZON = timedelta(days=14)
EXTEND_WHEN_LEFT = timedelta(days=7)
ROUTINE = frozenset({"check_in_due", "check_in_open", "care_step", "mask_due", "one_tap", "merged"})
PLANNED_KINDS = ROUTINE | {"first_day", "mask_done", "check_again", "help_followup", "appointment"}
MOVES_ON_UNTIL: frozenset[AnchorName] = frozenset({"scabs_off", "skin_closed"})
FOLLOW_UP = "follow_up@"  # keys of what asks about a flag
SENT_OR_CARRIED = ("send", "merged")  # capped and quiet ones are not sent


@dataclass(frozen=True, slots=True)
class PlanDiff:
    """What a change did to the reminders: dedupe keys."""

    new: tuple[str, ...] = ()
    moved: tuple[str, ...] = ()
    withdrawn: tuple[str, ...] = ()
    unchanged: int = 0


@dataclass(slots=True)
class _Rows:
    pending: dict[str, Reminder] = field(default_factory=dict)
    out: list[Reminder] = field(default_factory=list)


def replan(session: Session, plan: LoadedPlan, now: datetime, reason: str) -> PlanDiff:
    """Brings the plan's pending reminders in line with its facts.

    `reason` is kept on rows that are withdrawn, unless what they ask for is done. A plan that has ended keeps the
    follow-ups of its open flags and is not extended.
    """
    rows = _stored(session, plan)
    facts = _reminder_facts(session, plan, rows, now)
    desired = _desired(plan, facts, rows, plan_facts.anchored_at(session, plan), now)
    withdrawn = [key for key, row in rows.pending.items() if key not in desired and row.expires_at > now]
    for key in withdrawn:
        row = rows.pending[key]
        _withdraw(row, now, "done" if row.occurrence_key in facts.done_keys else reason)
    session.flush()  # frees dedupe keys and carriers before rows are added
    new, moved = _write(session, plan, rows, desired, now)
    plan.row.planned_until = _reach(session, plan, now) if plan.row.ended_at is None else None
    session.flush()
    unchanged = len(rows.pending) - len(withdrawn) - len(moved)
    return PlanDiff(tuple(new), tuple(moved), tuple(withdrawn), unchanged)


def _reach(session: Session, plan: LoadedPlan, now: datetime) -> datetime:
    """Up to when the reminders stand. While an anchor is unknown, what goes on until then moves on with each day (rule
    9): such a plan is due for extension again at its next midnight, whether or not its client touches the phone."""
    known = plan_facts.anchors(session, plan)
    if known.keys() >= MOVES_ON_UNTIL:
        return now + HORIZON
    tomorrow = plan_date(now, plan.row.zone) + timedelta(days=1)
    return min(now + HORIZON, resolve_local(tomorrow, time(), plan.row.zone) + EXTEND_WHEN_LEFT)


def timeline_of(session: Session, plan: LoadedPlan, now: datetime, window: DayWindow | None = None) -> Timeline:
    """The plan's timeline from its present facts."""
    return build_timeline(plan.protocol, plan_facts.plan_facts(session, plan, now), plan.client.zone, window)


def collapse_id(plan_id: UUID, key: str) -> str:
    """The same at every try, tells nothing without the plan's id: 32 base64url characters."""
    return urlsafe_b64encode(hmac.new(plan_id.bytes, key.encode(), hashlib.sha256).digest()[:24]).decode()


def preferences_of(plan: LoadedPlan) -> ReminderPreferences:
    client = plan.client
    quiet = (client.quiet_from, client.quiet_until) if client.quiet_from and client.quiet_until else None
    return ReminderPreferences(quiet=quiet, help_may_break_quiet=client.help_may_break_quiet)


def _stored(session: Session, plan: LoadedPlan) -> _Rows:
    own = select(Reminder).where(
        Reminder.clinic_id == plan.row.clinic_id,
        Reminder.care_plan_id == plan.row.id,
        Reminder.recipient_kind == "client",
        Reminder.kind.in_(PLANNED_KINDS),
    )
    # the worker's order of locks: carriers and single rows by id, then what is carried
    by_turn = own.where(Reminder.state == PENDING).order_by(Reminder.carrier_id.is_not(None), Reminder.id)
    locked = by_turn.with_for_update().execution_options(populate_existing=True)
    rows = _Rows(pending={row.dedupe_key: row for row in session.scalars(locked)})
    # read after the lock: what was recorded while this waited for it is here
    rows.out.extend(session.scalars(own.where(Reminder.state.not_in((PENDING, "withdrawn")))))
    return rows


def _desired(
    plan: LoadedPlan, facts: ReminderFacts, rows: _Rows, anchored_at: Mapping[AnchorName, datetime], now: datetime
) -> dict[str, PlannedReminder]:
    """What should be pending now, by stored dedupe key. A row that is due but not yet sent stays desired, unless the
    plan was silenced since."""
    start = min((row.send_at for row in rows.pending.values()), default=now)
    horizon = Horizon(min(start, now), now + HORIZON)
    # two days before: what opened earlier can still be due; one after: zones east of the plan's
    window = DayWindow(plan.day_of(horizon.start.date()) - 2, plan.day_of(horizon.end.date()) + 1)
    timeline = build_timeline(plan.protocol, facts.plan, plan.client.zone, window)
    facts = replace(facts, done_keys=facts.done_keys | _too_late(plan, timeline, anchored_at))
    planned = plan_reminders(timeline, preferences_of(plan), facts, horizon)
    late = now if _is_silenced(facts) else horizon.start  # what fell due before it must not go out into the silence
    alive = [p for p in planned if p.outcome in SENT_OR_CARRIED and p.expires_at > now and _may_go(p, late)]
    wanted = {_stored_key(plan, p.dedupe_key): p for p in alive}
    return {key: p for key, p in wanted.items() if key in rows.pending or p.send_at >= now or p.kind == "first_day"}


def _is_silenced(facts: ReminderFacts) -> bool:
    """Whether nothing but follow-ups of flags may go out from now on (protocols rule 39)."""
    emergency = any(flag.urgency == "emergency" and flag.closed_at is None for flag in facts.plan.flags)
    return emergency or facts.plan.ended_at is not None


def _may_go(planned: PlannedReminder, late: datetime) -> bool:
    return planned.send_at >= late or (planned.occurrence or "").startswith(FOLLOW_UP)


def _too_late(plan: LoadedPlan, timeline: Timeline, anchored_at: Mapping[AnchorName, datetime]) -> frozenset[str]:
    """Occurrences that an anchor created before it was known itself: nothing is sent for them (rule 20)."""
    steps = plan.protocol.care_steps
    return frozenset(
        one.key
        for one in timeline.occurrences
        if one.step_id is not None
        and (at := anchored_at.get(steps[one.step_id].window.start.anchor)) is not None
        and is_before_change(one, at)
    )


def _stored_key(plan: LoadedPlan, key: str) -> str:
    return f"{plan.row.id.hex}:{key}"


def _reminder_facts(session: Session, plan: LoadedPlan, rows: _Rows, now: datetime) -> ReminderFacts:
    logs = plan_facts.step_logs(session, plan)
    settled = plan_facts.settled_keys(logs) | plan_facts.answered_keys(session, plan)
    running = {log.occurrence_key: log for log in logs if log.ends_at is not None}
    last = {log.occurrence_key: log.event for log in logs}
    timers = tuple(
        RunningTimer(key, log.ends_at)
        for key, log in running.items()
        if log.ends_at is not None and last[key] in ("started", "resumed")
    )
    levels = plan.protocol.shared.urgency_levels
    return ReminderFacts(
        plan=plan_facts.plan_facts(session, plan, now),
        follow_up_h={urgency: level.follow_up_h for urgency, level in levels.items()},
        watch_results=plan_facts.watch_results(session, plan),
        timers=timers,
        appointment_at=plan.row.next_treatment_at,
        done_keys=settled,
        sent=frozenset((row.kind, row.occurrence_key or "") for row in rows.out),
        routine_sent=tuple(row.send_at for row in rows.out if row.state == "sent" and row.kind in ROUTINE),
        joined_at=plan.client.joined_at,
    )


def _write(
    session: Session, plan: LoadedPlan, rows: _Rows, desired: Mapping[str, PlannedReminder], now: datetime
) -> tuple[list[str], list[str]]:
    """Inserts and moves, carriers first, so that a carried row can name its carrier."""
    new: list[str] = []
    moved: list[str] = []
    ids: dict[str, UUID] = {}
    for key, planned in _carriers_first(desired.items()):
        carrier_id = ids.get(_stored_key(plan, planned.carrier_key)) if planned.carrier_key else None
        row = rows.pending.get(key)
        if row is None:
            row = _row(plan, key, planned, carrier_id, now)
            session.add(row)
            new.append(key)
        elif _move(row, planned, carrier_id):
            moved.append(key)
        ids[key] = row.id
    return new, moved


def _carriers_first(items: Iterable[tuple[str, PlannedReminder]]) -> list[tuple[str, PlannedReminder]]:
    return sorted(items, key=lambda item: (item[1].carrier_key is not None, item[1].send_at, item[0]))


def _row(plan: LoadedPlan, key: str, planned: PlannedReminder, carrier_id: UUID | None, now: datetime) -> Reminder:
    return Reminder(
        clinic_id=plan.row.clinic_id,
        id=new_id(now),
        client_id=plan.row.client_id,
        care_plan_id=plan.row.id,
        recipient_kind="client",
        recipient_id=plan.row.client_id,
        kind=planned.kind,
        lane=REST_LANE,
        dedupe_key=key,
        collapse_id=collapse_id(plan.row.id, planned.dedupe_key),
        occurrence_key=planned.occurrence,
        carrier_id=carrier_id,
        state="planned",
        trail=planned.reason[:200],
        send_at=planned.send_at,
        expires_at=planned.expires_at,
        attempts=0,
        created_at=now,
    )


def _move(row: Reminder, planned: PlannedReminder, carrier_id: UUID | None) -> bool:
    """Moves a pending row; one that waits for its next try keeps the later time."""
    send_at = max(planned.send_at, row.send_at) if row.attempts else planned.send_at
    if (row.send_at, row.expires_at, row.carrier_id) == (send_at, planned.expires_at, carrier_id):
        return False
    row.send_at, row.expires_at, row.carrier_id = send_at, planned.expires_at, carrier_id
    row.trail = planned.reason[:200]
    return True


def _withdraw(row: Reminder, now: datetime, reason: str) -> None:
    row.state, row.reason, row.settled_at = "withdrawn", reason, now
    row.lease_token, row.leased_until, row.carrier_id = None, None, None


def send_now(session: Session, plan: LoadedPlan, kind: ReminderKind, key: str, now: datetime, reason: str) -> Reminder:
    """A push to the client that hangs on no occurrence: held in quiet hours, sent at once otherwise, good for a day."""
    quiet = QuietHours(preferences_of(plan).quiet, ClientClock(plan_facts.plan_facts(session, plan, now))).around(now)
    send_at = quiet.ends_at if quiet else now
    row = Reminder(
        clinic_id=plan.row.clinic_id,
        id=new_id(now),
        client_id=plan.row.client_id,
        care_plan_id=plan.row.id,
        recipient_kind="client",
        recipient_id=plan.row.client_id,
        kind=kind,
        lane=REST_LANE,
        dedupe_key=_stored_key(plan, key),
        collapse_id=collapse_id(plan.row.id, key),
        state="planned",
        trail=reason,
        send_at=send_at,
        expires_at=send_at + timedelta(days=1),
        attempts=0,
        created_at=now,
    )
    session.add(row)
    session.flush()
    return row
