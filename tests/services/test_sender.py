"""PROMISES P5, S2, T3: the sender in this process, with scripted providers and a mail server that remembers."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import Engine, select

from backend import failpoints
from backend.adapters.clock import FrozenClock
from backend.adapters.scripted_push import Script, ScriptedPusher, accept_all
from backend.db import WorkerScope, transaction
from backend.errors import MailError
from backend.models import DeliveryAttempt, Practitioner, PushAddress, Reminder
from backend.ports import Mailer, Pusher, PushMessage, PushResult
from backend.services import ledger
from backend.workers.channels import Channels
from backend.workers.sender import Sender, SenderOptions
from tests.factories import NOW, make_clinic, make_device, make_practitioner, make_push_address, make_reminder
from tests.people import make_ana, make_ben, make_ida
from tests.services.worker_process import until


class KeptMails:
    """A mail server that keeps what it was given, or refuses."""

    def __init__(self, refuses: bool = False) -> None:
        self.sent: list[tuple[str, str, str]] = []
        self._refuses = refuses

    def send(self, to: str, subject: str, body: str) -> None:
        if self._refuses:
            raise MailError("SMTPServerDisconnected")
        self.sent.append((to, subject, body))


class MovedClock(FrozenClock):
    def move(self, by: timedelta) -> None:
        self._at += by


@contextmanager
def running(
    *pushers: Pusher,
    mailer: Mailer | None = None,
    batch: int = 10,
    clock: MovedClock | None = None,
    channels: Channels | None = None,
) -> Iterator[Sender]:
    """A sender that works until the block ends; it must drain and not die."""
    options = SenderOptions(batch, 60, "https://fallow.example")
    sender = Sender(pushers, mailer or KeptMails(), clock or MovedClock(NOW), options, channels=channels)
    sender.start()
    sender.wake()
    try:
        yield sender
    finally:
        sender.stop()
        assert sender.join(20)
        assert not sender.failed


def saying(*outcomes: str) -> Script:
    """Answers for each address in turn; the last one stays."""

    def script(_message: PushMessage, attempt: int) -> PushResult:
        return PushResult(outcomes[min(attempt, len(outcomes)) - 1])  # type: ignore[arg-type]

    return script


def read(reminder_id: UUID) -> Reminder:
    with transaction(WorkerScope(), write=False) as session:
        return session.scalars(select(Reminder).where(Reminder.id == reminder_id)).one()


def state(reminder_id: UUID) -> str:
    return read(reminder_id).state


def tries() -> Sequence[DeliveryAttempt]:
    with transaction(WorkerScope(), write=False) as session:
        return session.scalars(select(DeliveryAttempt).order_by(DeliveryAttempt.id)).all()


def retired_count() -> int:
    with transaction(WorkerScope(), write=False) as session:
        return len(session.scalars(select(PushAddress).where(PushAddress.retired_at.is_not(None))).all())


def make_alert(ana: object, ida: Practitioner, kind: str = "act_now") -> Reminder:
    return make_reminder(
        ana,  # type: ignore[arg-type]
        lane=0,
        kind=kind,
        recipient_kind="practitioner",
        recipient_id=ida.id,
    )


def test_each_phone_gets_neutral_words_and_an_opaque_id(database: Engine) -> None:
    ana = make_ana(make_ida())
    make_push_address(make_device(ana))
    row = make_reminder(ana, kind="mask_done")
    pusher = ScriptedPusher()
    with running(pusher):
        until(lambda: state(row.id) == "sent")
    (message,) = pusher.sent
    assert (message.text_number, message.title, message.body) == (7, "Fallow", "Your timer has finished")
    assert (message.path, message.collapse_id, message.ttl_s) == (f"/o/{row.id}", row.collapse_id, 3600)
    assert message.urgent


def test_red_flags_have_a_lane_of_their_own(sqlite: Engine) -> None:
    ida = make_ida()
    ana = make_ana(ida)
    make_push_address(make_device(ana))
    for _ in range(30):
        make_reminder(ana)
    make_push_address(make_device(ida))
    red = make_alert(ana, ida)
    let_go = threading.Event()
    first_wave = threading.Event()

    class Stuck(ScriptedPusher):
        """Accepts the alert; keeps everybody else waiting."""

        async def send(self, batch: Sequence[PushMessage]):  # type: ignore[no-untyped-def, override]
            import asyncio

            while any(message.reminder_id != red.id for message in batch) and not let_go.is_set():
                first_wave.set()
                await asyncio.sleep(0.01)
            async for answer in super().send(batch):
                yield answer

    with running(Stuck(accept_all)):
        assert first_wave.wait(10)
        until(lambda: state(red.id) == "sent", 10)
        let_go.set()
        until(lambda: all(row.state == "sent" for row in all_rows()))


def all_rows() -> Sequence[Reminder]:
    with transaction(WorkerScope(), write=False) as session:
        return session.scalars(select(Reminder)).all()


def test_a_refused_key_stops_the_channel_tells_the_owners_once_and_retires_nothing(database: Engine) -> None:
    ida = make_ida()
    ana, ben = make_ana(ida), make_ben(ida)
    for person in (ana, ben):
        make_push_address(make_device(person))
    first = make_reminder(ana)
    pusher, mails = ScriptedPusher(saying("misconfigured")), KeptMails()
    with running(pusher, mailer=mails) as sender:
        until(lambda: read(first.id).reason == "channel stopped")
        assert sender.stopped_channels == ("fcm",)
        second = make_reminder(ben)
        sender.wake()
        until(lambda: read(second.id).reason == "channel stopped")
        until(lambda: len(mails.sent) == 1)
    assert [message.reminder_id for message in pusher.sent] == [first.id]  # the second was not even tried
    assert (state(first.id), state(second.id), retired_count()) == ("planned", "planned", 0)
    ((to, subject, _),) = mails.sent
    assert (to, subject) == (ida.email, "Fallow: push reminders are held up")
    assert len(tries()) == 1


def test_the_other_channel_goes_on_when_one_is_stopped(sqlite: Engine) -> None:
    ana = make_ana(make_ida())
    make_push_address(make_device(ana))
    make_push_address(make_device(ana), kind="web_push")
    row = make_reminder(ana)
    broken = ScriptedPusher(saying("misconfigured"), frozenset({"fcm_token", "fcm_fid"}))
    with running(broken, ScriptedPusher(kinds=frozenset({"web_push"}))):
        until(lambda: state(row.id) == "sent")
    assert sorted(tried.outcome for tried in tries()) == ["accepted", "misconfigured"]


def test_an_address_that_no_pusher_serves_waits_and_does_not_retire(sqlite: Engine) -> None:
    ana = make_ana(make_ida())
    make_push_address(make_device(ana), kind="web_push")
    row = make_reminder(ana)
    with running(ScriptedPusher(kinds=frozenset({"fcm_token"}))):
        until(lambda: read(row.id).reason == "channel stopped")
    assert (state(row.id), retired_count()) == ("planned", 0)


def test_an_alert_goes_by_mail_too_in_the_same_words(database: Engine) -> None:
    ida = make_ida()
    ana = make_ana(ida)
    make_push_address(make_device(ida))
    row = make_alert(ana, ida)
    mails, pusher = KeptMails(), ScriptedPusher()
    with running(pusher, mailer=mails):
        until(lambda: state(row.id) == "sent")
    ((to, subject, body),) = mails.sent
    assert (to, subject) == (ida.email, "1 client needs you now")
    assert "https://fallow.example/console/" in body
    assert "Ana" not in subject + body
    (message,) = pusher.sent
    assert (message.text_number, message.path, message.urgent) == (101, "/console/", True)
    assert sorted(tried.channel for tried in tries()) == ["fcm", "mail"]


def test_an_owner_without_a_browser_gets_the_alarm_by_mail(database: Engine) -> None:
    ida = make_ida()
    row = make_alert(make_ana(ida), ida, "alarm")
    mails = KeptMails()
    with running(ScriptedPusher(), mailer=mails):
        until(lambda: state(row.id) == "sent")
    assert [subject for _, subject, _ in mails.sent] == ["Nobody has answered an urgent check-in"]


def test_an_alert_that_reaches_neither_browser_nor_mail_is_tried_again(sqlite: Engine) -> None:
    ida = make_ida()
    row = make_alert(make_ana(ida), ida)
    with running(ScriptedPusher(), mailer=KeptMails(refuses=True)):
        until(lambda: read(row.id).attempts == 1)
    assert (state(row.id), read(row.id).reason) == ("planned", "provider busy")


def test_a_practitioner_who_has_left_gets_no_mail(sqlite: Engine) -> None:
    clinic = make_clinic()
    ida = make_practitioner(clinic, "Dr Ida", role="owner")
    ana = make_ana(ida)
    joe = make_practitioner(clinic, "Dr Joe", active=False)
    row = make_alert(ana, joe)
    mails = KeptMails()
    with running(ScriptedPusher(), mailer=mails):
        until(lambda: state(row.id) == "unreachable")
    assert mails.sent == []


def test_a_throttled_phone_is_tried_again_under_the_same_collapse_id(database: Engine) -> None:
    ana = make_ana(make_ida())
    make_push_address(make_device(ana))
    row = make_reminder(ana)
    pusher, clock = ScriptedPusher(saying("retry_later", "accepted")), MovedClock(NOW)
    with running(pusher, clock=clock) as sender:
        until(lambda: read(row.id).attempts == 1)
        clock.move(timedelta(minutes=1))
        sender.wake()
        until(lambda: state(row.id) == "sent")
    assert [message.collapse_id for message in pusher.sent] == [row.collapse_id] * 2
    assert [tried.outcome for tried in tries()] == ["retry_later", "accepted"]


def test_what_is_withdrawn_while_it_waits_its_turn_is_not_sent(sqlite: Engine) -> None:
    ana = make_ana(make_ida())
    make_push_address(make_device(ana))
    row = make_reminder(ana)
    pusher = ScriptedPusher()
    with claimed_then(lambda: withdraw(row)), running(pusher):
        until(lambda: state(row.id) == "withdrawn")
    assert pusher.sent == []
    assert tries() == []


def withdraw(row: Reminder) -> None:
    with transaction(WorkerScope()) as session:
        kept = session.get_one(Reminder, (row.clinic_id, row.id))
        kept.state, kept.reason, kept.settled_at = "withdrawn", "done", NOW
        kept.lease_token, kept.leased_until = None, None


@contextmanager
def claimed_then(act: Callable[[], None]) -> Iterator[None]:
    """Do something right after a claim and before its last look."""
    with pytest.MonkeyPatch.context() as patch:
        from backend.services import delivery

        patch.setattr(delivery, "hit", lambda name: act() if name == "delivery.claimed" else None)
        yield


@pytest.mark.parametrize("place", ["claimed", "sending", "sent", "recorded"])
def test_a_fault_on_the_way_does_not_end_the_lane(sqlite: Engine, place: str) -> None:
    ana = make_ana(make_ida())
    make_push_address(make_device(ana))
    make_reminder(ana)
    failpoints.arm(f"delivery.{place}:raise")
    with running(ScriptedPusher()) as sender:
        until(lambda: sender.progress.failures == 1)
        other = make_reminder(ana)
        sender.wake()
        until(lambda: state(other.id) == "sent")


def test_a_pusher_that_breaks_its_contract_costs_only_its_own(sqlite: Engine) -> None:
    ana = make_ana(make_ida())
    make_push_address(make_device(ana))
    row = make_reminder(ana)

    class Broken(ScriptedPusher):
        async def send(self, batch: Sequence[PushMessage]):  # type: ignore[no-untyped-def, override]
            raise OSError("an address that must not be logged")
            yield

    with running(Broken()):
        until(lambda: read(row.id).attempts == 1)
    assert (state(row.id), tries()[0].detail) == ("planned", "OSError")


def test_more_than_the_bound_is_sent_in_turns(database: Engine) -> None:
    ana = make_ana(make_ida())
    make_push_address(make_device(ana))
    rows = [make_reminder(ana) for _ in range(23)]
    with running(ScriptedPusher(), batch=5) as sender:
        until(lambda: all(row.state == "sent" for row in all_rows()))
        assert sender.progress.sent == len(rows)
        assert sender.options.in_flight_bound == 10
    assert ledger.check_conservation(now=NOW).holds
