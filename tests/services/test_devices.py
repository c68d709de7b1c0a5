"""PROMISES P5, K1: push addresses are one a device, checked when they come in, and nobody else's business."""

import pytest
from sqlalchemy import Engine, select

from backend.adapters.push_addresses import check_subscription
from backend.db import ClientScope, WorkerScope, transaction
from backend.errors import InvalidInput, NotFound
from backend.models import Client, PushAddress
from backend.services import devices
from backend.services.devices import NewPushAddress, PushAddressSeen
from tests.factories import NOW, make_device, scope_of
from tests.people import make_ana, make_ben, make_ida

FCM = NewPushAddress("fcm_token", token="a-token:1")


def check(endpoint: str, p256dh: str, auth: str) -> tuple[str, ...]:
    return check_subscription(endpoint, p256dh, auth, allow_loopback=False)


def scope(client: Client) -> ClientScope:
    return ClientScope(client.clinic_id, client.id)


def register(client: Client, device: object, given: NewPushAddress = FCM) -> PushAddressSeen:
    return devices.register_push_address(scope(client), device.id, given, check=check, now=NOW)  # type: ignore[attr-defined]


def addresses() -> list[tuple[str, str | None]]:
    with transaction(WorkerScope(), write=False) as session:
        found = [(row.token, row.retire_reason) for row in session.scalars(select(PushAddress))]
        return sorted(found, key=lambda each: (each[0], each[1] is None))


def test_a_phone_hands_over_one_address_and_changes_it(database: Engine) -> None:
    ana = make_ana(make_ida())
    phone = make_device(ana)
    assert devices.get_push_address(scope(ana), phone.id) is None
    assert register(ana, phone).active
    register(ana, phone, NewPushAddress("fcm_fid", token="a-fid"))
    assert addresses() == [("a-fid", None)]
    seen = devices.get_push_address(scope(ana), phone.id)
    assert seen is not None
    assert (seen.kind, seen.active) == ("fcm_fid", True)


def test_an_address_that_was_retired_lives_again_when_the_phone_shows_it(database: Engine) -> None:
    ana = make_ana(make_ida())
    phone = make_device(ana)
    register(ana, phone)
    devices.retire_push_address(scope(ana), phone.id, now=NOW)
    devices.retire_push_address(scope(ana), phone.id, now=NOW)
    assert addresses() == [("a-token:1", "holder")]
    assert register(ana, phone).active
    assert addresses() == [("a-token:1", None)]


def test_one_browser_under_two_sign_ins_gets_one_push(database: Engine) -> None:
    ana = make_ana(make_ida())
    old, new = make_device(ana), make_device(ana)
    register(ana, old)
    register(ana, new)
    assert addresses() == [("a-token:1", "moved to another device"), ("a-token:1", None)]


def test_a_device_of_somebody_else_or_signed_out_is_unknown(database: Engine) -> None:
    ida = make_ida()
    ana, ben = make_ana(ida), make_ben(ida)
    for device in (make_device(ben), make_device(ana, ended_at=NOW), make_device(ida)):
        with pytest.raises(NotFound, match="no such device"):
            register(ana, device)
    assert addresses() == []


def test_a_practitioner_s_browser_is_registered_like_a_phone(database: Engine) -> None:
    ida = make_ida()
    browser = make_device(ida)
    seen = devices.register_push_address(scope_of(ida), browser.id, FCM, check=check, now=NOW)
    assert seen.active
    assert addresses() == [("a-token:1", None)]


@pytest.mark.parametrize(
    ("given", "pointers"),
    [
        (NewPushAddress("pigeon"), ["/kind"]),
        (NewPushAddress("fcm_token"), ["/token"]),
        (NewPushAddress("fcm_token", token="with space", endpoint="https://x"), ["/endpoint", "/token"]),
        (NewPushAddress("fcm_fid", token="x" * 4097), ["/token"]),
        (
            NewPushAddress("web_push", endpoint="http://10.0.0.1/", p256dh="AA", auth="?", token="t"),
            ["/endpoint", "/endpoint", "/p256dh", "/auth", "/token"],
        ),
    ],
)
def test_every_fault_of_an_address_is_named_and_nothing_kept(
    sqlite: Engine, given: NewPushAddress, pointers: list[str]
) -> None:
    ana = make_ana(make_ida())
    with pytest.raises(InvalidInput) as refused:
        register(ana, make_device(ana), given)
    assert [fault.pointer for fault in refused.value.faults] == pointers
    assert addresses() == []
