"""Plans reminders on, week by week, before what is planned runs out."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, select

from backend import prepared
from backend.db import StaffScope, transaction, work
from backend.models import CarePlan
from backend.services import plan_facts, planning
from backend.services.planned_ahead import EXTEND_WHEN_LEFT
from backend.services.planning import PlanDiff

_NEAR_THE_END = (
    select(CarePlan.clinic_id, CarePlan.client_id, CarePlan.id)
    .where(CarePlan.planned_until < bindparam("until"))
    .order_by(CarePlan.planned_until)
    .limit(bindparam("limit"))
)


def list_due(*, now: datetime, limit: int = 200) -> Sequence[tuple[UUID, UUID]]:
    """(clinic id, plan id) of a plan of each client whose reminders do not reach far enough ahead, the most pressing
    first. One is enough: all plans of a client are planned together."""
    given = {"until": now + EXTEND_WHEN_LEFT, "limit": limit}
    found: dict[tuple[UUID, UUID], UUID] = {}
    with work(write=False) as connection:
        for clinic_id, client_id, plan_id in prepared.read(connection, _NEAR_THE_END, given):
            found.setdefault((clinic_id, client_id), plan_id)
    return [(clinic_id, plan_id) for (clinic_id, _), plan_id in found.items()]


def extend(clinic_id: UUID, care_plan_id: UUID, *, now: datetime) -> PlanDiff:
    """Plans a plan's reminders on to the rolling horizon. Changes nothing else."""
    with transaction(StaffScope(clinic_id, None)) as session:
        plan = plan_facts.load_plan(session, clinic_id, care_plan_id, lock=True)
        return planning.replan(session, plan, now, "superseded")
