"""P5: every answer of a provider, scripted; what it costs the others, and what becomes of the address.

Real: a worker process, FCM's and Web Push's protocols over HTTP, connections that hang, drip, break. Simulated: the
providers' decisions; the product's clock where an hour must pass. A worker that should find a key set right again is
started anew: within one process the probe of a stopped channel takes a minute (`tests/services/test_sender.py`).
"""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import datetime, timedelta
from math import ceil
from statistics import median
from time import monotonic, sleep
from typing import Any

from sqlalchemy import func, select

from backend.adapters.clock import SystemClock
from backend.db import WorkerScope, transaction
from backend.models import PushAddress, Reminder
from tests.bench.figures import Figure
from tests.doubles import fcm
from tests.doubles.loopback_server import HANG, Reply
from tests.doubles.push_service import PushServiceDouble, Subscription
from tests.factories import NOW
from tests.faults.answer_tables import ANSWERS, REFUSALS, SLOW, Answer
from tests.faults.house import Grounds, House, holds_within, say
from tests.faults.seeding import (
    Seeded,
    count_pending,
    count_retired,
    count_tries,
    insert_rows,
    read_reminders,
    seed_clients,
    seed_due,
)
from tests.people import make_ida

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
OTHERS_P99_S = 60.0
ROUND_TRIP_S = 0.2


def measure(grounds: Grounds, *, quick: bool) -> Iterator[Figure]:
    """About half an hour in full, 50 seconds with `quick`."""
    yield from answer_each(grounds)
    yield from refuse_all(grounds, due=50 if quick else 500, refusals=REFUSALS[2:3] if quick else REFUSALS)
    yield from throttle_for_an_hour(grounds, due=20 if quick else 500)
    yield from be_unavailable(grounds, due=20 if quick else 500, outage_s=3 if quick else 600)
    yield from throttle_one(grounds, batch=100 if quick else 500, pairs=3 if quick else 7)
    yield from hang_some(grounds, due=200 if quick else 2_000)


def answer_each(grounds: Grounds, *, patient: bool = True) -> Iterator[Figure]:
    """One phone for every answer of both providers, all due at once; `patient` False: no answer that takes 15 s."""
    of_fcm, of_web_push = ([each for each in all_ if patient or each.reply not in SLOW] for all_ in ANSWERS)
    with grounds.open("sqlite") as house, PushServiceDouble() as service:
        owner = make_ida()
        phones = seed_clients(owner, len(of_fcm))
        browsers = seed_clients(owner, len(of_web_push), phones=False)
        subscriptions = [service.subscribe() for _ in browsers]
        _add_browsers(browsers, subscriptions)
        for client, answer in zip(phones, of_fcm, strict=True):
            if answer.reply is not None:
                house.fcm.script.always(client.address, answer.reply)
        for subscription, answer in zip(subscriptions, of_web_push, strict=True):
            if answer.reply is not None:
                service.script.always(subscription.channel, answer.reply)
        seed_due([*phones, *browsers], expires_at=NOW + DAY)
        worker = house.start_worker(worker_lease_seconds="60")
        holds_within(90, lambda: all(row.attempts for row in read_reminders(Reminder.attempts)))
        worker.end(60)
        asked = [seen.address for seen in house.fcm.seen], [seen.channel for seen in service.requests]
        for provider, clients, answers, keys, requests in (
            ("FCM", phones, of_fcm, [each.address for each in phones], asked[0]),
            ("Web Push", browsers, of_web_push, [each.channel for each in subscriptions], asked[1]),
        ):
            wrong = [
                f"{answer.name}: {found}"
                for client, answer, key in zip(clients, answers, keys, strict=True)
                if (found := (requests.count(key), *_fate(client))) != (answer.requests, answer.state, answer.gone)
            ]
            what = f"{provider}: {len(answers)} answers: requests, state or address not as promised"
            yield Figure("P5", what, len(wrong), 0, "answers", "; ".join(wrong))
        followed = len(house.fcm.elsewhere) + len(service.elsewhere)
        yield Figure("P5", "redirects that were followed", followed, 0, "requests")
        yield house.check_ledger("every answer")


def refuse_all(grounds: Grounds, *, due: int, refusals: tuple[Answer, ...]) -> Iterator[Figure]:
    """A wrong key of ours: the channel stops at the first refusal, nothing retires; with the right key all goes out."""
    with grounds.open("sqlite") as house:
        clients = seed_clients(make_ida(), due)
        now = NOW
        for refusal in refusals:
            what = f"FCM says {refusal.name} to all of {due}"
            house.set_clock(now)
            assert refusal.reply is not None
            house.fcm.script.always("*", refusal.reply)
            house.fcm.seen.clear()
            seed_due(clients[:1], send_at=now, expires_at=now + DAY)
            worker = house.start_worker()
            holds_within(60, lambda at=now: _count_reason("channel stopped", at) == 1)  # type: ignore[misc]
            seed_due(clients[1:], send_at=now, expires_at=now + DAY)
            holds_within(60, lambda at=now: _count_reason("channel stopped", at) == due)  # type: ignore[misc]
            worker.end(60)
            over = abs(len(house.fcm.seen) - refusal.requests)
            yield Figure("P5", f"{what}: requests too many or too few", over, 0, "requests")
            yield Figure("P5", f"{what}: addresses retired", count_retired(), 0, "addresses")
            house.fcm.script.always("*", Reply(200, b'{"name": "projects/p/messages/1"}'))
            now += HOUR
            house.set_clock(now)
            worker = house.start_worker()
            holds_within(60, lambda: not count_pending())
            worker.end(60)
            yield Figure("P5", f"{what}: not sent once the key was right", count_pending(), 0, "reminders")
        yield house.check_ledger("keys refused")


def throttle_for_an_hour(grounds: Grounds, *, due: int) -> Iterator[Figure]:
    """429 with Retry-After 3600 for one of `due`: one request now, one after the hour; the others at once."""
    what = f"FCM says 429 with Retry-After 3600 to one of {due}"
    with grounds.open("sqlite") as house:
        house.set_clock(NOW)
        clients = seed_clients(make_ida(), due)
        house.fcm.script.say(clients[0].address, fcm.fcm_error(429, "", "QUOTA_EXCEEDED", Retry_After="3600"))
        seed_due(clients, expires_at=NOW + DAY)
        worker = house.start_worker()
        holds_within(60, lambda: count_tries() == due)
        yield Figure("P5", f"{what}: others not sent at once", due - 1 - count_tries("accepted"), 0, "reminders")
        now = NOW + HOUR - timedelta(seconds=1)
        house.set_clock(now)
        seed_due(clients[1:2], send_at=now, expires_at=now + DAY)  # once it is sent, the worker has looked
        holds_within(60, lambda: count_tries() == due + 1)
        early = sum(seen.address == clients[0].address for seen in house.fcm.seen) - 1
        yield Figure("P5", f"{what}: requests within the hour", early, 0, "requests")
        house.set_clock(NOW + HOUR + timedelta(minutes=1))
        holds_within(60, lambda: not count_pending())
        worker.end(60)
        requests = sum(seen.address == clients[0].address for seen in house.fcm.seen)
        yield Figure("P5", f"{what}: requests too many or too few", abs(requests - 2), 0, "requests")
        yield house.check_ledger("throttled for an hour")


def be_unavailable(grounds: Grounds, *, due: int, outage_s: float) -> Iterator[Figure]:
    """503 to all for a while of real time: every request is a recorded try, and nothing is lost or retired."""
    what = f"FCM says 503 to all of {due} for {outage_s:g} s"
    with grounds.open("sqlite") as house:
        house.clock, now = "", SystemClock().now()
        house.fcm.script.always("*", fcm.UNAVAILABLE)
        seed_due(seed_clients(make_ida(), due), send_at=now, expires_at=now + DAY)
        worker = house.start_worker()
        holds_within(60, lambda: bool(house.fcm.seen))
        say(f"{what}: it has begun")
        sleep(outage_s)
        house.fcm.script.always("*", Reply(200, b'{"name": "projects/p/messages/1"}'))
        refused, began = len(house.fcm.seen), monotonic()
        holds_within(60 + outage_s * 2, lambda: not count_pending(), 0.2)
        note = f"{refused / due:.1f} requests a reminder meanwhile; all sent {monotonic() - began:.0f} s after its end"
        worker.end(60)
        unknown = abs(count_tries() - len(house.fcm.seen))
        yield Figure("P5", f"{what}: requests that are no recorded try", unknown, 0, "requests", note)
        lost = due - sum(row.state == "sent" for row in read_reminders(Reminder.state))
        yield Figure("P5", f"{what}: lost, or their address retired", lost + count_retired(), 0, "reminders")
        yield house.check_ledger(f"{outage_s:g} s of 503")


def throttle_one(grounds: Grounds, *, batch: int, pairs: int) -> Iterator[Figure]:
    """How much later the last of the others is done when one of a batch is answered 429; in interleaved pairs."""
    delays = []
    with grounds.open("sqlite") as house:
        house.fcm.latency_s = ROUND_TRIP_S
        clients = seed_clients(make_ida(), batch)
        worker = house.start_worker(worker_batch=str(batch * 5 // 4))  # a fifth belongs to red flags
        holds_within(60, lambda: worker.started)
        for _ in range(pairs):
            plain = _time_of_others(house, clients)
            house.fcm.script.say(clients[batch // 2].address, fcm.QUOTA_EXCEEDED)
            delays.append(_time_of_others(house, clients) - plain)
        worker.end(60)
        what = f"429 in a batch of {batch}: the other {batch - 1} later by, median of {pairs}"
        note = f"from {min(delays):.3f} to {max(delays):.3f} s"
        yield Figure("P5", what, max(median(delays), 0.0), ROUND_TRIP_S, "s", note)
        yield house.check_ledger("429 in a batch")


def hang_some(grounds: Grounds, *, due: int) -> Iterator[Figure]:
    """Three of ten push services accept and say nothing; how long the phones of the others wait."""
    what = f"Web Push: 3 of 10 hosts hang, {due:,} due: p99 of the others"
    with grounds.open("sqlite") as house, ExitStack() as stack:
        services = [stack.enter_context(PushServiceDouble()) for _ in range(10)]
        clients = seed_clients(make_ida(), due, phones=False)
        subscribed = [services[number % 10].subscribe() for number in range(due)]
        _add_browsers(clients, subscribed)
        for service in services[:3]:
            service.script.always("*", HANG)
        worker = house.start_worker(worker_lease_seconds="60")
        holds_within(60, lambda: worker.started)
        began = monotonic()
        seed_due(clients, expires_at=NOW + DAY)
        good = [index for index in range(due) if index % 10 >= 3]
        holds_within(180, lambda: count_tries("accepted") >= len(good), 0.2)
        first: dict[str, float] = {}
        for service in services[3:]:
            for seen in service.requests:
                first.setdefault(seen.channel, seen.at - began)
        waits = sorted(first.get(subscribed[index].channel, float("inf")) for index in good)
        note = f"median {waits[len(waits) // 2]:.1f} s, longest {waits[-1]:.1f} s"
        yield Figure("P5", what, waits[ceil(len(waits) * 0.99) - 1], OTHERS_P99_S, "s", note)
        worker.kill()  # to drain it would wait for what hangs
        yield Figure("P5", f"{what.partition(':')[0]}: addresses retired", count_retired(), 0, "addresses")
        yield house.check_ledger("hosts that hang")


def _time_of_others(house: House, clients: list[Seeded]) -> float:
    """Send to all, and give the seconds from the first request to the last of those that are accepted."""
    house.fcm.seen.clear()
    before, retried = count_tries("accepted"), count_tries("retry_later")
    seed_due(clients, expires_at=NOW + DAY)
    done = lambda: count_tries("accepted") - before + count_tries("retry_later") - retried == len(clients)  # noqa: E731
    holds_within(60, done)
    times = [seen.at for seen in house.fcm.seen]
    return max(times) - min(times)


def _add_browsers(clients: Sequence[Seeded], subscriptions: Sequence[Subscription]) -> None:
    rows = [_browser(*each) for each in zip(clients, subscriptions, strict=True)]
    insert_rows(clients[0].clinic, PushAddress, rows)


def _browser(client: Seeded, subscription: Subscription) -> dict[str, Any]:
    return {
        "clinic_id": client.clinic,
        "id": client.id,
        "device_id": client.id,
        "holder_kind": "client",
        "holder_id": client.id,
        "kind": "web_push",
        "endpoint": subscription.endpoint,
        "token": "",
        "p256dh": subscription.p256dh,
        "auth": subscription.auth,
        "address_hash": client.id.hex,
        "changed_at": NOW,
    }


def _fate(client: Seeded) -> tuple[str, bool]:
    """The state of a client's one reminder, and whether the address is retired."""
    with transaction(WorkerScope(), write=False) as session:
        state = session.scalars(select(Reminder.state).where(Reminder.recipient_id == client.id)).one()
        gone = session.scalars(select(PushAddress.retired_at).where(PushAddress.holder_id == client.id)).one()
        return state, gone is not None


def _count_reason(reason: str, now: datetime) -> int:
    return _count(Reminder.state == "planned", Reminder.reason == reason, Reminder.created_at <= now)


def _count(*conditions: Any) -> int:
    with transaction(WorkerScope(), write=False) as session:
        return session.scalar(select(func.count()).select_from(Reminder).where(*conditions)) or 0
