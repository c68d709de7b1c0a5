"""`./run serve`: the production web server, granian with one worker process a core.

Settings that are wrong stop the start with every fault, before a process is started.
"""

import os
import signal
import sys
from argparse import ArgumentParser
from importlib import import_module
from pathlib import Path

from flask import Flask
from granian import Granian
from granian.constants import Interfaces

from backend.errors import SettingsError
from backend.settings import Settings

TARGET = "backend.serve:load_app"


def main(argv: list[str] | None = None) -> int:
    """Serve until SIGINT or SIGTERM. Exit status 2 for settings that are wrong."""
    parser = ArgumentParser(prog="serve", description="Fallow's web server.", allow_abbrev=False)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--certificate", type=Path, help="TLS certificate (PEM); without one a proxy does TLS")
    parser.add_argument("--key", type=Path, help="its private key (PEM)")
    chosen = parser.parse_args(argv)
    if (chosen.certificate is None) != (chosen.key is None):
        parser.error("--certificate and --key belong together")
    try:
        Settings.from_environment(os.environ)
    except SettingsError as error:
        for fault in error.faults:
            print(f"serve: {fault}", file=sys.stderr)
        return 2
    Granian(
        TARGET,
        address=chosen.host,
        port=chosen.port,
        interface=Interfaces.WSGI,
        workers=chosen.workers,
        blocking_threads=1,
        factory=True,
        log_access=False,
        workers_kill_timeout=5,
        ssl_cert=chosen.certificate,
        ssl_key=chosen.key,
    ).serve()
    return 0


def load_app() -> Flask:
    """The app, in a worker process. A worker that is told to stop while it still loads stops at once.

    A forked worker has its parent's signal handlers until granian sets its own after loading: they would swallow the
    signal, and the worker would run on until it is killed.
    """
    for stop in (signal.SIGINT, signal.SIGTERM):
        signal.signal(stop, signal.SIG_DFL)
    app: Flask = import_module("wsgi").create_app()
    return app


if __name__ == "__main__":
    sys.exit(main())
