"""Clients who stopped answering: scheduled check-ins missed in a row. Reads only; used by the services beside it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.models import CheckIn
from backend.services import timelines
from backend.services.plan_facts import LoadedPlan
from schedules import DayWindow, app_date

MISSED_IN_A_ROW = 2  # DESIGN 4.2
LOOK_BACK = 4  # scheduled check-ins
FRESH = timedelta(hours=24)  # who answered within a day has missed no two in a row


@dataclass(frozen=True, slots=True)
class Silence:
    """`missed`: scheduled, not optional check-ins missed in a row, at most LOOK_BACK; `since`: when the last that made
    it a silence closed."""

    missed: int
    since: datetime


def find_silence(session: Session, plan: LoadedPlan, now: datetime) -> Silence | None:
    """The client's present silence on one plan; None where the last scheduled check-in was answered or is open."""
    answered_at = session.scalar(
        select(func.max(CheckIn.answered_at)).where(
            CheckIn.clinic_id == plan.row.clinic_id, CheckIn.care_plan_id == plan.row.id
        )
    )
    if plan.client.joined_at is None or (answered_at is not None and now - answered_at < FRESH):
        return None
    today = plan.day_of(app_date(now, plan.client.zone))
    days = sorted({planned.day for planned in plan.protocol.check_ins if planned.day <= today and not planned.optional})
    if not days:
        return None
    items = timelines.items_of(session, plan, now, DayWindow(days[-LOOK_BACK:][0], today))
    closed = [
        item
        for item in items
        if item.occurrence.kind == "check_in" and not item.occurrence.optional and item.state in ("missed", "done")
    ]
    row: list[datetime] = []
    for item in reversed(closed):
        window = item.occurrence.window
        if item.state == "done" or (answered_at is not None and answered_at >= window.opens_at):
            break
        row.append(window.closes_at)
    return Silence(len(row), row[0]) if row else None
