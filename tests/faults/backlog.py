"""P6: the worker was away for six hours; what has piled up is no flood.

Real: the worker process, both databases. Simulated: FCM, which takes every message; the outage itself, by rows that
fell due over the last six hours of a clock that stands still.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from itertools import cycle
from time import monotonic

from sqlalchemy import select

from backend.db import WorkerScope, transaction
from backend.models import Reminder
from tests.bench.figures import Figure
from tests.factories import NOW
from tests.faults.house import BOTH, Grounds, holds_within
from tests.faults.seeding import Seeded, count_pending, give_browser, insert_rows, reminder, seed_plans
from tests.people import make_ida

OUTAGE = timedelta(hours=6)
A_CLIENT = 5  # reminders of each client, an even share of the outage apart
RED_WITHIN_S = 60.0
RED_SHARE = 100  # one red flag for so many reminders
KINDS = ("check_in_due", "care_step", "care_step", "mask_due", "check_in_open")


def measure(grounds: Grounds, *, quick: bool) -> Iterator[Figure]:
    """About 4 minutes in full, 15 seconds with `quick`."""
    for database in ("postgresql",) if quick else BOTH:
        yield from come_back(grounds, database, due=1_000 if quick else 20_000)


def come_back(grounds: Grounds, database: str, *, due: int) -> Iterator[Figure]:
    """A worker starts on `due` reminders to clients, five each, of which two are past their window, and red flags."""
    what = f"{database}: {OUTAGE.seconds // 3600} h outage, {due:,} due"
    with grounds.open(database) as house:
        ida = make_ida()
        give_browser(ida)
        clients = seed_plans(ida, due // A_CLIENT, treated_at=NOW - timedelta(days=3))
        rows = [row for client in clients for row in _missed(client)]
        past = sum(row["expires_at"] <= NOW for row in rows)
        alert = {"lane": 0, "kind": "act_now", "recipient_kind": "practitioner", "recipient_id": ida.id}
        red = [
            reminder(client, **alert, send_at=NOW - OUTAGE * number / RED_SHARE, expires_at=NOW + timedelta(days=7))
            for number, client in zip(range(max(due // RED_SHARE, 1)), cycle(clients), strict=False)
        ]
        insert_rows(ida.clinic_id, Reminder, [*rows, *red])
        began = monotonic()
        worker = house.start_worker(worker_lease_seconds="60")
        holds_within(900, lambda: count_pending() == 0, 0.2)
        worker.end(60)
        alerts = {str(row["id"]) for row in red}
        times = [seen.at - began for seen in house.fcm.seen if seen.message["data"]["id"] in alerts]
        slowest = max(times) if len(set(times)) >= len(red) else float("inf")
        note = f"{len(red)} of them, {monotonic() - began:.0f} s until all was done"
        yield Figure("P6", f"{what}: last red flag after", slowest, RED_WITHIN_S, "s", note)
        pushes = Counter(seen.address for seen in house.fcm.seen if seen.message["data"]["id"] not in alerts)
        most = max((pushes[client.address] for client in clients), default=0)
        yield Figure("P6", f"{what}: most notifications to one client", most, 1, "messages")
        untold = sum(pushes[client.address] == 0 for client in clients)
        yield Figure("P6", f"{what}: clients who were told nothing", untold, 0, "clients")
        wrong = abs(_count_expired() - past)
        yield Figure("P6", f"{what}: past ones not expired with that reason", wrong, 0, "rows", f"{past:,} were past")
        yield house.check_ledger(what)


def _missed(client: Seeded) -> Iterator[dict[str, object]]:
    """What fell due while nobody sent: the first two have closed since, the others are still worth sending."""
    for number in range(A_CLIENT):
        send_at = NOW - OUTAGE + OUTAGE * number / A_CLIENT
        expires_at = send_at + timedelta(hours=1) if number < 2 else NOW + timedelta(hours=6)
        key = f"step@d3#{number + 1}"
        yield reminder(client, kind=KINDS[number], occurrence_key=key, send_at=send_at, expires_at=expires_at)


def _count_expired() -> int:
    expired = select(Reminder.id).where(Reminder.state == "expired", Reminder.reason == "window closed")
    with transaction(WorkerScope(), write=False) as session:
        return len(session.scalars(expired).all())
