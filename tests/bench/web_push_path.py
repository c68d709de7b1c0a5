"""Contenders that send Web Pushes: `python -m tests.bench.web_push_path KIND CONFIG`.

`fallow` is the product's pusher as it stands, `aiohttp` the same over another HTTP client; `webpush` is pywebpush as
its documentation shows it, `session` the same with a requests session that is kept. Nobody claims or records.
"""

import asyncio
import base64
import json
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from backend.adapters.push_http import PushHttp
from backend.adapters.vapid import vapid_from_text
from backend.adapters.web_push import WebPushPusher, build_payload
from backend.ports import PushMessage, PushTarget
from tests.bench.aiohttp_client import AiohttpHttp
from tests.bench.answering import Watch, answer

PUBLIC_URL = "https://fallow.example"
SUBJECT = "mailto:bench@clinic.example"
PHONES = 200
BATCH = 250
TTL_S = 3600


def make_targets(origins: list[str]) -> list[PushTarget]:
    """Phones with keys of their own, spread over the push services."""
    made = []
    for number in range(PHONES):
        key = ec.generate_private_key(ec.SECP256R1()).public_key()
        point = _text(key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))
        endpoint = f"{origins[number % len(origins)]}/push/{uuid4().hex}{uuid4().hex}"
        made.append(PushTarget(uuid4(), "web_push", endpoint, point, _text(os.urandom(16))))
    return made


def make_message(ref: int, target: PushTarget) -> PushMessage:
    number = uuid4()
    words = "Time for today’s check-in"
    return PushMessage(ref, number, 3, "Fallow", words, f"/o/{number}", number.hex, TTL_S, False, target)


def new_key() -> str:
    """A VAPID key as base64url of DER."""
    key = ec.generate_private_key(ec.SECP256R1())
    return _text(key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()))


def run_fallow(config: Mapping[str, Any], http: PushHttp) -> None:
    import uvloop

    pusher = WebPushPusher(vapid_from_text(new_key(), SUBJECT), http, public_url=PUBLIC_URL, allow_loopback=True)
    targets = make_targets(config["origins"])

    async def send(count: int) -> int:
        handled = 0
        for first in range(0, count, BATCH):
            refs = range(first, min(first + BATCH, count))
            batch = [make_message(ref, targets[ref % PHONES]) for ref in refs]
            async for _ref, result in pusher.send(batch):
                if result.outcome != "accepted":
                    raise RuntimeError(f"{result.outcome}: {result.detail}")
                handled += 1
        return handled

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:

        def run_pass(asked: dict[str, Any]) -> dict[str, Any]:
            watch = Watch()
            return watch.read(runner.run(send(asked["count"])))

        answer(run_pass)
        runner.run(pusher.close())


def run_pywebpush(config: Mapping[str, Any], *, keep_session: bool) -> None:
    import requests
    from pywebpush import webpush

    targets, key = make_targets(config["origins"]), new_key()
    more: dict[str, Any] = {"requests_session": requests.Session()} if keep_session else {}

    def run_pass(asked: dict[str, Any]) -> dict[str, Any]:
        watch = Watch()
        for number in range(asked["count"]):
            message = make_message(number, targets[number % PHONES])
            target = message.target
            webpush(  # raises for any answer but a good one
                {"endpoint": target.endpoint, "keys": {"p256dh": target.p256dh, "auth": target.auth}},
                build_payload(message, PUBLIC_URL),
                vapid_private_key=key,
                vapid_claims={"sub": SUBJECT},
                ttl=TTL_S,
                headers={"Urgency": "normal", "Topic": message.collapse_id},
                **more,
            )
        return watch.read(asked["count"])

    answer(run_pass)


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def main(kind: str, written: str) -> None:
    config = json.loads(written)
    ca_pem = Path(config["ca"]).read_bytes()
    ways: dict[str, Callable[[], None]] = {
        "fallow": lambda: run_fallow(config, PushHttp(ca_pem=ca_pem)),
        "aiohttp": lambda: run_fallow(config, AiohttpHttp(ca_pem)),
        "webpush": lambda: run_pywebpush(config, keep_session=False),
        "session": lambda: run_pywebpush(config, keep_session=True),
    }
    ways[kind]()


if __name__ == "__main__":
    main(*sys.argv[1:])
