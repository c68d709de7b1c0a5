"""Real worker processes for tests: started on a database, told to end, their log kept."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from backend.adapters.clock import FrozenClock
from tests.factories import NOW

ROOT = Path(__file__).resolve().parents[2]


class WorkerProcess:
    """`python -m backend.workers` with its own settings; the clock stands still at NOW unless given."""

    arguments: tuple[str, ...] = ("-m", "backend.workers")

    def __init__(self, database_url: str, var_dir: Path, **settings: str) -> None:
        self._log = (var_dir / f"worker-{time.monotonic_ns()}.log").open(
            "a+b"
        )  # appended to: we share its place in the file
        given: Mapping[str, str] = {
            "FALLOW_ENV": "test",
            "FALLOW_DATABASE_URL": database_url,
            "FALLOW_VAR_DIR": str(var_dir),
            "FALLOW_TEST_CLOCK": FrozenClock(NOW).now().isoformat(),
            "FALLOW_PUSH_ALLOW_LOOPBACK": "1",
            "FALLOW_WORKER_TICK_SECONDS": "0.1",
            **{f"FALLOW_{name.upper()}": value for name, value in settings.items()},
        }
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("FALLOW_")}
        self._process = subprocess.Popen(
            [sys.executable, *self.arguments],
            cwd=ROOT,
            env={**inherited, **given},
            stdout=self._log,
            stderr=self._log,
            start_new_session=True,  # a signal for the group reaches its children too
        )

    @property
    def log(self) -> str:
        self._log.seek(0)
        return self._log.read().decode()

    def terminate(self) -> None:
        self._process.send_signal(signal.SIGTERM)

    def wait(self, seconds: float = 30) -> int:
        return self._process.wait(seconds)

    def end(self, seconds: float = 30) -> int:
        """SIGTERM and wait; its exit status."""
        self.terminate()
        return self.wait(seconds)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    @property
    def started(self) -> bool:
        """Whether it has said so: its imports are behind it."""
        return "worker started" in self.log

    def signal_all(self, number: signal.Signals) -> None:
        """Send a signal to the process and its children; nothing where it has ended."""
        if self.alive:
            os.killpg(self._process.pid, number)

    def kill(self) -> None:
        """kill -9, as a power cut: no clean-up of its own."""
        self.signal_all(signal.SIGKILL)
        self._process.wait(60)  # on a machine that measures something else it may take its time

    def clean_up(self) -> None:
        self.kill()
        self._log.close()


def until(holds: Callable[[], bool], seconds: float = 30) -> None:
    """Wait for something another process does; AssertionError when it has not in time."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not come to pass in time"
        time.sleep(0.05)
