"""The one daylight-saving decision: local dates and times to UTC instants and back, by the pinned time-zone data.

The `tzdata` package wins over the system's files: two releases differ by an hour in several zones of one year.
"""

import zoneinfo
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from schedules.facts import ZoneChange

zoneinfo.reset_tzpath(to=())
ZoneInfo.clear_cache()

MIDNIGHT = time(0)
DAY_TURNS_AT = time(4)  # protocols rules 53 to 57
ONE_DAY = timedelta(days=1)
ONE_HOUR = timedelta(hours=1)


@lru_cache(maxsize=1)
def _zone_names() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones() - {"Factory"})


def check_zone(name: object) -> str:
    """The name itself if it is an IANA zone; ValueError with one clear line otherwise.

    Membership is asked before `ZoneInfo`, which answers bad names with four kinds of errors.
    """
    if not isinstance(name, str) or name not in _zone_names():
        raise ValueError(f"{name!r:.80} is not an IANA time zone; a right one is for example 'Europe/London'")
    return name


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(check_zone(name))


def resolve_local(on: date, at: time, zone_name: str) -> datetime:
    """The UTC instant of a local date and time of day (protocols rule 2, RFC 5545 3.3.5).

    A time in a gap is read with the offset before the gap, a repeated time is the first of the two.
    ValueError for an unknown zone, an aware time, or a result outside the calendar.
    """
    return _resolve(on, at, zone_name)


# Plans ask for the same few times of the same days of the same few zones again and again, and so do their readers.
@lru_cache(maxsize=1 << 13)
def _resolve(on: date, at: time, zone_name: str) -> datetime:
    if at.tzinfo is not None:
        raise ValueError(f"a local time of day has no offset of its own, got {at.isoformat()}")
    zone = _zone(zone_name)
    try:
        return datetime.combine(on, at.replace(fold=0) if at.fold else at, zone).astimezone(UTC)
    except OverflowError:
        raise ValueError(f"{on.isoformat()} {at.isoformat()} in {zone_name} lies outside the calendar") from None


def wall_time(instant: datetime, zone_name: str) -> datetime:
    """What a clock in the zone shows at the instant, naive. ValueError for a naive instant or an unknown zone."""
    return _show(instant, zone_name)


@lru_cache(maxsize=1 << 13)
def _show(instant: datetime, zone_name: str) -> datetime:
    if instant.tzinfo is None:
        raise ValueError(f"an instant needs an offset, got {instant.isoformat()}")
    shown = instant.astimezone(_zone(zone_name))
    return datetime.combine(shown.date(), shown.time().replace(fold=0) if shown.fold else shown.time())


def plan_date(instant: datetime, zone_name: str) -> date:
    """The calendar date of an instant in a zone (protocols rule 1)."""
    return wall_time(instant, zone_name).date()


def app_date(instant: datetime, zone_name: str) -> date:
    """The date that "today" means on the phone: hours before 04:00 belong to the day before (protocols rule 57)."""
    shown = wall_time(instant, zone_name)
    return shown.date() - ONE_DAY if shown.time() < DAY_TURNS_AT else shown.date()


def zone_at(zones: "Sequence[ZoneChange]", plan_zone: str, instant: datetime) -> str:
    """The zone the client is in at an instant: the newest change up to it, before any change the plan's zone.

    Of two changes at one instant the later in the sequence counts.
    """
    reached = [change for change in zones if change.from_at <= instant]
    return sorted(reached, key=lambda change: change.from_at)[-1].zone if reached else plan_zone
