"""`cli workload`: what the next days ask of a clinic."""

from argparse import Namespace
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from backend.commands import Answer, Subparsers, add_command
from backend.commands.installation import open_database
from backend.commands.values import Values, read_id, read_number

if TYPE_CHECKING:
    from schedules import DayOfWork

MOST_DAYS = 90


def register(subparsers: Subparsers) -> None:
    """Add the command; it has no noun."""
    command = add_command(subparsers, "workload", show_workload, "check-ins, reviews and clients turning ready to come")
    command.add_argument("--clinic", metavar="ID", help="of the clinic")
    command.add_argument("--days", metavar="D", default="14", help="how many days, today included (14)")


def show_workload(arguments: Namespace) -> Answer:
    """Compute it from the clinic's running plans; changes nothing."""
    from backend.db import StaffScope
    from backend.services import workload

    values = Values()
    clinic_id = values.need("--clinic", arguments.clinic, read_id)
    days = values.need("--days", arguments.days, read_number(1, MOST_DAYS))
    values.raise_any()
    assert clinic_id is not None
    assert days is not None
    now = open_database()
    found = workload.expect(StaffScope(clinic_id, program="cli"), now=now, days=days)
    document = {"clinic": str(clinic_id), "days": [_describe(day) for day in found]}
    return Answer(document, _lines(found))


def _describe(day: "DayOfWork") -> dict[str, object]:
    return {
        "on": day.on.isoformat(),
        "check_ins": day.check_ins,
        "reviews_due": day.reviews_due,
        "turning_ready": day.turning_ready,
    }


def _lines(days: "Sequence[DayOfWork]") -> Iterator[str]:
    yield "date            check-ins  reviews due  turning ready"
    for day in days:
        yield f"{day.on:%a %Y-%m-%d} {day.check_ins:10} {day.reviews_due:12} {day.turning_ready:14}"
