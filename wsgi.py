"""The composition root: the only file that knows all packages. `create_app()` is what a web server starts."""

import os
from importlib import import_module
from importlib.util import find_spec

from flask import Flask

from backend import app, wiring
from backend.app import Edge
from backend.ports import Ports
from backend.settings import Settings, with_local_secrets
from backend.web import logs
from backend.web.context import BrowserPush, Shell
from mobile_api import edge as phone
from schedules import check_shipped


def create_app(settings: Settings | None = None, ports: Ports | None = None) -> Flask:
    """The whole web application; without arguments as the environment says.

    Raises SettingsError or ProtocolError (a shipped protocol file is broken), each with every fault.
    """
    check_shipped()
    if settings is None:
        logs.configure()
    chosen = with_local_secrets(settings or Settings.from_environment(os.environ))
    return app.create_app(build_shell(chosen, ports or wiring.build_ports(chosen)), edges())


def build_shell(settings: Settings, ports: Ports) -> Shell:
    """What the requests of an app stand on."""
    push = BrowserPush(
        wiring.get_vapid_public_key(settings) or "",
        wiring.build_subscription_check(settings),
        wiring.read_firebase_web(settings),
    )
    return Shell(settings, ports, push)


def edges() -> tuple[Edge, ...]:
    """The phone edge, and the console where this checkout has one."""
    found: list[Edge] = [phone.plug_in]
    if find_spec("backend.console") is not None:
        found.append(import_module("backend.console").plug_in)
    return tuple(found)
