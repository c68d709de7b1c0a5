"""Taps on care steps over HTTP."""

from typing import Any
from uuid import UUID

import pytest

from tests.api.phone import House, Phone


@pytest.fixture
def plan(house: House) -> UUID:
    return house.start_plan(method="undo")


@pytest.fixture
def phone(house: House, plan: UUID) -> Phone:
    return house.phone_of(house.ana)


def tap(house: House, plan: UUID, occurrence: str, event: str, **changes: object) -> dict[str, Any]:
    return {
        "id": house.new_id(),
        "care_plan_id": str(plan),
        "occurrence": occurrence,
        "event": event,
        "at": "2026-03-08T09:00:00Z",
        **changes,
    }


def find_mask(phone: Phone) -> dict[str, Any]:
    steps: list[dict[str, Any]] = phone.get("/today").json["areas"][0]["steps"]
    return next(step for step in steps if step["kind"] == "mask")


def test_a_tick_is_kept_once_and_undone_by_another_tap(house: House, plan: UUID, phone: Phone) -> None:
    body = tap(house, plan, "wash@d6#1", "done")
    first, again = phone.post("/step-logs", body), phone.post("/step-logs", body)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json == again.json == {"id": body["id"], "occurrence": "wash@d6#1", "state": "done", "flag": None}
    assert phone.post("/step-logs", {**body, "event": "declined"}).status_code == 409
    assert phone.post("/step-logs", tap(house, plan, "wash@d6#1", "undone")).json["state"] == "open"


def test_a_mask_runs_for_its_minutes_and_no_longer(house: House, plan: UUID, phone: Phone) -> None:
    mask = find_mask(phone)
    assert mask["timer"] == {"minutes_default": 15, "minutes_min": 10, "minutes_max": 20}
    started = phone.post("/step-logs", tap(house, plan, mask["key"], "started", ends_at="2026-03-08T09:15:00Z"))
    assert (started.status_code, started.json["state"]) == (201, "started")
    assert find_mask(phone)["ends_at"] == "2026-03-08T09:15:00Z"
    long = phone.post("/step-logs", tap(house, plan, mask["key"], "started", ends_at="2026-03-08T10:15:00Z"))
    assert [fault["pointer"] for fault in long.json["errors"]] == ["/ends_at"]


def test_it_burns_raises_its_warning_at_once_with_words(house: House, plan: UUID, phone: Phone) -> None:
    burned = phone.post("/step-logs", tap(house, plan, find_mask(phone)["key"], "stopped_burning")).json
    assert burned["flag"]["level"] in ("watch", "today")
    assert burned["flag"]["tell_client"]
    assert phone.get("/today").json["areas"][0]["flag"]["id"] == burned["flag"]["id"]


@pytest.mark.parametrize(
    "occurrence", ["wash", "wash@d²#1", "no_such_step@d6#1", "wash@d99999999999#1", "wash@d6#1; DROP TABLE", "@d6#1"]
)
def test_a_step_that_is_not_in_the_plan_is_not_found(house: House, plan: UUID, phone: Phone, occurrence: str) -> None:
    assert phone.post("/step-logs", tap(house, plan, occurrence, "done")).status_code == 404
