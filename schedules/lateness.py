"""What becomes of reminders that could not go out in time, after an outage of ours or of a provider (PROMISES P6).

A backlog must not become a flood: what is late and still of use to a client is one push, at once, or at the end of the
client's quiet hours, for an outage may end at night. What is past its window expires elsewhere. Alone go, as in
`merging`, what must not drown in a list, and what people at the clinic wrote; a timer that has ended (`mask_done`)
breaks through quiet hours here too, and so does the follow-up of a flag if the client agreed to it.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from schedules.merging import COUNTED
from schedules.quiet_hours import ClientClock, QuietHours, ZoneHistory
from schedules.reminder_facts import ReminderKind

LATE_AFTER = timedelta(minutes=30)  # well past a busy hour of the worker, well within the shortest window of a step
MERGED_WHEN_LATE: frozenset[ReminderKind] = COUNTED | {"first_day", "check_again", "appointment"}


@dataclass(frozen=True, slots=True)
class ClientNight:
    """What quiet hours a client has, by the zone that the phone reported last."""

    zone: str
    quiet: tuple[time, time] | None
    help_may_break_quiet: bool


def is_late(kind: ReminderKind, overdue: timedelta, *, waited: bool) -> bool:
    """Whether a client's due reminder must be looked at before it is sent. `waited`: its channel was stopped."""
    return kind != "mask_done" and (waited or overdue >= LATE_AFTER)


def place_late(kind: ReminderKind, expires_at: datetime, now: datetime, night: ClientNight) -> datetime:
    """When a late reminder goes out: now, or at the end of quiet hours; never later than `expires_at`, when it ends."""
    if kind == "help_followup" and night.help_may_break_quiet:
        return now
    quiet = QuietHours(night.quiet, ClientClock(ZoneHistory(night.zone))).around(now)
    return now if quiet is None else min(quiet.ends_at, expires_at)
