"""Phones that send check-ins over HTTP from some threads; after a cut each sends the same one again, as the app."""

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from backend.adapters.clock import SystemClock
from tests.faults.house import call
from tests.faults.seeding import Seeded

PAUSE_S = 0.1  # between two tries of one phone
CALM = [{"question": "pain", "value": 1}]
VERY_ILL = [{"question": "unwell", "value": "very_ill"}]  # raises a flag of level `now`


@dataclass(frozen=True, slots=True)
class Entry:
    """One check-in that a phone keeps until the server has taken it."""

    client: Seeded
    id: UUID
    red: bool = False

    def body(self) -> dict[str, object]:
        return {
            "id": str(self.id),
            "care_plan_id": str(self.client.plan),
            "occurrence": None,
            "kind": "report",
            "answered_at": f"{SystemClock().now():%Y-%m-%dT%H:%M:%SZ}",
            "answers": VERY_ILL if self.red else CALM,
            "partial": False,
            "photos": [],
        }


class Phones:
    """`port`: where the server is now. `acknowledged`: ids that were answered with 2xx; `refused`: other answers."""

    def __init__(self, entries: Iterator[Entry], threads: int = 4) -> None:
        self.port = 0
        self.acknowledged: dict[UUID, float] = {}
        self.refused: list[str] = []
        self._entries = entries
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._threads = [threading.Thread(target=self._work, daemon=True) for _ in range(threads)]

    def start(self, port: int) -> None:
        self.port = port
        for thread in self._threads:
            thread.start()

    @property
    def done(self) -> bool:
        """Whether every check-in has been taken."""
        return not any(thread.is_alive() for thread in self._threads)

    def stop(self) -> None:
        """Give up what has not been taken."""
        self._ended.set()
        for thread in self._threads:
            thread.join(60)

    def _work(self) -> None:
        while not self._ended.is_set():
            with self._lock:
                entry = next(self._entries, None)
            if entry is None:
                return
            self._send(entry)

    def _send(self, entry: Entry) -> None:
        body = entry.body()  # once: a repeat is the same to the byte
        while not self._ended.is_set():
            status, answer = call(self.port, "POST", "/api/v1/check-ins", body, entry.client.token)
            if 200 <= status < 300:
                self.acknowledged[entry.id] = time.monotonic()
                return
            if 400 <= status < 500:
                self.refused.append(f"{status} {answer.get('title', '')}")
                return
            time.sleep(PAUSE_S)
