"""CONTRACT. The facts that the core's rules are given, and the values they answer with. Values only, no rules.

All instants are aware UTC datetimes; dates are local dates in the zone in which the plan was started (protocols rule
58). What one plan has by the hundred (windows, occurrences, reminders) is a named tuple: a frozen dataclass takes four
times as long to make.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Literal, NamedTuple

from schedules.protocol_terms import (
    AnchorName,
    AnswerValue,
    CareStyle,
    ConditionGroup,
    Level,
    Remind,
    Site,
    StepKind,
    Urgency,
)

# --- facts of one care plan ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FlagSpan:
    """A flag and the time it was open. `closed_at` None: still open.

    `elsewhere`: it was raised on another plan of the same client. An emergency stops every care step, whichever area
    it was raised for (rule 39); its follow-ups belong to its own plan.
    """

    rule_id: str
    urgency: Urgency
    raised_at: datetime
    closed_at: datetime | None = None
    elsewhere: bool = False


@dataclass(frozen=True, slots=True)
class PauseSpan:
    from_at: datetime
    until_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ZoneChange:
    """From `from_at` on the client's wall clock is that of `zone`."""

    from_at: datetime
    zone: str


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """What is known of one care plan at one moment.

    `today` is the local date (4 am rule) on which the timeline is asked; it moves forecasts on (rule 9).
    `not_ready_until` ends `not_ready_yet` check-ins and photos: the instant of the sign-off or of the next treatment.
    `step_times` are the client's own times for a step; `check_in_at` the client's check-in time.
    `facts_changed_at`: occurrences that the newest facts create before it are not applicable (rule 20).
    """

    treatment_ended_at: datetime
    plan_zone: str
    today: date
    site: Site
    care_style: CareStyle | None = None
    anchors: Mapping[AnchorName, date] = field(default_factory=dict)
    confirmed_steps: frozenset[str] = frozenset()
    turned_on_steps: frozenset[str] = frozenset()
    flags: tuple[FlagSpan, ...] = ()
    pauses: tuple[PauseSpan, ...] = ()
    zones: tuple[ZoneChange, ...] = ()
    not_ready_until: datetime | None = None
    ended_at: datetime | None = None
    check_in_at: time = time(8, 0)
    step_times: Mapping[str, tuple[time, ...]] = field(default_factory=dict)


# --- the timeline -------------------------------------------------------------------------------------------------

OccurrenceKind = Literal["care_step", "check_in", "photo"]


class DueWindow(NamedTuple):
    """Half-open [opens_at, closes_at); due_at lies in it or at its start."""

    opens_at: datetime
    due_at: datetime
    closes_at: datetime


# Which clock says when something is due. Only what goes by the client's wall clock moves when the client travels.
StepClock = Literal["elapsed", "client_wall", "clinic_wall"]


class Occurrence(NamedTuple):
    """One dated care step, check-in or photo. `key` is stable: `wash@d3#2`, `check_in@d6`, `photo@d7#any`.

    `local` is the naive due time on the client's clock. `entry`: a slot (a task), a rule (continuous) or as_needed.
    `clock` is that of `due_at`: hours after the treatment are `elapsed` (rules 4 and 22); times of day are
    `client_wall`, and so are entries that begin on an anchor's date, though that midnight stays in the plan's zone
    (rules 5, 13, 53 and 58); `clinic_wall` is for what the clinic's clock rules: appointments, the reply promise.
    """

    key: str
    kind: OccurrenceKind
    title: str
    day: int
    slot: int
    window: DueWindow
    local: datetime
    step_id: str | None = None
    step_kind: StepKind | None = None
    entry: Literal["slot", "rule", "as_needed"] = "slot"
    remind: Remind = "each_time"
    optional: bool = False
    provisional: bool = False
    withheld: bool = False
    silent: bool = False  # stays in the plan, sends nothing (rule 39: a rule entry under an open flag; rule 19)
    clock: StepClock = "client_wall"


@dataclass(frozen=True, slots=True)
class Timeline:
    """Occurrences in order of due_at, then key."""

    occurrences: tuple[Occurrence, ...]


@dataclass(frozen=True, slots=True)
class DayWindow:
    """Plan days asked for, both ends included."""

    from_day: int
    to_day: int


OccurrenceState = Literal["upcoming", "open", "started", "done", "missed", "declined", "not_applicable", "superseded"]


@dataclass(frozen=True, slots=True)
class StepEvent:
    """A step log as the rules see it."""

    occurrence_key: str
    event: Literal["started", "paused", "resumed", "done", "undone", "declined", "stopped_burning"]
    at: datetime


# --- check-ins and triage -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CheckInFacts:
    """One answered check-in. `day` per rule 23. `excluded` holds, by question, the values ruled out ("none of these").

    `planned`: it answers a planned check-in (rule 31 treats problem reports differently). Corrections: pass the newest
    only.
    """

    id: str
    day: int
    on: date
    answered_at: datetime
    answers: Mapping[str, AnswerValue]
    excluded: Mapping[str, frozenset[AnswerValue]] = field(default_factory=dict)
    planned: bool = True


@dataclass(frozen=True, slots=True)
class Reading:
    """One answer that a rule looked at, with the usual range of its day and, for a rise, what it was compared with."""

    question: str
    value: AnswerValue
    day: int
    usual_high: int | None = None
    usual_allowed: tuple[AnswerValue, ...] | None = None
    earlier_value: AnswerValue | None = None
    earlier_day: int | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """A red-flag rule that fired, on which numbers. `already_open`: the flag is open, do not open it twice (rule
    35)."""

    rule_id: str
    urgency: Urgency
    level: Level
    title: str
    tell_client: str
    readings: tuple[Reading, ...]
    already_open: bool = False


@dataclass(frozen=True, slots=True)
class Assessment:
    """`findings` in order of urgency, then file. `more_than_usual`: answers outside the range without a rule (rule
    37)."""

    level: Level
    findings: tuple[Finding, ...]
    more_than_usual: tuple[Reading, ...]


# --- readiness ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class HealthFactor:
    """A modifier of this client. `cleared`: a person has cleared it (rule 51)."""

    modifier_id: str
    last_applied_on: date | None = None
    cleared: bool = False


@dataclass(frozen=True, slots=True)
class PhotoTaken:
    view: str
    on: date


@dataclass(frozen=True, slots=True)
class SignOff:
    """The practitioner's yes to the whole (`practitioner_yes`)."""

    on: date
    at: datetime


@dataclass(frozen=True, slots=True)
class ReadinessFacts:
    """What readiness of one area is computed from. `check_ins` oldest first, corrections already applied."""

    treatment_ended_on: date
    site: Site
    anchors: Mapping[AnchorName, date]
    check_ins: tuple[CheckInFacts, ...]
    flags: tuple[FlagSpan, ...] = ()
    skin_type: str | None = None
    treatment_number: int = 1
    factors: tuple[HealthFactor, ...] = ()
    photos: tuple[PhotoTaken, ...] = ()
    seen_in_person_on: tuple[date, ...] = ()
    condition_signoffs: Mapping[str, date] = field(default_factory=dict)
    sign_off: SignOff | None = None
    hold_reason: str | None = None
    clinic_min_days: int | None = None


ReadinessStatus = Literal["not_yet", "ready_to_ask", "signed_off", "on_hold"]


@dataclass(frozen=True, slots=True)
class ConditionResult:
    """One condition: met or not, the evidence in numbers and dates, and the earliest date on which it could be met.

    `evidence` is a mapping of plain values (dates, day counts, answers) for words at the edge; `earliest_on` None: it
    depends on an answer or a person.
    """

    id: str
    group: ConditionGroup
    text: str
    met: bool
    blocking: bool
    evidence: Mapping[str, object]
    earliest_on: date | None = None
    holds: bool = False  # a factor that puts readiness on hold


@dataclass(frozen=True, slots=True)
class Readiness:
    status: ReadinessStatus
    earliest_on: date
    suggested_on: date
    reasons: tuple[ConditionResult, ...]
