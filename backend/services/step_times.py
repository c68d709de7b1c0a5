"""The client's own times for the steps of their plans: as many a day as the plan has, kept by method."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from itertools import pairwise
from uuid import UUID

from sqlalchemy.orm import Session

from backend.errors import InputFault, InvalidInput
from backend.models import Client
from backend.services import loaded_plans
from backend.services.loaded_plans import LoadedPlan
from schedules import CareStep


@dataclass(frozen=True, slots=True)
class StepTimes:
    """When a client wants to do a step: local times, rising, one for each of the step's times a day."""

    care_plan_id: UUID
    step: str
    times: tuple[time, ...]


def get_times(plan: LoadedPlan) -> Mapping[str, tuple[time, ...]]:
    """By step, those of the client's own times that the plan still has a place for: a later version may have more or
    fewer a day, and then its own count."""
    stored: Mapping[str, Sequence[str]] = plan.client.step_times.get(plan.row.method, {})
    read = {step: tuple(time.fromisoformat(text) for text in times) for step, times in stored.items()}
    steps = plan.protocol.care_steps
    return {step: times for step, times in read.items() if step in steps and _fits(steps[step], times)}


def set_times(session: Session, client: Client, wished: Sequence[StepTimes]) -> None:
    """Puts a client's wishes into their row; for the service that plans anew. Raises NotFound for a plan that is not
    theirs, InvalidInput with every fault."""
    plans = {
        each.care_plan_id: loaded_plans.load_plan(session, client.clinic_id, each.care_plan_id, client.id)
        for each in wished
    }
    faults = [
        fault
        for index, each in enumerate(wished)
        if (fault := _fault_of(each, plans[each.care_plan_id], index)) is not None
    ]
    if faults:
        raise InvalidInput(tuple(faults))
    kept = dict(client.step_times)
    for each in wished:
        method = plans[each.care_plan_id].row.method
        kept[method] = {**kept.get(method, {}), each.step: [f"{at:%H:%M}" for at in each.times]}
    client.step_times = kept


def _fits(step: CareStep, times: Sequence[time]) -> bool:
    return 0 < len(times) == len(step.frequency.suggested_times)


def _fault_of(wish: StepTimes, plan: LoadedPlan, index: int) -> InputFault | None:
    step = plan.protocol.care_steps.get(wish.step)
    if step is None or not step.frequency.suggested_times:
        return InputFault(f"/step_times/{index}/step", "no step with times of the plan")
    wanted = len(step.frequency.suggested_times)
    if not _fits(step, wish.times):
        return InputFault(f"/step_times/{index}/times", f"as many as in the plan: {wanted}")
    if any(earlier >= later for earlier, later in pairwise(wish.times)):
        return InputFault(f"/step_times/{index}/times", "each later than the one before")
    return None
