"""F2: claiming with five million reminders pending beside ten thousand; and F3, which `queues.py` measures."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import psycopg

import setup_env
from tests import postgres
from tests.bench import queues, rows
from tests.bench.claiming import BATCH
from tests.bench.contenders import Contender, start
from tests.bench.figures import Figure, Series, compare

SHARE, IDLE_MS, GROWTH_MB = 0.5, 1.0, 5.0
BATCHES, IDLE_CLAIMS = 4, 100
HANDLED = 2_000  # by the worker whose memory is read
LIMIT_S = 120.0


@dataclass(frozen=True)
class Size:
    """`few` and `many`: pending reminders of the two databases."""

    few: int
    many: int
    passes: int
    queues: queues.Size
    batches: int = BATCHES
    handled: int = HANDLED


FULL = Size(few=10_000, many=5_000_000, passes=7, queues=queues.FULL)
QUICK = Size(few=10_000, many=500_000, passes=5, queues=queues.QUICK)
SMALLEST = Size(few=1_000, many=3_000, passes=1, queues=queues.SMALLEST, batches=2, handled=200)


def measure(*, quick: bool) -> Iterator[Figure | Series]:
    yield from measure_at(QUICK if quick else FULL)


def measure_at(size: Size) -> Iterator[Figure | Series]:
    """Claims, then the queues, on a server that keeps what it is told as in production."""
    with postgres.run_server(durable=True) as server:
        yield from measure_claims(server, size)
        yield from queues.measure_on(server, size.queues)


@dataclass
class Place:
    """One of the databases: what was seen there, and the last reminder that was made due."""

    pending: int
    database: str
    claimer: Contender
    rates: list[float] = field(default_factory=list)
    idle_ms: list[float] = field(default_factory=list)
    until: int = 0

    def run(self, batches: int) -> None:
        self.until += batches * BATCH
        done = self.claimer.ask(until=self.until, batches=batches)
        if done["count"] != batches * BATCH:
            raise RuntimeError(f"{done['count']} claimed of {batches * BATCH} due")
        self.rates.append(done["count"] / done["seconds"])
        self.idle_ms.append(self.claimer.ask(idle=IDLE_CLAIMS)["idle_ms"])


def measure_claims(server: postgres.Server, size: Size) -> Iterator[Figure | Series]:
    """The two databases in turn, pass by pass; then a worker's memory on each."""
    with ExitStack() as stack:
        few, many = (_prepare(stack, server, pending) for pending in (size.few, size.many))
        for number in range(size.passes + 1):
            for place in (few, many):
                place.run(1 if number == 0 else size.batches)
        for place in (few, many):
            del place.rates[0], place.idle_ms[0]  # the warming up
        ratios = [much / little for much, little in zip(many.rates, few.rates, strict=True)]
        what = f"claim rate with {size.many:,} pending against {size.few:,}"
        yield compare(("F2", what, SHARE), ratios, at_least=True)
        for place in (few, many):
            spread = (min(place.idle_ms), max(place.idle_ms))
            what = f"idle tick with {place.pending:,} pending"
            yield Figure("F2", what, median(place.idle_ms), IDLE_MS, "ms", spread=spread)
        sizes = [_measure_memory(server, place, size.handled) for place in (few, many)]
        what = f"worker memory with {size.many:,} pending above {size.few:,}"
        note = f"{sizes[0]:.1f} and {sizes[1]:.1f} MB at their highest"
        yield Figure("F2", what, sizes[1] - sizes[0], GROWTH_MB, "MB", note)
        for place in (few, many):
            name = f"Fallow claims, {place.pending:,} pending"
            yield Series(name, tuple(place.rates), group="claim", more={"idle_ms": median(place.idle_ms)})


def _prepare(stack: ExitStack, server: postgres.Server, pending: int) -> Place:
    print(f"bench scheduler: writing {pending:,} pending reminders", file=sys.stderr, flush=True)
    database = server.create_database()
    rows.fill(server, database, pending)
    command = [setup_env.PYTHON, "-m", "tests.bench.claiming", server.url(database)]
    return Place(pending, database, start(stack, "claimer", command))


def _measure_memory(server: postgres.Server, place: Place, handled: int) -> float:
    """The most memory, in MB, of a worker process that has handled so many reminders (to the log) and has beaten."""
    with tempfile.TemporaryDirectory(prefix="fallow-bench-") as name:
        clock = Path(name) / "clock"
        _set_clock(clock, place.until)
        with _run_worker(server.url(place.database), Path(name), clock) as worker:
            with rows.connect(server, place.database) as connection:
                _wait(connection, "SELECT count(*) FROM worker_heartbeat", 1, worker)
                _set_clock(clock, place.until + handled)
                sent = "SELECT count(*) FROM delivery_attempt WHERE channel = 'fcm' AND detail = 'log'"
                _wait(connection, sent, handled, worker)
                place.until += handled
            return _highest_mb(worker.pid)


@contextmanager
def _run_worker(url: str, folder: Path, clock: Path) -> Iterator[subprocess.Popen[bytes]]:
    given = {
        "FALLOW_ENV": "test",
        "FALLOW_VAR_DIR": str(folder),
        "FALLOW_DATABASE_URL": url,
        "FALLOW_TEST_CLOCK": f"file:{clock}",
        "FALLOW_WORKER_TICK_SECONDS": "0.2",
    }
    clean = {name: value for name, value in setup_env.build_environment().items() if not name.startswith("FALLOW_")}
    with (folder / "log").open("wb") as log:
        command = [setup_env.PYTHON, "-m", "backend.workers"]
        worker = subprocess.Popen(command, cwd=setup_env.ROOT, env={**clean, **given}, stderr=log)
        try:
            yield worker
        finally:
            worker.terminate()
            worker.wait(60)


def _set_clock(path: Path, until: int) -> None:
    fresh = path.with_suffix(".new")
    fresh.write_text(rows.due_at(until).isoformat())
    os.replace(fresh, path)


def _wait(connection: psycopg.Connection, count: str, wanted: int, worker: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + LIMIT_S
    while (connection.execute(count).fetchone() or (0,))[0] < wanted:
        if worker.poll() is not None or time.monotonic() > until:
            raise RuntimeError("the worker did not do its work")
        time.sleep(0.1)


def _highest_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024
