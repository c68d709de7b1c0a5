"""celery on Redis, one task with an ETA a reminder: `python -m tests.bench.peers.celery_jobs CONFIG`, then passes.

Two processes, which is celery's own way and here the quickest: its "solo" pool fires ten timers a second. Each task
writes one byte to a pipe; this process counts them.
"""

import json
import os
import sys
import threading
import time
import traceback
from datetime import timedelta
from typing import Any

from backend.adapters.clock import SystemClock
from tests.bench.answering import answer
from tests.bench.peers.counting import Counter

PROCESSES = 2
LEAD_S = 3.0
PER_TASK_S = 0.004  # to hand over a task and for the worker to take it, so that none is due before all are there


def main(written: str) -> None:
    from celery import Celery

    config = json.loads(written)
    clock, counter = SystemClock(), Counter()
    handled, say_handled = os.pipe()
    app = Celery("bench", broker=f"redis://127.0.0.1:{config['redis_port']}/1")
    app.conf.update(task_ignore_result=True, worker_redirect_stdouts=False)
    app.conf.broker_transport_options = {"visibility_timeout": 7 * 24 * 3600}

    @app.task(name="job")
    def job() -> None:
        os.write(say_handled, b"1")

    def count() -> None:
        while True:
            for _ in os.read(handled, 4096):
                counter.job()

    def load(count: int, eta: Any) -> None:
        with app.producer_pool.acquire(block=True) as producer:
            for _ in range(count):
                job.apply_async(eta=eta, producer=producer)

    def run_pass(asked: dict[str, Any]) -> dict[str, Any]:
        counter.expect(asked["count"])
        load(asked["count"], clock.now() + timedelta(seconds=LEAD_S + PER_TASK_S * asked["count"]))
        return counter.wait()

    def serve() -> None:
        try:
            load(config["pending"], clock.now() + timedelta(days=30))
            with app.connection_for_read() as connection:
                while connection.default_channel.client.llen("celery"):  # until the worker holds them all
                    time.sleep(0.05)
            answer(run_pass)
        except Exception:
            traceback.print_exc()
        os.killpg(0, 9)  # the worker has the main thread, and would wait for its tasks; its children go with it

    os.setpgid(0, 0)
    for part in (count, serve):
        threading.Thread(target=part, daemon=True).start()
    app.Worker(
        pool="prefork", concurrency=PROCESSES, loglevel="ERROR", quiet=True, without_gossip=True, without_mingle=True
    ).start()


if __name__ == "__main__":
    main(*sys.argv[1:])
