"""Judges each push at the moment a provider takes it, by what the client truly did (PROMISES T3, T4).

It shares no code with what plans the pushes: what is done, where the client is and which flags are open it is told by
the simulation itself.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from backend.simulate.laws import Violation
from schedules import DueWindow

ROUTINE = frozenset({"check_in_due", "check_in_open", "care_step", "mask_due", "one_tap", "merged"})
MOST_A_DAY = 3
BUNDLED = timedelta(minutes=45)  # what is due that soon after the first one waiting goes with it
WINDOWED = frozenset({"check_in_due", "check_in_open", "care_step", "mask_due"})
FOLLOW_UPS = frozenset({"help_followup", "check_again"})
FOLLOW_UP_KEY = "follow_up@"  # what asks about a flag, unlike a second look at a check-in
BY_A_PERSON = frozenset({"message", "plan_changed", "ready", "correction"})  # said at once, whatever rests
SPEAKS_IN_SILENCE = frozenset({"paused", "appointment"})
SILENT_FOR = timedelta(days=5)  # before reminders stop
RUNGS = {1: timedelta(0), 2: timedelta(minutes=15), 3: timedelta(minutes=30), 4: timedelta(minutes=60)}  # PROMISES S2
PROMPTLY = timedelta(seconds=30)  # PROMISES S1

Name = tuple[UUID | None, str]  # a care plan and an occurrence of it


@dataclass(frozen=True, slots=True)
class Told:
    """One message inside a push. `window`: of its occurrence, None where the plan holds no such occurrence any more.
    `again`: it repeats one that no phone has confirmed."""

    kind: str
    key: str
    expires_at: datetime
    window: DueWindow | None = None
    plan: UUID | None = None
    again: bool = False

    @property
    def name(self) -> Name:
        return self.plan, self.key


@dataclass(slots=True)
class Truth:
    """What is so with one client. `places`: where the phone is from when on, in order; `quiet`: local hours.

    `emergencies`: flags that are open; `ended`, `paused`: plans of which nothing but follow-ups may come; `heard_at`:
    the client's last word; `stopped`: reminders have stopped after a silence; `appointments`: by plan.
    """

    number: int
    places: list[tuple[datetime, str]]
    quiet: tuple[time, time] | None
    help_may_break_quiet: bool
    done: set[Name] = field(default_factory=set)
    emergencies: set[str] = field(default_factory=set)
    ended: set[UUID | None] = field(default_factory=set)
    paused: set[UUID | None] = field(default_factory=set)
    heard_at: datetime | None = None
    stopped: bool = False
    appointments: dict[UUID | None, datetime] = field(default_factory=dict)
    told: set[tuple[str, Name, bool]] = field(default_factory=set)
    routine: Counter[date] = field(default_factory=Counter)

    def local(self, at: datetime) -> datetime:
        """What the client's clock shows, naive."""
        zone = next(name for since, name in reversed(self.places) if since <= at)
        return at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)

    def hear(self, at: datetime) -> None:
        """The client has said something: reminders go on."""
        self.heard_at, self.stopped = at, False


@dataclass(slots=True)
class RedFlag:
    """A red flag as the simulation knows it: when somebody was told at each of its `rungs`, which were `missed`, and
    when a person saw it."""

    client: int
    raised_at: datetime
    rungs: dict[int, datetime] = field(default_factory=dict)
    missed: set[int] = field(default_factory=set)
    seen_at: datetime | None = None


class Watch:
    """Keeps every broken law. `flags`: the red ones, by id."""

    def __init__(self) -> None:
        self.violations: list[Violation] = []
        self.flags: dict[UUID, RedFlag] = {}

    def note_push(self, truth: Truth, kind: str, told: Sequence[Told], at: datetime) -> None:
        """A provider has taken a push of `kind` for this client at `at`; `told`: what it speaks of."""
        for law, message in _broken(truth, kind, told, at):
            about = message or (told[0] if len(told) == 1 else None)
            self.violations.append(
                Violation(at, truth.number, law, about.kind if about else kind, about.key if about else None)
            )
        truth.told.update((message.kind, message.name, message.again) for message in told)
        truth.stopped = truth.stopped or kind == "paused"
        if kind in ROUTINE:
            truth.routine[truth.local(at).date()] += 1

    def note_alert(self, flag_id: UUID | None, kind: str, rung: int, at: datetime) -> None:
        """An alert to a practitioner has gone out."""
        flag = self.flags.get(flag_id) if flag_id else None
        if flag is None:
            return
        if flag.seen_at is not None:
            self.violations.append(Violation(at, flag.client, "acknowledged", kind))
        flag.rungs.setdefault(rung, at)

    def judge_ladder(self, flag_id: UUID, now: datetime) -> None:
        """Whether each rung whose time came before a person had seen the flag was climbed within 30 seconds."""
        flag = self.flags[flag_id]
        until = min(now, flag.seen_at or now)
        for rung, after in RUNGS.items():
            latest = flag.raised_at + after + PROMPTLY
            in_time = rung in flag.rungs and flag.rungs[rung] <= latest
            if latest <= until and not in_time and rung not in flag.missed:
                flag.missed.add(rung)
                self.violations.append(Violation(now, flag.client, "ladder", f"rung {rung}"))


def _broken(truth: Truth, kind: str, told: Sequence[Told], at: datetime) -> Iterator[tuple[str, Told | None]]:
    for message in told:
        for law in _broken_by(truth, message, at):
            yield law, message
    if not told:
        yield "empty", None
    if kind in ROUTINE and truth.routine[truth.local(at).date()] >= MOST_A_DAY:
        yield "cap", None
    if any(_is_silenced(truth, message) for message in told):
        yield "paused", None
    if _is_quiet(truth, kind, at):
        yield "quiet", None


def _is_silenced(truth: Truth, message: Told) -> bool:
    """An emergency silences every area (rule 39), an end or a pause its own plan."""
    if truth.emergencies:
        return message.kind not in BY_A_PERSON | {"help_followup"}
    if message.kind in FOLLOW_UPS and message.key.startswith(FOLLOW_UP_KEY):
        return False
    if message.plan in truth.ended:
        return True
    if message.plan in truth.paused:
        return message.kind not in BY_A_PERSON
    return truth.stopped and message.kind not in BY_A_PERSON | SPEAKS_IN_SILENCE


def _broken_by(truth: Truth, message: Told, at: datetime) -> Iterator[str]:
    if message.name in truth.done:
        yield "done"
    if (message.kind, message.name, message.again) in truth.told:
        yield "twice"
    if message.kind == "paused" and truth.heard_at is not None and at < truth.heard_at + SILENT_FOR:
        yield "heard"
    if message.kind == "appointment" and not _is_on_the_eve(truth, message.plan, at):
        yield "appointment"
    if at >= message.expires_at:
        yield "past"
    elif message.kind in WINDOWED:
        if message.window is None:
            yield "superseded"
        elif at >= message.window.closes_at:
            yield "past"
        elif at < message.window.opens_at - BUNDLED:
            yield "early"


def _is_on_the_eve(truth: Truth, plan: UUID | None, at: datetime) -> bool:
    appointment_at = truth.appointments.get(plan)
    if appointment_at is None:
        return False
    return at < appointment_at and truth.local(at).date() + timedelta(days=1) >= truth.local(appointment_at).date()


def _is_quiet(truth: Truth, kind: str, at: datetime) -> bool:
    if truth.quiet is None or kind == "mask_done" or (kind == "help_followup" and truth.help_may_break_quiet):
        return False
    begins, ends = truth.quiet
    shown = truth.local(at).time()
    return begins <= shown < ends if begins < ends else shown >= begins or shown < ends
