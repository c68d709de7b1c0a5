"""Due windows (protocols rules 53 to 56): when an occurrence opens, is due and closes."""

from datetime import UTC, date, datetime, time

import pytest

from schedules.facts import DueWindow, ZoneChange
from schedules.protocol_terms import StepKind
from schedules.recurrence import DueDay, StepSpan, slot_times
from schedules.wall_clock import WallClock
from schedules.windows import day_window, photo_window, slot_windows, timed_check_in_window

ON = date(2026, 3, 3)
UTC_CLOCK = WallClock("Europe/London", "Europe/London")


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def shown(window: DueWindow) -> str:
    return " ".join(f"{at:%d %H:%M}" for at in (window.opens_at, window.due_at, window.closes_at))


def windows(
    times: list[str],
    *,
    kind: StepKind = "clean",
    start: str = "2026-03-01 00:00",
    end: str = "2026-03-31 00:00",
    held: tuple[int, ...] = (),
) -> list[str]:
    shown_at = tuple(time.fromisoformat(at) for at in times)
    span = StepSpan(utc(start), utc(end), provisional=False)
    day = DueDay(ON, [slot for slot in slot_times(shown_at, ON, UTC_CLOCK) if slot.number not in held])
    return [shown(slot.window) for slot in slot_windows(day, shown_at, kind, span, UTC_CLOCK)]


def test_a_lone_slot_opens_two_hours_before_and_closes_at_four() -> None:
    assert windows(["20:00"]) == ["03 18:00 03 20:00 04 04:00"]


def test_slots_of_a_day_share_the_time_between_them() -> None:
    assert windows(["08:00", "14:00", "17:00"]) == [
        "03 06:00 03 08:00 03 11:00",
        "03 12:00 03 14:00 03 15:30",
        "03 15:30 03 17:00 04 04:00",
    ]


def test_a_slot_that_is_not_due_bounds_the_others_all_the_same() -> None:
    assert windows(["08:00", "11:00", "13:00"], held=(1, 3)) == ["03 09:30 03 11:00 03 12:00"]


def test_a_slot_stays_inside_the_steps_window() -> None:
    assert windows(["08:00"], start="2026-03-03 07:15", end="2026-03-03 10:00") == ["03 07:15 03 08:00 03 10:00"]


def test_a_mask_closes_three_hours_after_it_is_due_at_the_latest() -> None:
    assert windows(["19:00"], kind="mask") == ["03 17:00 03 19:00 03 22:00"]
    assert windows(["12:00", "14:00"], kind="mask")[0] == "03 10:00 03 12:00 03 13:00"


def test_a_slot_before_four_closes_at_four_of_the_next_day() -> None:
    assert windows(["01:00"]) == ["02 23:00 03 01:00 04 04:00"]


@pytest.mark.parametrize(
    ("at", "window"),
    [
        ("08:00", "03 04:00 03 08:00 04 04:00"),
        ("04:00", "03 04:00 03 04:00 04 04:00"),
        ("23:30", "03 04:00 03 23:30 04 04:00"),
        ("01:30", "03 04:00 04 01:30 04 04:00"),  # the night that follows
    ],
)
def test_a_check_in_of_a_day_is_open_from_four_to_four(at: str, window: str) -> None:
    assert shown(day_window(ON, time.fromisoformat(at), UTC_CLOCK)) == window


def test_a_check_in_closes_at_four_where_the_client_is_then() -> None:
    away = WallClock("Asia/Tokyo", "Europe/London", [ZoneChange(utc("2026-03-03 10:00"), "Asia/Tokyo")])
    assert shown(day_window(ON, time(8), away)) == "03 04:00 03 08:00 03 19:00"


@pytest.mark.parametrize(
    ("due_at", "window"),
    [
        ("2026-03-03 17:30", "03 17:30 03 17:30 04 05:30"),  # twelve hours reach past four
        ("2026-03-03 12:00", "03 12:00 03 12:00 04 04:00"),  # four comes later than twelve hours
        ("2026-03-04 01:30", "04 01:30 04 01:30 04 13:30"),
        ("2026-03-04 04:00", "04 04:00 04 04:00 05 04:00"),  # the first four *after* it is due
    ],
)
def test_a_timed_check_in_closes_after_twelve_hours_or_at_four(due_at: str, window: str) -> None:
    assert shown(timed_check_in_window(utc(due_at), UTC_CLOCK)) == window


def test_photos_take_the_window_of_the_days_check_in() -> None:
    whole_day = day_window(ON, time(8), UTC_CLOCK)
    timed = timed_check_in_window(utc("2026-03-03 17:30"), UTC_CLOCK)
    ended_at = utc("2026-03-03 14:30")
    assert photo_window("any", timed, whole_day, ended_at, UTC_CLOCK) == timed
    assert photo_window("any", None, whole_day, ended_at, UTC_CLOCK) == whole_day


def test_photos_before_close_and_photos_after_open_when_the_treatment_ended() -> None:
    whole_day = day_window(ON, time(8), UTC_CLOCK)
    timed = timed_check_in_window(utc("2026-03-03 17:30"), UTC_CLOCK)
    ended_at = utc("2026-03-03 14:30")
    assert shown(photo_window("before", timed, whole_day, ended_at, UTC_CLOCK)) == "03 04:00 03 08:00 03 14:30"
    assert shown(photo_window("after", timed, whole_day, ended_at, UTC_CLOCK)) == "03 14:30 03 17:30 04 05:30"
    assert shown(photo_window("after", None, whole_day, ended_at, UTC_CLOCK)) == "03 14:30 03 14:30 04 04:00"


def test_photos_before_a_treatment_that_ended_at_night_open_the_day_before() -> None:
    whole_day = day_window(ON, time(8), UTC_CLOCK)
    night = photo_window("before", None, whole_day, utc("2026-03-03 01:00"), UTC_CLOCK)
    assert shown(night) == "02 04:00 02 04:00 03 01:00"


def test_photos_before_a_treatment_that_ended_at_the_very_time_of_the_check_in_are_due_from_the_start() -> None:
    whole_day = day_window(ON, time(8), UTC_CLOCK)
    night = photo_window("before", None, whole_day, utc("2026-03-03 08:00"), UTC_CLOCK)
    assert shown(night) == "03 04:00 03 04:00 03 08:00"
