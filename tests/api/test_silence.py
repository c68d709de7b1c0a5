"""A client who fell silent, over HTTP: Today says so, one tap is enough, and reminders start again when asked to."""

from uuid import UUID

import pytest

from backend.services import readiness
from tests.api.phone import House, Phone
from tests.services.practice import day


@pytest.fixture
def plan(house: House) -> UUID:
    """Ana's, with nothing answered for six days; her phone joined on day 0."""
    house.clock.at = day(0, 11)
    plan = house.start_plan()
    house.phone_of(house.ana)
    return plan


def phone_on(house: House, on: int, hour: int = 9) -> Phone:
    house.clock.at = day(on, hour)
    return house.phone_of(house.ana)


def one_tap(house: House, plan: UUID, on: int) -> dict[str, object]:
    return {
        "id": house.new_id(),
        "care_plan_id": str(plan),
        "occurrence": f"check_in@d{on}",
        "kind": "planned",
        "answered_at": house.clock.at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "answers": [],
        "partial": True,
        "photos": [],
    }


def test_today_counts_missed_check_ins_and_says_when_reminders_stopped(house: House, plan: UUID) -> None:
    del plan
    assert phone_on(house, 0, 12).get("/today").json["silence"] == {"missed": 0, "stopped": False}
    assert phone_on(house, 3).get("/today").json["silence"] == {"missed": 3, "stopped": False}
    stopped = phone_on(house, 8).get("/today").json["silence"]
    assert stopped["stopped"] is True
    assert stopped["missed"] >= 6


def test_reminders_start_again_when_the_client_says_so_and_only_then(house: House, plan: UUID) -> None:
    del plan
    phone = phone_on(house, 8)
    assert phone.call("PATCH", "/me", {"discreet": False}).status_code == 200
    assert phone.get("/today").json["silence"]["stopped"] is True
    assert phone.call("PATCH", "/me", {"resume_reminders": True}).status_code == 200
    assert phone.get("/today").json["silence"] == {"missed": 0, "stopped": False}
    refused = phone.call("PATCH", "/me", {"resume_reminders": False})
    assert [fault["pointer"] for fault in refused.json["errors"]] == ["/resume_reminders"]


def test_one_tap_ends_the_silence_and_leaves_every_question_unanswered(house: House, plan: UUID) -> None:
    phone = phone_on(house, 3)
    before = readiness.get_plan_readiness(house.practice.staff, plan, now=day(3)).readiness
    result = phone.post("/check-ins", one_tap(house, plan, 3))
    assert (result.status_code, result.json["level"], result.json["flags"]) == (201, "on_track", [])
    today = phone.get("/today").json
    assert today["silence"] == {"missed": 0, "stopped": False}
    assert today["next_check_in"] is None
    (kept,) = phone.get("/check-ins").json["items"]
    assert (kept["answers"], kept["partial"]) == ([], True)
    assert readiness.get_plan_readiness(house.practice.staff, plan, now=day(3)).readiness == before
