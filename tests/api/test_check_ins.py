"""From answers to what to do, over HTTP: levels, words, repeats, corrections, help."""

from typing import Any
from uuid import UUID

import pytest

from tests.api.phone import House, Phone
from tests.services.practice import day

CALM = [
    {"question": "pain", "value": 1},
    {"question": "itch", "value": 2},
    {"question": "redness_level", "value": 1},
    {"question": "fluid", "excluded": ["cloudy", "smelly"]},
]


def check_in(house: House, plan: UUID, answers: list[dict[str, Any]], **changes: object) -> dict[str, Any]:
    return {
        "id": house.new_id(),
        "care_plan_id": str(plan),
        "occurrence": "check_in@d6",
        "kind": "planned",
        "answered_at": "2026-03-08T08:55:00Z",
        "answers": answers,
        "partial": False,
        "photos": [],
        **changes,
    }


def report(house: House, plan: UUID, *answers: tuple[str, Any]) -> dict[str, Any]:
    given = [{"question": question, "value": value} for question, value in answers]
    return check_in(house, plan, given, occurrence=None, kind="report")


@pytest.fixture
def plan(house: House) -> UUID:
    return house.start_plan()


@pytest.fixture
def phone(house: House, plan: UUID) -> Phone:
    return house.phone_of(house.ana)


def test_a_calm_day_is_on_track_with_reasons_and_the_promise_to_look(house: House, plan: UUID, phone: Phone) -> None:
    result = phone.post("/check-ins", check_in(house, plan, CALM)).json
    assert (result["level"], result["title"]) == ("on_track", "On track for day 6")
    assert "Soreness 1 of 10. Usual on day 6: up to 3." in [reason["text"] for reason in result["reasons"]]
    assert result["told"] == {"practitioner": "Ida", "looked_at_by": "2026-03-09T09:00:00Z"}
    assert result["disclaimer"] == "This is not a diagnosis."
    assert "999" in result["emergency_line"]
    assert (result["advice"], result["flags"], result["check_again_at"]) == ([], [], None)
    assert phone.get("/today").json["next_check_in"] is None


def test_a_little_more_than_usual_says_its_numbers_and_when_to_look_again(
    house: House, plan: UUID, phone: Phone
) -> None:
    result = phone.post("/check-ins", check_in(house, plan, [{"question": "itch", "value": 7}])).json
    assert (result["level"], result["title"]) == ("watch", "Keep an eye on it")
    assert [reason["rule_id"] for reason in result["reasons"]] == ["strong_itch"]
    assert "Itch 7 of 10. Usual on day 6: up to 6." in result["reasons"][0]["text"]
    assert result["check_again_at"] == "2026-03-08T18:00:00Z"


def test_a_second_look_is_offered_on_today_until_it_is_answered(house: House, plan: UUID, phone: Phone) -> None:
    phone.post("/check-ins", check_in(house, plan, [{"question": "itch", "value": 7}]))
    due = phone.get("/today").json["next_check_in"]
    assert (due["key"], due["state"], due["opens_at"]) == ("check_again@d6", "upcoming", "2026-03-08T18:00:00Z")
    house.clock.at = day(6, hour=19)
    phone = house.phone_of(house.ana)
    assert phone.get("/today").json["next_check_in"]["state"] == "open"
    better = check_in(house, plan, [{"question": "itch", "value": 3}], occurrence="check_again@d6")
    assert phone.post("/check-ins", {**better, "answered_at": "2026-03-08T19:00:00Z"}).json["level"] == "on_track"
    assert phone.get("/today").json["next_check_in"] is None


def test_a_red_flag_today_names_the_advice_line_and_stands_on_today(house: House, plan: UUID, phone: Phone) -> None:
    result = phone.post("/check-ins", report(house, plan, ("fluid", "smelly"))).json
    assert (result["level"], result["title"]) == ("today", "Get this checked today")
    assert result["do_now"][0] == "Call NHS 111 or a doctor today."
    assert "can mean" in result["advice"][0]["tell_client"]
    today = phone.get("/today").json
    flag = today["areas"][0]["flag"]
    assert (flag["level"], flag["seen"], flag["nobody_seen"]) == ("today", None, False)
    assert today["banner"] == {"kind": "flag"}


def test_an_emergency_names_the_number_of_the_country(house: House, plan: UUID, phone: Phone) -> None:
    result = phone.post("/check-ins", report(house, plan, ("allergy", "breathing"))).json
    assert (result["level"], result["title"]) == ("now", "Call 999 now")
    assert result["do_now"][0] == "Call 999 now."


def test_i_have_got_help_is_noted_and_closes_nothing(house: House, plan: UUID, phone: Phone) -> None:
    (flag,) = phone.post("/check-ins", report(house, plan, ("fluid", "smelly"))).json["flags"]
    told = phone.post(f"/flags/{flag['id']}/got-help", {"who": "doctor"})
    assert told.json["got_help"] == {"who": "doctor", "at": "2026-03-08T09:00:00Z"}
    assert phone.get("/today").json["areas"][0]["flag"]["id"] == flag["id"]
    assert phone.post(f"/flags/{flag['id']}/got-help", {"who": "my cat"}).status_code == 422


def test_the_same_again_is_answered_the_same_and_other_content_is_a_conflict(
    house: House, plan: UUID, phone: Phone
) -> None:
    body = check_in(house, plan, CALM)
    first, again = phone.post("/check-ins", body), phone.post("/check-ins", body)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json == again.json
    assert phone.post("/check-ins", {**body, "note": "and one more thing"}).status_code == 409
    assert len(phone.get("/check-ins").json["items"]) == 1


def test_check_ins_are_read_again_with_what_was_answered_in_pages(house: House, plan: UUID, phone: Phone) -> None:
    body = check_in(house, plan, CALM, note="itchy at night")
    phone.post("/check-ins", body)
    phone.post("/check-ins", {**report(house, plan, ("itch", 3)), "answered_at": "2026-03-08T08:58:00Z"})
    page = phone.get("/check-ins?limit=1").json
    rest = phone.get(f"/check-ins?limit=1&before={page['next']}").json  # as it stands: a "+" would need escaping
    assert [item["kind"] for item in page["items"] + rest["items"]] == ["report", "planned"]
    kept = phone.get(f"/check-ins/{body['id']}").json
    assert sorted(kept["answers"], key=str) == sorted(body["answers"], key=str)
    assert kept["note"] == "itchy at night"


def test_every_fault_of_the_answers_is_named_where_it_was_sent(house: House, plan: UUID, phone: Phone) -> None:
    answers = [
        {"question": "pain", "value": 11},
        {"question": "colour_of_the_sky", "value": 1},
        {"question": "itch", "value": 3},
        {"question": "fluid", "excluded": ["gold"]},
        {"question": "unwell", "value": 0},
    ]
    refused = phone.post("/check-ins", check_in(house, plan, answers))
    assert refused.status_code == 422
    assert [fault["pointer"] for fault in refused.json["errors"]] == [
        "/answers/0/value",
        "/answers/1/question",
        "/answers/4/value",
        "/answers/3/excluded",
    ]
    assert phone.get("/check-ins").json["items"] == []


def test_a_question_stands_once_and_is_answered_or_ruled_out(house: House, plan: UUID, phone: Phone) -> None:
    twice = [{"question": "pain", "value": 1}, {"question": "pain", "value": 2}]
    refused = phone.post("/check-ins", check_in(house, plan, twice))
    assert [fault["pointer"] for fault in refused.json["errors"]] == ["/answers/1/question"]
    neither = phone.post("/check-ins", check_in(house, plan, [{"question": "pain"}]))
    assert [fault["pointer"] for fault in neither.json["errors"]] == ["/answers/0"]


def test_a_correction_is_kept_beside_what_it_corrects(house: House, plan: UUID, phone: Phone) -> None:
    body = check_in(house, plan, [{"question": "pain", "value": 3}])
    phone.post("/check-ins", body)
    better = check_in(house, plan, [{"question": "pain", "value": 1}], amends=body["id"])
    assert phone.post("/check-ins", better).status_code == 201
    assert len(phone.get("/check-ins").json["items"]) == 2
    (whole,) = phone.get("/plan").json["plans"]
    assert [each["answers"] for each in whole["earlier"]] == [{"pain": 1}]
