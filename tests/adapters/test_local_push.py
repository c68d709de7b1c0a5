"""The local push service speaks what a browser speaks: a browser of a few lines registers, is pushed to, decrypts."""

import asyncio
import base64
import json
import os
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import http_ece
import pytest
from aiohttp import ClientSession, ClientWebSocketResponse, web
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from backend.adapters.push_http import PushHttp
from backend.adapters.vapid import VapidKey, load_or_make_vapid
from backend.adapters.web_push import WebPushPusher
from backend.local_push import LocalPushService, decide_refusal
from backend.ports import PushMessage, PushResult, PushTarget


class Browser:
    """The client half of the protocol."""

    def __init__(self, socket: ClientWebSocketResponse) -> None:
        self.socket = socket
        self.private = ec.generate_private_key(ec.SECP256R1())
        self.auth = os.urandom(16)
        self.uaid = ""

    async def say(self, **words: Any) -> Any:
        await self.socket.send_str(json.dumps(words))
        return await self.heard()

    async def heard(self) -> Any:
        return json.loads((await self.socket.receive(timeout=5)).data)

    async def hello(self, uaid: str = "") -> None:
        answer = await self.say(messageType="hello", uaid=uaid, use_webpush=True)
        assert (answer["status"], answer["use_webpush"]) == (200, True)
        self.uaid = answer["uaid"]

    async def subscribe(self, key: str) -> PushTarget:
        answer = await self.say(messageType="register", channelID=str(uuid4()), key=key)
        point = self.private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return PushTarget(
            uuid4(), "web_push", endpoint=answer["pushEndpoint"], p256dh=_text(point), auth=_text(self.auth)
        )

    def read(self, notification: Any) -> Any:
        assert notification["messageType"] == "notification"
        body = base64.urlsafe_b64decode(notification["data"] + "==")
        return json.loads(http_ece.decrypt(body, private_key=self.private, auth_secret=self.auth))

    async def acknowledge(self, notification: Any) -> None:
        update = {"channelID": notification["channelID"], "version": notification["version"], "code": 100}
        await self.socket.send_str(json.dumps({"messageType": "ack", "updates": [update]}))
        assert await self.say(messageType="ping") == {}  # the service answers in order


class Scene:
    """A running service, a pusher of ours, and browsers on one loop."""

    def __init__(self, url: str, session: ClientSession, vapid: VapidKey) -> None:
        self.url = url
        self.session = session
        self.vapid = vapid
        self.pusher = WebPushPusher(vapid, PushHttp(), public_url="https://fallow.example", allow_loopback=True)

    async def browser(self, uaid: str = "") -> Browser:
        socket = await self.session.ws_connect(f"{self.url}/ws", protocols=["push-notification"])
        assert socket.protocol == "push-notification"
        made = Browser(socket)
        await made.hello(uaid)
        return made

    async def push(self, target: PushTarget, **over: Any) -> PushResult:
        fields: dict[str, Any] = {"body": "Time", "collapse_id": uuid4().hex, "ttl_s": 60, **over}
        message = PushMessage(
            ref=1,
            reminder_id=uuid4(),
            text_number=1,
            title="Fallow",
            path="/o/1",
            urgent=False,
            target=target,
            **fields,
        )
        ((_, result),) = [answer async for answer in self.pusher.send([message])]
        return result


def play(tmp_path: Path, story: Callable[[Scene], Awaitable[None]]) -> None:
    async def run() -> None:
        service = LocalPushService("http://127.0.0.1:0")
        runner = web.AppRunner(service.build_app(), shutdown_timeout=0.2)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        service._url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        vapid = load_or_make_vapid(tmp_path / "vapid.pem", "mailto:push@fallow.example")
        async with ClientSession() as session:
            scene = Scene(service._url, session, vapid)
            try:
                await story(scene)
            finally:
                await scene.pusher.close()
        await runner.cleanup()

    asyncio.run(run())


def test_a_push_reaches_the_browser_at_once_and_is_not_repeated_after_its_ack(tmp_path: Path) -> None:
    async def story(scene: Scene) -> None:
        browser = await scene.browser()
        target = await browser.subscribe(scene.vapid.public_key)
        assert (await scene.push(target, body="Time for today’s check-in")).outcome == "accepted"
        notification = await browser.heard()
        assert browser.read(notification)["notification"]["body"] == "Time for today’s check-in"
        await browser.acknowledge(notification)
        await browser.socket.close()
        again = await scene.browser(browser.uaid)
        assert await again.say(messageType="ping") == {}, "nothing waits"

    play(tmp_path, story)


def test_what_came_while_the_browser_was_away_waits_and_a_topic_replaces(tmp_path: Path) -> None:
    async def story(scene: Scene) -> None:
        browser = await scene.browser()
        target = await browser.subscribe(scene.vapid.public_key)
        await browser.socket.close()
        for words, topic in [("first", "same"), ("other", "another"), ("second", "same")]:
            assert (await scene.push(target, body=words, collapse_id=topic)).outcome == "accepted"
        await scene.push(target, body="only for those who are there", ttl_s=0)

        back = await scene.browser(browser.uaid)
        bodies = [browser.read(await back.heard())["notification"]["body"] for _ in range(2)]

        assert bodies == ["other", "second"]
        assert await back.say(messageType="ping") == {}

    play(tmp_path, story)


def test_an_unsubscribed_address_is_gone_and_a_foreign_key_is_refused(tmp_path: Path) -> None:
    async def story(scene: Scene) -> None:
        browser = await scene.browser()
        other = load_or_make_vapid(tmp_path / "other.pem", "mailto:push@fallow.example")
        foreign = await browser.subscribe(other.public_key)
        assert (await scene.push(foreign)).outcome == "misconfigured"
        answer = await browser.say(messageType="register", channelID="c1", key=scene.vapid.public_key)
        target = PushTarget(uuid4(), "web_push", answer["pushEndpoint"], foreign.p256dh, foreign.auth)
        await browser.say(messageType="unregister", channelID="c1")
        assert (await scene.push(target)).outcome == "gone"

    play(tmp_path, story)


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({}, None),
        ({"TTL": ""}, 400),
        ({"Content-Encoding": "aesgcm"}, 400),
        ({"Authorization": ""}, 401),
        ({"Authorization": "vapid t=x,k=other"}, 403),
    ],
)
def test_what_a_real_push_service_refuses_is_refused(change: dict[str, str], status: int | None) -> None:
    headers = {"TTL": "60", "Content-Encoding": "aes128gcm", "Authorization": "vapid t=a.b.c,k=KEY", **change}
    assert decide_refusal(headers, 100, "KEY") == status
    assert decide_refusal({**headers, **change}, 4097, "KEY") == (status if status == 400 else 413)


def test_it_says_where_it_listens_and_refuses_production() -> None:
    command = [sys.executable, "-m", "backend.local_push"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            url = process.stdout.readline().removeprefix("local push service at ").strip()
            assert asyncio.run(_health(url)) == {"status": "ok", "browsers": 0, "subscriptions": 0}
        finally:
            process.terminate()
    refused = subprocess.run(
        command, env={**os.environ, "FALLOW_ENV": "production"}, capture_output=True, text=True, timeout=20, check=False
    )
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "refuses" in refused.stderr


async def _health(url: str) -> Any:
    async with ClientSession() as session, session.get(f"{url}/healthz") as answer:
        return await answer.json()


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
