"""A re-plan against the worker: what was recorded as sent meanwhile stays sent (PROMISES P4, T3)."""

from datetime import timedelta
from threading import Thread

import pytest
from sqlalchemy import Engine, select, update

from backend.db import WorkerScope, transaction
from backend.models import Reminder
from backend.services import ledger
from tests.services.practice import Practice, day, open_practice, sign, start_plan, tap


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
