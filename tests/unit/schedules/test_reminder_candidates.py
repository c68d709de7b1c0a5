"""What would be said to a client, each message by itself: when, for how long, and why (DESIGN section 7)."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from schedules.facts import DueWindow, FlagSpan, Occurrence, PlanFacts, Timeline, ZoneChange
from schedules.quiet_hours import ClientClock
from schedules.reminder_candidates import (
    UNCOUNTED,
    Candidate,
    check_in_still_open,
    list_candidates,
    list_check_ins,
    paused_message,
)
from schedules.reminder_facts import MissedRow, ReminderFacts, RunningTimer, WatchResult

ENDED_AT = datetime(2026, 1, 5, 11, 0, tzinfo=UTC)
PLAN = PlanFacts(ENDED_AT, "Europe/London", date(2026, 1, 5), "scalp")
HOUR = timedelta(hours=1)


def at(day: int, hour: int) -> datetime:
    return datetime(2026, 1, 5, hour, tzinfo=UTC) + timedelta(days=day)


def check_in(day: int) -> Occurrence:
    window = DueWindow(at(day, 4), at(day, 8), at(day + 1, 4))
    return Occurrence(f"check_in@d{day}", "check_in", "Check-in", day, 1, window, at(day, 8).replace(tzinfo=None))


def step(window: DueWindow, day: int = 0, **other: object) -> Occurrence:
    local = window.due_at.replace(tzinfo=None)
    return Occurrence(f"cool@d{day}#1", "care_step", "Cool", day, 1, window, local, "cool", "clean")._replace(**other)


def listed(*occurrences: Occurrence, plan: PlanFacts = PLAN, **facts: object) -> dict[str, Candidate]:
    """All candidates by kind and key, the first-day message among them."""
    of_plan = replace(ReminderFacts(plan, follow_up_h={"same_day": (6,)}, ref="left"), **facts)
    found = list_candidates(Timeline(occurrences), of_plan, ClientClock(plan))
    return {f"{each.kind}:{each.key}": each for each in found}


def test_each_message_says_why_and_of_which_plan_it_is() -> None:
    slot, rule = DueWindow(at(2, 10), at(2, 12), at(2, 15)), DueWindow(at(3, 0), at(3, 0), at(30, 0))
    found = listed(
        check_in(1),
        step(slot, 2),
        step(rule, 3, entry="rule", remind="window_start"),
        plan=replace(PLAN, flags=(FlagSpan("pus", "same_day", at(2, 9)),)),
        watch_results=(WatchResult(4, at(4, 9)), WatchResult(6, at(6, 20))),
        timers=(RunningTimer("mask@d1#1", at(1, 20)),),
        appointment_at=at(56, 14),
    )
    assert {name: each.reason for name, each in found.items()} == {
        "first_day:first_day@d0": "end of treatment",
        "help_followup:follow_up@20260107T090000Z+6h": "6 hours after the warning sign",
        "appointment:appointment@2026-03-02": "the day before the next treatment",
        "mask_done:mask@d1#1": "timer ended",
        "check_again:check_again@d4": "asked again after day 4",
        "check_again:check_again@d6": "asked again after day 6, in place of the check-in reminder",
        "check_in_due:check_in@d1": "check-in time",
        "care_step:cool@d2#1": "step time",
        "care_step:cool@d3#1": "start of the rule",
    }
    assert {each.ref for each in found.values()} == {"left"}


def test_a_slot_may_open_with_the_end_of_the_treatment_a_rule_then_has_no_message_of_its_own() -> None:
    window = DueWindow(ENDED_AT, ENDED_AT + HOUR, ENDED_AT + 4 * HOUR)
    assert "care_step:cool@d0#1" in listed(step(window))
    assert "care_step:cool@d0#1" not in listed(step(window, entry="rule", remind="window_start"))


def test_the_end_of_a_mask_is_worth_saying_for_an_hour() -> None:
    done = listed(timers=(RunningTimer("mask@d1#1", at(1, 20)),))["mask_done:mask@d1#1"]
    assert (done.at, done.opens_at, done.expires_at, done.rank) == (at(1, 20), at(1, 20), at(1, 21), UNCOUNTED)


def test_a_flag_of_another_area_takes_no_follow_up_away_from_this_one() -> None:
    flags = (FlagSpan("face", "emergency", at(2, 8), elsewhere=True), FlagSpan("pus", "same_day", at(2, 9)))
    found = listed(plan=replace(PLAN, flags=flags))
    assert [name for name in found if name.startswith("help_followup")] == [
        "help_followup:follow_up@20260107T090000Z+6h"
    ]
    assert found[f"help_followup:follow_up@{at(2, 9):%Y%m%dT%H%M%SZ}+6h"].follows_up == "same_day"


def test_a_flag_whose_urgency_has_no_hours_is_not_followed_up() -> None:
    assert set(listed(plan=replace(PLAN, flags=(FlagSpan("face", "emergency", at(2, 9)),)))) == {
        "first_day:first_day@d0"
    }


@pytest.mark.parametrize(
    ("closed_at", "kind"), [(at(20, 7), "one_tap"), (at(20, 8), "one_tap"), (at(20, 9), "check_in_due")]
)
def test_one_tap_is_for_what_is_due_once_the_second_has_closed(closed_at: datetime, kind: str) -> None:
    row = MissedRow(2, at(18, 8), closed_at)
    assert f"{kind}:check_in@d20" in listed(check_in(20), missed_row=row)
    assert "check_in_due:check_in@d20" in listed(check_in(20), missed_row=replace(row, closed_at=None))


def test_one_tap_says_how_many_were_missed() -> None:
    found = listed(check_in(20), missed_row=MissedRow(3, at(17, 8), at(20, 4)))
    assert found["one_tap:check_in@d20"].reason == "check-in time; 3 missed in a row"


def test_the_second_reminder_of_a_check_in_opens_two_hours_after_the_first() -> None:
    facts = ReminderFacts(PLAN, ref="left")
    (due,) = list_check_ins(Timeline((check_in(1),)), facts)
    assert (due.kind, due.reason) == ("check_in_due", "check-in time")
    again = check_in_still_open(due, at(1, 9))
    assert again is not None
    assert (again.at, again.opens_at, again.expires_at, again.ref) == (at(1, 19), at(1, 11), at(2, 4), "left")
    assert again.reason == "10 hours after the check-in reminder, if still open"


def test_that_reminders_have_stopped_is_said_once_by_push_and_mail_for_a_day() -> None:
    facts = ReminderFacts(PLAN, ref="left", missed_row=MissedRow(3, at(17, 8), at(20, 4), at(20, 4), at(22, 8)))
    key, reason = "paused@20260127T080000Z", "3 check-ins missed in a row: reminders stop"
    assert paused_message(facts) == Candidate(
        "paused", key, at(22, 8), at(22, 8), at(23, 8), UNCOUNTED, reason, ref="left", by_mail=True
    )
    assert paused_message(replace(facts, sent=frozenset({("paused", key)}))) is None
    assert paused_message(replace(facts, missed_row=MissedRow(2))) is None


def test_rule_58_each_hour_is_that_of_the_clock_where_the_client_is_then() -> None:
    away = replace(PLAN, zones=(ZoneChange(at(3, 12), "America/New_York"),))  # 5 hours behind
    at_home, abroad = DueWindow(at(2, 0), at(2, 0), at(30, 0)), DueWindow(at(5, 19), at(5, 19), at(30, 0))
    found = listed(
        step(at_home, 2, entry="rule", remind="window_start"),
        step(abroad, 5, entry="rule", remind="window_start"),
        plan=away,
        watch_results=(WatchResult(1, at(1, 14)), WatchResult(4, at(4, 14))),
        appointment_at=at(56, 14),
    )
    assert found["check_again:check_again@d1"].at == at(1, 18)
    assert found["check_again:check_again@d4"].at == at(4, 23)
    assert found["appointment:appointment@2026-03-02"].at == at(55, 23)
    assert found["care_step:cool@d2#1"].expires_at == at(3, 4)
    assert found["care_step:cool@d5#1"].expires_at == at(6, 9)
