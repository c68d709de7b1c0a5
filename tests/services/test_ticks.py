"""The metronome's ticks: short, apart from each other, and each one does its work."""

import threading
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import Engine, select

from backend.adapters.clock import FrozenClock
from backend.adapters.mail import LogMailer
from backend.adapters.scripted_push import ScriptedPusher
from backend.db import StaffScope, WorkerScope, transaction
from backend.models import AuditEntry, Reminder
from backend.ports import PushMessage, PushResult
from backend.services import audit, health
from backend.workers import ticks
from backend.workers.sender import Sender, SenderOptions
from backend.workers.ticks import Tick, build_ticks, guard
from tests.factories import NOW, make_clinic, make_device, make_push_address, make_reminder
from tests.people import make_ana, make_ida
from tests.services.test_health import age

CLOCK = FrozenClock(NOW)


def make_sender() -> Sender:
    return Sender((ScriptedPusher(),), LogMailer(), CLOCK, SenderOptions(10, 60, "https://fallow.example"))


def test_a_failing_tick_is_counted_and_logged_by_type_alone(caplog: pytest.LogCaptureFixture) -> None:
    failed: list[str] = []

    def fail() -> None:
        raise ValueError("Ana's address")

    guard(Tick("one", 1.0, fail), failed.append)()
    assert failed == ["one"]
    assert caplog.messages == ["tick one failed: ValueError"]


def test_every_tick_of_a_worker_runs_on_a_real_database(database: Engine) -> None:
    ana = make_ana(make_ida())
    make_reminder(ana, send_at=NOW - timedelta(hours=2), expires_at=NOW)
    sender = make_sender()
    sender.start()
    try:
        for tick in build_ticks(sender, CLOCK, uuid4(), 1.0):
            tick.run()
    finally:
        sender.stop()
        assert sender.join(10)
    with transaction(WorkerScope(), write=False) as session:
        assert session.scalars(select(Reminder.state)).all() == ["expired"]
    (worker,) = health.get_health(now=NOW).workers
    assert worker.state.in_flight_bound == 20


def test_the_audit_log_of_every_clinic_is_sealed(database: Engine) -> None:
    clinics = [make_clinic(), make_clinic()]
    for clinic in clinics:
        with transaction(StaffScope(clinic.id)) as session:
            audit.record(
                session, StaffScope(clinic.id), act="test.act", subject_kind="clinic", subject_id=clinic.id, now=NOW
            )
    ticks.seal_audit(CLOCK)
    for clinic in clinics:
        with transaction(StaffScope(clinic.id), write=False) as session:
            assert session.scalars(select(AuditEntry.sequence)).all() == [1]


def test_one_plan_that_cannot_be_extended_does_not_stop_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    bad, good = (uuid4(), uuid4()), (uuid4(), uuid4())
    extended: list[object] = []

    def extend(clinic_id: object, plan_id: object, *, now: object) -> None:
        if plan_id == bad[1]:
            raise ValueError("a plan that no longer parses")
        extended.append(plan_id)

    monkeypatch.setattr(ticks.extensions, "list_due", lambda *, now: [bad, good])
    monkeypatch.setattr(ticks.extensions, "extend", extend)
    ticks.extend_plans(CLOCK)
    assert extended == [good[1]]


def test_a_sender_that_dies_says_so_and_ends() -> None:
    ended = threading.Event()

    class Unclosable(ScriptedPusher):
        async def close(self) -> None:
            raise OSError

    sender = Sender((Unclosable(),), LogMailer(), CLOCK, SenderOptions(10, 60, ""), on_end=ended.set)
    sender.start()
    sender.stop()
    assert ended.wait(10)
    assert sender.join(10)
    assert sender.failed


def test_a_sender_that_is_wedged_beats_on_and_counts_as_dead(sqlite: Engine) -> None:
    """PROMISES S3: running without progress is dead, though the process lives and its heartbeat comes."""
    entered, let_go = threading.Event(), threading.Event()

    class Wedged(ScriptedPusher):
        async def send(self, batch: Sequence[PushMessage]) -> AsyncIterator[tuple[int, PushResult]]:
            entered.set()
            let_go.wait(30)  # blocks the whole loop, as a bug would
            for message in batch:
                yield message.ref, PushResult("accepted")

    ana = make_ana(make_ida())
    make_push_address(make_device(ana))
    make_reminder(ana)
    sender = Sender((Wedged(),), LogMailer(), CLOCK, SenderOptions(10, 60, ""))
    worker = uuid4()
    sender.start()
    sender.wake()
    try:
        assert entered.wait(10)
        ticks.beat(sender, CLOCK, worker)
        age("progress_at", 61)
        sender.wake()
        sender.progress.take()  # what it did before it got stuck
        ticks.beat(sender, CLOCK, worker)
        assert health.get_health(now=NOW).reasons == ("the reminder worker is dead or stuck",)
    finally:
        let_go.set()
        sender.stop()
        assert sender.join(10)
