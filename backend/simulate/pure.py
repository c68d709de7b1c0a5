"""`simulate_pure`: the same clients without a database: timeline, reminders, triage and readiness (PROMISES F6)."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial

from backend.simulate.dice import Dice
from backend.simulate.people import BEGUN_AT, build_person, treated_within
from backend.simulate.pure_healing import PureHealing
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
    dice, tally, ends_at = Dice(seed), Tally(), BEGUN_AT + timedelta(days=days)
    for number in clients:
        person = build_person(dice, number, treated_within(days))
        groups = tally.groups_of(person.method, person.kind)
        for group in groups:
            group.clients += 1
        for area in person.areas:
            PureHealing(dice, person, area, ends_at, tally).live()
    tell(1)
    return tally
