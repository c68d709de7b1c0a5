"""The state of an occurrence at a given moment (ARCHITECTURE section 7; protocols rules 3, 18, 20 and 55)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal

from schedules.facts import Occurrence, OccurrenceState, StepEvent

_Logged = Literal["started", "done", "declined", "stopped"]
_LOGGED_BY: Mapping[str, _Logged] = {
    "started": "started",
    "paused": "started",
    "resumed": "started",
    "done": "done",
    "declined": "declined",
    "stopped_burning": "stopped",
}


def state_of(
    occurrence: Occurrence,
    events: Sequence[StepEvent],
    answered: frozenset[str],
    now: datetime,
    changed_at: datetime | None = None,
    superseded_at: datetime | None = None,
) -> OccurrenceState:
    """The state at `now`, from step logs and answered check-ins up to then.

    `events`: logs of any occurrences, in any order. `answered`: keys of check-ins and photo check-ins sent in.
    `changed_at`: the moment of the change that created this occurrence; what it creates before itself is not
    applicable (rule 20). `superseded_at`: the moment from which another plan stands in for this one. What was done
    stays done through both.
    """
    logged = _logged_state(occurrence.key, events, now)
    if logged == "done" or occurrence.key in answered:
        return "done"
    if logged is not None:
        return "started" if logged == "started" else "declined"
    if occurrence.withheld or (changed_at is not None and is_before_change(occurrence, changed_at)):
        return "not_applicable"
    return _state_by_time(occurrence, now, superseded_at)


def is_before_change(occurrence: Occurrence, changed_at: datetime) -> bool:
    """Whether the change that created it came too late for it (rule 20): a slot was due, a rule was over by then."""
    window = occurrence.window
    return window.due_at < changed_at if occurrence.entry == "slot" else window.closes_at <= changed_at


def _state_by_time(occurrence: Occurrence, now: datetime, superseded_at: datetime | None) -> OccurrenceState:
    window = occurrence.window
    if superseded_at is not None and superseded_at <= now and superseded_at < window.closes_at:
        return "superseded"
    if now < window.opens_at:
        return "upcoming"
    if now < window.closes_at:
        return "open"
    # A rule that has ended no longer applies; it is never missed (rule 55).
    return "missed" if occurrence.entry == "slot" else "not_applicable"


def _logged_state(key: str, events: Sequence[StepEvent], now: datetime) -> _Logged | None:
    """What the logs say. Done stays done and a mask stopped for burning stays stopped; only `undone` reopens."""
    state: _Logged | None = None
    for event in sorted((e for e in events if e.occurrence_key == key and e.at <= now), key=lambda e: e.at):
        if event.event == "undone":
            state = None
        elif state not in ("done", "stopped"):
            state = _LOGGED_BY[event.event]
    return state
