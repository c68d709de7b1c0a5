"""Due windows: when an occurrence opens, is due and closes (protocols rules 53 to 56). All half-open."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from schedules.facts import DueWindow
from schedules.instants import DAY_TURNS_AT, ONE_DAY
from schedules.protocol_terms import PhotoWhen, StepKind
from schedules.recurrence import DueDay, StepSpan, slot_times
from schedules.wall_clock import WallClock

OPENS_BEFORE = timedelta(hours=2)
MASK_CLOSES_AFTER = timedelta(hours=3)
TIMED_CHECK_IN_CLOSES_AFTER = timedelta(hours=12)


class SlotWindow(NamedTuple):
    """A due slot: its number, its window, and what the client's clock shows when it is due."""

    number: int
    window: DueWindow
    local: datetime


def slot_windows(
    day: DueDay, times: tuple[time, ...], kind: StepKind, span: StepSpan, clock: WallClock
) -> Sequence[SlotWindow]:
    """The due slots of a day with their windows (rule 54); the other times of that day bound them all the same."""
    whole, opens_at, closes_at = _whole_windows(times, day.on, kind == "mask", clock)
    start, end, _ = span
    if start <= opens_at and closes_at <= end and len(day.due) == len(whole):
        return whole
    due = {slot.number for slot in day.due}
    return [
        SlotWindow(number, DueWindow(max(window.opens_at, start), window.due_at, min(window.closes_at, end)), local)
        for number, window, local in whole
        if number in due
    ]


@lru_cache(maxsize=1 << 12)
def _whole_windows(
    times: tuple[time, ...], on: date, is_mask: bool, clock: WallClock
) -> tuple[tuple[SlotWindow, ...], datetime, datetime]:
    """The windows of all slots of a date as they are where the step's own window does not cut them, when the first
    opens and the last closes."""
    slots = slot_times(times, on, clock)
    between = [_halfway(earlier.at, later.at) for earlier, later in pairwise(slots)]
    closing = [*between, clock.day_turn_after(slots[-1].at, on + ONE_DAY)]
    found = []
    for place, slot in enumerate(slots):
        opens_at = slot.at - OPENS_BEFORE
        if place > 0:
            opens_at = max(opens_at, between[place - 1])
        closes_at = closing[place]
        if is_mask:
            closes_at = min(closes_at, slot.at + MASK_CLOSES_AFTER)
        found.append(SlotWindow(slot.number, DueWindow(opens_at, slot.at, closes_at), clock.wall(slot.at)))
    return tuple(found), found[0].window.opens_at, found[-1].window.closes_at


def _halfway(earlier: datetime, later: datetime) -> datetime:
    return earlier + (later - earlier) / 2


@lru_cache(maxsize=1 << 12)
def day_window(on: date, check_in_at: time, clock: WallClock) -> DueWindow:
    """The window of a whole plan date, due at the client's check-in time (rule 53).

    A chosen time before 04:00 is the one inside the window, in the night that follows.
    """
    due_at = clock.at(on + ONE_DAY if check_in_at < DAY_TURNS_AT else on, check_in_at)
    opens_at = min(clock.at(on, DAY_TURNS_AT), due_at)
    return DueWindow(opens_at, due_at, clock.day_turn_after(due_at, on + ONE_DAY))


def timed_check_in_window(due_at: datetime, clock: WallClock) -> DueWindow:
    """The window of a check-in a number of hours after the treatment ended (rules 22 and 53)."""
    turn = clock.day_turn_after(due_at, due_at.date() - clock.spread)
    return DueWindow(due_at, due_at, max(due_at + TIMED_CHECK_IN_CLOSES_AFTER, turn))


def photo_window(
    when: PhotoWhen, check_in: DueWindow | None, whole_day: DueWindow, ended_at: datetime, clock: WallClock
) -> DueWindow:
    """The window of a photo check-in (rule 56): that of its day's check-in, else of the whole day.

    `before` closes when the treatment ended; it opens at the last 04:00 before that, since the day's check-in may open
    only after the treatment.
    """
    if when == "before":
        opens_at = clock.day_turn_before(ended_at)
        return DueWindow(opens_at, whole_day.due_at if opens_at <= whole_day.due_at < ended_at else opens_at, ended_at)
    window = check_in or whole_day
    if when == "after":
        return DueWindow(ended_at, max(window.due_at, ended_at), window.closes_at)
    return window
