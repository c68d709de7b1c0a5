"""A live practice for the browsers: the real web server and worker, and where asked for the local push service.

All on one fresh SQLite database, with a clock file that moves processes and phones; seeded by the services alone.
"""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen
from uuid import UUID

from sqlalchemy import select

import setup_env
from backend import db
from backend.adapters.clock import write_clock_file
from backend.db import ClientScope, StaffScope, transaction
from backend.services import care_plans, clients, clinics, invites, protocols, treatments
from tests.services.worker_process import until

ZONE = "Europe/London"
STUDIO_PHONE = "+44 20 7946 0018"
MORNING = datetime(2026, 3, 11, 9, 0, tzinfo=UTC)  # a Wednesday in winter: London's clocks show UTC
SKIN = "III"


@dataclass(frozen=True)
class Patient:
    """A treated client with a plan, and the link that invites the phone."""

    name: str
    scope: ClientScope
    care_plan_id: UUID
    link: str


@dataclass
class LivePractice:
    """North Light of Dr Ida, its methods signed, its server answering at `url`."""

    folder: Path
    port: int
    push_port: int
    staff: StaffScope
    now: datetime = MORNING
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def clock_file(self) -> Path:
        return self.folder / "clock"

    def move_clock(self, to: datetime) -> None:
        """The web server and the worker see it at once, a phone with the next answer it gets."""
        self.now = to
        write_clock_file(self.clock_file, to)

    def treat(self, name: str, method: str, day: int, ended: str = "10:20") -> Patient:
        """Treats a new client so that today is day `day` of the plan, and invites the phone."""
        added_at = self._ended_at(day, ended) - timedelta(hours=1)
        client_id = clients.add_client(self.staff, name=name, now=added_at).id
        plan = self._treat(client_id, method, self._ended_at(day, ended), site="scalp")
        code = invites.make(self.staff, client_id, now=self.now).code
        return Patient(name, ClientScope(self.staff.clinic_id, client_id), plan, f"{self.url}/i/{code}")

    def treat_also(self, patient: Patient, method: str, day: int, *, site: str, label: str) -> UUID:
        """Treats another area of the same client; gives the id of its plan."""
        ended_at = self._ended_at(day, "10:20")
        return self._treat(patient.scope.client_id, method, ended_at, site=site, label=label)

    def _ended_at(self, day: int, ended: str) -> datetime:
        hour, minute = map(int, ended.split(":"))
        return (self.now - timedelta(days=day)).replace(hour=hour, minute=minute)

    def _treat(self, client_id: UUID, method: str, ended_at: datetime, *, site: str, label: str = "") -> UUID:
        begun = ended_at - timedelta(hours=1)
        record = treatments.open_treatment(
            self.staff, client_id, method=method, site=site, label=label, skin_type=SKIN, now=begun
        )
        for step in record.steps:
            treatments.start_step(self.staff, record.id, step.step_id, now=begun)
        treatments.finish_treatment(self.staff, record.id, now=ended_at)
        return care_plans.start(self.staff, record.id, now=ended_at).care_plan_id

    def start(self, name: str, *command: str) -> subprocess.Popen[bytes]:
        """Runs one of the product's own processes until the practice closes."""
        with (self.folder / f"{name}.log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", *command],
                cwd=setup_env.ROOT,
                env=self._environment(),
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.running.append(process)
        return process

    def start_web(self) -> None:
        self.start("web", "backend.serve", "--port", str(self.port), "--workers", "1")
        until(lambda: self._answers(f"{self.url}/healthz"), 60)

    def start_worker(self) -> None:
        self.start("worker", "backend.workers")

    def start_push_service(self) -> subprocess.Popen[bytes]:
        service = self.start("push", "backend.local_push", "--port", str(self.push_port))
        until(lambda: self._answers(f"http://127.0.0.1:{self.push_port}/healthz"), 60)
        return service

    def end(self, process: subprocess.Popen[bytes]) -> None:
        self.running.remove(process)
        process.terminate()
        process.wait(30)

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text()

    def close(self) -> None:
        for process in reversed(self.running):
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
        for process in self.running:
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait(10)

    def _answers(self, url: str) -> bool:
        assert all(process.poll() is None for process in self.running), "a process ended: see " + str(self.folder)
        try:
            with urlopen(url, timeout=2) as answer:
                return bool(answer.status == 200)
        except (URLError, ConnectionError, TimeoutError):
            return False

    def _environment(self) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("FALLOW_")}
        return inherited | {
            "FALLOW_ENV": "test",
            "FALLOW_VAR_DIR": str(self.folder),
            "FALLOW_DATABASE_URL": database_url(self.folder),
            "FALLOW_PUBLIC_URL": self.url,
            "FALLOW_TEST_CLOCK": f"file:{self.clock_file}",
            "FALLOW_PUSH_ALLOW_LOOPBACK": "1",
            "FALLOW_WORKER_TICK_SECONDS": "0.1",
        }


def list_kept(patient: Patient, model: Any) -> Sequence[Any]:
    """What the server has of this client."""
    with transaction(patient.scope, write=False) as session:
        return session.scalars(select(model).where(model.client_id == patient.scope.client_id)).all()


def database_url(folder: Path) -> str:
    return f"sqlite:///{folder / 'fallow.db'}"


def build_phone_app() -> None:
    """As ./run does it; nothing where the built app is that of today's sources."""
    command = setup_env.COMMANDS["test"]
    setup_env.prepare([step for step in setup_env.build_steps(command) if step.name.startswith("phone app")])


@contextmanager
def open_practice(folder: Path) -> Iterator[LivePractice]:
    """The practice with its worker and its web server, ended with all its processes."""
    build_phone_app()
    db.upgrade(database_url(folder))
    engine = db.build_engine(database_url(folder))
    db.configure(engine)
    port, push_port = _find_free_ports(2)
    practice = LivePractice(folder, port, push_port, _open_clinic(MORNING - timedelta(days=200)))
    practice.move_clock(MORNING)
    try:
        practice.start_worker()
        practice.start_web()
        yield practice
    finally:
        practice.close()
        db.configure(None)
        engine.dispose()


def _open_clinic(at: datetime) -> StaffScope:
    """Signed for all methods, with every step that the clinic must confirm confirmed."""
    clinic_id = clinics.add_clinic(name="North Light", zone=ZONE, country="GB", phone=STUDIO_PHONE, now=at)
    ida = clinics.add_practitioner(
        clinic_id, name="Ida Berg", email="ida@northlight.example", role="owner", password="for this test only", now=at
    )
    staff = StaffScope(clinic_id, ida.id)
    clinics.confirm_emergency(staff, emergency="999", advice="111", advice_name="NHS 111", now=at)
    for status in protocols.list_methods(staff):
        answers = [protocols.StepAnswer(step.id, True) for step in status.must_confirm]
        protocols.sign(staff, status.protocol.id, status.protocol.content_version, answers, now=at)
    return staff


def _find_free_ports(count: int) -> Sequence[int]:
    probes = [socket.socket() for _ in range(count)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports
