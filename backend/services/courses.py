"""Areas and courses of a client; written by the services beside it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.db import StaffScope
from backend.ids import new_id
from backend.models import Course, TreatedArea, TreatmentSession
from backend.services import audit
from backend.services.loaded_plans import LoadedPlan


def find_or_open(
    session: Session, scope: StaffScope, client_id: UUID, method: str, site: str, label: str, now: datetime
) -> tuple[TreatedArea, Course]:
    area = session.scalar(
        select(TreatedArea).where(
            TreatedArea.clinic_id == scope.clinic_id,
            TreatedArea.client_id == client_id,
            TreatedArea.site == site,
            TreatedArea.label == label,
        )
    )
    if area is None:
        area = TreatedArea(
            clinic_id=scope.clinic_id, id=new_id(now), client_id=client_id, site=site, label=label, created_at=now
        )
        session.add(area)
        session.flush()
    course = session.scalar(
        select(Course).where(
            Course.clinic_id == scope.clinic_id,
            Course.area_id == area.id,
            Course.method == method,
            Course.ended_at.is_(None),
        )
    )
    if course is None:
        course = Course(
            clinic_id=scope.clinic_id,
            id=new_id(now),
            client_id=client_id,
            area_id=area.id,
            method=method,
            started_at=now,
        )
        session.add(course)
        session.flush()
    return area, course


def next_number(session: Session, clinic_id: UUID, course_id: UUID) -> int:
    """The number of the next treatment of a course; the first one is 1. A planned one has not been yet."""
    query = (
        select(func.count())
        .select_from(TreatmentSession)
        .where(
            TreatmentSession.clinic_id == clinic_id,
            TreatmentSession.course_id == course_id,
            TreatmentSession.state != "planned",
        )
    )
    return 1 + (session.scalar(query) or 0)


def planned_session(session: Session, clinic_id: UUID, area_id: UUID) -> TreatmentSession | None:
    """The next appointment of an area."""
    return session.scalar(
        select(TreatmentSession).where(
            TreatmentSession.clinic_id == clinic_id,
            TreatmentSession.area_id == area_id,
            TreatmentSession.state == "planned",
        )
    )


def plan_session(session: Session, scope: StaffScope, plan: LoadedPlan, at: datetime | None, now: datetime) -> None:
    """Plans the area's next treatment session, moves it, or takes it back (`at` None)."""
    planned = planned_session(session, scope.clinic_id, plan.row.area_id)
    if at is None:
        if planned is not None:
            session.delete(planned)
    elif planned is not None:
        planned.planned_at = at
    else:
        session.add(
            TreatmentSession(
                clinic_id=scope.clinic_id,
                id=new_id(now),
                client_id=plan.row.client_id,
                course_id=plan.treatment.course_id,
                area_id=plan.row.area_id,
                number=next_number(session, scope.clinic_id, plan.treatment.course_id),
                state="planned",
                planned_at=at,
                by=scope.practitioner_id,
                details={},
            )
        )
    session.flush()


def end(session: Session, scope: StaffScope, plan: LoadedPlan, reason: str, now: datetime) -> None:
    """Ends the course that a plan belongs to."""
    course = session.get_one(Course, (scope.clinic_id, plan.treatment.course_id))
    course.ended_at, course.end_reason = now, reason[:200]
    audit.record(
        session,
        scope,
        act="course.end",
        subject_kind="course",
        subject_id=course.id,
        client_id=course.client_id,
        now=now,
    )
    session.flush()
