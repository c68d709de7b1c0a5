"""Several areas on one phone: one notification per moment, one daily cap, one silence (PROMISES T3, T4)."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest

from schedules.catalog import latest
from schedules.facts import (
    DayWindow,
    DueWindow,
    FlagSpan,
    Occurrence,
    PauseSpan,
    PlanFacts,
    Timeline,
)
from schedules.merging import COUNTED
from schedules.protocol_terms import StepKind
from schedules.reminder_facts import Horizon, PlannedReminder, ReminderFacts, ReminderPreferences
from schedules.reminders import plan_reminders, plan_reminders_together
from schedules.timeline import build_timeline

ENDED_AT = datetime(2026, 1, 5, 11, 0, tzinfo=UTC)
SENT = frozenset({("first_day", "first_day@d0")})
HOURS = {"emergency": (2, 24), "same_day": (6,)}


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 1, 5, hour, minute, tzinfo=UTC) + timedelta(days=day)


def check_in(day: int) -> Occurrence:
    window = DueWindow(at(day, 4), at(day, 8), at(day + 1, 4))
    return Occurrence(f"check_in@d{day}", "check_in", "Check-in", day, 1, window, at(day, 8).replace(tzinfo=None))


def step(day: int, due: datetime, step_id: str = "wash", kind: StepKind = "clean") -> Occurrence:
    window = DueWindow(due - timedelta(hours=1), due, due + timedelta(hours=2))
    return Occurrence(
        f"{step_id}@d{day}#1", "care_step", step_id, day, 1, window, due.replace(tzinfo=None), step_id, kind
    )


def part(ref: str, *occurrences: Occurrence, **plan: object) -> tuple[Timeline, ReminderFacts]:
    facts = replace(PlanFacts(ENDED_AT, "Europe/London", date(2026, 1, 5), "scalp"), **plan)
    return Timeline(occurrences), ReminderFacts(facts, follow_up_h=HOURS, sent=SENT, ref=ref)


def plan(*parts: tuple[Timeline, ReminderFacts]) -> tuple[PlannedReminder, ...]:
    return plan_reminders_together(parts, ReminderPreferences(), Horizon(ENDED_AT, at(60, 0)))


def sent(rows: tuple[PlannedReminder, ...]) -> list[tuple[str, datetime]]:
    return [(row.dedupe_key, row.send_at) for row in rows if row.outcome == "send"]


def test_without_a_plan_nothing_is_sent() -> None:
    assert plan() == ()


def test_two_areas_that_ask_at_one_moment_are_one_push_that_carries_both() -> None:
    carrier, *carried = (
        row for row in plan(part("a:", check_in(20)), part("b:", check_in(20))) if row.send_at == at(20, 8)
    )
    assert (carrier.kind, carrier.dedupe_key, carrier.ref) == (
        "merged",
        "a:merged:2026-01-25:check_in_due:check_in@d20",
        "a:",
    )
    assert [(row.dedupe_key, row.carrier_key, row.outcome, row.ref) for row in carried] == [
        ("a:check_in_due:check_in@d20", carrier.dedupe_key, "merged", "a:"),
        ("b:check_in_due:check_in@d20", carrier.dedupe_key, "merged", "b:"),
    ]


def test_the_daily_cap_is_one_for_all_areas() -> None:
    one = part("a:", check_in(20), step(20, at(20, 12)))
    other = part("b:", step(20, at(20, 15), "mask", "mask"), step(20, at(20, 18), "cream", "apply"))
    rows = plan(one, other)
    assert sent(rows) == [
        ("a:check_in_due:check_in@d20", at(20, 8)),
        ("b:mask_due:mask@d20#1", at(20, 15)),
        ("b:care_step:cream@d20#1", at(20, 18)),
    ]
    assert [row.dedupe_key for row in rows if row.outcome == "capped"] == ["a:care_step:wash@d20#1"]


def test_pushes_that_one_area_sent_already_count_for_the_other() -> None:
    timeline, facts = part("a:")
    spent = replace(facts, routine_sent=(at(20, 7, 30), at(20, 9), at(20, 10)))
    rows = plan((timeline, spent), part("b:", step(20, at(20, 15))))
    assert [row.outcome for row in rows] == ["capped"]


def test_an_emergency_of_one_area_silences_the_other_and_asks_for_itself_alone() -> None:
    flag = FlagSpan("cannot_breathe", "emergency", at(20, 7))
    rows = plan(
        part("a:", check_in(20), flags=(flag,)), part("b:", check_in(20), flags=(replace(flag, elsewhere=True),))
    )
    assert [(row.kind, row.ref) for row in rows] == [("help_followup", "a:"), ("help_followup", "a:")]


@pytest.mark.parametrize("facts", [{"pauses": (PauseSpan(at(19, 0)),)}, {"ended_at": at(19, 0)}])
def test_a_pause_or_the_end_of_one_plan_silences_that_plan_alone(facts: dict[str, object]) -> None:
    assert sent(plan(part("a:", check_in(20), **facts), part("b:", check_in(20)))) == [
        ("b:check_in_due:check_in@d20", at(20, 8))
    ]


def test_one_plan_together_is_the_plan_alone() -> None:
    for method in ("laser", "saline", "undo"):
        facts = PlanFacts(ENDED_AT, "Europe/London", date(2026, 1, 5), "scalp")
        timeline = build_timeline(latest(method), facts, "Europe/London", DayWindow(0, 40))
        alone = plan_reminders(timeline, ReminderPreferences(), ReminderFacts(facts), Horizon(ENDED_AT, at(40, 0)))
        named = plan_reminders_together(
            ((timeline, ReminderFacts(facts, ref="x:")),), ReminderPreferences(), Horizon(ENDED_AT, at(40, 0))
        )
        assert [f"x:{row.dedupe_key}" for row in alone] == [row.dedupe_key for row in named]


def test_two_real_plans_keep_the_cap_and_say_each_thing_once() -> None:
    parts = []
    for ref, method, later in (("a:", "saline", 0), ("b:", "undo", 3)):
        facts = PlanFacts(ENDED_AT + timedelta(days=later), "Europe/London", date(2026, 1, 8), "scalp")
        timeline = build_timeline(latest(method), facts, "Europe/London", DayWindow(0, 40))
        parts.append((timeline, ReminderFacts(facts, ref=ref)))
    rows = plan(*parts)
    going = [row for row in rows if row.outcome == "send"]
    routine = [row.local.date() for row in going if row.kind in COUNTED]
    assert max(routine.count(on) for on in set(routine)) <= 3
    assert len({row.dedupe_key for row in rows}) == len(rows)
    gaps = [later.send_at - earlier.send_at for earlier, later in pairwise(going)]
    assert min(gaps) > timedelta(minutes=45)
