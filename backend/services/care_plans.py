"""Care plans: started after a treatment, kept true to what happens. Every change of fact re-plans in the same
transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from importlib.metadata import version
from uuid import UUID

from sqlalchemy.orm import Session

from backend.db import StaffScope, transaction
from backend.errors import Conflict, Contradicted, InputFault, InvalidInput, NotFound
from backend.ids import new_id
from backend.models import CarePlan, Client, Course, Pause, TreatedArea, TreatmentSession
from backend.services import (
    anchors,
    audit,
    changes,
    contradictions,
    courses,
    news,
    pauses,
    plan_facts,
    plan_versions,
    planning,
    protocol_versions,
)
from backend.services.loaded_plans import TreatmentDone, describe_signed
from backend.services.plan_facts import LoadedPlan
from backend.services.planning import PlanDiff
from schedules import Contradiction, resolve_local

DAY_TURNS_AT = time(4)


@dataclass(frozen=True, slots=True)
class PlanStarted:
    care_plan_id: UUID
    client_id: UUID
    method: str
    day_0: date
    reminders: int


def start(
    scope: StaffScope,
    treatment_id: UUID,
    *,
    care_style: str | None = None,
    accept_contradictions: bool = False,
    now: datetime,
) -> PlanStarted:
    """Starts the plan of a finished treatment: pins the signed protocol, the zone and the tzdata release, plans
    reminders.

    Raises NotFound, Conflict (not finished, or a plan exists), ProtocolNotSigned, InvalidInput (care style), and
    Contradicted where steps of it contradict those of another area and that was not accepted: the practitioner knows
    before the client does.
    """
    with transaction(scope) as session:
        treatment = session.get(TreatmentSession, (scope.clinic_id, treatment_id), with_for_update=True)
        if treatment is None:
            raise NotFound("no such treatment")
        if treatment.state != "done":
            raise Conflict("the treatment is not finished")
        plan = _pin(session, scope, treatment, care_style, now)
        found = contradictions.of_client(session, plan, now)
        if found and not accept_contradictions:
            raise Contradicted(found)
        diff = planning.replan(session, plan, now, "plan started")
        _record_start(session, scope, plan, found, now)
        return PlanStarted(plan.row.id, plan.row.client_id, plan.row.method, plan.day_0, len(diff.new))


def _record_start(
    session: Session, scope: StaffScope, plan: LoadedPlan, accepted: Sequence[Contradiction], now: datetime
) -> None:
    details = {
        "method": plan.row.method,
        "content_version": plan.signed.content_version,
        "signed_version": plan.signed.version,
        "contradictions": [[each.one.step_id, each.other.step_id, each.days] for each in accepted],
    }
    audit.record_of_plan(session, scope, plan.row, "care_plan.start", now, details)


def _pin(
    session: Session, scope: StaffScope, treatment: TreatmentSession, care_style: str | None, now: datetime
) -> LoadedPlan:
    """The plan's row, on the newest signed version; the area's plan before it ends."""
    course = session.get_one(Course, (scope.clinic_id, treatment.course_id))
    signed = describe_signed(protocol_versions.latest_signed(session, scope.clinic_id, course.method))
    protocol = signed.protocol
    if care_style is not None and care_style not in protocol.method.allowed_care_styles:
        allowed = ", ".join(protocol.method.allowed_care_styles)
        raise InvalidInput((InputFault("/care_style", f"one of {allowed}"),))
    _end_running_plans(session, scope, treatment, now)
    client = session.get_one(Client, (scope.clinic_id, treatment.client_id))
    area = session.get_one(TreatedArea, (scope.clinic_id, treatment.area_id))
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
        care_style=care_style or protocol.method.default_care_style,
        started_at=now,
        started_by=scope.practitioner_id,
        facts_version=1,
    )
    session.add(row)
    session.flush()
    plan_versions.note(session, row, now)
    booked = courses.planned_session(session, scope.clinic_id, area.id)
    assert treatment.ended_at is not None  # it is done
    done = TreatmentDone(treatment.number, treatment.course_id, treatment.ended_at)
    return LoadedPlan(row, done, area.site, area.label, client, signed, booked.planned_at if booked else None)


def set_anchor(
    scope: StaffScope, care_plan_id: UUID, anchor: str, on: date | None, *, now: datetime, rehearse: bool = False
) -> PlanDiff:
    """The practitioner sets, corrects or takes back an anchor's date; what hangs on it moves, what is done stays (rules
    6, 29).

    `on` None takes it back: what check-ins said until now no longer counts for it. With `rehearse` nothing is kept: the
    answer is what would change.
    """
    if anchor not in anchors.SETTABLE:
        raise InvalidInput((InputFault("/anchor", f"one of {', '.join(anchors.SETTABLE)}"),))
    with transaction(scope, rehearse=rehearse) as session:
        plan = _running(session, scope, care_plan_id)
        before = planning.timeline_of(session, plan, now)
        anchors.check_date(session, plan, anchor, on, now)
        anchors.put(session, scope, plan, anchor, on, now)
        anchors.observe(session, plan, now)  # what hangs on this one may have been reached by stored answers
        details = {"anchor": anchor, "on": on.isoformat() if on else None}
        return changes.keep(session, scope, plan, before, "anchor.set", details, now)


def book_next_treatment(
    scope: StaffScope, care_plan_id: UUID, at: datetime | None, *, now: datetime, rehearse: bool = False
) -> PlanDiff:
    """Sets, moves or takes back the next appointment of the area: it is the area's planned treatment session and the
    `next_treatment` anchor. InvalidInput for a time that is not to come."""
    with transaction(scope, rehearse=rehearse) as session:
        plan = _running(session, scope, care_plan_id)
        if at is not None and at <= now:
            raise InvalidInput((InputFault("/at", "a time to come"),))
        before = planning.timeline_of(session, plan, now)
        courses.plan_session(session, scope, plan, at, now)
        plan = plan_facts.load_plan(session, scope.clinic_id, care_plan_id)
        details = {"at": at.isoformat() if at else None}
        return changes.keep(session, scope, plan, before, "next_treatment.set", details, now)


def pause(
    scope: StaffScope,
    care_plan_id: UUID,
    *,
    until_on: date | None = None,
    reason: str,
    now: datetime,
    rehearse: bool = False,
) -> PlanDiff:
    """The plan asks nothing from now until 04:00 of `until_on`, or until somebody goes on with it.

    What falls due in it is held back, a rhythm of several days shifts, follow-ups of open flags go on. Raises
    InvalidInput (no reason, a date that is not to come), Conflict (ended, or paused already).
    """
    with transaction(scope, rehearse=rehearse) as session:
        plan = _running(session, scope, care_plan_id)
        until_at = None if until_on is None else resolve_local(until_on, DAY_TURNS_AT, plan.row.zone)
        faults = [] if reason.strip() else [InputFault("/reason", "say why")]
        if until_at is not None and until_at <= now:
            faults.append(InputFault("/until_on", "a date to come"))
        if faults:
            raise InvalidInput(tuple(faults))
        if pauses.find_pause(session, plan, now) is not None:
            raise Conflict("this plan is paused already")
        before = planning.timeline_of(session, plan, now)
        session.add(
            Pause(
                clinic_id=scope.clinic_id,
                id=new_id(now),
                client_id=plan.row.client_id,
                care_plan_id=plan.row.id,
                from_at=now,
                until_at=until_at,
                reason=reason.strip(),
                by=scope.practitioner_id,
            )
        )
        session.flush()
        details = {"until": until_at.isoformat() if until_at else None}
        return changes.keep(session, scope, plan, before, "care_plan.pause", details, now, reason="paused")


def resume(scope: StaffScope, care_plan_id: UUID, *, now: datetime, rehearse: bool = False) -> PlanDiff:
    """Ends a pause now. Conflict where there is none."""
    with transaction(scope, rehearse=rehearse) as session:
        plan = _running(session, scope, care_plan_id)
        running = pauses.find_pause(session, plan, now)
        if running is None:
            raise Conflict("this plan is not paused")
        before = planning.timeline_of(session, plan, now)
        running.until_at = now
        session.flush()
        return changes.keep(session, scope, plan, before, "care_plan.resume", {}, now)


def end_plan(scope: StaffScope, care_plan_id: UUID, reason: str, *, now: datetime, rehearse: bool = False) -> PlanDiff:
    """Ends a plan and withdraws what is pending, but for the follow-ups of flags that are still open."""
    with transaction(scope, rehearse=rehearse) as session:
        return _end(session, scope, _running(session, scope, care_plan_id), reason, now)


def end_course(
    scope: StaffScope, care_plan_id: UUID, reason: str, *, now: datetime, rehearse: bool = False
) -> PlanDiff:
    """Ends the course that a plan belongs to: no further treatment is planned, the plan ends, and what is pending is
    withdrawn with the reason. InvalidInput without a reason."""
    if not reason.strip():
        raise InvalidInput((InputFault("/reason", "say why"),))
    with transaction(scope, rehearse=rehearse) as session:
        plan = _running(session, scope, care_plan_id)
        courses.plan_session(session, scope, plan, None, now)
        courses.end(session, scope, plan, reason.strip(), now)
        return _end(session, scope, plan, reason.strip(), now)


def _running(session: Session, scope: StaffScope, care_plan_id: UUID) -> LoadedPlan:
    """The plan, locked. Conflict where it has ended."""
    plan = plan_facts.load_plan(session, scope.clinic_id, care_plan_id, lock=True)
    if plan.row.ended_at is not None:
        raise Conflict("this plan has ended")
    return plan


def _end_running_plans(session: Session, scope: StaffScope, treatment: TreatmentSession, now: datetime) -> None:
    """A new treatment of an area ends the plan before it; a second plan for one treatment is refused."""
    for plan in plan_facts.load_active_plans(session, scope.clinic_id, treatment.client_id, lock=True):
        if plan.row.treatment_id == treatment.id:
            raise Conflict("this treatment has its plan already")
        if plan.row.area_id == treatment.area_id:
            _end(session, scope, plan, "next treatment", now)


def _end(session: Session, scope: StaffScope, plan: LoadedPlan, reason: str, now: datetime) -> PlanDiff:
    before = planning.timeline_of(session, plan, now)
    plan.row.ended_at, plan.row.end_reason = now, reason
    session.flush()
    news.withdraw(session, plan, now, "ended")
    return changes.keep(session, scope, plan, before, "care_plan.end", {}, now, reason="ended", tell=False)
