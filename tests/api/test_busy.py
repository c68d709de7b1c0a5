"""A database that another holds too long: what was asked is answered with 503 and when to come again, and nothing of it
is lost (PROMISES P7). A phone keeps it; a 500 would say that the one entry is at fault."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest

from backend import db
from tests.api.phone import House


@contextmanager
def held_by_another() -> Iterator[None]:
    """Another process writes for longer than anybody waits."""
    path = db.get_engine().url.database
    assert path is not None
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@pytest.fixture(autouse=True)
def _impatient(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    del house  # its connections are replaced
    be_impatient(monkeypatch)


def be_impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Connections from now on wait for 20 ms instead of 15 s."""
    patient = tuple(each for each in db.SQLITE_PRAGMAS if "busy" not in each)
    monkeypatch.setattr(db, "SQLITE_PRAGMAS", (*patient, "busy_timeout=20"))
    db.get_engine().dispose()


def build_check_in(house: House) -> dict[str, Any]:
    return {
        "id": house.new_id(),
        "care_plan_id": str(house.start_plan()),
        "occurrence": None,
        "kind": "report",
        "answered_at": "2026-03-08T08:00:00Z",
        "answers": [{"question": "pain", "value": 1}],
        "partial": False,
        "photos": [],
    }


def test_a_writer_that_waited_too_long_is_asked_to_come_again_and_then_kept_once(house: House) -> None:
    check_in, phone = build_check_in(house), house.phone_of(house.ana)
    phone.get("/me")  # a phone's first request writes when it was seen
    with held_by_another():
        busy = phone.post("/check-ins", check_in)
        assert phone.get("/check-ins").json["items"] == []  # whoever only reads is served
    assert (busy.status_code, busy.headers["Retry-After"]) == (503, "5")
    assert (busy.json["type"], busy.json["detail"]) == ("urn:fallow:busy", "try again in 5 s")
    assert [phone.post("/check-ins", check_in).status_code for _ in range(2)] == [201, 200]
    assert len(phone.get("/check-ins").json["items"]) == 1


def test_in_a_batch_it_is_said_of_each_event_and_the_next_batch_keeps_them(house: House) -> None:
    check_in, phone = build_check_in(house), house.phone_of(house.ana)
    phone.get("/me")  # a phone's first request writes when it was seen
    tap = {"id": house.new_id(), "care_plan_id": check_in["care_plan_id"], "occurrence": "blot@d6#1", "event": "done"}
    tap["at"] = "2026-03-08T07:45:00Z"
    batch = {"events": [{"type": "check_in", "body": check_in}, {"type": "step_log", "body": tap}]}
    with held_by_another():
        assert [each["status"] for each in phone.post("/sync", batch).json["results"]] == [503, 503]
    assert [each["status"] for each in phone.post("/sync", batch).json["results"]] == [201, 201]


def test_the_console_says_it_in_a_page(house: House) -> None:
    given = {"email": "nobody@x.example", "password": "wrong"}
    with held_by_another():
        page = house.app.test_client().post("/console/sign-in", data=given, headers={"Sec-Fetch-Site": "same-origin"})
    assert (page.status_code, page.headers["Retry-After"]) == (503, "5")
    assert "please try again in a moment" in page.text
