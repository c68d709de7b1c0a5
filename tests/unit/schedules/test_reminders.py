"""What a client is told, and when: DESIGN section 7, protocols rules 18, 19, 39, 40, PROMISES T3."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from schedules.facts import (
    DueWindow,
    FlagSpan,
    Occurrence,
    PauseSpan,
    PlanFacts,
    Timeline,
)
from schedules.reminder_facts import (
    Horizon,
    PlannedReminder,
    ReminderFacts,
    ReminderPreferences,
    RunningTimer,
    WatchResult,
)
from schedules.reminders import plan_reminders

ZONE = "Europe/London"  # winter: the local time is UTC
DAY_0 = date(2026, 1, 5)
ENDED_AT = datetime(2026, 1, 5, 11, 0, tzinfo=UTC)
HOURS = {"emergency": (2, 24), "same_day": (6, 24, 48), "practitioner_review": (48,)}


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 1, 5, hour, minute, tzinfo=UTC) + timedelta(days=day)


def build_check_in(day: int, due: datetime | None = None) -> Occurrence:
    due = due or at(day, 8)
    window = DueWindow(min(due, at(day, 4)), due, at(day + 1, 4))
    return Occurrence(f"check_in@d{day}", "check_in", "Check-in", day, 1, window, due.replace(tzinfo=None))


def build_step(day: int, due: datetime, step: str = "wash", **other: object) -> Occurrence:
    window = DueWindow(due - timedelta(hours=2), due, min(due + timedelta(hours=3), at(day + 1, 4)))
    slot = Occurrence(f"{step}@d{day}#1", "care_step", step, day, 1, window, due.replace(tzinfo=None), step, "clean")
    return slot._replace(**other)


def build_rule(opens_at: datetime, closes_at: datetime, **other: object) -> Occurrence:
    window = DueWindow(opens_at, opens_at, closes_at)
    local = opens_at.replace(tzinfo=None)
    rule = Occurrence("no_soak@d0#1", "care_step", "No soak", 0, 1, window, local, "no_soak", "avoid", "rule")
    return rule._replace(remind="window_start", **other)


def build_plan(**other: object) -> PlanFacts:
    return replace(PlanFacts(ENDED_AT, ZONE, DAY_0, "scalp"), **other)


def build_facts(plan: PlanFacts | None = None, **other: object) -> ReminderFacts:
    return replace(ReminderFacts(plan or build_plan(), follow_up_h=HOURS), **other)


def plan(
    *occurrences: Occurrence, facts: ReminderFacts | None = None, start: datetime = ENDED_AT, **wishes: object
) -> tuple[PlannedReminder, ...]:
    timeline = Timeline(tuple(sorted(occurrences, key=lambda each: (each.window.due_at, each.key))))
    horizon = Horizon(start, ENDED_AT + timedelta(days=100))
    return plan_reminders(timeline, ReminderPreferences(**wishes), facts or build_facts(), horizon)


def sent(rows: tuple[PlannedReminder, ...], without: str = "first_day") -> list[tuple[str, datetime]]:
    return [(row.kind, row.send_at) for row in rows if row.outcome == "send" and row.kind != without]


def test_a_check_in_is_told_when_due_and_once_more_ten_hours_later() -> None:
    rows = plan(build_check_in(1))
    assert sent(rows) == [("check_in_due", at(1, 8)), ("check_in_open", at(1, 18))]
    due = next(row for row in rows if row.kind == "check_in_due")
    assert due.dedupe_key == "check_in_due:check_in@d1"
    assert (due.occurrence, due.occurrences) == ("check_in@d1", ("check_in@d1",))
    assert (due.local, due.expires_at) == (datetime(2026, 1, 6, 8, 0), at(2, 4))


def test_the_second_reminder_of_a_check_in_stops_after_day_14() -> None:
    assert [kind for kind, _ in sent(plan(build_check_in(14)))] == ["check_in_due", "check_in_open"]
    assert [kind for kind, _ in sent(plan(build_check_in(17)))] == ["check_in_due"]


def test_no_second_reminder_for_a_check_in_that_is_closed_by_then() -> None:
    assert sent(plan(build_check_in(1, due=at(1, 19)))) == [("check_in_due", at(1, 19))]
    assert sent(plan(build_check_in(1, due=at(1, 18)), quiet=None)) == [("check_in_due", at(1, 18))]  # closes at 04:00


def test_the_second_reminder_comes_also_when_the_first_was_sent_and_never_twice() -> None:
    facts = build_facts(sent=frozenset({("check_in_due", "check_in@d1")}))
    assert sent(plan(build_check_in(1), facts=facts)) == [("check_in_open", at(1, 18))]
    facts = replace(facts, sent=facts.sent | {("check_in_open", "check_in@d1")})
    assert sent(plan(build_check_in(1), facts=facts)) == []


def test_nothing_is_sent_for_what_is_done() -> None:
    facts = build_facts(done_keys=frozenset({"check_in@d1", "wash@d1#1"}))
    assert sent(plan(build_check_in(1), build_step(1, at(1, 20)), facts=facts)) == []


def test_a_care_slot_is_told_when_due_and_a_mask_by_its_own_kind() -> None:
    rows = plan(build_step(1, at(1, 14)), build_step(1, at(1, 19), "mask", step_kind="mask"))
    assert sent(rows) == [("care_step", at(1, 14)), ("mask_due", at(1, 19))]


@pytest.mark.parametrize("mark", [{"remind": "none"}, {"provisional": True}, {"withheld": True}, {"silent": True}])
def test_what_is_off_forecast_withheld_or_silent_sends_nothing(mark: dict[str, object]) -> None:
    assert sent(plan(build_step(1, at(1, 14), **mark))) == []


def test_a_photo_has_no_message_of_its_own() -> None:
    photo = build_check_in(1)._replace(key="photo@d1#any", kind="photo")
    assert sent(plan(photo)) == []


def test_a_rule_from_the_treatment_end_stands_in_the_first_day_message_alone() -> None:
    rows = plan(build_rule(ENDED_AT, at(14, 11)))
    assert [(row.kind, row.send_at, row.occurrence) for row in rows] == [("first_day", ENDED_AT, "first_day@d0")]


def test_a_later_rule_is_told_once_at_its_start() -> None:
    assert sent(plan(build_rule(at(2, 11), at(14, 11)))) == [("care_step", at(2, 11))]


@pytest.mark.parametrize(
    ("opens_at", "closes_at", "expires_at"),
    [
        (at(2, 11), at(14, 11), at(3, 4)),  # the first 04:00 at least 12 hours later
        (at(2, 17), at(14, 11), at(4, 4)),
        (at(2, 11), at(2, 15), at(2, 15)),  # the end of its window
    ],
)
def test_the_message_of_a_rule_expires(opens_at: datetime, closes_at: datetime, expires_at: datetime) -> None:
    row = next(row for row in plan(build_rule(opens_at, closes_at)) if row.kind == "care_step")
    assert row.expires_at == expires_at


def test_a_rule_that_starts_at_midnight_is_told_when_quiet_hours_end() -> None:
    assert sent(plan(build_rule(at(12, 0), at(60, 0)))) == [("care_step", at(12, 7, 30))]


def test_the_first_day_message_waits_for_the_phone() -> None:
    rows = plan(facts=build_facts(joined_at=at(0, 15)))
    assert [(row.kind, row.send_at, row.reason) for row in rows] == [("first_day", at(0, 15), "the phone joined")]
    assert plan(facts=build_facts(sent=frozenset({("first_day", "first_day@d0")}))) == ()


# --- after a watch result -----------------------------------------------------------------------------------------


def test_after_an_early_watch_result_the_client_is_asked_again_at_six() -> None:
    rows = plan(build_check_in(3), facts=build_facts(watch_results=(WatchResult(2, at(2, 14, 59)),)))
    assert sent(rows)[0] == ("check_again", at(2, 18))
    again = next(row for row in rows if row.kind == "check_again")
    assert (again.occurrence, again.expires_at) == ("check_again@d2", at(3, 4))
    assert ("check_in_due", at(3, 8)) in sent(rows)


def test_after_a_late_watch_result_it_takes_the_place_of_the_next_check_in_reminder() -> None:
    rows = plan(build_check_in(3), facts=build_facts(watch_results=(WatchResult(2, at(2, 15)),)))
    assert sent(rows) == [("check_again", at(3, 8)), ("check_in_open", at(3, 18))]


def test_a_watch_result_after_midnight_belongs_to_the_evening_before() -> None:
    rows = plan(build_check_in(3), facts=build_facts(watch_results=(WatchResult(2, at(3, 1)),)))
    assert sent(rows)[0] == ("check_again", at(3, 8))


def test_one_check_again_only_and_none_once_the_check_in_is_done() -> None:
    twice = (WatchResult(2, at(2, 9)), WatchResult(2, at(2, 16)))
    assert sent(plan(facts=build_facts(watch_results=twice))) == [("check_again", at(2, 18))]
    facts = build_facts(watch_results=(WatchResult(2, at(2, 16)),), done_keys=frozenset({"check_in@d3"}))
    assert sent(plan(build_check_in(3), facts=facts)) == []
    facts = build_facts(watch_results=twice, sent=frozenset({("check_again", "check_again@d2")}))
    assert sent(plan(facts=facts)) == []


# --- flags --------------------------------------------------------------------------------------------------------


def test_help_is_followed_up_at_the_protocols_hours_until_the_flag_is_closed() -> None:
    flag = FlagSpan("fever", "same_day", at(2, 9))
    rows = plan(facts=build_facts(build_plan(flags=(flag,))))
    assert sent(rows) == [("help_followup", at(2, 15)), ("help_followup", at(3, 9)), ("help_followup", at(4, 9))]
    closed = replace(flag, closed_at=at(2, 20))
    assert sent(plan(facts=build_facts(build_plan(flags=(closed,))))) == [("help_followup", at(2, 15))]
    closed = replace(flag, closed_at=at(2, 15))
    assert sent(plan(facts=build_facts(build_plan(flags=(closed,))))) == []


def test_flags_of_one_check_in_share_their_follow_ups_while_one_is_open() -> None:
    fever = FlagSpan("fever", "same_day", at(2, 9), closed_at=at(2, 12))
    pus = FlagSpan("pus", "same_day", at(2, 9))
    rash = FlagSpan("rash", "same_day", at(2, 9), closed_at=at(2, 13))
    for flags in ((fever, pus, rash), (fever, rash, pus), (pus, rash, fever)):
        assert len(sent(plan(facts=build_facts(build_plan(flags=flags))))) == 3
    later = replace(fever, closed_at=at(3, 8))
    assert len(sent(plan(facts=build_facts(build_plan(flags=(fever, later)))))) == 1


def test_a_watch_flag_asks_again_after_48_hours() -> None:
    flag = FlagSpan("itch", "practitioner_review", at(2, 9))
    assert sent(plan(facts=build_facts(build_plan(flags=(flag,))))) == [("check_again", at(4, 9))]


def test_under_an_open_emergency_nothing_but_its_own_is_sent() -> None:
    flags = (FlagSpan("face", "emergency", at(2, 9), at(3, 12)), FlagSpan("pus", "same_day", at(2, 9)))
    rows = plan(build_check_in(3), build_step(2, at(2, 20)), facts=build_facts(build_plan(flags=flags)))
    told = [(row.kind, row.send_at, row.occurrence) for row in rows if row.outcome == "send"]
    assert [each for each in told if each[1] < at(3, 12)] == [
        ("first_day", ENDED_AT, "first_day@d0"),
        ("help_followup", at(2, 11), "follow_up@20260107T090000Z+2h"),
        ("help_followup", at(3, 9), "follow_up@20260107T090000Z+24h"),
    ]
    assert ("check_in_open", at(3, 18)) in sent(rows)


def test_a_pause_and_the_end_of_the_plan_leave_only_follow_ups() -> None:
    flag = FlagSpan("pus", "same_day", at(2, 9))
    still = (build_check_in(3), build_step(2, at(2, 20)))
    expected = [("help_followup", at(2, 15)), ("help_followup", at(3, 9)), ("help_followup", at(4, 9))]
    paused = build_plan(flags=(flag,), pauses=(PauseSpan(at(2, 10)),))
    assert sent(plan(*still, facts=build_facts(paused))) == expected
    assert sent(plan(*still, facts=build_facts(build_plan(flags=(flag,), ended_at=at(2, 10))))) == expected
    short = build_plan(pauses=(PauseSpan(at(2, 10), at(3, 9)),))
    assert sent(plan(*still, facts=build_facts(short))) == [("check_in_open", at(3, 18))]


# --- appointment and timer ----------------------------------------------------------------------------------------


def test_an_appointment_is_told_the_day_before_at_six() -> None:
    rows = plan(facts=build_facts(appointment_at=at(56, 14)))
    assert sent(rows) == [("appointment", at(55, 18))]
    assert rows[-1].expires_at == at(56, 14)
    by_date = plan(facts=build_facts(build_plan(anchors={"next_treatment": DAY_0 + timedelta(days=56)})))
    assert sent(by_date) == [("appointment", at(55, 18))]


def test_a_mask_timer_ends_at_its_minute_also_at_night_unless_the_mask_is_done() -> None:
    timer = RunningTimer("mask@d1#1", at(1, 23, 15))
    assert sent(plan(facts=build_facts(timers=(timer,)))) == [("mask_done", at(1, 23, 15))]
    facts = build_facts(timers=(timer,), done_keys=frozenset({"mask@d1#1"}))
    assert sent(plan(facts=facts)) == []


# --- the laws of planning again -----------------------------------------------------------------------------------


def test_what_was_due_before_the_moment_of_planning_is_not_sent_late() -> None:
    steps = (build_step(1, at(1, 14)), build_step(1, at(1, 14, 30), "blot"))
    rows = plan(*steps, start=at(1, 14, 10))
    assert [(row.dedupe_key, row.send_at, row.outcome) for row in rows] == [
        ("care_step:blot@d1#1", at(1, 14, 30), "send")
    ]


def test_an_answered_check_in_frees_the_slot_of_its_second_reminder() -> None:
    day = (build_check_in(1), build_step(1, at(1, 12), "cool"), build_step(1, at(1, 16)), build_step(1, at(1, 22), "b"))
    wishes = {"quiet": None}
    rows = plan(*day, **wishes)
    assert sent(rows) == [("check_in_due", at(1, 8)), ("care_step", at(1, 12)), ("merged", at(1, 18))]
    assert [row.dedupe_key for row in rows if row.outcome == "capped"] == ["care_step:b@d1#1"]
    facts = build_facts(
        done_keys=frozenset({"check_in@d1"}),
        sent=frozenset({("check_in_due", "check_in@d1")}),
        routine_sent=(at(1, 8),),
    )
    rows = plan(*day, facts=facts, start=at(1, 9), **wishes)
    assert sent(rows) == [("care_step", at(1, 12)), ("care_step", at(1, 16))]


def test_the_check_in_time_is_the_clients_own() -> None:
    facts = build_facts(build_plan(check_in_at=time(9, 30)), watch_results=(WatchResult(2, at(2, 20)),))
    assert sent(plan(facts=facts)) == [("check_again", at(3, 9, 30))]
