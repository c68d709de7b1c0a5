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
from backend.services import catch_up, clients, delivery, ledger
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
    carrier, carried = carrier_on(practice, day(0))
    assert {row.kind for row in carried} == {"care_step", "check_in_due"}
    return carrier, carried


def carrier_on(practice: Practice, since: datetime) -> tuple[Reminder, Sequence[Reminder]]:
    """The first merged push from a moment on, with what it carries."""
    with transaction(practice.staff, write=False) as session:
        merged = select(Reminder).where(Reminder.clinic_id == practice.ida.clinic_id, Reminder.kind == "merged")
        carrier = session.scalars(merged.where(Reminder.send_at >= since).order_by(Reminder.send_at)).all()[0]
    return carrier, carried_on(practice, carrier.id)


def carried_on(practice: Practice, carrier_id: UUID) -> Sequence[Reminder]:
    with transaction(practice.staff, write=False) as session:
        on_it = select(Reminder).where(Reminder.carrier_id == carrier_id, Reminder.state != "withdrawn")
        return session.scalars(on_it.order_by(Reminder.kind)).all()


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


def clear_before(practice: Practice, moment: datetime) -> None:
    """Nothing that was due earlier waits any more."""
    earlier = Reminder.clinic_id == practice.ida.clinic_id, Reminder.send_at < moment
    with transaction(WorkerScope()) as session:
        session.execute(update(Reminder).where(*earlier).values(state="withdrawn", reason="done", settled_at=moment))


@pytest.mark.parametrize("tapped", ["the first, which gave it its name", "another"])
def test_a_due_carrier_that_nobody_has_claimed_stays_one_push_when_one_of_its_steps_is_done(
    practice: Practice, tapped: str
) -> None:
    sign(practice, "laser")
    plan = start_plan(practice, "laser")
    carrier, carried = carrier_on(practice, day(1, 20))
    clear_before(practice, carrier.send_at)
    (named,) = (row for row in carried if carrier.dedupe_key.endswith(f":{row.kind}:{row.occurrence_key}"))
    done = named if tapped.startswith("the first") else next(row for row in carried if row.id != named.id)
    left = {row.id for row in carried} - {done.id}
    now = carrier.send_at + timedelta(minutes=20)  # so that the steps left would be due too, had they been alone
    assert len(left) == 2
    assert done.occurrence_key is not None
    for _ in range(2):  # again: it changes nothing
        tap(practice, plan, done.occurrence_key, "done", now)
    (push,) = catch_up.gather_late(delivery.claim(REST_LANE, limit=10, lease_s=60, now=now), now=now)
    assert (push.kind, {row.id for row in carried_on(practice, push.id)}) == ("merged", left)
    assert (push.id == carrier.id) == (done is not named)
    assert (read(practice, done).state, read(practice, done).reason) == ("withdrawn", "done")
    assert ledger.check_conservation(now=now).holds


def test_what_was_tried_alone_is_hung_on_no_carrier_when_others_fall_due_beside_it(practice: Practice) -> None:
    sign(practice, "laser")
    plan = start_plan(practice, "laser")
    _, carried = carrier_on(practice, day(1, 20))
    clear_before(practice, day(1, 20))
    alone = next(row for row in carried if row.occurrence_key == "ointment@d1#2")
    keys = [row.occurrence_key or "" for row in carried if row.id != alone.id]
    for key in keys:
        tap(practice, plan, key, "done", day(1, 19))
    now = read(practice, alone).send_at
    (claimed,) = delivery.claim(REST_LANE, limit=10, lease_s=60, now=now)
    for key in keys:
        tap(practice, plan, key, "undone", now + timedelta(seconds=5))
    assert (claimed.id, read(practice, alone).carrier_id) == (alone.id, None)
    assert len(delivery.look_again([claimed], now=now)) == 1


def rows_about(practice: Practice, one: Reminder) -> Sequence[Reminder]:
    """Every row of its kind for its occurrence."""
    with transaction(practice.staff, write=False) as session:
        same = Reminder.occurrence_key == one.occurrence_key, Reminder.kind == one.kind
        return session.scalars(select(Reminder).where(*same)).all()
