"""Quiet hours in the client's zone: held, pulled forward, broken through (PROMISES T4)."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from schedules.facts import (
    DueWindow,
    FlagSpan,
    Occurrence,
    PlanFacts,
    Timeline,
    ZoneChange,
)
from schedules.quiet_hours import ClientClock, QuietHours, Span
from schedules.reminder_facts import Horizon, PlannedReminder, ReminderFacts, ReminderPreferences, RunningTimer
from schedules.reminders import plan_reminders

ENDED_AT = datetime(2026, 1, 5, 11, 0, tzinfo=UTC)
NIGHT = (time(22, 0), time(7, 30))


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 1, 5, hour, minute, tzinfo=UTC) + timedelta(days=day)


def build_slot(due: datetime, opens_at: datetime, closes_at: datetime, key: str = "wash@d1#1") -> Occurrence:
    window = DueWindow(opens_at, due, closes_at)
    return Occurrence(key, "care_step", "Wash", 1, 1, window, due.replace(tzinfo=None), "wash", "clean")


def build_facts(zone: str = "Europe/London", zones: tuple[ZoneChange, ...] = (), **other: object) -> ReminderFacts:
    plan = replace(PlanFacts(ENDED_AT, zone, date(2026, 1, 5), "scalp", zones=zones), **other)
    return ReminderFacts(plan, follow_up_h={"same_day": (6,)}, sent=frozenset({("first_day", "first_day@d0")}))


def plan(
    *occurrences: Occurrence,
    facts: ReminderFacts | None = None,
    quiet: tuple[time, time] | None = NIGHT,
    **wishes: bool,
) -> tuple[PlannedReminder, ...]:
    preferences = ReminderPreferences(quiet=quiet, **wishes)
    horizon = Horizon(ENDED_AT, ENDED_AT + timedelta(days=30))
    return plan_reminders(Timeline(occurrences), preferences, facts or build_facts(), horizon)


def test_what_is_still_open_when_quiet_hours_end_waits_for_it() -> None:
    (row,) = plan(build_slot(at(1, 23), at(1, 21), at(2, 9)))
    assert (row.send_at, row.outcome) == (at(2, 7, 30), "send")
    assert row.reason == "step time; held until quiet hours end at 07:30"


def test_what_would_expire_is_sent_just_before_quiet_hours() -> None:
    (row,) = plan(build_slot(at(1, 22, 30), at(1, 20, 30), at(2, 4)))
    assert (row.send_at, row.local) == (at(1, 21, 55), datetime(2026, 1, 6, 21, 55))
    assert row.reason == "step time; moved before quiet hours, which begin at 22:00"


def test_what_expires_at_the_very_end_of_quiet_hours_is_pulled_forward_too() -> None:
    (row,) = plan(build_slot(at(1, 23), at(1, 21), at(2, 7, 30)))
    assert row.send_at == at(1, 21, 55)


def test_it_is_not_sent_before_its_window_opens() -> None:
    (row,) = plan(build_slot(at(1, 23), at(1, 21, 58), at(2, 4)))
    assert row.send_at == at(1, 21, 58)


def test_what_lies_wholly_in_quiet_hours_is_not_sent_and_says_why() -> None:
    (row,) = plan(build_slot(at(2, 0), at(1, 22), at(2, 4)))
    assert row.outcome == "quiet"
    assert row.reason == "step time; its whole window lies in quiet hours"


def test_all_that_was_held_is_one_push_at_the_end() -> None:
    steps = [build_slot(at(1, 23), at(1, 21), at(2, 9), f"s{n}@d1#1") for n in range(3)]
    carrier, *carried = plan(*steps)
    assert (carrier.kind, carrier.send_at) == ("merged", at(2, 7, 30))
    assert carrier.occurrences == ("s0@d1#1", "s1@d1#1", "s2@d1#1")
    assert {row.outcome for row in carried} == {"merged"}


@pytest.mark.parametrize("quiet", [None, (time(9, 0), time(9, 0))])
def test_without_quiet_hours_all_goes_out_when_due(quiet: tuple[time, time] | None) -> None:
    (row,) = plan(build_slot(at(1, 23), at(1, 21), at(2, 4)), quiet=quiet)
    assert row.send_at == at(1, 23)


def test_quiet_hours_may_lie_within_one_day() -> None:
    (row,) = plan(build_slot(at(1, 14), at(1, 12), at(1, 17)), quiet=(time(13, 0), time(15, 0)))
    assert row.send_at == at(1, 15)


def test_quiet_hours_are_half_open() -> None:
    quiet = QuietHours(NIGHT, ClientClock(build_facts().plan))
    assert quiet.around(at(1, 22)) == Span(at(1, 22), at(2, 7, 30))
    assert quiet.around(at(2, 7, 29)) == Span(at(1, 22), at(2, 7, 30))
    assert quiet.around(at(2, 7, 30)) is None
    assert quiet.around(at(1, 21, 59)) is None


def test_a_follow_up_waits_unless_the_client_agreed_otherwise() -> None:
    facts = build_facts(flags=(FlagSpan("pus", "same_day", at(1, 18)),))
    (held,) = plan(facts=facts)
    assert (held.kind, held.send_at) == ("help_followup", at(2, 7, 30))
    (at_once,) = plan(facts=facts, help_may_break_quiet=True)
    assert at_once.send_at == at(2, 0)


@pytest.mark.parametrize("agreed", [True, False])
def test_a_mask_timer_ends_at_its_minute_whether_or_not_help_may_break_the_night(agreed: bool) -> None:
    facts = replace(build_facts(), timers=(RunningTimer("mask@d1#1", at(1, 23, 15)),))
    (ended,) = plan(facts=facts, help_may_break_quiet=agreed)
    assert (ended.kind, ended.send_at) == ("mask_done", at(1, 23, 15))


def test_quiet_hours_follow_the_traveller() -> None:
    landed = ZoneChange(at(1, 12), "America/New_York")  # 5 hours behind
    (row,) = plan(build_slot(at(1, 23), at(1, 21), at(2, 8)), facts=build_facts(zones=(landed,)))
    assert (row.send_at, row.local) == (at(1, 23), datetime(2026, 1, 6, 18, 0))


def test_a_night_that_goes_on_under_another_clock_is_one() -> None:
    west = ZoneChange(at(2, 6), "America/New_York")  # 06:00 in London, 01:00 in New York
    quiet = QuietHours(NIGHT, ClientClock(build_facts(zones=(west,)).plan))
    whole = Span(at(1, 22), at(2, 12, 30))
    assert quiet.around(at(1, 23)) == whole
    assert quiet.around(at(2, 9)) == whole


def test_a_night_ends_where_the_new_clock_shows_day() -> None:
    east = ZoneChange(at(2, 1), "Asia/Tokyo")  # 01:00 in London, 10:00 in Tokyo
    quiet = QuietHours(NIGHT, ClientClock(build_facts(zones=(east,)).plan))
    assert quiet.around(at(1, 23)) == Span(at(1, 22), at(2, 1))
    assert quiet.around(at(2, 1)) is None


def test_who_lands_in_the_night_is_in_quiet_hours_from_the_landing_on() -> None:
    east = ZoneChange(at(1, 15), "Asia/Tokyo")  # 15:00 in London, midnight in Tokyo
    quiet = QuietHours(NIGHT, ClientClock(build_facts(zones=(east,)).plan))
    assert quiet.around(at(1, 16)) == Span(at(1, 15), at(1, 22, 30))
    assert quiet.around(at(1, 14)) is None


def test_quiet_hours_keep_to_the_clock_when_it_changes() -> None:
    spring = datetime(2026, 3, 29, 5, 0, tzinfo=UTC)  # clocks went forward at 01:00 UTC
    quiet = QuietHours(NIGHT, ClientClock(build_facts().plan))
    assert quiet.around(spring) == Span(
        datetime(2026, 3, 28, 22, 0, tzinfo=UTC), datetime(2026, 3, 29, 6, 30, tzinfo=UTC)
    )
