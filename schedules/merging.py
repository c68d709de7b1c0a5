"""Several messages as one push, and the daily cap (PROMISES T3, DESIGN section 7).

Law of merging: what waits within `merge_minutes` of the first one waiting goes with it, at the first one's time, also
where a carried step opens a little later. `help_followup`, `mask_done` and `paused` go alone: they must
not drown in a list.

Law of the cap: on one local day of the client at most `cap` pushes of the counted kinds. Kept are, in this order,
those with a check-in, mask, apply, clean or other care step; among equals the one that carries most, then the earlier.
What is not kept first tries to ride in a kept push of that day, the nearest in time that lies in its own window; else
it is left out. What the cap does not count (first day, appointment, check again) is never left out: it then goes alone.

What waits since before `start` (the moment of planning) is past: it holds its place under the cap, since it may still
be on its way, but nothing that is yet to come may wait for it or ride in it.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from operator import attrgetter
from typing import NamedTuple

from schedules.quiet_hours import ClientClock
from schedules.reminder_candidates import UNCOUNTED, Candidate
from schedules.reminder_facts import ReminderKind

COUNTED: frozenset[ReminderKind] = frozenset(
    {"check_in_due", "check_in_open", "care_step", "mask_due", "one_tap", "merged"}
)
ALONE: frozenset[ReminderKind] = frozenset({"help_followup", "mask_done", "paused"})


@dataclass(slots=True)
class Waiting:
    """A candidate with the time at which it may go out, quiet hours kept."""

    candidate: Candidate
    send_at: datetime
    reason: str


# The order of waiting: time, then what matters more, then plan and key.
ORDER = attrgetter("send_at", "candidate.rank", "candidate.ref", "candidate.key")


@dataclass(slots=True)
class Push:
    """One notification; of its `members`, in order of waiting, the first gives time and name. `folded`: rides in it to
    keep the cap. `kind`: its own if it carries one message, else `merged`."""

    send_at: datetime
    kind: ReminderKind
    members: list[Waiting]
    folded: tuple[Waiting, ...] = ()


def _push_of(members: list[Waiting]) -> Push:
    first = members[0]
    return Push(first.send_at, first.candidate.kind if len(members) == 1 else "merged", members)


def _keeping(push: Push) -> tuple[int, int, datetime, str, str]:
    """The order in which the cap keeps pushes, most wanted first."""
    members = push.members
    first = members[0].candidate
    rank = first.rank if len(members) == 1 else min([waiting.candidate.rank for waiting in members])
    return rank, -len(members), push.send_at, first.ref, first.key


class Day(NamedTuple):
    """What became of one local day: the pushes that go out, and what the cap left out."""

    pushes: tuple[Push, ...]
    capped: tuple[Waiting, ...]


def merge_waiting(waiting: Iterable[Waiting], merge_minutes: int, start: datetime) -> tuple[Push, ...]:
    """All that waits, as pushes in order of time."""
    groups: list[list[Waiting]] = []
    first_at: datetime | None = None  # of the last group
    within = timedelta(minutes=merge_minutes)
    alone: list[Push] = []
    for item in sorted(waiting, key=ORDER):
        at = item.send_at
        if item.candidate.kind in ALONE:
            alone.append(_push_of([item]))
        elif first_at is not None and at - first_at <= within and not first_at < start <= at:
            groups[-1].append(item)
        else:
            groups.append([item])
            first_at = at
    return tuple(sorted([*alone, *map(_push_of, groups)], key=attrgetter("send_at")))


def cap_days(pushes: Iterable[Push], slots_on: Callable[[date], int], clock: ClientClock, start: datetime) -> list[Day]:
    """Each local day's pushes under the cap; `slots_on` gives how many counted pushes a day may still have.

    What rides in another push is added to that one, so the pushes are used up.
    """
    by_day: defaultdict[date, list[Push]] = defaultdict(list)
    for push in pushes:
        by_day[clock.to_local(push.send_at).date()].append(push)
    return [_cap_day(of_day, slots_on(on), start) for on, of_day in by_day.items()]


def _cap_day(pushes: list[Push], slots: int, start: datetime) -> Day:
    free: list[Push] = []
    counted: list[Push] = []
    for push in pushes:
        (counted if push.kind in COUNTED else free).append(push)
    if len(counted) <= slots:
        return Day((*free, *counted), ())
    counted.sort(key=_keeping)
    kept = counted[:slots]
    capped: list[Waiting] = []
    for push in counted[slots:]:
        for item in push.members:
            if item.candidate.rank == UNCOUNTED:
                free.append(_push_of([item]))
            elif (carrier := _nearest_for(item, kept, start)) is not None:
                carrier.kind = "merged"
                carrier.folded += (item,)
            else:
                capped.append(item)
    return Day((*free, *kept), tuple(capped))


def _nearest_for(item: Waiting, kept: list[Push], start: datetime) -> Push | None:
    """The kept push, nearest in time and yet to come, that goes out while the item's own window is open."""
    opens_at, expires_at = max(start, item.candidate.opens_at), item.candidate.expires_at
    fitting = [push for push in kept if opens_at <= push.send_at < expires_at]
    return min(fitting, key=lambda push: (abs(push.send_at - item.send_at), push.send_at), default=None)
