"""The client's quiet hours as instants, in the zone in which the client is at each moment (PROMISES T4).

Quiet hours are local times `[from, until)` and may pass midnight. A client who travels has a history of zones; each
stay is read in its own zone, so quiet hours can begin under one clock and end under another.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from schedules.facts import PlanFacts, ZoneChange
from schedules.instants import resolve_local

BEGINNING = datetime(1, 1, 1, tzinfo=UTC)
END = datetime(9999, 12, 31, tzinfo=UTC)
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """Half-open [starts_at, ends_at)."""

    starts_at: datetime
    ends_at: datetime

    def __contains__(self, instant: datetime) -> bool:
        return self.starts_at <= instant < self.ends_at


@dataclass(frozen=True, slots=True)
class Stay:
    """A stretch of time that the client spends under one zone's clock."""

    span: Span
    zone: str


@dataclass(frozen=True, slots=True)
class ZoneHistory:
    """The zone that a client began in, and each one since."""

    plan_zone: str
    zones: tuple[ZoneChange, ...] = ()


class ClientClock:
    """The wall clock of one client: the plan's zone, then each zone that the phone has reported."""

    def __init__(self, plan: PlanFacts | ZoneHistory) -> None:
        changes = sorted(plan.zones, key=lambda change: change.from_at)
        zones = [plan.plan_zone, *(change.zone for change in changes)]
        borders = [BEGINNING, *(change.from_at for change in changes), END]
        self._shown: dict[datetime, datetime] = {}  # many messages fall on one moment
        self._stays = tuple(
            Stay(Span(starts_at, ends_at), zone)
            for zone, starts_at, ends_at in zip(zones, borders, borders[1:], strict=False)
        )

    def stay_at(self, instant: datetime) -> Stay:
        """The stay that holds an instant."""
        if len(self._stays) == 1:  # nearly every client; asked several times for each message
            return self._stays[0]
        return next(stay for stay in reversed(self._stays) if stay.span.starts_at <= instant)

    def to_local(self, instant: datetime) -> datetime:
        """The naive local time that the client's clock shows at an instant."""
        shown = self._shown.get(instant)
        if shown is None:
            shown = instant.astimezone(ZoneInfo(self.stay_at(instant).zone)).replace(tzinfo=None)
            self._shown[instant] = shown
        return shown

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
        self._clock = clock
        self._nights: dict[tuple[date, str], Span] = {}
        self._around: dict[datetime, Span | None] = {}

    def around(self, instant: datetime) -> Span | None:
        """The whole unbroken quiet time that holds the instant, also across a change of zone; None outside."""
        if self._quiet is None:
            return None
        if instant not in self._around:
            self._around[instant] = self._find(instant)
        return self._around[instant]

    def _find(self, instant: datetime) -> Span | None:
        found = self._in_one_zone(instant)
        if found is None:
            return None
        before = self._in_one_zone(found.starts_at - timedelta(microseconds=1))
        while before is not None:
            found = Span(before.starts_at, found.ends_at)
            before = self._in_one_zone(found.starts_at - timedelta(microseconds=1))
        after = self._in_one_zone(found.ends_at)
        while after is not None:
            found = Span(found.starts_at, after.ends_at)
            after = self._in_one_zone(found.ends_at)
        return found

    def _in_one_zone(self, instant: datetime) -> Span | None:
        """The quiet time that holds the instant, cut to the client's stay in that zone."""
        stay = self._clock.stay_at(instant)
        for night in self._nights_near(instant, stay.zone):
            if instant in night:
                return Span(max(night.starts_at, stay.span.starts_at), min(night.ends_at, stay.span.ends_at))
        return None

    def _nights_near(self, instant: datetime, zone: str) -> Iterator[Span]:
        on = instant.astimezone(ZoneInfo(zone)).date()
        for evening in (on, on - ONE_DAY):
            yield self._night(evening, zone)

    def _night(self, evening: date, zone: str) -> Span:
        """The quiet time that begins on a local date."""
        span = self._nights.get((evening, zone))
        if span is None:
            assert self._quiet is not None
            begins, ends = self._quiet
            morning = evening if begins < ends else evening + ONE_DAY
            span = Span(resolve_local(evening, begins, zone), resolve_local(morning, ends, zone))
            self._nights[evening, zone] = span
        return span
