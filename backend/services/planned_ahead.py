"""How far ahead reminders are planned, and when a plan must be planned on."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from backend.services import silence
from backend.services.loaded_plans import LoadedPlan
from backend.services.plan_records import PlanRecord
from schedules import AnchorName, ReminderFacts, plan_date, resolve_local

HORIZON = timedelta(days=7)
EXTEND_WHEN_LEFT = timedelta(days=3)
UNKNOWN_FOR_DAYS = 5  # so far ahead an anchor that is unknown is taken to stay so
MOVES_ON_UNTIL: frozenset[AnchorName] = frozenset({"scabs_off", "skin_closed"})


def find_reach(record: PlanRecord, facts: ReminderFacts, now: datetime, *, alone: bool) -> datetime | None:
    """Up to when the reminders stand: EXTEND_WHEN_LEFT after the moment at which they must be planned anew; None for a
    plan that has ended. `alone`: the client has no other plan.

    While an anchor is unknown, what goes on until then moves on with each day once its plan days are over (rule 9). It
    is planned UNKNOWN_FOR_DAYS ahead, as if nobody said anything until then; that moment is a day before they end,
    whether or not the client touches the phone. A check-in that closes unanswered can be one as well.
    """
    plan = record.plan
    if plan.row.ended_at is not None:
        return None
    moments = [now + HORIZON - EXTEND_WHEN_LEFT]
    moves_on_from = _moves_on_from(plan, record.anchors)
    if moves_on_from is not None:
        planned_to = plan_date(now, plan.row.zone) + timedelta(days=UNKNOWN_FOR_DAYS)
        moments.append(resolve_local(max(planned_to, moves_on_from), time(), plan.row.zone))
    moment = silence.next_moment(record, facts, now, alone=alone)
    if moment is not None:
        moments.append(moment)
    return min(moments) + EXTEND_WHEN_LEFT


def _moves_on_from(plan: LoadedPlan, anchors: Mapping[AnchorName, date]) -> date | None:
    """The first date from which on windows move on with today; None: every anchor that one ends with is known."""
    days = [
        step.window.plan_days[1]
        for step in plan.protocol.care_steps.values()
        if step.window.end.anchor in MOVES_ON_UNTIL and step.window.end.anchor not in anchors
    ]
    return plan.day_0 + timedelta(days=min(days)) if days else None
