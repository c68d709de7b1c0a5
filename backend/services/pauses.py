"""The pause that a plan is in, with who called it and why. Reads only; used by the services beside it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from backend.models import Pause, Practitioner
from backend.services.loaded_plans import LoadedPlan


@dataclass(frozen=True, slots=True)
class PauseLine:
    """A pause as its practitioner reads it. `until_at` None: until somebody goes on with the plan."""

    from_at: datetime
    until_at: datetime | None
    reason: str
    by: str


def find_pause(session: Session, plan: LoadedPlan, now: datetime) -> Pause | None:
    """The pause that is running now."""
    return session.scalar(
        select(Pause).where(
            Pause.clinic_id == plan.row.clinic_id,
            Pause.care_plan_id == plan.row.id,
            Pause.from_at <= now,
            or_(Pause.until_at.is_(None), Pause.until_at > now),
        )
    )


def describe_pause(session: Session, plan: LoadedPlan, now: datetime) -> PauseLine | None:
    """The same in words; None where the plan goes on."""
    pause = find_pause(session, plan, now)
    if pause is None:
        return None
    by = session.scalar(
        select(Practitioner.name).where(Practitioner.clinic_id == pause.clinic_id, Practitioner.id == pause.by)
    )
    return PauseLine(pause.from_at, pause.until_at, pause.reason or "", by or "")
