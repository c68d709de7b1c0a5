"""huey on Redis, one task a reminder: `python -m tests.bench.peers.huey_jobs CONFIG`, then one pass a line."""

import json
import sys
import time
from datetime import timedelta
from typing import Any

from backend.adapters.clock import SystemClock
from tests.bench.answering import answer
from tests.bench.peers.counting import Counter

WORKERS = 2
LEAD_S = 2.0
PER_TASK_S = 0.002  # to put a task into the schedule, so that none is due before all are there


def main(written: str) -> None:
    from huey import RedisHuey

    config = json.loads(written)
    clock, counter = SystemClock(), Counter()
    huey = RedisHuey("bench", host="127.0.0.1", port=config["redis_port"], utc=True)
    job = huey.task()(counter.job)
    far = clock.now() + timedelta(days=30)
    for _ in range(config["pending"]):
        huey.add_schedule(job.s(eta=far))
    huey.create_consumer(workers=WORKERS, worker_type="thread").start()

    def run_pass(asked: dict[str, Any]) -> dict[str, Any]:
        counter.expect(asked["count"])
        due = clock.now() + timedelta(seconds=LEAD_S + PER_TASK_S * asked["count"])
        for _ in range(asked["count"]):
            huey.add_schedule(job.s(eta=due))
        done = counter.wait()
        while huey.pending_count():
            time.sleep(0.01)
        return done

    answer(run_pass)


if __name__ == "__main__":
    main(*sys.argv[1:])
