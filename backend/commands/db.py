"""`cli db upgrade`: bring the database to this version's tables, making it where there is none."""

from argparse import Namespace

from backend.commands import Answer, Subparsers, add_command, add_noun
from backend.commands.installation import SQLITE, read_settings


def register(subparsers: Subparsers) -> None:
    """Add the noun."""
    commands = add_noun(subparsers, "db", "the database")
    add_command(commands, "upgrade", upgrade, "migrate the database of the settings to this version")


def upgrade(_arguments: Namespace) -> Answer:
    """Migrate in one transaction. Doing it again changes nothing."""
    from pathlib import Path

    from sqlalchemy.engine import make_url

    from backend import db
    from backend.services import health

    settings = read_settings()
    if settings.database_url.startswith(SQLITE):
        Path(settings.database_url.removeprefix(SQLITE)).parent.mkdir(parents=True, exist_ok=True)
    db.configure(db.build_engine(settings.database_url, hide_parameters=True))
    before = health.get_revision()
    db.upgrade(settings.database_url)
    after = health.get_revision()
    where = make_url(settings.database_url).render_as_string(hide_password=True)
    says = f"is at revision {after} already" if before == after else f"went from {before or 'nothing'} to {after}"
    return Answer({"database": where, "from": before, "to": after}, (f"{where} {says}",))
