"""`simulate_practice`: clients through the real services, in practices of at most 250 (INTERFACE, `cli simulate`)."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

from backend.db import StaffScope
from backend.simulate.clinic import open_clinic
from backend.simulate.databases import Databases, prepare_databases
from backend.simulate.practice import run_practice
from backend.simulate.report import Report
from backend.simulate.shards import Progress, run_shards, split
from backend.simulate.tally import Tally

CLIENTS_PER_PRACTICE = 250


def simulate_practice(
    clients: int, days: int, seed: int, database: str | None = None, progress: Progress = lambda _share: None
) -> Report:
    """`clients` through the services for `days`, in databases that are made for it and gone at the end; the caller's
    engine is left as it was.

    `database`: the URL of a PostgreSQL server; None: SQLite in a temporary folder.
    """
    with prepare_simulation(database) as simulation:
        return simulation.run(clients, days, seed, progress)


@dataclass(frozen=True, slots=True)
class Simulation:
    """An open clinic that every practice begins as a copy of. It may be run again and again."""

    databases: Databases
    staff: StaffScope

    def run(self, clients: int, days: int, seed: int, progress: Progress = lambda _share: None) -> Report:
        """As `simulate_practice`."""
        practices = split(clients, CLIENTS_PER_PRACTICE)
        tally = run_shards(practices, partial(self._run_one, days=days, seed=seed), days, progress)
        return Report("services", clients, days, seed, len(practices), tally)

    def _run_one(
        self, number: int, clients: Sequence[int], on_day: Callable[[int], None], *, days: int, seed: int
    ) -> Tally:
        with self.databases.use(number):
            return run_practice(self.staff, clients, days, seed, on_day)


@contextmanager
def prepare_simulation(database: str | None = None) -> Iterator[Simulation]:
    """Make the databases and open the clinic; `database` as for `simulate_practice`."""
    with prepare_databases(database) as databases:
        with databases.use_template():
            staff = open_clinic()
        yield Simulation(databases, staff)
