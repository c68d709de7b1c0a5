"""Judges each push at the moment a provider takes it, by what the client truly did (PROMISES T3, T4).

It shares no code with what plans the pushes: what is done, where the client is and which flags are open it is told by
the simulation itself.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from schedules import DueWindow

ROUTINE = frozenset({"check_in_due", "check_in_open", "care_step", "mask_due", "one_tap", "merged"})
MOST_A_DAY = 3
BUNDLED = timedelta(minutes=45)  # what is due that soon after the first one waiting goes with it
WINDOWED = frozenset({"check_in_due", "check_in_open", "care_step", "mask_due"})
FOLLOW_UPS = frozenset({"help_followup", "check_again"})

LAWS = {
    "done": "sent for what is done",
    "superseded": "sent for what the plan no longer holds",
    "paused": "sent while nothing but follow-ups may be",
    "past": "sent past its window",
    "early": "sent more than 45 minutes before its window",
    "twice": "one kind twice for one occurrence",
    "cap": "more than 3 routine pushes on a local day",
    "quiet": "inside quiet hours",
    "empty": "a push that carries nothing",
    "acknowledged": "an alert for a warning that a person has seen",
    "stuck": "due, and neither sent nor ended",
    "ledger": "the conservation law",
}


@dataclass(frozen=True, slots=True)
class Violation:
    """A broken law of T3 or P2; `law` is a key of LAWS."""

    at: datetime
    client: int | None
    law: str
    kind: str = ""
    occurrence: str | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """One message inside a push. `window`: of its occurrence, None where the plan holds no such occurrence any more."""

    kind: str
    key: str
    expires_at: datetime
    window: DueWindow | None = None


@dataclass(slots=True)
class Truth:
    """What is so with one client. `places`: where the phone is from when on, in order; `quiet`: local hours."""

    number: int
    places: list[tuple[datetime, str]]
    quiet: tuple[time, time] | None
    help_may_break_quiet: bool
    done: set[str] = field(default_factory=set)
    emergencies: set[str] = field(default_factory=set)
    paused: bool = False
    told: set[tuple[str, str]] = field(default_factory=set)
    routine: Counter[date] = field(default_factory=Counter)

    def local(self, at: datetime) -> datetime:
        """What the client's clock shows, naive."""
        zone = next(name for since, name in reversed(self.places) if since <= at)
        return at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


class Watch:
    """Keeps every broken law."""

    def __init__(self) -> None:
        self.violations: list[Violation] = []

    def note_push(self, truth: Truth, kind: str, told: Sequence[Told], at: datetime) -> None:
        """A provider has taken a push of `kind` for this client at `at`; `told`: what it speaks of."""
        for law, message in _broken(truth, kind, told, at):
            about = message or (told[0] if len(told) == 1 else None)
            self.violations.append(
                Violation(at, truth.number, law, about.kind if about else kind, about.key if about else None)
            )
        truth.told |= {(message.kind, message.key) for message in told}
        if kind in ROUTINE:
            truth.routine[truth.local(at).date()] += 1

    def note_alert(self, seen: bool, kind: str, at: datetime) -> None:
        """An alert to a practitioner; `seen`: somebody has acknowledged its warning before."""
        if seen:
            self.violations.append(Violation(at, None, "acknowledged", kind))


def _broken(truth: Truth, kind: str, told: Sequence[Told], at: datetime) -> Iterator[tuple[str, Told | None]]:
    for message in told:
        for law in _broken_by(truth, message, at):
            yield law, message
    if not told:
        yield "empty", None
    if kind in ROUTINE and truth.routine[truth.local(at).date()] >= MOST_A_DAY:
        yield "cap", None
    allowed = frozenset({"help_followup"}) if truth.emergencies else FOLLOW_UPS
    if (truth.emergencies or truth.paused) and any(message.kind not in allowed for message in told):
        yield "paused", None
    if _is_quiet(truth, kind, at):
        yield "quiet", None


def _broken_by(truth: Truth, message: Told, at: datetime) -> Iterator[str]:
    if message.key in truth.done:
        yield "done"
    if (message.kind, message.key) in truth.told:
        yield "twice"
    if at >= message.expires_at:
        yield "past"
    elif message.kind in WINDOWED:
        if message.window is None:
            yield "superseded"
        elif at >= message.window.closes_at:
            yield "past"
        elif at < message.window.opens_at - BUNDLED:
            yield "early"


def _is_quiet(truth: Truth, kind: str, at: datetime) -> bool:
    if truth.quiet is None or kind == "mask_done" or (kind == "help_followup" and truth.help_may_break_quiet):
        return False
    begins, ends = truth.quiet
    shown = truth.local(at).time()
    return begins <= shown < ends if begins < ends else shown >= begins or shown < ends
