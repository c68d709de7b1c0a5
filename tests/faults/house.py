"""A house under faults: a real database, real worker and web processes, and providers that answer by script.

Real: SQLite files and a PostgreSQL server, processes and their signals, HTTP and SMTP over loopback. Simulated: the
providers (`tests/doubles`) and, where a run says so, the product's clock (FALLOW_TEST_CLOCK).
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import datetime
from functools import cached_property
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

from backend import db
from backend.adapters.clock import clock_from, write_clock_file
from backend.services import health
from backend.services.ledger import check_conservation
from tests.bench.figures import Figure
from tests.doubles.fcm import FcmDouble
from tests.doubles.mail_server import MailServerDouble
from tests.factories import NOW
from tests.postgres import Server, run_server
from tests.services.worker_process import ROOT, WorkerProcess

BOTH = ("sqlite", "postgresql")
START_S = 300  # no promise: a machine that does other things lets a server wait
LEASE_S = 6  # short, so that a run need not wait a minute for what a dead worker holds


class WebProcess(WorkerProcess):
    """`python -m backend.serve` with one worker process on a free port."""

    def __init__(self, database_url: str, var_dir: Path, **settings: str) -> None:
        self.port = free_port()
        self.arguments = ("-m", "backend.serve", "--port", str(self.port), "--workers", "1")
        super().__init__(database_url, var_dir, **settings)

    def get(self, path: str, seconds: float = 5) -> tuple[int, dict[str, Any]]:
        """Status and JSON; 0 where nobody answers."""
        return call(self.port, "GET", path, seconds=seconds)


class House:
    """One database with its doubles in a folder of its own. `clock`: what FALLOW_TEST_CLOCK says; '' is real time.

    `asks_cli`: the ledger is checked by the command, and not by the service that it calls.
    """

    def __init__(
        self,
        url: str,
        folder: Path,
        fcm: FcmDouble,
        mail: MailServerDouble,
        server: Server | None,
        asks_cli: bool,
    ) -> None:
        self.url = url
        self.folder = folder
        self.fcm = fcm
        self.mail = mail
        self.server = server
        self._asks_cli = asks_cli
        self.clock = NOW.isoformat()
        self._started: list[WorkerProcess] = []
        (folder / "account.json").write_text(json.dumps(fcm.service_account()))

    def start_worker(self, **settings: str) -> WorkerProcess:
        given = {"worker_lease_seconds": str(LEASE_S), **settings}
        return self._keep(WorkerProcess(self.url, self.folder, **self._settings(given)))

    def start_web(self, **settings: str) -> WebProcess:
        """A web server that answers."""
        web = self._keep(WebProcess(self.url, self.folder, **self._settings(settings)))
        assert holds_within(START_S, lambda: web.get("/healthz", 1)[0] == 200), web.log[-2000:]
        return web

    def set_clock(self, at: datetime) -> None:
        """Move the clock of all its processes; those started before the first call keep theirs."""
        path = self.folder / "clock"
        write_clock_file(path, at)
        self.clock = f"file:{path}"

    def check_ledger(self, after: str) -> Figure:
        """P2 after a run: rows that no state accounts for, and rows in a state that cannot be."""
        if self._asks_cli:
            return self._ask_ledger(f"{after}: ledger")
        found = check_conservation(now=clock_from(self.clock).now())
        wrong = sum(abs(clinic.difference) for clinic in found.clinics) + len(found.violations)
        return Figure("P2", f"{after}: ledger", wrong, 0, "rows", ", ".join(each.law for each in found.violations))

    def run_cli(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """`./run cli` on this house, as a person would call it."""
        names = {f"FALLOW_{name.upper()}": value for name, value in self._settings({}).items()}
        environment = {**os.environ, **names, "FALLOW_ENV": "test", "FALLOW_DATABASE_URL": self.url}
        environment |= {"FALLOW_VAR_DIR": str(self.folder), "FALLOW_TEST_CLOCK": self.clock}
        command = [sys.executable, "-m", "backend.cli", *arguments]
        return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=600)

    def _ask_ledger(self, what: str) -> Figure:
        """`cli ledger check`, asked as a person would."""
        done = self.run_cli("ledger", "check", "--json")
        try:
            found = json.loads(done.stdout)
        except ValueError:
            return Figure("P2", what, 1, 0, "faults", done.stderr.strip()[-200:])
        wrong = sum(abs(clinic["difference"]) for clinic in found["clinics"]) + len(found["violations"])
        laws = ", ".join(sorted({each["law"] for each in found["violations"]}))
        ever = sum(clinic["planned_ever"] for clinic in found["clinics"])
        return Figure("P2", what, wrong + (not found["holds"]) * (not wrong), 0, "rows", laws or f"of {ever:,} ever")

    def read_bound(self) -> int:
        """The most reminders that one worker may have sent and not recorded, as the workers show it."""
        return max((sign.state.in_flight_bound for sign in health.get_health(now=NOW).workers), default=0)

    def close(self) -> None:
        for process in self._started:
            process.clean_up()

    def _keep(self, process: Any) -> Any:
        self._started.append(process)
        return process

    def _settings(self, given: dict[str, str]) -> dict[str, str]:
        return {
            "fcm_credentials": str(self.folder / "account.json"),
            "fcm_url": self.fcm.url,
            "mail_url": f"smtp://127.0.0.1:{self.mail.port}",
            "test_clock": self.clock,
            **given,
        }


class Grounds:
    """Where houses are opened. `get_server`: gives the PostgreSQL server, starting it where needed.

    `asks_cli`: see House. `template`: a migrated SQLite file, where there is one already.
    """

    def __init__(
        self,
        folder: Path,
        get_server: Callable[[], Server],
        *,
        asks_cli: bool = True,
        template: Path | None = None,
    ) -> None:
        self._folder = folder
        self._get_server = get_server
        self._asks_cli = asks_cli
        self._given = template

    @cached_property
    def _template(self) -> Path:
        if self._given is not None:
            return self._given
        path = self._folder / "template.db"
        db.upgrade(f"sqlite:///{path}")
        return path

    @contextmanager
    def open(self, database: str, folder: Path | None = None) -> Iterator[House]:
        """A house on a fresh migrated database, `sqlite` or `postgresql`; its processes end with the block."""
        server = self._get_server() if database == "postgresql" else None
        home = folder or Path(tempfile.mkdtemp(dir=self._folder, prefix="house-"))
        with ExitStack() as stack:
            name = server.create_database() if server is not None else ""
            if server is not None:
                stack.callback(server.drop_database, name)
                url = server.url(name)
            else:
                url = f"sqlite:///{shutil.copy(self._template, home / 'fallow.db')}"
            engine = db.build_engine(url, pool_pre_ping=True)  # a run may cut our own connections too
            db.configure(engine)
            stack.callback(engine.dispose)
            stack.callback(db.configure, None)
            fcm, mail = stack.enter_context(FcmDouble()), stack.enter_context(MailServerDouble())
            house = House(url, home, fcm, mail, server, self._asks_cli)
            stack.callback(house.close)
            yield house


@contextmanager
def open_grounds() -> Iterator[Grounds]:
    """Grounds in a folder of their own, with a PostgreSQL server from its first use to the end."""
    with ExitStack() as stack, tempfile.TemporaryDirectory(prefix="fallow-faults-", ignore_cleanup_errors=True) as name:
        running: list[Server] = []

        def get_server() -> Server:
            if not running:
                running.append(stack.enter_context(run_server()))
            return running[0]

        yield Grounds(Path(name), get_server)


def holds_within(seconds: float, condition: Callable[[], bool], every: float = 0.05) -> bool:
    """Wait until something has come to pass; False when it has not within `seconds`."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(every)
    return True


def call(
    port: int, method: str, path: str, body: object = None, token: str = "", seconds: float = 30
) -> tuple[int, dict[str, Any]]:
    """One request to this machine; status 0 where the connection was refused or cut."""
    connection = HTTPConnection("127.0.0.1", port, timeout=seconds)
    headers = {"Content-Type": "application/json", **({"Authorization": f"Bearer {token}"} if token else {})}
    try:
        connection.request(method, path, None if body is None else json.dumps(body), headers)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read() or b"{}")
    except (OSError, HTTPException, ValueError):
        return 0, {}
    finally:
        connection.close()


def read_page(port: int, path: str, headers: Mapping[str, str]) -> tuple[int, str]:
    """A page of this machine as a browser reads it; status 0 where the connection was refused or cut."""
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", path, headers=dict(headers))
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    except (OSError, HTTPException):
        return 0, ""
    finally:
        connection.close()


def put_bytes(port: int, path: str, body: bytes, kind: str, token: str) -> int:
    """The status of an upload; 0 where the connection was refused or cut."""
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("PUT", path, body, {"Content-Type": kind, "Authorization": f"Bearer {token}"})
        answer = connection.getresponse()
        answer.read()
        return answer.status
    except (OSError, HTTPException):
        return 0
    finally:
        connection.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def say(text: str) -> None:
    """Progress, to stderr."""
    print(f"faults: {text}", file=sys.stderr, flush=True)
