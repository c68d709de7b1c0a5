"""The no-op job of the queues: it counts itself, and the last of a pass is noticed. Standard library only."""

import threading
import time
from typing import Any


class Counter:
    """Counts jobs in one process. `wait` gives a pass from its first job to its last, waiting not counted."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._expected = 0
        self._handled = 0
        self._first = 0.0
        self._last = threading.Event()

    def expect(self, count: int) -> None:
        self._last.clear()
        self._handled, self._expected = 0, count

    def job(self) -> None:
        with self._lock:
            if not self._handled:
                self._first = time.monotonic()
            self._handled += 1
            if self._handled == self._expected:
                self._ended = time.monotonic()
                self._last.set()

    def wait(self, limit_s: float = 300.0) -> dict[str, Any]:
        """What a pass answers. The first job is where the watch starts, so it is not counted."""
        if not self._last.wait(limit_s):
            raise TimeoutError(f"{self._handled} of {self._expected} jobs ran within {limit_s} s")
        return {"count": self._expected - 1, "began": self._first, "ended": self._ended}
