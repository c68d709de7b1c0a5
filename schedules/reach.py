"""Whether a client's phone can be reached: one that confirms nothing is "not reachable", not "did not do it"."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

from schedules.reminder_facts import ScheduledCheckIn

UNCONFIRMED_IN_A_ROW = 3
OVER_AT_LEAST = timedelta(hours=24)  # a phone that is off overnight is reachable in the morning


@dataclass(frozen=True, slots=True)
class PushOut:
    """A push to the client that has left, or that found no way: when; when a device said that it was shown; whether a
    mail server took the same words."""

    at: datetime
    shown_at: datetime | None = None
    mailed: bool = False


@dataclass(frozen=True, slots=True)
class Reach:
    """`unconfirmed`: pushes since the last sign of life; `lost_since`: the first of them, where it is not reachable."""

    unconfirmed: int = 0
    lost_since: datetime | None = None

    @property
    def reachable(self) -> bool:
        return self.lost_since is None


class _Stretch(NamedTuple):
    """The time between two signs of life, None: there is none, with the pushes that left in it."""

    after: datetime | None
    until: datetime | None
    pushes: Sequence[datetime]

    @property
    def is_lost(self) -> bool:
        return len(self.pushes) >= UNCONFIRMED_IN_A_ROW and self.pushes[-1] - self.pushes[0] >= OVER_AT_LEAST

    def spans(self, check_in: ScheduledCheckIn) -> bool:
        began = self.after is None or self.after < check_in.due_at
        return began and (self.until is None or check_in.closes_at <= self.until)


def judge_reach(pushes: Iterable[PushOut], heard_at: datetime | None) -> Reach:
    """Not reachable: three pushes or more, over a day or longer, and no sign of life of any of the client's devices.

    A push that was shown is a sign of life when it is, and so is whatever else was heard of a phone at `heard_at`.
    """
    *_, last = _stretches(pushes, heard_at)
    return Reach(len(last.pushes), last.pushes[0] if last.is_lost else None)


def mark_arrived(
    check_ins: Iterable[ScheduledCheckIn], pushes: Sequence[PushOut], heard_at: datetime | None
) -> list[ScheduledCheckIn]:
    """The check-ins, each `arrived` unless it cannot have: the phone was not reachable, no sign of life came from when
    it was due until it closed, and no mail was taken meanwhile. What cannot be told has arrived."""
    lost = [stretch for stretch in _stretches(pushes, heard_at) if stretch.is_lost]
    mailed = [push.at for push in pushes if push.mailed]
    return [
        replace(each, arrived=False)
        if any(stretch.spans(each) for stretch in lost) and not any(each.due_at <= at < each.closes_at for at in mailed)
        else each
        for each in check_ins
    ]


def _stretches(pushes: Iterable[PushOut], heard_at: datetime | None) -> Iterator[_Stretch]:
    """In order of time; the last one has no end."""
    listed = sorted(pushes, key=lambda each: each.at)
    signs = {max(push.at, push.shown_at) for push in listed if push.shown_at is not None}
    if heard_at is not None:
        signs.add(heard_at)
    for after, until in pairwise([None, *sorted(signs), None]):
        between = [
            push.at for push in listed if (after is None or push.at > after) and (until is None or push.at < until)
        ]
        yield _Stretch(after, until, between)
