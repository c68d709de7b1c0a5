"""F3: due jobs that do nothing, with 100,000 others pending: Fallow's sender beside job queues, interleaved."""

import json
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import setup_env
from tests import postgres
from tests.bench import peer_packages, redis_server, rows
from tests.bench.contenders import Contender, start
from tests.bench.figures import Figure, Series, compare

OURS = "Fallow, sender with no-op work"
HUEY, CELERY, PROCRASTINATE, APSCHEDULER = (
    "huey, Redis",
    "celery with ETA, Redis",
    "procrastinate",
    "APScheduler, memory",
)
TIMES = {HUEY: 30.0, CELERY: 30.0, PROCRASTINATE: 300.0}
MODULES = {
    HUEY: "huey_jobs",
    CELERY: "celery_jobs",
    PROCRASTINATE: "procrastinate_jobs",
    APSCHEDULER: "apscheduler_jobs",
}
NEED_REDIS = (HUEY, CELERY)
GROUP = "due jobs"


@dataclass(frozen=True)
class Size:
    """`pending`: jobs that stay pending all the time; `jobs`: due ones of each contender a pass."""

    pending: int
    passes: int
    ours: int
    jobs: int = 1_000
    slow_jobs: int = 300
    peers: bool = True

    def of(self, name: str) -> int:
        return {OURS: self.ours, PROCRASTINATE: self.slow_jobs}.get(name, self.jobs)


FULL = Size(pending=100_000, passes=5, ours=20_000)
QUICK = Size(pending=20_000, passes=3, ours=8_000, jobs=500, slow_jobs=150)
SMALLEST = Size(pending=1_000, passes=1, ours=150, peers=False)


def measure_on(server: postgres.Server, size: Size) -> Iterator[Figure | Series]:
    """All contenders in turn, pass by pass. One that cannot be here is shown as not run."""
    answers: dict[str, list[dict[str, Any]]] = {}
    with ExitStack() as stack:
        contenders, absent = {OURS: _start_ours(stack, server, size)}, {}
        if size.peers:
            absent = _start_peers(stack, server, size, contenders)
        until = 0
        for number in range(size.passes + 1):
            for name, contender in contenders.items():
                count = size.of(name) if number else max(50, size.of(name) // 10)
                until += count if name == OURS else 0
                answer = contender.ask(until=until) if name == OURS else contender.ask(count=count)
                if number:  # the first one warms up
                    answers.setdefault(name, []).append(answer)
            print(f"bench scheduler: queues, pass {number} of {size.passes} done", file=sys.stderr, flush=True)
    yield from judge(answers, size.pending)
    for name, passes in answers.items():
        yield Series(name, tuple(map(_rate, passes)), group=GROUP)
    for name, why in absent.items():
        yield Series(name, note=why, group=GROUP)


def judge(answers: dict[str, list[dict[str, Any]]], pending: int) -> Iterator[Figure]:
    """The ratios of every pass; of who ran."""
    for name, times in TIMES.items():
        if name in answers:
            ratios = [_rate(ours) / _rate(theirs) for ours, theirs in zip(answers[OURS], answers[name], strict=True)]
            yield compare(("F3", f"due jobs at {pending:,} pending against {name}", times), ratios, at_least=True)


def _rate(answer: dict[str, Any]) -> float:
    return float(answer["count"] / (answer["ended"] - answer["began"]))


def _start_ours(stack: ExitStack, server: postgres.Server, size: Size) -> Contender:
    database = server.create_database()
    due = size.ours * (size.passes + 1)
    print(f"bench scheduler: writing {size.pending + due:,} reminders", file=sys.stderr, flush=True)
    rows.fill(server, database, size.pending + due)
    config = json.dumps({"database": server.url(database), "batch": 250})
    return start(stack, OURS, [setup_env.PYTHON, "-m", "tests.bench.whole_path", "no-op", config])


def _start_peers(
    stack: ExitStack, server: postgres.Server, size: Size, contenders: dict[str, Contender]
) -> dict[str, str]:
    """Start who can be here; who cannot, and why."""
    try:
        peer_packages.prepare_python()
    except setup_env.SetupError as fault:
        return dict.fromkeys(MODULES, str(fault).splitlines()[-1])
    program = redis_server.find_redis()
    port = stack.enter_context(redis_server.run_redis(program)) if program else 0
    server.execute("CREATE DATABASE procrastinate")
    address = f"host=127.0.0.1 port={server.port} user=postgres dbname=procrastinate"
    config = json.dumps({"redis_port": port, "pending": size.pending, "database": address})
    absent: dict[str, str] = {}
    for name, module in MODULES.items():
        if name in NEED_REDIS and program is None:
            absent[name] = "not run: needs redis-server, which only root can install"
            continue
        print(f"bench scheduler: {name} takes {size.pending:,} jobs", file=sys.stderr, flush=True)
        contenders[name] = start(stack, name, [peer_packages.PYTHON, "-m", f"tests.bench.peers.{module}", config])
    return absent
