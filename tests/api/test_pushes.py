"""Push addresses, receipts and where a tap on a push leads, over HTTP."""

import base64
import os

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlalchemy import select

from backend.db import ClientScope, transaction
from backend.models import PushAddress, Receipt, Reminder
from tests.api.phone import House
from tests.factories import make_reminder


def encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def subscription(**changes: object) -> dict[str, object]:
    point = ec.generate_private_key(ec.SECP256R1()).public_key()
    p256dh = encode(point.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))
    keys = {"p256dh": p256dh, "auth": encode(os.urandom(16))}
    return {"kind": "web_push", "endpoint": "https://web.push.apple.com/abc", "keys": keys, **changes}


def addresses(house: House) -> list[PushAddress]:
    with transaction(ClientScope(house.ana.clinic_id, house.ana.id), write=False) as session:
        return list(session.scalars(select(PushAddress)))


def test_a_browser_hands_over_its_subscription_and_takes_it_back(house: House) -> None:
    phone = house.phone_of(house.ana)
    path = f"/devices/{phone.me['device_id']}/push"
    assert phone.put(path, subscription()).status_code == 204
    (kept,) = addresses(house)
    assert (kept.kind, kept.endpoint, kept.retired_at) == ("web_push", "https://web.push.apple.com/abc", None)
    assert phone.call("DELETE", path).status_code == 204
    (kept,) = addresses(house)
    assert kept.retired_at is not None


def test_native_apps_hand_over_a_token_or_an_installation_id(house: House) -> None:
    phone = house.phone_of(house.ana)
    path = f"/devices/{phone.me['device_id']}/push"
    assert phone.put(path, {"kind": "fcm_token", "token": "abc:123"}).status_code == 204
    assert phone.put(path, {"kind": "fcm_fid", "fid": "cAFe"}).status_code == 204
    (kept,) = addresses(house)
    assert (kept.kind, kept.token) == ("fcm_fid", "cAFe")


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        (subscription(endpoint="http://169.254.169.254/latest"), {"/endpoint"}),
        (subscription(keys={"p256dh": "AAAA", "auth": "AA"}), {"/keys/p256dh", "/keys/auth"}),
        (subscription(token="x"), {"/token"}),
        ({"kind": "web_push"}, {"/endpoint", "/keys"}),
        ({"kind": "fcm_fid", "token": "x"}, {"/fid", "/token"}),
        ({"kind": "pigeon"}, {"/kind"}),
    ],
)
def test_what_cannot_be_sent_to_is_refused_with_every_fault(
    house: House, body: dict[str, object], pointers: set[str]
) -> None:
    phone = house.phone_of(house.ana)
    refused = phone.put(f"/devices/{phone.me['device_id']}/push", body)
    assert refused.status_code == 422
    assert {fault["pointer"] for fault in refused.json["errors"]} == pointers
    assert addresses(house) == []


def test_signing_out_retires_the_push_address(house: House) -> None:
    phone = house.phone_of(house.ana)
    phone.put(f"/devices/{phone.me['device_id']}/push", {"kind": "fcm_token", "token": "abc"})
    phone.call("DELETE", "/session")
    assert [kept.retired_at is None for kept in addresses(house)] == [False]


def test_a_receipt_is_kept_once_and_a_tap_leads_to_its_place(house: House) -> None:
    plan = house.start_plan()
    reminder = make_reminder(house.ana, kind="check_in_due", care_plan_id=plan, occurrence_key="check_in@d6")
    phone = house.phone_of(house.ana)
    for event in ("shown", "opened", "opened"):
        body = {"reminder_id": str(reminder.id), "event": event, "at": "2026-03-08T08:59:00Z"}
        assert phone.post("/receipts", body).status_code == 204
    with transaction(ClientScope(house.ana.clinic_id, house.ana.id), write=False) as session:
        assert sorted(session.scalars(select(Receipt.event))) == ["opened", "shown"]
        row = session.get_one(Reminder, (house.ana.clinic_id, reminder.id))
        assert row.opened_at is not None
    assert phone.get(f"/reminders/{reminder.id}").json == {
        "kind": "check_in_due",
        "occurrence": "check_in@d6",
        "care_plan_id": str(plan),
        "go": "check_in",
        "correction_id": None,
    }
