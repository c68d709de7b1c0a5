"""What `cli simulate` judges (PROMISES T3, T4, S1, S2; rule 41): a broken law is found, and one that is kept is not."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from uuid import UUID, uuid4

import pytest

from backend.simulate import pure_healing, simulate_pure
from backend.simulate.laws import LAWS
from backend.simulate.watch import RedFlag, Told, Truth, Watch
from schedules import DueWindow, evaluate_readiness

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
AN_HOUR = timedelta(hours=1)
WINDOW = DueWindow(NOON - AN_HOUR, NOON, NOON + AN_HOUR)
SCALP, BROWS = UUID(int=1), UUID(int=2)
WASHED = (SCALP, "wash@d1#1")


def broken(kind: str, messages: list[Told], at: datetime = NOON, **facts: object) -> list[str]:
    """The laws that one push breaks for a client at home in London."""
    watch = Watch()
    truth = Truth(1, [(NOON - 48 * AN_HOUR, "Europe/London")], (time(22), time(7, 30)), False)
    for name, value in facts.items():
        setattr(truth, name, value)
    watch.note_push(truth, kind, messages, at)
    return [violation.law for violation in watch.violations]


def step(**changes: object) -> Told:
    return replace(Told("care_step", "wash@d1#1", WINDOW.closes_at, WINDOW, SCALP), **changes)


def test_a_push_in_its_window_breaks_no_law() -> None:
    assert broken("care_step", [step()]) == []


@pytest.mark.parametrize(
    ("law", "kind", "told", "facts"),
    [
        ("done", "care_step", [step()], {"done": {WASHED}}),
        ("twice", "care_step", [step()], {"told": {("care_step", WASHED, False)}}),
        ("twice", "care_step", [step(again=True)], {"told": {("care_step", WASHED, True)}}),
        ("superseded", "care_step", [step(window=None)], {}),
        ("past", "care_step", [step(expires_at=NOON)], {}),
        ("past", "care_step", [step(window=DueWindow(NOON - AN_HOUR, NOON - AN_HOUR, NOON))], {}),
        ("early", "care_step", [step(window=DueWindow(NOON + AN_HOUR, NOON + AN_HOUR, NOON + 2 * AN_HOUR))], {}),
        ("paused", "care_step", [step()], {"ended": {SCALP}}),
        ("paused", "care_step", [step()], {"emergencies": {"a flag"}}),
        ("paused", "care_step", [step(plan=BROWS)], {"emergencies": {"a flag of another area"}}),
        ("paused", "care_step", [step()], {"paused": {SCALP}}),
        ("paused", "check_again", [step(kind="check_again", key="check_again@d1")], {"paused": {SCALP}}),
        ("paused", "care_step", [step()], {"stopped": True}),
        ("heard", "paused", [step(kind="paused")], {"heard_at": NOON - 119 * AN_HOUR}),
        ("appointment", "appointment", [step(kind="appointment")], {}),
        ("appointment", "appointment", [step(kind="appointment")], {"appointments": {SCALP: NOON + 37 * AN_HOUR}}),
        ("appointment", "appointment", [step(kind="appointment")], {"appointments": {SCALP: NOON}}),
        ("quiet", "care_step", [step()], {"places": [(NOON - AN_HOUR, "Pacific/Auckland")]}),
        ("empty", "merged", [], {}),
    ],
)
def test_each_law_that_a_push_can_break_is_named(law: str, kind: str, told: list[Told], facts: dict) -> None:
    assert broken(kind, told, **facts) == [law]


@pytest.mark.parametrize(
    ("told", "facts"),
    [
        (step(kind="check_again", key="follow_up@d1"), {"paused": {SCALP}, "stopped": True, "ended": {SCALP}}),
        (step(kind="help_followup", key="follow_up@d1"), {"emergencies": {"a flag"}}),
        (step(kind="plan_changed"), {"paused": {SCALP}}),
        (step(kind="message"), {"emergencies": {"a flag"}}),
        (step(kind="appointment"), {"appointments": {SCALP: NOON + 30 * AN_HOUR}, "stopped": True}),
        (step(kind="paused"), {"heard_at": NOON - 120 * AN_HOUR}),
    ],
)
def test_what_may_be_said_while_the_rest_is_silent_breaks_no_law(told: Told, facts: dict) -> None:
    assert broken(told.kind, [told], **facts) == []


def test_a_word_of_the_client_lets_reminders_go_on() -> None:
    watch = Watch()
    truth = Truth(1, [(NOON - 48 * AN_HOUR, "Europe/London")], None, False)
    watch.note_push(truth, "paused", [step(kind="paused")], NOON)
    watch.note_push(truth, "care_step", [step(key="wash@d1#2")], NOON)
    truth.hear(NOON)
    watch.note_push(truth, "care_step", [step(key="wash@d1#3")], NOON)
    assert [(violation.law, violation.occurrence) for violation in watch.violations] == [("paused", "wash@d1#2")]


@pytest.mark.parametrize(
    "facts",
    [
        {"done": {(BROWS, "wash@d1#1")}},
        {"ended": {BROWS}},
        {"paused": {BROWS}},
        {"told": {("care_step", (BROWS, "wash@d1#1"), False)}},
    ],
)
def test_what_is_so_with_another_area_breaks_no_law(facts: dict) -> None:
    assert broken("care_step", [step()], **facts) == []


def test_the_fourth_routine_push_of_a_local_day_breaks_the_cap_whichever_area_it_is_for() -> None:
    watch = Watch()
    truth = Truth(1, [(NOON - 48 * AN_HOUR, "Europe/London")], None, False)
    for number in range(4):
        watch.note_push(truth, "care_step", [step(key=f"wash@d1#{number}", plan=(SCALP, BROWS)[number % 2])], NOON)
    watch.note_push(truth, "mask_done", [Told("mask_done", "mask@d1#1", WINDOW.closes_at)], NOON)
    assert [violation.law for violation in watch.violations] == ["cap"]


def climb(rungs: dict[int, int], seen_after: int | None, until: int = 120) -> list[str]:
    """The laws broken by a ladder whose rungs were told so many minutes after the flag was raised."""
    watch, flag = Watch(), uuid4()
    watch.flags[flag] = RedFlag(1, NOON)
    for rung, minutes in rungs.items():
        watch.note_alert(flag, "act_now", rung, NOON + timedelta(minutes=minutes))
    if seen_after is not None:
        watch.flags[flag].seen_at = NOON + timedelta(minutes=seen_after)
    watch.judge_ladder(flag, NOON + timedelta(minutes=until))
    watch.judge_ladder(flag, NOON + timedelta(minutes=until + 1440))  # the next day says nothing twice
    return [violation.law for violation in watch.violations]


@pytest.mark.parametrize(
    ("rungs", "seen_after", "laws"),
    [
        ({1: 0, 2: 15, 3: 30, 4: 60}, None, []),
        ({1: 0, 2: 15}, 20, []),
        ({1: 0}, 15, []),
        ({}, 20, ["ladder", "ladder"]),
        ({1: 2, 2: 15}, 20, ["ladder"]),
        ({1: 0, 2: 15, 3: 30}, None, ["ladder"]),
    ],
)
def test_each_rung_is_climbed_in_time_until_a_person_has_seen_it(rungs: dict, seen_after: int, laws: list) -> None:
    assert climb(rungs, seen_after) == laws


def test_an_alert_for_a_warning_that_was_seen_is_named() -> None:
    watch, flag = Watch(), uuid4()
    watch.flags[flag] = RedFlag(1, NOON)
    watch.note_alert(flag, "act_now", 1, NOON)
    watch.flags[flag].seen_at = NOON
    watch.note_alert(flag, "act_now", 2, NOON)
    assert [violation.law for violation in watch.violations] == ["acknowledged"]


def test_readiness_a_day_too_early_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted in the product: dates one day before those of rule 41."""

    def hurried(*facts: object) -> object:
        found = evaluate_readiness(*facts)  # type: ignore[arg-type]
        return replace(found, earliest_on=found.earliest_on - timedelta(days=1))

    monkeypatch.setattr(pure_healing, "evaluate_readiness", hurried)
    assert "readiness" in {violation.law for violation in simulate_pure(4, 75, seed=1).tally.violations}


def test_every_law_has_its_words() -> None:
    assert set(LAWS) >= {"done", "superseded", "paused", "past", "early", "twice", "cap", "quiet", "ledger", "ladder"}
