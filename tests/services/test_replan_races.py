"""A re-plan against the worker: what was recorded as sent meanwhile stays sent (PROMISES P4, T3)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from threading import Event, Thread
from uuid import UUID

import pytest
from sqlalchemy import Engine, select, update

from backend.adapters.scripted_push import ScriptedPusher
from backend.db import WorkerScope, transaction
from backend.models import Reminder
from backend.models.reminders import REST_LANE
from backend.ports import PushMessage, PushResult
from backend.services import clients, delivery, ledger
from backend.services.carriers import ON_ITS_WAY
from backend.services.clients import Wishes
from tests.factories import make_device, make_push_address
from tests.services.practice import Practice, day, open_practice, sign, start_plan, tap
from tests.services.test_sender import MovedClock, running
from tests.services.worker_process import until


@pytest.fixture
def practice(database: Engine) -> Practice:
    return open_practice()


def first_single(practice: Practice) -> Reminder:
    """A care step's reminder that goes alone."""
    with transaction(practice.staff, write=False) as session:
        alone = select(Reminder).where(
            Reminder.clinic_id == practice.ida.clinic_id, Reminder.kind == "care_step", Reminder.carrier_id.is_(None)
        )
        return session.scalars(alone.order_by(Reminder.send_at)).all()[0]


def read(practice: Practice, row: Reminder) -> Reminder:
    with transaction(practice.staff, write=False) as session:
        return session.get_one(Reminder, (row.clinic_id, row.id))


def test_a_row_recorded_as_sent_while_its_step_is_logged_stays_sent(practice: Practice) -> None:
    sign(practice, "laser")
    plan = start_plan(practice, "laser")
    due = first_single(practice)
    assert due.occurrence_key is not None
    now = due.send_at + timedelta(seconds=5)
    logging = Thread(target=tap, args=(practice, plan, due.occurrence_key, "done", now))
    with transaction(WorkerScope()) as session:
        session.execute(update(Reminder).where(Reminder.id == due.id).values(state="sent", settled_at=now))
        logging.start()
        logging.join(1.0)
        assert logging.is_alive()  # it waits for the worker's record
    logging.join(20)
    assert not logging.is_alive()
    assert read(practice, due).state == "sent"
    assert not [law for law in ledger.check_conservation(now=day(0, 23)).violations if "twice" in law.law]


def first_carrier(practice: Practice) -> tuple[Reminder, Sequence[Reminder]]:
    """The first merged push, with what it carries: care steps first, then the check-in."""
    with transaction(practice.staff, write=False) as session:
        merged = select(Reminder).where(Reminder.clinic_id == practice.ida.clinic_id, Reminder.kind == "merged")
        carrier = session.scalars(merged.order_by(Reminder.send_at)).all()[0]
        on_it = select(Reminder).where(Reminder.carrier_id == carrier.id)
        carried = session.scalars(on_it.order_by(Reminder.kind)).all()
    assert {row.kind for row in carried} == {"care_step", "check_in_due"}
    return carrier, carried


def log_all_but_the_last(practice: Practice, plan: UUID, carried: Sequence[Reminder], now: datetime) -> Reminder:
    for row in carried[:-1]:
        assert row.occurrence_key is not None
        tap(practice, plan, row.occurrence_key, "done", now)
    return carried[-1]


def test_a_carrier_in_the_air_while_its_steps_are_logged_is_the_only_push(practice: Practice) -> None:
    sign(practice, "saline")
    plan = start_plan(practice, "saline")
    make_push_address(make_device(practice.ana))
    carrier, carried = first_carrier(practice)
    in_the_air, may_answer = Event(), Event()

    def answer_late(message: PushMessage, _attempt: int) -> PushResult:
        if message.reminder_id == carrier.id:
            in_the_air.set()
            may_answer.wait(20)
        return PushResult("accepted")

    pusher, clock = ScriptedPusher(answer_late), MovedClock(carrier.send_at + timedelta(seconds=5))
    with running(pusher, clock=clock):
        assert in_the_air.wait(20)
        left = log_all_but_the_last(practice, plan, carried, clock.now())
        log_all_but_the_last(practice, plan, carried, clock.now())  # again: it changes nothing
        may_answer.set()
        until(lambda: read(practice, left).state != "planned")
    assert [message.reminder_id for message in pusher.sent] == [carrier.id]
    assert read(practice, left).carrier_id == carrier.id
    assert [read(practice, row).reason for row in carried[:-1]] == ["done"] * (len(carried) - 1)
    assert [read(practice, row).state for row in (carrier, left)] == ["sent", "merged"]
    assert all((read(practice, row).trail or "").startswith(ON_ITS_WAY) for row in (carrier, left))
    assert [(row.kind, row.state) for row in rows_about(practice, left)] == [(left.kind, "merged")]
    assert ledger.check_conservation(now=clock.now()).holds


def test_a_carrier_that_has_not_left_after_all_waits_for_new_quiet_hours(practice: Practice) -> None:
    sign(practice, "saline")
    plan = start_plan(practice, "saline")
    carrier, carried = first_carrier(practice)
    now = carrier.send_at + timedelta(seconds=5)
    (claimed,) = (each for each in delivery.claim(REST_LANE, limit=10, lease_s=60, now=now) if each.id == carrier.id)
    log_all_but_the_last(practice, plan, carried, now)
    begins, ends = (now - timedelta(minutes=1)).time(), (now + timedelta(minutes=10)).time()
    clients.change_me(practice.phone, Wishes(quiet=(begins, ends)), now=now)
    assert delivery.look_again([claimed], now=now) == ()
    assert read(practice, carrier).send_at.time() == ends


def rows_about(practice: Practice, one: Reminder) -> Sequence[Reminder]:
    """Every row of its kind for its occurrence."""
    with transaction(practice.staff, write=False) as session:
        same = Reminder.occurrence_key == one.occurrence_key, Reminder.kind == one.kind
        return session.scalars(select(Reminder).where(*same)).all()
