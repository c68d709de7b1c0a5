"""The sender: one event loop in one thread for the life of the worker, two lanes, woken by the tick."""

import asyncio
import logging
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from backend.models.reminders import RED_LANE, REST_LANE
from backend.ports import Clock, Mailer, Pusher
from backend.workers.dispatch import Dispatcher
from backend.workers.lane import Lane, LaneOptions
from backend.workers.progress import Progress

RED_SHARE = 5  # one row in five of a batch belongs to the red lane
DATABASE_THREADS = 2
MAIL_THREADS = 4
log = logging.getLogger("fallow.worker")


@dataclass(frozen=True, slots=True)
class SenderOptions:
    """`batch`: rows claimed at once by both lanes together. `lease_s`: how long a claim holds."""

    batch: int
    lease_s: int
    public_url: str

    @property
    def lanes(self) -> tuple[LaneOptions, LaneOptions]:
        red = max(1, self.batch // RED_SHARE)
        rest = max(1, self.batch - red)
        return LaneOptions(RED_LANE, red, self.lease_s, gather_s=0.0), LaneOptions(REST_LANE, rest, self.lease_s)

    @property
    def in_flight_bound(self) -> int:
        """The most rows of this process that are sent and not yet recorded: two batches (PROMISES P3)."""
        return sum(lane.bound for lane in self.lanes)


class Sender:
    """`start`, then `wake` at every tick; `stop` drains, `join` waits for it. All may be called from any thread.

    `on_end` is called in the sender's thread when it ends, also when it fails: then `failed` is True.
    """

    def __init__(
        self,
        pushers: Sequence[Pusher],
        mailer: Mailer,
        clock: Clock,
        options: SenderOptions,
        on_end: Callable[[], None] = lambda: None,
    ) -> None:
        self.options = options
        self.progress = Progress(frozenset(lane.number for lane in options.lanes))
        self.failed = False
        self._pushers = pushers
        self._mailer = mailer
        self._clock = clock
        self._on_end = on_end
        self._thread = threading.Thread(target=self._run, name="sender")
        self._ready = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._lanes: tuple[Lane, ...] = ()
        self._dispatcher: Dispatcher | None = None

    @property
    def stopped_channels(self) -> tuple[str, ...]:
        return self._dispatcher.channels.stopped if self._dispatcher is not None else ()

    def start(self) -> None:
        self._thread.start()
        self._ready.wait()

    def wake(self) -> None:
        """Look for due reminders now."""
        self._tell(Lane.wake)

    def stop(self) -> None:
        """Claim no more, give back what was claimed ahead, finish and record what is in the air."""
        self._tell(Lane.stop)

    def join(self, timeout: float | None = None) -> bool:
        """Wait until it has ended; False when it has not within `timeout` seconds."""
        self._thread.join(timeout)
        return not self._thread.is_alive()

    def _tell(self, what: Callable[[Lane], None]) -> None:
        if self._loop is None:
            return
        for lane in self._lanes:
            try:
                self._loop.call_soon_threadsafe(what, lane)
            except RuntimeError:  # the loop has ended
                return

    def _run(self) -> None:
        try:
            with asyncio.Runner(loop_factory=_loop_factory()) as runner:
                runner.run(self._work())
        except Exception as fault:
            self.failed = True
            log.critical("the sender died: %s", _name(fault))
        finally:
            self._ready.set()
            self._on_end()

    async def _work(self) -> None:
        mail_threads = ThreadPoolExecutor(MAIL_THREADS, "mail")
        self._dispatcher = Dispatcher(
            self._pushers,
            self._mailer,
            mail_threads,
            public_url=self.options.public_url,
            rate=self._clock.rate,
        )
        threads = [ThreadPoolExecutor(DATABASE_THREADS, f"lane-{lane.number}") for lane in self.options.lanes]
        self._lanes = tuple(
            Lane(options, self._dispatcher, self._clock, self.progress, pool)
            for options, pool in zip(self.options.lanes, threads, strict=True)
        )
        self._loop = asyncio.get_running_loop()
        self._ready.set()
        try:
            async with asyncio.TaskGroup() as running:
                for lane in self._lanes:
                    running.create_task(lane.run())
        finally:
            await self._dispatcher.close()
            for pool in (mail_threads, *threads):
                pool.shutdown()


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """uvloop halves the cost of a message where it exists (FIELD_NOTES 21)."""
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop


def _name(fault: BaseException) -> str:
    if isinstance(fault, BaseExceptionGroup):
        return ", ".join(_name(each) for each in fault.exceptions)
    return type(fault).__name__
