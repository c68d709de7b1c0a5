"""CONTRACT. The facts that reminders are planned from, and the reminders planned. Values only, no rules.

All instants are aware UTC datetimes, as in `facts`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Literal, NamedTuple

from schedules.facts import PlanFacts
from schedules.protocol_terms import Urgency

ReminderKind = Literal[
    "first_day",
    "merged",
    "check_in_due",
    "check_in_open",
    "care_step",
    "mask_due",
    "mask_done",
    "message",
    "plan_changed",
    "check_again",
    "help_followup",
    "one_tap",
    "paused",
    "correction",
    "reviewed",
    "ready",
    "appointment",
    "act_now",
    "alarm",
    "digest",
]


@dataclass(frozen=True, slots=True)
class ReminderPreferences:
    """The client's wishes. `quiet` is local [from, until) and may pass midnight; None = no quiet hours."""

    quiet: tuple[time, time] | None = (time(22, 0), time(7, 30))
    daily_cap: int = 3
    merge_minutes: int = 45
    help_may_break_quiet: bool = False


@dataclass(frozen=True, slots=True)
class WatchResult:
    """A check-in of plan day `day`, answered `at`, whose level was watch: asks for one `check_again`."""

    day: int
    at: datetime


@dataclass(frozen=True, slots=True)
class RunningTimer:
    """A mask timer that ends at `ends_at`."""

    occurrence_key: str
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class ScheduledCheckIn:
    """A planned check-in that is not optional, of any plan of a client, as the silence of that client is read from."""

    due_at: datetime
    closes_at: datetime
    answered: bool


@dataclass(frozen=True, slots=True)
class MissedRow:
    """Scheduled check-ins missed in a row, up to one moment.

    `since`: from when the silence counts: when the first of them was due, or the client's last word if that came later;
    `closed_at`, `third_closed_at`: when the last and the third of them closed; None where there was none.
    `stopped_at`: from when on reminders stay silent (DESIGN section 7); None: they go on.
    """

    missed: int = 0
    since: datetime | None = None
    closed_at: datetime | None = None
    third_closed_at: datetime | None = None
    stopped_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ReminderFacts:
    """What bears on sending beside the timeline: what is done, and follow-ups of open flags.

    `done_keys`: occurrences done, declined or superseded; nothing is sent for them. `sent`: (kind, occurrence key)
    pairs already sent, never sent twice. `routine_sent`: instants of routine pushes already sent (they count in the
    daily cap). `follow_up_h`: hours by urgency, from the protocol. `appointment_at`: the booked next treatment.
    `ref`: names the plan where several are planned together; it leads its dedupe keys. `missed_row`: the client's.
    """

    plan: PlanFacts
    follow_up_h: Mapping[Urgency, tuple[int, ...]] = field(default_factory=dict)
    watch_results: tuple[WatchResult, ...] = ()
    timers: tuple[RunningTimer, ...] = ()
    appointment_at: datetime | None = None
    done_keys: frozenset[str] = frozenset()
    sent: frozenset[tuple[str, str]] = frozenset()
    routine_sent: tuple[datetime, ...] = ()
    joined_at: datetime | None = None  # when the phone joined; first_day is sent then, if after the treatment end
    ref: str = ""
    missed_row: MissedRow = field(default_factory=MissedRow)


class PlannedReminder(NamedTuple):
    """One push to be sent, or one row carried by another or left out.

    `outcome`: `send`; `merged` (into `carrier_key`); `capped` (left out by the daily cap, kept for the trail); `quiet`
    (its whole window lies in quiet hours: not sent, kept for the trail).
    `dedupe_key` is stable for (plan, kind, occurrence): planning twice gives the same keys. `occurrences`: all keys
    carried. `ref`: the plan it belongs to, a carrier to that of the first it carries. `by_mail`: mail carries it too.
    """

    dedupe_key: str
    kind: ReminderKind
    occurrence: str | None
    occurrences: tuple[str, ...]
    send_at: datetime
    expires_at: datetime
    local: datetime
    reason: str
    outcome: Literal["send", "merged", "capped", "quiet"] = "send"
    carrier_key: str | None = None
    ref: str = ""
    by_mail: bool = False


@dataclass(frozen=True, slots=True)
class Horizon:
    """Half-open [start, end) of send times to be planned."""

    start: datetime
    end: datetime
