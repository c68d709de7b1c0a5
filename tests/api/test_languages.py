"""A client reads their own language: answers in the one that the phone asks for, pushes and mails in the one it set."""

from datetime import timedelta

import pytest

from backend.languages import Language
from backend.services import delivery
from backend.services.push_texts import TO_CLIENTS
from backend.workers.dispatch import build_message
from tests.api.phone import House
from tests.services.practice import day


def test_sentences_are_in_the_language_that_the_phone_asks_for(house: House) -> None:
    house.start_plan()
    phone = house.phone_of(house.ana)
    said = {}
    for asked, spoken in (("es-MX,es;q=0.9", "es"), ("ar", "ar"), ("en-GB", "en"), ("fr, de;q=0.5", "en"), ("*", "en")):
        area = phone.get("/today", headers={"Accept-Language": asked}).json["areas"][0]
        said.setdefault(spoken, set()).add(area["label"])
    assert said == {"es": {"Sesión 1"}, "ar": {"الجلسة 1"}, "en": {"Session 1"}}
    why = {language: phone.get("/readiness", headers={"Accept-Language": language}).json["areas"][0]["why_wait"]
           for language in ("en", "es", "ar")}  # fmt: skip
    assert len(set(why.values())) == 3


def test_a_plan_in_another_language_is_another_plan_to_the_phone(house: House) -> None:
    house.start_plan()
    phone = house.phone_of(house.ana)
    tag = phone.get("/plan", headers={"Accept-Language": "es"}).headers["ETag"]
    again = {"If-None-Match": tag}
    assert phone.get("/plan", headers={"Accept-Language": "es", **again}).status_code == 304
    other = phone.get("/plan", headers={"Accept-Language": "ar", **again})
    assert other.status_code == 200
    assert "Accept-Language" in other.headers["Vary"]


@pytest.mark.parametrize(("set_to", "spoken"), [("es-AR", "es"), ("ar", "ar"), ("pt", "en")])
def test_a_push_is_in_the_language_that_the_phone_has_set(house: House, set_to: str, spoken: Language) -> None:
    house.start_plan()
    phone = house.phone_of(house.ana)
    phone.call("PATCH", "/me", {"language": set_to})
    push = {"kind": "fcm_token", "token": "T" * 40}
    phone.call("PUT", f"/devices/{phone.get('/me').json['device_id']}/push", push)
    now = day(7, 8) + timedelta(minutes=1)
    claims = delivery.claim(1, limit=50, lease_s=60, now=now)
    messages = [build_message(claim, address, 1, now, 1.0) for claim in claims for address in claim.addresses]
    assert messages
    assert {message.body for message in messages} <= set(TO_CLIENTS[spoken].values())
