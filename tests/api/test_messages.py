"""The thread over HTTP: written once, also from a phone that was offline, and read by its own client alone."""

import functools
from typing import Any

from sqlalchemy import select

from backend.db import transaction
from backend.models import Reminder
from backend.services import messages, reviews
from tests.api.phone import House, Phone
from tests.api.test_photos import picture
from tests.services.practice import check_in, day

AT = "2026-03-08T09:00:00Z"


def body(house: House, words: str = "Is this usual?") -> dict[str, Any]:
    return {"id": house.new_id(), "words": words, "at": AT}


def answer(house: House, words: str) -> None:
    messages.answer(house.practice.staff, house.ana.id, words, None, now=house.clock.at)


def sync(phone: Phone, *events: tuple[str, dict[str, Any]]) -> list[dict[str, Any]]:
    sent = phone.post("/sync", {"events": [{"type": kind, "body": each} for kind, each in events]})
    assert sent.status_code == 200
    return sent.json["results"]


def test_a_message_is_kept_once_and_other_words_under_its_id_are_a_conflict(house: House) -> None:
    phone, sent = house.phone_of(house.ana), body(house)
    assert phone.get("/messages").json == {"reply_promise_h": 24, "unread": 0, "items": []}
    first, again = phone.post("/messages", sent), phone.post("/messages", sent)
    assert (first.status_code, again.status_code, again.json) == (201, 200, first.json)
    assert phone.post("/messages", {**sent, "words": "Something else"}).status_code == 409
    assert first.json == {
        "kind": "message",
        "id": sent["id"],
        "by": None,
        "at": first.json["at"],
        "words": "Is this usual?",
        "received_at": AT,
        "seen_at": None,
        "check_in": None,
        "photos": [],
    }
    assert phone.get("/messages").json["items"] == [first.json]
    assert house.phone_of(house.ben).get("/messages").json["items"] == []


def test_what_was_written_without_a_connection_comes_with_the_rest(house: House) -> None:
    phone, sent, blank = house.phone_of(house.ana), body(house), body(house, " ")
    kept, refused, repeated = sync(phone, ("message", sent), ("message", blank), ("message", sent))
    assert [kept["status"], refused["status"], repeated["status"]] == [201, 422, 200]
    assert [kept["id"], refused["id"]] == [sent["id"], blank["id"]]
    assert refused["problem"]["errors"] == [{"pointer": "/words", "problem": "from 1 to 2000 characters"}]
    assert kept["body"] == repeated["body"] == phone.get("/messages").json["items"][0]


def test_the_clinics_words_are_unread_until_the_phone_says_so(house: House) -> None:
    house.start_plan()
    phone = house.phone_of(house.ana)
    answer(house, "All fine.")
    thread = phone.get("/messages").json
    (line,) = thread["items"]
    assert (thread["unread"], line["by"], line["seen_at"]) == (1, "Ida", None)
    assert phone.get("/today").json["areas"][0]["last_word"] == {"from": "Ida", "text": "All fine.", "at": AT}
    assert phone.post("/messages/seen", {"up_to": line["id"]}).status_code == 204
    (marked,) = sync(phone, ("messages_seen", {"up_to": line["id"]}))
    assert marked["status"] == 204
    thread = phone.get("/messages").json
    assert (thread["unread"], thread["items"][0]["seen_at"]) == (0, AT)


def test_a_reply_names_its_check_in_and_a_push_about_it_leads_to_the_thread(house: House) -> None:
    plan, phone = house.start_plan(), house.phone_of(house.ana)
    answered = check_in(house.practice, plan, 6, {"pain": 1})
    reviews.review(house.practice.staff, house.ana.id, answered.id, "That looks calm.", now=day(6))
    (line,) = phone.get("/messages").json["items"]
    assert line["check_in"] == {"id": str(answered.id), "day": 6}
    (push,) = messages_pushed(house)
    assert phone.get(f"/reminders/{push}").json["go"] == "messages"


def test_bad_messages_change_nothing_and_every_fault_is_named(house: House) -> None:
    phone = house.phone_of(house.ana)
    refused = phone.post("/messages", {"id": "7", "words": "x" * 2001, "at": "noon", "to": "everybody"})
    assert refused.status_code == 422
    assert {fault["pointer"] for fault in refused.json["errors"]} == {"/id", "/words", "/at", "/to"}
    assert phone.post("/messages/seen", {"up_to": house.new_id()}).status_code == 404
    assert phone.get("/messages?all=1").status_code == 422
    assert phone.get("/messages").json["items"] == []


def test_a_photo_may_say_it_all_and_only_its_client_reads_it(house: House) -> None:
    plan, phone = house.start_plan(), house.phone_of(house.ana)
    sent = {**body(house, ""), "with_photo": True}
    assert phone.post("/messages", sent).status_code == 201
    photo = house.new_id()
    about = {"care_plan_id": str(plan), "message": sent["id"], "taken_at": AT}
    put = functools.partial(phone.put, f"/photos/{photo}", data=picture(), content_type="image/jpeg")
    for both_or_none in ({"view": "close"}, {"occurrence": "photo@d0#any"}):
        assert put(query_string={**about, **both_or_none}).status_code == 422
    assert put(query_string={name: value for name, value in about.items() if name != "message"}).status_code == 422
    assert [put(query_string=about).status_code for _ in range(2)] == [201, 200]
    (line,) = phone.get("/messages").json["items"]
    assert (line["words"], line["photos"]) == ("", [photo])
    assert phone.get("/healing").json["areas"][0]["photos"] == []
    assert phone.get(f"/photos/{photo}").status_code == 200
    assert house.phone_of(house.ben).get(f"/photos/{photo}").status_code == 404


def messages_pushed(house: House) -> list[str]:
    with transaction(house.practice.staff, write=False) as session:
        return [str(row) for row in session.scalars(select(Reminder.id).where(Reminder.kind == "message"))]
