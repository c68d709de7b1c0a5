"""A push carries neutral words, {v, id, t} and nothing else (DESIGN section 7, PROMISES K2): compared whole."""

import asyncio
from pathlib import Path
from uuid import UUID

import orjson

from backend.adapters.clock import FrozenClock, SystemClock
from backend.adapters.fcm import FcmPusher
from backend.adapters.log_push import LogPusher
from backend.adapters.push_http import PushHttp
from backend.adapters.vapid import load_or_make_vapid
from backend.adapters.web_push import WebPushPusher, build_payload
from backend.ports import Pusher, PushMessage, PushTarget
from tests.doubles.fcm import FcmDouble
from tests.doubles.push_service import PushServiceDouble

REMINDER = UUID("0190f2c4-0000-7000-8000-000000000001")
TARGET_ID = UUID("0190f2c4-0000-7000-8000-0000000000ff")
NOW = SystemClock().now()


def message_to(target: PushTarget, *, urgent: bool = True) -> PushMessage:
    return PushMessage(
        ref=1,
        reminder_id=REMINDER,
        text_number=7,
        title="Fallow",
        body="A reminder you set",
        path=f"/o/{REMINDER}",
        collapse_id="c" * 32,
        ttl_s=1800,
        urgent=urgent,
        target=target,
    )


def send(pusher: Pusher, message: PushMessage) -> str:
    async def run() -> str:
        results = [result.outcome async for _, result in pusher.send([message])]
        await pusher.close()
        return results[0]

    return asyncio.run(run())


def test_web_push_payload_and_headers_are_exactly_these(tmp_path: Path) -> None:
    with PushServiceDouble() as double:
        made = double.subscribe()
        target = PushTarget(TARGET_ID, "web_push", endpoint=made.endpoint, p256dh=made.p256dh, auth=made.auth)
        vapid = load_or_make_vapid(tmp_path / "vapid.pem", "mailto:push@fallow.example")
        pusher = WebPushPusher(vapid, PushHttp(), public_url="https://fallow.example/", allow_loopback=True)
        assert send(pusher, message_to(target)) == "accepted", double.refusals
    (seen,) = double.seen
    assert seen.payload == {
        "web_push": 8030,
        "notification": {
            "title": "Fallow",
            "body": "A reminder you set",
            "navigate": f"https://fallow.example/o/{REMINDER}",
            "tag": "c" * 32,
        },
        "v": 1,
        "id": str(REMINDER),
        "t": 7,
    }
    ours = {name.lower(): value for name, value in seen.headers.items()}
    assert (ours["ttl"], ours["urgency"], ours["topic"]) == ("1800", "high", "c" * 32)
    assert ours["content-encoding"] == "aes128gcm"
    assert set(ours) == {
        "authorization", "content-encoding", "content-length", "content-type", "host",
        "topic", "ttl", "urgency", "user-agent", "accept",
    }  # fmt: skip


def test_the_number_on_the_icon_stands_where_browsers_look_for_it_and_only_where_there_is_one() -> None:
    target = PushTarget(TARGET_ID, "web_push", endpoint="https://push.example/1")
    payload = orjson.loads(build_payload(message_to(target)._replace(badge=3), "https://fallow.example"))
    assert (payload["notification"]["app_badge"], payload["app_badge"]) == (3, 3)
    assert b"app_badge" not in build_payload(message_to(target), "https://fallow.example")


def test_fcm_message_is_exactly_this() -> None:
    with FcmDouble() as double:
        pusher = FcmPusher(
            double.service_account(),
            PushHttp(),
            public_url="https://fallow.example",
            base_url=double.url,
            clock=FrozenClock(NOW),
        )
        target = PushTarget(TARGET_ID, "fcm_fid", token="the-fid")
        assert send(pusher, message_to(target, urgent=False)) == "accepted"
    assert double.seen[0].message == {
        "fid": "the-fid",
        "notification": {"title": "Fallow", "body": "A reminder you set"},
        "data": {"v": "1", "id": str(REMINDER), "t": "7"},
        "android": {
            "collapse_key": "c" * 32,
            "priority": "normal",
            "ttl": "1800s",
            "notification": {"tag": "c" * 32},
        },
        "apns": {
            "headers": {
                "apns-collapse-id": "c" * 32,
                "apns-priority": "5",
                "apns-expiration": str(int(NOW.timestamp()) + 1800),
            }
        },
        "webpush": {
            "headers": {"TTL": "1800", "Topic": "c" * 32, "Urgency": "normal"},
            "notification": {"tag": "c" * 32},
            "fcm_options": {"link": f"https://fallow.example/o/{REMINDER}"},
        },
    }


def test_the_log_holds_the_neutral_words_and_no_address_or_id(caplog) -> None:  # type: ignore[no-untyped-def]
    caplog.set_level("DEBUG")
    target = PushTarget(TARGET_ID, "web_push", endpoint="https://fcm.googleapis.com/SECRET", p256dh="KEY", auth="AUTH")
    assert send(LogPusher(), message_to(target)) == "accepted"
    assert "A reminder you set" in caplog.text
    for secret in ("SECRET", "KEY", "AUTH", str(REMINDER), str(TARGET_ID), "c" * 32):
        assert secret not in caplog.text
