"""A contender that claims as a worker's lane does: `python -m tests.bench.claiming DATABASE`, then commands.

`{"until": N, "batches": B}`: B claims of what is due until reminder N, timed; each is recorded before the next one, not
timed, because a worker holds no more than two batches. `{"idle": N}`: N claims that find nothing, each timed.
"""

import sys
import time
from datetime import timedelta
from statistics import median
from typing import Any

from backend import db
from backend.ports import PushResult
from backend.services import delivery
from backend.services.delivery_results import Try, resolve_settlement
from tests.bench.answering import answer
from tests.bench.rows import FIRST_DUE_AT, due_at

BATCH = 250
LANES = (0, 1)
ACCEPTED = PushResult("accepted", detail="200", provider_id="1")


def claim_and_record(until: int, batches: int) -> dict[str, Any]:
    """How many were claimed, and the seconds that claiming took."""
    now, claimed, spent = due_at(until), 0, 0.0
    for _ in range(batches):
        began = time.perf_counter()
        claims = delivery.claim(1, limit=BATCH, lease_s=60, now=now)
        spent += time.perf_counter() - began
        claimed += len(claims)
        tries = {claim.id: (Try("fcm", ACCEPTED, claim.addresses[0]),) for claim in claims}
        delivery.record(
            [resolve_settlement(each, tries[each.id], held=False, now=now, jitter=0.5) for each in claims], now=now
        )
    return {"count": claimed, "seconds": spent}


def claim_nothing(times: int) -> dict[str, Any]:
    """The median of an idle tick in ms: the slower of the two lanes, which ask at once in threads of their own."""
    now, seen = FIRST_DUE_AT - timedelta(days=1), []
    for _ in range(times):
        took = []
        for lane in LANES:
            began = time.perf_counter()
            found = delivery.claim(lane, limit=BATCH, lease_s=60, now=now)
            took.append((time.perf_counter() - began) * 1000)
            if found:
                raise RuntimeError("something was due")
        seen.append(max(took))
    return {"count": times, "idle_ms": median(seen)}


def run_pass(asked: dict[str, Any]) -> dict[str, Any]:
    if "idle" in asked:
        return claim_nothing(asked["idle"])
    return claim_and_record(asked["until"], asked["batches"])


if __name__ == "__main__":
    db.configure(db.build_engine(sys.argv[1]))
    answer(run_pass)
