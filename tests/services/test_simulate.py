"""`cli simulate` (INTERFACE; PROMISES T3, P2, S2): a practice in fast time breaks no law, and a broken law is found."""

import io
import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta

import pytest

from backend import db
from backend.cli import main
from backend.services import clients, delivery_sql, flags, planning
from backend.services.timelines import Item
from backend.simulate import build_bar, client, deliveries, healing, people, simulate_practice, write_report
from backend.simulate.phone import Phone
from backend.simulate.practices import Simulation, prepare_simulation
from backend.simulate.tally import STATES
from backend.simulate.watch import Name
from schedules import ReminderPreferences

SOON_HEALED = 72  # the seed of a first client whose scabs are off, and skin closed, within eight days
LATE_HEALED = 277  # the seed of one whose last scab falls on day 16
SOON = {"travelling": (1, 2), "silent": (1, 2), "phone lost": (1, 2), "paused": (1, 2)}


@pytest.fixture(scope="module")
def simulation() -> Iterator[Simulation]:
    """One clinic for all the practices below: opening it takes longer than most of them."""
    with prepare_simulation() as prepared:
        yield prepared


def test_a_small_practice_breaks_no_law(simulation: Simulation, monkeypatch: pytest.MonkeyPatch) -> None:
    """A phone is lost, a plan is paused, appointments are booked and moved, warnings are raised, all within a week."""
    monkeypatch.setattr(people, "KINDS", dict.fromkeys(people.KINDS, 1))
    monkeypatch.setattr(people, "USUAL_WARNING", 0.2)
    monkeypatch.setattr(people, "BEGINS", SOON)
    monkeypatch.setattr(people, "LASTS", {**SOON, "silent": (6, 7)})
    monkeypatch.setattr(people, "NEVER_COMES_BACK", 0.0)
    monkeypatch.setattr(healing, "BOOKED_AHEAD", 0.6)
    monkeypatch.setattr(healing, "FIRST_APPOINTMENT", (4, 6))
    monkeypatch.setattr(deliveries, "UNCONFIRMED", 1.0)
    report = simulation.run(8, 7, seed=1)
    document, tally = write_report(report), report.tally
    assert document["violation_list"] == []
    assert report.holds
    assert {kind: group.clients for kind, group in tally.kinds.items()} == dict.fromkeys(people.KINDS, 1)
    assert tally.planned_ever == tally.pending + sum(tally.states[state] for state in STATES)
    told = {"check-ins", "steps", "joined", "visits forgotten", "visits left out in silence", "phones lost", "pauses"}
    assert told | {"moves to another zone", "masks", "pushes to a dead phone", "pauses ended"} <= set(tally.acts)
    assert {"appointments booked", "appointments moved"} <= set(tally.acts)
    assert tally.states["unreachable"] > 0
    assert tally.acts["pushes sent again"] > 0  # by the worker's tick, and no phone confirmed the first
    assert {"now", "today"} <= set(tally.flags.raised)
    assert sum(tally.flags.seen_at_rung.values()) + tally.flags.unseen > 0
    assert sum(group.pushes["appointment"] for group in tally.kinds.values()) > 0
    assert len(tally.ready) == 9  # two areas of one
    assert len(document["ahead"]) == 14
    assert sum(day["check_ins"] for day in document["ahead"]) > 0


def test_who_falls_silent_is_told_that_reminders_stop_and_starts_them_again(
    simulation: Simulation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people, "KINDS", {"silent": 1})
    monkeypatch.setattr(people, "DILIGENCE", {"silent": 1.0})
    monkeypatch.setattr(people, "BEGINS", {"silent": (1, 1)})
    monkeypatch.setattr(people, "LASTS", {"silent": (8, 8)})
    monkeypatch.setattr(people, "NEVER_COMES_BACK", 0.0)
    monkeypatch.setattr(client, "STARTS_AGAIN", 1.0)
    tally = simulation.run(1, 15, seed=1).tally
    assert tally.violations == []
    assert tally.kinds["silent"].pushes["paused"] == 1
    assert tally.acts["reminders started again"] == 1


def test_a_course_is_ended_early_and_nothing_follows(simulation: Simulation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(people, "KINDS", {"diligent": 1})
    monkeypatch.setattr(people, "GIVES_UP", 1.0)
    monkeypatch.setattr(people, "GIVES_UP_ON", (2, 2))
    tally = simulation.run(1, 6, seed=1).tally
    assert tally.violations == []
    assert tally.acts["courses ended"] == 1
    assert tally.pending == 0


@pytest.mark.parametrize(
    ("seed", "diligence", "days", "compared_for"),
    [
        (SOON_HEALED, 0.97, 12, 7),  # whose skin is seen to close
        (LATE_HEALED, 0.97, 17, 13),  # whose plan days are over before: from then on windows move with each day
        (SOON_HEALED, 0.0, 10, 5),  # who never says
    ],
)
def test_what_a_phone_keeps_is_what_a_fresh_reading_says(
    simulation: Simulation,
    monkeypatch: pytest.MonkeyPatch,
    seed: int,
    diligence: float,
    days: int,
    compared_for: int,
) -> None:
    """The watch judges windows by it, so a plan that has moved must never be read from before."""
    keep, compared = Phone.get_items, []

    def compare(phone: Phone, now: datetime) -> Mapping[Name, Item]:
        fresh_phone = Phone(phone.scope, phone.truth, (), phone.reader)
        fresh_phone.fixed_until = date.min  # no day but today's
        kept, fresh = keep(phone, now), keep(fresh_phone, now)
        compared.append(now)
        assert {name: kept[name].occurrence.window for name in fresh if name in kept} == {
            name: item.occurrence.window for name, item in fresh.items()
        }
        return kept

    monkeypatch.setattr(Phone, "get_items", compare)
    monkeypatch.setattr(people, "KINDS", {"diligent": 1})
    monkeypatch.setattr(people, "DILIGENCE", {"diligent": diligence})
    tally = simulation.run(1, days, seed).tally
    assert tally.violations == []
    assert compared[-1] - compared[0] > timedelta(days=compared_for)


def test_two_areas_of_one_client_are_healed_on_one_phone(
    simulation: Simulation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people, "KINDS", {"several areas": 1})
    tally = simulation.run(1, 5, seed=8).tally
    assert tally.acts["joined"] == 1
    assert tally.acts["treatments"] == len(tally.ready) == 2
    assert len({ready.site for ready in tally.ready}) == 2


def test_one_seed_is_one_answer_however_many_practices_share_the_clients(
    simulation: Simulation, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, other = (write_report(simulation.run(2, 2, seed)) for seed in (5, 6))
    monkeypatch.setattr("backend.simulate.practices.CLIENTS_PER_PRACTICE", 1)
    shared = write_report(simulation.run(2, 2, seed=5))
    assert (first["practices"], shared["practices"]) == (1, 2)
    assert {**shared, "practices": 1} == first
    assert {**first, "seed": 6} != other


@pytest.mark.postgres
def test_postgresql_gives_the_same_answer_and_keeps_nothing(postgres, simulation: Simulation) -> None:
    url = postgres.url("postgres", login="postgres")
    with db.build_engine(url).connect() as connection:
        before = connection.exec_driver_sql("SELECT datname FROM pg_database ORDER BY 1").scalars().all()
        assert write_report(simulate_practice(1, 3, 5, url)) == write_report(simulation.run(1, 3, 5))
        connection.rollback()
        assert connection.exec_driver_sql("SELECT datname FROM pg_database ORDER BY 1").scalars().all() == before
    connection.engine.dispose()


def test_a_planner_without_quiet_hours_is_found(simulation: Simulation, monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted in the product: what plans the pushes forgets the client's wishes."""
    wishes = ReminderPreferences(quiet=None, daily_cap=99, merge_minutes=0)
    monkeypatch.setattr(planning, "preferences_of", lambda plan: wishes)
    monkeypatch.setattr(clients, "CHECK_IN_AT", time(5))
    found = {violation.law for violation in simulation.run(3, 5, seed=9).tally.violations}
    assert {"quiet", "cap"} <= found


def test_a_row_that_leaves_the_ledger_is_found(simulation: Simulation, monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted in the product: carried rows are left behind by their carriers."""
    nothing = delivery_sql.typed("UPDATE reminder SET state = state WHERE 1 = 0 AND send_at <= :now")
    monkeypatch.setattr("backend.services.expiry._CARRIED", (nothing,))
    monkeypatch.setattr(
        "backend.services.delivery._OF_ONE_CARRIER",
        delivery_sql.typed("UPDATE reminder SET state = state WHERE 1 = 0 AND clinic_id = :clinic_id AND id = :id"),
    )
    found = {violation.law for violation in simulation.run(1, 4, seed=9).tally.violations}
    assert {"ledger", "stuck"} <= found


def test_a_red_flag_that_nobody_is_told_of_is_found(simulation: Simulation, monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted in the product: a red flag is raised without its ladder."""
    monkeypatch.setattr(flags, "_ladder", lambda *_facts: [])
    monkeypatch.setattr(people, "USUAL_WARNING", 1.0)
    monkeypatch.setattr(people, "KINDS", {"travelling": 1})
    monkeypatch.setattr("backend.simulate.alarms.SEEN_AFTER", ((1.0, 3000),))
    found = {violation.law for violation in simulation.run(1, 4, seed=5).tally.violations}
    assert {"ladder", "unescalated"} <= found


def test_the_callers_database_is_left_in_use(sqlite) -> None:
    simulate_practice(1, 1, seed=1)
    assert db.get_engine() is sqlite


def test_the_command_prints_one_document_and_its_status(capsys: pytest.CaptureFixture[str]) -> None:
    given = ["simulate", "--pure", "--clients", "2", "--days", "5", "--seed", "1"]
    assert main([*given, "--json"]) == 0
    printed = capsys.readouterr()
    document = json.loads(printed.out)
    assert printed.err == ""
    assert (document["clients"], document["days"], document["violations"]) == (2, 5, 0)
    assert {"planned_ever", "pending", "sent", "merged", "flags", "readiness", "methods", "people"} <= document.keys()
    assert main(given) == 0
    assert "no violation" in capsys.readouterr().out


def test_wrong_values_are_all_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["simulate", "--clients", "0", "--days", "x", "--seed", "-1", "--database", "sqlite:///x"]) == 2
    assert capsys.readouterr().err.splitlines() == [
        "cli simulate: --clients '0': must be a whole number from 1 to 100000",
        "cli simulate: --days 'x': must be a whole number from 1 to 365",
        "cli simulate: --seed '-1': must be a whole number from 0 to 999999999",
        "cli simulate: --database 'sqlite:///x': must be like postgresql+psycopg://postgres@127.0.0.1:5432/postgres",
    ]


def test_a_server_that_is_not_there_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    given = ["--clients", "1", "--days", "1", "--database", "postgresql+psycopg://postgres@127.0.0.1:1/postgres"]
    assert main(["simulate", *given]) == 1
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 1
    assert said[0].startswith("cli simulate: no database for a simulation can be made on that server as that user (")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_the_bar_is_drawn_on_a_terminal_alone_and_goes_when_all_is_done() -> None:
    terminal, pipe = Terminal(), io.StringIO()
    for stream in (terminal, pipe):
        draw = build_bar(stream)
        for share in (0.0, 0.5, 0.5, 1.0):
            draw(share)
    assert pipe.getvalue() == ""
    shown = terminal.getvalue().split("\r")
    assert [part for part in shown if part.strip()] == [
        f"[{' ' * 40}]   0%",
        f"[{'#' * 20}{' ' * 20}]  50%",
    ]
    assert shown[-1] == ""
