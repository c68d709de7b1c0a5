"""The client's settings over HTTP."""

from datetime import timedelta

from tests.api.phone import House


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
