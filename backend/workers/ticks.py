"""What the metronome strikes: each tick is a short call into one service. A failing one never stops the others."""

import logging
import os
import socket
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from backend.ports import Clock
from backend.services import care_plans, expiry, health, sealing
from backend.workers.sender import Sender

log = logging.getLogger("fallow.worker")


@dataclass(frozen=True, slots=True)
class Tick:
    """`every_s`: real seconds; short enough for a clock that runs a day a minute."""

    name: str
    every_s: float
    run: Callable[[], None]


def build_ticks(sender: Sender, clock: Clock, worker_id: UUID, tick_s: float) -> tuple[Tick, ...]:
    """All ticks of a worker process."""
    return (
        Tick("wake the sender", tick_s, sender.wake),
        Tick("extend plans", 5.0, lambda: extend_plans(clock)),
        Tick("expire reminders", 2.0, lambda: expire_reminders(clock)),
        Tick("seal the audit log", 10.0, lambda: seal_audit(clock)),
        Tick("heartbeat", 5.0, lambda: beat(sender, clock, worker_id)),
    )


def guard(tick: Tick, failed: Callable[[str], None]) -> Callable[[], None]:
    """The tick's function, which logs and counts a fault instead of raising it. Types only: texts may hold values."""

    def run() -> None:
        try:
            tick.run()
        except Exception as fault:
            failed(tick.name)
            log.error("tick %s failed: %s", tick.name, type(fault).__name__)

    return run


def extend_plans(clock: Clock) -> None:
    """Plan on to the rolling horizon. Two workers that do it at once: the later one finds nothing to do."""
    for clinic_id, care_plan_id in care_plans.list_due_for_extension(now=clock.now()):
        try:
            care_plans.extend(clinic_id, care_plan_id, now=clock.now())
        except IntegrityError:
            log.info("a plan was extended by another worker at the same moment")
        except Exception as fault:
            log.error("a plan could not be extended: %s", type(fault).__name__)


def expire_reminders(clock: Clock) -> None:
    """End what is past its window."""
    expiry.expire(now=clock.now())


def seal_audit(clock: Clock) -> None:
    """Put each clinic's new audit rows into its hash chain."""
    sealing.seal_all(now=clock.now())


def beat(sender: Sender, clock: Clock, worker_id: UUID) -> None:
    """Say that this process lives, and whether it moves."""
    state = health.WorkerState(
        id=worker_id,
        host=socket.gethostname(),
        pid=os.getpid(),
        sent=sender.progress.sent,
        in_flight_bound=sender.options.in_flight_bound,
        stopped_channels=sender.stopped_channels,
    )
    health.record_beat(state, progressed=sender.progress.take(), now=clock.now(), rate=clock.rate)
