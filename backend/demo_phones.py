"""The demo's phones: real subscribers of the local push service, whose lock screens are one page in a browser.

Each phone connects to the local push service as Firefox does, keeps its own keys, decrypts what arrives (RFC 8291) and
shows
it as its lock screen would. `python -m backend.demo_phones --push URL --port N --key VAPID` prints each subscription as
one line of JSON, then serves the page.
"""

import argparse
import asyncio
import base64
import json
import os
import sys
from dataclasses import asdict, dataclass, field
from html import escape
from socket import create_server
from typing import Any
from uuid import uuid4

import http_ece
from aiohttp import ClientSession, web
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from backend import wiring
from backend.settings import Settings

SHOWN = 8
POLICY = "default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'"
STYLE = """
:root { color-scheme: dark; font: 16px/1.4 system-ui, sans-serif; background: #0c1517; color: #eaf2f2; }
body { margin: 0; padding: 1.5rem; }
h1 { font-size: 1.25rem; font-weight: 600; }
p { max-width: 40rem; color: #a9bcbf; }
main { display: flex; flex-wrap: wrap; gap: 1.5rem; }
section { inline-size: 18rem; min-block-size: 26rem; padding: 1.25rem 0.75rem; border-radius: 2rem;
  background: linear-gradient(160deg, #16444c, #0b1a1d); }
h2 { margin: 0; font-size: 0.9rem; font-weight: 550; text-align: center; color: #b4d0d2; }
time.clock { display: block; margin-block: 0.25rem 1.5rem; font-size: 3rem; font-weight: 300; text-align: center; }
article { margin-block: 0.5rem; padding: 0.6rem 0.8rem; border-radius: 0.9rem; background: #ffffffe8; color: #12262a; }
article strong { display: block; font-size: 0.8rem; }
article time { float: inline-end; font-size: 0.8rem; color: #46595d; }
article span { font-size: 0.9rem; }
"""


@dataclass(frozen=True, slots=True)
class Shown:
    """One notification as it stands on the lock screen; `at` is the product's time. Same tag replaces."""

    title: str
    body: str
    tag: str
    at: str


@dataclass(slots=True)
class Phone:
    """One phone: its name on the page, its keys, what its lock screen shows (newest first)."""

    name: str
    secret: bytes = field(default_factory=lambda: os.urandom(16), repr=False)
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()), repr=False)
    channel_id: str = field(default_factory=lambda: str(uuid4()))
    shown: list[Shown] = field(default_factory=list)

    @property
    def p256dh(self) -> str:
        return _encode(self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))

    def show(self, body: bytes, at: str) -> None:
        """Decrypts a push and puts it on the lock screen."""
        said = json.loads(http_ece.decrypt(body, private_key=self.key, auth_secret=self.secret, version="aes128gcm"))
        words = said["notification"]
        new = Shown(words["title"], words["body"], words.get("tag", ""), at)
        self.shown = [new, *(old for old in self.shown if not new.tag or old.tag != new.tag)][:SHOWN]


class Lockscreens:
    """The phones of the demo and the page that shows them."""

    def __init__(self, names: list[str], vapid_key: str) -> None:
        self._clock = wiring.build_clock(Settings.from_environment(os.environ))
        self._vapid_key = vapid_key
        self.phones = [Phone(name) for name in names]
        self.subscribed = asyncio.Event()

    async def listen(self, push_url: str) -> None:
        """One websocket for all phones, as one browser has; prints each subscription once it is made."""
        async with ClientSession() as http, http.ws_connect(f"{push_url}/ws", protocols=("push-notification",)) as ws:
            await ws.send_json({"messageType": "hello", "uaid": "", "use_webpush": True})
            async for frame in ws:
                said = json.loads(frame.data)
                if said["messageType"] == "hello":
                    for phone in self.phones:
                        await ws.send_json(
                            {"messageType": "register", "channelID": phone.channel_id, "key": self._vapid_key}
                        )
                elif said["messageType"] == "register":
                    self._say_subscription(said)
                elif said["messageType"] == "notification":
                    self._take(said)
                    update = {"channelID": said["channelID"], "version": said["version"], "code": 100}
                    await ws.send_json({"messageType": "ack", "updates": [update]})

    def _say_subscription(self, said: dict[str, Any]) -> None:
        phone = self._phone(said["channelID"])
        subscription = {
            "name": phone.name,
            "endpoint": said["pushEndpoint"],
            "p256dh": phone.p256dh,
            "auth": _encode(phone.secret),
        }
        print(json.dumps(subscription), flush=True)

    def _take(self, said: dict[str, Any]) -> None:
        body = base64.urlsafe_b64decode(said["data"] + "=" * (-len(said["data"]) % 4))
        self._phone(said["channelID"]).show(body, self._clock.now().strftime("%a %H:%M"))

    def _phone(self, channel_id: str) -> Phone:
        return next(phone for phone in self.phones if phone.channel_id == channel_id)

    def build_app(self) -> web.Application:
        app = web.Application()
        app.router.add_get("/", self._page)
        app.router.add_get("/style.css", self._style)
        app.router.add_get("/phones.json", self._json)
        return app

    async def _page(self, request: web.Request) -> web.Response:
        del request
        now = self._clock.now()
        phones = "".join(_section(phone, now.strftime("%A %d %B"), now.strftime("%H:%M")) for phone in self.phones)
        page = (
            '<!doctype html><html lang="en"><meta charset="utf-8"><title>Lock screens</title>'
            '<meta name="viewport" content="width=device-width"><meta http-equiv="refresh" content="2">'
            '<link rel="stylesheet" href="/style.css"><h1>Lock screens of the demo</h1>'
            "<p>Each phone is a real subscriber: the worker encrypts, the local push service carries,"
            " the phone decrypts. Nothing here says what it is about. Times are UTC.</p>"
            f"<main>{phones}</main></html>"
        )
        headers = {"Content-Security-Policy": POLICY, "Cache-Control": "no-store"}
        return web.Response(text=page, content_type="text/html", headers=headers)

    async def _style(self, request: web.Request) -> web.Response:
        del request
        return web.Response(text=STYLE, content_type="text/css")

    async def _json(self, request: web.Request) -> web.Response:
        del request
        return web.json_response({phone.name: [asdict(one) for one in phone.shown] for phone in self.phones})


def _section(phone: Phone, day: str, at: str) -> str:
    pushes = "".join(
        f"<article><time>{escape(one.at)}</time><strong>{escape(one.title)}</strong><span>{escape(one.body)}</span></article>"
        for one in phone.shown
    )
    return f'<section><h2>{escape(phone.name)}<br>{day}</h2><time class="clock">{at}</time>{pushes}</section>'


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


async def serve(names: list[str], push_url: str, port: int, vapid_key: str) -> None:
    """Subscribes every phone and serves the page until cancelled."""
    screens = Lockscreens(names, vapid_key)
    runner = web.AppRunner(screens.build_app(), access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    try:
        with create_server(("127.0.0.1", port)) as listener:
            await web.SockSite(runner, listener).start()
            await screens.listen(push_url)
    finally:
        await runner.cleanup()


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m backend.demo_phones", description="Lock screens of the demo.")
    parser.add_argument("--push", required=True, help="the local push service")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--key", required=True, help="the server's public VAPID key")
    parser.add_argument("names", nargs="+")
    given = parser.parse_args(arguments)
    if os.environ.get("FALLOW_ENV") == "production":
        print("The demo's phones are for development; FALLOW_ENV=production refuses them.", file=sys.stderr)
        return 1
    try:
        asyncio.run(serve(given.names, given.push, given.port, given.key))
    except KeyboardInterrupt:
        return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
