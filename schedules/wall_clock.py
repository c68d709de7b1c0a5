"""The wall clock that a client lives by, through daylight saving and travel (protocols rule 58, PROMISES T2).

A daily time of a client who travels is a chain, one link per plan day: the next link is the first time the clock of the
present zone shows it at least half a day after the link before, or the moment of the change of zone if that has passed.
So links stay 12 to 37 hours apart, and every plan day has exactly one, also across the date line. A link is worked out
only at a change of zone; between two changes it follows the calendar.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from schedules.facts import ZoneChange
from schedules.instants import DAY_TURNS_AT, ONE_DAY, check_zone, resolve_local, wall_time

HALF_A_DAY = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class _Stretch:
    """The links of one daily time in one zone. The link of plan date d > `first` is on local date d + `shift`."""

    zone: str
    first: date
    first_at: datetime | None  # None: no first link, the stretch reaches back without end
    shift: timedelta


@lru_cache(maxsize=1 << 8)
def find_clock(zone: str, plan_zone: str, zones: tuple[ZoneChange, ...]) -> "WallClock":
    """The clock of these zones: one for all who ask, so that a day worked out on it once stays known.

    ValueError for an unknown zone.
    """
    for name in (zone, plan_zone, *(change.zone for change in zones)):
        check_zone(name)
    return WallClock(zone, plan_zone, zones)


class WallClock:
    """The wall clock of one client, from the plan's start on.

    Without a history of zones the client is in `zone` throughout; with one, it says where the client was, and before
    its first change that is `plan_zone`.
    """

    __slots__ = ("_changed_at", "_plan_zone", "_stretches", "spread", "zones")

    def __init__(self, zone: str, plan_zone: str, zones: Sequence[ZoneChange] = ()) -> None:
        self.zones = tuple(sorted(zones, key=lambda change: change.from_at))
        # How far a plan date can lie from the UTC date of its instant, at most: each change of zone adds a day.
        self.spread = ONE_DAY * (2 + len(self.zones))
        self._changed_at = [change.from_at for change in self.zones]
        self._plan_zone = plan_zone if zones else zone
        self._stretches: dict[time, list[_Stretch]] = {}

    def at(self, on: date, shown: time) -> datetime:
        """The instant at which, on a plan date, the client's clock shows a time."""
        if not self.zones:
            return resolve_local(on, shown, self._plan_zone)
        stretches = self._stretches.get(shown)
        if stretches is None:
            stretches = self._stretches[shown] = self._chain(shown)
        return _link(stretches, on, shown)

    def wall(self, instant: datetime) -> datetime:
        """What the client's clock shows at an instant, naive."""
        reached = bisect_right(self._changed_at, instant)
        return wall_time(instant, self.zones[reached - 1].zone if reached else self._plan_zone)

    def day_turn_after(self, instant: datetime, on: date) -> datetime:
        """The first 04:00 after an instant, looking from plan date `on` on."""
        while (turn := self.at(on, DAY_TURNS_AT)) <= instant:
            on += ONE_DAY
        return turn

    def day_turn_before(self, instant: datetime) -> datetime:
        """The last 04:00 before an instant."""
        on = instant.date() + self.spread
        while (turn := self.at(on, DAY_TURNS_AT)) >= instant:
            on -= ONE_DAY
        return turn

    def _chain(self, shown: time) -> list[_Stretch]:
        stretches = [_Stretch(self._plan_zone, date.min, None, timedelta())]
        for change in self.zones:
            first = _first_after(stretches, change.from_at, shown)
            before = _link(stretches, first - ONE_DAY, shown)
            stretches.append(_next_stretch(change, first, before, shown))
        return stretches


def _link(stretches: Sequence[_Stretch], on: date, shown: time) -> datetime:
    # Of stretches with one `first` the last counts: nothing was due during the others.
    stretch = stretches[bisect_right(stretches, on, key=lambda each: each.first) - 1]
    if on == stretch.first and stretch.first_at is not None:
        return stretch.first_at
    return resolve_local(on + stretch.shift, shown, stretch.zone)


def _first_after(stretches: Sequence[_Stretch], instant: datetime, shown: time) -> date:
    """The plan date of the first link that is not before an instant."""
    latest = stretches[-1]
    on = max(latest.first, wall_time(instant, latest.zone).date() - latest.shift - ONE_DAY)
    while _link(stretches, on, shown) < instant:
        on += ONE_DAY
    return on


def _next_stretch(change: ZoneChange, first: date, before: datetime, shown: time) -> _Stretch:
    """The stretch that a change of zone begins; `before` is the link of the day before `first`."""
    match = _first_match(before + HALF_A_DAY, shown, change.zone)
    first_at = resolve_local(match, shown, change.zone)
    if first_at >= change.from_at:
        return _Stretch(change.zone, first, first_at, match - first)
    second = _first_match(change.from_at + HALF_A_DAY, shown, change.zone)
    return _Stretch(change.zone, first, change.from_at, second - first - ONE_DAY)


def _first_match(instant: datetime, shown: time, zone: str) -> date:
    """The first local date on which a clock in the zone shows a time at or after an instant."""
    on = wall_time(instant, zone).date() - ONE_DAY
    while resolve_local(on, shown, zone) < instant:
        on += ONE_DAY
    return on
