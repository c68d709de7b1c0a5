"""Web Push: encryption against independent decoders, VAPID tokens, addresses that may be called, answers."""

import asyncio
import base64
import os
import stat
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import http_ece
import pytest
import pywebpush
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import Vapid02

from backend.adapters.push_addresses import check_endpoint, check_subscription
from backend.adapters.push_http import Answer, PushHttp
from backend.adapters.vapid import VapidKey, load_or_make_vapid, vapid_from_text
from backend.adapters.web_push import WebPushPusher, decide_result
from backend.adapters.webpush_encryption import PLAIN_LIMIT, encrypt
from backend.errors import SettingsError
from backend.ports import PushMessage, PushResult, PushTarget
from tests.doubles.push_service import PushServiceDouble

SUBJECT = "mailto:push@fallow.example"
NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)


def text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def browser_keys() -> tuple[ec.EllipticCurvePrivateKey, str, str]:
    private = ec.generate_private_key(ec.SECP256R1())
    point = private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return private, text(point), text(os.urandom(16))


def message_to(target: PushTarget, ref: int = 1, **over: Any) -> PushMessage:
    fields: dict[str, Any] = {"body": "A reminder you set", **over}
    return PushMessage(
        ref=ref,
        reminder_id=uuid4(),
        text_number=1,
        title="Fallow",
        path="/o/1",
        collapse_id=uuid4().hex,
        ttl_s=60,
        urgent=False,
        target=target,
        **fields,
    )


def send(pusher: WebPushPusher, batch: list[PushMessage]) -> list[PushResult]:
    async def run() -> list[PushResult]:
        found = dict([answer async for answer in pusher.send(batch)])
        await pusher.close()
        return [found[message.ref] for message in batch]

    return asyncio.run(run())


def pusher_with(vapid: VapidKey, *, allow_loopback: bool = True) -> WebPushPusher:
    return WebPushPusher(vapid, PushHttp(), public_url="https://fallow.example", allow_loopback=allow_loopback)


@pytest.mark.parametrize("size", [0, 1, 130, PLAIN_LIMIT])
def test_http_ece_reads_what_we_encrypt(size: int) -> None:
    private, p256dh, auth = browser_keys()
    plain = os.urandom(size)

    sealed = encrypt(plain, p256dh, auth)

    secret = base64.urlsafe_b64decode(auth + "==")
    assert http_ece.decrypt(sealed, private_key=private, auth_secret=secret, version="aes128gcm") == plain
    assert len(sealed) <= 4096


def test_the_example_of_rfc_8291_is_read_by_the_same_keys_as_ours() -> None:
    """The vector of RFC 8291 section 5 fixes the decoder that the other tests trust."""
    private_raw = base64.urlsafe_b64decode("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94=")
    private = ec.derive_private_key(int.from_bytes(private_raw, "big"), ec.SECP256R1())
    auth = base64.urlsafe_b64decode("BTBZMqHH6r4Tts7J_aSIgg==")
    body = base64.urlsafe_b64decode(
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7"
        "A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )
    assert http_ece.decrypt(body, private_key=private, auth_secret=auth) == b"When I grow up, I want to be a watermelon"


def test_every_message_has_a_fresh_key_and_salt() -> None:
    _, p256dh, auth = browser_keys()
    heads = {encrypt(b"same", p256dh, auth)[:86] for _ in range(50)}
    assert len(heads) == 50
    assert len({head[:16] for head in heads}) == len({head[21:] for head in heads}) == 50


def test_more_than_one_record_holds_is_refused() -> None:
    _, p256dh, auth = browser_keys()
    with pytest.raises(ValueError, match="limit 3993"):
        encrypt(bytes(PLAIN_LIMIT + 1), p256dh, auth)


def test_ours_and_pywebpush_are_read_alike_by_the_double(tmp_path: Path) -> None:
    key_file = tmp_path / "vapid.pem"
    vapid = load_or_make_vapid(key_file, SUBJECT)
    with PushServiceDouble() as double:
        made = double.subscribe()
        subscription = {"endpoint": made.endpoint, "keys": {"p256dh": made.p256dh, "auth": made.auth}}
        answer = pywebpush.webpush(
            subscription,
            b'{"theirs":1}',
            vapid_private_key=str(key_file),
            vapid_claims={"sub": SUBJECT},
            ttl=5,
            timeout=5,
        )
        target = PushTarget(uuid4(), "web_push", endpoint=made.endpoint, p256dh=made.p256dh, auth=made.auth)
        results = send(pusher_with(vapid), [message_to(target)])
    assert (answer.status_code, results[0].outcome) == (201, "accepted")
    theirs, ours = double.seen
    assert theirs.payload == {"theirs": 1}
    assert (ours.vapid_key, ours.claims["sub"]) == (theirs.vapid_key, SUBJECT)
    answer.close()


def test_each_origin_has_its_own_token_signed_once(tmp_path: Path) -> None:
    vapid = load_or_make_vapid(tmp_path / "vapid.pem", SUBJECT)
    with PushServiceDouble() as one, PushServiceDouble() as two:
        targets = []
        for double in (one, two, one, two, one):
            made = double.subscribe()
            targets.append(PushTarget(uuid4(), "web_push", endpoint=made.endpoint, p256dh=made.p256dh, auth=made.auth))
        results = send(pusher_with(vapid), [message_to(target, ref) for ref, target in enumerate(targets)])
        assert {result.outcome for result in results} == {"accepted"}, one.refusals + two.refusals
    assert len({push.authorization for push in one.seen}) == len({push.authorization for push in two.seen}) == 1
    assert one.seen[0].claims["aud"] == one.url
    assert two.seen[0].claims["aud"] == two.url


def test_a_token_lives_at_most_twelve_hours_and_is_renewed_before_it_ends(tmp_path: Path) -> None:
    vapid = load_or_make_vapid(tmp_path / "vapid.pem", SUBJECT)
    origin = "https://updates.push.services.mozilla.com"
    first = vapid.authorization(origin, NOW)
    assert vapid.authorization(origin, NOW + timedelta(hours=10, minutes=59)) == first
    assert vapid.authorization(origin, NOW + timedelta(hours=11)) != first
    assert Vapid02.verify(first)
    claims = base64.urlsafe_b64decode(first.split(".")[1] + "==").decode()
    assert f'"exp":{int((NOW + timedelta(hours=12)).timestamp())}' in claims


def test_the_key_is_made_once_kept_private_and_the_same_for_all_who_start_at_once(tmp_path: Path) -> None:
    path = tmp_path / "var" / "vapid.pem"
    found: list[str] = []
    together = threading.Barrier(8)

    def start() -> None:
        together.wait()
        found.append(load_or_make_vapid(path, SUBJECT).public_key)

    threads = [threading.Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(found) == 8
    assert len(set(found)) == 1
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(path.parent.iterdir()) == [path]
    raw = base64.urlsafe_b64decode(found[0] + "=")
    assert (len(raw), raw[0]) == (65, 4)
    assert vapid_from_text(path.read_text(), SUBJECT).public_key == found[0]


def test_a_key_or_subject_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    good = load_or_make_vapid(tmp_path / "vapid.pem", SUBJECT)
    raw = good._vapid.private_key.private_numbers().private_value.to_bytes(32, "big")
    assert vapid_from_text(text(raw), "https://fallow.example").public_key == good.public_key
    for wrong in ("", "rubbish", "-----BEGIN PRIVATE KEY-----\nxx\n-----END PRIVATE KEY-----", text(bytes(32))):
        with pytest.raises(SettingsError, match="holds no VAPID private key"):
            vapid_from_text(wrong, SUBJECT)
    for wrong in ("", "push@fallow.example", "http://fallow.example"):
        with pytest.raises(SettingsError, match="FALLOW_VAPID_SUBJECT"):
            load_or_make_vapid(tmp_path / "vapid.pem", wrong)


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://fcm.googleapis.com/fcm/send/abc:def",
        "https://updates.push.services.mozilla.com/wpush/v2/gAAAA",
        "https://updates.push.services.mozilla.com:443/wpush/v2/gAAAA",
        "https://web.push.apple.com/QHN",
        "https://wns2-par02p.notify.windows.com/w/?token=BQY%3d",
    ],
)
def test_push_services_of_the_browsers_may_be_called(endpoint: str) -> None:
    assert check_endpoint(endpoint, allow_loopback=False) == ()


@pytest.mark.parametrize(
    "endpoint",
    [
        "",
        "http://fcm.googleapis.com/x",
        "https://fcm.googleapis.com:8443/x",
        "https://fcm.googleapis.com@evil.example/x",
        "https://user:word@fcm.googleapis.com/x",
        "https://fcm.googleapis.com.evil.example/x",
        "https://evilfcm.googleapis.com/x",
        "https://notify.windows.com.evil.example/",
        "https://evil-push.apple.com/x",
        "https://127.0.0.1/x",
        "https://169.254.169.254/latest/meta-data",
        "https://[::1]/x",
        "https://fcm.googleapis.com\\@evil.example/x",
        "https://fcm.googleapis.com/a b",
        "https://fcm.googleapis.com/\r\nHost: evil",
        "https://ｆcm.googleapis.com/x",
        "https://fcm.googleapis.com:99999/x",
        "https://[fcm.googleapis.com/x",
        "https://fcm.googleapis.com/x#y",
        "file:///etc/passwd",
        "https://fcm.googleapis.com/" + "x" * 2048,
    ],
)
def test_no_other_address_may_be_called(endpoint: str, tmp_path: Path) -> None:
    assert check_endpoint(endpoint, allow_loopback=False)
    _, p256dh, auth = browser_keys()
    target = PushTarget(uuid4(), "web_push", endpoint=endpoint, p256dh=p256dh, auth=auth)
    vapid = load_or_make_vapid(tmp_path / "vapid.pem", SUBJECT)
    assert send(pusher_with(vapid, allow_loopback=False), [message_to(target)])[0].outcome == "rejected"


def test_loopback_only_behind_the_test_hook(tmp_path: Path) -> None:
    with PushServiceDouble() as double:
        made = double.subscribe()
        target = PushTarget(uuid4(), "web_push", endpoint=made.endpoint, p256dh=made.p256dh, auth=made.auth)
        vapid = load_or_make_vapid(tmp_path / "vapid.pem", SUBJECT)
        assert send(pusher_with(vapid, allow_loopback=False), [message_to(target)])[0].outcome == "rejected"
        assert double.requests == []
    assert check_endpoint(made.endpoint, allow_loopback=True) == ()
    assert check_endpoint("http://10.0.0.1/x", allow_loopback=True)


def test_broken_keys_are_named_at_registration_and_hold_up_nothing_at_sending(tmp_path: Path) -> None:
    _, p256dh, auth = browser_keys()
    endpoint = "https://fcm.googleapis.com/x"
    assert check_subscription(endpoint, p256dh, auth, allow_loopback=False) == ()
    off_curve = text(b"\x04" + bytes(63) + b"\x01")
    compressed = text(b"\x02" + bytes(32))
    for wrong in ("", "!", off_curve, compressed, p256dh[:-4], p256dh + "AAAA", "A" * 5):
        faults = check_subscription(endpoint, wrong, auth, allow_loopback=False)
        assert [fault.split(":")[0] for fault in faults] == ["p256dh"], wrong
    for wrong in ("", text(bytes(15)), text(bytes(17)), "!" * 22):
        assert [fault.split(":")[0] for fault in check_subscription(endpoint, p256dh, wrong, allow_loopback=False)] == [
            "auth"
        ]
    every = check_subscription("http://evil.example:1/", "x", "y", allow_loopback=False)
    assert [fault.split(":")[0] for fault in every] == ["endpoint"] * 3 + ["p256dh", "auth"]

    with PushServiceDouble() as double:
        made = double.subscribe()
        good = PushTarget(uuid4(), "web_push", endpoint=made.endpoint, p256dh=made.p256dh, auth=made.auth)
        bad = PushTarget(uuid4(), "web_push", endpoint=made.endpoint, p256dh=off_curve, auth=made.auth)
        vapid = load_or_make_vapid(tmp_path / "vapid.pem", SUBJECT)
        batch = [message_to(bad, 0), message_to(good, 1), message_to(good, 2, body="x" * 4000)]
        assert [r.outcome for r in send(pusher_with(vapid), batch)] == ["rejected", "accepted", "rejected"]
        assert len(double.requests) == 1


@pytest.mark.parametrize(
    ("status", "outcome"),
    [(201, "accepted"), (202, "accepted"), (404, "gone"), (410, "gone"), (400, "rejected"), (413, "rejected"),
     (401, "misconfigured"), (403, "misconfigured"), (429, "retry_later"), (500, "retry_later"), (503, "retry_later"),
     (307, "retry_later"), (408, "retry_later")],
)  # fmt: skip
def test_every_answer_of_a_push_service(status: int, outcome: str) -> None:
    assert decide_result(Answer(status, None, b""), None).outcome == outcome
