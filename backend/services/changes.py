"""What every change of a plan's facts ends with: reminders planned anew, the diff, its place in the audit, a word to
the client. Used by the services beside it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from backend.db import ClientScope, StaffScope
from backend.models import Client
from backend.services import audit, news, plan_facts, planning
from backend.services.loaded_plans import LoadedPlan
from backend.services.planning import PlanDiff
from schedules import MovedStep, Stretch, Timeline, TimelineDiff

MOST_KEYS = 40  # of one kind in one audit entry; the counts are always whole


def touch(plan: LoadedPlan, now: datetime) -> None:
    """What the phone keeps of the plan is no longer the newest."""
    plan.row.facts_version += 1
    plan.row.facts_changed_at = now


def replan_client(session: Session, client: Client, now: datetime, reason: str) -> None:
    """Every active plan of a client anew, and what the clinic has to say: their wishes or their zone changed."""
    plans = plan_facts.load_active_plans(session, client.clinic_id, client.id, lock=True)
    for plan in plans:
        touch(plan, now)
    if plans:
        session.flush()
        planning.replan(session, plans[0], now, reason)
    news.hold(session, client, now, reason)


def keep(
    session: Session,
    scope: StaffScope | ClientScope,
    plan: LoadedPlan,
    before: Timeline,
    act: str,
    details: Mapping[str, Any],
    now: datetime,
    *,
    reason: str = "superseded",
    tell: bool | None = None,
) -> PlanDiff:
    """Plans anew after a change and keeps what it did.

    `before`: the whole timeline without the change. `tell`: whether the client gets `plan_changed` (DESIGN section 7);
    None: where a practitioner changed what is to come.
    """
    touch(plan, now)
    session.flush()
    reminders = planning.replan(session, plan, now, reason)
    timeline = planning.compare(session, plan, before, now)
    if tell is None:
        tell = isinstance(scope, StaffScope) and not timeline.is_empty
    if tell:
        news.send(session, plan, "plan_changed", f"plan_changed:{plan.row.facts_version}", now, act)
    audit.record_of_plan(session, scope, plan.row, act, now, {**details, "diff": describe(timeline)})
    return PlanDiff(reminders.new, reminders.moved, reminders.withdrawn, reminders.unchanged, timeline)


def describe(diff: TimelineDiff) -> dict[str, Any]:
    """A diff as plain values: every moved step by name, single occurrences by key."""
    return {
        "steps": [_describe_step(step) for step in diff.steps],
        "moved": [[one.key, _shown(one.from_local), _shown(one.to_local)] for one in diff.moved[:MOST_KEYS]],
        "new": [one.key for one in diff.new[:MOST_KEYS]],
        "withdrawn": [one.key for one in diff.withdrawn[:MOST_KEYS]],
        "counts": {
            "moved": len(diff.moved),
            "new": len(diff.new),
            "withdrawn": len(diff.withdrawn),
            "unchanged": diff.unchanged,
        },
    }


def _describe_step(step: MovedStep) -> dict[str, Any]:
    return {"step": step.step_id, "before": _describe_stretch(step.before), "after": _describe_stretch(step.after)}


def _describe_stretch(stretch: Stretch | None) -> list[str] | None:
    if stretch is None:
        return None
    shown = [_shown(stretch.first), _shown(stretch.last)]
    return [*shown, "forecast"] if stretch.forecast else shown


def _shown(local: datetime) -> str:
    return local.isoformat(timespec="minutes")
