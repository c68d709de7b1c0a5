"""PROMISES T2: while travelling, a daily time stays 12 to 37 hours apart, and none is doubled or lost."""

import itertools
import zoneinfo
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schedules.facts import ZoneChange
from schedules.wall_clock import WallClock

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
START = date(2026, 3, 2)
ZONES = sorted(zoneinfo.available_timezones() - {"Factory"})
EXTREMES = ["Pacific/Kiritimati", "Pacific/Pago_Pago", "Pacific/Auckland", "Pacific/Honolulu", "Europe/London"]


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def shown_on_days(clock: WallClock, at: time, days: range) -> list[str]:
    return [clock.wall(clock.at(START + n * DAY, at)).strftime("%d %H:%M") for n in days]


def test_without_a_history_the_client_is_in_the_present_zone_throughout() -> None:
    clock = WallClock("Asia/Tokyo", "Europe/London")
    assert clock.at(START, time(9)) == utc("2026-03-02 00:00")
    assert clock.wall(utc("2026-03-02 00:00")) == datetime(2026, 3, 2, 9)


def test_with_a_history_the_client_is_in_the_plans_zone_before_it() -> None:
    clock = WallClock("Asia/Tokyo", "Europe/London", [ZoneChange(utc("2026-03-04 20:00"), "Asia/Tokyo")])
    assert [clock.at(START + n * DAY, time(9)) for n in range(5)] == [
        utc("2026-03-02 09:00"),
        utc("2026-03-03 09:00"),
        utc("2026-03-04 09:00"),
        utc("2026-03-05 00:00"),
        utc("2026-03-06 00:00"),
    ]


@pytest.mark.parametrize(
    ("changed_at", "zone", "shown"),
    [
        # east over the time of day: the client's clock skipped 09:00, so it is due on arrival
        ("2026-03-04 08:30", "Asia/Tokyo", ["02 09:00", "03 09:00", "04 17:30", "05 09:00", "06 09:00"]),
        # west: 09:00 comes again on the same date, and is not doubled
        ("2026-03-04 10:00", "America/New_York", ["02 09:00", "03 09:00", "04 09:00", "05 09:00", "06 09:00"]),
        # thirteen hours east: the next 09:00 is eleven hours away, too early
        ("2026-03-04 10:00", "Pacific/Auckland", ["02 09:00", "03 09:00", "04 09:00", "06 09:00", "07 09:00"]),
        # twelve hours east: the next 09:00 is twelve hours away, just late enough
        ("2026-03-04 10:00", "Pacific/Tarawa", ["02 09:00", "03 09:00", "04 09:00", "05 09:00", "06 09:00"]),
        # the same clock under another name: nothing moves
        ("2026-03-04 08:30", "Europe/Lisbon", ["02 09:00", "03 09:00", "04 09:00", "05 09:00", "06 09:00"]),
    ],
)
def test_a_journey_moves_what_is_still_to_come(changed_at: str, zone: str, shown: list[str]) -> None:
    clock = WallClock(zone, "Europe/London", [ZoneChange(utc(changed_at), zone)])
    assert shown_on_days(clock, time(9), range(5)) == shown


def test_crossing_the_date_line_west_and_back_loses_no_day() -> None:
    over = ZoneChange(utc("2026-03-04 22:00"), "Pacific/Honolulu")
    back = ZoneChange(utc("2026-03-07 22:00"), "Pacific/Auckland")
    clock = WallClock("Pacific/Auckland", "Pacific/Auckland", [over, back])
    links = [clock.at(START + n * DAY, time(9)) for n in range(9)]
    assert all(12 * HOUR <= later - earlier <= 37 * HOUR for earlier, later in itertools.pairwise(links))
    assert links[-1] == utc("2026-03-09 20:00")  # home again, on the home date


def test_a_stopover_shorter_than_a_day_is_passed_over() -> None:
    stop = ZoneChange(utc("2026-03-04 12:00"), "Asia/Dubai")
    arrival = ZoneChange(utc("2026-03-04 15:00"), "Asia/Tokyo")
    direct = WallClock("Asia/Tokyo", "Europe/London", [arrival])
    by_dubai = WallClock("Asia/Tokyo", "Europe/London", [arrival, stop])  # in any order
    days = range(6)
    assert shown_on_days(by_dubai, time(9), days) == shown_on_days(direct, time(9), days)


def test_what_was_due_before_a_journey_does_not_move() -> None:
    journey = ZoneChange(utc("2026-03-06 12:00"), "Pacific/Auckland")
    at_home = WallClock("Europe/London", "Europe/London")
    away = WallClock("Pacific/Auckland", "Europe/London", [journey])
    for n in range(-30, 5):
        assert away.at(START + n * DAY, time(9)) == at_home.at(START + n * DAY, time(9))


journeys = st.lists(
    st.tuples(st.integers(0, 40 * 24 * 4), st.one_of(st.sampled_from(EXTREMES), st.sampled_from(ZONES))), max_size=8
)


@settings(max_examples=120, deadline=None)
@given(journeys, st.sampled_from(EXTREMES), st.times(timezones=st.none()))
def test_a_daily_time_stays_12_to_37_hours_apart_on_any_journey(
    legs: list[tuple[int, str]], home: str, at: time
) -> None:
    zones = [ZoneChange(utc("2026-03-02 00:00") + quarter * HOUR / 4, zone) for quarter, zone in legs]
    clock = WallClock(home, home, zones)
    links = [clock.at(START + n * DAY, at) for n in range(-2, 45)]
    gaps = [later - earlier for earlier, later in itertools.pairwise(links)]
    assert min(gaps) >= 12 * HOUR
    assert max(gaps) <= 37 * HOUR
    changed = {change.from_at for change in zones}
    for link in links:
        # every link is the asked time on the client's clock, or the arrival, or lies where a clock change moved it
        assert clock.wall(link).time() == at or link in changed or abs(_minutes(clock.wall(link).time(), at)) <= 60


def _minutes(shown: time, at: time) -> float:
    apart = (shown.hour - at.hour) * 60 + shown.minute - at.minute
    return (apart + 720) % 1440 - 720


def test_the_day_turns_at_four_on_the_clients_clock() -> None:
    clock = WallClock("Europe/London", "Europe/London")
    assert clock.day_turn_after(utc("2026-03-03 03:59"), START) == utc("2026-03-03 04:00")
    assert clock.day_turn_after(utc("2026-03-03 04:00"), START) == utc("2026-03-04 04:00")
    assert clock.day_turn_before(utc("2026-03-03 04:00")) == utc("2026-03-02 04:00")
    assert clock.day_turn_before(utc("2026-03-03 04:01")) == utc("2026-03-03 04:00")
