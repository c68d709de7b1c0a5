"""The dated plan: every care step, check-in and photo of the asked days, from a protocol and the facts.

Nothing is stored: the same protocol, facts, zone and days always give the same answer.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from operator import attrgetter
from typing import Literal

from schedules.facts import (
    DayWindow,
    DueWindow,
    FlagSpan,
    Occurrence,
    OccurrenceKind,
    PauseSpan,
    PlanFacts,
    StepClock,
    Timeline,
)
from schedules.instants import MIDNIGHT, ONE_DAY, ONE_HOUR, plan_date, resolve_local
from schedules.protocol import CareStep, CheckInPlan, PhotoCheckIn, Protocol
from schedules.protocol_terms import FrequencyType, PhotoWhen, Remind
from schedules.recurrence import (
    StepSpan,
    anchor_date,
    find_pause,
    first_day_of,
    join_pauses,
    list_due_days,
    resolve_span,
)
from schedules.wall_clock import WallClock, find_clock
from schedules.windows import SlotWindow, day_window, photo_window, slot_windows, timed_check_in_window

_ENTRIES: dict[FrequencyType, Literal["slot", "rule", "as_needed"]] = {"continuous": "rule", "as_needed": "as_needed"}
ALL_KINDS: tuple[OccurrenceKind, ...] = ("care_step", "check_in", "photo")
_MOST_DAYS = 10_000  # further than any plan reaches, and within the calendar
_EVERY_DAY = DayWindow(-_MOST_DAYS, _MOST_DAYS)
_YEARS = range(1900, 2201)
_PHOTO_TITLES: dict[PhotoWhen, str] = {
    "before": "Photos before the treatment",
    "after": "Photos after the treatment",
    "any": "Photos",
}


def build_timeline(
    protocol: Protocol,
    facts: PlanFacts,
    zone: str,
    window: DayWindow | None = None,
    kinds: Collection[OccurrenceKind] = ALL_KINDS,
) -> Timeline:
    """All occurrences whose plan day is asked for, in order of due_at, then key. `window` None: all days.

    `zone` is where the client is now; with a history in `facts.zones` that history is followed instead (rule 58).
    A rule or as-needed entry is one occurrence under the day it starts; it is part of the answer where any day on which
    it holds is asked for. Occurrences dropped by an open flag (rule 39), a pause or the plan's end are left out; a due
    day of `every_n_days` that a pause takes moves behind the pause, and the rhythm with it. Days count on in a pause.
    Cost goes by the days asked for. ValueError for an unknown zone, and for a treatment or anchor that is not within
    1900 to 2200.
    """
    day_0 = _check_dates(facts)
    clock = find_clock(zone, facts.plan_zone, facts.zones)
    asked = _EVERY_DAY if window is None else _within_reach(window)
    if asked.to_day < asked.from_day:
        return Timeline(())
    plan = _Plan(protocol, facts, clock, day_0, asked, join_pauses(facts.pauses), _not_ready_until(facts))
    parts = {"care_step": _care_steps, "check_in": _check_ins, "photo": _photos}
    found = [occurrence for kind in kinds for occurrence in parts[kind](plan)]
    found.sort(key=attrgetter("key"))
    found.sort(key=attrgetter("window.due_at"))  # stable; two plain sorts cost less than one by pairs
    return Timeline(tuple(found))


def _within_reach(window: DayWindow) -> DayWindow:
    """The days of a window that a plan can have; of one that lies further out no day is left."""
    return DayWindow(
        min(max(window.from_day, -_MOST_DAYS), _MOST_DAYS + 1), max(min(window.to_day, _MOST_DAYS), -_MOST_DAYS - 1)
    )


def _check_dates(facts: PlanFacts) -> date:
    """Day 0, if it and all anchors lie where a plan can be reckoned with."""
    if facts.treatment_ended_at.year in _YEARS and all(on.year in _YEARS for on in facts.anchors.values()):
        return first_day_of(facts)
    dates = [f"treatment end {facts.treatment_ended_at.isoformat()}"]
    dates += [f"{name} {on}" for name, on in facts.anchors.items()]
    raise ValueError(f"a plan lies within {_YEARS[0]} to {_YEARS[-1]}, got {', '.join(dates)}")


@dataclass(frozen=True, slots=True)
class _Plan:
    """What every part of one timeline is built from."""

    protocol: Protocol
    facts: PlanFacts
    clock: WallClock
    day_0: date
    asked: DayWindow
    pauses: tuple[PauseSpan, ...]
    not_ready_until: datetime | None  # the end of what is asked for until the skin is ready; None: not known yet

    def on(self, day: int) -> date:
        return self.day_0 + day * ONE_DAY

    def day(self, on: date) -> int:
        return (on - self.day_0).days

    def asks(self, first: int, last: int) -> bool:
        return first <= self.asked.to_day and self.asked.from_day <= last

    def has_ended(self, at: datetime) -> bool:
        return self.facts.ended_at is not None and at >= self.facts.ended_at

    def is_paused(self, at: datetime) -> bool:
        return bool(self.pauses) and find_pause(self.pauses, at) is not None

    def is_dropped(self, step: CareStep, at: datetime) -> bool:
        """Whether a flag or the plan's end takes away what the step would ask at an instant."""
        return self.has_ended(at) or self.is_stopped(step, at)

    def is_stopped(self, step: CareStep, at: datetime) -> bool:
        """Whether an open flag stops the step at an instant (rule 39)."""
        return bool(self.facts.flags) and any(
            flag.raised_at <= at and (flag.closed_at is None or at < flag.closed_at) and _stops(flag, step)
            for flag in self.facts.flags
        )


def _stops(flag: FlagSpan, step: CareStep) -> bool:
    if flag.urgency == "emergency" or flag.rule_id in step.stop_when:
        return True
    return flag.urgency == "same_day" and step.kind in ("mask", "apply")


# --- care steps ---------------------------------------------------------------------------------------------------


def _care_steps(plan: _Plan) -> list[Occurrence]:
    found: list[Occurrence] = []
    # Dates within which a window must lie to have any part of the days asked for, in whatever zone.
    first, last = plan.on(plan.asked.from_day) - plan.clock.spread, plan.on(plan.asked.to_day) + plan.clock.spread
    for step in plan.protocol.care_steps.values():
        if is_in_plan(step, plan.protocol, plan.facts):
            span = resolve_span(step, plan.facts, plan.clock)
            if span.start.date() <= last and first <= span.end.date():
                found += _entry(step, span, plan) if step.frequency.type in _ENTRIES else _slots(step, span, plan)
    return found


def is_in_plan(step: CareStep, protocol: Protocol, facts: PlanFacts) -> bool:
    """Whether a step is part of the plan (rule 17). One that waits for the clinic is, marked as withheld (rule 18)."""
    care_style = facts.care_style or protocol.method.default_care_style
    return (
        facts.site in step.sites
        and care_style in step.care_styles
        and (step.default_on or step.id in facts.turned_on_steps)
    )


def _slots(step: CareStep, span: StepSpan, plan: _Plan) -> list[Occurrence]:
    times = plan.facts.step_times.get(step.id, step.frequency.suggested_times)
    asked = (plan.on(plan.asked.from_day), plan.on(plan.asked.to_day))
    speaks_at: datetime | None = None
    if step.remind == "window_start":  # one message for the whole window: that of its first slot
        all_days = list_due_days(step.frequency, times, span, plan.clock, (date.min, date.max), plan.pauses)
        first_day = None if _starts_with_plan(step) else next(all_days, None)
        speaks_at = span.end if first_day is None else first_day.due[0].at
    make, day_0 = _maker_of(step, span, plan), plan.day_0
    may_drop = bool(plan.facts.flags) or plan.facts.ended_at is not None
    found: list[Occurrence] = []
    for due_day in list_due_days(step.frequency, times, span, plan.clock, asked, plan.pauses):
        day = (due_day.on - day_0).days
        for slot in slot_windows(due_day, times, step.kind, span, plan.clock):
            if not (may_drop and plan.is_dropped(step, slot.window.due_at)):
                found.append(make(day, slot, speaks_at is not None and slot.window.due_at != speaks_at))
    return found


def _entry(step: CareStep, span: StepSpan, plan: _Plan) -> Iterator[Occurrence]:
    """The one entry of a rule or an as-needed step (rule 15). A flag or pause silences it and does not remove it."""
    ended_at = plan.facts.ended_at
    end = span.end if ended_at is None else min(span.end, ended_at)
    if end <= span.start:
        return
    first = plan.day(plan_date(span.start, plan.facts.plan_zone))
    last = plan.day(plan_date(end - datetime.resolution, plan.facts.plan_zone))
    if plan.asks(first, last):
        silent = _starts_with_plan(step) or plan.is_paused(span.start) or plan.is_dropped(step, span.start)
        window = DueWindow(span.start, span.start, end)
        yield _maker_of(step, span, plan)(first, SlotWindow(1, window, plan.clock.wall(span.start)), silent)


def _starts_with_plan(step: CareStep) -> bool:
    """Whether the step's one message stands in the day-0 message instead (rule 19)."""
    start = step.window.start
    return step.remind == "window_start" and start.anchor == "treatment_end" and start.offset_h == 0


def _maker_of(step: CareStep, span: StepSpan, plan: _Plan) -> Callable[[int, SlotWindow, bool], Occurrence]:
    """What makes the occurrences of one step from a day, a slot and whether it is silent."""
    step_id, title, kind, remind = step.id, step.title, step.kind, step.remind
    entry = _ENTRIES.get(step.frequency.type, "slot")
    by_hours = entry != "slot" and step.window.start.anchor == "treatment_end"
    clock: StepClock = "elapsed" if by_hours else "client_wall"
    withheld = step.clinic_must_confirm and step_id not in plan.facts.confirmed_steps
    provisional = span.provisional

    def make(day: int, slot: SlotWindow, silent: bool) -> Occurrence:
        number, window, local = slot
        key = f"{step_id}@d{day}#{number}"
        return Occurrence(
            key, "care_step", title, day, number, window, local,
            step_id, kind, entry, remind, False, provisional, withheld, silent, clock,
        )  # fmt: skip

    return make


# --- check-ins and photos -----------------------------------------------------------------------------------------


def _check_ins(plan: _Plan) -> Iterator[Occurrence]:
    for check_in in plan.protocol.check_ins:
        if plan.asks(check_in.day, check_in.day):
            window = _check_in_window(check_in, plan)
            if _is_awaited(check_in, window.due_at, plan):
                title = f"Day {check_in.day} check-in"
                yield _once(f"check_in@d{check_in.day}", "check_in", title, check_in, window, check_in, plan)


def _photos(plan: _Plan) -> Iterator[Occurrence]:
    check_ins = {check_in.day: check_in for check_in in plan.protocol.check_ins}
    for photo in plan.protocol.photo_check_ins:
        if plan.asks(photo.day, photo.day):
            check_in = check_ins.get(photo.day)
            window = photo_window(
                photo.when,
                _check_in_window(check_in, plan) if check_in else None,
                day_window(plan.on(photo.day), plan.facts.check_in_at, plan.clock),
                plan.facts.treatment_ended_at,
                plan.clock,
            )
            if _is_awaited(photo, window.due_at, plan):
                key = f"photo@d{photo.day}#{photo.when}"
                like = None if photo.when == "before" else check_in
                yield _once(key, "photo", _PHOTO_TITLES[photo.when], photo, window, like, plan)


def _check_in_window(check_in: CheckInPlan, plan: _Plan) -> DueWindow:
    if check_in.at_h is None:
        return day_window(plan.on(check_in.day), plan.facts.check_in_at, plan.clock)
    return timed_check_in_window(plan.facts.treatment_ended_at + check_in.at_h * ONE_HOUR, plan.clock)


def _is_awaited(item: CheckInPlan | PhotoCheckIn, due_at: datetime, plan: _Plan) -> bool:
    """Whether a check-in or photo is asked for when it falls due."""
    if plan.has_ended(due_at) or plan.is_paused(due_at):
        return False
    return item.condition is None or plan.not_ready_until is None or due_at < plan.not_ready_until


def _not_ready_until(facts: PlanFacts) -> datetime | None:
    """When `not_ready_yet` ends (rule 24): at the sign-off or the next treatment, whichever comes first."""
    next_on = anchor_date(facts, "next_treatment")
    next_at = None if next_on is None else resolve_local(next_on, MIDNIGHT, facts.plan_zone)
    return min((end for end in (facts.not_ready_until, next_at) if end is not None), default=None)


def _once(
    key: str,
    kind: OccurrenceKind,
    title: str,
    item: CheckInPlan | PhotoCheckIn,
    window: DueWindow,
    like: CheckInPlan | None,
    plan: _Plan,
) -> Occurrence:
    """A check-in or photo; `like`: the check-in that says when it is due, by hours or by the clock."""
    local = plan.clock.wall(window.due_at)
    remind: Remind = "each_time" if kind == "check_in" else "none"
    clock: StepClock = "client_wall" if like is None or like.at_h is None else "elapsed"
    return Occurrence(
        key, kind, title, item.day, 1, window, local,
        None, None, "slot", remind, item.optional, False, False, False, clock,
    )  # fmt: skip
