"""Whether a client's phone can be reached: one that confirms nothing is "not reachable", not "did not do it"."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

UNCONFIRMED_IN_A_ROW = 3
OVER_AT_LEAST = timedelta(hours=24)  # a phone that is off overnight is reachable in the morning


@dataclass(frozen=True, slots=True)
class PushOut:
    """A push to the client that has left, or that found no way: when, and whether any device said it was shown."""

    at: datetime
    confirmed: bool


@dataclass(frozen=True, slots=True)
class Reach:
    """`unconfirmed`: pushes since the last sign of life; `lost_since`: the first of them, where it is not reachable."""

    unconfirmed: int = 0
    lost_since: datetime | None = None

    @property
    def reachable(self) -> bool:
        return self.lost_since is None


def judge_reach(pushes: Iterable[PushOut], heard_at: datetime | None) -> Reach:
    """Not reachable: three pushes or more, over a day or longer, and no sign of life of any of the client's devices.

    A push that was shown is a sign of life, and so is whatever else was heard of a phone at `heard_at`.
    """
    silent: list[datetime] = []
    for push in sorted(pushes, key=lambda each: each.at):
        if push.confirmed:
            silent.clear()
        elif heard_at is None or push.at > heard_at:
            silent.append(push.at)
    lost = len(silent) >= UNCONFIRMED_IN_A_ROW and silent[-1] - silent[0] >= OVER_AT_LEAST
    return Reach(len(silent), silent[0] if lost else None)
