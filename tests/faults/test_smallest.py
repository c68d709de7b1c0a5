"""Each run of `./run faults` in its smallest size: a promise that breaks shows before the long runs are made.

Not here because tests/services shows the same: a crash at each failpoint (test_worker_processes.py), a wrong key
(test_sender.py), heartbeats that age (test_health.py), what is late after an outage, two workers on one SQLite file
(test_worker_processes.py), ladders that end (test_ladder_cases.py). Silence takes a minute: what it would show is in
test_health.py, test_ticks.py, tests/adapters/test_outside_switch.py and tests/console. What a clinic may not loosen:
tests/unit/schedules/test_overlays.py and test_overlay_commands.py.
"""

from collections.abc import Iterator

import pytest

from tests.bench.figures import Figure, show_figure
from tests.faults import acknowledged, answers, delivery, outbox, red_flags, surroundings
from tests.faults.house import Grounds


def short_of(figures: Iterator[Figure]) -> list[str]:
    """The lines of what falls short; every run measures something."""
    seen = list(figures)
    assert seen
    return [show_figure(figure) for figure in seen if not figure.holds]


@pytest.mark.postgres
def test_a_killed_worker_loses_nothing_and_doubles_what_it_had_in_the_air(grounds: Grounds) -> None:
    assert short_of(delivery.kill_workers(grounds, "postgresql", due=600, workers=2, kills=1)) == []


def test_a_worker_that_stood_still_past_its_lease_writes_nothing(grounds: Grounds) -> None:
    assert short_of(delivery.lose_the_lease(grounds, "sqlite", due=5)) == []


@pytest.mark.postgres
def test_a_database_that_crashes_in_the_middle_costs_at_most_doubles(grounds: Grounds) -> None:
    assert short_of(surroundings.restart_database(grounds, due=300, restarts=1)) == []


def test_a_full_disk_stops_sending_and_damages_nothing(grounds: Grounds) -> None:
    assert short_of(surroundings.fill_disk(grounds, due=100)) == []


def test_a_clock_that_jumps_sends_nothing_early_and_nothing_twice(grounds: Grounds) -> None:
    assert short_of(surroundings.jump_clock(grounds, due=300)) == []


def test_every_answer_of_a_provider_costs_one_request_and_retires_only_what_is_gone(grounds: Grounds) -> None:
    assert short_of(answers.answer_each(grounds, patient=False)) == []


def test_what_was_acknowledged_is_there_after_the_server_was_killed(grounds: Grounds) -> None:
    assert short_of(acknowledged.kill_server(grounds, kills=1)) == []


def test_a_red_flag_is_told_once_though_everything_dies(grounds: Grounds) -> None:
    assert short_of(red_flags.kill_everything(grounds, "sqlite", count=20, red=5, kills=1)) == []


def test_what_phones_logged_arrives_once_though_the_server_dies_in_mid_request(grounds: Grounds) -> None:
    assert short_of(outbox.kill_in_mid_request(grounds, "sqlite", phones=2, entries=11, kills=1)) == []
