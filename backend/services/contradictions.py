"""Steps of a client's plans that contradict each other on one skin (protocols rule 61).

Reads only; used by the services beside it. What contradicts is decided in `schedules/contradictions.py`.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import cast

from sqlalchemy.orm import Session

from backend.services import loaded_plans, plan_records
from backend.services.loaded_plans import LoadedPlan
from schedules import Contradiction, PlanOnSkin, Site, app_date, build_timeline, find_contradictions


def of_client(session: Session, plan: LoadedPlan, now: datetime) -> tuple[Contradiction, ...]:
    """What contradicts among the plans of the plan's client that run, from today on; `ref` is the plan's id in hex."""
    plans = loaded_plans.load_active_plans(session, plan.row.clinic_id, plan.row.client_id)
    return among(session, plans, now)


def among(session: Session, plans: Sequence[LoadedPlan], now: datetime) -> tuple[Contradiction, ...]:
    """The same for these plans."""
    records = plan_records.read_records(session, plans)
    on_skin = [
        PlanOnSkin(
            ref=plan.row.id.hex,
            area=plan.row.area_id.hex,
            protocol=plan.protocol,
            site=cast(Site, plan.site),
            timeline=build_timeline(plan.protocol, records[plan.row.id].facts(now), plan.client.zone),
            zone=plan.row.zone,
        )
        for plan in plans
    ]
    found = find_contradictions(on_skin)
    return tuple(each for each in found if any(each.last_on >= app_date(now, plan.row.zone) for plan in plans))
