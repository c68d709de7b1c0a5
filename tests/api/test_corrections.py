"""A correction on the phone: read once, whatever is repeated, and then not sent again."""

from datetime import timedelta
from uuid import UUID

import pytest

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
    assert item.pop("step") == {
        "id": "blot",
        "title": recall.get_words(house.practice.staff, "saline", 1, "blot").title,
    }
    assert item == {
        "care_plan_id": str(plan),
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


def test_unknown_words_in_the_address_are_refused(house: House, plan: UUID) -> None:
    phone = house.phone_of(house.ana)
    assert phone.get("/corrections?unread=1").status_code == 422
    assert phone.post("/corrections/7/read").status_code == 404
    assert phone.post(f"/corrections/{house.new_id()}/read").status_code == 404
