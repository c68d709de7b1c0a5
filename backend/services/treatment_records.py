"""The record of a treatment as it is shown, with what was recorded of each step. Reads only; used by the services
beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from backend.models import Client, Course, TreatedArea, TreatmentSession, TreatmentStepRecord
from backend.services import plan_facts, protocol_versions
from schedules import InTreatmentStep

_RECORDED = (
    select(TreatmentStepRecord)
    .where(
        TreatmentStepRecord.clinic_id == bindparam("clinic_id"),
        TreatmentStepRecord.treatment_id == bindparam("treatment_id"),
    )
    .order_by(TreatmentStepRecord.position)
)


@dataclass(frozen=True, slots=True)
class StepRecorded:
    """One in-treatment step with what was recorded of it; `state`: waiting, running or done."""

    step_id: str
    order: int
    title: str
    what_happens: str
    minutes: tuple[int, int] | None
    state: str
    started_at: datetime | None
    ended_at: datetime | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class TreatmentRecord:
    """The record of one treatment, steps in the plan's order."""

    id: UUID
    client_id: UUID
    client_name: str
    area_id: UUID
    course_id: UUID
    method: str
    site: str
    number: int
    state: str
    started_at: datetime | None
    ended_at: datetime | None
    steps: tuple[StepRecorded, ...]


def list_steps(session: Session, treatment: TreatmentSession) -> tuple[InTreatmentStep, ...]:
    """The steps of its method's newest signed version, in their order."""
    course = session.get_one(Course, (treatment.clinic_id, treatment.course_id))
    protocol = plan_facts.compiled(protocol_versions.signed_version(session, treatment.clinic_id, course.method))
    return tuple(sorted(protocol.in_treatment_steps, key=lambda step: step.order))


def read_records(session: Session, treatment: TreatmentSession) -> dict[str, TreatmentStepRecord]:
    rows = session.scalars(_RECORDED, {"clinic_id": treatment.clinic_id, "treatment_id": treatment.id})
    return {row.step_id: row for row in rows}


def describe(
    session: Session, treatment: TreatmentSession, steps: Sequence[InTreatmentStep] | None = None
) -> TreatmentRecord:
    """The treatment as it is shown. `steps`: where they were read already."""
    records = read_records(session, treatment)
    course = session.get_one(Course, (treatment.clinic_id, treatment.course_id))
    area = session.get_one(TreatedArea, (treatment.clinic_id, treatment.area_id))
    client = session.get_one(Client, (treatment.clinic_id, treatment.client_id))
    return TreatmentRecord(
        id=treatment.id,
        client_id=treatment.client_id,
        client_name=client.name,
        area_id=area.id,
        course_id=course.id,
        method=course.method,
        site=area.site,
        number=treatment.number,
        state=treatment.state,
        started_at=treatment.started_at,
        ended_at=treatment.ended_at,
        steps=tuple(_step(step, records.get(step.id)) for step in steps or list_steps(session, treatment)),
    )


def _step(step: InTreatmentStep, record: TreatmentStepRecord | None) -> StepRecorded:
    state = "waiting" if record is None else "running" if record.ended_at is None else "done"
    return StepRecorded(
        step_id=step.id,
        order=step.order,
        title=step.title,
        what_happens=step.what_happens,
        minutes=step.minutes,
        state=state,
        started_at=record.started_at if record else None,
        ended_at=record.ended_at if record else None,
        reason=record.reason if record else None,
    )
