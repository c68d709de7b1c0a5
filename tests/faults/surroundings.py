"""P3, P2 when what the worker stands on gives way: the database, the disk, the clock; and a worker too many.

Real: PostgreSQL crashed and started again, its connections cut, a full disk (a small tmpfs where this user may mount
one, else a limit on the size of the worker's files), a second worker on one SQLite file. Simulated: FCM, which takes
every message; the clock that jumps is the product's (FALLOW_TEST_CLOCK).
"""

import os
import resource
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

from backend.services import health
from tests.bench.figures import Figure
from tests.doubles.fcm import FcmDouble
from tests.factories import NOW
from tests.faults.delivery import judge_sends
from tests.faults.house import Grounds, House, holds_within, say
from tests.faults.seeding import count_pending, seed_clients, seed_due
from tests.people import make_ida
from tests.services.worker_process import WorkerProcess

DAY = timedelta(days=1)
DISK_MB, ROW_KB = 16, 6  # of the small disk: for the empty database, and for each client with all that is hers
LATENCY_S = 0.05  # so that something is in the air when it happens
FULL_S = 3.0  # longer than the first tries to record take


def measure(grounds: Grounds, *, quick: bool) -> Iterator[Figure]:
    """All of it: about 4 minutes in full, half a minute with `quick`."""
    due, times = (300, 1) if quick else (10_000, 10)
    yield from restart_database(grounds, due=due, restarts=times)
    yield from cut_connections(grounds, due=due, cuts=times)
    yield from fill_disk(grounds, due=due)
    yield from jump_clock(grounds, due=due)
    yield from start_twice(grounds, due=due)


def restart_database(grounds: Grounds, *, due: int, restarts: int) -> Iterator[Figure]:
    """PostgreSQL crashes and recovers while batches are in the air; the worker process lives on."""
    what = f"postgresql: {due:,} due, {restarts} crash{'es'[: 2 * (restarts > 1)]} of the database"
    with grounds.open("postgresql") as house:
        assert house.server is not None
        yield from _disturb(house, what, due, restarts, house.server.restart)


def cut_connections(grounds: Grounds, *, due: int, cuts: int) -> Iterator[Figure]:
    """Every connection to the database is cut while batches are in the air."""
    what = f"postgresql: {due:,} due, connections cut {cuts} x"
    with grounds.open("postgresql") as house:
        name = house.url.rpartition("/")[2]
        cut = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
        yield from _disturb(house, what, due, cuts, lambda: house.server.execute(cut))  # type: ignore[union-attr]


def _disturb(house: House, what: str, due: int, times: int, act: object) -> Iterator[Figure]:
    """Run one worker through `due` reminders and do something to it `times` times on the way."""
    house.fcm.latency_s = LATENCY_S
    seed_due(seed_clients(make_ida(), due), expires_at=NOW + DAY)
    worker = house.start_worker(worker_batch=str(min(250, due // 10)))  # several batches, also of few
    holds_within(60, lambda: worker.started)
    bound = house.read_bound()
    for number in range(times):
        wanted = due * (number + 1) // (times + 2)
        holds_within(300, lambda least=wanted: len(house.fcm.seen) >= least, 0.01)  # type: ignore[misc]
        act()  # type: ignore[operator]
        say(f"{what}: {number + 1} done, {len(house.fcm.seen):,} sent")
    holds_within(600, lambda: count_pending() == 0, 0.2)
    yield Figure("P3", f"{what}: workers that died of it", 0 if worker.alive else 1, 0, "workers")
    worker.end(60)
    yield from judge_sends(house, what, due, times * bound)
    yield house.check_ledger(what)


def fill_disk(grounds: Grounds, *, due: int) -> Iterator[Figure]:
    """The disk under SQLite is full for some seconds while batches are in the air."""
    with _small_disk(DISK_MB + due * ROW_KB // 1024) as disk, grounds.open("sqlite", disk) as house:
        what = f"sqlite: {due:,} due, disk full ({'tmpfs' if disk else 'limit on file size'})"
        seed_due(seed_clients(make_ida(), due), expires_at=NOW + DAY)
        worker = house.start_worker()
        holds_within(60, lambda: worker.started)
        bound = house.read_bound()
        holds_within(300, lambda: len(house.fcm.seen) >= due // 4, 0.01)
        with _full(worker, disk):
            noticed = holds_within(60, lambda: "failed: OperationalError" in worker.log)
            time.sleep(FULL_S)
        yield Figure("P3", f"{what}: did not notice it", 0 if noticed else 1, 0, "workers")
        holds_within(300, lambda: count_pending() == 0, 0.2)
        yield Figure("P3", f"{what}: workers that died of it", 0 if worker.alive else 1, 0, "workers")
        worker.end(60)
        yield from judge_sends(house, what, due, bound)
        with closing(sqlite3.connect(house.url.removeprefix("sqlite:///"))) as file:
            sound = file.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        yield Figure("P1", f"{what}: damaged files", 0 if sound else 1, 0, "files")
        yield house.check_ledger(what)


def jump_clock(grounds: Grounds, *, due: int) -> Iterator[Figure]:
    """The product's clock jumps two hours ahead, three back in the middle of the work, and ahead again."""
    what = f"sqlite: {due:,} due, clock jumps there and back"
    with grounds.open("sqlite") as house:
        house.set_clock(NOW)
        seed_due(seed_clients(make_ida(), due), send_at=NOW + timedelta(hours=1), expires_at=NOW + timedelta(hours=5))
        worker = house.start_worker()
        holds_within(60, lambda: worker.started)
        early = len(house.fcm.seen)
        house.set_clock(NOW + timedelta(hours=2))
        holds_within(60, lambda: len(house.fcm.seen) > due // 4, 0.005)
        house.set_clock(NOW - timedelta(hours=1))
        settled = lambda: _stands_still(house.fcm)  # noqa: E731
        holds_within(30, settled)
        house.set_clock(NOW + timedelta(hours=2))
        holds_within(300, lambda: count_pending() == 0, 0.2)
        worker.end(60)
        yield Figure("P3", f"{what}: sent before their time", early, 0, "messages")
        yield from judge_sends(house, what, due, 0)
        yield house.check_ledger(what)


def start_twice(grounds: Grounds, *, due: int) -> Iterator[Figure]:
    """A second worker on one SQLite file: the two share it, and nothing is sent twice."""
    what = f"sqlite: {due:,} due, two workers on one file"
    with grounds.open("sqlite") as house:
        staff = [house.start_worker(), house.start_worker()]
        holds_within(60, lambda: len(health.get_health(now=NOW).workers) == 2)
        seed_due(seed_clients(make_ida(), due), expires_at=NOW + DAY)
        holds_within(300, lambda: count_pending() == 0, 0.2)
        for worker in staff:
            worker.end(60)
        yield from judge_sends(house, what, due, 0)
        yield house.check_ledger(what)


def _stands_still(fcm: FcmDouble) -> bool:
    before = len(fcm.seen)
    time.sleep(0.5)
    return len(fcm.seen) == before


@contextmanager
def _small_disk(size_mb: int) -> Iterator[Path | None]:
    """A tmpfs of some megabytes, or None where this user may not mount one."""
    with tempfile.TemporaryDirectory(prefix="fallow-disk-") as name:
        command = ["mount", "-t", "tmpfs", "-o", f"size={size_mb}m", "tmpfs", name]
        mounted = os.geteuid() == 0 and subprocess.run(command, capture_output=True).returncode == 0
        try:
            yield Path(name) if mounted else None
        finally:
            if mounted:
                subprocess.run(["umount", "-l", name], check=True)


@contextmanager
def _full(worker: WorkerProcess, disk: Path | None) -> Iterator[None]:
    """While it lasts, no file of the worker grows."""
    if disk is None:
        endless = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
        resource.prlimit(worker.pid, resource.RLIMIT_FSIZE, (4096, resource.RLIM_INFINITY))
        yield
        resource.prlimit(worker.pid, resource.RLIMIT_FSIZE, endless)
        return
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        size = 1 << 20
        while size:
            try:
                file.write(b"\0" * size)
            except OSError:
                size //= 2
    yield
    ballast.unlink()
