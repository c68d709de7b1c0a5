"""The laws that a simulation holds the product to (PROMISES T3, T4, P2, S1, S2; protocols rules 39 and 41)."""

from dataclasses import dataclass
from datetime import datetime

LAWS = {
    "done": "sent for what is done",
    "superseded": "sent for what the plan no longer holds",
    "paused": "sent while nothing but follow-ups may be",
    "heard": "reminders stopped though the client was heard of within 5 days",
    "appointment": "sent for an appointment that is not tomorrow",
    "past": "sent past its window",
    "early": "sent more than 45 minutes before its window",
    "twice": "one kind twice for one occurrence",
    "cap": "more than 3 routine pushes on a local day",
    "quiet": "inside quiet hours",
    "empty": "a push that carries nothing",
    "acknowledged": "an alert for a warning that a person has seen",
    "ladder": "a red flag whose ladder was not climbed in time",
    "unescalated": "a red flag that nobody was told of",
    "readiness": "ready before its earliest date",
    "stuck": "due, and neither sent nor ended",
    "ledger": "the conservation law",
}


@dataclass(frozen=True, slots=True)
class Violation:
    """A broken law; `law` is a key of LAWS. `client`: its number, None where it is the whole practice's."""

    at: datetime
    client: int | None
    law: str
    kind: str = ""
    occurrence: str | None = None
