"""`cli simulate` (INTERFACE; PROMISES T3, P2, F6): a practice in fast time breaks no law, and a broken law is found."""

import json
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from backend import db
from backend.cli import main
from backend.services import clients, delivery_sql, planning
from backend.simulate import simulate_practice, simulate_pure, write_report
from backend.simulate.people import Dice
from backend.simulate.report import STATES
from backend.simulate.watch import LAWS, Told, Truth, Watch
from schedules import DueWindow, ReminderPreferences

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
AN_HOUR = timedelta(hours=1)
WINDOW = DueWindow(NOON - AN_HOUR, NOON, NOON + AN_HOUR)


def broken(kind: str, messages: list[Told], at: datetime = NOON, **facts: object) -> list[str]:
    """The laws that one push breaks for a client at home in London."""
    watch = Watch()
    truth = Truth(1, [(NOON - 48 * AN_HOUR, "Europe/London")], (time(22), time(7, 30)), False)
    for name, value in facts.items():
        setattr(truth, name, value)
    watch.note_push(truth, kind, messages, at)
    return [violation.law for violation in watch.violations]


def step(**changes: object) -> Told:
    return replace(Told("care_step", "wash@d1#1", WINDOW.closes_at, WINDOW), **changes)


def test_a_push_in_its_window_breaks_no_law() -> None:
    assert broken("care_step", [step()]) == []


@pytest.mark.parametrize(
    ("law", "kind", "told", "facts"),
    [
        ("done", "care_step", [step()], {"done": {"wash@d1#1"}}),
        ("twice", "care_step", [step()], {"told": {("care_step", "wash@d1#1")}}),
        ("superseded", "care_step", [step(window=None)], {}),
        ("past", "care_step", [step(expires_at=NOON)], {}),
        ("past", "care_step", [step(window=DueWindow(NOON - AN_HOUR, NOON - AN_HOUR, NOON))], {}),
        ("early", "care_step", [step(window=DueWindow(NOON + AN_HOUR, NOON + AN_HOUR, NOON + 2 * AN_HOUR))], {}),
        ("paused", "care_step", [step()], {"paused": True}),
        ("paused", "care_step", [step()], {"emergencies": {"a flag"}}),
        ("quiet", "care_step", [step()], {"places": [(NOON - AN_HOUR, "Pacific/Auckland")]}),
        ("empty", "merged", [], {}),
    ],
)
def test_each_law_that_a_push_can_break_is_named(law: str, kind: str, told: list[Told], facts: dict) -> None:
    assert broken(kind, told, **facts) == [law]


def test_the_fourth_routine_push_of_a_local_day_breaks_the_cap() -> None:
    watch = Watch()
    truth = Truth(1, [(NOON - 48 * AN_HOUR, "Europe/London")], None, False)
    for number in range(4):
        watch.note_push(truth, "care_step", [step(key=f"wash@d1#{number}")], NOON)
    watch.note_push(truth, "mask_done", [Told("mask_done", "mask@d1#1", WINDOW.closes_at)], NOON)
    assert [violation.law for violation in watch.violations] == ["cap"]


def test_an_alert_for_a_warning_that_was_seen_is_named() -> None:
    watch = Watch()
    watch.note_alert(False, "act_now", NOON)
    watch.note_alert(True, "act_now", NOON)
    assert [violation.law for violation in watch.violations] == ["acknowledged"]


def test_a_small_practice_breaks_no_law() -> None:
    report = simulate_practice(20, 30, seed=7)
    document = write_report(report)
    assert document["violation_list"] == []
    assert document["violations"] == 0
    assert report.holds
    assert report.planned_ever == report.pending + sum(report.states[state] for state in STATES)
    told = {"check-ins", "steps", "masks", "joined", "visits forgotten", "moves to another zone", "phones that died"}
    assert told <= set(report.acts)
    assert report.acts["pushes told to try again"] > 0
    assert report.states["unreachable"] > 0
    assert sum(report.flags.raised.values()) > 0
    assert sum(report.flags.seen_at_rung.values()) + report.flags.unseen > 0
    assert len(report.ready) == 20


def test_the_same_seed_gives_the_same_answer_and_another_one_another() -> None:
    first, again, other = (write_report(simulate_practice(3, 8, seed)) for seed in (5, 5, 6))
    assert first == again
    assert {**first, "seed": 6} != other


def test_a_planner_without_quiet_hours_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted in the product: what plans the pushes forgets the client's wishes."""
    wishes = ReminderPreferences(quiet=None, daily_cap=99, merge_minutes=0)
    monkeypatch.setattr(planning, "preferences_of", lambda plan: wishes)
    monkeypatch.setattr(clients, "CHECK_IN_AT", time(5))
    found = {violation.law for violation in simulate_practice(3, 8, seed=5).violations}
    assert {"quiet", "cap"} <= found


def test_a_row_that_leaves_the_ledger_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted in the product: carried rows are left behind by their carriers."""
    nothing = delivery_sql.typed("UPDATE reminder SET state = state WHERE 1 = 0 AND send_at <= :now")
    monkeypatch.setattr("backend.services.expiry._CARRIED", (nothing,))
    monkeypatch.setattr(
        "backend.services.delivery._OF_ONE_CARRIER",
        delivery_sql.typed("UPDATE reminder SET state = state WHERE 1 = 0 AND clinic_id = :clinic_id AND id = :id"),
    )
    found = {violation.law for violation in simulate_practice(2, 4, seed=5).violations}
    assert {"ledger", "stuck"} <= found


def test_the_callers_database_is_left_in_use(sqlite) -> None:
    simulate_practice(1, 1, seed=1)
    assert db.get_engine() is sqlite


def test_pure_breaks_no_law_and_answers_the_same() -> None:
    report = simulate_pure(12, 40, seed=3)
    assert write_report(report)["violation_list"] == []
    assert report.states["sent"] > 100
    assert report.acts["check-ins"] > 30
    assert sum(report.flags.raised.values()) > 0
    assert write_report(simulate_pure(12, 40, seed=3)) == write_report(report)


def test_many_clients_are_shared_among_processes() -> None:
    """More than one batch: the same clients as in one, in the same order."""
    report = simulate_pure(30, 4, seed=3)
    assert [each.client for each in report.ready] == list(range(30))


def test_chance_goes_by_name_not_by_order() -> None:
    dice = Dice(1)
    first = dice.chance("visit", 3)
    dice.chance("another")
    assert dice.chance("visit", 3) == first != dice.chance("visit", 4)


def test_the_command_prints_one_document_and_its_status(capsys: pytest.CaptureFixture[str]) -> None:
    given = ["simulate", "--pure", "--clients", "2", "--days", "5", "--seed", "1"]
    assert main([*given, "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["clients"], document["days"], document["violations"]) == (2, 5, 0)
    assert {"planned_ever", "pending", "sent", "merged", "flags", "readiness"} <= document.keys()
    assert main(given) == 0
    assert "no violation" in capsys.readouterr().out


def test_wrong_values_are_all_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["simulate", "--clients", "0", "--days", "x", "--seed", "-1"]) == 2
    assert capsys.readouterr().err.splitlines() == [
        "cli simulate: --clients '0': must be a whole number from 1 to 100000",
        "cli simulate: --days 'x': must be a whole number from 1 to 365",
        "cli simulate: --seed '-1': must be a whole number from 0 to 999999999",
    ]


def test_every_law_has_its_words() -> None:
    assert set(LAWS) >= {"done", "superseded", "paused", "past", "early", "twice", "cap", "quiet", "ledger"}
