"""procrastinate, one job a reminder: `python -m tests.bench.peers.procrastinate_jobs CONFIG`, then one pass a line."""

import asyncio
import json
import sys
from datetime import timedelta
from typing import Any

from backend.adapters.clock import SystemClock
from tests.bench.answering import answer
from tests.bench.peers.counting import Counter

CONCURRENCY = 10
AT_ONCE = 5_000


def main(written: str) -> None:
    import procrastinate

    config = json.loads(written)
    counter = Counter()
    connector = procrastinate.PsycopgConnector(conninfo=config["database"])
    app = procrastinate.App(connector=connector)

    @app.task(name="job")
    async def job() -> None:
        counter.job()

    async def load(count: int, **when: Any) -> None:
        for first in range(0, count, AT_ONCE):
            await job.configure(**when).batch_defer_async(*({} for _ in range(min(AT_ONCE, count - first))))

    async def prepare() -> None:
        await app.open_async()
        await app.schema_manager.apply_schema_async()
        await load(config["pending"], schedule_at=SystemClock().now() + timedelta(days=30))
        await connector.execute_query_async("ANALYZE")

    async def work(count: int) -> dict[str, Any]:
        counter.expect(count)
        await load(count)
        await app.run_worker_async(wait=False, concurrency=CONCURRENCY, install_signal_handlers=False)
        return counter.wait(1.0)

    with asyncio.Runner() as runner:
        runner.run(prepare())
        answer(lambda asked: runner.run(work(asked["count"])))
        runner.run(app.close_async())


if __name__ == "__main__":
    main(*sys.argv[1:])
