"""The engine agrees with RFC 5545 as python-dateutil reads it, for every rule that both can express.

Daily, every n days and weekly, at any times of day, from any moment on, in every time zone over twenty years. A local
time that a clock change leaves out is read with the offset before it (3.3.5); dateutil has its own words for that, too.
"""

import zoneinfo
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dateutil import rrule, tz
from hypothesis import given
from hypothesis import strategies as st

from schedules.protocol import Frequency
from schedules.recurrence import StepSpan, list_due_days
from schedules.wall_clock import WallClock
from tests.examples import examples

DAY = timedelta(days=1)
FIRST = datetime(2026, 1, 1, tzinfo=UTC)
MINUTES_OF_20_YEARS = 20 * 365 * 24 * 60
ZONES = sorted(zoneinfo.available_timezones() - {"Factory"})

zones = st.sampled_from(ZONES)
moments = st.integers(0, MINUTES_OF_20_YEARS).map(lambda n: FIRST + timedelta(minutes=n))
lengths = st.integers(1, 90 * 24 * 60).map(lambda n: timedelta(minutes=n))
times_of_day = st.lists(
    st.times().map(lambda at: at.replace(second=0, microsecond=0)), min_size=1, max_size=4, unique=True
)


def instants_by_the_standard(
    freq: int, interval: int, times: list[time], zone: str, start: datetime, end: datetime
) -> list[datetime]:
    """All instants in [start, end) of a recurrence that begins on the first date with a time at or after `start`."""
    here = ZoneInfo(zone)

    def resolve(local: datetime) -> datetime:
        return tz.resolve_imaginary(local.replace(tzinfo=here)).astimezone(UTC)

    def recurrence(dtstart: date, step: int, freq: int) -> list[datetime]:
        last = end.astimezone(here).replace(tzinfo=None) + 2 * DAY
        rules = rrule.rruleset()
        for at in times:
            rules.rrule(rrule.rrule(freq, interval=step, dtstart=datetime.combine(dtstart, at), until=last))
        return [local for local in rules if start <= resolve(local) < end]

    every_day = recurrence(start.astimezone(here).date() - DAY, 1, rrule.DAILY)
    if not every_day:
        return []
    first = min(every_day, key=resolve).date()
    return sorted({resolve(local) for local in recurrence(first, interval, freq)})


def instants_of_the_engine(
    every: int | None, times: list[time], zone: str, start: datetime, end: datetime
) -> list[datetime]:
    frequency = Frequency("every_n_days" if every else "times_per_day", len(times), every, tuple(times))
    span = StepSpan(start, end, provisional=False)
    asked = (start.date() - 3 * DAY, end.date() + 3 * DAY)
    days = list_due_days(frequency, tuple(times), span, WallClock(zone, zone), asked)
    return [slot.at for day in days for slot in day.due]


@examples(100)
@given(zones, moments, lengths, times_of_day)
def test_daily_rules_agree_with_freq_daily(zone: str, start: datetime, length: timedelta, times: list[time]) -> None:
    expected = instants_by_the_standard(rrule.DAILY, 1, times, zone, start, start + length)
    assert instants_of_the_engine(None, times, zone, start, start + length) == expected


@examples(100)
@given(zones, moments, lengths, times_of_day, st.integers(2, 30))
def test_every_n_days_agrees_with_an_interval(
    zone: str, start: datetime, length: timedelta, times: list[time], every: int
) -> None:
    expected = instants_by_the_standard(rrule.DAILY, every, times, zone, start, start + length)
    assert instants_of_the_engine(every, times, zone, start, start + length) == expected


@examples(60)
@given(zones, moments, lengths, times_of_day, st.integers(1, 4))
def test_every_7_days_agrees_with_freq_weekly(
    zone: str, start: datetime, length: timedelta, times: list[time], weeks: int
) -> None:
    expected = instants_by_the_standard(rrule.WEEKLY, weeks, times, zone, start, start + length)
    assert instants_of_the_engine(7 * weeks, times, zone, start, start + length) == expected


def test_a_window_over_a_clock_change_agrees() -> None:
    for zone, on in (("Europe/Berlin", date(2027, 3, 28)), ("Australia/Lord_Howe", date(2026, 10, 4))):
        start = datetime.combine(on - 3 * DAY, time(), UTC)
        times = [time(1, 45), time(2, 15), time(2, 45), time(3, 0)]
        expected = instants_by_the_standard(rrule.DAILY, 1, times, zone, start, start + 7 * DAY)
        assert instants_of_the_engine(None, times, zone, start, start + 7 * DAY) == expected
        assert len(expected) > 20
