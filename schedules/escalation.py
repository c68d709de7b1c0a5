"""The ladder of a red flag: who is told when, until a person acknowledges (PROMISES S2)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

SLOTS = (timedelta(0), timedelta(minutes=15), timedelta(minutes=30), timedelta(minutes=60))
ALARM_AT_LATEST = SLOTS[-1]  # after the flag was raised


@dataclass(frozen=True, slots=True)
class LadderPeople:
    """Ids of who can be told: the client's practitioner, the cover, and the clinic's owners."""

    primary: str | None
    second: str | None
    owners: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of the ladder. `number` names it for good: 1 practitioner, 2 again, 3 second person, 4 alarm."""

    number: int
    at: datetime
    kind: Literal["act_now", "alarm"]
    recipients: tuple[str, ...]


def plan_ladder(raised_at: datetime, people: LadderPeople) -> tuple[Rung, ...]:
    """The rungs of a flag raised at an instant, in order, at 0, 15, 30 and 60 minutes.

    A rung with nobody is skipped at once: the rungs after it take the earlier times. A second person who is the first
    one is nobody. The last rung is always the alarm, also where there is no owner to receive it.
    """
    second = people.second if people.second != people.primary else None
    told = [(number, person) for number, person in ((1, people.primary), (2, people.primary), (3, second)) if person]
    rungs = [
        Rung(number, raised_at + slot, "act_now", (person,))
        for (number, person), slot in zip(told, SLOTS, strict=False)
    ]
    return (*rungs, Rung(4, raised_at + SLOTS[len(rungs)], "alarm", people.owners))


def next_rung(raised_at: datetime, people: LadderPeople, done: int, acknowledged: bool, now: datetime) -> Rung | None:
    """The rung to be climbed at `now`: the first one above `done`, if its time has come; None: nothing to do now.

    `done` is the `number` of the last rung climbed, 0 for none; so a change of people in between neither repeats a rung
    nor loses the alarm. Only a person's acknowledgement ends the ladder early.
    """
    if acknowledged:
        return None
    rung = next((rung for rung in plan_ladder(raised_at, people) if rung.number > done), None)
    return rung if rung is not None and rung.at <= now else None
