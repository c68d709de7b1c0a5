"""PROMISES P6 and T4: what is late, what of it is one push, and when it goes out at night."""

from datetime import UTC, datetime, time, timedelta
from typing import get_args

import pytest

from schedules.lateness import LATE_AFTER, MERGED_WHEN_LATE, ClientNight, is_late, place_late
from schedules.merging import ALONE, COUNTED
from schedules.reminder_facts import ReminderKind

MIDNIGHT = datetime(2026, 1, 5, 23, 0, tzinfo=UTC)  # in Berlin
NIGHT = ClientNight("Europe/Berlin", (time(22), time(7, 30)), help_may_break_quiet=False)
TOMORROW = MIDNIGHT + timedelta(days=1)


@pytest.mark.parametrize("overdue_s", [0, 1799, 1800, 21600])
def test_half_an_hour_is_late(overdue_s: int) -> None:
    assert is_late("care_step", timedelta(seconds=overdue_s), waited=False) == (overdue_s >= 1800)


def test_what_its_channel_held_up_is_late_at_once() -> None:
    assert is_late("check_in_due", timedelta(), waited=True)


def test_a_timer_is_never_late() -> None:
    assert not is_late("mask_done", LATE_AFTER, waited=True)


def test_what_the_cap_counts_is_merged_and_what_must_not_drown_is_not() -> None:
    assert COUNTED < MERGED_WHEN_LATE
    assert not MERGED_WHEN_LATE & ALONE
    words_of_people = {"message", "plan_changed", "correction", "reviewed", "ready"}
    alerts = {"act_now", "alarm", "digest"}
    assert set(get_args(ReminderKind)) == MERGED_WHEN_LATE | ALONE | words_of_people | alerts


def test_at_night_it_waits_for_the_end_of_quiet_hours() -> None:
    assert place_late("merged", TOMORROW, MIDNIGHT, NIGHT) == datetime(2026, 1, 6, 6, 30, tzinfo=UTC)


def test_what_the_night_outlasts_ends_in_time() -> None:
    soon = MIDNIGHT + timedelta(hours=1)
    assert place_late("care_step", soon, MIDNIGHT, NIGHT) == soon


def test_by_day_and_without_quiet_hours_it_goes_out_now() -> None:
    noon = MIDNIGHT - timedelta(hours=12)
    awake = ClientNight("Europe/Berlin", None, help_may_break_quiet=False)
    assert place_late("merged", TOMORROW, noon, NIGHT) == noon
    assert place_late("merged", TOMORROW, MIDNIGHT, awake) == MIDNIGHT


@pytest.mark.parametrize("agreed", [False, True])
def test_the_follow_up_of_a_flag_breaks_through_if_the_client_agreed(agreed: bool) -> None:
    night = ClientNight(NIGHT.zone, NIGHT.quiet, help_may_break_quiet=agreed)
    assert (place_late("help_followup", TOMORROW, MIDNIGHT, night) == MIDNIGHT) == agreed
    assert place_late("message", TOMORROW, MIDNIGHT, night) > MIDNIGHT
