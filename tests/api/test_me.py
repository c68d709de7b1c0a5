"""The client's settings over HTTP."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from backend.db import transaction
from backend.models import Reminder
from tests.api.phone import House, Phone


def test_me_tells_who_i_am_what_to_call_and_what_time_it_is(house: House) -> None:
    me = house.phone_of(house.ana).get("/me").json
    assert me["practitioner"] == {"name": "Ida", "initials": "IB"}
    assert me["studio"] == {"name": "North Light", "phone": "+49 30 1234567", "country": "GB"}
    assert me["emergency"] == [{"country": "GB", "emergency": "999", "advice": "111", "advice_name": "NHS 111"}]
    assert me["now"] == "2026-03-08T09:00:00Z"
    assert len(me["push"]["vapid_public_key"]) > 80


def test_settings_change_and_stay(house: House) -> None:
    phone = house.phone_of(house.ana)
    changes = {
        "quiet": {"from": "21:00", "until": "06:30"},
        "check_in_at": "07:15",
        "discreet": False,
        "cover_photos": False,
        "help_may_break_quiet": True,
        "consents": [{"kind": "photos", "given": False, "text_version": "2"}],
    }
    house.clock.at += timedelta(seconds=1)
    changed = phone.call("PATCH", "/me", changes)
    assert changed.status_code == 200
    me = phone.get("/me").json
    assert {name: me[name] for name in changes if name != "consents"} == {
        name: value for name, value in changes.items() if name != "consents"
    }
    assert {each["kind"]: each["given"] for each in me["consents"]} == {"care": True, "photos": False}
    assert phone.call("PATCH", "/me", {"quiet": None}).json["quiet"] is None
    assert phone.get("/me").json["check_in_at"] == "07:15"


def test_a_phone_abroad_shows_the_numbers_of_that_country_too(house: House) -> None:
    me = house.phone_of(house.ana).call("PATCH", "/me", {"zone": "America/New_York"}).json
    assert [(each["country"], each["emergency"]) for each in me["emergency"]] == [("GB", "999"), ("US", "911")]


def test_a_zone_that_is_none_changes_nothing(house: House) -> None:
    phone = house.phone_of(house.ana)
    refused = phone.call("PATCH", "/me", {"zone": "London", "discreet": False})
    assert refused.status_code == 422
    assert [fault["pointer"] for fault in refused.json["errors"]] == ["/zone"]
    assert phone.get("/me").json["discreet"] is True


def test_a_client_moves_a_step_to_times_of_their_own(house: House) -> None:
    plan, phone = str(house.start_plan(method="laser")), house.phone_of(house.ana)
    washed, tag = wash_of(phone), phone.get("/plan").headers["ETag"]
    assert len(washed["times"]) == 2
    assert washed["reminds"] is True
    own = {"care_plan_id": plan, "step": washed["id"], "times": ["09:30", "21:15"]}
    assert phone.call("PATCH", "/me", {"step_times": [own]}).status_code == 200
    assert wash_of(phone)["times"] == ["09:30", "21:15"]
    assert phone.get("/plan").headers["ETag"] != tag
    with transaction(house.practice.staff, write=False) as session:
        pushed = select(Reminder.send_at).where(Reminder.kind == "care_step", Reminder.state == "planned")
        times = {f"{at.astimezone(ZoneInfo('Europe/London')):%H:%M}" for at in session.scalars(pushed)}
    assert {"09:30", "21:15"} <= times
    asked = phone.get("/timeline?from=2026-03-09&to=2026-03-10").json["occurrences"]
    assert {each["local"][-5:] for each in asked if each["key"].startswith("wash@")} == {"09:30", "21:15"}


def test_times_that_fit_no_step_change_nothing_and_each_is_named(house: House) -> None:
    plan, phone = str(house.start_plan(method="laser")), house.phone_of(house.ana)
    washed = wash_of(phone)
    own = {"care_plan_id": plan, "step": washed["id"], "times": ["09:30", "21:15"]}
    wrong = [{**own, "step": "fly"}, {**own, "times": ["09:30"]}, {**own, "times": ["21:15", "09:30"]}]
    refused = phone.call("PATCH", "/me", {"check_in_at": "07:15", "step_times": [own, *wrong]})
    assert refused.status_code == 422
    assert [fault["pointer"] for fault in refused.json["errors"]] == [
        "/step_times/1/step",
        "/step_times/2/times",
        "/step_times/3/times",
    ]
    assert phone.get("/me").json["check_in_at"] == "09:00"
    foreign = house.phone_of(house.ben).call("PATCH", "/me", {"step_times": [own]})
    assert foreign.status_code == 404
    assert wash_of(phone) == washed


def wash_of(phone: Phone) -> dict[str, Any]:
    (plan,) = phone.get("/plan").json["plans"]
    return next(step for step in plan["steps"] if step["id"] == "wash")
