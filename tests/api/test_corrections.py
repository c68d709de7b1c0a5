"""A correction on the phone: read once, whatever is repeated, and then not sent again."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from backend.db import transaction
from backend.models import Reminder
from backend.services import recall
from tests.api.phone import House
from tests.services.practice import day

WORDS = "Please do not use the sponge any more. Use a clean towel."


@pytest.fixture
def plan(house: House) -> UUID:
    return house.start_plan()


def send(house: House, step: str | None = "blot") -> None:
    assert recall.send_correction(house.practice.staff, "saline", 1, step, WORDS, now=house.clock.at) == 1


def test_a_correction_is_listed_with_its_words_step_and_first_name(house: House, plan: UUID) -> None:
    phone = house.phone_of(house.ana)
    assert phone.get("/corrections").json == {"items": []}
    send(house)
    (item,) = phone.get("/corrections").json["items"]
    assert item.pop("id")
    words = recall.get_words(house.practice.staff, "saline", 1, "blot")
    assert item.pop("step") == {"id": "blot", "title": words.title, "instruction": words.instruction}
    assert item == {
        "care_plan_id": str(plan),
        "version": 1,
        "words": WORDS,
        "by": "Ida",
        "at": "2026-03-08T09:00:00Z",
        "read_at": None,
    }


def test_reading_it_is_said_once_and_may_be_repeated(house: House, plan: UUID) -> None:
    phone = house.phone_of(house.ana)
    send(house, step=None)
    (item,) = phone.get("/corrections").json["items"]
    assert item["step"] is None
    house.clock.at = day(6, 10)
    read = phone.post(f"/corrections/{item['id']}/read")
    assert (read.status_code, read.json["read_at"]) == (200, "2026-03-08T10:00:00Z")
    house.clock.at += timedelta(hours=3)
    assert phone.post(f"/corrections/{item['id']}/read").json == read.json
    assert phone.get("/corrections").json["items"] == [read.json]
    assert house.phone_of(house.ben).get("/corrections").json == {"items": []}


def test_what_was_read_without_a_connection_arrives_once_with_the_time_of_reading(house: House, plan: UUID) -> None:
    phone = house.phone_of(house.ana)
    send(house)
    (item,) = phone.get("/corrections").json["items"]
    house.clock.at = day(7, 10)
    read = {"correction_id": item["id"], "at": "2026-03-08T11:00:00Z"}
    events = [{"type": "correction_read", "body": body} for body in (read, {**read, "at": "2026-03-09T09:00:00Z"})]
    first, again = phone.post("/sync", {"events": events}).json["results"]
    assert (first["id"], first["status"], first["body"]["read_at"]) == (item["id"], 200, "2026-03-08T11:00:00Z")
    assert again == first, "the first word counts"
    assert phone.get("/corrections").json["items"] == [first["body"]]


@pytest.mark.parametrize(
    ("claimed", "kept"), [("2026-03-01T00:00:00Z", "2026-03-08T09:00:00Z"), ("2027-01-01T00:00:00Z", None)]
)
def test_a_wrong_clock_is_believed_from_the_sending_up_to_now(
    house: House, plan: UUID, claimed: str, kept: str | None
) -> None:
    phone = house.phone_of(house.ana)
    send(house)
    (item,) = phone.get("/corrections").json["items"]
    house.clock.at = day(6, 10)
    read = phone.post(f"/corrections/{item['id']}/read", {"at": claimed})
    assert read.json["read_at"] == (kept or "2026-03-08T10:00:00Z")


def test_a_tap_on_either_push_leads_to_the_correction(house: House, plan: UUID) -> None:
    phone = house.phone_of(house.ana)
    send(house)
    (item,) = phone.get("/corrections").json["items"]
    with transaction(house.practice.staff, write=False) as session:
        pushes = list(session.scalars(select(Reminder).where(Reminder.kind == "correction")))
    assert len(pushes) == 2
    for push in pushes:
        target = phone.get(f"/reminders/{push.id}").json
        assert (target["go"], target["correction_id"]) == ("correction", item["id"])


def test_unknown_words_in_the_address_are_refused(house: House, plan: UUID) -> None:
    phone = house.phone_of(house.ana)
    assert phone.get("/corrections?unread=1").status_code == 422
    assert phone.post("/corrections/7/read").status_code == 404
    assert phone.post(f"/corrections/{house.new_id()}/read", {"on": "today"}).status_code == 422
    assert phone.post(f"/corrections/{house.new_id()}/read").status_code == 404
