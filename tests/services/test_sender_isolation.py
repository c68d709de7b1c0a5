"""PROMISES P3, S1, T3: the sender's loop, what is fetched ahead, and what the red lane never waits for."""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine, func, select

from backend.adapters.clock import ScaledClock, SystemClock
from backend.adapters.push_http import HttpLimits, PushHttp
from backend.adapters.scripted_push import ScriptedPusher
from backend.adapters.vapid import load_or_make_vapid
from backend.adapters.web_push import WIDTH, WebPushPusher
from backend.db import WorkerScope, transaction
from backend.models import Reminder
from backend.ports import Clock, PushMessage, PushResult
from backend.workers.sender import Sender, SenderOptions
from tests.doubles.loopback_server import HANG
from tests.doubles.push_service import PushServiceDouble
from tests.factories import NOW, make_client, make_device, make_push_address, make_reminder
from tests.people import make_ana, make_ida
from tests.services.test_sender import KeptMails, MovedClock, make_alert, running, state
from tests.services.worker_process import until


class SeenLater(ScriptedPusher):
    """Notes when each message came, by the product's clock, and on which loop."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self.came: list[datetime] = []
        self.loop = ""
        self._clock = clock

    async def send(self, batch: Sequence[PushMessage]) -> AsyncIterator[tuple[int, PushResult]]:
        self.loop = type(asyncio.get_running_loop()).__module__
        async for answer in super().send(batch):
            self.came.append(self._clock.now())
            yield answer


@contextmanager
def woken_once(pusher: SeenLater, clock: Clock, ahead_s: float) -> Iterator[Sender]:
    """A sender that is woken a single time: what it sends later it has fetched ahead."""
    sender = Sender((pusher,), KeptMails(), clock, SenderOptions(10, 60, "https://fallow.example", tick_s=ahead_s))
    sender.start()
    sender.wake()
    try:
        yield sender
    finally:
        sender.stop()
        assert sender.join(20)


def running_clock() -> ScaledClock:
    """Runs like the real one from NOW."""
    return ScaledClock(1.0, NOW, SystemClock().now())


def claimed() -> int:
    with transaction(WorkerScope(), write=False) as session:
        return session.scalar(select(func.count()).where(Reminder.lease_token.is_not(None))) or 0


def test_the_sender_runs_on_uvloop(sqlite: Engine) -> None:
    ana = make_ana(make_ida())
    make_push_address(make_device(ana))
    row = make_reminder(ana)
    pusher = SeenLater(clock := running_clock())
    with woken_once(pusher, clock, 0.0):
        until(lambda: state(row.id) == "sent")
    assert pusher.loop == "uvloop"


def test_what_falls_due_until_the_next_tick_is_fetched_ahead_and_sent_at_its_moment(database: Engine) -> None:
    ana = make_ana(make_ida())
    make_push_address(make_device(ana))
    clock = running_clock()
    dues = [clock.now() + timedelta(seconds=seconds) for seconds in (0.0, 0.6, 0.6, 0.9)]
    rows = [make_reminder(ana, send_at=due) for due in dues]
    later = make_reminder(ana, send_at=clock.now() + timedelta(hours=1))
    pusher = SeenLater(clock)
    with woken_once(pusher, clock, 4.0):
        until(lambda: all(state(row.id) == "sent" for row in rows))
    assert all(came >= due for came, due in zip(sorted(pusher.came), sorted(dues), strict=True))
    assert state(later.id) == "planned"


def test_what_is_done_before_its_moment_is_not_sent_though_it_was_fetched(sqlite: Engine) -> None:
    ana = make_ana(make_ida())
    make_push_address(make_device(ana))
    clock = running_clock()
    done = make_reminder(ana, send_at=clock.now() + timedelta(seconds=1))
    pusher = SeenLater(clock)
    with woken_once(pusher, clock, 4.0):
        until(lambda: claimed() == 1)
        with transaction(WorkerScope()) as session:
            row = session.get_one(Reminder, (done.clinic_id, done.id))
            row.state, row.reason, row.settled_at, row.lease_token = "withdrawn", "done", NOW, None
        until(lambda: clock.now() > done.send_at + timedelta(seconds=0.3))
    assert pusher.sent == []


def test_what_was_fetched_ahead_is_given_back_at_the_end(sqlite: Engine) -> None:
    ana = make_ana(make_ida())
    make_push_address(make_device(ana))
    clock = running_clock()
    make_reminder(ana, send_at=clock.now() + timedelta(seconds=4))
    pusher = SeenLater(clock)
    with woken_once(pusher, clock, 5.0):
        until(lambda: claimed() == 1)
    assert (claimed(), pusher.sent) == (0, [])


class ClockSetByHand(MovedClock):
    """Stands still where it is set, and says that it runs: then a worker fetches ahead."""

    rate = 1.0


def test_a_clock_that_is_set_back_does_not_put_the_lane_to_sleep_until_it_has_caught_up(sqlite: Engine) -> None:
    ana = make_ana(make_ida())
    make_push_address(make_device(ana))
    clock = ClockSetByHand(NOW)
    row = make_reminder(ana, send_at=NOW + timedelta(seconds=0.5))
    pusher = SeenLater(clock)
    with woken_once(pusher, clock, 4.0) as sender:
        until(lambda: claimed() == 1)
        clock.move(timedelta(hours=-2))
        until(lambda: claimed() == 0)
        clock.move(timedelta(hours=2, seconds=1))
        sender.wake()
        until(lambda: state(row.id) == "sent")
    assert len(pusher.sent) == 1


def test_an_alert_is_not_held_up_by_phones_of_the_same_push_service_that_never_answer(
    sqlite: Engine, tmp_path: Path
) -> None:
    ida = make_ida()
    ana = make_ana(ida)
    with PushServiceDouble() as service:
        for _ in range(WIDTH * 2):
            silent = service.subscribe()
            service.script.always(silent.channel, HANG)
            keys = {"p256dh": silent.p256dh, "auth": silent.auth}
            make_push_address(make_device(ana), kind="web_push", endpoint=silent.endpoint, token="", **keys)
        make_reminder(ana)
        browser = service.subscribe()
        keys = {"p256dh": browser.p256dh, "auth": browser.auth}
        make_push_address(make_device(ida), kind="web_push", endpoint=browser.endpoint, token="", **keys)
        vapid = load_or_make_vapid(tmp_path / "vapid.pem", "mailto:push@fallow.example")
        http = PushHttp(HttpLimits(total_s=4, patience_s=1))
        pusher = WebPushPusher(vapid, http, public_url="https://fallow.example", allow_loopback=True)
        with running(pusher) as sender:
            until(lambda: len(service.requests) >= WIDTH)
            red = make_alert(ana, ida)
            sender.wake()
            until(lambda: state(red.id) == "sent", 3)
            assert {request.channel for request in service.requests[WIDTH:]} == {browser.channel}


class StuckForClients(KeptMails):
    """A mail server that keeps clients' mails until it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.stuck = 0
        self.let_go = threading.Event()

    def send(self, to: str, subject: str, body: str) -> None:
        if to.startswith("client"):
            self.stuck += 1
            assert self.let_go.wait(20)
        super().send(to, subject, body)


def test_an_alert_s_mail_is_not_held_up_by_mails_to_clients_that_hang(sqlite: Engine) -> None:
    ida, count = make_ida(), 8
    for number in range(count):
        make_reminder(make_client(ida, "Ben", email=f"client{number}@mail.example"), by_mail=True)
    mails = StuckForClients()
    with running(ScriptedPusher(), mailer=mails) as sender:
        until(lambda: mails.stuck >= 4)
        red = make_alert(make_ana(ida), ida)
        sender.wake()
        until(lambda: state(red.id) == "sent", 5)
        assert [to for to, _, _ in mails.sent] == [ida.email]
        mails.let_go.set()
        until(lambda: len(mails.sent) == count + 1)
