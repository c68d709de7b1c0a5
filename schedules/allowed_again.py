"""When can I ...? From the steps that say "not yet": until when each holds, and what holds after it.

The protocol files say of a step that it is to be avoided, not what it is about. TOPICS says that, for every shipped
file, and is the only place that does; a test holds it to the words of the steps.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from schedules.facts import PlanFacts
from schedules.instants import MIDNIGHT, ONE_DAY, ONE_HOUR, wall_time
from schedules.protocol import CareStep, Protocol, WindowEnd
from schedules.protocol_terms import AnchorName
from schedules.recurrence import anchor_date, first_day_of
from schedules.timeline import is_in_plan

Topic = Literal["sun", "gym", "swim", "shave", "hat", "hair_dye"]


@dataclass(frozen=True, slots=True)
class TopicSteps:
    """Ids of steps: while one of `waits` holds, not yet; `then`: what still holds for a while after that."""

    waits: tuple[str, ...]
    then: tuple[str, ...] = ()


TOPICS: Mapping[Topic, TopicSteps] = {
    "sun": TopicSteps(("sun_cover",), ("sunscreen", "no_tan_before")),
    "gym": TopicSteps(("no_sweat",)),
    "swim": TopicSteps(("no_soak",)),
    "shave": TopicSteps(("no_shave",), ("no_razor",)),
    "hat": TopicSteps(("hat",)),
    "hair_dye": TopicSteps(("no_products",)),
}
# Steps whose words also wait for something that their window leaves out: "until the scabs are off, and not before
# day 14" has the window of 14 days alone.
ALSO_WAITS_FOR: Mapping[tuple[str, str], AnchorName] = {("saline", "no_soak"): "scabs_off"}
_LATER = ("next_treatment", "scabs_off", "skin_closed")  # of two that are not known yet, which is told: the later one


@dataclass(frozen=True, slots=True)
class LaterStep:
    """A step that holds after the waiting. `until_on`: the first whole day without it; None: not known yet."""

    step: CareStep
    until_on: date | None


@dataclass(frozen=True, slots=True)
class AllowedAgain:
    """One question with its answer.

    `on`: the first whole day on which the plan no longer says "not yet"; `is_now`: that day has come. While it waits
    for an anchor that is not known yet, `on` is None, `after` that anchor with `after_days` to go from it, and
    `about_on` the day for which the plan has it, if that still lies ahead.
    """

    topic: Topic
    is_now: bool
    on: date | None
    after: AnchorName | None
    after_days: int
    about_on: date | None
    waits: tuple[CareStep, ...]
    then: tuple[LaterStep, ...]


def list_allowed_again(protocol: Protocol, facts: PlanFacts, zone: str) -> tuple[AllowedAgain, ...]:
    """The answer to each question that the plan of this area has a step for; `zone` is the client's.

    A question without a step is left out: the plan says nothing about it.
    """
    answers = (_answer(topic, steps, protocol, facts, zone) for topic, steps in TOPICS.items())
    return tuple(answer for answer in answers if answer is not None)


def _answer(topic: Topic, steps: TopicSteps, protocol: Protocol, facts: PlanFacts, zone: str) -> AllowedAgain | None:
    waits = tuple(_told(steps.waits, protocol, facts))
    if not waits:
        return None
    ends = [(end, step) for step in waits for end in _ends(step, protocol)]
    unknown = [(end, step) for end, step in ends if _is_open(end, facts)]
    on = max((_first_free_day(end, facts, zone) for end, _ in ends if not _is_open(end, facts)), default=None)
    then = tuple(_later(steps.then, protocol, facts, zone))
    if unknown:
        end, step = max(unknown, key=lambda one: (_LATER.index(one[0].anchor), one[0].offset_h))
        planned = max(first_day_of(facts) + (step.window.plan_days[1] + 1) * ONE_DAY, on or date.min)
        about_on = planned if planned > facts.today else None
        return AllowedAgain(topic, False, None, end.anchor, end.offset_h // 24, about_on, waits, then)
    return AllowedAgain(topic, on is not None and on <= facts.today, on, None, 0, None, waits, then)


def _told(ids: tuple[str, ...], protocol: Protocol, facts: PlanFacts) -> Iterator[CareStep]:
    """Those of the steps that are part of this plan and do not wait for the clinic (rules 17 and 18)."""
    for step_id in ids:
        step = protocol.care_steps.get(step_id)
        if step is None or not is_in_plan(step, protocol, facts):
            continue
        if not step.clinic_must_confirm or step.id in facts.confirmed_steps:
            yield step


def _later(ids: tuple[str, ...], protocol: Protocol, facts: PlanFacts, zone: str) -> Iterator[LaterStep]:
    """Those that are not over yet, and have a stretch at all (rule 11)."""
    for step in _told(ids, protocol, facts):
        start, end = step.window.start, step.window.end
        until_on = None if _is_open(end, facts) else _first_free_day(end, facts, zone)
        begins_on = None if _is_open(start, facts) else _first_free_day(start, facts, zone)
        if until_on is None or (until_on > facts.today and (begins_on is None or begins_on < until_on)):
            yield LaterStep(step, until_on)


def _ends(step: CareStep, protocol: Protocol) -> Iterator[WindowEnd]:
    yield step.window.end
    anchor = ALSO_WAITS_FOR.get((protocol.id, step.id))
    if anchor is not None:
        yield WindowEnd(anchor, 0)


def _is_open(end: WindowEnd, facts: PlanFacts) -> bool:
    return end.anchor != "treatment_end" and anchor_date(facts, end.anchor) is None


def _first_free_day(end: WindowEnd, facts: PlanFacts, zone: str) -> date:
    """An anchor's date begins at midnight; hours after the treatment end somewhere in a day, and the next one is
    free."""
    on = anchor_date(facts, end.anchor)
    if on is not None:
        return on + end.offset_h * ONE_HOUR
    shown = wall_time(facts.treatment_ended_at + end.offset_h * ONE_HOUR, zone)
    return shown.date() if shown.time() == MIDNIGHT else shown.date() + ONE_DAY
