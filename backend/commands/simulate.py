"""`cli simulate`: a whole practice in fast time; exit 1 where a law of PROMISES T3 or P2 was broken."""

from argparse import Namespace

from backend.commands import Answer, Subparsers, add_command
from backend.commands.values import Values, read_number

MOST_CLIENTS, MOST_DAYS, MOST_SEED = 100_000, 365, 999_999_999


def register(subparsers: Subparsers) -> None:
    """Add the command; it has no noun."""
    command = add_command(subparsers, "simulate", simulate, "a whole practice in fast time, and every law it broke")
    command.add_argument("--pure", action="store_true", help="timeline, reminders, triage, readiness; no database")
    command.add_argument("--clients", metavar="N", default="20", help="how many (20)")
    command.add_argument("--days", metavar="D", default="30", help="how long (30)")
    command.add_argument("--seed", metavar="S", default="1", help="the same seed gives the same answer (1)")


def simulate(arguments: Namespace) -> Answer:
    """Run it; nothing outside a temporary folder is touched."""
    from time import perf_counter

    values = Values()
    clients = values.need("--clients", arguments.clients, read_number(1, MOST_CLIENTS))
    days = values.need("--days", arguments.days, read_number(1, MOST_DAYS))
    seed = values.need("--seed", arguments.seed, read_number(0, MOST_SEED))
    values.raise_any()
    assert clients is not None
    assert days is not None
    assert seed is not None
    from backend.simulate import show_report, simulate_practice, simulate_pure, write_report

    began = perf_counter()
    report = (simulate_pure if arguments.pure else simulate_practice)(clients, days, seed)
    return Answer(write_report(report), show_report(report, perf_counter() - began), report.holds)
