"""`cli clinic add`: a new clinic, still without people."""

from argparse import Namespace
from typing import TYPE_CHECKING

from backend.commands import Answer, Subparsers, add_command, add_noun
from backend.commands.installation import open_database
from backend.commands.values import Values

if TYPE_CHECKING:
    from uuid import UUID


def register(subparsers: Subparsers) -> None:
    """Add the noun."""
    commands = add_noun(subparsers, "clinic", "clinics")
    add = add_command(commands, "add", add_clinic, "a new clinic, still without people")
    add.add_argument("--name", metavar="NAME", help="as clients read it")
    add.add_argument("--zone", metavar="Z", help="its IANA time zone, as Europe/London")
    add.add_argument("--country", metavar="CC", help="two letters, as GB; decides the emergency number proposed")
    add.add_argument("--phone", metavar="N", help="what clients call")


def add_clinic(arguments: Namespace) -> Answer:
    """Add it; the owner comes next."""
    from backend.services import clinics

    values = Values()
    name, zone, country = (
        values.need(f"--{option}", getattr(arguments, option), str) for option in ("name", "zone", "country")
    )
    values.raise_any()
    assert name is not None
    assert zone is not None
    assert country is not None
    now = open_database()
    clinic_id = clinics.add_clinic(name=name, zone=zone, country=country, phone=arguments.phone, now=now)
    return Answer({"id": str(clinic_id)}, _lines(name, clinic_id))


def _lines(name: str, clinic_id: "UUID") -> tuple[str, ...]:
    return (
        f"{name} is clinic {clinic_id}",
        f"next, its owner: ./run cli practitioner add --clinic {clinic_id} --name NAME --email EMAIL --role owner",
    )
