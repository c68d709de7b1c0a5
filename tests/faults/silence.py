"""S3: a worker that is killed, stopped or wedged shows within 120 s: on /readyz, in the console, on the client's phone,
and to whoever watches the ping URL.

Real: worker and web processes, kill -9, SIGSTOP, HTTP, real time. Simulated: the wedge, a thread of the worker that
hangs at a failpoint while its heartbeat goes on; the switch outside, which counts its calls.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from signal import SIGSTOP
from time import monotonic

from backend.adapters.clock import SystemClock
from backend.db import StaffScope, transaction
from backend.models import Practitioner, Reminder
from backend.services import sessions
from backend.web.auth import CONSOLE_COOKIE
from backend.workers.ticks import PING_EVERY_S
from tests.bench.figures import Figure
from tests.doubles.outside_switch import SECRET, SwitchDouble
from tests.faults.house import BOTH, Grounds, House, WebProcess, call, holds_within, read_page, say
from tests.faults.seeding import Seeded, read_reminders, seed_due, seed_plans
from tests.people import make_ida
from tests.services.worker_process import WorkerProcess

SHOWN_WITHIN_S = 120.0
WEDGE = "delivery.claimed:hang"
BANNER = "Reminders may not go out"
PLACES = ("/readyz", "console", "phone")


@dataclass
class Watch:
    """One worker and all that should notice. `silent_at`: when it fell silent; `shown_after`: seconds by place."""

    way: str
    web: WebProcess
    worker: WorkerProcess
    switch: SwitchDouble
    clients: list[Seeded]
    token: str
    silent_at: float = 0.0
    shown_after: dict[str, float] = field(default_factory=dict)
    reasons: str = ""

    def looks_well(self) -> bool:
        """Nothing is said anywhere, and the switch outside has been called."""
        return bool(self.switch.called_at) and not any(map(self._shows, PLACES))

    def look(self) -> bool:
        """Look wherever it has not shown yet; True when it has shown everywhere."""
        for place in PLACES:
            if place not in self.shown_after and self._shows(place):
                self.shown_after[place] = monotonic() - self.silent_at
        return len(self.shown_after) == len(PLACES)

    def _shows(self, place: str) -> bool:
        if place == "phone":
            status, today = call(self.web.port, "GET", "/api/v1/today", token=self.clients[0].token)
            return status == 200 and today["banner"] == {"kind": "worker"}
        if place == "console":
            status, page = read_page(self.web.port, "/console", {"Cookie": f"{CONSOLE_COOKIE}={self.token}"})
            return status == 200 and BANNER in page
        status, found = self.web.get("/readyz")
        self.reasons = ", ".join(found.get("reasons", ()))
        return status == 503


def measure(grounds: Grounds, *, quick: bool) -> Iterator[Figure]:
    """All ways at the same time: about five minutes in full, two with `quick`."""
    for database in ("sqlite",) if quick else BOTH:
        yield from fall_silent(grounds, database, tuple(_WAYS))


def fall_silent(grounds: Grounds, database: str, ways: Sequence[str]) -> Iterator[Figure]:
    """As many houses as ways, in each the worker falls silent in another way."""
    with ExitStack() as stack:
        watches = [_open(stack, stack.enter_context(grounds.open(database)), way) for way in ways]
        well = [holds_within(90, each.looks_well, 0.2) for each in watches]
        said = ", ".join(each.reasons for each in watches if each.reasons)
        yield Figure("S3", f"{database}: not well with a worker that works", len(well) - sum(well), 0, "houses", said)
        for watch in reversed(watches):  # the last one opened is the database of this process
            _WAYS[watch.way](watch)
            watch.silent_at = monotonic()
        say(f"{database}: silent; waiting until it shows")
        holds_within(SHOWN_WITHIN_S + 30, lambda: sum([watch.look() for watch in watches]) == len(watches), 0.5)
        over = max(watch.silent_at for watch in watches) + SHOWN_WITHIN_S  # the last moment for a last ping
        holds_within(over + PING_EVERY_S - monotonic(), lambda: False)
        for watch in watches:
            for place in PLACES:
                what = f"{database}: worker {watch.way}: shown by {place} after"
                found = watch.shown_after.get(place, float("inf"))
                yield Figure("S3", what, found, SHOWN_WITHIN_S, "s", watch.reasons if place == "/readyz" else "")
            last = max(watch.switch.called_at, default=watch.silent_at) - watch.silent_at
            yield Figure("S3", f"{database}: worker {watch.way}: last ping after", max(last, 0), SHOWN_WITHIN_S, "s")


def _open(stack: ExitStack, house: House, way: str) -> Watch:
    house.clock = ""
    owner, switch = make_ida(), stack.enter_context(SwitchDouble())
    clients = seed_plans(owner, 1, treated_at=SystemClock().now() - timedelta(days=3))
    settings = {"ping_url": switch.url + SECRET, **({"test_failpoint": WEDGE} if way == "wedged" else {})}
    return Watch(way, house.start_web(), house.start_worker(**settings), switch, clients, _sign_in(owner))


def _sign_in(person: Practitioner) -> str:
    """The token of a console."""
    scope = StaffScope(person.clinic_id, person.id)
    with transaction(scope) as session:
        return sessions.open_session(session, scope, name="Console", platform="web", now=SystemClock().now())[1]


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
