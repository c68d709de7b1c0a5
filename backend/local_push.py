"""A push service on this machine, for the demo and for tests: what Firefox speaks, without the internet.

A browser connects by websocket (sub-protocol `push-notification`: hello, register, unregister, notification, ack, ping)
and is given endpoints `POST /wpush/v2/{channel}` (RFC 8030). It cannot read what it carries. Messages wait in memory
for their TTL while the browser is away; one with the same Topic replaces the waiting one.
Run it: `python -m backend.local_push --port N`.
"""

import argparse
import asyncio
import contextlib
import json
import os
import secrets
import sys
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from socket import create_server
from typing import Any
from uuid import uuid4

from aiohttp import WSMsgType, web

SIZE_LIMIT = 4096
TTL_LIMIT_S = 30 * 24 * 3600


@dataclass(slots=True)
class Waiting:
    """One message that no browser has acknowledged yet. `until`: on the loop's clock."""

    version: str
    body: str
    topic: str
    until: float


@dataclass(slots=True)
class Registration:
    """One subscription: its browser, its id there, the application key it was made with, what waits for it."""

    uaid: str
    channel_id: str
    key: str
    waiting: list[Waiting] = field(default_factory=list)


class LocalPushService:
    """Keeps registrations and messages in memory, on one event loop. `url`: what endpoints begin with."""

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")
        self._browsers: dict[str, web.WebSocketResponse | None] = {}
        self._registrations: dict[str, Registration] = {}
        self._gone: set[str] = set()

    def build_app(self) -> web.Application:
        """Build the web application: `/ws`, `/wpush/v2/{channel}`, `/healthz`."""
        app = web.Application(client_max_size=64 * 1024)
        app.router.add_get("/ws", self._browser)
        app.router.add_get("/", self._browser)
        app.router.add_post("/wpush/v2/{channel}", self._push)
        app.router.add_get("/healthz", self._health)
        app.on_shutdown.append(self._close_browsers)
        return app

    async def _health(self, request: web.Request) -> web.Response:
        del request
        here = sum(1 for socket in self._browsers.values() if socket is not None)
        return web.json_response({"status": "ok", "browsers": here, "subscriptions": len(self._registrations)})

    async def _close_browsers(self, app: web.Application) -> None:
        del app
        for socket in [socket for socket in self._browsers.values() if socket is not None]:
            await socket.close()

    # --- the application server's side -------------------------------------------------------------------------------

    async def _push(self, request: web.Request) -> web.Response:
        channel = request.match_info["channel"]
        registration = self._registrations.get(channel)
        if registration is None:
            return web.Response(status=410 if channel in self._gone else 404)
        body = await request.read()
        status = decide_refusal(request.headers, len(body), registration.key)
        if status is not None:
            return web.Response(status=status)
        ttl = min(int(request.headers["TTL"]), TTL_LIMIT_S)
        await self._take(channel, registration, body, ttl, request.headers.get("Topic", ""))
        return web.Response(status=201, headers={"TTL": str(ttl), "Location": f"{self._url}/m/{secrets.token_hex(8)}"})

    async def _take(self, channel: str, registration: Registration, body: bytes, ttl: int, topic: str) -> None:
        now = asyncio.get_running_loop().time()
        message = Waiting(uuid4().hex, _encode(body), topic, now + ttl)
        registration.waiting = [
            other for other in registration.waiting if other.until > now and not (topic and other.topic == topic)
        ]
        registration.waiting.append(message)
        await self._deliver(registration, message)

    async def _deliver(self, registration: Registration, message: Waiting) -> None:
        socket = self._browsers.get(registration.uaid)
        if socket is None or socket.closed:
            return
        notification = {
            "messageType": "notification",
            "channelID": registration.channel_id,
            "version": message.version,
            "ttl": max(0, int(message.until - asyncio.get_running_loop().time())),
            "data": message.body,
            "headers": {"encoding": "aes128gcm"},
        }
        with contextlib.suppress(ConnectionError):  # it waits for the next hello
            await socket.send_str(json.dumps(notification))

    # --- the browser's side ------------------------------------------------------------------------------------------

    async def _browser(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(protocols=("push-notification",))
        await socket.prepare(request)
        uaid = ""
        async for frame in socket:
            if frame.type is not WSMsgType.TEXT:
                break
            try:
                said = json.loads(frame.data)
            except ValueError:
                break
            if not isinstance(said, dict):
                break
            if said.get("messageType") == "hello":
                uaid = await self._hello(socket, said)
            elif uaid or not said:
                await self._answer(socket, uaid, said)
            else:
                break  # anything before hello
        if uaid and self._browsers.get(uaid) is socket:
            self._browsers[uaid] = None
        if not socket.closed:
            await socket.close()
        return socket

    async def _hello(self, socket: web.WebSocketResponse, said: Mapping[str, Any]) -> str:
        known = str(said.get("uaid") or "")
        uaid = known if known in self._browsers else uuid4().hex
        self._browsers[uaid] = socket
        await socket.send_str(
            json.dumps({"messageType": "hello", "uaid": uaid, "status": 200, "use_webpush": True, "broadcasts": {}})
        )
        now = asyncio.get_running_loop().time()
        for registration in [entry for entry in self._registrations.values() if entry.uaid == uaid]:
            registration.waiting = [message for message in registration.waiting if message.until > now]
            for message in list(registration.waiting):
                await self._deliver(registration, message)
        return uaid

    async def _answer(self, socket: web.WebSocketResponse, uaid: str, said: Mapping[str, Any]) -> None:
        kind = said.get("messageType")
        if kind == "register":
            await socket.send_str(json.dumps(self._register(uaid, said)))
        elif kind == "unregister":
            await socket.send_str(json.dumps(self._unregister(uaid, said)))
        elif kind == "ack":
            self._acknowledge(uaid, said)
        elif kind == "ping" or not said:
            await socket.send_str("{}")

    def _register(self, uaid: str, said: Mapping[str, Any]) -> dict[str, Any]:
        channel_id = str(said.get("channelID") or "")
        if not channel_id:
            return {"messageType": "register", "channelID": channel_id, "status": 400}
        channel = self._channel_of(uaid, channel_id) or secrets.token_urlsafe(24)
        self._registrations[channel] = Registration(uaid, channel_id, str(said.get("key") or "").rstrip("="))
        endpoint = f"{self._url}/wpush/v2/{channel}"
        return {"messageType": "register", "channelID": channel_id, "status": 200, "pushEndpoint": endpoint}

    def _unregister(self, uaid: str, said: Mapping[str, Any]) -> dict[str, Any]:
        channel_id = str(said.get("channelID") or "")
        channel = self._channel_of(uaid, channel_id)
        if channel is not None:
            del self._registrations[channel]
            self._gone.add(channel)
        return {"messageType": "unregister", "channelID": channel_id, "status": 200}

    def _acknowledge(self, uaid: str, said: Mapping[str, Any]) -> None:
        updates = said.get("updates")
        for update in updates if isinstance(updates, list) else []:
            channel = self._channel_of(uaid, str(update.get("channelID"))) if isinstance(update, dict) else None
            if channel is not None:
                entry = self._registrations[channel]
                entry.waiting = [message for message in entry.waiting if message.version != update.get("version")]

    def _channel_of(self, uaid: str, channel_id: str) -> str | None:
        for channel, entry in self._registrations.items():
            if entry.uaid == uaid and entry.channel_id == channel_id:
                return channel
        return None


def decide_refusal(headers: Mapping[str, str], size: int, key: str) -> int | None:
    """Give the status with which a push must be refused (RFC 8030, 8291, 8292), None when it is fine.

    The VAPID key must be the one the subscription was made with; the signature is left to the doubles of the tests.
    """
    ttl = headers.get("TTL", "")
    if not (ttl.isascii() and ttl.isdigit()) or headers.get("Content-Encoding") != "aes128gcm":
        return 400
    if size > SIZE_LIMIT:
        return 413
    if key:
        scheme, _, parameters = headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "vapid":
            return 401
        given = dict(part.strip().partition("=")[::2] for part in parameters.split(","))
        if given.get("k", "").rstrip("=") != key:
            return 403
    return None


def _encode(body: bytes) -> str:
    return urlsafe_b64encode(body).rstrip(b"=").decode()


async def serve(port: int, host: str = "127.0.0.1") -> None:
    """Serve until cancelled; says on standard output where, once it listens. Port 0 takes a free one."""
    with create_server((host, port)) as listener:
        url = f"http://{host}:{listener.getsockname()[1]}"
        runner = web.AppRunner(LocalPushService(url).build_app(), access_log=None, shutdown_timeout=1.0)
        await runner.setup()
        try:
            await web.SockSite(runner, listener).start()
            print(f"local push service at {url}", flush=True)
            await asyncio.Event().wait()
        finally:
            await runner.cleanup()


def main(arguments: list[str] | None = None) -> int:
    """Run the service from the command line; refused where FALLOW_ENV is production."""
    parser = argparse.ArgumentParser(prog="python -m backend.local_push", description="Push service on this machine.")
    parser.add_argument("--port", type=int, default=0, help="default: a free one, named on standard output")
    port = parser.parse_args(arguments).port
    if os.environ.get("FALLOW_ENV") == "production":
        print("The local push service is for development; FALLOW_ENV=production refuses it.", file=sys.stderr)
        return 1
    try:
        asyncio.run(serve(port))
    except KeyboardInterrupt:
        return 0
    except OSError as fault:
        print(f"The local push service cannot listen on port {port}: {fault.strerror}.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
