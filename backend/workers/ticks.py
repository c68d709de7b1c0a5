"""What the metronome strikes: each tick is a short call into one service. A failing one never stops the others."""

import logging
import os
import socket
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from backend.ports import Clock, OutsideSwitch
from backend.services import expiry, extensions, health, resending, sealing
from backend.workers.sender import Sender
from backend.workers.sweeper import Sweeper

PING_EVERY_S = 30.0
PING_WHILE_MOVED_S = 30.0  # a sender that stood still for longer is not vouched for
log = logging.getLogger("fallow.worker")


@dataclass(frozen=True, slots=True)
class Tick:
    """`every_s`: real seconds; short enough for a clock that runs a day a minute."""

    name: str
    every_s: float
    run: Callable[[], None]


def build_ticks(
    sender: Sender, clock: Clock, worker_id: UUID, tick_s: float, switch: OutsideSwitch | None = None
) -> tuple[Tick, ...]:
    """All ticks of a worker process. `switch`: the dead-man switch outside, where one is set."""
    sweeper = Sweeper()
    ticks = (
        Tick("wake the sender", tick_s, sender.wake),
        Tick("extend plans", 5.0, lambda: extend_plans(clock)),
        Tick("expire reminders", 2.0, lambda: expire_reminders(clock)),
        Tick("send again", 5.0, lambda: send_again(clock)),
        Tick("seal the audit log", 10.0, lambda: seal_audit(clock)),
        Tick("sweep the ledger", 10.0, lambda: sweeper.sweep(clock)),
        Tick("heartbeat", 5.0, lambda: beat(sender, clock, worker_id, sweeper.faults)),
    )
    return ticks if switch is None else (*ticks, Tick("ping", PING_EVERY_S, lambda: ping(sender, clock, switch)))


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
    for clinic_id, care_plan_id in extensions.list_due(now=clock.now()):
        try:
            extensions.extend(clinic_id, care_plan_id, now=clock.now())
        except IntegrityError:
            log.info("a plan was extended by another worker at the same moment")
        except Exception as fault:
            log.error("a plan could not be extended: %s", type(fault).__name__)


def expire_reminders(clock: Clock) -> None:
    """End what is past its window."""
    expiry.expire(now=clock.now())


def send_again(clock: Clock) -> None:
    """Repeat once what matters and no device has confirmed."""
    resending.resend_unconfirmed(now=clock.now())


def seal_audit(clock: Clock) -> None:
    """Put each clinic's new audit rows into its hash chain."""
    sealing.seal_all(now=clock.now())


def beat(sender: Sender, clock: Clock, worker_id: UUID, ledger_faults: int = 0) -> None:
    """Say that this process lives, whether it moves, and what its last sweep of the ledger found."""
    state = health.WorkerState(
        id=worker_id,
        host=socket.gethostname(),
        pid=os.getpid(),
        sent=sender.progress.sent,
        in_flight_bound=sender.options.in_flight_bound,
        stopped_channels=sender.stopped_channels,
        ledger_faults=ledger_faults,
        channels_down=sender.channels_down,
    )
    health.record_beat(state, progressed=sender.progress.take(), now=clock.now(), rate=clock.rate)


def ping(sender: Sender, clock: Clock, switch: OutsideSwitch) -> None:
    """Vouch for this house to the switch outside; whoever watches it is called when that ends (PROMISES S3).

    Said only while this sender moves and /readyz has nothing to complain of: silence must be loud for each of its
    reasons. A call that fails is logged by its kind, never with the address, which is a secret.
    """
    if not sender.progress.seen_within(PING_WHILE_MOVED_S):
        log.warning("no ping: the sender stands still")
        return
    reasons = health.get_health(now=clock.now()).reasons
    if reasons:
        log.warning("no ping: %s", "; ".join(reasons))
        return
    fault = switch.call()
    if fault is not None:
        log.warning("the ping was not heard: %s", fault)
