"""Care plans: started after a treatment, kept true to what happens. Every change of fact re-plans in the same
transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from importlib.metadata import version
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.db import ClientScope, StaffScope, WorkerScope, transaction
from backend.errors import Conflict, InputFault, InvalidInput, NotFound
from backend.ids import new_id
from backend.models import AnchorObservation, CarePlan, Client, Course, TreatedArea, TreatmentSession
from backend.services import audit, check_ins, plan_facts, plan_versions, planning, treatments
from backend.services.plan_facts import LoadedPlan
from backend.services.planning import PlanDiff
from schedules import AnchorName, check_anchor_dates, check_zone, plan_date

SETTABLE_ANCHORS: tuple[AnchorName, ...] = ("scabs_off", "skin_closed")


@dataclass(frozen=True, slots=True)
class PlanStarted:
    care_plan_id: UUID
    client_id: UUID
    method: str
    day_0: date
    reminders: int


def start(scope: StaffScope, treatment_id: UUID, *, care_style: str | None = None, now: datetime) -> PlanStarted:
    """Starts the plan of a finished treatment: pins the signed protocol, the zone and the tzdata release, plans
    reminders.

    Raises NotFound, Conflict (not finished, or a plan exists), ProtocolNotSigned, InvalidInput (care style).
    """
    with transaction(scope) as session:
        treatment = session.get(TreatmentSession, (scope.clinic_id, treatment_id), with_for_update=True)
        if treatment is None:
            raise NotFound("no such treatment")
        if treatment.state != "done":
            raise Conflict("the treatment is not finished")
        course = session.get_one(Course, (scope.clinic_id, treatment.course_id))
        signed = treatments.latest_signed(session, scope.clinic_id, course.method)
        method = plan_facts.compiled(signed).method
        if care_style is not None and care_style not in method.allowed_care_styles:
            raise InvalidInput((InputFault("/care_style", f"one of {', '.join(method.allowed_care_styles)}"),))
        _end_running_plans(session, scope, treatment, now)
        client = session.get_one(Client, (scope.clinic_id, treatment.client_id))
        row = CarePlan(
            clinic_id=scope.clinic_id,
            id=new_id(now),
            client_id=client.id,
            treatment_id=treatment.id,
            area_id=treatment.area_id,
            method=course.method,
            clinic_protocol_id=signed.id,
            zone=client.zone,
            tzdata=version("tzdata"),
            care_style=care_style or method.default_care_style,
            started_at=now,
            started_by=scope.practitioner_id,
            facts_version=1,
        )
        session.add(row)
        session.flush()
        plan_versions.note(session, row, now)
        area = session.get_one(TreatedArea, (scope.clinic_id, treatment.area_id))
        plan = LoadedPlan(row, treatment, area, client, signed, plan_facts.compiled(signed))
        diff = planning.replan(session, plan, now, "plan started")
        audit.record(
            session,
            scope,
            act="care_plan.start",
            subject_kind="care_plan",
            subject_id=row.id,
            client_id=client.id,
            details={
                "method": course.method,
                "content_version": signed.content_version,
                "signed_version": signed.version,
            },
            now=now,
        )
        return PlanStarted(row.id, client.id, course.method, plan.day_0, len(diff.new))


def set_anchor(scope: StaffScope, care_plan_id: UUID, anchor: str, on: date, *, now: datetime) -> PlanDiff:
    """The practitioner sets or corrects an anchor's date; what hangs on it moves, what is done stays (rules 6, 29)."""
    if anchor not in SETTABLE_ANCHORS:
        raise InvalidInput((InputFault("/anchor", f"one of {', '.join(SETTABLE_ANCHORS)}"),))
    with transaction(scope) as session:
        plan = plan_facts.load_plan(session, scope.clinic_id, care_plan_id, lock=True)
        wanted: dict[AnchorName, date] = dict(plan_facts.anchors(session, plan))
        wanted[anchor] = on
        faults = check_anchor_dates(wanted, plan.day_0, plan_date(now, plan.row.zone))
        if faults:
            raise InvalidInput(tuple(InputFault(f"/{fault.path}", fault.problem) for fault in faults))
        _supersede(session, plan, anchor, now)
        session.add(
            AnchorObservation(
                clinic_id=scope.clinic_id,
                id=new_id(now),
                client_id=plan.row.client_id,
                care_plan_id=plan.row.id,
                anchor=anchor,
                on=on,
                source="practitioner",
                by=scope.practitioner_id,
                at=now,
            )
        )
        session.flush()
        check_ins.observe(session, plan, now)  # what hangs on this one may have been reached by stored answers
        audit.record(
            session,
            scope,
            act="anchor.set",
            subject_kind="care_plan",
            subject_id=plan.row.id,
            client_id=plan.row.client_id,
            details={"anchor": anchor, "on": on.isoformat()},
            now=now,
        )
        return _replan(session, plan, now, "superseded")


def book_next_treatment(scope: StaffScope, care_plan_id: UUID, at: datetime | None, *, now: datetime) -> PlanDiff:
    """Sets, moves or takes back the next appointment of the area: it is the `next_treatment` anchor."""
    with transaction(scope) as session:
        plan = plan_facts.load_plan(session, scope.clinic_id, care_plan_id, lock=True)
        if at is not None and at <= now:
            raise InvalidInput((InputFault("/at", "a time to come"),))
        plan.row.next_treatment_at = at
        audit.record(
            session,
            scope,
            act="next_treatment.set",
            subject_kind="care_plan",
            subject_id=plan.row.id,
            client_id=plan.row.client_id,
            details={"at": at.isoformat() if at else None},
            now=now,
        )
        return _replan(session, plan, now, "superseded")


def end_plan(scope: StaffScope, care_plan_id: UUID, reason: str, *, now: datetime) -> PlanDiff:
    """Ends a plan and withdraws what is pending, but for the follow-ups of flags that are still open."""
    with transaction(scope) as session:
        plan = plan_facts.load_plan(session, scope.clinic_id, care_plan_id, lock=True)
        if plan.row.ended_at is not None:
            raise Conflict("this plan has ended")
        return _end(session, scope, plan, reason, now)


def move_home(scope: ClientScope, zone: str, *, now: datetime) -> None:
    """The phone is in another zone: wall-clock steps move with it, once (rule 58)."""
    try:
        check_zone(zone)
    except ValueError as error:
        raise InvalidInput((InputFault("/zone", str(error)),)) from None
    with transaction(scope) as session:
        client = session.get_one(Client, (scope.clinic_id, scope.client_id))
        if client.zone != zone:
            plan_facts.add_zone_move(session, client, zone, now)
            replan_all(session, scope.clinic_id, scope.client_id, now, "moved to another zone")


def replan_all(session: Session, clinic_id: UUID, client_id: UUID, now: datetime, reason: str) -> None:
    """Every active plan of a client anew: their wishes or their zone changed."""
    for plan in plan_facts.load_active_plans(session, clinic_id, client_id, lock=True):
        _replan(session, plan, now, reason)


def list_due_for_extension(*, now: datetime, limit: int = 200) -> Sequence[tuple[UUID, UUID]]:
    """(clinic id, plan id) of plans whose reminders reach less than a week ahead, or whose day has turned (rule 9)."""
    with transaction(WorkerScope(), write=False) as session:
        rows = session.execute(
            select(CarePlan.clinic_id, CarePlan.id)
            .where(CarePlan.planned_until < now + planning.EXTEND_WHEN_LEFT)
            .order_by(CarePlan.planned_until)
            .limit(limit)
        )
        return list(rows)


def extend(clinic_id: UUID, care_plan_id: UUID, *, now: datetime) -> PlanDiff:
    """Plans a plan's reminders on to the rolling horizon. Changes nothing else."""
    with transaction(StaffScope(clinic_id, None)) as session:
        plan = plan_facts.load_plan(session, clinic_id, care_plan_id, lock=True)
        return planning.replan(session, plan, now, "superseded")


def _replan(session: Session, plan: LoadedPlan, now: datetime, reason: str) -> PlanDiff:
    plan.row.facts_version += 1
    plan.row.facts_changed_at = now
    session.flush()
    return planning.replan(session, plan, now, reason)


def _supersede(session: Session, plan: LoadedPlan, anchor: str, now: datetime) -> None:
    rows = session.scalars(
        select(AnchorObservation).where(
            AnchorObservation.clinic_id == plan.row.clinic_id,
            AnchorObservation.care_plan_id == plan.row.id,
            AnchorObservation.anchor == anchor,
            AnchorObservation.superseded_at.is_(None),
        )
    )
    for row in rows:
        row.superseded_at = now
    session.flush()


def _end_running_plans(session: Session, scope: StaffScope, treatment: TreatmentSession, now: datetime) -> None:
    """A new treatment of an area ends the plan before it; a second plan for one treatment is refused."""
    for plan in plan_facts.load_active_plans(session, scope.clinic_id, treatment.client_id, lock=True):
        if plan.row.treatment_id == treatment.id:
            raise Conflict("this treatment has its plan already")
        if plan.row.area_id == treatment.area_id:
            _end(session, scope, plan, "next treatment", now)


def _end(session: Session, scope: StaffScope, plan: LoadedPlan, reason: str, now: datetime) -> PlanDiff:
    plan.row.ended_at, plan.row.end_reason = now, reason
    audit.record(
        session,
        scope,
        act="care_plan.end",
        subject_kind="care_plan",
        subject_id=plan.row.id,
        client_id=plan.row.client_id,
        now=now,
    )
    return _replan(session, plan, now, "ended")
