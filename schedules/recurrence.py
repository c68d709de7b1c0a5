"""When a care step is due: windows between anchors, days of a recurrence, times of day (protocols rules 4 to 16)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from schedules.facts import PlanFacts
from schedules.instants import MIDNIGHT, ONE_DAY, plan_date, resolve_local
from schedules.protocol import AnchorName, CareStep, Frequency, WindowEnd
from schedules.wall_clock import WallClock


@dataclass(frozen=True, slots=True)
class StepSpan:
    """A step's window, half-open [start, end). `provisional`: its start hangs on an anchor not known yet (rule 12)."""

    start: datetime
    end: datetime
    provisional: bool


@dataclass(frozen=True, slots=True)
class SlotTime:
    """One of the due times of a step on one plan date; `number` counts from 1 in the order of the times (rule 16)."""

    number: int
    at: datetime


def first_day_of(facts: PlanFacts) -> date:
    """The date of day 0 (rule 1)."""
    return plan_date(facts.treatment_ended_at, facts.plan_zone)


def anchor_date(facts: PlanFacts, anchor: AnchorName) -> date | None:
    """The date of an anchor, None while unknown. Where only skin_closed is known, scabs_off has its date (rule 6)."""
    known = facts.anchors.get(anchor)
    return facts.anchors.get("skin_closed") if known is None and anchor == "scabs_off" else known


def resolve_span(step: CareStep, facts: PlanFacts) -> StepSpan:
    """The window of a step, each end by itself (rules 7 to 10).

    Dates begin at 00:00 in the zone in which the plan was started (rules 5 and 58), so that travel moves no window.
    """
    day_0 = first_day_of(facts)
    first_planned, last_planned = (day_0 + day * ONE_DAY for day in step.window.plan_days)
    start = _known_end(step.window.start, facts)
    end = _known_end(step.window.end, facts)
    return StepSpan(
        start=start or _midnight(max(first_planned, facts.today + ONE_DAY), facts),
        end=end or _midnight(max(last_planned, facts.today) + ONE_DAY, facts),
        provisional=start is None,
    )


def _known_end(end: WindowEnd, facts: PlanFacts) -> datetime | None:
    if end.anchor == "treatment_end":
        return facts.treatment_ended_at + timedelta(hours=end.offset_h)
    on = anchor_date(facts, end.anchor)
    return None if on is None else _midnight(on + timedelta(hours=end.offset_h), facts)


def _midnight(on: date, facts: PlanFacts) -> datetime:
    return resolve_local(on, MIDNIGHT, facts.plan_zone)


def slot_times(times: Sequence[time], on: date, clock: WallClock) -> list[SlotTime]:
    """The due times of a plan date in order of time. Two at one instant are one, the earlier slot (rule 16)."""
    slots: dict[datetime, SlotTime] = {}
    for number, shown in enumerate(times, start=1):
        at = clock.at(on, shown)
        slots.setdefault(at, SlotTime(number, at))
    return sorted(slots.values(), key=lambda slot: slot.at)


@dataclass(frozen=True, slots=True)
class DueDay:
    """A plan date with a step due. `slots`: all its times, also those outside the window. `due`: those inside."""

    on: date
    slots: tuple[SlotTime, ...]
    due: tuple[SlotTime, ...]


def list_due_days(
    frequency: Frequency, times: Sequence[time], span: StepSpan, clock: WallClock, asked: tuple[date, date]
) -> Iterator[DueDay]:
    """The plan dates, within those asked for (both included), on which a step is due (rules 13, 14 and 16).

    Cost goes by the dates asked for, not by the length of the window.
    """
    if span.end <= span.start:  # rule 11
        return
    every = frequency.every_n_days or 1
    earliest, latest = span.start.date() - clock.spread, span.end.date() + clock.spread
    if every > 1:
        earliest = _first_due_date(times, span, clock, (earliest, latest))
    on = earliest + max(0, -(-(asked[0] - earliest).days // every)) * every * ONE_DAY
    while on <= min(asked[1], latest):
        day = _due_day(times, on, span, clock)
        if every == 1:
            day = _without_repeats(day, times, clock)
        if day.due:
            yield day
        on += every * ONE_DAY


def _first_due_date(times: Sequence[time], span: StepSpan, clock: WallClock, within: tuple[date, date]) -> date:
    on, latest = within
    while on <= latest and not _due_day(times, on, span, clock).due:
        on += ONE_DAY
    return on


def _due_day(times: Sequence[time], on: date, span: StepSpan, clock: WallClock) -> DueDay:
    slots = slot_times(times, on, clock)
    return DueDay(on, tuple(slots), tuple(slot for slot in slots if span.start <= slot.at < span.end))


def _without_repeats(day: DueDay, times: Sequence[time], clock: WallClock) -> DueDay:
    """Where a local date or midnight does not exist, an instant can belong to the day before already (rule 16)."""
    taken = {clock.at(day.on - ONE_DAY, shown) for shown in times}
    due = tuple(slot for slot in day.due if slot.at not in taken)
    return day if due == day.due else replace(day, due=due)
