"""The client's quiet hours as instants, in the zone in which the client is at each moment (PROMISES T4).

Quiet hours are local times `[from, until)` and may pass midnight. A client who travels has a history of zones; each
stay is read in its own zone, so quiet hours can begin under one clock and end under another.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple

from schedules.facts import PlanFacts, ZoneChange
from schedules.instants import resolve_local, wall_time

BEGINNING = datetime(1, 1, 1, tzinfo=UTC)
END = datetime(9999, 12, 31, tzinfo=UTC)
ONE_DAY = timedelta(days=1)


class Span(NamedTuple):
    """Half-open [starts_at, ends_at)."""

    starts_at: datetime
    ends_at: datetime

    def holds(self, instant: datetime) -> bool:
        """Whether the instant lies in it."""
        return self.starts_at <= instant < self.ends_at


class Stay(NamedTuple):
    """A stretch of time that the client spends under one zone's clock."""

    span: Span
    zone: str


@lru_cache(maxsize=1 << 8)
def _list_stays(plan_zone: str, zones: tuple[ZoneChange, ...]) -> tuple[Stay, ...]:
    changes = sorted(zones, key=lambda change: change.from_at)
    names = [plan_zone, *(change.zone for change in changes)]
    borders = [BEGINNING, *(change.from_at for change in changes), END]
    return tuple(
        Stay(Span(starts_at, ends_at), zone)
        for zone, starts_at, ends_at in zip(names, borders, borders[1:], strict=False)
    )


def _stay_at(stays: tuple[Stay, ...], instant: datetime) -> Stay:
    if len(stays) == 1:  # nearly every client; asked several times for each message
        return stays[0]
    return next(stay for stay in reversed(stays) if stay.span.starts_at <= instant)


@lru_cache(maxsize=1 << 11)
def show_time(shown: time) -> str:
    """A time of day as a clock shows it: 07:30."""
    return shown.isoformat("minutes")


class ClientClock:
    """The wall clock of one client: the plan's zone, then each zone that the phone has reported."""

    def __init__(self, plan: PlanFacts) -> None:
        self.stays = _list_stays(plan.plan_zone, plan.zones)

    def stay_at(self, instant: datetime) -> Stay:
        """The stay that holds an instant."""
        return _stay_at(self.stays, instant)

    def to_local(self, instant: datetime) -> datetime:
        """The naive local time that the client's clock shows at an instant."""
        return wall_time(instant, _stay_at(self.stays, instant).zone)

    def face(self, instant: datetime) -> str:
        """The hour and minute that the client's clock shows, as in 07:30."""
        return show_time(self.to_local(instant).time())

    def resolve(self, local: datetime, near: datetime) -> datetime:
        """The instant of a naive local time, on the clock that the client has at `near`."""
        return resolve_local(local.date(), local.time(), self.stay_at(near).zone)

    def next_time(self, at: time, after: datetime) -> datetime:
        """The first instant later than `after` at which the clock of that moment shows `at`."""
        local = self.to_local(after)
        candidate = self.resolve(datetime.combine(local.date(), at), after)
        return candidate if candidate > after else self.resolve(datetime.combine(local.date() + ONE_DAY, at), after)


class QuietHours:
    """The quiet hours of one client. `quiet` None, or from and until alike: there are none."""

    def __init__(self, quiet: tuple[time, time] | None, clock: ClientClock) -> None:
        self._quiet = quiet if quiet and quiet[0] != quiet[1] else None
        self._stays = clock.stays

    def around(self, instant: datetime) -> Span | None:
        """The whole unbroken quiet time that holds the instant, also across a change of zone; None outside."""
        return None if self._quiet is None else _around(self._quiet, self._stays, instant)


# Messages fall on the same few times of day, those of one plan and those of all clients of a zone.
@lru_cache(maxsize=1 << 13)
def _around(quiet: tuple[time, time], stays: tuple[Stay, ...], instant: datetime) -> Span | None:
    found = _in_one_zone(quiet, stays, instant)
    return None if found is None else _whole_night(quiet, stays, found)


@lru_cache(maxsize=1 << 10)
def _whole_night(quiet: tuple[time, time], stays: tuple[Stay, ...], found: Span) -> Span:
    """A quiet time with all that goes on from it without a break."""
    before = _in_one_zone(quiet, stays, found.starts_at - datetime.resolution)
    while before is not None:
        found = Span(before.starts_at, found.ends_at)
        before = _in_one_zone(quiet, stays, found.starts_at - datetime.resolution)
    after = _in_one_zone(quiet, stays, found.ends_at)
    while after is not None:
        found = Span(found.starts_at, after.ends_at)
        after = _in_one_zone(quiet, stays, found.ends_at)
    return found


def _in_one_zone(quiet: tuple[time, time], stays: tuple[Stay, ...], instant: datetime) -> Span | None:
    """The quiet time that holds the instant, cut to the client's stay in that zone."""
    stay = _stay_at(stays, instant)
    on = wall_time(instant, stay.zone).date()
    for evening in (on, on - ONE_DAY):
        night = _night(quiet, evening, stay.zone)
        if night.holds(instant):
            return Span(max(night.starts_at, stay.span.starts_at), min(night.ends_at, stay.span.ends_at))
    return None


@lru_cache(maxsize=1 << 10)
def _night(quiet: tuple[time, time], evening: date, zone: str) -> Span:
    """The quiet time that begins on a local date."""
    begins, ends = quiet
    morning = evening if begins < ends else evening + ONE_DAY
    return Span(resolve_local(evening, begins, zone), resolve_local(morning, ends, zone))
