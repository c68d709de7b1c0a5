"""Today, the plan for offline, and the timeline over HTTP."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from schedules import latest_protocol
from tests.api.phone import House
from tests.services.practice import day, sign, start_plan


def test_today_says_what_is_due_and_what_is_usual(house: House) -> None:
    house.start_plan(method="saline")
    today = house.phone_of(house.ana).get("/today").json
    (area,) = today["areas"]
    assert (today["date"], area["day"], area["label"]) == ("2026-03-08", 6, "Session 1")
    assert area["phase"]["what_is_usual"]
    assert area["dots"][6] == {"day": 6, "state": "today"}
    assert {"blot@d6#1", "wash@d6#1"} <= {step["key"] for step in area["steps"]}
    assert "no_picking" in {rule["id"] for rule in area["avoid"]}
    assert {rule["until_text"] for rule in area["avoid"] if rule["id"] == "no_sweat"} == {"the last scab is off"}
    assert today["next_check_in"]["key"] == "check_in@d6"
    assert today["banner"] == {"kind": "worker"}  # none runs here


def test_until_when_a_rule_holds_is_said_on_the_clients_own_calendar(house: House) -> None:
    house.start_plan(method="laser")
    phone = house.phone_of(house.ana)
    zone = ZoneInfo("Pacific/Kiritimati")  # 14 hours ahead of UTC
    assert phone.call("PATCH", "/me", {"zone": zone.key}).status_code == 200
    (area,), (plan,) = phone.get("/today").json["areas"], phone.get("/plan").json["plans"]
    utc = {one["key"].split("@")[0]: datetime.fromisoformat(one["closes_at"]) for one in plan["occurrences"]}
    said = {rule["id"]: rule["until_text"].removeprefix("about ") for rule in area["avoid"]}
    dated = {step: words for step, words in said.items() if words[0].isdigit()}
    assert any(utc[step].astimezone(zone).date() > utc[step].date() for step in dated)
    for step, words in dated.items():
        assert words == f"{utc[step].astimezone(zone):%-d %B}", step


def test_a_mask_that_waits_for_the_clinic_is_shown_greyed_and_has_no_timer(house: House) -> None:
    sign(house.practice, "undo", confirmed=False)
    start_plan(house.practice, "undo")
    (area,) = house.phone_of(house.ana).get("/today").json["areas"]
    assert [step["title"] for step in area["waiting"]] == ["Recovery mask"]
    assert not [step for step in area["steps"] if step["kind"] == "mask"]


@pytest.mark.parametrize("method", ["laser", "saline", "undo"])
def test_the_plan_holds_everything_for_a_day_without_connection(house: House, method: str) -> None:
    house.start_plan(method=method)
    answer = house.phone_of(house.ana).get("/plan")
    (plan,) = answer.json["plans"]
    assert plan["method"]["id"] == method
    assert plan["method"]["one_line"]
    asked = {question for each in plan["check_ins"] for question in each["pages"]["asked"]}
    ticked = {sign["question"] for each in plan["check_ins"] for sign in each["pages"]["signs"]}
    followed = {question for rule in plan["follow_ups"] for question in rule["ask"]}
    assert asked | ticked | followed <= set(plan["questions"])
    assert "breathing" in {sign["value"] for sign in plan["report"]["signs"]}
    day_7 = next(each for each in plan["check_ins"] if each["day"] == 7)
    assert set(day_7["photo"]["views"]) <= {view["id"] for view in plan["photo_protocol"]["views"]}
    assert {occurrence["kind"] for occurrence in plan["occurrences"]} == {"care_step", "check_in", "photo"}
    assert "normal" not in answer.text.lower().replace("abnormal_", "")


def test_an_unchanged_plan_is_not_sent_again_and_a_tap_changes_it(house: House) -> None:
    plan = house.start_plan()
    phone = house.phone_of(house.ana)
    first = phone.get("/plan")
    tag = first.headers["ETag"]
    same = phone.get("/plan", headers={"If-None-Match": tag})
    assert (same.status_code, same.data, same.headers["ETag"]) == (304, b"", tag)
    tap = {"id": house.new_id(), "care_plan_id": str(plan), "occurrence": "blot@d6#1", "event": "done"}
    assert phone.post("/step-logs", {**tap, "at": "2026-03-08T08:30:00Z"}).status_code == 201
    changed = phone.get("/plan", headers={"If-None-Match": tag})
    assert changed.status_code == 200
    states = {each["key"]: each["state"] for each in changed.json["plans"][0]["occurrences"]}
    assert states["blot@d6#1"] == "done"
    house.clock.at += timedelta(days=1)
    assert phone.get("/plan", headers={"If-None-Match": changed.headers["ETag"]}).status_code == 200


def test_the_timeline_of_some_days(house: House) -> None:
    house.start_plan()
    phone = house.phone_of(house.ana)
    found = phone.get("/timeline?from=2026-03-08&to=2026-03-09").json["occurrences"]
    assert {"check_in@d6", "check_in@d7"} <= {each["key"] for each in found}
    assert "check_in@d8" not in {each["key"] for each in found}
    assert phone.get("/timeline?from=2026-03-09&to=2026-03-08").status_code == 422
    assert phone.get("/timeline?from=2026-03-09").status_code == 422


def test_before_a_plan_there_is_nothing_to_show(house: House) -> None:
    phone = house.phone_of(house.ben)
    assert phone.get("/today").json["areas"] == []
    assert phone.get("/plan").json["plans"] == []
    assert phone.get("/readiness").json == {"areas": []}


def test_the_day_turns_at_four(house: House) -> None:
    house.start_plan()
    house.clock.at = day(7, hour=3, minute=59)
    phone = house.phone_of(house.ana)
    assert phone.get("/today").json["areas"][0]["day"] == 6
    house.clock.at = day(7, hour=4)
    assert phone.get("/today").json["areas"][0]["day"] == 7


def test_the_plan_tells_a_nurse_what_was_done_at_the_clinic(house: House) -> None:
    """Only the steps that were recorded, in the order in which they were begun."""
    house.start_plan(method="undo")
    (plan,) = house.phone_of(house.ana).get("/plan").json["plans"]
    assert plan["treatment"]["number"] == 1
    assert [step["title"] for step in plan["treatment"]["steps"]] == [
        step.title for step in latest_protocol("undo").in_treatment_steps
    ]
    assert all(step["what_happens"] for step in plan["treatment"]["steps"])
