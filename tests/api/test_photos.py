"""Photos over HTTP: kept once, given back re-encoded to their owner alone, refused when they are none."""

import io
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from PIL import Image
from werkzeug.test import TestResponse

from tests.api.phone import House, Phone


def picture(kind: str = "JPEG", width: int = 64, height: int = 48, **more: Any) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (width, height), (120, 90, 80)).save(file, kind, **more)
    return file.getvalue()


@pytest.fixture
def plan(house: House) -> UUID:
    return house.start_plan()


@pytest.fixture
def phone(house: House, plan: UUID) -> Phone:
    return house.phone_of(house.ana)


def put(phone: Phone, photo: str, plan: UUID, body: bytes, kind: str = "image/jpeg", **changes: str) -> TestResponse:
    query = {"care_plan_id": str(plan), "view": "close"}
    query |= {"taken_at": "2026-03-08T08:50:00Z", **changes}
    return phone.put(f"/photos/{photo}", data=body, content_type=kind, query_string=query)


def test_a_photo_is_kept_once_and_comes_back_without_what_was_hidden_in_it(
    house: House, plan: UUID, phone: Phone
) -> None:
    photo, body = house.new_id(), picture(comment=b"canary: 51.5 N")
    first, again = put(phone, photo, plan, body), put(phone, photo, plan, body)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json == again.json
    assert (first.json["taken_on"], first.json["width"], first.json["height"]) == ("2026-03-08", 64, 48)
    for size in ("", "?size=full", "?size=thumb"):
        given = phone.get(f"/photos/{photo}{size}")
        assert (given.status_code, given.mimetype) == (200, "image/webp")
        assert given.headers["Cache-Control"] == "no-store"
        assert Image.open(io.BytesIO(given.data)).format == "WEBP"
        assert b"canary" not in given.data
    assert put(phone, photo, plan, picture(width=65)).status_code == 409
    assert house.phone_of(house.ben).get(f"/photos/{photo}").status_code == 404


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"this is no picture", "image/jpeg", 415),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/png", 415),
        (picture(), "image/svg+xml", 415),
        (picture(), "application/octet-stream", 415),
        (b"\xff\xd8" + b"\0" * 20_000_000, "image/jpeg", 413),
        (picture()[:300], "image/jpeg", 422),
    ],
)
def test_what_is_no_photo_is_refused_and_leaves_nothing(
    house: House, plan: UUID, phone: Phone, body: bytes, kind: str, status: int
) -> None:
    photo = house.new_id()
    assert put(phone, photo, plan, body, kind).status_code == status
    assert phone.get(f"/photos/{photo}").status_code == 404


def test_a_photo_needs_a_plan_a_view_and_consent(house: House, plan: UUID, phone: Phone) -> None:
    photo = house.new_id()
    assert put(phone, photo, UUID(house.new_id()), picture()).status_code == 404
    assert put(phone, photo, plan, picture(), view="from the moon").status_code == 422
    assert put(phone, photo, plan, picture(), taken_at="yesterday").status_code == 422
    house.clock.at += timedelta(seconds=1)
    phone.call("PATCH", "/me", {"consents": [{"kind": "photos", "given": False, "text_version": "2"}]})
    refused = put(phone, photo, plan, picture())
    assert (refused.status_code, refused.json["type"]) == (403, "urn:fallow:consent_needed")
