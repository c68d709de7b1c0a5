"""What the next days ask of a clinic, from its real plans. Reads only."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from backend.db import StaffScope, transaction
from backend.errors import InputFault, InvalidInput, NotFound
from backend.models import CarePlan, CheckIn, Clinic, Review
from backend.services import plan_facts, plan_records, readiness_facts, silence
from backend.services.plan_facts import LoadedPlan
from schedules import DayOfWork, DayWindow, PlanAhead, build_timeline, expect_work, plan_date

MOST_DAYS = 90


def expect(scope: StaffScope, *, now: datetime, days: int = 14) -> tuple[DayOfWork, ...]:
    """The work of each of `days` dates from today on, on the clinic's calendar: check-ins that are not optional and
    not answered yet, of clients whose phone has joined; reviews by the clinic's reply promise; clients turning ready.

    Raises NotFound (clinic), InvalidInput (days).
    """
    if not 1 <= days <= MOST_DAYS:
        raise InvalidInput((InputFault("/days", f"from 1 to {MOST_DAYS}"),))
    with transaction(scope, write=False) as session:
        clinic = session.get(Clinic, scope.clinic_id)
        if clinic is None:
            raise NotFound("no such clinic")
        promise = timedelta(hours=clinic.reply_promise_h)
        running = session.scalars(
            select(CarePlan.id)
            .where(CarePlan.clinic_id == scope.clinic_id, CarePlan.ended_at.is_(None))
            .order_by(CarePlan.id)
        ).all()
        plans = [plan_facts.load_plan(session, scope.clinic_id, plan_id) for plan_id in running]
        return expect_work(
            [_look_ahead(session, plan, now, days) for plan in plans],
            [received_at + promise for received_at in _list_waiting(session, scope)],
            promise=promise,
            zone=clinic.zone,
            today=plan_date(now, clinic.zone),
            days=days,
        )


def _look_ahead(session: Session, plan: LoadedPlan, now: datetime, days: int) -> PlanAhead:
    ready = readiness_facts.evaluate(session, plan, now)
    due = tuple(_list_due(session, plan, now, days)) if plan.client.joined_at is not None else ()
    return PlanAhead(str(plan.client.id), due, ready.status, ready.earliest_on)


def _list_due(session: Session, plan: LoadedPlan, now: datetime, days: int) -> Iterator[datetime]:
    """When the check-ins are due that this client still has to answer."""
    today = plan.day_of(plan_date(now, plan.row.zone))
    record = plan_records.read_record(session, plan)
    window = DayWindow(today - 1, today + days)  # the clinic's calendar may be a day off the plan's
    asked = build_timeline(plan.protocol, record.facts(now), plan.client.zone, window, kinds=silence.CHECK_INS)
    for one in asked.occurrences:
        if not one.optional and one.key not in record.answered and one.window.closes_at > now:
            yield one.window.due_at


def _list_waiting(session: Session, scope: StaffScope) -> Iterator[datetime]:
    """When each check-in came in that nobody has looked at; one that was corrected stands behind its correction."""
    correction = aliased(CheckIn)
    same = (CheckIn.clinic_id, CheckIn.client_id, CheckIn.id)
    reviewed = select(Review.id).where(
        Review.clinic_id == same[0], Review.client_id == same[1], Review.check_in_id == same[2]
    )
    corrected = select(correction.id).where(
        correction.clinic_id == same[0], correction.client_id == same[1], correction.amends == same[2]
    )
    query = select(CheckIn.received_at).where(
        CheckIn.clinic_id == scope.clinic_id, ~reviewed.exists(), ~corrected.exists()
    )
    yield from session.scalars(query)
