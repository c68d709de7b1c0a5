"""The worker of the simulation: the real claim, last look, dispatch and record, one after the other on one thread.

What `workers/lane.py` overlaps and waits for in real time happens here in order and at once; all else is the same code.
"""

import asyncio
import heapq
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future
from datetime import datetime, timedelta
from typing import ParamSpec, TypeVar

from sqlalchemy import bindparam, func, select, text

from backend import wiring
from backend.models import Reminder
from backend.models.reminders import RED_LANE, REST_LANE
from backend.ports import PushMessage, PushResult
from backend.services import catch_up, delivery, expiry, extensions, resending, sealing
from backend.services.delivery_results import Claim, Settlement, resolve_settlement
from backend.simulate.reading import Reader
from backend.workers.dispatch import Dispatcher, Flight
from schedules import resend_after

BATCH = 250
LEASE_S = 600
JITTER = 0.5  # the middle of what the worker draws by chance, so that a seed tells it all
LANES = (RED_LANE, REST_LANE)
PLANNED = text("reminder.state = 'planned'")  # a literal, so that the partial indexes are used
NEXT_DUE = select(
    *(
        select(func.min(Reminder.send_at))
        .where(
            Reminder.clinic_id == bindparam("clinic_id"),
            Reminder.lane == lane,
            PLANNED,
            Reminder.carrier_id.is_(None),
            Reminder.send_at > bindparam("after"),
        )
        .scalar_subquery()
        for lane in LANES
    )
)
P = ParamSpec("P")
T = TypeVar("T")
Taken = Callable[[Sequence[Claim]], None]


class AtOnce(Executor):
    """Runs what it is given before it answers."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> "Future[T]":
        done: Future[T] = Future()
        try:
            done.set_result(fn(*args, **kwargs))
        except Exception as fault:
            done.set_exception(fault)
        return done


class CountingMailer:
    """The mail server of the simulation: takes everything."""

    def __init__(self) -> None:
        self.sent = 0

    def send(self, to: str, subject: str, body: str) -> None:
        self.sent += 1


class Courier:
    """`taken` is called with the claims that a provider has taken, right before they are recorded."""

    def __init__(
        self, reader: Reader, answer: Callable[[PushMessage], PushResult], taken: Taken, begun_at: datetime
    ) -> None:
        self._reader = reader
        self._taken = taken
        self._loop = asyncio.new_event_loop()
        self._pusher = wiring.build_scripted_pusher(lambda message, _attempt: answer(message))
        self._dispatcher = Dispatcher(
            [self._pusher], CountingMailer(), AtOnce(), public_url="http://simulation.invalid", rate=1.0
        )
        self._stuck_until = begun_at - timedelta(days=1)
        self._dues: dict[int, datetime] = {}  # by lane, when it was last asked
        self._again_at: list[datetime] = []  # a heap: when what was sent will be sent again, if nobody confirms it

    def close(self) -> None:
        self._loop.run_until_complete(self._dispatcher.close())
        self._loop.close()

    def get_next_due(self) -> datetime | None:
        """When the next reminder is due; what got stuck is passed over."""
        (dues,) = self._reader.read(NEXT_DUE, after=self._stuck_until)
        self._dues = {lane: due for lane, due in zip(LANES, dues, strict=True) if due is not None}
        return min((*self._dues.values(), *self._again_at[:1]), default=None)

    def deliver(self, now: datetime) -> datetime | None:
        """Send all that is due; gives when the next one is. What could neither be sent nor ended is still due."""
        if self._again_at and self._again_at[0] <= now:
            self._send_again(now)
        self._send_due(now)
        due = self.get_next_due()
        if due is not None and due <= now:
            expiry.expire(now=now)
            self.get_next_due()  # what a withdrawn carrier has left behind goes alone
            self._send_due(now)
            due = self.get_next_due()
        return due

    def pass_over(self, now: datetime) -> None:
        """Ask no more for what is still due now."""
        self._stuck_until = now

    def _send_due(self, now: datetime) -> None:
        """In the lanes in which something was due when it was asked last."""
        for lane in [lane for lane, due in self._dues.items() if due <= now]:
            full = True
            while full:
                claims = delivery.claim(lane, limit=BATCH, lease_s=LEASE_S, now=now)
                full = len(claims) == BATCH
                wanted = catch_up.gather_late(claims, now=now)
                if wanted:
                    self._send_all(wanted, now)

    def _send_all(self, claims: Sequence[Claim], now: datetime) -> None:
        wanted = delivery.look_again(claims, now=now)
        settled = self._loop.run_until_complete(self._send(wanted, now))
        sent = [each.claim for each in settled if each.state == "sent"]
        self._taken(sent)
        delivery.record(settled, now=now)
        for after in (resend_after(claim.kind) for claim in sent):
            if after is not None:
                heapq.heappush(self._again_at, now + after)

    def _send_again(self, now: datetime) -> None:
        """The tick that repeats once what matters and no phone has confirmed."""
        while self._again_at and self._again_at[0] <= now:
            heapq.heappop(self._again_at)
        resending.resend_unconfirmed(now=now)
        self.get_next_due()

    def keep_house(self, now: datetime) -> None:
        """The other ticks of a worker: expire, extend, and send again what quiet hours held back."""
        expiry.expire(now=now)
        self._send_again(now)
        while due := extensions.list_due(now=now):
            for clinic_id, care_plan_id in due:
                extensions.extend(clinic_id, care_plan_id, now=now)

    def seal(self, now: datetime) -> None:
        """The tick that puts the audit log into its chain."""
        sealing.seal_all(now=now)

    async def _send(self, claims: Sequence[Claim], now: datetime) -> list[Settlement]:
        return [self._settle(flight, now) async for flight in self._dispatcher.send(claims, now)]

    def _settle(self, flight: Flight, now: datetime) -> Settlement:
        return resolve_settlement(flight.claim, tuple(flight.tries), held=flight.held, now=now, jitter=JITTER)
