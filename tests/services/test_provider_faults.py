"""PROMISES P5, issue C's last line: what each bad answer of a provider costs, counted; real pushers, doubles over HTTP.

Every request that a provider saw is one attempt in the ledger, and no attempt is without its request.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import Engine, select

from backend.adapters.fcm import FcmPusher
from backend.adapters.push_http import HttpLimits, PushHttp
from backend.adapters.vapid import load_or_make_vapid
from backend.adapters.web_push import WebPushPusher
from backend.db import WorkerScope, transaction
from backend.models import Client, DeliveryAttempt, Practitioner, PushAddress, Reminder
from backend.ports import Pusher
from backend.services import ledger
from backend.workers.channels import BreakerLimits, Channels
from backend.workers.sender import Sender
from tests.doubles import fcm as fcm_words
from tests.doubles.fcm import FcmDouble
from tests.doubles.loopback_server import HANG, Reply, Script
from tests.doubles.push_service import PushServiceDouble, Subscription
from tests.factories import NOW, make_client, make_device, make_push_address, make_reminder
from tests.people import make_ida
from tests.services.test_sender import MovedClock, running
from tests.services.worker_process import until

BREAKER = BreakerLimits(addresses=10, first_pause_s=0.3, longest_pause_s=0.6)
LIFE = NOW + timedelta(hours=5)


@pytest.fixture
def fcm() -> Iterator[FcmDouble]:
    with FcmDouble() as double:
        yield double


def sending(
    *pushers: Pusher, clock: MovedClock, batch: int = 100, probe_after_s: float = 60.0
) -> AbstractContextManager[Sender]:
    """A worker's sender with short pauses."""
    return running(*pushers, clock=clock, batch=batch, channels=Channels(probe_after_s, BREAKER))


def over_fcm(double: FcmDouble) -> Pusher:
    http = PushHttp(HttpLimits())  # no test lets FCM hang, and a loaded machine signs its key in its own time
    return FcmPusher(double.service_account(), http, public_url="https://fallow.example", base_url=double.url)


def over_web_push(folder: Path, total_s: float = 0.6) -> Pusher:
    vapid = load_or_make_vapid(folder / "vapid.pem", "mailto:push@fallow.example")
    http = PushHttp(HttpLimits(total_s=total_s, patience_s=total_s))
    return WebPushPusher(vapid, http, public_url="https://fallow.example", allow_loopback=True)


def make_phones(ida: Practitioner, count: int, **values: object) -> list[tuple[Client, PushAddress, Reminder]]:
    """Clients with one phone and one reminder due now each."""
    people = [make_client(ida, "Ana") for _ in range(count)]
    return [
        (ana, make_push_address(make_device(ana), **values), make_reminder(ana, kind="care_step", expires_at=LIFE))
        for ana in people
    ]


def add_browser(ana: Client, made: Subscription) -> PushAddress:
    keys = {"p256dh": made.p256dh, "auth": made.auth}
    return make_push_address(make_device(ana), kind="web_push", endpoint=made.endpoint, token="", **keys)


def rows() -> dict[UUID, Reminder]:
    with transaction(WorkerScope(), write=False) as session:
        return {row.id: row for row in session.scalars(select(Reminder))}


def states() -> Counter[tuple[str, str | None]]:
    return Counter((row.state, row.reason) for row in rows().values())


def attempts() -> Sequence[DeliveryAttempt]:
    with transaction(WorkerScope(), write=False) as session:
        return session.scalars(select(DeliveryAttempt)).all()


def retired() -> dict[UUID, str | None]:
    with transaction(WorkerScope(), write=False) as session:
        found = session.scalars(select(PushAddress).where(PushAddress.retired_at.is_not(None)))
        return {row.id: row.retire_reason for row in found}


def move(sender: Sender, clock: MovedClock, seconds: float) -> None:
    """Let so much time pass, and let the sender deal with all that is due then."""
    clock.move(timedelta(seconds=seconds))
    sender.wake()
    until(lambda: all(row.state != "planned" or row.send_at > clock.now() for row in rows().values()))


def move_until_all_are_sent(sender: Sender, clock: MovedClock) -> None:
    for _ in range(60):
        move(sender, clock, 60)
        if set(states()) == {("sent", None)}:
            return
    raise AssertionError(f"not all are sent after an hour: {states()}")


def assert_each_request_is_an_attempt(seen: int) -> None:
    assert len(attempts()) == seen
    assert sum(row.attempts for row in rows().values()) == seen
    assert ledger.check_conservation(now=NOW).holds


@pytest.mark.parametrize(("asked_s", "waits_s"), [(3600, 3600), (86400, 3600), (2, 2)])
def test_a_throttled_phone_waits_as_long_as_it_was_asked_to_and_no_other_does(
    sqlite: Engine, fcm: FcmDouble, asked_s: int, waits_s: int
) -> None:
    busy, *others = make_phones(make_ida(), 40)
    fcm.script.always(busy[1].token, fcm_words.fcm_error(429, "X", "QUOTA_EXCEEDED", Retry_After=str(asked_s)))
    with sending(over_fcm(fcm), clock=MovedClock(NOW)) as sender:
        until(lambda: states() == {("sent", None): len(others), ("planned", "provider busy"): 1})
        for _ in range(3):
            sender.wake()
    waiting = rows()[busy[2].id]
    assert NOW + timedelta(seconds=waits_s) <= waiting.send_at <= NOW + timedelta(seconds=waits_s + 5)
    assert Counter(seen.address for seen in fcm.seen) == Counter(phone.token for _, phone, _ in (busy, *others))
    assert retired() == {}
    assert_each_request_is_an_attempt(40)


@pytest.mark.parametrize("answer", [fcm_words.SENDER_ID_MISMATCH, fcm_words.fcm_error(403, "PERMISSION_DENIED")])
def test_a_key_that_is_refused_for_all_costs_one_batch_and_one_probe_at_a_time(
    sqlite: Engine, fcm: FcmDouble, answer: Reply
) -> None:
    ida, clock = make_ida(), MovedClock(NOW)
    make_phones(ida, 12)
    fcm.script.always("*", answer)
    with sending(over_fcm(fcm), clock=clock, probe_after_s=1.0) as sender:
        until(lambda: states() == {("planned", "channel stopped"): 12})
        assert len(fcm.seen) == 12
        make_phones(ida, 30)
        move(sender, clock, 10)
        assert states() == {("planned", "channel stopped"): 42}
        probes = len(fcm.seen) - 12
        assert probes <= 1
        assert retired() == {}
        fcm.script = Script()  # the key was set right
        move_until_all_are_sent(sender, clock)
    assert len(fcm.seen) == 12 + probes + 42
    assert_each_request_is_an_attempt(len(fcm.seen))


def test_one_browser_that_is_gone_retires_alone(database: Engine, tmp_path: Path) -> None:
    ida = make_ida()
    with PushServiceDouble() as service:
        people = [make_client(ida, "Ana") for _ in range(20)]
        browsers = [service.subscribe() for _ in people]
        kept = [add_browser(ana, made) for ana, made in zip(people, browsers, strict=True)]
        due = [make_reminder(ana, expires_at=LIFE) for ana in people]
        service.script.say(browsers[0].channel, Reply(410))
        with sending(over_web_push(tmp_path), clock=MovedClock(NOW)):
            until(lambda: states() == {("sent", None): 19, ("unreachable", "address gone"): 1})
        assert rows()[due[0].id].state == "unreachable"
        assert retired() == {kept[0].id: "gone"}
        assert Counter(seen.channel for seen in service.requests) == Counter(made.channel for made in browsers)
    assert_each_request_is_an_attempt(20)


def test_ten_minutes_of_503_cost_two_batches_and_a_few_probes_and_lose_nothing(sqlite: Engine, fcm: FcmDouble) -> None:
    clock, in_the_air = MovedClock(NOW), 40  # two batches of the rest lane
    make_phones(make_ida(), 60)
    fcm.script.always("*", fcm_words.UNAVAILABLE)
    with sending(over_fcm(fcm), clock=clock, batch=25) as sender:
        move(sender, clock, 0)
        assert 10 <= len(fcm.seen) <= in_the_air
        for _ in range(20):
            before = len(fcm.seen)
            move(sender, clock, 30)
            assert len(fcm.seen) - before <= 3  # without a breaker: each phone
        outage = len(fcm.seen)
        assert [*sender.channels_down] == ["fcm"]
        assert retired() == {}
        fcm.script = Script()
        move_until_all_are_sent(sender, clock)
        assert sender.channels_down == {}
    assert len(fcm.seen) == outage + 60
    assert len({seen.message["android"]["collapse_key"] for seen in fcm.seen}) == 60
    assert_each_request_is_an_attempt(len(fcm.seen))


def test_a_push_service_that_accepts_and_hangs_holds_up_its_own_clients_alone(sqlite: Engine, tmp_path: Path) -> None:
    ida, clock = make_ida(), MovedClock(NOW)
    with PushServiceDouble() as silent, PushServiceDouble() as quick:
        silent.script.always("*", HANG)
        stuck, lucky = [], []
        for service, due in ((silent, stuck), (quick, lucky)) * 30:
            ana = make_client(ida, "Ana")
            add_browser(ana, service.subscribe())
            due.append(make_reminder(ana, expires_at=LIFE).id)
        with sending(over_web_push(tmp_path, total_s=3.0), clock=clock) as sender:
            until(lambda: {rows()[number].state for number in lucky} == {"sent"}, 3)
            assert {rows()[number].state for number in stuck} == {"planned"}
            until(lambda: all(rows()[number].reason for number in stuck))
            asked = len(silent.requests)
            assert 10 <= asked <= 20  # ten at once; those behind them had no place in time
            for _ in range(3):
                sender.wake()
        assert len(quick.requests) == 30
    assert retired() == {}
    assert_each_request_is_an_attempt(asked + 30)
