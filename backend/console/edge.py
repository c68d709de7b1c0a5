"""Plugs the console into the app: every feature under /console, its own error pages, its own files."""

from flask import Blueprint, Flask

from backend.console import (
    assets,
    care_plans,
    check_ins,
    clients,
    flags,
    inbox,
    invites,
    ledger,
    login,
    messages,
    methods,
    pages,
    photos,
    protocols,
    push,
    readiness,
    team,
    treatments,
    words,
)

PREFIX = "/console"
FEATURES = (
    assets,
    care_plans,
    check_ins,
    clients,
    flags,
    inbox,
    invites,
    ledger,
    login,
    messages,
    photos,
    protocols,
    push,
    readiness,
    team,
    treatments,
)


def plug_in(app: Flask) -> None:
    """Register every view of the console."""
    console = Blueprint("console", __name__, url_prefix=PREFIX, template_folder="templates")
    for feature in FEATURES:
        console.register_blueprint(feature.views)
    methods.init(console)
    pages.init(console)
    words.init(console)
    app.register_blueprint(console)
