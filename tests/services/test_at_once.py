"""Two requests at the same moment: each is answered, one counts, none is a fault of ours (rule 35, PROMISES S2, K4)."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import Engine, func, select

from backend.db import DoorScope, transaction
from backend.errors import Conflict, NotSignedIn
from backend.models import AuditEntry, CarePlan, Guess, PushAddress, Receipt
from backend.services import access, care_plans, devices, flags, reminders
from backend.services.devices import NewPushAddress
from tests.factories import NOW, make_device, make_reminder
from tests.services.practice import TREATED_AT, Practice, day, open_practice, report, sign, start_plan, treat

MANY = 6


@pytest.fixture
def practice(database: Engine) -> Practice:
    return open_practice()


def at_once(act: Callable[[int], Any]) -> list[Any]:
    """What `MANY` threads got that acted together: an answer, or the error."""
    together = Barrier(MANY)

    def run(number: int) -> Any:
        together.wait()
        try:
            return act(number)
        except Exception as error:
            return error

    with ThreadPoolExecutor(MANY) as threads:
        return list(threads.map(run, range(MANY)))


def count(practice: Practice, model: type, *conditions: Any) -> int:
    with transaction(practice.staff, write=False) as session:
        return session.scalar(select(func.count()).select_from(model).where(*conditions)) or 0


def test_wrong_passwords_at_once_are_all_counted(practice: Practice) -> None:
    answers = at_once(lambda _: access.sign_in("nobody@x.example", "wrong", origin="1.2.3.4", name="x", now=NOW))
    assert {type(answer) for answer in answers} == {NotSignedIn}
    with transaction(DoorScope(), write=False) as session:
        assert session.scalars(select(Guess.count)).all() == [MANY]


def test_guesses_start_anew_after_the_window(practice: Practice) -> None:
    for now in (NOW, NOW + timedelta(minutes=15)):
        with pytest.raises(NotSignedIn):
            access.sign_in("nobody@x.example", "wrong", origin="1.2.3.4", name="x", now=now)
    with transaction(DoorScope(), write=False) as session:
        assert session.scalars(select(Guess.count)).all() == [1]


def test_one_receipt_sent_twice_at_once_is_kept_once(practice: Practice) -> None:
    row, phone = make_reminder(practice.ana), make_device(practice.ana)
    answers = at_once(lambda _: reminders.record_receipt(practice.phone, row.id, phone.id, "shown", NOW, now=NOW))
    assert sorted(answers) == [False] * (MANY - 1) + [True]
    assert count(practice, Receipt) == 1


def test_one_push_address_registered_at_once_is_kept_once(practice: Practice) -> None:
    phone, given = make_device(practice.ana), NewPushAddress("fcm_token", token="abc")
    answers = at_once(
        lambda _: devices.register_push_address(practice.phone, phone.id, given, check=lambda *_: (), now=NOW)
    )
    assert all(answer.active for answer in answers)
    assert count(practice, PushAddress) == 1


def test_one_treatment_gets_one_plan(practice: Practice) -> None:
    sign(practice, "laser")
    treatment = treat(practice, "laser")
    answers = at_once(lambda _: care_plans.start(practice.staff, treatment, now=TREATED_AT))
    assert sum(isinstance(answer, Conflict) for answer in answers) == MANY - 1
    assert count(practice, CarePlan) == 1


def test_who_closed_a_warning_first_stays_written(practice: Practice) -> None:
    sign(practice, "laser")
    plan = start_plan(practice, "laser")
    flag = report(practice, plan, day(3), {"unwell": "very_ill"}).flags[0]
    answers = at_once(lambda number: flags.close(practice.staff, flag.id, f"reason {number}", now=day(3, 10)))
    assert len({answer.close_reason for answer in answers}) == 1
    assert count(practice, AuditEntry, AuditEntry.act == "flag.close") == 1
    assert count(practice, AuditEntry, AuditEntry.act == "flag.acknowledge") == 1
