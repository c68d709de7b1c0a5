"""What the commands share that act on an installation: its settings, its database and its clock."""

import os
from typing import TYPE_CHECKING

from backend.commands import Unavailable, WrongUsage

if TYPE_CHECKING:
    from datetime import datetime

    from backend.settings import Settings

SQLITE = "sqlite:///"
UPGRADE = "./run cli db upgrade"


def read_settings() -> "Settings":
    """The settings of the environment. Raises WrongUsage with every fault."""
    from backend.errors import SettingsError
    from backend.settings import Settings

    try:
        return Settings.from_environment(os.environ)
    except SettingsError as error:
        raise WrongUsage(error.faults) from None


def open_database(settings: "Settings | None" = None) -> "datetime":
    """Connect to the database of the settings; gives the present instant. Raises WrongUsage, Unavailable."""
    from backend import db, wiring

    settings = settings or read_settings()
    check_exists(settings.database_url)
    db.configure(db.build_engine(settings.database_url, hide_parameters=True))
    return wiring.build_clock(settings).now()


def check_exists(url: str) -> None:
    """A SQLite file that is not there would be made by looking at it. Raises Unavailable."""
    from pathlib import Path

    if url.startswith(SQLITE) and not Path(url.removeprefix(SQLITE)).is_file():
        raise Unavailable(f"there is no database at {url.removeprefix(SQLITE)}; make it with: {UPGRADE}")
