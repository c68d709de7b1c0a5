"""P3, P4: workers die, stand still and come back while reminders go out; none is lost, and doubles stay within bounds.

Real: worker processes on SQLite and PostgreSQL, kill -9, SIGSTOP, FCM's protocol over HTTP. Simulated: FCM itself,
which takes every message; the product's clock stands still, leases end by the database's own time.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import timedelta
from signal import SIGCONT, SIGSTOP
from time import monotonic

from backend.failpoints import EXIT_STATUS
from backend.models import Reminder
from tests.bench.figures import Figure
from tests.doubles.fcm import FcmDouble
from tests.factories import NOW
from tests.faults.house import BOTH, LEASE_S, Grounds, House, holds_within, say
from tests.faults.seeding import (
    count_pending,
    count_states,
    count_tries,
    end_leases,
    read_reminders,
    seed_clients,
    seed_due,
)
from tests.people import make_ida

PLACES = ("claimed", "sending", "sent", "recorded")


def measure(grounds: Grounds, *, quick: bool) -> Iterator[Figure]:
    """All of it: about 15 minutes in full, one with `quick`."""
    if quick:
        yield from kill_workers(grounds, "postgresql", due=2_000, workers=3, kills=3)
        yield from kill_workers(grounds, "sqlite", due=600, workers=1, kills=1)
        yield from crash_everywhere(grounds, "sqlite", runs=1)
        yield from lose_the_lease(grounds, "sqlite", due=20)
        return
    yield from kill_workers(grounds, "postgresql", due=100_000, workers=3, kills=50)
    yield from kill_workers(grounds, "sqlite", due=20_000, workers=1, kills=20)
    for database in BOTH:
        yield from crash_everywhere(grounds, database, runs=25)
        yield from lose_the_lease(grounds, database, due=200)


def kill_workers(grounds: Grounds, database: str, *, due: int, workers: int, kills: int) -> Iterator[Figure]:
    """kill -9 one of `workers` after the other, at even shares of the work, and start another in its place."""
    what = f"{database}: {due:,} due, {workers} worker{'s'[: workers > 1]}, {kills} x kill -9"
    with grounds.open(database) as house:
        seed_due(seed_clients(make_ida(), due), expires_at=NOW + timedelta(days=1))
        staff = [house.start_worker() for _ in range(workers)]
        began, bound = monotonic(), 0
        for number in range(kills):
            wanted, victim = due * (number + 1) // (kills + 2), number % workers
            seen = lambda least=wanted: len(house.fcm.seen) >= least  # noqa: E731
            working = lambda place=victim: staff[place].started  # noqa: E731
            if not holds_within(600, seen, 0.01) or not holds_within(60, working, 0.02):
                break
            bound = max(bound, house.read_bound())
            staff[victim].kill()
            staff[victim] = house.start_worker()
            if (number + 1) % 10 == 0:
                say(f"{what}: {number + 1} killed, {len(house.fcm.seen):,} sent")
        holds_within(900, lambda: count_pending() == 0, 0.3)
        rate = len(house.fcm.seen) / (monotonic() - began)
        for worker in staff:
            worker.end(60)
        yield from judge_sends(house, what, due, kills * bound, f"{rate:,.0f} messages/s, {bound} a kill")
        yield house.check_ledger(what)


def judge_sends(house: House, what: str, due: int, bound: int, note: str = "", promise: str = "P3") -> Iterator[Figure]:
    """Lost, doubled, and doubled under another collapse id: of `due` reminders that all had to be sent."""
    times, collapse = count_accepted(house.fcm)
    lost = due - count_states().get("sent", 0) + due - len(times)
    yield Figure(promise, f"{what}: lost", lost, 0, "rows", note)
    yield Figure(promise, f"{what}: doubles", sum(times.values()) - len(times), bound, "messages")
    strange = sum(1 for ids in collapse.values() if len(ids) > 1)
    yield Figure(promise, f"{what}: doubles with another collapse id", strange, 0, "rows")


def crash_everywhere(grounds: Grounds, database: str, *, runs: int) -> Iterator[Figure]:
    """A worker dies at each failpoint of the path with one reminder under way; the next one takes it over first."""
    what = f"{database}: {runs} crashes at each of {', '.join(PLACES)}"
    died, before = 0, "recorded"
    with grounds.open(database) as house:
        clients = iter(seed_clients(make_ida(), runs * len(PLACES)))
        for place in PLACES:
            for _ in range(runs):
                hits = 1 if before == "recorded" else 2  # the one before passes every place on its way out
                worker = house.start_worker(test_failpoint=f"delivery.{place}@{hits}")
                if not holds_within(60, lambda: count_pending() == 0):
                    break  # the one before was not taken over: lost
                seed_due([next(clients)], expires_at=NOW + timedelta(days=1))
                died += worker.wait(60) == EXIT_STATUS
                end_leases()
                before = place
            say(f"{what}: {place} done")
        last = house.start_worker()
        holds_within(60, lambda: count_pending() == 0)
        last.end(60)
        times, _ = count_accepted(house.fcm)
        states, crashes = count_states(), runs * len(PLACES)
        yield Figure("P4", f"{what}: lost", sum(states.values()) - states.get("sent", 0), 0, "rows")
        yield Figure("P4", f"{what}: crashes that did not come about", crashes - died, 0, "crashes")
        most = max(times.values(), default=1) - 1
        yield Figure("P4", f"{what}: most doubles a run", most, 1, "messages")
        yield house.check_ledger(what)


def lose_the_lease(grounds: Grounds, database: str, *, due: int) -> Iterator[Figure]:
    """SIGSTOP while a batch is in the air, until another worker has taken it over; then the first one goes on."""
    what = f"{database}: stopped past its lease with {due} in the air"
    with grounds.open(database) as house:
        house.fcm.latency_s = 2.0
        seed_due(seed_clients(make_ida(), due), expires_at=NOW + timedelta(days=1))
        first = house.start_worker(worker_batch=str(due * 2))
        holds_within(60, lambda: len(house.fcm.seen) >= min(due, 50), 0.01)
        first.signal_all(SIGSTOP)
        before = len(house.fcm.seen)
        second = house.start_worker(worker_batch=str(due * 2))
        holds_within(60 + LEASE_S, lambda: len(house.fcm.seen) > before, 0.02)
        first.signal_all(SIGCONT)
        holds_within(120, lambda: count_pending() == 0)
        statuses = [first.end(60), second.end(60)]
        wrong = sum(row.attempts != 1 for row in read_reminders(Reminder.attempts))
        yield Figure("P4", f"{what}: written by both", wrong + sum(statuses), 0, "rows")
        kept = abs(len(house.fcm.seen) - count_tries())
        yield Figure("P4", f"{what}: tries that are not kept", kept, 0, "tries")
        yield from judge_sends(house, what, due, due, promise="P4")
        yield house.check_ledger(what)


def count_accepted(fcm: FcmDouble) -> tuple[Counter[str], dict[str, set[str]]]:
    """How often each reminder came, and under which collapse ids."""
    times: Counter[str] = Counter()
    collapse: dict[str, set[str]] = defaultdict(set)
    for seen in list(fcm.seen):
        number = seen.message["data"]["id"]
        times[number] += 1
        collapse[number].add(seen.message["android"]["collapse_key"])
    return times, collapse
