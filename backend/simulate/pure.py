"""`simulate_pure`: the same clients without a database: timeline, reminders, triage and readiness (PROMISES F6)."""

from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial

from backend.simulate.dice import Dice
from backend.simulate.people import build_person, treated_within
from backend.simulate.pure_client import simulate_client
from backend.simulate.report import Report
from backend.simulate.shards import Progress, run_shards, split
from backend.simulate.tally import Tally

CLIENTS_AT_ONCE = 50
STATES = ("sent", "merged", "capped", "quiet")


def simulate_pure(clients: int, days: int, seed: int, progress: Progress = lambda _share: None) -> Report:
    """`clients` for `days`, each by itself."""
    shards = split(clients, CLIENTS_AT_ONCE)
    tally = run_shards(shards, partial(_run, days=days, seed=seed), 1, progress)
    tally.states = Counter({state: tally.states[state] for state in STATES})
    tally.planned_ever = tally.states.total()
    return Report("pure", clients, days, seed, 1, tally)


def _run(_number: int, clients: Sequence[int], tell: Callable[[int], None], *, days: int, seed: int) -> Tally:
    dice, tally = Dice(seed), Tally()
    for number in clients:
        simulate_client(dice, build_person(dice, number, treated_within(days)), days, tally)
    tell(1)
    return tally
