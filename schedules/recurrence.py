"""When a care step is due: windows between anchors, days of a recurrence, times of day (protocols rules 4 to 16)."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from functools import lru_cache
from typing import NamedTuple

from schedules.facts import PauseSpan, PlanFacts
from schedules.instants import MIDNIGHT, ONE_DAY, ONE_HOUR, plan_date, resolve_local
from schedules.protocol import CareStep, Frequency, WindowEnd
from schedules.protocol_terms import AnchorName
from schedules.wall_clock import WallClock


class StepSpan(NamedTuple):
    """A step's window, half-open [start, end). `provisional`: its start hangs on an anchor not known yet (rule 12)."""

    start: datetime
    end: datetime
    provisional: bool


class SlotTime(NamedTuple):
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


def resolve_span(step: CareStep, facts: PlanFacts, clock: WallClock) -> StepSpan:
    """The window of a step, each end by itself (rules 7 to 10).

    Dates begin at 00:00 in the zone in which the plan was started (rules 5 and 58), so that travel moves no window.
    An end that moves on with today also waits for the end of the client's own day: west of the plan's zone the
    evening is still to come when the plan's date turns, and what must go on goes on.
    """
    window = step.window
    known_start = start = _known_end(window.start, facts)
    end = _known_end(window.end, facts)
    if start is None or end is None:
        day_0 = first_day_of(facts)
        first_planned, last_planned = window.plan_days
        if start is None:
            start = _midnight(max(day_0 + first_planned * ONE_DAY, facts.today + ONE_DAY), facts)
        if end is None:
            turn = max(day_0 + last_planned * ONE_DAY, facts.today) + ONE_DAY
            end = max(_midnight(turn, facts), clock.at(turn, MIDNIGHT))
    return StepSpan(start, end, known_start is None)


def _known_end(end: WindowEnd, facts: PlanFacts) -> datetime | None:
    if end.anchor == "treatment_end":
        return facts.treatment_ended_at + end.offset_h * ONE_HOUR
    on = anchor_date(facts, end.anchor)
    return None if on is None else _midnight(on + end.offset_h * ONE_HOUR, facts)


def _midnight(on: date, facts: PlanFacts) -> datetime:
    return resolve_local(on, MIDNIGHT, facts.plan_zone)


@lru_cache(maxsize=1 << 12)
def slot_times(times: tuple[time, ...], on: date, clock: WallClock) -> tuple[SlotTime, ...]:
    """The due times of a plan date in order of time. Two at one instant are one, the earlier slot (rule 16)."""
    slots: dict[datetime, SlotTime] = {}
    for number, shown in enumerate(times, start=1):
        at = clock.at(on, shown)
        slots.setdefault(at, SlotTime(number, at))
    return tuple(sorted(slots.values(), key=lambda slot: slot.at))


class DueDay(NamedTuple):
    """A plan date with a step due, and which of its times lie in the step's window and are held back by no pause."""

    on: date
    due: Sequence[SlotTime]


@lru_cache(maxsize=1 << 12)
def _whole_day(times: tuple[time, ...], on: date, clock: WallClock) -> DueDay:
    return DueDay(on, slot_times(times, on, clock))


@lru_cache(maxsize=1 << 12)
def _new_on_day(times: tuple[time, ...], on: date, clock: WallClock) -> DueDay:
    """Those of a date that the date before has not: a local date or midnight that does not exist doubles nothing."""
    taken = {slot.at for slot in slot_times(times, on - ONE_DAY, clock)}
    return DueDay(on, tuple(slot for slot in slot_times(times, on, clock) if slot.at not in taken))


class _Rhythm(NamedTuple):
    """A step's times of day, every how many days, its window, the client's clock and the pauses (joined)."""

    times: tuple[time, ...]
    every: int
    span: StepSpan
    clock: WallClock
    pauses: Sequence[PauseSpan]


def list_due_days(
    frequency: Frequency,
    times: tuple[time, ...],
    span: StepSpan,
    clock: WallClock,
    asked: tuple[date, date],
    pauses: Sequence[PauseSpan] = (),
) -> Iterator[DueDay]:
    """The plan dates, within those asked for (both included), on which a step is due (rules 13, 14 and 16).

    What falls into a pause is held back. A due day of `every_n_days` that a pause takes whole moves to the first date
    with a time after the pause, and every n days goes on from there. `pauses` as `join_pauses` gives them.
    Cost goes by the dates asked for, not by the length of the window.
    """
    start, until, _ = span
    if until <= start:  # rule 11
        return
    every = frequency.every_n_days or 1
    day_on = _whole_day if every > 1 else _new_on_day
    gap = every * ONE_DAY
    for first, last in _runs(_Rhythm(times, every, span, clock, pauses)):
        on, end = _next_of(first, every, asked[0]), min(asked[1], last)
        while on <= end:
            day = day_on(times, on, clock)
            due = day.due
            if not due or due[0].at < start or until <= due[-1].at:
                due = _inside(due, span)
            if pauses:
                due = _not_held(due, pauses)
            if due:
                yield day if due is day.due else DueDay(on, due)
            on += gap


def join_pauses(pauses: Sequence[PauseSpan]) -> tuple[PauseSpan, ...]:
    """The same pauses in order of time; those that overlap or touch are one, and empty ones are none."""
    joined: list[PauseSpan] = []
    for pause in sorted(pauses, key=lambda each: each.from_at):
        last = joined[-1] if joined else None
        if last is not None and (last.until_at is None or pause.from_at <= last.until_at):
            joined[-1] = PauseSpan(last.from_at, _later_end(last, pause))
        elif pause.until_at is None or pause.from_at < pause.until_at:
            joined.append(pause)
    return tuple(joined)


def _later_end(one: PauseSpan, other: PauseSpan) -> datetime | None:
    if one.until_at is None or other.until_at is None:
        return None
    return max(one.until_at, other.until_at)


def find_pause(pauses: Sequence[PauseSpan], at: datetime) -> PauseSpan | None:
    """The pause that an instant lies in, None where there is none."""
    return next((p for p in pauses if p.from_at <= at and (p.until_at is None or at < p.until_at)), None)


def _runs(rhythm: _Rhythm) -> Iterator[tuple[date, date]]:
    """The runs of due days, (first, last) both included: between two runs a pause took a due day."""
    earliest, latest = rhythm.span.start.date() - rhythm.clock.spread, rhythm.span.end.date() + rhythm.clock.spread
    if rhythm.every == 1:
        yield earliest, latest
        return
    first = _first_due_date(rhythm, rhythm.span, earliest, latest)
    for pause in rhythm.pauses:
        taken = _first_taken(rhythm, first, latest, pause)
        if taken is not None:
            yield first, taken - ONE_DAY
            if pause.until_at is None:
                return
            rest = rhythm.span._replace(start=max(rhythm.span.start, pause.until_at))
            first = _first_due_date(rhythm, rest, max(taken, rest.start.date() - rhythm.clock.spread), latest)
    yield first, latest


def _first_due_date(rhythm: _Rhythm, span: StepSpan, on: date, latest: date) -> date:
    """The first date from `on` on with a time in the window (rule 14); past `latest` where there is none."""
    while on <= latest and not _inside(slot_times(rhythm.times, on, rhythm.clock), span):
        on += ONE_DAY
    return on


def _first_taken(rhythm: _Rhythm, first: date, latest: date, pause: PauseSpan) -> date | None:
    """The first due day of a run that a pause takes: nothing of it is left, and its last time lies in that pause."""
    on = _next_of(first, rhythm.every, pause.from_at.date() - rhythm.clock.spread)
    if pause.until_at is not None:
        latest = min(latest, pause.until_at.date() + rhythm.clock.spread)
    while on <= latest:
        due = _inside(slot_times(rhythm.times, on, rhythm.clock), rhythm.span)
        if due and not _not_held(due, rhythm.pauses) and find_pause([pause], due[-1].at):
            return on
        on += rhythm.every * ONE_DAY
    return None


def _next_of(first: date, every: int, on: date) -> date:
    """The first date of `first`, `first` + every, ... that is not before `on`."""
    return first + max(0, -(-(on - first).days // every)) * every * ONE_DAY


def _inside(slots: Sequence[SlotTime], span: StepSpan) -> Sequence[SlotTime]:
    return [slot for slot in slots if span.start <= slot.at < span.end]


def _not_held(slots: Sequence[SlotTime], pauses: Sequence[PauseSpan]) -> Sequence[SlotTime]:
    return [slot for slot in slots if find_pause(pauses, slot.at) is None]
