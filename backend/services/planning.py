"""Plans a client's reminders anew after any change of fact, by set difference, inside that change's transaction.

Desired rows come from the core, for all plans of the client together: what falls together is one push and the daily cap
is one. Existing pending rows that are no longer desired are withdrawn, missing ones are inserted, moved ones are moved.
Running it twice changes nothing.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from backend.models import StepLog
from backend.services import fact_sql, loaded_plans, plan_records, reminder_rows, silence
from backend.services.carriers import renamed_carriers
from backend.services.loaded_plans import LoadedPlan
from backend.services.plan_records import PlanRecord, Records, Tap
from backend.services.planned_ahead import HORIZON, UNKNOWN_FOR_DAYS, find_reach
from backend.services.reminder_rows import RowOut, RowsDiff, StoredRows, ref_of
from schedules import (
    AnchorName,
    ClientNight,
    DayWindow,
    Horizon,
    MissedRow,
    PlannedReminder,
    ReminderFacts,
    ReminderPreferences,
    RunningTimer,
    Timeline,
    TimelineDiff,
    build_timeline,
    diff_timelines,
    is_before_change,
    place_late,
    plan_date,
    plan_reminders_together,
    resolve_local,
)

PAUSED_NOTICED_WITHIN = timedelta(days=1)  # as long as that message is worth sending
WHENEVER = datetime.max.replace(tzinfo=UTC)
DAYS_TOUCHED = timedelta(days=3)  # a date, the next one, and a day more: the client may live in another zone
FOLLOW_UP = "follow_up@"  # keys of what asks about a flag
SENT_OR_CARRIED = ("send", "merged")  # capped and quiet ones are not sent


@dataclass(frozen=True, slots=True)
class PlanDiff:
    """What a change did to the reminders (dedupe keys) and, where it was asked for, to the plan itself."""

    new: tuple[str, ...] = ()
    moved: tuple[str, ...] = ()
    withdrawn: tuple[str, ...] = ()
    unchanged: int = 0
    timeline: TimelineDiff | None = None


@dataclass(frozen=True, slots=True)
class _Company:
    """The client's plans that are planned together, with all that bears on their reminders."""

    plans: tuple[LoadedPlan, ...]
    records: Mapping[UUID, PlanRecord]
    facts: Mapping[UUID, ReminderFacts]
    missed_row: MissedRow

    @property
    def is_silenced(self) -> bool:
        """Whether nothing but follow-ups of flags may go out from now on (protocols rule 39), or reminders stopped."""
        flags = [flag for record in self.records.values() for flag in record.flags]
        emergency = any(flag.urgency == "emergency" and flag.closed_at is None for flag in flags)
        return emergency or self.missed_row.stopped_at is not None


def read_company(session: Session, plan: LoadedPlan) -> Records:
    """What is stored of all plans that are planned together with this one."""
    session.flush()
    return plan_records.read_records(session, loaded_plans.load_company(session, plan))


def replan(session: Session, plan: LoadedPlan, now: datetime, reason: str, records: Records | None = None) -> PlanDiff:
    """Brings the pending reminders of the plan's client in line with the facts of all the client's plans.

    `reason` is kept on rows that are withdrawn, unless what they ask for is done. A plan that has ended keeps the
    follow-ups of its open flags and is not extended. `records`: what `read_company` gave, if nothing has changed since.
    """
    records = read_company(session, plan) if records is None else records
    company, diff = _settle(session, records, now, WHENEVER, reason)
    alone = len(company.plans) == 1
    for plan_id, record in records.items():
        record.plan.row.planned_until = find_reach(record, company.facts[plan_id], now, alone=alone)
    session.flush()
    return PlanDiff(diff.new, diff.moved, diff.withdrawn, diff.unchanged)


def replan_day(session: Session, plan: LoadedPlan, day: int, now: datetime, reason: str) -> None:
    """The same after a change that only one plan day knows of, such as a tap on a step of it.

    Merging, quiet hours and the cap carry it no further than into the night before and the day after, so that nothing
    later is looked at, and the plans are extended when they would have been.
    """
    touched = max(plan.day_0 + timedelta(days=day), plan_date(now, plan.row.zone))
    until = resolve_local(touched + DAYS_TOUCHED, time(), plan.row.zone)
    _settle(session, read_company(session, plan), now, until, reason)


def _settle(
    session: Session, records: Records, now: datetime, until: datetime, reason: str
) -> tuple[_Company, RowsDiff]:
    """Makes what is pending up to `until` what should be."""
    plans = tuple(record.plan for record in records.values())
    rows = reminder_rows.read_rows(session, plans, now, until)
    company = _see_together(records, rows, now)
    desired = _desired(company, rows, now, until)
    done = {plan_id: facts.done_keys for plan_id, facts in company.facts.items()}
    return company, reminder_rows.settle_difference(session, plans, rows, desired, done, now, reason)


def bears_on_reminders(session: Session, plan: LoadedPlan, log: StepLog) -> bool:
    """Whether a tap can change what is planned: it starts a timer, takes something back, or its step has a reminder
    that is still to be sent. Most taps follow a reminder that has been sent, and what is done is not asked about again.
    """
    if log.event in ("undone", "resumed") or log.ends_at is not None:
        return True
    given = {"clinic_id": plan.row.clinic_id, "plan_ids": [plan.row.id], "key": log.occurrence_key}
    return bool(fact_sql.read(session, fact_sql.PENDING_OF_STEP, **given))


def timeline_of(session: Session, plan: LoadedPlan, now: datetime, window: DayWindow | None = None) -> Timeline:
    """The plan's timeline from its present facts."""
    return build_timeline(plan.protocol, plan_records.read_facts(session, plan, now), plan.client.zone, window)


def compare(session: Session, plan: LoadedPlan, before: Timeline, now: datetime) -> TimelineDiff:
    """What has become of the whole plan since `before`, a timeline of all its days."""
    record = plan_records.read_record(session, plan)
    after = build_timeline(plan.protocol, record.facts(now), plan.client.zone)
    return diff_timelines(before, after, record.settled, now)


def preferences_of(plan: LoadedPlan) -> ReminderPreferences:
    client = plan.client
    return ReminderPreferences(quiet=client.quiet, help_may_break_quiet=client.help_may_break_quiet)


def _desired(company: _Company, rows: StoredRows, now: datetime, until: datetime) -> dict[str, PlannedReminder]:
    """What should be pending now, by dedupe key. A row that is due but not yet sent stays desired, unless the client
    was silenced since, or its plan ended or paused."""
    horizon = _horizon(company, rows, now, until)
    parts = [_part(company, plan, horizon) for plan in company.plans]
    planned = plan_reminders_together(parts, preferences_of(company.plans[0]), horizon)
    silenced = frozenset(
        ref_of(plan) for plan in company.plans if company.is_silenced or _rests(company.records[plan.row.id], now)
    )
    possible = [each for each in planned if each.outcome in SENT_OR_CARRIED and each.expires_at > now]
    allowed = {each.dedupe_key for each in possible if _may_go(each, silenced, now)}
    due = allowed & rows.pending.keys()
    due |= renamed_carriers((each for each in possible if each.dedupe_key in due), rows.pending, now)
    return {
        each.dedupe_key: _outside_quiet(each, company.plans[0], now) if each.kind == "paused" else each
        for each in possible
        if each.dedupe_key in due
        or (each.dedupe_key in allowed and (each.send_at >= now or each.kind in ("first_day", "paused")))
    }


def _outside_quiet(planned: PlannedReminder, plan: LoadedPlan, now: datetime) -> PlannedReminder:
    """`paused`, noticed a moment after reminders stopped: quiet hours may have begun meanwhile (PROMISES T4)."""
    preferences = preferences_of(plan)
    night = ClientNight(plan.client.zone, preferences.quiet, preferences.help_may_break_quiet)
    send_at = place_late(planned.kind, planned.expires_at, now, night)
    return planned._replace(send_at=send_at) if planned.send_at < now < send_at else planned


def _horizon(company: _Company, rows: StoredRows, now: datetime, until: datetime) -> Horizon:
    """From the earliest row that is still pending. `paused` is due when reminders stop, and whoever notices that comes
    a moment later."""
    moments = [now, *(row.send_at for row in rows.pending.values())]
    stopped_at = company.missed_row.stopped_at
    if stopped_at is not None and stopped_at > now - PAUSED_NOTICED_WITHIN:
        moments.append(stopped_at)
    return Horizon(min(moments), min(until, now + HORIZON))


def _rests(record: PlanRecord, now: datetime) -> bool:
    """Whether the plan has ended or is in a pause: what fell due before must not go out into it."""
    paused = any(each.from_at <= now and (each.until_at is None or now < each.until_at) for each in record.pauses)
    return record.plan.row.ended_at is not None or paused


def _may_go(planned: PlannedReminder, silenced: frozenset[str], now: datetime) -> bool:
    late = planned.ref in silenced and planned.send_at < now
    return not late or planned.kind == "paused" or (planned.occurrence or "").startswith(FOLLOW_UP)


def _part(company: _Company, plan: LoadedPlan, horizon: Horizon) -> tuple[Timeline, ReminderFacts]:
    facts, record = company.facts[plan.row.id], company.records[plan.row.id]
    # two days before: what opened earlier can still be due; one after: zones east of the plan's
    window = DayWindow(plan.day_of(horizon.start.date()) - 2, plan.day_of(horizon.end.date()) + 1)
    timeline = build_timeline(plan.protocol, facts.plan, plan.client.zone, window)
    too_late = _too_late(plan, timeline, record.anchored_at)
    return timeline, replace(facts, done_keys=facts.done_keys | too_late)


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


def _see_together(records: Records, rows: StoredRows, now: datetime) -> _Company:
    missed_row = silence.find_missed_row(records, now)
    out: dict[UUID, list[RowOut]] = {}
    for row in rows.out:
        out.setdefault(row.care_plan_id, []).append(row)
    facts = {}
    for plan_id, record in records.items():
        plan, gone = record.plan, out.get(plan_id, ())
        levels = plan.protocol.shared.urgency_levels
        facts[plan_id] = ReminderFacts(
            plan=record.facts(now + timedelta(days=UNKNOWN_FOR_DAYS)),
            follow_up_h={urgency: level.follow_up_h for urgency, level in levels.items()},
            watch_results=record.watch_results,
            timers=tuple(_running_timers(record.taps)),
            appointment_at=plan.next_at,
            done_keys=record.settled,
            sent=frozenset((row.kind, row.occurrence_key or "") for row in gone),
            routine_sent=tuple(_routine_times(gone)),
            joined_at=plan.client.joined_at,
            ref=ref_of(plan),
            missed_row=missed_row,
        )
    return _Company(tuple(record.plan for record in records.values()), records, facts, missed_row)


def _routine_times(rows: Iterable[RowOut]) -> Iterator[datetime]:
    return (row.send_at for row in rows if row.state == "sent" and row.kind in fact_sql.ROUTINE)


def _running_timers(taps: Sequence[Tap]) -> Iterator[RunningTimer]:
    last = {tap.occurrence_key: tap.event for tap in taps}
    ends = {tap.occurrence_key: tap.ends_at for tap in taps if tap.ends_at is not None}
    for key, ends_at in ends.items():
        if last[key] in ("started", "resumed"):
            yield RunningTimer(key, ends_at)
