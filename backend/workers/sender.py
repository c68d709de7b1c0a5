"""The sender: one event loop in one thread for the life of the worker, two lanes, woken by the tick."""

import asyncio
import logging
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass

from backend.models.reminders import RED_LANE, REST_LANE
from backend.ports import Clock, Mailer, Pusher
from backend.workers.channels import Channels
from backend.workers.dispatch import Dispatcher
from backend.workers.lane import Lane, LaneOptions
from backend.workers.progress import Progress

RED_SHARE = 5  # one row in five of a batch belongs to the red lane
DATABASE_THREADS = 2
AHEAD_LIMIT_S = 5.0  # while it waits for what it fetched ahead, a lane claims nothing new
MAIL_THREADS = 4  # of each lane
log = logging.getLogger("fallow.worker")


@dataclass(frozen=True, slots=True)
class SenderOptions:
    """`batch`: rows claimed at once by both lanes together. `lease_s`: how long a claim holds. `tick_s`: real seconds
    between two wakes; the rest lane claims so far ahead, and the red one not at all."""

    batch: int
    lease_s: int
    public_url: str
    tick_s: float = 0.0

    @property
    def lanes(self) -> tuple[LaneOptions, LaneOptions]:
        red = max(1, self.batch // RED_SHARE)
        rest = max(1, self.batch - red)
        ahead_s = min(self.tick_s, AHEAD_LIMIT_S, self.lease_s / 4)
        return (
            LaneOptions(RED_LANE, red, self.lease_s, gather_s=0.0),
            LaneOptions(REST_LANE, rest, self.lease_s, ahead_s=ahead_s),
        )

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
        channels: Channels | None = None,
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
        self._channels = channels or Channels()

    @property
    def stopped_channels(self) -> tuple[str, ...]:
        return self._channels.stopped

    @property
    def channels_down(self) -> dict[str, float]:
        """Channels whose provider does not take messages, with the seconds since when."""
        return {} if self._loop is None else self._channels.down_s(self._loop.time())

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
        pools: list[ThreadPoolExecutor] = []
        dispatchers = []
        lanes = []
        for options in self.options.lanes:
            database, mail = (
                ThreadPoolExecutor(count, f"lane-{options.number}-{name}")
                for name, count in (("database", DATABASE_THREADS), ("mail", MAIL_THREADS))
            )
            pools += [database, mail]
            dispatchers.append(self._build_dispatcher(options, database, mail))
            lanes.append(Lane(options, dispatchers[-1], self._clock, self.progress, database))
        self._lanes = tuple(lanes)
        self._loop = asyncio.get_running_loop()
        self._ready.set()
        try:
            async with asyncio.TaskGroup() as running:
                for lane in self._lanes:
                    running.create_task(lane.run())
        finally:
            for dispatcher in dispatchers:
                await dispatcher.close()
            for pool in pools:
                pool.shutdown()

    def _build_dispatcher(self, options: LaneOptions, database: Executor, mail: Executor) -> Dispatcher:
        return Dispatcher(
            self._pushers,
            self._mailer,
            mail,
            public_url=self.options.public_url,
            rate=self._clock.rate,
            lane=options.number,
            channels=self._channels,
            look_ups=database,
        )


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
