"""Who is simulated, and how many practices and processors share them: one seed is one answer, on every machine."""

import os
from collections import Counter

import pytest

from backend.simulate import people, simulate_pure, write_report
from backend.simulate.dice import Dice
from backend.simulate.people import KINDS, build_person
from backend.simulate.shards import run_shards, split
from backend.simulate.tally import Tally


def test_chance_goes_by_name_not_by_order() -> None:
    dice = Dice(1)
    first = dice.chance("visit", 3)
    dice.chance("another")
    assert dice.chance("visit", 3) == first != dice.chance("visit", 4)
    assert dice.chance("visit", 3) != Dice(2).chance("visit", 3)


def test_each_sixteen_clients_hold_every_kind_in_an_order_of_the_seeds() -> None:
    drawn = [[build_person(Dice(seed), number, 14) for number in range(32)] for seed in (1, 2)]
    for sixteen in (drawn[0][:16], drawn[0][16:], drawn[1][:16]):
        assert Counter(person.kind for person in sixteen) == Counter(KINDS)
    assert [person.kind for person in drawn[0]] != [person.kind for person in drawn[1]]


def test_a_kind_is_what_it_is_called() -> None:
    for person in (build_person(Dice(1), number, 14) for number in range(64)):
        assert (person.trip is not None) == (person.kind == "travelling")
        assert (person.silence is not None) == (person.kind == "silent")
        assert (person.pause is not None) == (person.kind == "paused")
        assert (person.phone_lost is not None) == (person.kind == "phone lost")
        assert (len(person.areas) == 2) == (person.kind == "several areas")
        assert len({area.site for area in person.areas}) == len(person.areas)


@pytest.mark.parametrize(
    ("clients", "sizes"), [(1, [1]), (125, [125]), (126, [63, 63]), (1000, [125] * 8), (1001, [111] * 2 + [112])]
)
def test_clients_are_shared_out_by_their_number_alone(clients: int, sizes: list[int]) -> None:
    shards = split(clients, 125)
    assert [number for shard in shards for number in shard] == list(range(clients))
    assert Counter(map(len, shards)).keys() <= set(sizes)
    assert len(shards) == -(-clients // 125)


@pytest.mark.parametrize("processors", [1, 3])
def test_however_many_processors_the_tally_is_in_the_order_of_the_shards(
    monkeypatch: pytest.MonkeyPatch, processors: int
) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: processors)
    seen: list[float] = []
    tally = run_shards(split(9, 2), _name_them, 1, seen.append)
    assert list(tally.acts) == [f"shard {number}" for number in range(5)]
    assert tally.acts["shard 4"] == 2
    assert seen[-1] == 1.0
    assert seen == sorted(seen)


def _name_them(number: int, clients: range, tell) -> Tally:
    tally = Tally()
    tally.acts[f"shard {number}"] = len(clients)
    tell(1)
    return tally


def test_a_fault_in_one_shard_is_raised() -> None:
    with pytest.raises(ZeroDivisionError):
        run_shards(split(4, 2), _divide, 1, lambda _share: None)


def _divide(number: int, clients: range, tell) -> Tally:
    raise ZeroDivisionError


def test_pure_breaks_no_law_and_answers_the_same() -> None:
    report = simulate_pure(12, 40, seed=3)
    document = write_report(report)
    assert document["violation_list"] == []
    assert report.tally.states["sent"] > 100
    assert report.tally.acts["check-ins"] > 30
    assert sum(report.tally.flags.raised.values()) > 0
    assert write_report(simulate_pure(12, 40, seed=3)) == document


def test_the_areas_of_one_client_share_one_cap_and_one_emergency(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(people, "KINDS", {"several areas": 1})
    monkeypatch.setattr(people, "USUAL_WARNING", 0.3)
    tally = simulate_pure(6, 20, seed=3).tally
    assert tally.violations == []
    assert tally.states["capped"] > 0
    assert tally.flags.raised["now"] > 0
    assert len(tally.ready) == 12


def test_many_clients_are_shared_among_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    """More than one shard: the same clients as in one, in the same order."""
    whole = write_report(simulate_pure(18, 4, seed=3))
    monkeypatch.setattr("backend.simulate.pure.CLIENTS_AT_ONCE", 5)
    assert write_report(simulate_pure(18, 4, seed=3)) == whole


def test_the_report_says_what_each_method_and_each_kind_of_person_got() -> None:
    document = write_report(simulate_pure(16, 30, seed=3))
    methods, kinds = document["methods"], document["people"]
    assert set(methods) == {"laser", "saline", "undo"}
    assert {kind: found["clients"] for kind, found in kinds.items()} == KINDS
    for group in (*methods.values(), *kinds.values()):
        assert group["pushes"]["care_step"] > 0
        assert group["acts"]["check-ins"] > 0
    assert sum(group["clients"] for group in methods.values()) == 16
    assert methods["saline"]["earliest_day"]["least"] >= 56
    assert methods["laser"]["earliest_day"]["median"] <= methods["laser"]["suggested_day"]["median"]
