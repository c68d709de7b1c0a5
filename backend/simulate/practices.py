"""`simulate_practice`: clients through the real services, in practices of at most 250 (INTERFACE, `cli simulate`)."""

from collections.abc import Callable, Sequence
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
    practices = split(clients, CLIENTS_PER_PRACTICE)
    with prepare_databases(database) as databases:
        with databases.use_template():
            staff = open_clinic()
        run = partial(_run, databases=databases, staff=staff, days=days, seed=seed)
        tally = run_shards(practices, run, days, progress)
    return Report("services", clients, days, seed, len(practices), tally)


def _run(
    number: int, clients: Sequence[int], on_day: Callable[[int], None], *,
    databases: Databases, staff: StaffScope, days: int, seed: int,
) -> Tally:  # fmt: skip
    with databases.use(number):
        return run_practice(staff, clients, days, seed, on_day)
