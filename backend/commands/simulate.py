"""`cli simulate`: a whole practice in fast time; exit 1 where a law of PROMISES T3, P2 or S2 was broken."""

import sys
from argparse import Namespace
from typing import TYPE_CHECKING

from backend.commands import Answer, Subparsers, add_command
from backend.commands.values import Values, read_number

if TYPE_CHECKING:
    from backend.simulate import Report

MOST_CLIENTS, MOST_DAYS, MOST_SEED = 100_000, 365, 999_999_999
POSTGRESQL = "postgresql+psycopg://"


def register(subparsers: Subparsers) -> None:
    """Add the command; it has no noun."""
    command = add_command(subparsers, "simulate", simulate, "a whole practice in fast time, and every law it broke")
    command.add_argument("--pure", action="store_true", help="timeline, reminders, triage, readiness; no database")
    command.add_argument("--clients", metavar="N", default="20", help="how many (20)")
    command.add_argument("--days", metavar="D", default="30", help="how long (30)")
    command.add_argument("--seed", metavar="S", default="1", help="the same seed gives the same answer (1)")
    command.add_argument(
        "--database", metavar="URL", help="a PostgreSQL server to make databases in, as its superuser (SQLite)"
    )


def simulate(arguments: Namespace) -> Answer:
    """Run it. Nothing stays behind but what is printed."""
    from time import perf_counter

    values = Values()
    clients = values.need("--clients", arguments.clients, read_number(1, MOST_CLIENTS))
    days = values.need("--days", arguments.days, read_number(1, MOST_DAYS))
    seed = values.need("--seed", arguments.seed, read_number(0, MOST_SEED))
    database = values.read("--database", arguments.database, read_server)
    if arguments.pure and arguments.database is not None:
        values.faults.append("--database: --pure needs none")
    values.raise_any()
    assert clients is not None
    assert days is not None
    assert seed is not None
    from backend.simulate import show_report, write_report

    began = perf_counter()
    report = _run(arguments, clients, days, seed, database)
    return Answer(write_report(report), show_report(report, perf_counter() - began), report.holds)


def _run(arguments: Namespace, clients: int, days: int, seed: int, database: str | None) -> "Report":
    from backend.simulate import build_bar, simulate_practice, simulate_pure

    piped = arguments.json and not sys.stdout.isatty()
    progress = (lambda _share: None) if piped else build_bar(sys.stderr)
    if arguments.pure:
        return simulate_pure(clients, days, seed, progress)
    return simulate_practice(clients, days, seed, database, progress)


def read_server(text: str) -> str:
    """The URL of a PostgreSQL server; its database is only where the first connection goes."""
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    wrong = f"must be like {POSTGRESQL}postgres@127.0.0.1:5432/postgres"
    if not text.startswith(POSTGRESQL):
        raise ValueError(wrong)
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise ValueError(wrong) from None
    if not url.database:
        raise ValueError(wrong)
    return text
