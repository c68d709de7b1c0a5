"""PROMISES T1: wall-clock times are right in every zone, once per occurrence."""

import itertools
import zoneinfo
from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schedules.facts import ZoneChange
from schedules.instants import app_date, check_zone, plan_date, resolve_local, wall_time, zone_at

ZONES = sorted(zoneinfo.available_timezones() - {"Factory"})
HOUR = timedelta(hours=1)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_the_pinned_zone_data_is_read_and_not_the_systems() -> None:
    assert zoneinfo.TZPATH == ()


@pytest.mark.parametrize(
    ("local", "zone", "instant"),
    [
        ("2026-01-15 08:00", "Europe/London", "2026-01-15 08:00"),
        ("2026-07-15 08:00", "Europe/London", "2026-07-15 07:00"),
        ("2026-03-29 01:30", "Europe/London", "2026-03-29 01:30"),  # gap: offset before it, shown as 02:30
        ("2026-10-25 01:30", "Europe/London", "2026-10-25 00:30"),  # fold: the first
        ("2026-03-08 02:00", "America/New_York", "2026-03-08 07:00"),  # start of a gap
        ("2026-11-01 01:00", "America/New_York", "2026-11-01 05:00"),  # start of a fold
        ("2026-10-04 02:15", "Australia/Lord_Howe", "2026-10-03 15:45"),  # a gap of half an hour
        ("2026-04-05 01:45", "Australia/Lord_Howe", "2026-04-04 14:45"),  # a fold of half an hour
        ("2026-09-06 00:00", "America/Santiago", "2026-09-06 04:00"),  # midnight does not exist
        ("2011-12-30 09:00", "Pacific/Apia", "2011-12-30 19:00"),  # the date does not exist
        ("2026-06-01 08:00", "Asia/Kathmandu", "2026-06-01 02:15"),
    ],
)
def test_a_local_time_becomes_one_instant(local: str, zone: str, instant: str) -> None:
    shown = datetime.fromisoformat(local)
    assert resolve_local(shown.date(), shown.time(), zone) == utc(instant)


@pytest.mark.parametrize(("at", "zones"), [(time(9), ZONES), (time(0), ZONES[::5]), (time(2, 30), ZONES[1::5])])
def test_a_daily_time_over_400_days_is_22_to_26_hours_apart(at: time, zones: list[str]) -> None:
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(400)]
    for zone in zones:
        instants = [resolve_local(day, at, zone) for day in days]
        gaps = {later - earlier for earlier, later in itertools.pairwise(instants)}
        assert min(gaps) >= 22 * HOUR, zone
        assert max(gaps) <= 26 * HOUR, zone


@given(st.sampled_from(ZONES), st.datetimes(datetime(1975, 1, 1), datetime(2036, 1, 1)))
def test_an_instant_reads_back_as_asked_unless_the_time_does_not_exist(zone: str, shown: datetime) -> None:
    instant = resolve_local(shown.date(), shown.time(), zone)
    assert instant.tzinfo is UTC
    seen = wall_time(instant, zone)
    assert seen >= shown  # in a gap the clock is ahead, never behind
    if seen == shown:
        # the first of two: the same reading does not occur within the hours before it
        assert all(wall_time(instant - step * HOUR / 2, zone) < shown for step in range(1, 5))


@pytest.mark.parametrize(
    "name", ["Factory", "", "Europe", "Europe/", "/etc/passwd", "../UTC", "x" * 300, "a\0b", None, 7]
)
def test_a_wrong_zone_name_gets_one_clear_line(name: object) -> None:
    with pytest.raises(ValueError, match=r"^.{1,80} is not an IANA time zone; a right one is for example") as raised:
        check_zone(name)
    assert "\n" not in str(raised.value)


def test_a_fold_asked_for_counts_as_little_as_one_that_was_found() -> None:
    first = resolve_local(date(2026, 10, 25), time(1, 30, fold=1), "Europe/London")
    assert first == utc("2026-10-25 00:30")
    assert [wall_time(first + n * HOUR, "Europe/London").fold for n in range(3)] == [0, 0, 0]


def test_every_zone_of_the_data_is_accepted() -> None:
    assert [check_zone(zone) for zone in ZONES] == ZONES


def test_times_with_an_offset_and_instants_without_one_are_refused() -> None:
    with pytest.raises(ValueError, match="no offset of its own"):
        resolve_local(date(2026, 3, 2), time(8, 0, tzinfo=UTC), "Europe/London")
    with pytest.raises(ValueError, match="needs an offset"):
        wall_time(datetime(2026, 3, 2, 8, 0), "Europe/London")


@pytest.mark.parametrize(("on", "zone"), [(date.min, "Asia/Tokyo"), (date.max, "America/New_York")])
def test_the_ends_of_the_calendar_are_an_error_that_says_so(on: date, zone: str) -> None:
    with pytest.raises(ValueError, match="outside the calendar"):
        resolve_local(on, time(0) if on == date.min else time(23), zone)


def test_the_hours_before_four_belong_to_the_day_before() -> None:
    assert app_date(utc("2026-07-02 02:59"), "Europe/London") == date(2026, 7, 1)
    assert app_date(utc("2026-07-02 03:00"), "Europe/London") == date(2026, 7, 2)
    assert plan_date(utc("2026-07-01 23:30"), "Europe/London") == date(2026, 7, 2)


def test_an_instant_with_another_offset_is_the_same_instant() -> None:
    tokyo = datetime(2026, 3, 3, 5, 0, tzinfo=timezone(9 * HOUR))
    assert plan_date(tokyo, "Europe/London") == date(2026, 3, 2)


def test_the_zone_is_that_of_the_newest_change_reached() -> None:
    there, back = utc("2026-03-05 10:00"), utc("2026-03-09 10:00")
    zones = (ZoneChange(back, "Europe/London"), ZoneChange(there, "Asia/Tokyo"))
    moments = [there - HOUR, there, back - HOUR, back]
    assert [zone_at(zones, "Europe/Paris", at) for at in moments] == [
        "Europe/Paris",
        "Asia/Tokyo",
        "Asia/Tokyo",
        "Europe/London",
    ]
