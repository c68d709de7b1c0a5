"""APScheduler, one job a reminder, in memory: `python -m tests.bench.peers.apscheduler_jobs CONFIG`, then passes.

A late job is run instead of dropped, which is not its default (FIELD_NOTES 7). In memory: a restart loses all; the
stores that lose nothing add 500 jobs a second, so 100,000 would take minutes.
"""

import json
import sys
from datetime import timedelta
from typing import Any

from backend.adapters.clock import SystemClock
from tests.bench.answering import answer
from tests.bench.peers.counting import Counter

LEAD_S = 1.0
PER_JOB_S = 0.004


def main(written: str) -> None:
    from apscheduler.executors.pool import ThreadPoolExecutor
    from apscheduler.schedulers.background import BackgroundScheduler

    config = json.loads(written)
    clock, counter = SystemClock(), Counter()
    scheduler = BackgroundScheduler(
        executors={"default": ThreadPoolExecutor(10)}, job_defaults={"misfire_grace_time": None}, timezone="UTC"
    )
    far = clock.now() + timedelta(days=30)
    for _ in range(config["pending"]):
        scheduler.add_job(counter.job, "date", run_date=far)
    scheduler.start()

    def run_pass(asked: dict[str, Any]) -> dict[str, Any]:
        counter.expect(asked["count"])
        due = clock.now() + timedelta(seconds=LEAD_S + PER_JOB_S * asked["count"])
        for _ in range(asked["count"]):
            scheduler.add_job(counter.job, "date", run_date=due)
        return counter.wait()

    answer(run_pass)
    scheduler.shutdown(wait=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
