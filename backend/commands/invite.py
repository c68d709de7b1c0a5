"""`cli invite`: a link and a QR code that bring a client's phone in, once, within 48 hours."""

import io
from argparse import Namespace

from backend.commands import Answer, Subparsers, add_command
from backend.commands.installation import open_database, read_settings
from backend.commands.values import Values, read_id


def register(subparsers: Subparsers) -> None:
    """Add the command; it has no noun."""
    invite = add_command(subparsers, "invite", invite_client, "a link and a QR code for a client's phone; works once")
    invite.add_argument("--clinic", metavar="ID", help="of the clinic")
    invite.add_argument("--client", metavar="ID", help="of the client")


def invite_client(arguments: Namespace) -> Answer:
    """Invite; earlier invitations of this client that were not used end."""
    from backend.db import StaffScope
    from backend.services import invites

    values = Values()
    clinic_id = values.need("--clinic", arguments.clinic, read_id)
    client_id = values.need("--client", arguments.client, read_id)
    values.raise_any()
    assert clinic_id is not None
    assert client_id is not None
    settings = read_settings()
    now = open_database(settings)
    made = invites.make(StaffScope(clinic_id, program="cli"), client_id, now=now)
    link = f"{settings.public_url}/i/{made.code}"
    document = {
        "id": str(made.id),
        "link": link,
        "code": made.code,
        "expires_at": f"{made.expires_at:%Y-%m-%dT%H:%M:%SZ}",
    }
    return Answer(document, (link, draw_code(link), f"works once, until {made.expires_at:%Y-%m-%d %H:%M} UTC"))


def draw_code(link: str) -> str:
    """The QR code of a link, for a terminal."""
    import segno

    drawn = io.StringIO()
    segno.make(link, error="m").terminal(drawn, compact=True, border=2)
    return drawn.getvalue().rstrip("\n")
