"""Several messages as one push, and the daily cap (PROMISES T3, DESIGN section 7)."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from schedules.facts import DueWindow, Occurrence, PlanFacts, Timeline
from schedules.protocol_terms import StepKind
from schedules.reminder_facts import (
    Horizon,
    PlannedReminder,
    ReminderFacts,
    ReminderPreferences,
    RunningTimer,
    WatchResult,
)
from schedules.reminders import plan_reminders

ENDED_AT = datetime(2026, 1, 5, 11, 0, tzinfo=UTC)
CHECK_IN = "check_in@d2"


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 1, 7, hour, minute, tzinfo=UTC)


def build_slot(key: str, due: datetime, kind: StepKind = "clean", before: float = 2, after: float = 3) -> Occurrence:
    """A slot of day 2, open from some hours before it is due to some hours after."""
    window = DueWindow(due - timedelta(hours=before), due, due + timedelta(hours=after))
    return Occurrence(key, "care_step", key, 2, 1, window, due.replace(tzinfo=None), key, kind)


def build_check_in(due: datetime) -> Occurrence:
    window = DueWindow(at(4), due, at(4) + timedelta(days=1))
    return Occurrence(CHECK_IN, "check_in", "Check-in", 2, 1, window, due.replace(tzinfo=None))


def build_facts(**other: object) -> ReminderFacts:
    """Facts of a client whose first-day message is out and who answers before the second reminder of a check-in."""
    sent = frozenset({("first_day", "first_day@d0"), ("check_in_open", CHECK_IN)})
    return replace(ReminderFacts(PlanFacts(ENDED_AT, "Europe/London", date(2026, 1, 5), "scalp"), sent=sent), **other)


def plan(
    *occurrences: Occurrence, facts: ReminderFacts | None = None, start: datetime = ENDED_AT, cap: int = 3
) -> tuple[PlannedReminder, ...]:
    horizon = Horizon(start, ENDED_AT + timedelta(days=30))
    return plan_reminders(Timeline(occurrences), ReminderPreferences(daily_cap=cap), facts or build_facts(), horizon)


def keys(rows: tuple[PlannedReminder, ...], outcome: str = "send") -> list[str]:
    return [row.dedupe_key for row in rows if row.outcome == outcome]


def test_what_waits_within_45_minutes_of_the_first_is_one_push() -> None:
    carrier, *carried = plan(build_check_in(at(8)), build_slot("blot", at(8)), build_slot("sun", at(8, 45), "protect"))
    assert (carrier.kind, carrier.dedupe_key) == ("merged", "merged:2026-01-07:check_in_due:check_in@d2")
    assert (carrier.occurrence, carrier.occurrences) == (None, ("check_in@d2", "blot", "sun"))
    assert (carrier.send_at, carrier.expires_at) == (at(8), at(4) + timedelta(days=1))
    assert carrier.reason == "carries 3 messages; check-in time"
    assert [(row.kind, row.outcome, row.carrier_key, row.send_at) for row in carried] == [
        ("care_step", "merged", carrier.dedupe_key, at(8)),
        ("care_step", "merged", carrier.dedupe_key, at(8)),
        ("check_in_due", "merged", carrier.dedupe_key, at(8)),
    ]
    assert {row.reason for row in carried} == {
        "check-in time; merged with 2 others at 08:00",
        "step time; merged with 2 others at 08:00",
    }

    assert {row.local for row in carried} == {datetime(2026, 1, 7, 8, 0)}


def test_what_is_due_at_the_moment_of_planning_does_not_join_what_has_gone_before_it() -> None:
    rows = plan(build_slot("blot", at(8)), build_slot("wash", at(8, 30)), start=at(8, 30))
    assert [(row.dedupe_key, row.send_at) for row in rows] == [("care_step:wash", at(8, 30))]


def test_what_is_due_at_the_moment_of_planning_begins_a_push_that_others_join() -> None:
    rows = plan(build_slot("blot", at(8)), build_slot("wash", at(8, 30)), start=at(8))
    assert keys(rows) == ["merged:2026-01-07:care_step:blot"]


def test_a_minute_later_is_another_push() -> None:
    assert keys(plan(build_slot("blot", at(8)), build_slot("wash", at(8, 46)))) == ["care_step:blot", "care_step:wash"]


def test_the_45_minutes_count_from_the_first_and_do_not_chain() -> None:
    rows = plan(*(build_slot(f"s{minute}", at(8) + timedelta(minutes=minute)) for minute in (0, 30, 60, 90)))
    assert keys(rows) == ["merged:2026-01-07:care_step:s0", "merged:2026-01-07:care_step:s60"]


def test_when_one_of_two_is_done_the_other_goes_alone() -> None:
    facts = build_facts(done_keys=frozenset({CHECK_IN}))
    (row,) = plan(build_check_in(at(8)), build_slot("blot", at(8)), facts=facts)
    assert (row.kind, row.outcome, row.dedupe_key) == ("care_step", "send", "care_step:blot")


def test_one_other_is_told_in_the_singular() -> None:
    rows = plan(build_slot("blot", at(8)), build_slot("wash", at(8, 10)))
    assert rows[1].reason == "step time; merged with 1 other at 08:00"


def test_a_timer_rings_alone() -> None:
    facts = build_facts(timers=(RunningTimer("mask", at(8, 5)),))
    assert keys(plan(build_slot("blot", at(8)), build_slot("wash", at(8, 10)), facts=facts)) == [
        "merged:2026-01-07:care_step:blot",
        "mask_done:mask",
    ]


def test_three_routine_pushes_a_day_kept_by_what_they_are() -> None:
    day = [
        build_slot("other", at(10), "protect", 0.5, 0.5),
        build_slot("clean", at(12), "clean", 0.5, 0.5),
        build_slot("apply", at(14), "apply", 0.5, 0.5),
        build_slot("mask", at(16), "mask", 0.5, 0.5),
        build_check_in(at(18)),
    ]
    rows = plan(*day)
    assert keys(rows) == ["care_step:apply", "mask_due:mask", "check_in_due:check_in@d2"]
    assert keys(rows, "capped") == ["care_step:other", "care_step:clean"]
    assert rows[0].reason == "step time; left out by the daily cap"
    assert keys(plan(*day, cap=1)) == ["check_in_due:check_in@d2"]
    assert keys(plan(*day, cap=0)) == []


def test_among_equals_the_push_that_carries_most_is_kept() -> None:
    day = [build_slot(f"s{hour}", at(hour), "clean", 0.5, 0.9) for hour in (9, 11, 13, 15)]
    rows = plan(*day, build_slot("too", at(15, 10), "protect", 0.5, 0.9))
    assert keys(rows) == ["care_step:s9", "care_step:s11", "merged:2026-01-07:care_step:s15"]
    assert keys(rows, "capped") == ["care_step:s13"]


def test_what_the_cap_would_cut_rides_in_the_nearest_push_inside_its_window() -> None:
    day = [
        build_slot("mask", at(19), "mask"),
        build_check_in(at(8)),
        build_slot("noon", at(12), "apply"),
        build_slot("bed", at(21), "do", before=2, after=7),
    ]
    rows = plan(*day)
    assert keys(rows) == ["check_in_due:check_in@d2", "care_step:noon", "merged:2026-01-07:mask_due:mask"]
    bed = next(row for row in rows if row.occurrence == "bed")
    assert (bed.outcome, bed.send_at) == ("merged", at(19))
    assert bed.reason == "step time; merged with 1 other at 19:00, to keep the daily cap"


def test_pushes_already_sent_that_day_count() -> None:
    day = [build_slot("a", at(12), "clean", 0.5, 0.5), build_slot("b", at(16), "clean", 0.5, 0.5)]
    facts = build_facts(routine_sent=(at(8), at(9)))
    assert keys(plan(*day, facts=facts, start=at(10))) == ["care_step:a"]
    facts = build_facts(routine_sent=(at(8) - timedelta(days=1), at(9) - timedelta(days=1)))
    assert keys(plan(*day, facts=facts, start=at(10))) == ["care_step:a", "care_step:b"]


def test_what_the_cap_does_not_count_goes_out_beside_it() -> None:
    early = build_facts(watch_results=(WatchResult(2, at(9)),), routine_sent=(at(8), at(9), at(10)))
    rows = plan(build_slot("wash", at(18, 10)), facts=early, start=at(11))
    assert keys(rows) == ["check_again:check_again@d2"]
    assert keys(rows, "capped") == ["care_step:wash"]
    assert keys(plan(facts=early, start=at(11))) == ["check_again:check_again@d2"]


def test_an_appointment_and_a_step_of_one_moment_are_one_push() -> None:
    facts = build_facts(appointment_at=at(14) + timedelta(days=1))
    rows = plan(build_slot("wash", at(18)), facts=facts)
    assert keys(rows) == ["merged:2026-01-07:care_step:wash"]
    assert rows[0].occurrences == ("wash", "appointment@2026-01-08")


def test_nothing_rides_in_a_push_that_is_past() -> None:
    facts = build_facts(routine_sent=(at(8), at(9)))
    rows = plan(build_slot("mask", at(19), "mask"), build_slot("wash", at(20)), facts=facts, start=at(19, 30))
    assert keys(rows, "capped") == ["care_step:wash"]


def test_a_local_day_is_that_of_the_clients_clock() -> None:
    plan_facts = PlanFacts(ENDED_AT, "Pacific/Auckland", date(2026, 1, 6), "scalp")  # 13 hours ahead
    facts = build_facts(plan=plan_facts)
    steps = [build_slot(f"s{n}", at(9 + n), "clean", 0.1, 0.9) for n in range(4)]  # 22:00, 23:00, 00:00, 01:00
    horizon = Horizon(ENDED_AT, ENDED_AT + timedelta(days=30))
    preferences = ReminderPreferences(quiet=(time(3, 0), time(5, 0)), daily_cap=2)
    assert len(keys(plan_reminders(Timeline(tuple(steps)), preferences, facts, horizon))) == 4


def test_the_cap_weighs_a_push_by_the_most_wanted_message_in_it() -> None:
    def now(key: str, due: datetime, kind: StepKind) -> Occurrence:
        return build_slot(key, due, kind, before=0.25, after=1)

    rows = plan(now("wash", at(8), "clean"), now("mask", at(8, 30), "mask"), now("gel", at(14), "apply"), cap=1)
    assert keys(rows) == ["merged:2026-01-07:care_step:wash"]
    assert keys(rows, "capped") == ["care_step:gel"]


def test_one_push_carries_all_that_the_cap_left_over_and_that_may_be_done_then() -> None:
    early = (build_slot("gel", at(12), before=6), build_slot("blot", at(16), before=10))
    carrier, *carried = plan(build_check_in(at(8)), *early, cap=1)
    assert carrier.occurrences == (CHECK_IN, "gel", "blot")
    assert sorted(row.dedupe_key for row in carried) == ["care_step:blot", "care_step:gel", f"check_in_due:{CHECK_IN}"]
    assert all(row.carrier_key == carrier.dedupe_key for row in carried)


def test_what_is_over_when_the_push_goes_out_is_not_carried_by_it() -> None:
    rows = plan(build_slot("gel", at(8), "apply", after=2), build_slot("mask", at(10), "mask"), cap=1)
    assert (keys(rows), keys(rows, "capped")) == (["mask_due:mask"], ["care_step:gel"])
