"""Proves the conservation law again and again, and remembers what it found for the heartbeat (PROMISES P2).

It reads every reminder of every clinic, so it takes its time: after a sweep it rests fifty times as long as the sweep
took, which keeps it below 2 % of a processor at any size.
"""

import logging
import time

from backend.ports import Clock
from backend.services import expiry, ledger

SHORTEST_REST_S = 30.0  # with the beat well within the 120 s of S3, as long as a sweep takes no second
REST = 50.0
log = logging.getLogger("fallow.worker")


class Sweeper:
    """`faults`: rows that broke the law at the last sweep; 0 before the first one."""

    def __init__(self) -> None:
        self.faults = 0
        self._rests_until = 0.0

    def sweep(self, clock: Clock) -> None:
        """Sweep, unless it rests. Says the number alone: `cli ledger check` names clinics and rows."""
        begun = time.monotonic()
        if begun < self._rests_until:
            return
        expiry.expire(now=clock.now())  # a worker that was away must not accuse itself of what it is about to end
        found = ledger.check_conservation(now=clock.now(), rate=clock.rate)
        faults = len(found.violations) + sum(abs(clinic.difference) for clinic in found.clinics)
        if faults and faults != self.faults:
            log.critical("the reminder ledger does not hold: %d rows; see: cli ledger check", faults)
        self.faults = faults
        self._rests_until = time.monotonic() + max(SHORTEST_REST_S, REST * (time.monotonic() - begun))
