"""Due windows: when an occurrence opens, is due and closes (protocols rules 53 to 56). All half-open."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from schedules.facts import DueWindow
from schedules.instants import DAY_TURNS_AT, ONE_DAY
from schedules.protocol import PhotoWhen, StepKind
from schedules.recurrence import SlotTime, StepSpan
from schedules.wall_clock import WallClock

OPENS_BEFORE = timedelta(hours=2)
MASK_CLOSES_AFTER = timedelta(hours=3)
TIMED_CHECK_IN_CLOSES_AFTER = timedelta(hours=12)


def slot_window(
    slot: SlotTime, slots: Sequence[SlotTime], on: date, kind: StepKind, span: StepSpan, clock: WallClock
) -> DueWindow:
    """The window of a care slot (rule 54). `slots`: all of the day in order of time, also those outside the span."""
    place = slots.index(slot)
    opens_at = max(span.start, slot.at - OPENS_BEFORE)
    if place > 0:
        opens_at = max(opens_at, _halfway(slots[place - 1].at, slot.at))
    if place + 1 < len(slots):
        closes_at = _halfway(slot.at, slots[place + 1].at)
    else:
        closes_at = clock.day_turn_after(slot.at, on + ONE_DAY)
    if kind == "mask":
        closes_at = min(closes_at, slot.at + MASK_CLOSES_AFTER)
    return DueWindow(opens_at, slot.at, min(closes_at, span.end))


def _halfway(earlier: datetime, later: datetime) -> datetime:
    return earlier + (later - earlier) / 2


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
