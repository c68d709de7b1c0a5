"""`cli practitioner add`: somebody who works at a clinic. The password is asked for, or comes from stdin."""

import sys
from argparse import Namespace

from backend.commands import Answer, Subparsers, WrongUsage, add_command, add_noun
from backend.commands.installation import open_database
from backend.commands.values import Values, choose_from, read_id

NAME_A_COVER = (
    "nobody covers at this clinic yet: add a colleague, then name the cover under Settings in the console;"
    " until then an urgent check-in calls one person alone before the alarm"
)
ROLES = ("owner", "practitioner", "assistant")  # of services.clinics, which is heavy; the service has the last word


def register(subparsers: Subparsers) -> None:
    """Add the noun."""
    commands = add_noun(subparsers, "practitioner", "people who work at a clinic")
    add = add_command(commands, "add", add_practitioner, "somebody new; asks for the password, or reads it from stdin")
    add.add_argument("--clinic", metavar="ID", help="of the clinic")
    add.add_argument("--name", metavar="NAME", help="as clients read it")
    add.add_argument("--email", metavar="EMAIL", help="to sign in with, and for alarms")
    add.add_argument("--role", metavar="ROLE", help=", ".join(ROLES))


def add_practitioner(arguments: Namespace) -> Answer:
    """Add the person."""
    from backend.services import clinics

    values = Values()
    clinic_id = values.need("--clinic", arguments.clinic, read_id)
    name = values.need("--name", arguments.name, str)
    email = values.need("--email", arguments.email, str)
    role = values.need("--role", arguments.role, choose_from(ROLES))
    values.raise_any()
    assert clinic_id is not None
    assert name is not None
    assert email is not None
    assert role is not None
    now = open_database()
    member = clinics.add_practitioner(clinic_id, name=name, email=email, role=role, password=read_password(), now=now)
    alone = clinics.has_no_cover(clinic_id)
    document = {"id": str(member.id), "clinic": str(clinic_id), "email": member.email, "role": member.role}
    said = f"{member.name} is {member.role} of clinic {clinic_id} and signs in as {member.email}"
    return Answer({**document, "cover_missing": alone}, (said, *((NAME_A_COVER,) if alone else ())))


def read_password() -> str:
    """Twice from a terminal without echo, else one line of stdin. Raises WrongUsage where the two differ."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    from getpass import getpass

    password = getpass("Password: ")
    if getpass("Again: ") != password:
        raise WrongUsage(["the two passwords are not the same"])
    return password
