"""The state of an occurrence: eight states, half-open windows, and what was done stays done."""

from datetime import UTC, datetime, timedelta
from typing import Literal

import pytest

from schedules.due import is_before_change, state_of
from schedules.facts import DueWindow, Occurrence, OccurrenceState, StepEvent

HOUR = timedelta(hours=1)
DUE = datetime(2026, 3, 5, 20, tzinfo=UTC)
OPENS, CLOSES = DUE - 2 * HOUR, DUE + 8 * HOUR
MASK = Occurrence("mask@d3#1", "care_step", "Mask", 3, 1, DueWindow(OPENS, DUE, CLOSES), datetime(2026, 3, 5, 20))
Event = Literal["started", "paused", "resumed", "done", "undone", "declined", "stopped_burning"]


def logs(*events: Event, key: str = MASK.key, first_at: datetime = DUE) -> list[StepEvent]:
    return [StepEvent(key, event, first_at + n * HOUR / 60) for n, event in enumerate(events)]


def state(
    now: datetime = DUE + HOUR, events: list[StepEvent] | None = None, occurrence: Occurrence = MASK
) -> OccurrenceState:
    return state_of(occurrence, events or [], frozenset(), now)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (OPENS - timedelta.resolution, "upcoming"),
        (OPENS, "open"),
        (DUE, "open"),
        (CLOSES - timedelta.resolution, "open"),
        (CLOSES, "missed"),
    ],
)
def test_windows_are_half_open(now: datetime, expected: OccurrenceState) -> None:
    assert state(now) == expected


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        (["started"], "started"),
        (["started", "paused"], "started"),
        (["started", "paused", "resumed"], "started"),
        (["started", "done"], "done"),
        (["done", "undone"], "open"),
        (["done", "undone", "done"], "done"),
        (["declined"], "declined"),
        (["declined", "done"], "done"),
        (["declined", "undone"], "open"),
        (["started", "stopped_burning"], "declined"),
        (["started", "stopped_burning", "done"], "declined"),  # it ended the step
        (["started", "stopped_burning", "undone"], "open"),
        (["done", "declined"], "done"),
        (["done", "started"], "done"),
    ],
)
def test_logs_decide_before_the_clock(events: list[Event], expected: OccurrenceState) -> None:
    assert state(events=logs(*events)) == expected


def test_logs_count_in_order_of_their_time_whatever_order_they_arrive_in() -> None:
    assert state(events=logs("done", "undone")[::-1]) == "open"


def test_logs_of_others_and_of_later_do_not_count() -> None:
    assert state(events=logs("done", key="mask@d4#1")) == "open"
    assert state(now=DUE - HOUR, events=logs("done")) == "open"
    assert state(now=DUE, events=logs("done", first_at=DUE)) == "done"  # the same moment is not later


def test_what_was_done_stays_done_after_the_window_and_after_a_change() -> None:
    done = logs("done")
    assert state(now=CLOSES + 900 * HOUR, events=done) == "done"
    assert state_of(MASK, done, frozenset(), CLOSES, changed_at=CLOSES, superseded_at=DUE) == "done"


def test_an_answered_check_in_is_done() -> None:
    check_in = MASK._replace(key="check_in@d3", kind="check_in")
    assert state_of(check_in, [], frozenset({"check_in@d3"}), CLOSES) == "done"
    assert state_of(check_in, [], frozenset({"check_in@d4"}), CLOSES) == "missed"


def test_a_change_makes_nothing_of_the_past_missed() -> None:
    assert state_of(MASK, [], frozenset(), CLOSES, changed_at=DUE + HOUR) == "not_applicable"
    assert state_of(MASK, [], frozenset(), CLOSES, changed_at=DUE) == "missed"
    assert state_of(MASK, [], frozenset(), DUE, changed_at=OPENS) == "open"


def test_a_rule_that_a_change_finds_running_holds_on_and_one_that_was_over_never_applied() -> None:
    rule = MASK._replace(entry="rule")
    assert state_of(rule, [], frozenset(), DUE + HOUR, changed_at=DUE + HOUR) == "open"
    assert state_of(rule, [], frozenset(), CLOSES, changed_at=CLOSES) == "not_applicable"


def test_a_rule_that_ends_at_the_very_moment_of_the_change_was_over_and_a_slot_due_then_was_not() -> None:
    rule = MASK._replace(entry="rule")
    assert [is_before_change(rule, at) for at in (CLOSES - timedelta.resolution, CLOSES)] == [False, True]
    assert [is_before_change(MASK, at) for at in (DUE, DUE + timedelta.resolution)] == [False, True]


@pytest.mark.parametrize("entry", ["rule", "as_needed"])
def test_rules_and_as_needed_steps_are_never_missed(entry: Literal["rule", "as_needed"]) -> None:
    rule = MASK._replace(entry=entry)
    assert [state(at, occurrence=rule) for at in (OPENS - HOUR, DUE, CLOSES)] == ["upcoming", "open", "not_applicable"]


def test_a_step_that_waits_for_the_clinic_is_never_due() -> None:
    withheld = MASK._replace(withheld=True)
    assert {state(at, occurrence=withheld) for at in (OPENS, DUE, CLOSES)} == {"not_applicable"}


def test_another_plan_supersedes_what_was_still_open_and_not_what_was_missed() -> None:
    def at(now: datetime, superseded_at: datetime) -> OccurrenceState:
        return state_of(MASK, [], frozenset(), now, superseded_at=superseded_at)

    assert at(DUE, DUE) == "superseded"
    assert at(CLOSES + HOUR, DUE) == "superseded"
    assert at(DUE, DUE + HOUR) == "open"
    assert at(CLOSES + HOUR, CLOSES) == "missed"
