"""What a phone kept offline: each event by itself, in any order, any number of times."""

from typing import Any

from tests.api.phone import House


def test_a_bad_event_spoils_no_other_and_results_stand_in_order(house: House) -> None:
    plan = str(house.start_plan())
    phone = house.phone_of(house.ana)
    check_in = {
        "id": house.new_id(),
        "care_plan_id": plan,
        "occurrence": "check_in@d6",
        "kind": "planned",
        "answered_at": "2026-03-08T08:00:00Z",
        "answers": [{"question": "fluid", "value": "smelly"}],
        "partial": False,
        "photos": [],
    }
    tap = {"id": house.new_id(), "care_plan_id": plan, "occurrence": "blot@d6#1", "event": "done"}
    tap["at"] = "2026-03-08T07:45:00Z"
    events: list[dict[str, Any]] = [
        {"type": "step_log", "body": tap},
        {"type": "step_log", "body": {**tap, "id": house.new_id(), "at": "yesterday", "colour": "blue"}},
        {"type": "receipt", "body": {"reminder_id": house.new_id(), "event": "shown", "at": "2026-03-08T08:00:00Z"}},
        {"type": "check_in", "body": check_in},
        {"type": "check_in", "body": "not an object"},
        {"type": "check_in", "body": {**check_in, "id": house.new_id(), "care_plan_id": house.new_id()}},
    ]
    results = phone.post("/sync", {"events": events}).json["results"]
    assert [result["status"] for result in results] == [201, 422, 404, 201, 422, 404]
    assert results[0]["id"] == tap["id"]
    assert {fault["pointer"] for fault in results[1]["problem"]["errors"]} == {"/at", "/colour"}
    assert results[3]["body"]["level"] == "today"
    (flag,) = results[3]["body"]["flags"]

    again = [events[3], events[0], {"type": "got_help", "body": {"flag_id": flag["id"], "who": "doctor"}}]
    repeated = phone.post("/sync", {"events": again}).json["results"]
    assert [result["status"] for result in repeated] == [200, 200, 200]
    assert repeated[0]["body"]["id"] == check_in["id"]
    assert repeated[2]["body"]["got_help"]["who"] == "doctor"
    assert len(phone.get("/check-ins").json["items"]) == 1


def test_a_batch_is_bounded(house: House) -> None:
    phone = house.phone_of(house.ana)
    event = {"type": "receipt", "body": {}}
    assert phone.post("/sync", {"events": [event] * 101}).status_code == 422
    assert phone.post("/sync", {"events": []}).json == {"results": []}
