"""Steps that contradict each other on the same skin (protocols rule 61): "keep it dry" here, "wash it" there."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from schedules.facts import Occurrence, Timeline
from schedules.instants import ONE_DAY, plan_date
from schedules.protocol import CareStep, Protocol
from schedules.protocol_terms import Site


@dataclass(frozen=True, slots=True)
class PlanOnSkin:
    """One plan and where it heals. `ref` is the caller's name for it, `area` the treated area's; `zone`: the zone in
    which the plan was started (rule 58). Only days that the timeline holds are judged."""

    ref: str
    area: str
    protocol: Protocol
    site: Site
    timeline: Timeline
    zone: str


@dataclass(frozen=True, slots=True)
class StepOfPlan:
    ref: str
    step_id: str
    title: str


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two steps and the local dates on which both are due: the first, the last and how many."""

    one: StepOfPlan
    other: StepOfPlan
    first_on: date
    last_on: date
    days: int


@dataclass(frozen=True, slots=True)
class _DueStep:
    plan: PlanOnSkin
    step: CareStep
    due_on: frozenset[date]

    @property
    def named(self) -> StepOfPlan:
        return StepOfPlan(self.plan.ref, self.step.id, self.step.title)

    def names(self, other: "_DueStep") -> bool:
        """Whether this step names the other: by its id, or by `method.id` where one method's step alone is meant."""
        return not {other.step.id, f"{other.plan.protocol.id}.{other.step.id}"}.isdisjoint(self.step.contradicts)


def find_contradictions(plans: Sequence[PlanOnSkin]) -> tuple[Contradiction, ...]:
    """Every two steps of which one names the other and that are due on one local date, on one area or on areas of one
    site; also two steps of one plan. By first date, then by plan and step.

    Forecasts count, since the practitioner wants to know before the client does; steps that wait for the clinic's
    confirmation do not. A rule or an as-needed step is due on every date of its window.
    """
    steps = [step for plan in sorted(plans, key=lambda plan: plan.ref) for step in _due_steps(plan)]
    found = [_meeting(one, other) for one, other in _pairs(steps) if one.names(other) or other.names(one)]
    return tuple(sorted((each for each in found if each is not None), key=_order))


def _order(found: Contradiction) -> tuple[date, str, str, str, str]:
    return found.first_on, found.one.ref, found.other.ref, found.one.step_id, found.other.step_id


def _pairs(steps: Sequence[_DueStep]) -> Iterator[tuple[_DueStep, _DueStep]]:
    """Each two steps once, where their plans heal on the same skin."""
    for number, one in enumerate(steps):
        for other in steps[number + 1 :]:
            if one.plan.area == other.plan.area or one.plan.site == other.plan.site:
                yield one, other


def _meeting(one: _DueStep, other: _DueStep) -> Contradiction | None:
    both = one.due_on & other.due_on
    return Contradiction(one.named, other.named, min(both), max(both), len(both)) if both else None


def _due_steps(plan: PlanOnSkin) -> Iterator[_DueStep]:
    """The plan's steps that are due on some date, in the order of the file."""
    due_on: Mapping[str, set[date]] = {step_id: set() for step_id in plan.protocol.care_steps}
    for occurrence in plan.timeline.occurrences:
        if occurrence.step_id is not None and not occurrence.withheld:
            due_on[occurrence.step_id].update(_dates(occurrence, plan.zone))
    for step_id, dates in due_on.items():
        if dates:
            yield _DueStep(plan, plan.protocol.care_steps[step_id], frozenset(dates))


def _dates(occurrence: Occurrence, zone: str) -> Iterator[date]:
    if occurrence.entry == "slot":
        yield occurrence.local.date()
        return
    on = plan_date(occurrence.window.opens_at, zone)
    last_on = plan_date(occurrence.window.closes_at - datetime.resolution, zone)
    while on <= last_on:
        yield on
        on += ONE_DAY
