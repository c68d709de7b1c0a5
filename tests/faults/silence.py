"""S3: a worker that is killed, stopped or wedged shows on /readyz within 120 s.

Real: worker and web processes, kill -9, SIGSTOP, /readyz over HTTP, real time. Simulated: the wedge, a thread of the
worker that hangs at a failpoint while its heartbeat goes on.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from signal import SIGSTOP
from time import monotonic

from backend.adapters.clock import SystemClock
from backend.models import Reminder
from tests.bench.figures import Figure
from tests.faults.house import BOTH, Grounds, House, WebProcess, holds_within, say
from tests.faults.seeding import Seeded, read_reminders, seed_clients, seed_due
from tests.people import make_ida
from tests.services.worker_process import WorkerProcess

SHOWN_WITHIN_S = 120.0
WEDGE = "delivery.claimed:hang"


@dataclass
class Watch:
    """One worker and the server that should notice. `silent_at`: when it fell silent; `shown_after`: seconds."""

    way: str
    house: House
    web: WebProcess
    worker: WorkerProcess
    clients: list[Seeded]
    silent_at: float = 0.0
    shown_after: float = float("inf")
    reasons: str = ""

    def look(self) -> bool:
        """Ask /readyz once; True when it has shown."""
        if self.shown_after == float("inf"):
            status, found = self.web.get("/readyz")
            if status == 503:
                self.shown_after = monotonic() - self.silent_at
                self.reasons = ", ".join(found["reasons"])
        return self.shown_after < float("inf")


def measure(grounds: Grounds, *, quick: bool) -> Iterator[Figure]:
    """All ways at the same time: about three minutes in full, 75 seconds with `quick`."""
    for database in ("sqlite",) if quick else BOTH:
        yield from fall_silent(grounds, database)


def fall_silent(grounds: Grounds, database: str) -> Iterator[Figure]:
    """Three houses, in each the worker falls silent in another way."""
    with ExitStack() as stack:
        watches = [_open(stack.enter_context(grounds.open(database)), way) for way in ("killed", "stopped", "wedged")]
        ready = [holds_within(60, lambda each=each: each.web.get("/readyz")[0] == 200, 0.2) for each in watches]  # type: ignore[misc]
        yield Figure("S3", f"{database}: not ready with a worker that works", 3 - sum(ready), 0, "houses")
        for watch in reversed(watches):  # the last one opened is the database of this process
            _WAYS[watch.way](watch)
            watch.silent_at = monotonic()
        say(f"{database}: silent; waiting for /readyz")
        holds_within(SHOWN_WITHIN_S + 30, lambda: sum(watch.look() for watch in watches) == len(watches), 0.5)
        for watch in watches:
            what = f"{database}: worker {watch.way}: shown on /readyz after"
            yield Figure("S3", what, watch.shown_after, SHOWN_WITHIN_S, "s", watch.reasons)


def _open(house: House, way: str) -> Watch:
    house.clock = ""
    clients = seed_clients(make_ida(), 1, joined_at=SystemClock().now())
    worker = house.start_worker(**({"test_failpoint": WEDGE} if way == "wedged" else {}))
    return Watch(way, house, house.start_web(), worker, clients)


def _wedge(watch: Watch) -> None:
    """Something falls due, and the claim that takes it never comes back."""
    now = SystemClock().now()
    seed_due(watch.clients, send_at=now, expires_at=now + timedelta(days=1))
    holds_within(30, lambda: any(row.lease_token for row in read_reminders(Reminder.lease_token)))


_WAYS: dict[str, Callable[[Watch], None]] = {
    "killed": lambda watch: watch.worker.kill(),
    "stopped": lambda watch: watch.worker.signal_all(SIGSTOP),
    "wedged": _wedge,
}
