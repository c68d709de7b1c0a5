"""A phone whose clock is a day wrong: what happened when is told by how long ago it was."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from backend.db import StaffScope, transaction
from backend.models import CheckIn, Client, Message, StepLog
from backend.web.fields import show_instant
from tests.api.phone import House

DAY = timedelta(days=1)
AGO = timedelta(hours=2)


def sync(house: House, wrong: timedelta, age_ms: int | None) -> None:
    """A tap, a check-in and a message of two hours ago, by a clock that is `wrong`, in one batch; sent twice."""
    with transaction(StaffScope(house.ana.clinic_id)) as session:  # nothing happened before there was a client
        session.get_one(Client, (house.ana.clinic_id, house.ana.id)).created_at = house.clock.at - 30 * DAY
    plan = str(house.start_plan())
    claimed = show_instant(house.clock.at - AGO + wrong)
    tap = {"care_plan_id": plan, "occurrence": "wash@d6#1", "event": "done", "at": claimed}
    check_in = {"care_plan_id": plan, "occurrence": None, "kind": "report", "answered_at": claimed, "answers": []}
    bodies = {"step_log": tap, "check_in": check_in, "message": {"words": "It itches", "at": claimed}}
    ids = {kind: house.new_id() for kind in bodies}
    phone = house.phone_of(house.ana)
    for again in (0, 5000):
        aged = {"age_ms": None if age_ms is None else age_ms + again}
        events = [{"type": kind, "body": {**body, **aged, "id": ids[kind]}} for kind, body in bodies.items()]
        answer = phone.post("/sync", {"events": events})
        assert [one["status"] for one in answer.json["results"]] == [200 if again else 201] * 3, answer.text
        house.clock.at += timedelta(milliseconds=again)


def read_times(house: House) -> set[timedelta]:
    """How far the three are from when they really were."""
    true = house.clock.at - timedelta(seconds=5) - AGO
    with transaction(StaffScope(house.ana.clinic_id), write=False) as session:
        columns = (StepLog.at, CheckIn.answered_at, Message.at)
        return {session.scalars(select(column)).one() - true for column in columns}


@pytest.mark.parametrize("wrong", [DAY, -DAY, timedelta(hours=-1), timedelta(0)])
def test_with_its_age_an_event_stands_at_its_own_time_however_wrong_the_clock(house: House, wrong: timedelta) -> None:
    sync(house, wrong, int(AGO.total_seconds() * 1000))
    assert read_times(house) == {timedelta(0)}


def test_without_its_age_the_claim_is_bounded_as_ever(house: House) -> None:
    sync(house, DAY, None)
    assert read_times(house) == {AGO}  # not ahead of the server


def test_a_slow_queue_is_no_wrong_clock(house: House) -> None:
    sync(house, timedelta(0), int((AGO + timedelta(minutes=10)).total_seconds() * 1000))
    assert read_times(house) == {timedelta(0)}


@pytest.mark.parametrize("age_ms", [-1, 10**9, "5", 1.5, True])
def test_an_age_is_whole_milliseconds(house: House, age_ms: object) -> None:
    tap = {"id": house.new_id(), "care_plan_id": str(house.start_plan()), "occurrence": "wash@d6#1", "event": "done"}
    refused = house.phone_of(house.ana).post("/step-logs", {**tap, "at": "2026-03-08T09:00:00Z", "age_ms": age_ms})
    assert [fault["pointer"] for fault in refused.json["errors"]] == ["/age_ms"]
