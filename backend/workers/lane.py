"""One lane of the sender: claim, send and record overlap (FIELD_NOTES 21, the measured shape).

claimer -> queue of one batch ahead -> flights -> results -> recorder. The claimer also fetches what falls due until the
next tick, and hands it on at its own moment: what many clients get at nine goes out at nine. At most `bound` rows are
claimed for sending and not yet recorded, which bounds the doubles after a kill (PROMISES P3). A slow host keeps its own
rows in the air; others go round it as long as the bound leaves room. Nothing here raises for a database that is away:
it is logged by type, leases lapse, and rows are claimed again.
"""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import Executor
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import random
from typing import TypeVar

from backend.arrivals import Gathering
from backend.failpoints import FailpointHit, hit
from backend.ports import Clock
from backend.services import catch_up, delivery
from backend.services.delivery_results import Claim, Settlement, resolve_settlement
from backend.workers.dispatch import Dispatcher
from backend.workers.progress import Progress

BATCHES_IN_AIR = 2
PARTS = 2  # of a batch: what is in the air is recorded, and more is sent, without waiting for the whole of it
GATHER_S = 0.05  # how long a result of the rest lane waits for others, so that they are recorded together
RECORD_TRIES = 6
FIRST_PAUSE_S = 0.2
log = logging.getLogger("fallow.worker")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class LaneOptions:
    """`number`: 0 red flags, 1 the rest. `gather_s`: 0 records each result at once. `ahead_s`: real seconds for which
    what falls due is claimed before it does."""

    number: int
    batch: int
    lease_s: int
    gather_s: float = GATHER_S
    ahead_s: float = 0.0

    @property
    def bound(self) -> int:
        """The most rows that are sent and not yet recorded."""
        return BATCHES_IN_AIR * self.batch

    @property
    def part(self) -> int:
        """How many rows are looked at and sent together, and how many results need not wait for others."""
        return max(1, self.batch // PARTS)


class RowBudget:
    """How many rows may be in the air; gives room back when they are recorded."""

    def __init__(self, rows: int) -> None:
        self._free = rows
        self._changed = asyncio.Condition()

    async def acquire(self, rows: int) -> None:
        async with self._changed:
            await self._changed.wait_for(lambda: self._free >= rows)
            self._free -= rows

    async def release(self, rows: int) -> None:
        async with self._changed:
            self._free += rows
            self._changed.notify_all()


class Lane:
    """Lives on the sender's loop; `threads` are its own two for the database."""

    def __init__(
        self, options: LaneOptions, dispatcher: Dispatcher, clock: Clock, progress: Progress, threads: Executor
    ) -> None:
        self._options = options
        self._dispatcher = dispatcher
        self._clock = clock
        self._progress = progress
        self._threads = threads
        self._woken = asyncio.Event()
        self._stopped = asyncio.Event()
        self._ahead: asyncio.Queue[tuple[tuple[Claim, ...], float] | None] = asyncio.Queue(1)
        self._results: Gathering[Settlement] = Gathering(
            enough=options.part, most=options.batch, pause_s=options.gather_s
        )
        self._budget = RowBudget(options.bound)

    def wake(self) -> None:
        self._woken.set()

    def stop(self) -> None:
        """No more claims; what is claimed ahead is given back, what is in the air is finished and recorded."""
        self._stopped.set()
        self._woken.set()

    async def run(self) -> None:
        """Work until stopped and drained."""
        async with asyncio.TaskGroup() as parts:
            parts.create_task(self._claim_until_stopped())
            parts.create_task(self._send_all())
            parts.create_task(self._record_all())

    async def _claim_until_stopped(self) -> None:
        while not self._stopped.is_set():
            await self._woken.wait()
            self._woken.clear()
            while not self._stopped.is_set() and await self._claim_once():
                pass
        await self._ahead.put(None)

    async def _claim_once(self) -> bool:
        """Claim a batch and hand it on, each row when it is due; True when there is likely more."""
        try:
            count, claims = await self._call(self._claim)
        except Exception as fault:
            self._failed("claim", fault)
            return False
        self._progress.advance(self._options.number)
        while claims and not self._stopped.is_set():
            now = self._clock.now()
            due = tuple(each for each in claims if each.send_at <= now)
            if due:
                await self._ahead.put((due, asyncio.get_running_loop().time()))
            claims = claims[len(due) :]
            if claims and not await self._wait_until(claims[0].send_at):
                break
        if claims:
            await self._give_back(claims, from_budget=0)
        return count == self._options.batch

    def _claim(self) -> tuple[int, tuple[Claim, ...]]:
        """How many rows were claimed, and which of them may be sent: what is late is gathered first (P6)."""
        options, now, rate = self._options, self._clock.now(), self._clock.rate
        ahead = timedelta(seconds=options.ahead_s) * rate
        claims = delivery.claim(options.number, limit=options.batch, lease_s=options.lease_s, now=now, ahead=ahead)
        try:
            return len(claims), catch_up.gather_late(claims, now=now, rate=rate)
        except Exception:
            delivery.release(claims)
            raise

    async def _wait_until(self, at: datetime) -> bool:
        """Until the product's clock shows `at`, or the lane is stopped. False, at once, where that is further away than
        anything is fetched ahead: the clock was set back, and a lane that slept until then would send nothing else."""
        left_s = (at - self._clock.now()).total_seconds() / (self._clock.rate or 1.0)
        if left_s > self._options.ahead_s:
            return False
        with suppress(TimeoutError):
            async with asyncio.timeout(max(left_s, 0.001)):
                await self._stopped.wait()
        return True

    async def _send_all(self) -> None:
        async with asyncio.TaskGroup() as flights:
            while (taken := await self._ahead.get()) is not None:
                claims, claimed_at = taken
                for first in range(0, len(claims), self._options.part):
                    part = claims[first : first + self._options.part]
                    await self._budget.acquire(len(part))
                    if self._stopped.is_set():
                        await self._give_back(part, from_budget=len(part))
                    else:
                        flights.create_task(self._fly(part, claimed_at))
        self._results.end()

    async def _give_back(self, claims: tuple[Claim, ...], *, from_budget: int) -> None:
        try:
            await self._call(lambda: delivery.release(claims))
        except Exception as fault:
            self._failed("release", fault)
        await self._budget.release(from_budget)

    async def _fly(self, claims: tuple[Claim, ...], claimed_at: float) -> None:
        answered = 0
        try:
            wanted = await self._look_again(claims, claimed_at)
            if wanted:
                hit("delivery.sending")
            now = self._clock.now()
            async for flight in self._dispatcher.send(wanted, now):
                settled = resolve_settlement(
                    flight.claim,
                    tuple(flight.tries),
                    held=flight.held,
                    held_s=flight.held_s * max(self._clock.rate, 1.0),
                    now=self._clock.now(),
                    jitter=random(),
                )
                answered += 1
                self._results.add(settled)
        except Exception as fault:
            self._failed("send", fault)
        await self._budget.release(len(claims) - answered)

    async def _look_again(self, claims: tuple[Claim, ...], claimed_at: float) -> tuple[Claim, ...]:
        """The last look before sending. Where waiting has eaten into the lease, it starts anew."""
        waited = asyncio.get_running_loop().time() - claimed_at
        renew_s = self._options.lease_s if waited > self._options.lease_s / 4 else None
        now = self._clock.now()
        return await self._call(lambda: delivery.look_again(claims, now=now, renew_s=renew_s))

    async def _record_all(self) -> None:
        while results := await self._results.take():
            await self._record(results)
            await self._budget.release(len(results))

    async def _record(self, results: list[Settlement]) -> None:
        """Write it down; a database that is away for a moment must not cost a double."""
        for number in range(RECORD_TRIES):
            try:
                await self._call(lambda: delivery.record(results, now=self._clock.now()))
            except FailpointHit as fault:
                return self._failed("record", fault)
            except Exception as fault:
                self._failed("record", fault)
                await asyncio.sleep(FIRST_PAUSE_S * 2**number)
            else:
                self._progress.advance(self._options.number)
                self._progress.sent += sum(1 for settled in results if settled.state == "sent")
                return None
        return None

    async def _call(self, function: Callable[[], R]) -> R:
        return await asyncio.get_running_loop().run_in_executor(self._threads, function)

    def _failed(self, what: str, fault: BaseException) -> None:
        """Types only: the text of a database error holds the statement's values."""
        self._progress.failures += 1
        log.error("lane %d: %s failed: %s", self._options.number, what, type(fault).__name__)
