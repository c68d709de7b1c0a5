"""The real web application for many tests of one process: its routes and its document are built once.

Building them cost more than most tests do with them. What differs from test to test is what a request stands on.
"""

from functools import cache
from tempfile import TemporaryDirectory

from flask import Flask

import wsgi
from backend import db
from backend.ports import Ports
from backend.settings import Settings
from backend.web import context


def furnish(settings: Settings, ports: Ports) -> Flask:
    """The app on these settings and ports, with their database in use; on those before it is no more."""
    app = _build()
    app.config["SECRET_KEY"] = settings.secret_key
    app.extensions[context.EXTENSION] = wsgi.build_shell(settings, ports)
    db.configure(db.build_engine(settings.database_url))
    return app


@cache
def _build() -> Flask:
    with TemporaryDirectory() as folder:
        environment = {
            "FALLOW_ENV": "test",
            "FALLOW_VAR_DIR": folder,
            "FALLOW_DATABASE_URL": f"sqlite:///{folder}/none.db",
        }
        return wsgi.create_app(Settings.from_environment(environment))
