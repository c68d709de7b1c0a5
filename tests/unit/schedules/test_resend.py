"""DESIGN section 7: high-value pushes are sent again once when the phone has not confirmed them."""

from datetime import UTC, datetime, time, timedelta

import pytest

from schedules import may_resend, resend_after

NIGHT = (time(22), time(7, 30))


@pytest.mark.parametrize(
    ("kind", "rung", "minutes"),
    [
        ("mask_done", None, 3),
        ("help_followup", None, 30),
        ("act_now", 3, 5),
        ("act_now", 1, None),  # the ladder repeats it
        ("act_now", 2, None),  # this is the repeat
        ("alarm", 4, None),
        ("correction", None, None),  # planned with the first
        ("check_in_due", None, None),
    ],
)
def test_what_is_sent_again_and_when(kind: str, rung: int | None, minutes: int | None) -> None:
    assert resend_after(kind, rung) == (None if minutes is None else timedelta(minutes=minutes))


@pytest.mark.parametrize(
    ("kind", "hour", "quiet", "agreed", "may"),
    [
        ("help_followup", 23, NIGHT, False, False),
        ("help_followup", 6, NIGHT, False, False),
        ("help_followup", 12, NIGHT, False, True),
        ("help_followup", 23, NIGHT, True, True),
        ("help_followup", 13, (time(12), time(14)), False, False),
        ("help_followup", 15, (time(12), time(14)), False, True),
        ("help_followup", 23, None, False, True),
        ("help_followup", 23, (time(22), time(22)), False, True),
        ("mask_done", 23, NIGHT, False, True),
    ],
)
def test_quiet_hours_hold_back_the_second_sending_too(
    kind: str, hour: int, quiet: tuple[time, time] | None, agreed: bool, may: bool
) -> None:
    now = datetime(2026, 3, 3, hour, 0, tzinfo=UTC)
    assert may_resend(kind, now, "Europe/London", quiet, help_may_break_quiet=agreed) is may


def test_the_zone_is_the_one_the_client_is_in() -> None:
    now = datetime(2026, 3, 3, 12, 0, tzinfo=UTC)
    assert not may_resend("help_followup", now, "Pacific/Auckland", NIGHT, help_may_break_quiet=False)
