"""A double of a browser and its push service over HTTP: verifies the VAPID token, holds the private keys and decrypts.

It decrypts with http_ece and verifies with py_vapid and its own reading of the claims, so it shares no code with ours.
"""

import base64
import json
import os
import ssl
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from time import monotonic
from time import time as real_time  # noqa: TID251  a push service judges lifetimes by its own clock
from typing import Any

import http_ece
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import Vapid02

from tests.doubles.loopback_server import LoopbackServer, Reply, Script


@dataclass(frozen=True, slots=True)
class Subscription:
    """What a browser hands to the web app, and the private key that it keeps."""

    endpoint: str
    p256dh: str
    auth: str
    channel: str
    private_key: ec.EllipticCurvePrivateKey = field(repr=False)


@dataclass(frozen=True, slots=True)
class SeenRequest:
    """One request as it came, also one that was refused; `at`: when (monotonic)."""

    channel: str
    topic: str
    authorization: str
    at: float


@dataclass(frozen=True, slots=True)
class SeenPush:
    """One accepted push, decrypted. `claims` are those of its VAPID token, `vapid_key` the key it was signed with."""

    channel: str
    headers: dict[str, str]
    payload: dict[str, Any]
    claims: dict[str, Any]
    vapid_key: str
    authorization: str
    size: int
    salt_and_key: bytes


class PushServiceDouble(LoopbackServer):
    """Serves `POST /push/{channel}`. Scripted answers go by channel; `"*"` stands for any without its own."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        super().__init__(tls)
        self.script = Script()
        self.requests: list[SeenRequest] = []
        self.seen: list[SeenPush] = []
        self.refusals: list[str] = []
        self._subscriptions: dict[str, Subscription] = {}
        self._lock = threading.Lock()

    def subscribe(self) -> Subscription:
        """Make a browser's subscription with a fresh key pair."""
        private = ec.generate_private_key(ec.SECP256R1())
        point = private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        channel = _text(os.urandom(12))
        made = Subscription(f"{self.url}/push/{channel}", _text(point), _text(os.urandom(16)), channel, private)
        self._subscriptions[channel] = made
        return made

    def add_routes(self, app: web.Application) -> None:
        app.router.add_post("/push/{channel}", self._push)

    async def _push(self, request: web.Request) -> web.StreamResponse:
        channel = request.match_info["channel"]
        body = await request.read()
        with self._lock:
            topic, shown = request.headers.get("Topic", ""), request.headers.get("Authorization", "")
            self.requests.append(SeenRequest(channel, topic, shown, monotonic()))
        scripted = self.script.next_for(channel) or self.script.next_for("*")
        if scripted is not None:
            return await self.give(request, scripted)
        subscription = self._subscriptions.get(channel)
        if subscription is None:
            return web.Response(status=410)
        faults = self._faults(request.headers, body)
        if faults:
            self.refusals += faults
            return web.Response(status=403 if "vapid" in faults[0] else 400)
        with self._lock:
            self.seen.append(self._decrypt(subscription, request.headers, body))
        return await self.give(request, Reply(201, headers={"Location": f"{self.url}/m/{len(self.seen)}"}))

    def _faults(self, headers: Mapping[str, str], body: bytes) -> list[str]:
        authorization = headers.get("Authorization", "")
        if not authorization.startswith("vapid ") or not Vapid02.verify(authorization):
            return ["vapid: signature"]
        claims = _claims(authorization)
        if claims.get("aud") != self.url:
            return [f"vapid: aud is {claims.get('aud')}"]
        left = claims.get("exp", 0) - real_time()
        if not 0 < left <= 24 * 3600:
            return [f"vapid: exp in {left} s"]
        faults = []
        if not headers.get("TTL", "").isdigit():
            faults.append("TTL")
        if headers.get("Content-Encoding") != "aes128gcm":
            faults.append("Content-Encoding")
        if len(headers.get("Topic", "")) > 32:
            faults.append("Topic")
        if len(body) > 4096:
            faults.append("size")
        return faults

    def _decrypt(self, subscription: Subscription, headers: Mapping[str, str], body: bytes) -> SeenPush:
        plain = http_ece.decrypt(
            body,
            private_key=subscription.private_key,
            auth_secret=_bytes(subscription.auth),
            version="aes128gcm",
        )
        authorization = headers["Authorization"]
        key = authorization.partition("k=")[2]
        return SeenPush(
            subscription.channel,
            dict(headers),
            json.loads(plain),
            _claims(authorization),
            key,
            authorization,
            len(body),
            body[:86],
        )


def _claims(authorization: str) -> dict[str, Any]:
    token = authorization.partition("t=")[2].partition(",")[0]
    claims: dict[str, Any] = json.loads(_bytes(token.split(".")[1]))
    return claims


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
