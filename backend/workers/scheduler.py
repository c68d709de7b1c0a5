"""The metronome: APScheduler with a handful of interval ticks, in memory; what is due lives in our table alone.

No client data passes through it. A late tick runs once, late, instead of being dropped (FIELD_NOTES 7). It strikes in
a thread, so that the main thread does nothing but wait for the end and no signal meets a lock that is held.
"""

import logging
import threading
from collections import Counter
from uuid import UUID, uuid4

from apscheduler.schedulers.background import BackgroundScheduler

from backend import db, failpoints, wiring
from backend.services import health
from backend.settings import Settings
from backend.workers.collector import collect_seldom
from backend.workers.sender import Sender, SenderOptions
from backend.workers.ticks import beat, build_ticks, guard

DRAIN_LIMIT_S = 45.0  # the slowest batch: patience and total limit of the HTTP client, and its record
# A signal that comes right before an endless wait is not seen until the wait ends (seen: 1 SIGTERM of 55 lost).
SIGNAL_CHECK_S = 0.5
log = logging.getLogger("fallow.worker")


class Worker:
    """One worker process. `run` blocks until `stop`, which any thread may call, at any time and repeatedly."""

    def __init__(self, settings: Settings) -> None:
        failpoints.arm(settings.test_failpoint)
        db.configure(db.build_engine(settings.database_url, hide_parameters=True))
        self.id: UUID = uuid4()
        self.failures: Counter[str] = Counter()
        self._clock = wiring.build_clock(settings)
        options = SenderOptions(
            settings.worker_batch, settings.worker_lease_seconds, settings.public_url, settings.worker_tick_seconds
        )
        self._sender = Sender(
            wiring.build_pushers(settings), wiring.build_mailer(settings), self._clock, options, on_end=self.stop
        )
        self._tick_s = settings.worker_tick_seconds
        self._switch = wiring.build_outside_switch(settings)
        self._scheduler = BackgroundScheduler(timezone="UTC")
        self._stopping = threading.Event()

    def run(self) -> int:
        """Work until stopped; 0 when everything in the air was recorded, 1 when the sender died or did not drain."""
        logging.getLogger("apscheduler").setLevel(logging.ERROR)
        self._sender.start()
        for tick in build_ticks(self._sender, self._clock, self.id, self._tick_s, self._switch):
            self._scheduler.add_job(
                guard(tick, self._count),
                "interval",
                seconds=tick.every_s,
                name=tick.name,
                misfire_grace_time=None,
                coalesce=True,
                max_instances=1,
            )
        self._scheduler.start()
        collect_seldom()
        self._sender.wake()
        self._say_hello()
        log.info("worker started, at most %d reminders in flight", self._sender.options.in_flight_bound)
        while not self._stopping.wait(SIGNAL_CHECK_S):
            pass
        self._sender.stop()
        self._scheduler.shutdown(wait=True)
        return self._say_goodbye(self._sender.join(DRAIN_LIMIT_S))

    def stop(self) -> None:
        """Drain and end."""
        self._stopping.set()

    def _count(self, name: str) -> None:
        self.failures[name] += 1

    def _say_hello(self) -> None:
        try:
            beat(self._sender, self._clock, self.id)
        except Exception as fault:  # the next beat says it
            log.error("first heartbeat failed: %s", type(fault).__name__)

    def _say_goodbye(self, drained: bool) -> int:
        if not drained or self._sender.failed:
            log.error("worker ends without having drained")
            return 1
        try:
            health.end_worker(self.id)
        except Exception as fault:
            log.error("last heartbeat failed: %s", type(fault).__name__)
        db.get_engine().dispose()
        log.info("worker ended, %d sent", self._sender.progress.sent)
        return 0
