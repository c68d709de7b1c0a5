"""Clients who stopped answering: scheduled check-ins missed in a row, over all their plans. Reads only; used by the
services beside it. What follows from it is decided in `schedules/missed.py`."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from backend.services import loaded_plans
from backend.services.loaded_plans import LoadedPlan
from backend.services.plan_records import PlanRecord, Records, read_records
from schedules import (
    DayWindow,
    MissedRow,
    OccurrenceKind,
    ReminderFacts,
    ScheduledCheckIn,
    app_date,
    build_timeline,
    count_missed,
    stops_at,
)

MISSED_IN_A_ROW = 2  # DESIGN 4.2
LOOK_AHEAD_DAYS = 8
CHECK_INS: tuple[OccurrenceKind, ...] = ("check_in",)


def find_silence(session: Session, plan: LoadedPlan, now: datetime) -> MissedRow:
    """The present silence of the plan's client, over all plans that run."""
    plans = loaded_plans.load_active_plans(session, plan.row.clinic_id, plan.row.client_id)
    return find_missed_row(read_records(session, plans), now) if plans else MissedRow()


def find_missed_row(records: Records, now: datetime) -> MissedRow:
    """Check-ins missed in a row by the client of these plans. Whom no phone has joined cannot answer."""
    one = next(iter(records.values()))
    client = one.plan.client
    if client.joined_at is None:
        return MissedRow()
    words = (client.joined_at, client.resumed_at, one.last_answer_at)
    heard_at = max((word for word in words if word is not None and word <= now), default=min(_starts(records)))
    scheduled = [
        check_in
        for record in records.values()
        if record.plan.row.ended_at is None
        for check_in in _scheduled(record, record.answered, heard_at, now)
    ]
    return count_missed(scheduled, heard_at, now)


def next_moment(record: PlanRecord, facts: ReminderFacts, now: datetime, *, alone: bool) -> datetime | None:
    """When the client's silence has to be looked at again if nobody answers: the check-in closes that makes it two or
    more missed in a row, or the days have passed after which reminders stop. None: not within a week.

    `alone`: the client has no other plan whose check-ins would count as well.
    """
    closing = sorted(
        check_in.closes_at
        for check_in in _scheduled(record, facts.done_keys, now, now + timedelta(days=LOOK_AHEAD_DAYS))
        if not check_in.answered and check_in.closes_at > now
    )
    stop = stops_at(facts.missed_row)
    untold = MISSED_IN_A_ROW - 1 - facts.missed_row.missed if alone else 0  # closings that change nothing yet
    telling = closing[max(0, untold) :]
    return min((*telling, *([stop] if stop is not None and stop > now else [])), default=None)


def _starts(records: Records) -> Iterator[datetime]:
    return (record.plan.ended_at for record in records.values())


def _scheduled(
    record: PlanRecord, answered: frozenset[str], first: datetime, last: datetime
) -> Iterator[ScheduledCheckIn]:
    """The plan's check-ins of these days that are not optional."""
    plan = record.plan
    # one day before: what was open then; day 0 is where a plan begins
    days = DayWindow(plan.day_of(app_date(first, plan.row.zone)) - 1, plan.day_of(app_date(last, plan.row.zone)))
    timeline = build_timeline(plan.protocol, record.facts(last), plan.client.zone, days, kinds=CHECK_INS)
    for one in timeline.occurrences:
        if not one.optional:
            yield ScheduledCheckIn(one.window.due_at, one.window.closes_at, one.key in answered)
