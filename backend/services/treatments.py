"""The treatment at the clinic: each in-treatment step is started and ended with one tap; the end of the last is day
0."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from backend.db import StaffScope, transaction
from backend.errors import Conflict, InputFault, InvalidInput, NotFound, WrongOrder
from backend.ids import new_id
from backend.models import (
    Client,
    Course,
    TreatedArea,
    TreatmentSession,
    TreatmentStepRecord,
)
from backend.services import audit, courses, health_factors, plan_facts, protocol_versions, treatment_records
from backend.services.health_factors import FactorChosen
from backend.services.treatment_records import TreatmentRecord
from schedules import InTreatmentStep, Protocol

SITES = ("scalp", "brows", "body")
SKIN_TYPES = ("I", "II", "III", "IV", "V", "VI")


def open_treatment(
    scope: StaffScope,
    client_id: UUID,
    *,
    method: str,
    site: str,
    label: str = "",
    skin_type: str | None = None,
    factors: Sequence[FactorChosen] = (),
    now: datetime,
) -> TreatmentRecord:
    """Begins the record of a treatment on an area of this client. The method must have been signed by the clinic's
    owner.

    The same method and site (and label) continue the client's course; `number` counts its treatments.
    Raises NotFound (client), InvalidInput (site, skin type, factors), ProtocolNotSigned.
    """
    with transaction(scope) as session:
        client = session.get(Client, (scope.clinic_id, client_id), with_for_update=True)
        if client is None:
            raise NotFound("no such client")
        protocol = plan_facts.compiled(protocol_versions.latest_signed(session, scope.clinic_id, method))
        _check(protocol, site, skin_type, factors)
        if skin_type is not None:
            client.skin_type = skin_type
        health_factors.record(session, scope, client_id, factors, now)
        area, course = courses.find_or_open(session, scope, client_id, method, site, label, now)
        treatment = _begin(session, scope, area, course, now)
        _note(session, scope, treatment, "treatment.open", now)
        return treatment_records.describe(session, treatment)


def _begin(session: Session, scope: StaffScope, area: TreatedArea, course: Course, now: datetime) -> TreatmentSession:
    """The area's planned session begins, whatever method it was planned for; else a new one."""
    treatment = courses.planned_session(session, scope.clinic_id, area.id)
    number = courses.next_number(session, scope.clinic_id, course.id)
    if treatment is None:
        treatment = TreatmentSession(
            clinic_id=scope.clinic_id,
            id=new_id(now),
            client_id=area.client_id,
            area_id=area.id,
            by=scope.practitioner_id,
            details={},
        )
        session.add(treatment)
    treatment.course_id, treatment.number = course.id, number
    treatment.state, treatment.started_at = "running", now
    session.flush()
    return treatment


def get_treatment(scope: StaffScope, treatment_id: UUID) -> TreatmentRecord:
    with transaction(scope, write=False) as session:
        return treatment_records.describe(session, _own(session, scope, treatment_id))


def start_step(
    scope: StaffScope, treatment_id: UUID, step_id: str, *, reason: str | None = None, now: datetime
) -> TreatmentRecord:
    """Starts a step; one that runs is ended by it. Another order than the plan's is refused unless a reason is given
    (WrongOrder)."""
    with transaction(scope) as session:
        treatment = _own(session, scope, treatment_id, lock=True)
        steps = treatment_records.list_steps(session, treatment)
        _check_running(treatment, steps, step_id)
        records = treatment_records.read_records(session, treatment)
        if step_id in records:
            raise Conflict("this step has been started already")
        expected = next((step.id for step in steps if step.id not in records), None)
        if step_id != expected and not (reason or "").strip():
            raise WrongOrder(f"the next step is {expected}; give a reason for another order", expected=expected)
        _end_running(records, now)
        session.add(
            TreatmentStepRecord(
                clinic_id=scope.clinic_id,
                id=new_id(now),
                treatment_id=treatment.id,
                step_id=step_id,
                position=len(records) + 1,
                started_at=now,
                reason=(reason or "").strip() or None,
                by=scope.practitioner_id,
            )
        )
        _note(session, scope, treatment, "treatment.start_step", now)
        return treatment_records.describe(session, treatment, steps)


def end_step(scope: StaffScope, treatment_id: UUID, step_id: str, *, now: datetime) -> TreatmentRecord:
    """Ends a running step."""
    with transaction(scope) as session:
        treatment = _own(session, scope, treatment_id, lock=True)
        _check_running(treatment, treatment_records.list_steps(session, treatment), step_id)
        record = treatment_records.read_records(session, treatment).get(step_id)
        if record is None or record.ended_at is not None:
            raise Conflict("this step is not running")
        record.ended_at = now
        _note(session, scope, treatment, "treatment.end_step", now)
        return treatment_records.describe(session, treatment)


def finish_treatment(scope: StaffScope, treatment_id: UUID, *, now: datetime) -> TreatmentRecord:
    """Ends the treatment: the end of its last step is the end of the treatment, so its local date is day 0.

    Steps that were never started stay unrecorded; at least one must have been. Conflict where it is over already.
    """
    with transaction(scope) as session:
        treatment = _own(session, scope, treatment_id, lock=True)
        if treatment.state != "running":
            raise Conflict("this treatment is over")
        records = treatment_records.read_records(session, treatment)
        if not records:
            raise Conflict("no step has been recorded")
        _end_running(records, now)
        treatment.state = "done"
        treatment.ended_at = max(record.ended_at or now for record in records.values())
        _note(session, scope, treatment, "treatment.finish", now)
        return treatment_records.describe(session, treatment)


def _note(session: Session, scope: StaffScope, treatment: TreatmentSession, act: str, now: datetime) -> None:
    audit.record(
        session,
        scope,
        act=act,
        subject_kind="treatment",
        subject_id=treatment.id,
        client_id=treatment.client_id,
        now=now,
    )
    session.flush()


def _check(protocol: Protocol, site: str, skin_type: str | None, factors: Sequence[FactorChosen]) -> None:
    faults = []
    if site not in SITES:
        faults.append(InputFault("/site", f"one of {', '.join(SITES)}"))
    if skin_type is not None and skin_type not in SKIN_TYPES:
        faults.append(InputFault("/skin_type", f"one of {', '.join(SKIN_TYPES)}"))
    for index, factor in enumerate(factors):
        if factor.modifier_id not in protocol.shared.modifiers:
            faults.append(InputFault(f"/factors/{index}", "there is no such health factor"))
    if faults:
        raise InvalidInput(tuple(faults))


def _own(session: Session, scope: StaffScope, treatment_id: UUID, *, lock: bool = False) -> TreatmentSession:
    """`lock`: nobody else records steps of it until the transaction ends."""
    treatment = session.get(TreatmentSession, (scope.clinic_id, treatment_id), with_for_update=lock or None)
    if treatment is None:
        raise NotFound("no such treatment")
    return treatment


def _check_running(treatment: TreatmentSession, steps: Sequence[InTreatmentStep], step_id: str) -> None:
    if step_id not in {step.id for step in steps}:
        raise NotFound("no such step in this treatment")
    if treatment.state != "running":
        raise Conflict("this treatment is over")


def _end_running(records: Mapping[str, TreatmentStepRecord], now: datetime) -> None:
    for record in records.values():
        if record.ended_at is None:
            record.ended_at = now
