"""The processes of `./run demo`, watched and ended together."""

import os
import signal
import subprocess
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path


class Children:
    """The processes of the demo. One that ends ends the demo."""

    def __init__(self, environment: Mapping[str, str], logs: Path) -> None:
        """`logs`: the folder of their log files."""
        self._environment = dict(environment)
        self._logs = logs
        self.running: dict[str, subprocess.Popen[str]] = {}
        self.over = threading.Event()

    def start(self, name: str, command: Sequence[str], *, read: bool = False) -> subprocess.Popen[str]:
        """Starts one; with `read` its standard output is left to the caller, else it goes to a log file."""
        log = (self._logs / f"{name}.log").open("w")
        child = subprocess.Popen(
            command,
            env=self._environment,
            stdout=subprocess.PIPE if read else log,
            stderr=log,
            text=True,
            start_new_session=True,  # Ctrl-C reaches the parent alone, which ends them in order
        )
        log.close()
        self.running[name] = child
        threading.Thread(target=self._watch, args=(child,), daemon=True).start()
        return child

    def _watch(self, child: subprocess.Popen[str]) -> None:
        child.wait()
        self.over.set()

    def fallen(self) -> str | None:
        return next((name for name, child in self.running.items() if child.poll() is not None), None)

    def end(self) -> None:
        """Asks all to end, the worker first, so that what it holds is finished."""
        for child in self.running.values():
            with suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGTERM)
        for child in self.running.values():
            try:
                child.wait(timeout=10)
            except subprocess.TimeoutExpired:
                os.killpg(child.pid, signal.SIGKILL)
